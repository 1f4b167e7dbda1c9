"""Server: what the commands find, over HTTP and for assistants: SPARQL, JSON, pages."""
