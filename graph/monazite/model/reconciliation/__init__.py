"""One reconciliation of a year: ore, oxide, metal and magnets of all countries at once."""
