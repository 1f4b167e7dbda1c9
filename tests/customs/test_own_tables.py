"""The tables are what ``check`` and ``--data`` read, whole or not at all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from monazite.customs.aggregation import aggregate_trade
from monazite.customs.own_tables import check_folder, write_folder, write_sums
from monazite.errors import UnreadableError
from monazite.rows.columns import read_schema
from monazite.rows.reader import read_tables
from monazite.shipped import ontology_folder
from monazite.triples.checks import check
from tests.customs.records import added, made, write
from tests.pages.hostile import HOSTILE

pytest.importorskip("duckdb")
pytest.importorskip("narwhals")
_ONE = ("850511", "CHN", "USA", "2020", "1", "1")
WRITABLE = [text for text in HOSTILE if text.encode("utf-8", "ignore").decode() == text]
FILES = {"trade.csv": b"row\n", "sources.csv": b"id\n"}


@pytest.mark.whole
def test_the_tables_have_no_fault_and_hold_every_sum(tmp_path: Path) -> None:
    records = [
        *made(300),
        *(
            ("850511", "CHN", "USA", "2020", "1", "1", text, "MP Materials Corp.")
            for text in WRITABLE
        ),
        ("284690", "MMR", "CHN", "2020", "", "5", "Alone", "alone "),
    ]
    found = aggregate_trade(str(write(tmp_path / "a.csv", records)), system="hs2022")
    rows = write_sums(found, tmp_path / "own")
    report = check(tmp_path / "own")
    assert [str(fault) for fault in report.faults] == []
    assert sum(report.counts.values()) == rows
    ontology = ontology_folder()
    tables = read_tables(ontology / "tables", read_schema(ontology), tmp_path / "own")
    own = [row for row in tables.rows if row.file.startswith(str(tmp_path))]
    trade = {
        (row.text("code"), row.text("exporter"), row.text("importer"), int(row.text("year"))): row
        for row in own
        if row.table == "trade"
    }
    for key, (count, grams, weighed, cents) in added(records).items():
        row = trade.pop(key)
        whole = weighed == count
        assert row.text("figure_kind") == "derived"
        assert len(row.cells["figure_kind"]) == 2 - whole
        told = row.text("value" if whole else "value_low")
        assert Decimal(told or 0) * 1_000_000 == grams
        assert Decimal(row.text("value_usd")) * 100 == cents
        assert row.text("source") == found.source
    assert trade == {}
    links = [row for row in own if row.table == "supply_links"]
    assert sum(row.text("customer") == "mp-materials" for row in links) > 0
    assert not any(row.text("supplier") == row.text("customer") for row in links)
    (source,) = (row for row in own if row.table == "sources")
    assert found.sha256 in source.text("note")


def test_a_folder_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, empty = tmp_path / "new", tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "link").symlink_to(empty)
    for folder in (new, tmp_path / "link"):
        check_folder(folder)
        write_folder(folder, FILES)
        assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)
    assert empty.is_dir()
    for folder in (new, empty):
        with pytest.raises(UnreadableError, match=r"holds sources.csv, trade.csv, which stay"):
            check_folder(folder)
        with pytest.raises(UnreadableError, match=r"holds sources.csv, trade.csv, which stay"):
            write_folder(folder, FILES)

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(UnreadableError, match="third cannot be written: No space left"):
        write_folder(tmp_path / "third", FILES)
    monkeypatch.undo()
    left = tmp_path / ".monazite-0123.part"
    left.mkdir()
    (left / "trade.csv").write_bytes(b"half")
    write_folder(tmp_path / "third", FILES)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["empty", "link", "new", "third"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("file", "file is a file; name a new folder."),
        ("file/x", "Not a directory"),
        ("nowhere/x", "No such file or directory"),
        ("a\0b", "no folder can have this name"),
    ],
)
def test_a_place_that_is_none_is_said(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine", encoding="utf-8")
    for refuse in (check_folder, lambda place: write_folder(place, FILES)):
        with pytest.raises(UnreadableError, match=said):
            refuse(Path(name))
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
