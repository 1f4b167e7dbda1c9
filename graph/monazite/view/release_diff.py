"""What changed between two releases of the tables: in the rows, and in what they say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.analysis.row_changes import RowChange, cells_by_key, row_changes
from monazite.core.errors import FaultyTablesError, UnknownNameError
from monazite.view.own_tables import compared_tables, is_folder
from monazite.view.view import View

if TYPE_CHECKING:
    from monazite.analysis.changes import Change, Changes
    from monazite.data.columns import Schema
    from monazite.data.reader import TableText


def are_folders(first: str, last: str | None) -> bool:
    """Tell whether a comparison is of two folders, and not of two days."""
    named = [name for name in (first, last) if isinstance(name, str)]
    folders = [name for name in named if is_folder(Path(name))]
    if len(folders) == 1 and last is not None:
        raise UnknownNameError(
            f"{folders[0]} is a folder, and what it is compared with is none; name two releases, "
            "or two days."
        )
    return len(folders) == 2


def diff_releases(view: View, before: str, after: str, *, element: str, market: str) -> Changes:
    """Say what changed between two releases, by the filters of a view, asked of one day."""
    from monazite.analysis.changes import ComparedView, find_changes

    chosen = [each for name in (before, after) if (each := compared_tables(name)) is not None]
    known, (first, last) = view.filters.known, (each.ontology for each in chosen)
    later = opened_again(view, known, last)
    day = view.filters.valid or later.valid
    earlier = later if first == last else opened_again(view, known, first)
    old, new = (
        ComparedView(each.store, each.schema, day, f"the tables of {name}")
        for each, name in ((earlier, before), (later, after))
    )
    found = find_changes(old, new, element, market)
    records = record_changes(first, last, later.schema)
    kept = [each for each in found.changes if (each.group, each.kind) != ("sources", "rows")]
    notes = (*found.notes, *(each.sentence for each in chosen if each.sentence))
    changes = (*kept, *map(_change, records))
    return later._recorded(replace(found, changes=changes, notes=notes))


def record_changes(before: Path, after: Path, schema: Schema) -> list[RowChange]:
    """Return the rows that two ontology folders do not have in common, by table and key."""
    old, new = (_texts(folder, schema) for folder in (before, after))
    return [
        change
        for name, table in sorted(schema.tables.items())
        for change in row_changes(
            name,
            cells_by_key(old[name]) if name in old else {},
            cells_by_key(new[name]) if name in new else {},
            [column.name for column in table.columns if not column.key],
        )
    ]


def _texts(ontology: Path, schema: Schema) -> dict[str, TableText]:
    from monazite.data.reader import TableReading, read_folder

    reading = TableReading(schema)
    found = read_folder(ontology / "tables", reading)
    if reading.faults:
        raise FaultyTablesError(reading.faults.gathered())
    return {each.table.name: each for each in found}


def opened_again(view: View, known: str | None, ontology: Path | None = None) -> View:
    """Open the same view again, known by another day or of other tables."""
    from monazite import load

    asked = view.filters
    return load(
        valid=asked.valid,
        known=known,
        tier=asked.tier,
        without=asked.without,
        data=view.data,
        reason=view.reasoned,
        ontology=ontology or view.ontology,
        cache=view.cached,
    )


def _change(row: RowChange) -> Change:
    from monazite.analysis.changes import Change

    said: Sequence[str] = row.sentences
    return Change("records", row.kind, row.row, f"{row.row}: {'; '.join(said)}.", (row.row,))
