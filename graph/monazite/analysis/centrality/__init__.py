"""Which countries, firms and acts lie in the middle of a chain, and does that agree with losses?"""
