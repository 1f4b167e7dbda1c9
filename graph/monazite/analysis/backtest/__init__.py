"""What would have been foretold of past export rules, from what was published, and how well?"""
