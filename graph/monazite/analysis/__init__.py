"""Analysis: the computation of each question, pure functions from a network to a result."""
