"""What happens when something is done to the chain, month by month, and when does it end?"""
