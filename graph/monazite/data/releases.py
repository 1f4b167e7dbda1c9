"""A release of the tables: a folder that says what it holds, and of which day.

``release.json`` names every file of ``tables/`` with its hash, so that its own hash is that of the
release. Newer rows need no newer code: what a version must know of them is the number of their
schema. A folder from elsewhere is only read, and all that is wrong with it is said at once.
"""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from monazite.core.errors import BadDateError, Fault, FaultyTablesError, UnreadableError
from monazite.core.files import kind_of, read_bounded, read_plain
from monazite.core.formats import escaped, grouped
from monazite.core.package import ontology_folder
from monazite.core.results import Struct
from monazite.data.bounds import FILE_BYTES, FILES
from monazite.data.columns import read_schema
from monazite.data.dates import date_bounds
from monazite.data.own_files import read_file, table_files
from monazite.data.vocabulary import read_title

RECORD, TABLES = "release.json", "tables"
FORMAT = 1  # of the record
SCHEMA = 1  # of the tables: goes up when a table or column comes, goes or is renamed
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}\.csv")
_AGAIN = "take the release again from who issued it"


class Release(Struct):
    """The tables of a release, as they were read and checked."""

    issued: str
    news_read_to: str  # the day of the newest news that they could take in
    schema: int
    files: Mapping[str, bytes]  # what is in each table, by the name of its file
    hash: str  # SHA-256 of its record

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
    content = read_bounded(
        folder / RECORD, 1 << 20, "is larger than the record of a release can be."
    )
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        record = None
    faults = [*_faults_of(record, str(folder / RECORD))]
    files: dict[str, bytes] = {}
    if isinstance(record, dict) and isinstance(record.get("tables"), dict):
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


def _faults_of(record: Any, place: str) -> Iterator[Fault]:  # noqa: ANN401 - whatever is there
    if not isinstance(record, dict):
        yield Fault(place, 0, "it is no JSON object", _AGAIN)
        return
    known_numbers = ("format", FORMAT, "a record of format"), ("schema", SCHEMA, "tables of schema")
    for name, known, what in known_numbers:
        number = record.get(name)
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            yield Fault(place, 0, f"it names no {name}", _AGAIN)
        elif number > known:
            said = f"it holds {what} {number}, and this version knows {known}"
            fix = "install a newer version: pip install --upgrade monazite"
            yield Fault(place, 0, said, fix)
    for name in ("issued", "news_read_to"):
        day = record.get(name)
        try:
            is_day = isinstance(day, str) and len(day) == len("2026-11-24") and date_bounds(day)
        except BadDateError:
            is_day = False
        if not is_day:
            yield Fault(place, 0, f'the day "{name}" is none', _AGAIN)
    tables = record.get("tables")
    if not isinstance(tables, dict) or not 0 < len(tables) <= FILES:
        yield Fault(place, 0, "it lists no tables", _AGAIN)


def _read_files(folder: Path, listed: dict[str, Any], files: dict[str, bytes]) -> Iterator[Fault]:
    """Read the tables that a record lists into ``files``; yield what is not as it says."""
    left = FILE_BYTES
    for name, entry in sorted(listed.items()):
        told: Any = entry if isinstance(entry, dict) else {}
        size, digest = told.get("bytes"), told.get("sha256")
        is_named = isinstance(size, int) and _NAME.fullmatch(name)
        if not is_named or not re.fullmatch(r"[0-9a-f]{64}", f"{digest}"):
            yield Fault(str(folder / "release"), 0, f'"{name}" names no table', _AGAIN)
            continue
        content, wrong = _read_table(folder / name, size, f"{digest}", left)
        left -= len(content)
        if wrong:
            yield Fault(str(folder / name), 0, wrong, _AGAIN)
        else:
            files[name] = content
    with suppress(OSError):
        for name in sorted(each.name for each in folder.iterdir() if each.suffix == ".csv"):
            if name not in listed:
                yield Fault(str(folder / name), 0, "the release does not list it", "take it out")


def _read_table(file: Path, size: int, digest: str, left: int) -> tuple[bytes, str]:
    """What is in a table, and what is wrong with it."""
    try:
        found = file.lstat()
        if stat.S_ISLNK(found.st_mode):
            return b"", "it is a link, which may lead elsewhere"
        if not stat.S_ISREG(found.st_mode):
            return b"", f"it is {kind_of(found.st_mode)} and no file"
        if found.st_size != size:
            return b"", f"it has {grouped(found.st_size)} bytes, and {grouped(size)} were released"
        if found.st_size > left:
            return b"", f"all tables have more than {FILE_BYTES >> 20} MB"
        content = read_plain(file, found.st_size)
    except OSError as error:
        return b"", f"cannot be read: {error.strerror}"
    same = sha256(content).hexdigest() == digest
    return (content, "") if same else (b"", "it is not what was released")


_COPY, _DATASET = "ontology", "dataset.ttl"
_DAYS = {"issued": "dcterms:issued", "news_read_to": "mz:newsReadTo"}
_HELD: dict[str, TemporaryDirectory[str]] = {}  # folders by what is in them, until the process ends


def ontology_of(release: Release) -> Path:
    """Return a folder with the tables of a release; those newer than its schema have no rows."""
    ontology = ontology_folder()
    files = dict(release.files)
    for name, table in read_schema(ontology).tables.items() if release.schema < SCHEMA else ():
        header = ",".join(column.name for column in table.columns)
        files.setdefault(f"{name}.csv", f"{header}\n".encode())
    days = {name: getattr(release, name) for name in _DAYS}
    if files == shipped_files(ontology) and days == days_of(ontology):
        return ontology
    return _with_tables(ontology, files, days)


def ontology_with(tables: Path) -> Path:
    """Return an ontology folder with the tables of a folder, of which nothing is vouched for."""
    ontology = ontology_folder()
    files = {file.name: read_file(file) for file in sorted(tables.glob("*.csv"))}
    return ontology if files == shipped_files(ontology) else _with_tables(ontology, files, {})


def shipped_files(ontology: Path) -> dict[str, bytes]:
    """Return what is in each table of an ontology folder, by the name of its file."""
    return {file.name: file.read_bytes() for file in table_files(ontology)}


def days_of(ontology: Path) -> dict[str, str]:
    """Return the day of the release of an ontology folder, and to which day news was read."""
    text = (ontology / _DATASET).read_text(encoding="utf-8")
    found = ((name, _literal(term).search(text)) for name, term in _DAYS.items())
    return {name: match[2] for name, match in found if match}


def dataset_about(ontology: Path) -> dict[str, str]:
    """Return title and licence of the tables of an ontology folder."""
    found = read_title(read_schema(ontology))
    return {"title": found.title, "licence": found.licence}


def _literal(term: str) -> re.Pattern[str]:
    return re.compile(rf'({re.escape(term)} ")([0-9-]+)("\^\^xsd:date)')


def _with_tables(ontology: Path, files: Mapping[str, bytes], days: Mapping[str, str]) -> Path:
    hashes = sorted((file, sha256(content).hexdigest()) for file, content in files.items())
    name = repr((str(ontology), sorted(days.items()), hashes))
    if name in _HELD:
        return Path(_HELD[name].name) / _COPY
    held = TemporaryDirectory(prefix="monazite-", ignore_cleanup_errors=True)
    copy = Path(held.name) / _COPY
    out = ["tables", "ranges"]  # the shipped tables, and the ranges that were drawn of them
    shutil.copytree(ontology, copy, ignore=lambda at, _: out if Path(at) == ontology else [])
    (copy / "tables").mkdir(exist_ok=True)
    for file, content in files.items():
        (copy / "tables" / file).write_bytes(content)
    text = (copy / _DATASET).read_text(encoding="utf-8")
    for each, day in days.items():
        text = _literal(_DAYS[each]).sub(rf"\g<1>{day}\g<3>", text)
    (copy / _DATASET).write_text(text, encoding="utf-8", newline="")
    _HELD[name] = held
    return copy
