"""What stops the lines of a bill first, through which plants, and what would help."""
