"""Report: pages, pictures and briefings, each drawn from what was found."""
