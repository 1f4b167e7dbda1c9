"""What a reader's own data is: read, refused or named as not read, by reader and hash alike."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from monazite.errors import BadFileError, MonaziteError
from monazite.rows import own_files
from monazite.rows.columns import read_schema
from monazite.rows.own_files import find_own_files, read_file
from monazite.rows.reader import read_tables
from monazite.triples.cache import content_hash
from monazite.triples.opening import open_store

ROWS = "row,owner,owned,share_percent,status,valid_from,source\n"
ROW = "us-kuantan,lynas,kuantan-east,51,stated,2026-02,annual\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def pipe(place: Path) -> None:
    os.mkfifo(place)


def device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def listening(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as found:
        found.bind(str(place))


def folder(place: Path) -> None:
    place.mkdir()


def dangling(place: Path) -> None:
    place.symlink_to("nowhere")


def loop(place: Path) -> None:
    place.symlink_to(place)


STRANGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe": (pipe, "it is a pipe and no file; take it out, or write the table there"),
    "device": (device, "it is a device and no file; take it out, or write the table there"),
    "socket": (listening, "it is a socket and no file; take it out, or write the table there"),
    "folder": (folder, "it is a folder and no file; take it out, or write the table there"),
    "dangling": (dangling, "cannot be read: No such file or directory; check the file"),
    "loop": (loop, "cannot be read: Too many levels of symbolic links; check the file"),
}


@pytest.mark.parametrize(("make", "said"), STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("name", ["ownership.csv", "own.XLSX"])
def test_a_table_that_is_no_plain_file_is_refused_unopened(
    own: Path, name: str, make: Callable[[Path], None], said: str
) -> None:
    make(own / name)
    with pytest.raises(MonaziteError) as refused:
        find_own_files(own)
    assert str(refused.value) == f"{own / name}: {said}"


def test_all_strange_files_of_a_folder_are_told_at_once(own: Path) -> None:
    for place, (make, _) in enumerate(STRANGE.values()):
        make(own / f"{place}.csv")
    with pytest.raises(MonaziteError) as refused:
        find_own_files(own)
    assert len(str(refused.value).split("\n")) == len(STRANGE)


@pytest.mark.parametrize("make", [pipe, device, listening])
def test_data_that_is_no_plain_file_is_refused_unopened(
    own: Path, make: Callable[[Path], None]
) -> None:
    make(own / "data")
    with pytest.raises(MonaziteError, match=r"/data is a (pipe|device|socket); name a folder or"):
        find_own_files(own / "data")


def test_a_link_to_a_plain_file_is_one(own: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text(ROWS, encoding="utf-8")
    (own / "ownership.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert find_own_files(own).tables == (own / "ownership.csv",)


def test_what_takes_the_place_of_a_file_is_not_waited_for(own: Path) -> None:
    pipe(own / "ownership.csv")
    with pytest.raises(OSError, match="it is a pipe and no file"):
        read_file(own / "ownership.csv")


def test_a_file_that_grows_is_read_no_further_than_the_bound(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own / "ownership.csv").write_bytes(b"x" * 11)
    monkeypatch.setattr(own_files, "FILE_BYTES", 10)
    with pytest.raises(BadFileError, match="the tables have 11 bytes"):
        read_file(own / "ownership.csv")


@pytest.mark.parametrize("name", ["ownership.csv", "OWNERSHIP.CSV", "Ownership.Csv"])
def test_capitals_do_not_matter(small_ontology: Path, own: Path, name: str) -> None:
    (own / name).write_text(ROWS + ROW, encoding="utf-8")
    tables = read_tables(small_ontology / "tables", read_schema(small_ontology), own)
    assert (tables.faults, tables.own) == ([], 1)


def test_what_lies_beside_the_tables_is_named(own: Path) -> None:
    for name in ("prices.ods", "~$own.xlsx", "._ownership.csv", "a\u202eb.json", "c", "d", "e"):
        (own / name).touch()
    (own / "ownership.csv").write_text(ROWS, encoding="utf-8")
    assert find_own_files(own).notes() == (
        r"Not read: ._ownership.csv, a\u202eb.json, c, d, e and 2 more; "
        "a table is a file that ends in .csv or .xlsx and begins with no . or ~$.",
    )
    assert find_own_files(own / "ownership.csv").notes() == ()


NO_TABLE: dict[str, tuple[str, ...]] = {
    "empty": (),
    "JSON": ("facilities.json",),
    "ODS": ("facilities.ods",),
    "Turtle": ("facilities.ttl",),
    "lock of a spreadsheet program": ("~$facilities.xlsx",),
    "resource fork": ("._facilities.csv",),
    "hidden": (".csv", ".facilities.csv"),
}


@pytest.mark.parametrize("names", NO_TABLE.values(), ids=NO_TABLE)
def test_data_without_a_table_is_refused_warm_and_cold(
    small_ontology: Path,
    own: Path,
    names: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    for name in names:
        (own / name).touch()
    there = f" in {', '.join(sorted(names))}" if names else ""
    said = f"{own} holds no table{there}; a table is a file that ends in .csv or .xlsx and begins "
    said += "with no . or ~$: save each table as CSV or XLSX."
    refused = []
    for warm in (False, True):
        if warm:
            open_store(small_ontology)
        for cache in (True, False):
            with pytest.raises(MonaziteError) as error:
                open_store(small_ontology, data=own, cache=cache)
            refused.append(str(error.value))
    assert refused == [said] * 4


@pytest.mark.parametrize("name", ["facilities.ods", "~$facilities.xlsx", "._facilities.csv", "a"])
def test_a_file_that_is_no_table_is_refused(own: Path, name: str) -> None:
    (own / name).touch()
    with pytest.raises(MonaziteError, match=r"is no table; a table is a file that ends in"):
        find_own_files(own / name)


def test_reader_and_hash_refuse_in_the_same_words(small_ontology: Path, own: Path) -> None:
    pipe(own / "ownership.csv")
    (own / "sources.csv").mkdir()
    said = set()
    for ask in (
        lambda: content_hash(small_ontology, own),
        lambda: read_tables(small_ontology / "tables", read_schema(small_ontology), own),
    ):
        with pytest.raises(MonaziteError) as refused:
            ask()
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_store_is_named_by_the_files_that_are_read(small_ontology: Path, own: Path) -> None:
    file = own / "OWNERSHIP.CSV"
    file.write_text(ROWS, encoding="utf-8")
    before = content_hash(small_ontology, own)
    (own / "prices.ods").write_text("x", encoding="utf-8")
    assert content_hash(small_ontology, own) == before
    file.write_text(ROWS + ROW, encoding="utf-8")
    assert content_hash(small_ontology, own) != before


def test_a_name_that_is_not_utf8_is_read(small_ontology: Path, own: Path) -> None:
    file = own / os.fsdecode(b"owner\xff.csv")
    file.write_text(ROWS, encoding="utf-8")
    assert content_hash(small_ontology, own)
    (fault,) = read_tables(small_ontology / "tables", read_schema(small_ontology), own).faults
    assert str(fault).startswith(f"{own}/owner\\udcff.csv: there is no table of that name")


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("FILES", r"own: 2 tables are there, and no more than 1 are read; put the rows of a"),
        ("FILE_BYTES", r"own: the tables have \d+ bytes, and no more than 0 MB are read; leave"),
    ],
)
def test_too_many_files_and_bytes_are_refused(
    own: Path, monkeypatch: pytest.MonkeyPatch, bound: str, said: str
) -> None:
    for name in ("ownership.csv", "sources.csv"):
        (own / name).write_text(ROWS, encoding="utf-8")
    find_own_files(own)
    monkeypatch.setattr(own_files, bound, 1)
    with pytest.raises(MonaziteError, match=said):
        find_own_files(own)
