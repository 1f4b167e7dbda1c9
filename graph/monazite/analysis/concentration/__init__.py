"""Who holds a stage, and how did that change?"""
