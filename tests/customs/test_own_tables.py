"""The tables are what ``check`` and ``--data`` read, whole or not at all."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from monazite import load
from monazite.customs.aggregation import aggregate_trade
from monazite.customs.names import read_names
from monazite.customs.own_tables import to_tables, write_sums
from monazite.customs.trade_sums import RecordSum, TradeSums
from monazite.rows import bounds
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


def csv_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


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
    file = str(write(tmp_path / "a.csv", records))
    found = aggregate_trade(file, system="hs2022", whole_years=True)
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


def test_as_many_sums_as_are_written_are_read() -> None:
    made = RecordSum(
        "hs2022-850511", "CHN", "USA", 2024, 12_345, 10**12 + 1, 12_345, 10**12 + 1, 9_000
    )
    whole = TradeSums("records-0123456789ab", ("a.parquet",), "0" * 64, "p", 1, (made,))
    content = to_tables(whole, read_names(ontology_folder() / "tables"))["trade.csv"]
    header, row = csv.reader(content.decode().splitlines())
    assert sum(map(bool, row)) * bounds.ROWS <= bounds.CELLS
    assert (len(content) - len(",".join(header))) * bounds.ROWS <= bounds.FILE_BYTES


@pytest.mark.whole
def test_sums_of_some_months_are_no_flows_of_a_year(tmp_path: Path) -> None:
    records = [
        ("850511", "CHN", "LUX", f"2024-{month:02}-03", "9000", "1", "A Company", "B Company")
        for month in (2, 5)
    ]
    found = aggregate_trade(str(write(tmp_path / "a.csv", records)), system="hs2022")
    write_sums(found, tmp_path / "own")
    assert check(tmp_path / "own").faults == ()
    (row,) = csv_rows(tmp_path / "own" / "trade.csv")
    assert (row["period_from"], row["period_until"]) == ("2024-02", "2024-05")
    assert row["note"] == "sum of 2 records, kg / 1000; months 02, 05 alone"
    (link,) = csv_rows(tmp_path / "own" / "supply_links.csv")
    assert (link["valid_from"], link["valid_until"]) == ("2024-02", "2024-05")
    view = load(data=tmp_path / "own")
    key = f"trade/{row['row']}"
    assert key.endswith("-2024-part")
    assert key not in {flow.row for flow in view.facts("Dy").flows(2024)}
