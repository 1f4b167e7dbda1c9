"""Whole runs: files of both kinds, whatever their order and parts, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monazite.columnar import duckdb_engine
from monazite.customs import aggregation
from monazite.customs.aggregation import aggregate_trade
from monazite.customs.trade_sums import TradeSums
from monazite.errors import MonaziteError
from tests.customs.records import HEADER, added, made, to_parquet, write

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
    by_pair = {key: [0, 0] for key in told(found)}
    for each in found.firms:
        line = by_pair[each.code, each.exporter, each.importer, each.year]
        line[0] += each.count
        line[1] += each.grams
    assert {key: tuple(line) for key, line in by_pair.items()} == {
        key: line[:2] for key, line in told(found).items()
    }
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
    assert found.to_csv().splitlines()[1] == "hs2022-850511,CHN,USA,2024,2,1.0005,"


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
    found = aggregate_trade(str(tmp_path), system="hs2022")
    assert list(found.notes) == [
        "a.csv and b.csv have the same bytes; both are counted.",
        '"Value" names no currency and is not read; if it is dollars, take --column "usd=Value".',
        "1 sum has records without a weight: the tonnes there are a lower bound.",
        "2 records name no seller or no buyer and stand in no pair of firms.",
    ]
    dollars = aggregate_trade(str(tmp_path), system="hs2022", columns=["usd=Value"])
    assert dollars.sums[0].usd == "28"


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
            ("b.csv", "1 of its 2 records have a date that does not begin with a year"),
            ("b.csv", "1 of its 2 records have a weight that is no number of kilograms"),
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
        assert re.match(r".*cannot be read", said), said
        assert "\n" not in said
    lines = good.read_text(encoding="utf-8").splitlines()
    for line in ("850511,CHN", "850511,CHN,USA,2024,1,1,a,b,c,d", '850511,"CHN,USA,2024,1,1,a,b'):
        file = tmp_path / "bad.csv"
        file.write_text("\n".join([*lines, line]) + "\n", encoding="utf-8")
        assert refused(file, system="hs2022").startswith("The records cannot be read: ")
    write(tmp_path / "x" / "a.csv", [ONE], PLAIN)
    write(tmp_path / "x" / "b.csv", [(*ONE, "9")], (*PLAIN, "usd"))
    assert refused(tmp_path / "x", system="hs2022") == (
        "b.csv has a column usd and a.csv has none; sum them in two runs."
    )


def test_what_is_asked_wrongly_is_said_before_any_work(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", [ONE], PLAIN)
    assert refused(file, engine="duckdbb") == (
        'There is no engine "duckdbb"; did you mean "duckdb"?'
    )
    assert refused(file, master="local[2]").startswith("--master is the address of a cluster")
    nothing = write(tmp_path / "b.csv", [("010121", *ONE[1:])], PLAIN)
    assert refused(nothing, system="hs2022") == (
        'None of 1 records has a code and two countries of ours. The most, 1, have "010121".'
    )


def test_more_sums_than_rows_are_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregation, "ROWS", 3)
    said = refused(write(tmp_path / "a.csv", made(50)), system="hs2022")
    assert said.startswith("The records have more than 3 sums")


def test_the_engine_draws_nothing_on_stdout_and_fetches_nothing() -> None:
    with duckdb_engine.duckdb_engine() as engine:
        asked = ("enable_progress_bar", "autoinstall_known_extensions", "autoload_known_extensions")
        for name in asked:
            setting = engine._connection.execute(f"SELECT current_setting('{name}')")
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
