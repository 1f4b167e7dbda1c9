"""Releases of the tables: what is not as it was issued is said, all of it at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from monazite.core.errors import FaultyTablesError, UnreadableError
from monazite.data import releases
from monazite.data.columns import Schema
from monazite.data.reader import Tables
from monazite.data.releases import RECORD, read_release, release_record

FILES = {"persons.csv": b"id,name,source\n", "prices.csv": b"row,value\na,1\n"}
GOLDEN = Path(__file__).parents[1] / "golden" / "schema-of-tables.json"


def write_release(folder: Path) -> Path:
    (folder / "tables").mkdir(parents=True)
    for name, content in FILES.items():
        (folder / "tables" / name).write_bytes(content)
    record = release_record(FILES, issued="2026-12-24", news_read_to="2026-12-01", about={})
    (folder / RECORD).write_bytes(record)
    return folder


@pytest.fixture
def released(tmp_path: Path) -> Path:
    return write_release(tmp_path / "release")


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(FaultyTablesError) as refused:
        read_release(folder)
    return [str(fault).removeprefix(f"{folder}{os.sep}") for fault in refused.value.faults]


def test_a_release_is_read_as_it_was_issued_and_says_its_hash(released: Path) -> None:
    found = read_release(released)
    assert (found.issued, found.schema, dict(found.files)) == ("2026-12-24", 1, FILES)
    digest = sha256((released / RECORD).read_bytes()).hexdigest()
    assert found.sentence("new").endswith(f"release.json SHA-256 {digest}.")


def test_all_that_is_wrong_is_said_at_once(released: Path) -> None:
    record = json.loads((released / RECORD).read_text("utf-8"))
    (released / RECORD).write_text(json.dumps({**record, "schema": 9, "issued": "soon"}))
    (released / "tables" / "persons.csv").write_bytes(b"id,name,sourze\n")
    (released / "tables" / "prices.csv").write_bytes(b"row,value\na,11\n")
    (released / "tables" / "more.csv").touch()
    assert [fault.partition(": ")[2] for fault in faults_of(released)] == [
        "it holds tables of schema 9, and this version knows 1; "
        "install a newer version: pip install --upgrade monazite",
        'the day "issued" is none; take the release again from who issued it',
        "the release does not list it; take it out",
        "it is not what was released; take the release again from who issued it",
        "it has 15 bytes, and 14 were released; take the release again from who issued it",
    ]


def _link(file: Path) -> None:
    file.symlink_to(Path(os.devnull))


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link": (_link, "it is a link, which may lead elsewhere"),
    "a pipe": (os.mkfifo, "it is a pipe and no file"),
    "a folder": (Path.mkdir, "it is a folder and no file"),
    "nothing": (lambda _: None, "cannot be read: No such file"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_stands_where_a_table_should_is_never_followed(released: Path, kind: str) -> None:
    make, said = HOSTILE[kind]
    file = released / "tables" / "persons.csv"
    file.unlink()
    make(file)
    (fault,) = faults_of(released)
    assert said in fault


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b'{"format": 1, "schema": true, "tables": {}}',
        b'{"format": 1, "schema": 1, "tables": {"../../etc/passwd": {"bytes": 1, "sha256": "0"}}}',
        b'{"format": 1, "schema": 1, "issued": [], "news_read_to": "2026", "tables": {"a.csv": 7}}',
    ],
)
def test_a_record_of_anything_is_a_sentence(released: Path, text: bytes) -> None:
    (released / RECORD).write_bytes(text)
    assert faults_of(released)


def test_a_folder_that_is_no_release_is_told_what_is(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"is no release of the tables: it holds no file"):
        read_release(tmp_path)
    (tmp_path / RECORD).write_bytes(b" " * (2 << 20))
    with pytest.raises(UnreadableError, match="is larger than the record"):
        read_release(tmp_path)


def columns_of(schema: Schema) -> dict[str, list[str]]:
    return {
        name: sorted(column.name for column in table.columns)
        for name, table in sorted(schema.tables.items())
    }


def test_the_number_of_the_schema_goes_up_with_tables_and_columns(shipped: Tables) -> None:
    now = {"schema": releases.SCHEMA, "tables": columns_of(shipped.schema)}
    if os.environ.get("MONAZITE_UPDATE_SCHEMA") == "1":
        GOLDEN.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == now, (
        "tables or columns changed: if a release with the old ones went out, raise SCHEMA of "
        "graph/monazite/data/releases.py; MONAZITE_UPDATE_SCHEMA=1 writes the list again"
    )
