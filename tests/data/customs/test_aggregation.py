"""Whole runs over files of records, the tables made of them, and what is refused."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from monazite import load
from monazite.core.errors import MonaziteError, NotKnownError, UnreadableError
from monazite.core.package import ontology_folder
from monazite.data.columns import read_schema
from monazite.data.customs import aggregation
from monazite.data.customs.aggregation import GatheredSums, aggregate_trade
from monazite.data.customs.engine import duckdb_engine
from monazite.data.customs.record_files import PARQUET, ColumnFile, read_names
from monazite.data.customs.trade_sums import TradeSums, to_tables, write_sums
from monazite.data.customs.yearly_sums import FAULTS
from monazite.data.reader import read_tables
from monazite.store.checks import check
from tests.data.customs.records import HEADER, added, made, to_parquet, typed, write
from tests.report.hostile import HOSTILE

pytestmark = pytest.mark.whole


pytest.importorskip("duckdb")
pytest.importorskip("narwhals")
PLAIN = HEADER[:5]
ONE = ("850511", "CHN", "USA", "2024-01-02", "1000")


def told(found: TradeSums) -> dict[tuple[str, str, str, int], tuple[int, ...]]:
    return {
        (each.code, each.exporter, each.importer, each.year): (
            *(each.count, each.grams),
            *(each.weighed, each.cents),
        )
        for each in found.sums
    }


def test_sums_are_those_of_whole_numbers_however_the_records_are_parted(tmp_path: Path) -> None:
    records = made(600)
    whole = write(tmp_path / "whole.csv", records)
    found = aggregate_trade(str(whole), system="hs2022")
    assert told(found) == added(records)
    assert found.count == 600
    parts = [write(tmp_path / "parts" / f"{at}.csv", records[at::3]) for at in range(3)]
    to_parquet(parts[0].with_suffix(".parquet"), parts[0])
    parts[0].unlink()
    turned = [[*reversed(each)] for each in records[1::3]]
    write(parts[1], turned, [*reversed(HEADER)])
    again = aggregate_trade([str(tmp_path / "parts")], system="hs2022")
    assert again.sums == found.sums
    assert again.firms == found.firms
    assert (again.files, again.source) != (found.files, found.source)
    of_firms: Counter[tuple[str, str, str, int]] = Counter()
    for each in found.firms:
        of_firms[each.code, each.exporter, each.importer, each.year] += each.grams
    assert of_firms == {key: grams for key, (_, grams, *_) in told(found).items()}
    assert len({(each.seller, each.buyer) for each in found.firms}) == 12


def test_nothing_is_lost_of_what_no_table_names(tmp_path: Path) -> None:
    records = [
        *(ONE, ("8505.11.00.70", "China", "us", "202402", "0.5")),
        *(("010121", "CHN", "USA", "2024", "7"), ("010121", "CHN", "USA", "2023", "")),
        *(("850511", "Atlantis", "USA", "2024", "3"), ("850511", "", "USA", "2024", "2")),
        ("850511", "CHN", "China", "2024", "9"),
    ]
    found = aggregate_trade(str(write(tmp_path / "a.csv", records, PLAIN)), system="HS 2022")
    (whole,) = found.sums
    assert (whole.tonnes, whole.count, whole.usd, found.firms) == ("1.0005", 2, "", ())
    assert [(each.why, each.name, each.count, each.grams) for each in found.left_out] == [
        ("no code of ours", "010121", 2, 7_000),
        ("a country with itself", "CHN", 1, 9_000),
        ("no country of ours", "", 1, 2_000),
        ("no country of ours", "Atlantis", 1, 3_000),
    ]
    assert sum(each.count for each in found.left_out) + whole.count == found.count == 7
    assert "Records that stand in no sum" in found.to_text()
    assert found.to_csv().splitlines()[1] == "hs2022-850511,CHN,USA,2024,2,1.0005,,"


def test_a_firm_is_one_however_it_is_spelled(tmp_path: Path) -> None:
    records = [
        (*ONE, "9", seller, "Buyer Ltd") for seller in ("Acme  Ltd", "ACME LTD", "acme ltd", "Ämc")
    ]
    found = aggregate_trade(str(write(tmp_path / "a.csv", records)), system="hs2022")
    assert [(each.seller, each.count) for each in found.firms] == [("ACME LTD", 3), ("Ämc", 1)]
    tables = to_tables(found)
    assert tables["supply_links.csv"].count(b"\n") == 3


def test_editions_of_the_codes_are_kept_apart(tmp_path: Path) -> None:
    records = [(*ONE, "HS 2022"), (*ONE, "HS2007"), (*ONE, ""), ("htsus-8505110070", *ONE[1:], "")]
    file = str(write(tmp_path / "a.csv", records, (*PLAIN, "Classification")))
    with pytest.raises(MonaziteError, match='The code "850511" names no nomenclature'):
        aggregate_trade(file)
    found = aggregate_trade(file, system="hs2022")
    assert [(each.code, each.count) for each in found.sums] == [
        ("hs2022-850511", 2),
        ("htsus-8505110070", 1),
    ]
    assert [(each.name, each.count) for each in found.left_out] == [("HS2007 850511", 1)]


def test_notes_say_what_was_taken_for_what(tmp_path: Path) -> None:
    blank = ("850511", "CHN", "USA", "2024-01-02", "", "5", "A", "")
    for name in ("a.csv", "b.csv"):
        write(tmp_path / name, [(*ONE, "9", "A", "B"), blank], (*PLAIN, "Value", "seller", "buyer"))
    found = aggregate_trade(str(tmp_path), system="hs2022", whole_years=True)
    assert list(found.notes) == [
        "2024 has no records of months 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, and is taken as "
        "whole.",
        "a.csv and b.csv have the same bytes; both are counted.",
        '"Value" names no currency and is not read; if it is dollars, take --column "usd=Value".',
        "1 sum has records without a weight: the tonnes there are a lower bound.",
        "2 records name no seller or no buyer and stand in no pair of firms.",
    ]
    dollars = aggregate_trade(str(tmp_path), system="hs2022", columns=["usd=Value"])
    assert dollars.sums[0].usd == "28"


def test_a_year_that_lacks_months_is_no_whole_year(tmp_path: Path) -> None:
    dates = [f"{year}-{month:02}-09" for year in (2022, 2024) for month in range(1, 13)]
    dates = ["2023", "2023-05", *dates[:-2]]  # of 2023 nobody knows, 2024 ends in October
    records = [("850511", "CHN", "USA", date, "1000") for date in dates]
    records += [("284690", "CHN", "JPN", "2024-03-01", "1"), ("99", "CHN", "JPN", "2021-06", "1")]
    file = str(write(tmp_path / "a.csv", records, PLAIN))
    found = aggregate_trade(file, system="hs2022")
    part = tuple(range(1, 11))
    assert [(each.code[-6:], each.year, each.months) for each in found.sums] == [
        *(("284690", 2024, part), ("850511", 2022, ())),
        *(("850511", 2023, ()), ("850511", 2024, part)),
    ]
    assert found.notes == (
        "2021 has no records of months 01, 02, 03, 04, 05, 07, 08, 09, 10, 11, 12.",
        "2024 has no records of months 11, 12.",
        "Such sums stand for the months with records, and count in no year. If nothing moved in "
        "the others, take --whole-years.",
    )
    assert "2024 in part" in found.to_text()
    assert found.to_csv().splitlines()[1].endswith(",01;02;03;04;05;06;07;08;09;10")
    whole = aggregate_trade(file, system="hs2022", whole_years=True)
    assert {each.months for each in whole.sums} == {()}
    assert whole.notes[1] == "2024 has no records of months 11, 12, and is taken as whole."


def refused(files: object, **given: object) -> str:
    with pytest.raises(MonaziteError) as error:
        aggregate_trade(str(files), **given)  # type: ignore[arg-type]
    return str(error.value)


def test_records_that_cannot_be_are_counted_in_each_file(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", [ONE, (*ONE[:4], "-1"), (*ONE[:4], "-2")], PLAIN)
    write(tmp_path / "b.csv", [ONE, (*ONE[:3], "yesterday", "1,5")], PLAIN)
    said = refused(tmp_path, system="hs2022").splitlines()
    assert [line.partition(": ")[::2] for line in said] == [
        (str(tmp_path / name), f"{what}; mend these records, or take them out")
        for name, what in (
            ("a.csv", "2 of its 3 records have a weight below zero"),
            ("b.csv", f"1 of its 2 records has {FAULTS['no_year']}"),
            ("b.csv", "1 of its 2 records has a weight that is no number of kilograms"),
        )
    ]


def test_broken_files_are_one_sentence(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", made(50))
    parquet = to_parquet(tmp_path / "cut.parquet", good)
    content = parquet.read_bytes()
    for name, broken in (
        ("cut.parquet", content[: len(content) // 2]),
        ("cut.parquet", b"PAR1" + b"\0" * 99),
        ("cut.parquet", content[:40] + b"\xff" * 200 + content[240:]),
    ):
        (tmp_path / name).write_bytes(broken)
        said = refused(tmp_path / name, system="hs2022")
        assert (
            said == f"{tmp_path / name} cannot be read: it is damaged, or no Parquet; get it again."
        )
    lines = good.read_text(encoding="utf-8").splitlines()
    for line in ("850511,CHN", "850511,CHN,USA,2024,1,1,a,b,c,d", '850511,"CHN,USA,2024,1,1,a,b'):
        file = tmp_path / "bad.csv"
        file.write_text("\n".join([*lines, line]) + "\n", encoding="utf-8")
        assert refused(file, system="hs2022").startswith(f"{file} cannot be read: line 52 is no ")
    file.write_bytes(b"code,exporter,importer,date,kg,x\r\n" + b"850511,CHN,USA,2024,1,a\n" * 2)
    assert "its lines end in more than one way" in refused(file, system="hs2022")
    write(tmp_path / "x" / "a.csv", [ONE], PLAIN)
    write(tmp_path / "x" / "b.csv", [(*ONE, "9")], (*PLAIN, "usd"))
    assert refused(tmp_path / "x", system="hs2022") == (
        "b.csv has a column usd and a.csv has none; sum them in two runs."
    )


def test_what_is_no_utf8_is_refused(tmp_path: Path) -> None:
    records = [("850511", "CHN", "USA", "2024", "1", name, "B") for name in ("Ä", "Müller")]
    file = write(tmp_path / "a.csv", records, (*PLAIN, "seller", "buyer"))
    file.write_bytes(file.read_bytes().replace("ü".encode(), b"\xfc"))
    said = refused(file, system="hs2022")
    assert said.startswith(f"{file} cannot be read: line 3 is no UTF-8")


def test_the_file_among_many_that_is_at_fault_is_named(tmp_path: Path) -> None:
    import duckdb

    files = [
        to_parquet(tmp_path / f"{name}.parquet", write(tmp_path / "x", made(50))) for name in "abc"
    ]
    (tmp_path / "x").unlink()
    content = files[1].read_bytes()
    files[1].write_bytes(content[:40] + b"\0" * 200 + content[240:])
    assert refused(tmp_path, system="hs2022") == (
        f"{files[1]} cannot be read: it is damaged, or no Parquet; get it again."
    )
    made_of = "SELECT '850511' code, 'CHN' exporter, 'USA' importer"
    for column, what, cells in (
        ("kg", "numbers", "2024 date, [1, 2] kg"),
        ("date", "dates", "[2024] date, 1 kg"),
    ):
        folder = tmp_path / column
        folder.mkdir()
        for name, told in (("a", "2024 date, 1 kg"), ("b", cells)):
            duckdb.connect().sql(f"{made_of}, {told}").to_parquet(str(folder / f"{name}.parquet"))
        assert refused(folder, system="hs2022") == (
            f'{folder / "b.parquet"}: The column "{column}" holds no {what}.'
        )


@pytest.mark.parametrize("columns", [(), ("kg=kg",), ("kg=KG",)])
def test_columns_that_differ_in_capitals_alone_are_a_fault_that_names_both(
    tmp_path: Path, columns: tuple[str, ...]
) -> None:
    import duckdb

    made = "SELECT '850511' code, 'CHN' exporter, 'USA' importer, 2024 date, [{'kg': 1}] x, 1 kg"
    parquet = tmp_path / "a.parquet"
    duckdb.connect().sql(f"{made}, 9 KH").to_parquet(str(parquet))
    parquet.write_bytes(parquet.read_bytes().replace(b"KH", b"KG"))  # the engine writes no such
    write(tmp_path / "b.csv", [(*ONE, "9")], (*PLAIN, "KG"))
    for file in (parquet, tmp_path / "b.csv"):
        with pytest.raises(UnreadableError) as found:
            aggregate_trade(str(file), system="hs2022", columns=columns)
        assert str(found.value) == (
            f'{file} has two columns "kg" and "KG", which engines take for one; rename one.'
        )


def test_what_is_asked_wrongly_is_said_before_any_work(tmp_path: Path) -> None:
    nothing = write(tmp_path / "b.csv", [("010121", *ONE[1:])], PLAIN)
    empty = write(tmp_path / "c.csv", [], PLAIN)
    assert refused(empty, system="hs2022").startswith("The files have columns of records, and no")
    assert refused(nothing, system="hs2022") == (
        'Of 1 record none has a code and two countries of ours. The most, 1, have "010121".'
    )


def test_the_engine_draws_nothing_on_stdout_and_fetches_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import duckdb

    made: list[duckdb.DuckDBPyConnection] = []
    connect = duckdb.connect

    def note(*words: Any, **named: Any) -> duckdb.DuckDBPyConnection:
        made.append(connect(*words, **named))
        return made[-1]

    monkeypatch.setattr(duckdb, "connect", note)
    with duckdb_engine():
        asked = ("enable_progress_bar", "autoinstall_known_extensions", "autoload_known_extensions")
        for name in asked:
            setting = made[0].execute(f"SELECT current_setting('{name}')")
            assert setting.fetchone() == (False,), name


def test_without_the_extra_a_sentence_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "a.csv", [ONE], PLAIN)
    monkeypatch.setitem(__import__("sys").modules, "narwhals", None)
    assert refused(file, system="hs2022").endswith("pip install 'monazite[trade]'.")
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    assert refused(file, system="hs2022").endswith("pip install 'monazite[trade]'.")
    monkeypatch.undo()


def test_a_moment_has_the_year_of_utc_on_any_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    import duckdb

    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    moment = "TIMESTAMPTZ '2025-01-01 02:00:00+00' date, 1 kg"
    made = f"SELECT '850511' code, 'CHN' exporter, 'USA' importer, {moment}"
    duckdb.connect().sql(made).to_parquet(str(tmp_path / "a.parquet"))
    (found,) = aggregate_trade(str(tmp_path / "a.parquet"), system="hs2022").sums
    assert (found.year, found.months) == (2025, (1,))
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("kind", ["DOUBLE", "FLOAT"])
def test_codes_with_a_point_are_refused(tmp_path: Path, kind: str) -> None:
    file = typed(tmp_path / "a.parquet", code=f"28461000::{kind}")
    with pytest.raises(UnreadableError) as refused:
        aggregate_trade(str(file), system="hs2022")
    assert str(refused.value) == (
        f'{file}: the column "code" holds codes as {kind}, which keeps neither leading zeros nor '
        "all digits; write codes as text."
    )


def test_moments_may_be_in_nanoseconds(tmp_path: Path) -> None:
    file = typed(tmp_path / "a.parquet", date="TIMESTAMP_NS '2024-05-17 10:00:00'")
    assert aggregate_trade(str(file), system="hs2022").sums[0].months == (5,)


@pytest.mark.parametrize(
    ("weights", "tonnes"),
    [
        (("1::BIGINT", "'2.5'"), "0.0035"),
        (("0.1::FLOAT", "16777217.5::DOUBLE"), "16777.2176"),
        (("7::TINYINT", "12345678901.234::DECIMAL(18, 3)"), "12345678.908234"),
    ],
)
def test_files_that_give_a_column_different_types_add_up(
    tmp_path: Path, weights: tuple[str, ...], tonnes: str
) -> None:
    for order in (weights, weights[::-1]):
        for at, weight in enumerate(order):
            typed(tmp_path / f"{at}.parquet", kg=weight, code="850511::BIGINT")
        (found,) = aggregate_trade(str(tmp_path), system="hs2022").sums
        assert (found.tonnes, found.count) == (tonnes, 2)


def test_a_column_without_a_type_is_blank(tmp_path: Path) -> None:
    path = typed(tmp_path / "a.parquet", usd="NULL")  # the engine itself writes no such type
    names = ("code", "exporter", "importer", "date", "kg", "usd")
    types = ("VARCHAR", "VARCHAR", "VARCHAR", "INTEGER", "INTEGER", '"NULL"')
    with duckdb_engine() as engine:
        frame = engine.frame([ColumnFile(path, PARQUET, names, types=types)])
        assert [str(each) for each in frame.types][3:] == ["INTEGER", "INTEGER", "VARCHAR"]
        assert [*engine.rows(frame)] == [("850511", "CHN", "USA", 2024, 1, None)]


def summed(code: str = "850511", exporter: str = "CHN") -> list[object]:
    return [None, code, exporter, "USA", 2024, None, None, 2, 1500.0, 2, 0.0, 0]


def test_more_sums_than_are_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aggregation, "ROWS", 1)
    gathered = GatheredSums(read_names(), "hs2022")
    gathered.take(summed())
    with pytest.raises(NotKnownError, match="The records have more than 1 sums"):
        gathered.take(summed("850511", "MMR"))


def test_more_unknown_names_than_are_read_is_said() -> None:
    gathered = GatheredSums(read_names(), "hs2022")
    for place in range(100_000):
        gathered.take(summed(f"x{place}"))
    with pytest.raises(NotKnownError, match=r'are not known, the last of them "98"'):
        gathered.take(summed("98"))


def test_goods_of_others_are_counted_by_their_code_however_many_they_are(tmp_path: Path) -> None:
    records = made(200)
    others = [(f"{at:06}", *records[0][1:]) for at in range(51_000)]
    file = str(write(tmp_path / "a.csv", [*records, *others]))
    found = aggregate_trade(file, system="hs2022")
    assert told(found) == added(records)
    assert sum(each.count for each in found.left_out) == len(others)


_ONE = ("850511", "CHN", "USA", "2020", "1", "1")
WRITABLE = [text for text in HOSTILE if text.encode("utf-8", "ignore").decode() == text]


def csv_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


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
