"""A file of a source as records, read one at a time: texts with a header, JSON, and workbooks."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import stat
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from monazite.core.errors import (
    BadCellError,
    BadFileError,
    Fault,
    Faults,
    FaultyTablesError,
    UnreadableError,
    did_you_mean,
)
from monazite.core.files import kind_of
from monazite.core.formats import counted, escaped, grouped
from monazite.core.results import Struct
from monazite.data.bounds import CELL_CHARACTERS, COLUMNS, Budget, wrong_line
from monazite.data.own_files import PACKED, SEPARATORS, folded, has_name, read_file, which_command
from monazite.data.workbook import Cells, Value, Workbook, find_wrong_cell

_READ_AT_ONCE = 1 << 16
_LONGEST = 1 << 22  # characters of one item, and of what may stand before the array
_FIX = "export it again, whole"


class _JsonText:
    """The text of JSON from where it is read, block by block."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text, self._decoder = text, json.JSONDecoder()
        self.held, self.line = "", 1

    def pass_over(self, pattern: str, what: str, fix: str) -> None:
        """Pass over all up to the end of what a pattern finds."""
        while (found := re.search(pattern, self.held)) is None:
            if not self._read():
                raise BadFileError(what, fix, self.line)
        self._drop(found.end())

    def take(self) -> object:
        """Decode one item."""
        wrong = ""
        while True:
            try:
                item, end = self._decoder.raw_decode(self.held)
            except (json.JSONDecodeError, RecursionError) as error:
                item, end = None, -1
                wrong = str(getattr(error, "msg", "it is too deep"))
            if 0 <= end < len(self.held):
                self._drop(end)
                return item
            if not self._read():
                what = f"broken JSON: {wrong}" if end < 0 else "the JSON ends within its array"
                raise BadFileError(what, _FIX, self.line)

    def _read(self) -> bool:
        block = "" if len(self.held) > _LONGEST else self._text.read(_READ_AT_ONCE)
        self.held += block
        return bool(block)

    def _drop(self, end: int) -> None:
        self.line += self.held.count("\n", 0, end)
        self.held = self.held[end:]


def json_items(text: io.TextIOBase) -> Iterator[tuple[int, object]]:
    """Yield the line on which an item ends, and the item.

    The array is that of ``data`` or ``bindings``, or the text itself. Where its first item is an
    object and its second an array (pages of the World Bank), the items of that one alone follow.
    """
    read = _JsonText(text)
    begin = r'"(?:data|bindings|dataset)"\s*:\s*\[|\A\s*\['
    fix = "export it as records: data, results or a list"
    read.pass_over(begin, "no array of records is in the JSON", fix)
    begun = False
    first: tuple[int, object] | None = None
    while True:
        read.pass_over(r"\A[\s,]*(?=[^\s,])", "the JSON ends within its array", _FIX)
        if first is not None and read.held[:1] == "[" and isinstance(first[1], dict):
            first, read.held = None, read.held[1:]  # it spoke of pages, and the records follow
            continue
        if first is not None:
            yield first
            first = None
        if read.held[:1] == "]":
            return
        item = read.take()
        if begun:
            yield read.line, item
        else:
            begun, first = True, (read.line, item)


def json_lines(text: io.TextIOBase) -> Iterator[tuple[int, object]]:
    """Yield the number of each line that is not blank, and the JSON on it."""
    number = 0
    while line := text.readline(_LONGEST):
        number += 1
        if len(line) >= _LONGEST:
            what = f"the line has more than {grouped(_LONGEST)} characters"
            raise BadFileError(what, "write one entity a line", number)
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            wrong = getattr(error, "msg", "it is too deep")
            raise BadFileError(f"broken JSON: {wrong}", "write one entity a line", number) from None


_HEAD = 30  # lines among which the header is looked for: titles and dates may stand above it
csv.field_size_limit(CELL_CHARACTERS)


class SourceFile(Struct):
    """A file that was looked through once."""

    path: Path
    digest: str
    encoding: str

    @property
    def is_json(self) -> bool:
        """Whether its text begins as JSON does."""
        with self.path.open(encoding=self.encoding, errors="replace") as text:
            return text.read(200).lstrip()[:1] in {"{", "["} if self.encoding else False


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One record of a file: where it stands, and its cells by the folded names of its columns."""

    place: str
    line: int
    cells: Mapping[str, str]

    def text(self, name: str, *others: str) -> str:
        """Return the first of some cells that is not blank, or an empty text."""
        return self.cells.get(name) or (self.text(*others) if others else "")


def look_through(path: Path, encodings: Sequence[str] = ()) -> SourceFile:
    """Hash a file and find its encoding, block by block."""
    name = escaped(str(path))
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise UnreadableError(f"{name} is {kind_of(mode)}; name the file of the source.")
        if path.suffix.lower() in PACKED:
            raise UnreadableError(f"{name} is packed; unpack it, and import what is in it.")
        with path.open("rb") as opened:
            head = opened.read(2)
            opened.seek(0)
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        own = "utf-16" if head in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        tried = () if head == b"PK" else (own, *encodings)
        encoding = next((each for each in tried if not wrong_line(path, each)), "")
        line = wrong_line(path, own) if tried and not encoding else 0
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise UnreadableError(f"{name} cannot be read: {reason}.") from None
    if line:
        what = f"the text is not {' or '.join(['UTF-8', *encodings])}"
        raise FaultyTablesError([Fault(str(path), line, what, "save it as UTF-8")])
    return SourceFile(path, digest, encoding)


def read_records(
    source: SourceFile, needed: Sequence[str], faults: Faults
) -> Iterator[SourceRecord]:
    """Yield the records of a file, one at a time; what is wrong is added to the faults."""
    try:
        if not source.encoding:
            yield from _of_workbook(source, needed, faults)
        elif source.is_json:
            yield from _of_json(source, needed, faults)
        else:
            yield from _of_text(source, needed, faults)
    except BadFileError as bad:
        faults.append(Fault(str(source.path), bad.line, bad.what, bad.fix))
    except OSError as error:
        name = escaped(str(source.path))
        raise UnreadableError(f"{name} cannot be read: {error.strerror}.") from None


@contextmanager
def open_text(source: SourceFile) -> Iterator[io.TextIOBase]:
    """Open the text of a file; a pipe that took its place is not waited for."""
    if not source.encoding:
        raise BadFileError("it is a workbook and no text", "export it as a text")
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(source.path, flags), encoding=source.encoding, newline="") as text:  # noqa: PTH123
        yield text


def _of_text(source: SourceFile, needed: Sequence[str], faults: Faults) -> Iterator[SourceRecord]:
    place = str(source.path)
    with open_text(source) as text:
        head = [line for _, line in zip(range(_HEAD), text, strict=False)]
        tried = [(at, mark) for at in range(len(head)) for mark in SEPARATORS]
        best = _most_needed([head[at].split(mark) for at, mark in tried], needed)
        if best is None and not any(map(str.strip, head)):
            faults.append(Fault(place, 1, "the file is empty", "get it again"))
            return
        if best is None:
            fix = which_command(source.path) or f"the header names {_listed(needed)}"
            what = "no line is the header of this kind of file"
            faults.append(Fault(place, 1, what, fix))
            return
        at, mark = tried[best]
        reader = csv.reader(chain(head[at:], text), delimiter=mark, strict=True)
        yield from _records(_numbered(reader, at), needed, place, faults)


def _numbered(reader: Any, before: int) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 - of csv
    try:
        for fields in reader:
            yield before + reader.line_num, fields
    except csv.Error as error:
        line = before + reader.line_num
        raise BadFileError(f"wrong quoting: {error}", "mend the quotes of this row", line) from None


def _records(
    lines: Iterator[tuple[int, list[str]]], needed: Sequence[str], place: str, faults: Faults
) -> Iterator[SourceRecord]:
    """Yield the records below a header, which is the first line."""
    first, header = next(lines)
    names = [folded(name) for name in header]
    if wrong := [*_wrong_header(place, first, names, needed)]:
        faults += wrong
        return
    wide = len(names)
    for line, fields in lines:
        if not any(map(str.strip, fields)):
            continue
        if len(fields) != wide and (len(fields) < wide or any(map(str.strip, fields[wide:]))):
            stand = counted(len(fields), "field stands", "fields stand")
            what = f"{stand} where the header has {grouped(wide)}"
            faults.append(Fault(place, line, what, "check commas and quotes", kind="fields"))
            continue
        cells = {name: field.strip() for name, field in zip(names, fields, strict=False)}
        yield SourceRecord(place, line, cells)


def _wrong_header(
    place: str, line: int, names: list[str], needed: Sequence[str]
) -> Iterator[Fault]:
    if len(names) > COLUMNS:
        what = (
            f"the header has {grouped(len(names))} columns, and no more than {grouped(COLUMNS)} "
            "are read"
        )
        yield Fault(place, line, what, "take out what is not needed")
        return
    for name in needed:
        if not _has(frozenset(names), name):
            fix = did_you_mean(folded(name.split("|")[0]), names) or "export it with that column"
            yield Fault(place, line, f'the column "{name.replace("|", " or ")}" is missing', fix)
    for name in sorted({each for each in names if each and names.count(each) > 1}):
        yield Fault(place, line, f'the column "{name}" stands twice', "take one out")


def _has(names: frozenset[str], wanted: str) -> bool:
    return any(has_name(names, each) for each in wanted.split("|"))


def _most_needed(rows: list[list[str]], needed: Sequence[str]) -> int | None:
    """The first row that has most of the needed columns, and half of them at least."""
    names = (frozenset(map(folded, row)) for row in rows)
    hits = [sum(_has(own, name) for name in needed) for own in names]
    best = max(range(len(hits)), key=lambda at: (hits[at], -at), default=None)
    return best if best is not None and hits[best] * 2 >= len(needed) else None


def _listed(needed: Sequence[str]) -> str:
    return ", ".join(name.replace("|", " or ") for name in needed)


def _of_json(source: SourceFile, needed: Sequence[str], faults: Faults) -> Iterator[SourceRecord]:
    """Yield objects of an array, or its lists below the first, which is the header."""
    place, checked = str(source.path), False
    names: list[str] = []
    with open_text(source) as text:
        for number, (line, item) in enumerate(json_items(text), 1):
            is_header = isinstance(item, list) and not names
            if isinstance(item, list) and is_header:
                names = [folded(_text(cell)) for cell in item]
            cells = {} if is_header else _cells(item, names)
            if cells is None:
                what = f"record {grouped(number)} is no object"
                faults.append(Fault(place, line, what, "export it again", kind="no object"))
                continue
            if not checked and (is_header or cells):
                checked = True
                if wrong := [*_wrong_header(place, line, [*cells] or names, needed)]:
                    faults += wrong
                    return
            if not is_header:
                yield SourceRecord(place, line, cells)


def _cells(item: object, names: list[str]) -> dict[str, str] | None:
    if isinstance(item, dict):
        return {folded(str(key)): _text(value) for key, value in item.items()}
    if isinstance(item, list) and len(item) == len(names):
        return dict(zip(names, map(_text, item), strict=True))
    return None


def _text(value: object) -> str:
    """A value of JSON as a cell; of an object its id or value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _text(value.get("id", value.get("value", "")))
    return json.dumps(value) if isinstance(value, list) else str(value).strip()


def _of_workbook(
    source: SourceFile, needed: Sequence[str], faults: Faults
) -> Iterator[SourceRecord]:
    book = Workbook(read_file(source.path), Budget())
    read = [sheet for sheet in book.sheets if sheet.kind == "worksheet"]
    headed = 0
    for sheet in read:
        place = f"{source.path}, sheet {sheet.name}"
        cells = book.cells(sheet, computed=True)
        numbers = sorted(cells)
        at = _most_needed([_fields(cells[number]) for number in numbers[:_HEAD]], needed)
        if at is not None:
            headed += 1
            lines = _sound_lines(cells, numbers[at:], place, faults)
            if find_wrong_cell(cells[numbers[at]]) is None:
                yield from _records(lines, needed, place, faults)
            else:
                deque(lines, maxlen=0)
    if not headed:
        names = ", ".join(sheet.name for sheet in book.sheets[:5])
        what = f"no sheet that is read has the header of this kind of file (sheets: {names})"
        faults.append(Fault(str(source.path), 0, what, f"the header names {_listed(needed)}"))


def _sound_lines(
    cells: Cells, numbers: list[int], place: str, faults: Faults
) -> Iterator[tuple[int, list[str]]]:
    """Yield lines of a sheet, as wide as the header at least; one whose cell is none is a fault."""
    width = max(cells[numbers[0]])
    for number in numbers:
        if wrong := find_wrong_cell(cells[number]):
            faults.append(Fault(place, number, wrong.what, wrong.fix, kind=wrong.fix))
            continue
        fields = _fields(cells[number])
        yield number, fields + [""] * (width - len(fields))


def _fields(row: Mapping[int, Value]) -> list[str]:
    """The cells of a row as texts; one that has none is blank."""
    found = (row.get(at, "") for at in range(1, max(row) + 1))
    return ["" if isinstance(value, BadCellError) else value.strip() for value in found]
