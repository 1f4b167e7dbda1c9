"""Imports: open sources that lie on disk, read line by line into tables of one's own."""
