"""Releases of the tables: what is not as it was issued is said, all of it at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from monazite.core.errors import FaultyTablesError, UnreadableError
from monazite.core.signatures import read_signing_key, sign
from monazite.data import releases
from monazite.data.columns import Schema
from monazite.data.reader import Tables
from monazite.data.releases import (
    RECORD,
    SIGNATURE,
    message_of,
    read_release,
    release_record,
    signature_file,
)
from tests.keys import write_keys

FILES = {"persons.csv": b"id,name,source\n", "prices.csv": b"row,value\na,1\n"}
GOLDEN = Path(__file__).parents[1] / "golden" / "schema-of-tables.json"


def write_release(folder: Path, key: Path | None = None) -> Path:
    (folder / "tables").mkdir(parents=True)
    for name, content in FILES.items():
        (folder / "tables" / name).write_bytes(content)
    record = release_record(FILES, issued="2026-12-24", news_read_to="2026-12-01", about={})
    (folder / RECORD).write_bytes(record)
    if key is not None:
        private = read_signing_key(key)
        signer = private.public_key().public_bytes_raw()
        content = signature_file(sign(private, message_of(record)), signer)
        (folder / SIGNATURE).write_bytes(content)
    return folder


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    private, _ = write_keys(tmp_path)
    return write_release(tmp_path / "release", private)


def faults_of(folder: Path, **given: object) -> list[str]:
    with pytest.raises(FaultyTablesError) as refused:
        read_release(folder, **given)  # type: ignore[arg-type]
    return [str(fault).removeprefix(f"{folder}{os.sep}") for fault in refused.value.faults]


def test_a_release_is_read_as_it_was_issued_and_says_who_signed(
    signed: Path, tmp_path: Path
) -> None:
    found = read_release(signed)
    assert (found.issued, found.schema, dict(found.files)) == ("2026-12-24", 1, FILES)
    assert found.sentence("new").endswith("name the key you trust: --tables-key.")
    found = read_release(signed, key=tmp_path / "key.pub")
    assert "signed by the key that was named: SHA256:" in found.sentence("new")


def test_what_nobody_signed_is_taken_only_when_asked(signed: Path, tmp_path: Path) -> None:
    (signed / SIGNATURE).unlink()
    assert faults_of(signed) == [
        f"{SIGNATURE}: the release is not signed; take it all the same with --unsigned-tables"
    ]
    assert "not signed: who issued" in read_release(signed, unsigned=True).sentence("new")
    key = tmp_path / "key.pub"
    assert "the release is not signed" in faults_of(signed, unsigned=True, key=key)[0]


def test_another_signer_than_was_named_is_refused(signed: Path, tmp_path: Path) -> None:
    _, other = write_keys(tmp_path, "other", b"cerianit" * 4)
    (fault,) = faults_of(signed, key=other, unsigned=True)
    assert "--tables-key names SHA256:" in fault


def test_all_that_is_wrong_is_said_at_once(signed: Path) -> None:
    record = json.loads((signed / RECORD).read_text("utf-8"))
    (signed / RECORD).write_text(json.dumps({**record, "schema": 9, "issued": "soon"}))
    (signed / "tables" / "persons.csv").write_bytes(b"id,name,sourze\n")
    (signed / "tables" / "prices.csv").write_bytes(b"row,value\na,11\n")
    (signed / "tables" / "more.csv").touch()
    assert [fault.partition(": ")[2] for fault in faults_of(signed, unsigned=True)] == [
        "it holds tables of schema 9, and this version knows 1; "
        "install a newer version: pip install --upgrade monazite",
        'the day "issued" is none; take the release again from who issued it',
        *_signature(faults_of(signed)),
        "the release does not list it; take it out",
        "it is not what was released; take the release again from who issued it",
        "it has 15 bytes, and 14 were released; take the release again from who issued it",
    ]


def _signature(faults: list[str]) -> list[str]:
    return [each.partition(": ")[2] for each in faults if "does not fit the record" in each]


def _link(file: Path) -> None:
    file.symlink_to(Path(os.devnull))


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a link": (_link, "it is a link, which may lead elsewhere"),
    "a pipe": (os.mkfifo, "it is a pipe and no file"),
    "a folder": (Path.mkdir, "it is a folder and no file"),
    "nothing": (lambda _: None, "cannot be read: No such file"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_stands_where_a_table_should_is_never_followed(signed: Path, kind: str) -> None:
    make, said = HOSTILE[kind]
    file = signed / "tables" / "persons.csv"
    file.unlink()
    make(file)
    (fault,) = faults_of(signed)
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
def test_a_record_of_anything_is_a_sentence(signed: Path, text: bytes) -> None:
    (signed / RECORD).write_bytes(text)
    assert faults_of(signed)


@pytest.mark.parametrize("text", [b"", b"\xff", b'{"signer": 1, "signature": 2}', b"{}"])
def test_a_signature_of_anything_is_a_sentence(signed: Path, text: bytes) -> None:
    (signed / SIGNATURE).write_bytes(text)
    assert faults_of(signed, unsigned=True) == [
        f"{SIGNATURE}: it is no signature; take the release again from who issued it"
    ]


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
