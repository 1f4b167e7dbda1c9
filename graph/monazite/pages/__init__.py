"""Pages: findings and networks as one file that opens offline."""
