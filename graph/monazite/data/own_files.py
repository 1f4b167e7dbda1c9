"""What the files of a reader's own data are: decided here for whoever reads or hashes them."""

from __future__ import annotations

import csv
import re
import shlex
import stat
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from monazite.core.errors import BadFileError, Fault, FaultyTablesError, UnreadableError
from monazite.core.files import kind_of, read_plain
from monazite.core.formats import escaped, first_rows, grouped
from monazite.core.package import ontology_folder
from monazite.core.results import Struct
from monazite.data.bounds import FILE_BYTES, FILES, SMALLER, Budget

_HEAD_BYTES = 1 << 16  # of a file, in which its headers stand
_HEAD_LINES = 30
SEPARATORS = (",", ";", "\t", "|")
PACKED = (".zip", ".gz", ".7z", ".bz2", ".xz", ".rar", ".tar")
_RECORDS = frozenset({"exporter", "importer", "date"})  # columns by which customs records are known
_NAME = re.compile(r"[A-Za-z_]{1,60}$")
_QUOTED = re.compile(r'"([^"\\\n]{1,80})"')


class ImportKind(Struct):
    """A kind of file that ``monazite import`` reads."""

    name: str
    publisher: str
    title: str
    url: str
    source_kind: str
    tier: str
    licence: str
    given_on: str
    terms: str
    terms_read: str
    marks: tuple[tuple[str, ...], ...]  # columns that tell a file; any of the groups will do
    encodings: tuple[str, ...]
    hosts: tuple[str, ...]
    address: str
    by_hand: str  # why it is not fetched, and what to do

    def fits(self, names: frozenset[str]) -> bool:
        """Tell whether folded names hold the marks of this kind."""
        return any(all(has_name(names, mark) for mark in group) for group in self.marks)


def has_name(names: frozenset[str], mark: str) -> bool:
    """Tell whether a mark is among names; one that ends in ``*`` is the beginning of one."""
    wanted = folded(mark)
    if wanted.endswith("*"):
        return any(name.startswith(wanted[:-1]) for name in names)
    return wanted in names


def folded(name: str) -> str:
    """Return a header as it is compared: no quotes, blanks at its ends, or capitals."""
    return " ".join(name.strip(" \t\r\n\"'\ufeff").split()).casefold()


@cache
def read_kinds() -> dict[str, ImportKind]:
    """Read the kinds, in the order of their file."""
    found = {}
    for row in rows_of(ontology_folder() / "imports" / "kinds.csv"):
        told: dict[str, Any] = dict(row, name=row.pop("kind"))
        told["marks"] = tuple(tuple(group.split(";")) for group in row["marks"].split("|"))
        for name in ("encodings", "hosts"):
            told[name] = tuple(filter(None, row[name].split(";")))
        found[told["name"]] = ImportKind(**told)
    return found


def rows_of(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table that is shipped."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def kind_of_file(file: Path) -> ImportKind | None:
    """Return the kind that a file is of, by its headers; None where it is of none."""
    for kind in read_kinds().values():
        if any(map(kind.fits, _heads_of(file, kind.encodings))):
            return kind
    return None


def has_our_columns(file: Path) -> bool:
    """Tell whether a file has the columns that all tables of ours have, whatever its name is."""
    return any(
        not names.isdisjoint({"row", "id"}) and not names.isdisjoint({"source", "publisher"})
        for names in _heads_of(file)
    )


def _heads_of(file: Path, encodings: tuple[str, ...] = ()) -> list[frozenset[str]]:
    """Names of columns that a file may have, folded; none of a file that cannot be read."""
    try:
        content = read_plain(file, _HEAD_BYTES)[:_HEAD_BYTES]
    except (OSError, ValueError):
        return []
    if content[:2] == b"PK":
        book = _read_workbook(file)
        return book[1] if book else []
    return _heads_of_bytes(content, encodings)


@lru_cache(maxsize=32)
def _heads_of_bytes(content: bytes, encodings: tuple[str, ...]) -> list[frozenset[str]]:
    """The heads of a text in UTF-8, in UTF-16 that says so, or in another encoding."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return heads_of_text(content.decode("utf-16", "replace"))
    plain = heads_of_text(content.decode("utf-8-sig", "replace"))
    others = [heads_of_text(content.decode(each, "replace")) for each in encodings]
    return sum(others, plain)


def heads_of_text(text: str) -> list[frozenset[str]]:
    """Return the names of columns that the beginning of a text may have: one set for each way."""
    if text.lstrip()[:1] in {"{", "["}:
        return [frozenset(map(folded, _QUOTED.findall(text)))]
    return [
        frozenset(map(folded, line.split(mark)))
        for line in text.splitlines()[:_HEAD_LINES]
        for mark in SEPARATORS
        if mark in line
    ]


@lru_cache(maxsize=4)
def _read_workbook(file: Path) -> tuple[list[str], list[frozenset[str]]] | None:
    """Names of the sheets of a workbook, and what columns may be named; None where it is none."""
    from monazite.data.workbook import Workbook

    try:
        book = Workbook(read_file(file), Budget())
        first = [book.cells(sheet) for sheet in book.sheets[:3] if sheet.kind == "worksheet"]
    except (OSError, BadFileError):
        return None
    return [sheet.name for sheet in book.sheets], [
        frozenset(folded(str(cell)) for cell in cells[number].values())
        for cells in first
        for number in sorted(cells)[:_HEAD_LINES]
    ]


def is_ours(file: Path) -> bool:
    """Tell whether a file has the name of a table, or a workbook a sheet that has one."""
    names = [file.stem]
    if file.suffix.lower() == ".xlsx" and file.is_file():  # no pipe is waited for
        if (book := _read_workbook(file)) is None:
            return True  # what is no workbook is told of by who reads it
        names = book[0]
    shapes = ontology_folder() / "shapes"
    return any((shapes / f"{name.lower()}.ttl").is_file() for name in names if _NAME.match(name))


def which_import(place: Path) -> str:
    """Say which kind of import reads a file or folder; an empty text if none does."""
    for file in _looked_at(place):
        if file.is_file() and (kind := kind_of_file(file)):
            return (
                f"{escaped(file.name)} looks like a file of {kind.publisher}: read it with "
                f"monazite import {kind.name} {escaped(shlex.quote(str(file)))} -o DIR"
            )
    return ""


def _looked_at(place: Path) -> list[Path]:
    return sorted(place.iterdir())[:50] if place.is_dir() else [place]


def which_command(place: Path) -> str:
    """Say which command reads a file or folder of another source; an empty text if none does."""
    if told := which_import(place):
        return told
    files = _looked_at(place)
    for file in files:
        if file.suffix.lower() == ".parquet" or any(map(_RECORDS.issubset, _heads_of(file))):
            return (
                f"{escaped(file.name)} looks like customs records: sum them with "
                f"monazite trade aggregate {escaped(shlex.quote(str(file)))} -o DIR"
            )
    for file in files:
        if file.suffix.lower() in PACKED:
            return f"{escaped(file.name)} is packed: unpack it, and import what is in it"
    return ""


DEFAULT_FOLDER = Path("own-tables")  # where tables go if nobody says
ENDINGS = (".csv", ".xlsx")  # endings of tables, in small letters or capitals


def table_files(ontology: Path) -> list[Path]:
    """Return the files of the tables of an ontology folder."""
    return sorted((ontology / "tables").glob("*.csv"))


_SAVE = "save each table as CSV or XLSX"
_WHAT_IS_READ = f"a table is a file that ends in {' or '.join(ENDINGS)} and begins with no . or ~$"


class OwnFiles(Struct):
    """The files of a reader's own data: tables, and sorted names of what else is in the folder."""

    tables: tuple[Path, ...]
    unread: tuple[str, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """Say what is in the folder and not read; nothing where all of it is."""
        told = f"Not read: {_listed(self.unread)}; {_WHAT_IS_READ}."
        return (told,) if self.unread else ()


def find_own_files(data: Path) -> OwnFiles:
    """Find the tables of a folder, or a file that is one; not what begins with ``.`` or ``~$``."""
    name = escaped(str(data))
    try:
        mode = data.stat().st_mode
        found = sorted(data.iterdir()) if stat.S_ISDIR(mode) else [data]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise UnreadableError(f"{name} cannot be read: {reason}.") from None
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise UnreadableError(f"{name} is {kind_of(mode)}; name a folder or a file of tables.")
    tables = [file for file in found if _is_table(file)]
    unread = tuple(file.name for file in found if not _is_table(file))
    if not tables and (told := which_command(data)):
        raise UnreadableError(f"{name} holds no table of ours. {told}.")
    if not tables and stat.S_ISDIR(mode):
        there = f" in {_listed(unread)}" if unread else ""
        raise UnreadableError(f"{name} holds no table{there}; {_WHAT_IS_READ}: {_SAVE}.")
    if not tables:
        raise UnreadableError(f"{name} is no table; {_WHAT_IS_READ}: {_SAVE}.")
    if faults := [*_faults_of(data, tables)]:
        raise FaultyTablesError(faults)
    return OwnFiles(tuple(tables), unread)


def _is_table(file: Path) -> bool:
    return file.suffix.lower() in ENDINGS and not file.name.startswith((".", "~$"))


def _listed(names: tuple[str, ...]) -> str:
    return first_rows([escaped(name) for name in names])


def _faults_of(data: Path, tables: list[Path]) -> Iterator[Fault]:
    if len(tables) > FILES:
        what = (
            f"{grouped(len(tables))} tables are there, and no more than {grouped(FILES)} are read"
        )
        yield Fault(str(data), 0, what, "put the rows of a table into one file")
        return
    size = 0
    for file in tables:
        try:
            found = file.stat()
        except OSError as error:
            yield Fault(str(file), 0, f"cannot be read: {error.strerror}", "check the file")
            continue
        size += found.st_size
        if not stat.S_ISREG(found.st_mode):
            what = f"it is {kind_of(found.st_mode)} and no file"
            yield Fault(str(file), 0, what, "take it out, or write the table there")
        elif not (is_ours(file) and has_our_columns(file)) and (told := which_command(file)):
            yield Fault(str(file), 0, "it is no table of ours", told)
    if size > FILE_BYTES:
        yield Fault(str(data), 0, *_too_big(size))


def _too_big(size: int) -> tuple[str, str]:
    said = f"the tables have {grouped(size)} bytes, and no more than {FILE_BYTES >> 20} MB are read"
    return said, SMALLER


def read_file(file: Path) -> bytes:
    """Return what is in a plain file, and in nothing that has taken its place."""
    size = file.stat().st_size
    content = b"" if size > FILE_BYTES else read_plain(file, FILE_BYTES)
    if (size := max(size, len(content))) > FILE_BYTES:
        raise BadFileError(*_too_big(size))
    return content
