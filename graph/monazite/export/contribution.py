"""Own tables as a patch of the shipped ones, checked on a copy of the tables."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from monazite.analysis.conflicts.conflicts import Conflict, choose_conflicts, find_own_conflicts
from monazite.analysis.row_changes import CHANGED, Cells, RowChange, cells_by_key, row_changes
from monazite.core.errors import Fault, Faults, FaultyTablesError, UnreadableError
from monazite.core.formats import NOT_KNOWN, counted, escaped, grouped
from monazite.core.package import ontology_folder
from monazite.core.results import Listing, Struct
from monazite.core.tables import Table
from monazite.data.bounds import Budget, csv_records, utf8_text
from monazite.data.columns import Schema, read_schema
from monazite.data.declared import Param, declared
from monazite.data.importers.collected import VIA
from monazite.data.own_files import find_own_files, read_file
from monazite.data.parameters import read_path
from monazite.data.reader import TableReading, TableText, read_folder, read_own_texts, read_tables
from monazite.store.checks import check

Fields = list[str]


class EditedTable(Struct):
    """A table before and after, and the keys of the rows that were put in by their first line."""

    name: str
    before: str
    after: str
    lines: Mapping[int, str]

    def patch(self, folder: str) -> str:
        """Return the change as a unified diff, as ``git apply`` takes it."""
        place = f"{folder}/{self.name}.csv"
        return "".join(
            unified_diff(_lines(self.before), _lines(self.after), f"a/{place}", f"b/{place}")
        )


def edit_table(name: str, before: str, rows: Mapping[str, Fields], key: str) -> EditedTable:
    r"""Put rows into the text of a table.

    A row whose key is there takes its place. Where the rows stand in the order of their keys, so
    does a new one; else it comes after all, in the order of the keys of those that are new.
    """
    records = list(csv_records(before, Budget()))
    (_, header), *others = records
    place = header.index(key)
    lines = _lines(before)
    ends = [*(line for line, _ in records[1:]), len(lines) + 1]
    there = [fields[place] for _, fields in others]
    parts = [("", "".join(lines[: ends[0] - 1]))]
    new = sorted(rows.keys() - {*there}, reverse=True)  # the last comes first
    is_sorted = there == sorted(there)
    for old, begin, end in zip(there, ends, ends[1:], strict=False):
        while is_sorted and new and new[-1] < old:
            first = new.pop()
            parts.append((first, written(rows[first])))
        kept = "".join(lines[begin - 1 : end - 1])
        parts.append((old, written(rows[old]) if old in rows else kept))
    parts += [(each, written(rows[each])) for each in reversed(new)]
    places: dict[int, str] = {}
    line = 1
    for each, text in parts:
        if each in rows:
            places[line] = each
        line += text.count("\n")
    return EditedTable(name, before, "".join(text for _, text in parts), places)


def written(fields: Iterable[str]) -> str:
    """Return a row as it stands in a table: RFC 4180, with a line feed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(fields)
    return out.getvalue()


def _lines(text: str) -> list[str]:
    """The lines of a text, each with its line feed; nothing else ends one."""
    return [f"{line}\n" for line in text.split("\n")[:-1]]


FOLDER = "ontology/tables"
"""Where the tables lie in the project, which is where the patch applies."""
_SOURCE, _SOURCES = "source", "sources"


class Contribution(Listing[RowChange]):
    """What own tables would change of the shipped ones, and the patch that does so.

    Attributes:
        changes: rows that are added or changed, by table and key.
        patch: a unified diff against ``ontology/tables``, headed by what it changes; empty where
            there are faults or nothing changes.
        faults: what has to be mended first.
        conflicts: facts on which rows differ once the patch is applied, of those that it brings.
        notes: the terms of sources that an import wrote, as they stand in their rows.
    """

    records_key = "changes"
    _json = "changes(row,change=kind,cells) faults conflicts"

    changes: tuple[RowChange, ...]
    patch: str
    faults: tuple[Fault, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    def headline(self) -> str:
        """Return how many rows are added and changed, and how many faults there are."""
        changed = sum(each.kind == CHANGED for each in self.changes)
        tables = len({each.table for each in self.changes})
        added = counted(len(self) - changed, "record")
        said = f"{added} added, {grouped(changed)} changed, in {counted(tables, 'table')}"
        faults = sum(fault.count for fault in self.faults)
        if faults:
            return f"{said}: {counted(faults, 'fault')}"
        differ = counted(len(self.conflicts), "fact differs", "facts differ")
        return f"{said}: no faults found; {differ} from others"

    def to_dict(self) -> dict[str, object]:
        """Return what was found; it has no view."""
        return self.content()

    def tables(self) -> list[Table]:
        """Return one line a sentence on each row, and the facts on which rows then differ."""
        rows = [
            [each.kind if place == 0 else "", each.row if place == 0 else "", sentence]
            for each in self.changes
            for place, sentence in enumerate(each.sentences)
        ]
        heading = "Records to add and to change"
        found = [Table(heading, ("change", "row", "before and after"), rows)]
        differing = choose_conflicts(self.conflicts, "all").tables() if self.conflicts else []
        return found + differing


@declared
def contribute(
    folder: Annotated[
        Path | str,
        Param("Your own tables (CSV, XLSX): what to add or change.", metavar="DIR", position=True),
    ],
    ontology: Path | str | None = None,
) -> Contribution:
    r"""Make own tables into a patch of ontology/tables, and check it on a copy.

    A record with a key of ours changes ours, in the columns that it has; one with a new key is
    added. Each must have its source. The patch begins with what each record said before and says
    after, and with the terms of what an import wrote; git apply takes it. Nothing is edited in
    place. Exit 0 a patch, 1 faults or no change.

    Example: monazite contribute my-tables -o my-tables.patch

    Args:
        ontology: another ontology folder than the shipped one.

    Returns:
        The patch, what it changes, and what has to be mended first.

    Raises:
        UnreadableError: the folder does not exist, or holds no table.
        FaultyTablesError: the shipped tables have faults.

    >>> from tempfile import mkdtemp
    >>> own = Path(mkdtemp())
    >>> text = "id,name,source\nann,Ann Example,monazite-compilation\n"
    >>> _ = (own / "persons.csv").write_text(text)
    >>> found = contribute(own)
    >>> found.patch.splitlines()[1], found.faults
    ('# added persons/ann', ())
    """
    place = read_path(folder, "folder of tables")
    if place is None:
        raise UnreadableError("Name a folder of tables of your own.")
    home = read_path(ontology, "ontology folder") or ontology_folder()
    schema = read_schema(home)
    reading = TableReading(schema, in_part=True)
    try:
        own = read_own_texts(find_own_files(place).tables, reading)
    except FaultyTablesError as error:
        return Contribution((), "", tuple(error.faults))
    ours = {each.table.name: each for each in read_folder(home / "tables", TableReading(schema))}
    rows = _own_rows(own, ours, reading.faults)
    if reading.faults:
        return Contribution((), "", tuple(reading.faults.gathered()))
    changes = [
        change
        for name in sorted(rows)
        for change in row_changes(
            name,
            {key: cells for key, cells in cells_by_key(ours[name]).items() if key in rows[name]},
            {key: row.cells for key, row in rows[name].items()},
            [column for column in ours[name].header if column != ours[name].table.key_column],
        )
    ]
    edits = [_edit(home, ours[name], rows[name]) for name in sorted({c.table for c in changes})]
    found, conflicts = _check_copy(home, schema, edits, rows)
    whole = Contribution(tuple(changes), "", tuple(found), conflicts, notes=tuple(_terms(rows)))
    return whole if found else replace(whole, patch=_patch(whole, edits))


class _OwnRow(Struct):
    """A row as it will stand in our table, and where it comes from."""

    file: str
    line: int
    cells: Cells


def _own_rows(
    own: Sequence[TableText], ours: Mapping[str, TableText], faults: Faults
) -> dict[str, dict[str, _OwnRow]]:
    """The rows of own tables by table and key, with what ours say in columns that they lack."""
    rows: dict[str, dict[str, _OwnRow]] = {}
    for text in own:
        table, known = text.table, cells_by_key(ours[text.table.name])
        columns, found = ours[table.name].header, rows.setdefault(table.name, {})
        for line, fields in text.lines:
            said = dict(zip(text.header, fields, strict=True))
            key = said[table.key_column]
            cells = {**known.get(key, {}), **said}
            faults += _faults_of(text, line, key, cells, columns)
            if key in found:
                where = f"{found[key].file}:{found[key].line}"
                what = f'the key "{key}" stands in {where} already'
                faults.append(Fault(text.file, line, what, "leave one of the two", kind="key"))
            kept = {name: cell for name, cell in cells.items() if cell}
            found.setdefault(key, _OwnRow(text.file, line, kept))
    return rows


def _terms(rows: Mapping[str, Mapping[str, _OwnRow]]) -> Iterator[str]:
    """What may be given on of each source that an import wrote."""
    brought = Counter(
        source
        for name, held in rows.items()
        if name != _SOURCES
        for row in held.values()
        for source in row.cells.get(_SOURCE, "").split(";")
    )
    for source, row in sorted(rows.get(_SOURCES, {}).items()):
        if brought[source] and row.cells.get("via", "").startswith(VIA):
            come = counted(brought[source], "record comes", "records come")
            licence = escaped(row.cells.get("licence", NOT_KNOWN)).rstrip(".")
            yield (
                f"{come} from {escaped(source)}. See whether you may give them on; its terms: "
                f"{licence}."
            )


def _faults_of(
    text: TableText, line: int, key: str, cells: Cells, columns: Sequence[str]
) -> Iterator[Fault]:
    """What own tables may have, and a contribution may not."""
    names = {column.name for column in text.table.columns}
    if not key:
        yield Fault(text.file, line, "the row has no key", "write one", kind="blank key")
    if _SOURCE in names and text.table.kind != "source" and not cells.get(_SOURCE):
        fix = "name one of sources.csv, or add it to a sources.csv of your own"
        yield Fault(text.file, line, "the row has no source", fix, kind="no source")
    for name in text.header:
        if cells.get(name) and name in names and name not in columns:
            what = f'our {text.table.name}.csv has no column "{name}"'
            yield Fault(text.file, line, what, "leave it out, or write a note", kind=name)


def _edit(home: Path, ours: TableText, rows: Mapping[str, _OwnRow]) -> EditedTable:
    name = ours.table.name
    text = utf8_text(read_file(home / "tables" / f"{name}.csv")).replace("\r\n", "\n")
    text += "" if text.endswith("\n") else "\n"
    known = cells_by_key(ours)
    fields = {
        key: [row.cells.get(column, "") for column in ours.header]
        for key, row in rows.items()
        if row.cells != known.get(key)
    }
    return edit_table(name, text, fields, ours.table.key_column)


def _check_copy(
    home: Path,
    schema: Schema,
    edits: Sequence[EditedTable],
    rows: Mapping[str, Mapping[str, _OwnRow]],
) -> tuple[list[Fault], tuple[Conflict, ...]]:
    """Check the tables as they would be, and find where the rows then differ from others."""
    with TemporaryDirectory(prefix="monazite-") as name:
        copy = Path(name) / "ontology"
        shutil.copytree(home, copy)
        for each in edits:
            file = copy / "tables" / f"{each.name}.csv"
            file.write_text(each.after, encoding="utf-8", newline="")
        faults = Faults(_at_home(fault, edits, rows) for fault in check(copy).faults)
        if faults:
            return faults.gathered(), ()
        tables = read_tables(copy / "tables", schema)
    brought = {f"{each.name}/{key}" for each in edits for key in each.lines.values()}
    return [], tuple(find_own_conflicts(tables.rows, schema, brought))


def _at_home(
    fault: Fault, edits: Sequence[EditedTable], rows: Mapping[str, Mapping[str, _OwnRow]]
) -> Fault:
    """A fault at the line of the reader's own file, where the row came from there."""
    for each in edits:
        if fault.file == f"{each.name}.csv" and fault.line in each.lines:
            row = rows[each.name][each.lines[fault.line]]
            return replace(fault, file=row.file, line=row.line)
    return fault


def _patch(found: Contribution, edits: Sequence[EditedTable]) -> str:
    """The diffs of all tables, headed by what they change, in lines that no patch begins with."""
    told = [f"# {found.headline()}.", *(f"# {note}" for note in found.notes)]
    for each in found.changes:
        told += [f"# {each.kind} {each.row}", *(f"#   {text}" for text in each.sentences)]
    head = "".join(f"{escaped(line)}\n" for line in told)
    diffs = "".join(each.patch(FOLDER) for each in edits)
    return f"{head}\n{diffs}" if diffs else ""
