"""Databases: the tables with types and keys, for SQL."""
