"""What do people claim, and what do the rows say to it?"""
