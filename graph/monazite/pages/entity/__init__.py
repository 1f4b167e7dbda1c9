"""A page for each thing: what is said of it, by which records and sources, and its neighbours."""
