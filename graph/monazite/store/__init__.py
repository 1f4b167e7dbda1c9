"""Triples: rows as RDF in a store, and the questions asked of it."""

from __future__ import annotations
