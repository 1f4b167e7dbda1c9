"""Serve: what the commands find, over HTTP: SPARQL, findings as JSON, pages."""
