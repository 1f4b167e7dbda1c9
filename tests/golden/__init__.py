"""Numbers from outside: published, hand-worked, or written by other hands."""
