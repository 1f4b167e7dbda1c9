"""Stores elsewhere: real servers on loopback, and one that does harm."""
