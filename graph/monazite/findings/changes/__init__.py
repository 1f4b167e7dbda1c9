"""What changed between two days, or between two states of knowledge?"""
