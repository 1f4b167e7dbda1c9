"""Tables of a folder -> rows, with every fault of every table at once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from monazite.core.errors import (
    BadCellError,
    BadDateError,
    BadFileError,
    Fault,
    Faults,
    UnreadableError,
    did_you_mean,
)
from monazite.core.formats import counted, escaped, first_hidden, grouped
from monazite.core.results import Frozen, Struct
from monazite.data.bounds import COLUMNS, Budget, csv_records, utf8_text
from monazite.data.columns import Column, Schema, TableShape
from monazite.data.dates import date_bounds
from monazite.data.iris import entity_iri, local_name, row_iri
from monazite.data.own_files import find_own_files, read_file
from monazite.data.workbook import Workbook, find_wrong_cell

Lines: TypeAlias = list[tuple[int, list[str]]]


def _read_workbook(file: Path, budget: Budget, faults: Faults) -> Iterator[tuple[str, str, Lines]]:
    """Read the sheets of an XLSX file as lines of texts, all as wide as the first, the header."""
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
        lines: Lines = []
        for number, row in sorted(cells.items()):
            if wrong := find_wrong_cell(row):
                faults.append(Fault(place, number, wrong.what, wrong.fix, kind=wrong.fix))
            elif max(row) > width:
                what = f'"{row[max(row)]}" stands where the header has no column'
                fix = "name the column, or take it out"
                faults.append(Fault(place, number, what, fix, kind=fix))
            else:
                lines.append((number, [str(row.get(at, "")) for at in range(1, width + 1)]))
        if not cells or (lines and lines[0][0] == min(cells)):
            yield sheet.name, place, lines


_COMPARED = 200_000  # names that mistyped ones of a reading are compared with, in a second or two


class TableText(Struct):
    """One table as text: its file (or sheet) as faults name it, and lines as wide as the header."""

    table: TableShape
    file: str
    header: list[str]
    lines: Lines


class TableReading:
    """What the tables of one reading share: the schema, what is wrong, and what may be spent."""

    def __init__(self, schema: Schema, *, in_part: bool = False) -> None:
        self.schema = schema
        self.in_part = in_part
        self.faults = Faults()
        self.budget = Budget()
        self._near: dict[tuple[str, object], str] = {}
        self._compared = 0

    def near(self, name: str, place: object, *known: Collection[str]) -> str:
        """Say once which name a mistyped one is near to; after very many no more."""
        asked = (name, place)
        if asked not in self._near:
            self._compared += sum(map(len, known))
            if self._compared > _COMPARED:
                return ""
            self._near[asked] = did_you_mean(name, chain.from_iterable(known))
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
    """Read tables of a reader's own, named as the reader does; what is wrong is a fault."""
    found: list[TableText] = []
    for file in files:
        place = str(file)
        if file.suffix.lower() == ".csv":
            if table := reading.table_named(file.stem, place):
                found += _read_file(file, place, table, reading)
            continue
        with _faults_told(place, reading.faults):
            for name, sheet, lines in _read_workbook(file, reading.budget, reading.faults):
                if table := reading.table_named(name, sheet):
                    found += _check_shape(sheet, table, lines, reading)
    return found


def _read_file(
    file: Path, name: str, table: TableShape, reading: TableReading
) -> Iterator[TableText]:
    """Read a CSV file; yield it where it is a table."""
    with _faults_told(name, reading.faults):
        lines = list(csv_records(utf8_text(read_file(file)), reading.budget))
        yield from _check_shape(name, table, lines, reading)


@contextmanager
def _faults_told(place: str, faults: Faults) -> Iterator[None]:
    """Take a fault of a file that cannot be read."""
    try:
        yield
    except OSError as error:
        faults.append(Fault(place, 0, f"cannot be read: {error.strerror}", "check the file"))
    except BadFileError as bad:
        faults.append(Fault(place, bad.line, bad.what, bad.fix))


def _check_shape(
    name: str, table: TableShape, lines: Lines, reading: TableReading
) -> Iterator[TableText]:
    """Yield what was read of a table if it is plain which cells are meant."""
    faults = reading.faults
    if not lines:
        faults.append(Fault(name, 1, "the file is empty", "write the header"))
        return
    (first, header), *others = lines
    if len(header) > COLUMNS:
        count, most = grouped(len(header)), grouped(COLUMNS)
        what = f"the header has {count} columns, and no more than {most} are read"
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
    marks = {";": "semicolons", "\t": "tabs", "|": "bars"} if len(header) == 1 else {}
    for mark, parted in marks.items():
        if mark in header[0] and header[0].split(mark)[0] in known:
            what = f"the columns are parted by {parted}"
            yield Fault(name, line, what, "part them by commas", kind="fields")
            return
    for column, count in sorted(Counter(header).items()):
        if count > 1 and column:
            often = "twice" if count == 2 else f"{grouped(count)} times"
            what = f'the column "{column}" stands {often}'
            yield Fault(name, line, what, "take one out", kind="twice")
    for column in header:
        if column not in known:
            fix = reading.near(column, table.name, known) or f"columns are {', '.join(known)}"
            what = f'the column "{column}" is not known' if column else "a column has no name"
            yield Fault(name, line, what, fix, kind="unknown")
    for needed in table.columns:
        if needed.required and needed.name not in header and not reading.in_part:
            yield Fault(name, line, f'the column "{needed.name}" is missing', "add it")


_DECIMAL = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
_URL = re.compile(r"(?:https?://|pkg:|urn:)[^\s<>\"{}|\\^`]+")
_LANGUAGE = re.compile(r"(.+)@(en|zh|ja|ko|fr|de|ru)", re.DOTALL)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
MAX_FRACTION_DIGITS = 18  # digits after the point that the store's decimal can hold
MAX_WHOLE_DIGITS = 18  # digits before the point that the store's numbers can hold


class Cell(Struct):
    """One value of a cell: its text, and the language or the IRI it stands for."""

    text: str
    language: str = ""
    iri: str = ""


def split_cell(text: str, column: Column) -> list[str]:
    """Return the values of a cell; several stand in one cell only where the column is a list."""
    if not column.many:
        return [text] if text else []
    return [part.strip() for part in text.split(";") if part.strip()]


def read_cell(text: str, column: Column) -> Cell:
    """Check one value against its column, references apart."""
    _check_characters(text)
    if column.key and not _KEY.fullmatch(text):
        what = f'the key "{text}" has characters that an address cannot carry'
        raise BadCellError(what, "use letters, digits, points and hyphens")
    if column.kind == "text" and (match := _LANGUAGE.fullmatch(text)):
        _check_characters(match[1])
        return Cell(match[1], language=match[2])
    if column.kind in {"integer", "decimal"}:
        _check_number(text, column)
    elif column.kind == "date":
        try:
            date_bounds(text)
        except BadDateError:
            fix = "write 2025, 2025-04 or 2025-04-04"
            raise BadCellError(f'"{text}" is not a date', fix) from None
    elif column.kind == "anyURI" and not _URL.fullmatch(text):
        raise BadCellError(f'"{text}" is not an address', "write it from https:// on, no blanks")
    elif column.kind == "boolean" and text not in {"true", "false"}:
        raise BadCellError(f'"{text}" is neither true nor false', "write true or false")
    return Cell(text)


def _check_characters(text: str) -> None:
    if text != text.strip():
        raise BadCellError(f'"{text}" begins or ends with a blank', "take the blank out")
    if text.isprintable():  # most are
        return
    if found := first_hidden(text) or ("\r" if "\r" in text else ""):
        what = f"a character that does not show stands in the text: {escaped(found)}"
        raise BadCellError(what, "take it out")


def _check_number(text: str, column: Column) -> None:
    match = _DECIMAL.fullmatch(text)
    if column.kind == "integer" and (match is None or match[1]):
        raise BadCellError(f'"{text}" is not a whole number', "write digits only")
    if match is None:
        fix = "write digits and one point, or leave the cell blank"
        raise BadCellError(f'"{text}" is not a number', fix)
    if len(match[1] or "") > MAX_FRACTION_DIGITS:
        what = f'"{text}" has more than {MAX_FRACTION_DIGITS} digits after the point'
        raise BadCellError(what, "round it and keep the printed form in value_as_printed")
    if len(text.partition(".")[0].lstrip("-0")) > MAX_WHOLE_DIGITS:
        what = f"the number has more than {MAX_WHOLE_DIGITS} digits before the point"
        raise BadCellError(what, "check the number and its unit")
    number = Decimal(text)
    if column.minimum is not None and number < column.minimum:
        raise BadCellError(f"{text} is below {column.minimum}", "check the number and its sign")
    if column.maximum is not None and number > column.maximum:
        raise BadCellError(f"{text} is above {column.maximum}", "check the number and its unit")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its table, key, place in the file, and its cells by column name, never changed."""

    table: str
    key: str
    file: str
    line: int
    cells: Mapping[str, tuple[Cell, ...]]

    def text(self, column: str) -> str:
        """Return the first value of a cell as text, or an empty text."""
        cells = self.cells.get(column, ())
        return cells[0].text if cells else ""


@dataclass
class Tables:
    """What was read from a folder, the reader's ``own`` rows last; faults gathered by kind."""

    schema: Schema
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    own: int = 0

    def of(self, table: str) -> list[Row]:
        """Return the rows of one table, in file order."""
        return [row for row in self.rows if row.table == table]


def read_tables(folder: Path, schema: Schema, data: Path | None = None) -> Tables:
    """Read every table of a folder and check each cell; a table that is not read is one fault."""
    own_files = find_own_files(data).tables if data is not None else ()
    reading = TableReading(schema)
    raws = read_folder(folder, reading)
    unread = set(schema.tables) - {raw.table.name for raw in raws}
    own = read_own_texts(own_files, reading)
    keys = _read_keys([*raws, *own], reading)
    resolver = _Resolver(reading, keys, unread)
    result = Tables(schema)
    for raw in (*raws, *own):
        result.rows += _read_rows(raw, resolver, reading.faults)
    result.own = sum(len(raw.lines) for raw in own)
    result.faults = reading.faults.gathered()
    return result


def _read_keys(raws: list[TableText], reading: TableReading) -> dict[str, set[str]]:
    """Keys of each table; a key that stands twice is a fault where it stands again."""
    first: dict[str, dict[str, tuple[TableText, int, list[str]]]] = {
        name: {} for name in reading.schema.tables
    }
    for raw in raws:
        place = raw.header.index(raw.table.key_column)
        known = first[raw.table.name]
        for line, fields in raw.lines:
            key = fields[place]
            if key in known:
                text, there, meant = known[key]
                where, fix = f"on line {there}", "give the row a key of its own"
                if text.file != raw.file:  # the same id may be meant for another thing
                    named = (name for name in ("name", "title") if name in text.header)
                    titles = [meant[text.header.index(name)] for name in named][:1]
                    where = f"in {text.file}:{there}" + "".join(f' for "{x}"' for x in titles)
                    fix += "; monazite contribute changes one of ours"
                what = f'the key "{key}" stands {where} already'
                reading.faults.append(Fault(raw.file, line, what, fix, kind="key"))
            known.setdefault(key, (raw, line, fields))
    return {name: set(keys) for name, keys in first.items()}


class _Resolver:
    """Finds what a reference names, in the tables or in the closed lists."""

    def __init__(self, reading: TableReading, keys: dict[str, set[str]], unread: set[str]) -> None:
        self._reading, self._schema = reading, reading.schema
        self._keys, self._unread = keys, unread
        self._by_class: dict[str, list[TableShape]] = defaultdict(list)
        for table in self._schema.tables.values():
            self._by_class[table.class_iri].append(table)

    def find(self, text: str, column: Column, refers_to: str) -> str | None:
        """Return the IRI, None if the table it would stand in could not be read."""
        found: list[str] = []
        places: list[str] = []
        nearby: list[Collection[str]] = []
        in_table = column.kind == "in-table"
        if in_table and refers_to not in self._schema.tables:
            what = f'"{text}" has no table to stand in'
            raise BadCellError(what, "name the table, or leave both blank")
        for class_iri in ("",) if in_table else column.classes:
            if class_iri in self._schema.codes:
                codes = self._schema.codes[class_iri]
                found += [codes[text]] if text in codes else []
                places.append(f"scheme of {local_name(class_iri)}")
                nearby.append(codes)
            tables = self._by_class[class_iri]
            for table in [self._schema.tables[refers_to]] if in_table else tables:
                if table.name in self._unread:
                    return None
                found += [_iri(table, text)] if text in self._keys[table.name] else []
                places.append(f"{table.name}.csv")
                nearby.append(self._keys[table.name])
        if len(found) == 1:
            return found[0]
        where = " or ".join(places)
        if found:
            what = f'"{text}" stands in more than one of {", ".join(places)}'
            raise BadCellError(what, "rename one")
        fix = self._reading.near(text, where, *nearby) or "add it there, or take another"
        raise BadCellError(f'"{text}" is not in {where}', fix)


def _iri(table: TableShape, key: str) -> str:
    return entity_iri(table.id_path, key) if table.id_path else row_iri(table.name, key)


_Values = tuple[tuple[Cell, ...], list[tuple[str, str, str]]]  # and wrong ones: what, fix, kind


def _read_rows(raw: TableText, resolver: _Resolver, faults: Faults) -> Iterator[Row]:
    columns = {column.name: column for column in raw.table.columns}
    places = [(index, columns[name]) for index, name in enumerate(raw.header) if name in columns]
    tables = {  # where the table stands that a cell refers to
        each.name: raw.header.index(each.table_in)
        for each in columns.values()
        if each.kind == "in-table" and each.table_in in raw.header
    }
    key_place = raw.header.index(raw.table.key_column)
    known: dict[tuple[str, str, str], _Values] = {}  # most cells of a table repeat
    for line, fields in raw.lines:
        cells: dict[str, tuple[Cell, ...]] = {}
        for index, column in places:
            text = fields[index]
            if text:
                refers_to = fields[tables[column.name]] if column.name in tables else ""
                asked = (column.name, text, refers_to)
                if asked not in known:
                    known[asked] = _read_values(text, column, refers_to, resolver)
                values, wrong = known[asked]
                if wrong:
                    faults += (Fault(raw.file, line, *told[:2], kind=told[2]) for told in wrong)
                if values:
                    cells[column.name] = values
            elif column.required:
                what = f'the column "{column.name}" is blank'
                fix = f"write it, for example {column.example}" if column.example else "write it"
                faults.append(Fault(raw.file, line, what, fix))
        yield Row(raw.table.name, fields[key_place], raw.file, line, Frozen(cells))


def _read_values(text: str, column: Column, refers_to: str, resolver: _Resolver) -> _Values:
    values: list[Cell] = []
    wrong: list[tuple[str, str, str]] = []
    for part in split_cell(text, column):
        try:
            cell = read_cell(part, column)
            if column.kind in {"reference", "in-table"}:
                iri = resolver.find(part, column, refers_to)
                if iri is None:
                    continue
                cell = Cell(part, iri=iri)
        except BadCellError as bad:
            where = f'in column "{column.name}", '
            wrong.append((where + bad.what, bad.fix, where + bad.what.replace(part, "")))
        else:
            values.append(cell)
    return tuple(values), wrong
