"""A folder of CSV files: the tables as the shapes define them, and the view in ``view.json``."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.exchange.selection import Progress, Selection
from monazite.exchange.tables import to_csv
from monazite.progress import do_nothing
from monazite.safe_text import escape_hidden
from monazite.tables import safe_cell

if TYPE_CHECKING:
    from monazite.rows.cells import Cell
    from monazite.rows.reader import Row


def write_folder(selection: Selection, progress: Progress = do_nothing) -> dict[str, bytes]:
    """Return the files of the folder by name; each table has one, be it empty.

    A text that a spreadsheet would run begins with an apostrophe. Where a filter leaves out all
    sources of an identity, its source is blank.
    """
    by_table: dict[str, list[Row]] = defaultdict(list)
    for row in selection.rows():
        by_table[row.table].append(_safe(row))
    tables = selection.view.schema.tables
    files = {}
    for done, (name, table) in enumerate(sorted(tables.items())):
        progress(done / len(tables))
        files[f"{name}.csv"] = to_csv(table, by_table[name])
    about = {
        "view": selection.about(),
        "line": selection.line(),
        "tables": {name: len(by_table[name]) for name in sorted(tables)},
    }
    files["view.json"] = (
        escape_hidden(json.dumps(about, ensure_ascii=False, indent=2)) + "\n"
    ).encode()
    return files


def _safe(row: Row) -> Row:
    """Only the beginning of a cell can be a formula: the first value carries it."""
    loaded = {
        name: (replace(cells[0], text=safe_cell(cells[0].text)), *cells[1:])
        for name, cells in row.cells.items()
        if cells and _is_loaded(cells[0])
    }
    return replace(row, cells={**row.cells, **loaded}) if loaded else row


def _is_loaded(cell: Cell) -> bool:
    return safe_cell(cell.text) != cell.text
