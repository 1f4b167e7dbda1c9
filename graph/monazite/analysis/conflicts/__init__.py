"""Where do rows differ, and is that a contradiction?"""
