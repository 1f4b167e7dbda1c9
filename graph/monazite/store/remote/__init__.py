"""Remote: the graph in a SPARQL store elsewhere, asked and loaded over HTTP."""
