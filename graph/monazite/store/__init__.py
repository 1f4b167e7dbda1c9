"""Store: rows as RDF in an embedded store, and the questions asked of it."""
