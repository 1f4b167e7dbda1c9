"""Model: the network, chemistry, reconciled year, chain, flows and contingencies of a year."""
