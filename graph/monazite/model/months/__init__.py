"""What does an event leave to each user, month by month, with stocks, lead times and transit?"""
