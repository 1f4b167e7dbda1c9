"""What would help? Fixes, rerouting, marginal values, and failures that cost more together."""
