"""What happens when it is done, and when does it end, asked of a view."""
