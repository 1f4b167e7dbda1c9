"""Where some rows, a reader's own or new ones, differ from all others."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from monazite.findings.conflicts.conflicts import Conflict, find_conflicts
from monazite.rows.columns import Schema
from monazite.rows.reader import Row


def find_own_conflicts(rows: Sequence[Row], schema: Schema, own: Collection[str]) -> list[Conflict]:
    """Find the facts on which some rows differ from others, as :func:`find_conflicts` does."""
    if not own:
        return []
    return [each for each in find_conflicts(rows, schema) if {*each.rows} & {*own}]
