"""Tables of a folder -> rows, with every fault of every table at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from monazite.errors import (
    BadCellError,
    BadFileError,
    Fault,
    Faults,
    UnreadableError,
    did_you_mean,
)
from monazite.result import Frozen
from monazite.rows.bounds import COLUMNS, Budget
from monazite.rows.cells import Cell, read_cell, split_cell
from monazite.rows.columns import Column, Schema, TableShape
from monazite.rows.csv_records import csv_records, utf8_text
from monazite.rows.iris import entity_iri, local_name, row_iri
from monazite.rows.own_files import find_own_files, read_file
from monazite.rows.sheets import read_workbook
from monazite.safe_text import escaped

_COMPARED = 200_000
"""Names that mistyped ones of a reading are compared with, in a second or two."""


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
    """What was read from a folder.

    Attributes:
        schema: the tables as the shapes define them.
        rows: those that could be read, the reader's own last.
        faults: sorted; of a kind that a file has many times, the first.
        own: how many of the rows are the reader's own.
    """

    schema: Schema
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    own: int = 0

    def of(self, table: str) -> list[Row]:
        """Return the rows of one table, in file order."""
        return [row for row in self.rows if row.table == table]


@dataclass
class _Raw:
    """One table as text: header and lines that have the right number of fields."""

    table: TableShape
    file: str
    header: list[str]
    lines: list[tuple[int, list[str]]]


def read_tables(folder: Path, schema: Schema, data: Path | None = None) -> Tables:
    """Read every table of a folder and check each cell.

    Faults do not cascade: a missing column, or a table that cannot be read, is one fault.

    Args:
        folder: the tables, one CSV file each; every table of the schema must be there.
        schema: the tables as the shapes define them.
        data: more rows, the reader's own: a folder with some of the tables as CSV, or an XLSX
            workbook (or a folder with such) with a table a sheet. They may name what the
            folder's rows define; their keys must be new.

    Raises:
        UnreadableError: the folder, or ``data``, does not exist or cannot be read.
        FaultyTablesError: a file of ``data`` is no plain file, or there is too much of it.

    >>> from monazite.rows.columns import read_schema
    >>> from monazite.shipped import ontology_folder
    >>> tables = read_tables(ontology_folder() / "tables", read_schema(ontology_folder()))
    >>> tables.faults
    []
    """
    own_files = find_own_files(data).tables if data is not None else ()
    reading = _TableReading(schema)
    raws = _read_files(folder, reading)
    unread = set(schema.tables) - {raw.table.name for raw in raws}
    own = [raw for file in own_files for raw in _read_own(file, reading)]
    keys = _read_keys([*raws, *own], reading)
    resolver = _Resolver(reading, keys, unread)
    result = Tables(schema)
    for raw in (*raws, *own):
        result.rows += _read_rows(raw, resolver, reading.faults)
    result.own = sum(len(raw.lines) for raw in own)
    result.faults = reading.faults.gathered()
    return result


class _TableReading:
    """What the tables of one reading share: the schema, what is wrong, and what may be spent."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.faults = Faults()
        self.budget = Budget()
        self._near: dict[tuple[str, object], str] = {}
        self._compared = 0

    def near(self, name: str, place: object, known: Collection[str]) -> str:
        """Say once which name a mistyped one is near to; after very many no more.

        Args:
            name: that is not known.
            place: where names are looked for; the same place has the same names.
            known: the names.
        """
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


def _read_files(folder: Path, reading: _TableReading) -> list[_Raw]:
    schema, faults = reading.schema, reading.faults
    try:
        files = {file.stem: file for file in sorted(folder.iterdir()) if file.suffix == ".csv"}
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no folder can have this name"
        raise UnreadableError(
            f"The folder {escaped(str(folder))} cannot be read: {reason}."
        ) from None
    for stem in sorted(set(files) - set(schema.tables)):
        fix = reading.near(stem, "tables", schema.tables) or "take it out, or write a shape for it"
        faults.append(Fault(f"{stem}.csv", 0, "there is no table of that name", fix))
    raws: list[_Raw] = []
    for name, table in schema.tables.items():
        if name in files:
            raws += _read_file(files[name], files[name].name, table, reading)
        else:
            what, fix = "the table is missing", "add it, header at least"
            faults.append(Fault(f"{name}.csv", 0, what, fix))
    return raws


def _read_own(file: Path, reading: _TableReading) -> Iterator[_Raw]:
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


def _read_file(file: Path, name: str, table: TableShape, reading: _TableReading) -> Iterator[_Raw]:
    """Read a CSV file; yield it where it is a table."""
    try:
        lines = list(csv_records(utf8_text(read_file(file)), reading.budget))
    except OSError as error:
        reading.faults.append(_unreadable(name, error))
    except BadFileError as bad:
        reading.faults.append(Fault(name, bad.line, bad.what, bad.fix))
    else:
        yield from _check_shape(name, table, lines, reading)


def _unreadable(name: str, error: OSError) -> Fault:
    return Fault(name, 0, f"cannot be read: {error.strerror}", "check the file")


def _check_shape(
    name: str, table: TableShape, lines: list[tuple[int, list[str]]], reading: _TableReading
) -> Iterator[_Raw]:
    """Yield what was read of a table if it is plain which cells are meant."""
    faults = reading.faults
    if not lines:
        faults.append(Fault(name, 1, "the file is empty", "write the header"))
        return
    (first, header), *others = lines
    if len(header) > COLUMNS:
        what = f"the header has {len(header):,} columns, and no more than {COLUMNS:,} are read"
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
            what = f"{len(fields):,} fields stand where the header has {len(header):,}"
            faults.append(Fault(name, line, what, "check commas and quotes", kind="fields"))
    yield _Raw(table, name, header, good)


def _header_faults(
    name: str, line: int, table: TableShape, header: list[str], reading: _TableReading
) -> Iterator[Fault]:
    known = [column.name for column in table.columns]
    for column, count in sorted(Counter(header).items()):
        if count > 1 and column:
            what = f'the column "{column}" stands {"twice" if count == 2 else f"{count:,} times"}'
            yield Fault(name, line, what, "take one out", kind="twice")
    for column in header:
        if column not in known:
            fix = reading.near(column, table.name, known) or f"columns are {', '.join(known)}"
            what = f'the column "{column}" is not known' if column else "a column has no name"
            yield Fault(name, line, what, fix, kind="unknown")
    for needed in table.columns:
        if needed.required and needed.name not in header:
            yield Fault(name, line, f'the column "{needed.name}" is missing', "add it")


def _read_keys(raws: list[_Raw], reading: _TableReading) -> dict[str, set[str]]:
    """Keys of each table; a key that stands twice is a fault where it stands again."""
    first: dict[str, dict[str, tuple[str, int]]] = {name: {} for name in reading.schema.tables}
    for raw in raws:
        place = raw.header.index(raw.table.key_column)
        known = first[raw.table.name]
        for line, fields in raw.lines:
            key = fields[place]
            if key in known:
                file, there = known[key]
                where = f"on line {there}" if file == raw.file else f"in {file}:{there}"
                what = f'the key "{key}" stands {where} already'
                fix = "give the row a key of its own"
                reading.faults.append(Fault(raw.file, line, what, fix, kind="key"))
            known.setdefault(key, (raw.file, line))
    return {name: set(keys) for name, keys in first.items()}


class _Resolver:
    """Finds what a reference names, in the tables or in the closed lists."""

    def __init__(self, reading: _TableReading, keys: dict[str, set[str]], unread: set[str]) -> None:
        self._reading = reading
        self._schema = schema = reading.schema
        self._keys = keys
        self._unread = unread
        self._by_class: dict[str, list[TableShape]] = defaultdict(list)
        for table in schema.tables.values():
            self._by_class[table.class_iri].append(table)

    def find(self, text: str, column: Column, refers_to: str) -> str | None:
        """Return the IRI, None if the table it would stand in could not be read."""
        if column.kind == "in-table":
            return self._in_table(text, refers_to)
        found: list[str] = []
        places: list[str] = []
        nearby: list[Collection[str]] = []
        for class_iri in column.classes:
            if class_iri in self._schema.codes:
                codes = self._schema.codes[class_iri]
                found += [codes[text]] if text in codes else []
                places.append(f"scheme of {local_name(class_iri)}")
                nearby.append(codes)
            for table in self._by_class[class_iri]:
                if table.name in self._unread:
                    return None
                found += [_iri(table, text)] if text in self._keys[table.name] else []
                places.append(f"{table.name}.csv")
                nearby.append(self._keys[table.name])
        return self._only(text, found, places, nearby)

    def _in_table(self, text: str, name: str) -> str | None:
        table = self._schema.tables.get(name)
        if table is None:
            raise BadCellError(
                f'"{text}" has no table to stand in', "name the table, or leave both blank"
            )
        if name in self._unread:
            return None
        found = [_iri(table, text)] if text in self._keys[name] else []
        return self._only(text, found, [f"{name}.csv"], [self._keys[name]])

    def _only(
        self, text: str, found: list[str], places: list[str], nearby: list[Collection[str]]
    ) -> str:
        if len(found) == 1:
            return found[0]
        where = " or ".join(places)
        if found:
            what = f'"{text}" stands in more than one of {", ".join(places)}'
            raise BadCellError(what, "rename one")
        known = _Names(nearby)
        fix = self._reading.near(text, where, known) or "add it there, or take another"
        raise BadCellError(f'"{text}" is not in {where}', fix)


class _Names(Collection[str]):
    """Names of several lists, put together only where they are gone through."""

    def __init__(self, lists: list[Collection[str]]) -> None:
        self._lists = lists

    def __len__(self) -> int:
        return sum(map(len, self._lists))

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._lists)

    def __contains__(self, name: object) -> bool:
        return any(name in each for each in self._lists)


def _iri(table: TableShape, key: str) -> str:
    return entity_iri(table.id_path, key) if table.id_path else row_iri(table.name, key)


def _read_rows(raw: _Raw, resolver: _Resolver, faults: Faults) -> Iterator[Row]:
    columns = {column.name: column for column in raw.table.columns}
    places = [(index, columns[name]) for index, name in enumerate(raw.header) if name in columns]
    key_place = raw.header.index(raw.table.key_column)
    good: dict[tuple[str, str, str], tuple[Cell, ...]] = {}  # most cells of a table repeat
    bad: dict[tuple[str, str, str], _Values] = {}
    for line, fields in raw.lines:
        cells: dict[str, tuple[Cell, ...]] = {}
        for index, column in places:
            text = fields[index]
            if text:
                asked = (column.name, text, _refers_to(column, raw.header, fields))
                values = good.get(asked)
                if values is None:
                    read = bad.get(asked) or _read_values(text, column, asked[2], resolver)
                    values = read.good
                    if read.wrong:
                        bad[asked] = read
                        faults += read.faults(raw.file, line)
                    else:
                        good[asked] = values
                if values:
                    cells[column.name] = values
            elif column.required:
                what = f'the column "{column.name}" is blank'
                fix = f"write it, for example {column.example}" if column.example else "write it"
                faults.append(Fault(raw.file, line, what, fix))
        yield Row(raw.table.name, fields[key_place], raw.file, line, Frozen(cells))


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of a cell, and what is wrong with others: what, what to do, and its kind."""

    good: tuple[Cell, ...]
    wrong: tuple[tuple[str, str, str], ...]

    def faults(self, file: str, line: int) -> Iterator[Fault]:
        """Yield what is wrong as faults of a line."""
        for what, fix, kind in self.wrong:
            yield Fault(file, line, what, fix, kind=kind)


def _refers_to(column: Column, header: list[str], fields: list[str]) -> str:
    if column.kind != "in-table" or column.table_in not in header:
        return ""
    return fields[header.index(column.table_in)]


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
    return _Values(tuple(values), tuple(wrong))
