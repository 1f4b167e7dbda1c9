"""Tables of a folder -> rows, with every fault of every table at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from pathlib import Path

from monazite.core.errors import BadCellError, BadDateError, Fault, Faults
from monazite.core.formats import escaped, first_hidden
from monazite.core.results import Frozen
from monazite.data.columns import Column, Schema, TableShape
from monazite.data.dates import date_bounds
from monazite.data.iris import entity_iri, local_name, row_iri
from monazite.data.own_files import find_own_files
from monazite.data.table_texts import TableReading, TableText, read_folder, read_own_texts

_DECIMAL = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
_URL = re.compile(r"(?:https?://|pkg:|urn:)[^\s<>\"{}|\\^`]+")
_LANGUAGE = re.compile(r"(.+)@(en|zh|ja|ko|fr|de|ru)", re.DOTALL)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
MAX_FRACTION_DIGITS = 18  # digits after the point that the store's decimal can hold
MAX_WHOLE_DIGITS = 18  # digits before the point that the store's numbers can hold


@dataclass(frozen=True)
class Cell:
    """One value of a cell: its text, and the language or the IRI it stands for."""

    text: str
    language: str = ""
    iri: str = ""


def split_cell(text: str, column: Column) -> list[str]:
    """Return the values of a cell; several stand in one cell only where the column is a list."""
    if not text:
        return []
    if not column.many:
        return [text]
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
                if text.file != raw.file:
                    where = f"in {text.file}:{there}{_named(text, meant)}"
                    fix += "; monazite contribute changes one of ours"
                what = f'the key "{key}" stands {where} already'
                reading.faults.append(Fault(raw.file, line, what, fix, kind="key"))
            known.setdefault(key, (raw, line, fields))
    return {name: set(keys) for name, keys in first.items()}


def _named(text: TableText, fields: list[str]) -> str:
    """What a row of identity is called: the same id may be meant for another thing."""
    for name in ("name", "title"):
        if name in text.header:
            return f' for "{fields[text.header.index(name)]}"'
    return ""


class _Resolver:
    """Finds what a reference names, in the tables or in the closed lists."""

    def __init__(self, reading: TableReading, keys: dict[str, set[str]], unread: set[str]) -> None:
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
            what = f'"{text}" has no table to stand in'
            raise BadCellError(what, "name the table, or leave both blank")
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
        fix = self._reading.near(text, where, _Names(nearby)) or "add it there, or take another"
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


_Values = tuple[tuple[Cell, ...], list[tuple[str, str, str]]]
"""The values of a cell, and what is wrong with others: what, what to do, and its kind."""


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
