"""What does an event leave to each user? The linear programme of a base year."""
