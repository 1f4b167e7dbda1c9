"""What does the data set hold, how old is it, and how much does it cover?"""
