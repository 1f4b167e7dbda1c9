"""What changed between two states of tables: rows added, changed and removed, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from monazite.core.results import Struct
from monazite.data.reader import TableText

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
KINDS = (ADDED, CHANGED, REMOVED)
Cells: TypeAlias = Mapping[str, str]
"""The cells of a row that are not blank, by column, in the order of the header."""


class CellChange(Struct):
    """What a cell said before, and what it says now; a blank one says nothing."""

    column: str  #: its name
    before: str  #: what it said; empty where it was blank
    after: str  #: what it says; empty where it is blank


class RowChange(Struct):
    """A row that one state has and the other has not, or that says another thing."""

    table: str  #: of the row
    key: str  #: of the row
    kind: str  #: added, removed or changed
    #: that differ; of a row that came or went, those that are not blank
    cells: tuple[CellChange, ...]

    @property
    def row(self) -> str:
        """The row, as ``table/key``."""
        return f"{self.table}/{self.key}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was said and what is, a sentence a cell; of a row that came or went, one."""
        if self.kind == CHANGED:
            return tuple(
                f"{each.column}: {each.before or 'blank'}, now {each.after or 'blank'}"
                for each in self.cells
            )
        said = (f"{each.column} {each.after or each.before}" for each in self.cells)
        return ("; ".join(said),)


def cells_by_key(text: TableText) -> dict[str, Cells]:
    """Return what each row of a table says, by its key; a key that stands twice, the first."""
    place = text.header.index(text.table.key_column)
    found: dict[str, Cells] = {}
    for _, fields in text.lines:
        said = {name: cell for name, cell in zip(text.header, fields, strict=True) if cell}
        found.setdefault(fields[place], said)
    return found


def row_changes(
    table: str, before: Mapping[str, Cells], after: Mapping[str, Cells], columns: Iterable[str]
) -> list[RowChange]:
    """Return what changed of a table, sorted by key."""
    order = tuple(columns)
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        kind = ADDED if old is None else REMOVED if new is None else CHANGED
        cells = tuple(
            CellChange(name, was, now)
            for name in order
            if (was := (old or {}).get(name, "")) != (now := (new or {}).get(name, ""))
        )
        if cells:
            found.append(RowChange(table, key, kind, cells))
    return found
