"""What a page adds to a network: states of plants, policies that bind links, labels and years."""
