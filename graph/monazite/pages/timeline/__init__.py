"""The timeline as a picture on an even scale of years, and its page."""
