"""Input from outside, as bad as a machine can think of: no more than a sentence comes of it."""
