"""Store: rows as RDF in an embedded store, and the questions asked of it."""

from __future__ import annotations
