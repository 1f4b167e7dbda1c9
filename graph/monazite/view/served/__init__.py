"""What the pages of a server show: things, terms, and words to ask with."""
