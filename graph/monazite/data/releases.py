"""A release of the tables: a folder that says what it holds, and of which day.

``release.json`` names every file of ``tables/`` with its hash, so that its own hash is that of the
release. Newer rows need no newer code: what a version must know of them is the number of their
schema. A folder from elsewhere is only read, and all that is wrong with it is said at once.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from monazite.core.errors import BadDateError, Fault, FaultyTablesError, UnreadableError
from monazite.core.files import kind_of, read_bounded, read_plain
from monazite.core.formats import escaped, grouped
from monazite.data.bounds import FILE_BYTES, FILES
from monazite.data.dates import date_bounds

RECORD, TABLES = "release.json", "tables"
FORMAT = 1
"""Of the record."""
SCHEMA = 1
"""Of the tables: goes up when a table or column comes, goes or is renamed after a release."""
_MOST = 1 << 20
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}\.csv")
_HASH = re.compile(r"[0-9a-f]{64}")
_AGAIN = "take the release again from who issued it"
_NEWER = "install a newer version: pip install --upgrade monazite"


@dataclass(frozen=True)
class Release:
    """The tables of a release, as they were read and checked.

    Attributes:
        news_read_to: the day of the newest news that they could take in.
        files: what is in each table, by the name of its file.
        hash: SHA-256 of its record.
    """

    issued: str
    news_read_to: str
    schema: int
    files: Mapping[str, bytes]
    hash: str

    def sentence(self, name: str) -> str:
        """Say which release it is."""
        return f"Tables of {escaped(name)}: release of {self.issued}, {RECORD} SHA-256 {self.hash}."


def is_release(folder: Path) -> bool:
    """Tell whether a folder says that it is a release."""
    try:
        return stat.S_ISREG((folder / RECORD).lstat().st_mode)
    except (OSError, ValueError):
        return False


def read_release(folder: Path) -> Release:
    """Read a release, and refuse it with all that is wrong."""
    if not is_release(folder):
        raise UnreadableError(
            f"{escaped(str(folder))} is no release of the tables: it holds no file {RECORD}; "
            "monazite release writes one, and --data adds tables of your own."
        )
    content = read_bounded(folder / RECORD, _MOST, "is larger than the record of a release can be.")
    record, faults = _record(content, str(folder / RECORD))
    files: dict[str, bytes] = {}
    if isinstance(record.get("tables"), dict):
        faults += _read_files(folder / TABLES, record["tables"], files)
    if faults:
        raise FaultyTablesError(faults)
    return Release(
        issued=record["issued"],
        news_read_to=record["news_read_to"],
        schema=record["schema"],
        files=files,
        hash=sha256(content).hexdigest(),
    )


def release_record(
    files: Mapping[str, bytes], *, issued: str, news_read_to: str, about: Mapping[str, str]
) -> bytes:
    """Return the record of a release; the same tables give the same bytes."""
    record = {
        **about,
        "format": FORMAT,
        "schema": SCHEMA,
        "issued": issued,
        "news_read_to": news_read_to,
        "tables": {
            name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
            for name, content in files.items()
        },
    }
    return (json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _record(content: bytes, place: str) -> tuple[dict[str, Any], list[Fault]]:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        return {}, [Fault(place, 0, "it is no JSON object", _AGAIN)]
    return read, list(_faults_of(read, place))


def _faults_of(record: dict[str, Any], place: str) -> Iterator[Fault]:
    known_numbers = ("format", FORMAT, "a record of format"), ("schema", SCHEMA, "tables of schema")
    for name, known, what in known_numbers:
        number = record.get(name)
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            yield Fault(place, 0, f"it names no {name}", _AGAIN)
        elif number > known:
            said = f"it holds {what} {number}, and this version knows {known}"
            yield Fault(place, 0, said, _NEWER)
    for name in ("issued", "news_read_to"):
        if not _is_day(record.get(name)):
            yield Fault(place, 0, f'the day "{name}" is none', _AGAIN)
    tables = record.get("tables")
    if not isinstance(tables, dict) or not 0 < len(tables) <= FILES:
        yield Fault(place, 0, "it lists no tables", _AGAIN)


def _is_day(text: object) -> bool:
    if not isinstance(text, str) or len(text) != len("2026-11-24"):
        return False
    try:
        date_bounds(text)
    except BadDateError:
        return False
    return True


def _read_files(folder: Path, listed: dict[str, Any], files: dict[str, bytes]) -> Iterator[Fault]:
    """Read the tables that a record lists into ``files``; yield what is not as it says."""
    left = FILE_BYTES
    for name, entry in sorted(listed.items()):
        if not _NAME.fullmatch(name) or not _is_entry(entry):
            yield Fault(str(folder / "release"), 0, f'"{name}" names no table', _AGAIN)
            continue
        content, wrong = _read_table(folder / name, entry, left)
        left -= len(content)
        if wrong:
            yield Fault(str(folder / name), 0, wrong, _AGAIN)
        else:
            files[name] = content
    try:
        others = sorted(each.name for each in folder.iterdir() if each.suffix == ".csv")
    except OSError:
        others = []
    for name in others:
        if name not in listed:
            yield Fault(str(folder / name), 0, "the release does not list it", "take it out")


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("bytes"), int)
        and isinstance(entry.get("sha256"), str)
        and bool(_HASH.fullmatch(entry["sha256"]))
    )


def _read_table(file: Path, entry: dict[str, Any], left: int) -> tuple[bytes, str]:
    """What is in a table, and what is wrong with it."""
    try:
        found = file.lstat()
        if stat.S_ISLNK(found.st_mode):
            return b"", "it is a link, which may lead elsewhere"
        if not stat.S_ISREG(found.st_mode):
            return b"", f"it is {kind_of(found.st_mode)} and no file"
        if found.st_size != entry["bytes"]:
            return (
                b"",
                f"it has {grouped(found.st_size)} bytes, and {grouped(entry['bytes'])} were "
                "released",
            )
        if found.st_size > left:
            return b"", f"all tables have more than {FILE_BYTES >> 20} MB"
        content = read_plain(file, found.st_size)
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"
    if sha256(content).hexdigest() != entry["sha256"]:
        return b"", "it is not what was released"
    return content, ""
