"""Network: the chain as a networkx graph, from rows to sites, pools, markets and arcs."""
