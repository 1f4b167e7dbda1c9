"""What does an event leave to each user, by the linear programme of a base year?"""
