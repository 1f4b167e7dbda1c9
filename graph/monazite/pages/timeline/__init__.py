"""The timeline as a strip and its page."""
