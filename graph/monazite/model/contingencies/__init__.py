"""What may fail, how, and within which time, and what is being built meanwhile?"""
