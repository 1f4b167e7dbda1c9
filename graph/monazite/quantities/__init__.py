"""Tonnes of an element: what goods hold, what is made, and what is traded."""
