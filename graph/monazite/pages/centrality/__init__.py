"""A graph whose centrality was measured, as a picture and its page."""
