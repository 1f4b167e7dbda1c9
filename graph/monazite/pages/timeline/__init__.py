"""The timeline as a drawing and its page."""
