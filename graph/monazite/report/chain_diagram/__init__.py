"""The chain as about ten cards, country at stage, and the ribbons between them."""
