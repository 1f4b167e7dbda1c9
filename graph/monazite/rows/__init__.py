"""Rows: the tables as typed, checked values."""
