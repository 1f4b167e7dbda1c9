"""Imports: open sources that lie on disk, read line by line into tables of one's own."""

from __future__ import annotations

from pathlib import Path

DEFAULT_FOLDER = Path("own-tables")
"""Where tables go if nobody says."""
