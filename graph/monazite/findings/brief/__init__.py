"""What does a briefing say, before its pages are drawn?"""
