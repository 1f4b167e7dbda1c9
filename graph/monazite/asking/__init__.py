"""Asking: what a question is, and the methods, schemas and lists that are read off it."""
