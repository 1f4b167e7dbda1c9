"""The reference of the vocabulary as one HTML page."""
