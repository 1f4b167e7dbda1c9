"""What does a market lose when something fails? The chokepoint report."""
