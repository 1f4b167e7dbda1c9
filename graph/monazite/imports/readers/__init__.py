"""Readers: a file for each kind of source, which knows its columns and its traps."""
