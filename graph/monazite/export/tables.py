"""Tables as CSV: a file for each, whose cells no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from monazite.core.formats import escape_hidden
from monazite.core.results import do_nothing
from monazite.core.tables import safe_cell
from monazite.data.columns import TableShape
from monazite.data.reader import Row
from monazite.export.selection import Progress, Selection


def header_of(table: TableShape) -> list[str]:
    """Return the columns of a table as its shape gives them, the key first."""
    names = [column.name for column in table.columns]
    return sorted(names, key=lambda name: name != table.key_column)


def to_csv(table: TableShape, rows: Iterable[Row], header: Sequence[str] | None = None) -> bytes:
    """Return rows of one table as CSV: UTF-8, LF, RFC 4180."""
    names = header_of(table) if header is None else list(header)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell_text(row, name) for name in names])
    return out.getvalue().encode()


def cell_text(row: Row, column: str) -> str:
    """Return a cell as it stands in a table: languages marked, lists joined."""
    cells = row.cells.get(column, ())
    return ";".join(
        f"{cell.text}@{cell.language}" if cell.language else cell.text for cell in cells
    )


def write_folder(selection: Selection, progress: Progress = do_nothing) -> dict[str, bytes]:
    """Return the files of the folder by name; each table has one, be it empty."""
    by_table: dict[str, list[Row]] = defaultdict(list)
    for row in selection.rows():
        # only the beginning of a cell can be a formula: the first value carries it
        safe = {
            name: (replace(cells[0], text=safe_cell(cells[0].text)), *cells[1:])
            for name, cells in row.cells.items()
            if cells and safe_cell(cells[0].text) != cells[0].text
        }
        by_table[row.table].append(replace(row, cells={**row.cells, **safe}) if safe else row)
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
