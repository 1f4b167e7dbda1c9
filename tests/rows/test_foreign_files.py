"""Files of other sources: told apart by their headers, whatever they are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from monazite.errors import FaultyTablesError, UnreadableError
from monazite.rows.foreign_files import is_ours, kind_of_file, read_kinds, which_command
from monazite.rows.own_files import find_own_files


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
    sheet.title = "Rare Earths (REO)"
    sheet.append(["Country", "unit", 2023, "data source"])
    book.save(tmp_path / "wmd.xlsx")
    assert not is_ours(tmp_path / "wmd.xlsx")
    found = kind_of_file(tmp_path / "wmd.xlsx")
    assert found is not None
    assert found.name == "world-mining-data"


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
