"""What a reader's own data is: read, refused, or told which command reads it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from monazite.core.errors import BadFileError, FaultyTablesError, MonaziteError, UnreadableError
from monazite.data import own_files
from monazite.data.columns import read_schema
from monazite.data.own_files import (
    find_own_files,
    is_ours,
    kind_of_file,
    read_file,
    read_kinds,
    which_command,
)
from monazite.data.reader import read_tables
from monazite.store.cache import content_hash
from monazite.store.opening import open_store

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
def test_a_table_that_is_no_plain_file_is_refused_unopened(
    own: Path, make: Callable[[Path], None], said: str
) -> None:
    names = ("own.XLSX", "ownership.csv")
    for name in names:
        make(own / name)
    with pytest.raises(MonaziteError) as refused:
        find_own_files(own)
    assert str(refused.value).splitlines() == [f"{own / name}: {said}" for name in names]


def test_a_file_that_grows_is_read_no_further_than_the_bound(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own / "ownership.csv").write_bytes(b"x" * 11)
    monkeypatch.setattr(own_files, "FILE_BYTES", 10)
    with pytest.raises(BadFileError, match="the tables have 11 bytes"):
        read_file(own / "ownership.csv")


def test_what_lies_beside_the_tables_is_named(own: Path) -> None:
    for name in ("prices.ods", "~$own.xlsx", "._ownership.csv", "a\u202eb.json", "c", "d", "e"):
        (own / name).touch()
    (own / "ownership.csv").write_text(ROWS, encoding="utf-8")
    assert find_own_files(own).notes() == (
        r"Not read: ._ownership.csv, a\u202eb.json, c, d, e and 2 more; "
        "a table is a file that ends in .csv or .xlsx and begins with no . or ~$.",
    )
    assert find_own_files(own / "ownership.csv").notes() == ()


@pytest.mark.parametrize(
    "names", [(), ("facilities.ods", "~$facilities.xlsx", "._facilities.csv", ".csv")]
)
def test_data_without_a_table_is_refused(own: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (own / name).touch()
        with pytest.raises(MonaziteError, match=r"is no table; a table is a file that ends in"):
            find_own_files(own / name)
    there = f" in {', '.join(sorted(names))}" if names else ""
    with pytest.raises(MonaziteError) as refused:
        find_own_files(own)
    assert str(refused.value) == (
        f"{own} holds no table{there}; a table is a file that ends in .csv or .xlsx and begins "
        "with no . or ~$: save each table as CSV or XLSX."
    )


def test_reader_and_hash_refuse_in_the_same_words(small_ontology: Path, own: Path) -> None:
    pipe(own / "ownership.csv")
    (own / "sources.csv").mkdir()
    said = set()
    for ask in (
        lambda: content_hash(small_ontology, own),
        lambda: open_store(small_ontology, data=own, cache=False),
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


def test_a_folder_of_a_source_is_told_its_command(tmp_path: Path) -> None:
    file = tmp_path / "export 1.csv"
    file.write_text("t,i,j,k,v,q\n", encoding="utf-8")
    (tmp_path / "country_codes.csv").write_text("country_code\n", encoding="utf-8")
    with pytest.raises(FaultyTablesError) as refused:
        find_own_files(tmp_path)
    (fault,) = refused.value.faults
    assert fault.fix == (
        "export 1.csv looks like a file of CEPII (BACI): read it with monazite import baci "
        f"'{file}' -o DIR"
    )
    other = tmp_path / "full.dat"
    other.write_text("REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="monazite import comext"):
        find_own_files(other)


def test_tables_of_ours_are_never_taken_for_others(tmp_path: Path) -> None:
    for name in ("trade.csv", "Trade.CSV"):
        file = tmp_path / name
        file.write_text("row,source,t,i,j,k,v,q\n", encoding="utf-8")
        assert find_own_files(file).tables == (file,), "its faults are told by who reads it"
        file.write_text("t,i,j,k,v,q\n", encoding="utf-8")
        with pytest.raises(FaultyTablesError, match="monazite import baci"):
            find_own_files(file)
    book = Workbook()
    sheet = book.create_sheet("trade", 0)
    book.save(tmp_path / "own.xlsx")
    assert is_ours(tmp_path / "own.xlsx")
    sheet.title = "Rare earths"
    sheet.append(["COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS"])
    book.save(tmp_path / "mcs.xlsx")
    assert not is_ours(tmp_path / "mcs.xlsx")
    found = kind_of_file(tmp_path / "mcs.xlsx")
    assert found is not None
    assert found.name == "usgs-mcs"


def test_customs_records_are_told_what_sums_them(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text("code;exporter;importer;date;kg\n", encoding="utf-8")
    with pytest.raises(FaultyTablesError, match=r"monazite trade aggregate .*records\.csv -o DIR"):
        find_own_files(tmp_path)
    (tmp_path / "records.csv").rename(tmp_path / "x.parquet")
    with pytest.raises(UnreadableError, match=r"sum them with monazite trade aggregate .*parquet"):
        find_own_files(tmp_path)


def test_what_is_nothing_is_nothing(tmp_path: Path) -> None:
    for content in (b"", b"\x00", b"PK\x03\x04", b'{"a": 1}', b"name,price\n"):
        file = tmp_path / "x.csv"
        file.write_bytes(content)
        assert kind_of_file(file) is None
    assert which_command(tmp_path) == ""
    (tmp_path / "a.7z").touch()
    assert which_command(tmp_path) == "a.7z is packed: unpack it, and import what is in it"


def test_marks_of_kinds_do_not_overlap() -> None:
    kinds = read_kinds()
    for kind in kinds.values():
        for group in kind.marks:
            names = frozenset(name.rstrip("*").casefold() for name in group)
            assert [each.name for each in kinds.values() if each.fits(names)][:1] == [kind.name]
