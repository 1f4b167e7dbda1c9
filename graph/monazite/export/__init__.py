"""Export: a view in the formats that other tools read, one format family a file."""

from __future__ import annotations
