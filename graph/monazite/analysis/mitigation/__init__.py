"""What would help after a failure, and which failures cost more together?"""
