"""Monazite."""
