"""What does an explorer hold, worked out part by part, and is it still what the tables say?"""
