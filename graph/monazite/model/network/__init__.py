"""The network of an element and a market: sites, countries at a stage, markets, arcs, rows."""
