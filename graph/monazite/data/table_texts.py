"""Tables of a folder as texts: header and lines, each with its place, and what is wrong there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from monazite.core.errors import (
    BadCellError,
    BadFileError,
    Fault,
    Faults,
    UnreadableError,
    did_you_mean,
)
from monazite.core.formats import counted, escaped, grouped
from monazite.data.bounds import COLUMNS, Budget, csv_records, utf8_text
from monazite.data.columns import Schema, TableShape
from monazite.data.own_files import read_file
from monazite.data.workbook import Cells, Value, Workbook

Lines: TypeAlias = list[tuple[int, list[str]]]


def read_workbook(file: Path, budget: Budget, faults: Faults) -> Iterator[tuple[str, str, Lines]]:
    """Read the sheets of an XLSX file as lines of texts, the first of them the header.

    Charts and sheets named ``view`` or ``_...`` are left out. A formula is a fault.
    """
    book = Workbook(read_file(file), budget)
    for sheet in book.sheets:
        if sheet.name == "view" or sheet.name.startswith("_") or sheet.kind == "chartsheet":
            continue
        place = f"{file}, sheet {sheet.name}"
        try:
            cells = book.cells(sheet)
        except BadFileError as bad:
            faults.append(Fault(place, 0, bad.what, bad.fix))
            continue
        width = max(cells[min(cells)]) if cells else 0
        lines = list(_lines(cells, width, place, faults))
        if not cells or (lines and lines[0][0] == min(cells)):
            yield sheet.name, place, lines


def _lines(cells: Cells, width: int, place: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a sheet, all as wide as its header."""
    for number in sorted(cells):
        row = cells[number]
        if wrong := find_wrong_cell(row):
            faults.append(Fault(place, number, wrong.what, wrong.fix, kind=wrong.fix))
        elif max(row) > width:
            what = f'"{row[max(row)]}" stands where the header has no column'
            fix = "name the column, or take it out"
            faults.append(Fault(place, number, what, fix, kind=fix))
        else:
            yield number, [str(row.get(column, "")) for column in range(1, width + 1)]


def find_wrong_cell(row: Mapping[int, Value]) -> BadCellError | None:
    """Return why the first cell of a row that has no text has none; None where all have one."""
    wrong = {at: value for at, value in row.items() if isinstance(value, BadCellError)}
    return wrong[min(wrong)] if wrong else None


_COMPARED = 200_000  # names that mistyped ones of a reading are compared with, in a second or two


@dataclass(frozen=True)
class TableText:
    """One table as text: its file (or sheet) as faults name it, and lines as wide as the header."""

    table: TableShape
    file: str
    header: list[str]
    lines: list[tuple[int, list[str]]]


class TableReading:
    """What the tables of one reading share: the schema, what is wrong, and what may be spent."""

    def __init__(self, schema: Schema, *, in_part: bool = False) -> None:
        self.schema = schema
        self.in_part = in_part
        self.faults = Faults()
        self.budget = Budget()
        self._near: dict[tuple[str, object], str] = {}
        self._compared = 0

    def near(self, name: str, place: object, known: Collection[str]) -> str:
        """Say once which name a mistyped one is near to; after very many no more."""
        asked = (name, place)
        if asked not in self._near:
            self._compared += len(known)
            if self._compared > _COMPARED:
                return ""
            self._near[asked] = did_you_mean(name, known)
        return self._near[asked]

    def table_named(self, name: str, place: str) -> TableShape | None:
        """Find the table of a file or sheet; capitals do not matter."""
        tables = self.schema.tables
        if name.lower() not in tables:
            fix = self.near(name, "tables", tables) or "name it as a table of ontology/tables"
            self.faults.append(Fault(place, 0, "there is no table of that name", fix))
        return tables.get(name.lower())


def read_folder(folder: Path, reading: TableReading) -> list[TableText]:
    """Read a folder with all tables as texts; what is wrong is added to the faults."""
    schema, faults = reading.schema, reading.faults
    try:
        files = {file.stem: file for file in sorted(folder.iterdir()) if file.suffix == ".csv"}
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no folder can have this name"
        shown = escaped(str(folder))
        raise UnreadableError(f"The folder {shown} cannot be read: {reason}.") from None
    for stem in sorted(set(files) - set(schema.tables)):
        fix = reading.near(stem, "tables", schema.tables) or "take it out, or write a shape for it"
        faults.append(Fault(f"{stem}.csv", 0, "there is no table of that name", fix))
    raws: list[TableText] = []
    for name, table in schema.tables.items():
        if name in files:
            raws += _read_file(files[name], files[name].name, table, reading)
        else:
            what, fix = "the table is missing", "add it, header at least"
            faults.append(Fault(f"{name}.csv", 0, what, fix))
    return raws


def read_own_texts(files: Iterable[Path], reading: TableReading) -> list[TableText]:
    """Read tables of a reader's own as texts; what is wrong is added to the faults."""
    return [text for file in files for text in _read_own_file(file, reading)]


def _read_own_file(file: Path, reading: TableReading) -> Iterator[TableText]:
    """Read a file of the reader's own tables, which its faults name as the reader does."""
    place = str(file)
    if file.suffix.lower() == ".csv":
        if table := reading.table_named(file.stem, place):
            yield from _read_file(file, place, table, reading)
        return
    try:
        for name, sheet, lines in read_workbook(file, reading.budget, reading.faults):
            if table := reading.table_named(name, sheet):
                yield from _check_shape(sheet, table, lines, reading)
    except OSError as error:
        reading.faults.append(_unreadable(place, error))
    except BadFileError as bad:
        reading.faults.append(Fault(place, 0, bad.what, bad.fix))


def _read_file(
    file: Path, name: str, table: TableShape, reading: TableReading
) -> Iterator[TableText]:
    """Read a CSV file; yield it where it is a table."""
    try:
        lines = list(csv_records(utf8_text(read_file(file)), reading.budget))
    except OSError as error:
        reading.faults.append(_unreadable(name, error))
    except BadFileError as bad:
        reading.faults.append(Fault(name, bad.line, bad.what, bad.fix))
    else:
        yield from _check_shape(name, table, lines, reading)


_OTHERS = {";": "semicolons", "\t": "tabs", "|": "bars"}  # what parts columns elsewhere


def _unreadable(name: str, error: OSError) -> Fault:
    return Fault(name, 0, f"cannot be read: {error.strerror}", "check the file")


def _check_shape(
    name: str, table: TableShape, lines: list[tuple[int, list[str]]], reading: TableReading
) -> Iterator[TableText]:
    """Yield what was read of a table if it is plain which cells are meant."""
    faults = reading.faults
    if not lines:
        faults.append(Fault(name, 1, "the file is empty", "write the header"))
        return
    (first, header), *others = lines
    if len(header) > COLUMNS:
        what = (
            f"the header has {grouped(len(header))} columns, and no more than "
            f"{grouped(COLUMNS)} are read"
        )
        faults.append(Fault(name, first, what, "take out what no table has"))
        return
    faults += _header_faults(name, first, table, header, reading)
    if table.key_column not in header or len(set(header)) < len(header):
        return
    good = []
    for line, fields in others:
        if len(fields) == len(header):
            good.append((line, fields))
        else:
            stand = counted(len(fields), "field stands", "fields stand")
            what = f"{stand} where the header has {grouped(len(header))}"
            faults.append(Fault(name, line, what, "check commas and quotes", kind="fields"))
    yield TableText(table, name, header, good)


def _header_faults(
    name: str, line: int, table: TableShape, header: list[str], reading: TableReading
) -> Iterator[Fault]:
    known = [column.name for column in table.columns]
    other = next((x for x in _OTHERS if header[0].split(x)[0] in known and x in header[0]), None)
    if other is not None and len(header) == 1:
        what = f"the columns are parted by {_OTHERS[other]}"
        yield Fault(name, line, what, "part them by commas", kind="fields")
        return
    for column, count in sorted(Counter(header).items()):
        if count > 1 and column:
            what = (
                f'the column "{column}" stands '
                f"{'twice' if count == 2 else f'{grouped(count)} times'}"
            )
            yield Fault(name, line, what, "take one out", kind="twice")
    for column in header:
        if column not in known:
            fix = reading.near(column, table.name, known) or f"columns are {', '.join(known)}"
            what = f'the column "{column}" is not known' if column else "a column has no name"
            yield Fault(name, line, what, fix, kind="unknown")
    for needed in table.columns:
        if needed.required and needed.name not in header and not reading.in_part:
            yield Fault(name, line, f'the column "{needed.name}" is missing', "add it")
