"""What would the shipped scenarios do, as it was worked out for a release?"""
