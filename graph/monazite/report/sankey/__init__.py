"""The balance as a Sankey picture and its page."""
