"""Tables of a folder -> rows, with every fault of every table at once."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monazite.errors import BadCellError, Fault, UnreadableError, did_you_mean
from monazite.result import Frozen
from monazite.rows.cells import Cell, read_cell, split_cell
from monazite.rows.columns import Column, Schema, TableShape
from monazite.rows.iris import entity_iri, local_name, row_iri
from monazite.rows.sheets import read_workbook

csv.field_size_limit(1 << 20)


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
    """What was read from a folder: the rows, and the faults."""

    schema: Schema
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

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

    >>> from monazite.rows.columns import read_schema
    >>> from monazite.shipped import ontology_folder
    >>> tables = read_tables(ontology_folder() / "tables", read_schema(ontology_folder()))
    >>> tables.faults
    []
    """
    result = Tables(schema)
    raws = _read_files(folder, schema, result.faults)
    unread = set(schema.tables) - {raw.table.name for raw in raws}
    raws += _read_own(data, schema, result.faults) if data is not None else []
    keys = _read_keys(raws, schema, result.faults)
    resolver = _Resolver(schema, keys, unread)
    for raw in raws:
        _read_rows(raw, resolver, result)
    result.faults.sort()
    return result


def _read_files(folder: Path, schema: Schema, faults: list[Fault]) -> list[_Raw]:
    try:
        files = {file.stem: file for file in sorted(folder.iterdir()) if file.suffix == ".csv"}
    except OSError as error:
        raise UnreadableError(f"The folder {folder} cannot be read: {error.strerror}.") from None
    for stem in sorted(set(files) - set(schema.tables)):
        fix = did_you_mean(stem, schema.tables) or "take it out, or write a shape for it"
        faults.append(Fault(f"{stem}.csv", 0, "there is no table of that name", fix))
    raws: list[_Raw] = []
    for name, table in schema.tables.items():
        if name not in files:
            faults.append(
                Fault(f"{name}.csv", 0, "the table is missing", "add it, header at least")
            )
            continue
        raw = _read_file(files[name], files[name].name, table, faults)
        raws += [raw] if raw is not None else []
    return raws


def _read_own(data: Path, schema: Schema, faults: list[Fault]) -> list[_Raw]:
    """Read the reader's own tables; each file is named as the reader named it."""
    try:
        files = sorted(data.iterdir()) if data.is_dir() else [data]
        files = [file for file in files if file.suffix in {".csv", ".xlsx"} and file.stat()]
    except OSError as error:
        raise UnreadableError(f"{data} cannot be read: {error.strerror}.") from None
    if not files:
        raise UnreadableError(f"{data} holds no table; write one as CSV or XLSX.")
    raws: list[_Raw | None] = []
    for file in files:
        if file.suffix == ".xlsx":
            for sheet, lines in read_workbook(file, faults).items():
                place = f"{file}, sheet {sheet}"
                table = _table_named(sheet, place, schema, faults)
                raws += [_check_shape(place, table, lines, faults)] if table else []
        else:
            table = _table_named(file.stem, str(file), schema, faults)
            raws += [_read_file(file, str(file), table, faults)] if table else []
    return [raw for raw in raws if raw is not None]


def _table_named(name: str, place: str, schema: Schema, faults: list[Fault]) -> TableShape | None:
    if name not in schema.tables:
        fix = did_you_mean(name, schema.tables) or "name it as a table of ontology/tables"
        faults.append(Fault(place, 0, "there is no table of that name", fix))
    return schema.tables.get(name)


def _read_file(file: Path, name: str, table: TableShape, faults: list[Fault]) -> _Raw | None:
    try:
        data = file.read_bytes()
    except OSError as error:
        faults.append(Fault(name, 0, f"cannot be read: {error.strerror}", "check the file"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(Fault(name, line, "the text is not UTF-8", "save the file as UTF-8"))
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for fields in reader:
            if fields:
                lines.append((begin, fields))
            begin = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(name, begin, f"wrong quoting: {error}", "mend the quotes of this row"))
        return None
    return _check_shape(name, table, lines, faults)


def _check_shape(
    name: str, table: TableShape, lines: list[tuple[int, list[str]]], faults: list[Fault]
) -> _Raw | None:
    if not lines:
        faults.append(Fault(name, 1, "the file is empty", "write the header"))
        return None
    header = lines[0][1]
    faults += _header_faults(name, table, header)
    if table.key_column not in header or len(set(header)) < len(header):
        return None  # which cells are meant is not known
    good = []
    for line, fields in lines[1:]:
        if len(fields) == len(header):
            good.append((line, fields))
        else:
            what = f"{len(fields)} fields stand where the header has {len(header)}"
            faults.append(Fault(name, line, what, "check commas and quotes"))
    return _Raw(table, name, header, good)


def _header_faults(name: str, table: TableShape, header: list[str]) -> Iterator[Fault]:
    known = [column.name for column in table.columns]
    for column in sorted({column for column in header if header.count(column) > 1}):
        yield Fault(name, 1, f'the column "{column}" stands twice', "take one out")
    for column in header:
        if column not in known:
            fix = did_you_mean(column, known) or f"columns are {', '.join(known)}"
            yield Fault(name, 1, f'the column "{column}" is not known', fix)
    for needed in table.columns:
        if needed.required and needed.name not in header:
            yield Fault(name, 1, f'the column "{needed.name}" is missing', "add it")


def _read_keys(raws: list[_Raw], schema: Schema, faults: list[Fault]) -> dict[str, set[str]]:
    """Keys of each table; a key that stands twice is a fault where it stands again."""
    first: dict[str, dict[str, tuple[str, int]]] = {name: {} for name in schema.tables}
    for raw in raws:
        place = raw.header.index(raw.table.key_column)
        known = first[raw.table.name]
        for line, fields in raw.lines:
            key = fields[place]
            if key in known:
                file, there = known[key]
                where = f"on line {there}" if file == raw.file else f"in {file}:{there}"
                what = f'the key "{key}" stands {where} already'
                faults.append(Fault(raw.file, line, what, "give the row a key of its own"))
            known.setdefault(key, (raw.file, line))
    return {name: set(keys) for name, keys in first.items()}


class _Resolver:
    """Finds what a reference names, in the tables or in the closed lists."""

    def __init__(self, schema: Schema, keys: dict[str, set[str]], unread: set[str]) -> None:
        self._schema = schema
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
        nearby: list[str] = []
        for class_iri in column.classes:
            if class_iri in self._schema.codes:
                codes = self._schema.codes[class_iri]
                found += [codes[text]] if text in codes else []
                places.append(f"scheme of {local_name(class_iri)}")
                nearby += codes
            for table in self._by_class[class_iri]:
                if table.name in self._unread:
                    return None
                found += [_iri(table, text)] if text in self._keys[table.name] else []
                places.append(f"{table.name}.csv")
                nearby += self._keys[table.name]
        return _only(text, found, places, nearby)

    def _in_table(self, text: str, name: str) -> str | None:
        table = self._schema.tables.get(name)
        if table is None:
            raise BadCellError(
                f'"{text}" has no table to stand in', "name the table, or leave both blank"
            )
        if name in self._unread:
            return None
        found = [_iri(table, text)] if text in self._keys[name] else []
        return _only(text, found, [f"{name}.csv"], self._keys[name])


def _iri(table: TableShape, key: str) -> str:
    return entity_iri(table.id_path, key) if table.id_path else row_iri(table.name, key)


def _only(text: str, found: list[str], places: list[str], nearby: object) -> str:
    if len(found) == 1:
        return found[0]
    if found:
        raise BadCellError(f'"{text}" stands in more than one of {", ".join(places)}', "rename one")
    assert isinstance(nearby, (list, set))
    fix = did_you_mean(text, nearby) or "add it there, or take another"
    raise BadCellError(f'"{text}" is not in {" or ".join(places)}', fix)


def _read_rows(raw: _Raw, resolver: _Resolver, result: Tables) -> None:
    columns = {column.name: column for column in raw.table.columns}
    places = [(index, columns[name]) for index, name in enumerate(raw.header) if name in columns]
    key_place = raw.header.index(raw.table.key_column)
    good: dict[tuple[str, str, str], tuple[Cell, ...]] = {}  # most cells of a table repeat
    for line, fields in raw.lines:
        cells: dict[str, tuple[Cell, ...]] = {}
        for index, column in places:
            text = fields[index]
            if text:
                refers_to = _refers_to(column, raw.header, fields)
                known = (column.name, text, refers_to)
                values = good.get(known)
                if values is None:
                    faults = len(result.faults)
                    place = (raw.file, line)
                    values = _read_values(text, column, refers_to, resolver, place, result)
                    if len(result.faults) == faults:
                        good[known] = values
                if values:
                    cells[column.name] = values
            elif column.required:
                what = f'the column "{column.name}" is blank'
                fix = f"write it, for example {column.example}" if column.example else "write it"
                result.faults.append(Fault(raw.file, line, what, fix))
        result.rows.append(Row(raw.table.name, fields[key_place], raw.file, line, Frozen(cells)))


def _refers_to(column: Column, header: list[str], fields: list[str]) -> str:
    if column.kind != "in-table" or column.table_in not in header:
        return ""
    return fields[header.index(column.table_in)]


def _read_values(
    text: str,
    column: Column,
    refers_to: str,
    resolver: _Resolver,
    place: tuple[str, int],
    result: Tables,
) -> tuple[Cell, ...]:
    values: list[Cell] = []
    for part in split_cell(text, column):
        try:
            cell = read_cell(part, column)
            if column.kind in {"reference", "in-table"}:
                iri = resolver.find(part, column, refers_to)
                if iri is None:
                    continue
                cell = Cell(part, iri=iri)
        except BadCellError as bad:
            what = f'in column "{column.name}", {bad.what}'
            result.faults.append(Fault(*place, what, bad.fix))
        else:
            values.append(cell)
    return tuple(values)
