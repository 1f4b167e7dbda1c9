"""Whole runs: files of both kinds, whatever their order and parts, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.columnar import duckdb_engine
from monazite.customs import aggregation
from monazite.customs.aggregation import aggregate_trade
from monazite.customs.names import read_names
from monazite.customs.own_tables import to_tables
from monazite.customs.trade_sums import TradeSums
from monazite.customs.yearly_sums import FAULTS
from monazite.errors import MonaziteError, UnreadableError
from monazite.shipped import ontology_folder
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
    assert found.to_csv().splitlines()[1] == "hs2022-850511,CHN,USA,2024,2,1.0005,,"


@pytest.mark.parametrize("many", [1, 2, 40])
def test_sums_of_goods_of_others_are_counted_by_their_code(
    many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the number of sums from which on they are: the same sums, and the same left out."""
    header = (*HEADER, "Classification")
    records = [(*each, "HS 2022") for each in made(200)]
    records += [(f"{at:06}", *each[1:]) for at, each in enumerate(records[:90])]
    records += [(*each[:-1], "HS2007") for each in records[:30]] + [("", *records[0][1:])]
    records += [(records[0][0], "Atlantis", *records[0][2:])]
    file = str(write(tmp_path / "a.csv", records, header))
    found = aggregate_trade(file, system="hs2022")
    monkeypatch.setattr(aggregation, "_MANY", many)
    again = aggregate_trade(file, system="hs2022")
    assert again == found
    assert len(found.left_out) > 90
    counts = [each.count for each in found.left_out] + [each.count for each in found.sums]
    assert sum(counts) == len(records)
    worse = ("999999", *ONE[1:3], "2024-02-30", *records[0][4:])
    bad = write(tmp_path / "b.csv", [*records, worse], header)
    with pytest.raises(MonaziteError, match="1 of its 323 records has a date that is no year"):
        aggregate_trade(str(bad), system="hs2022")


def test_a_firm_is_one_however_it_is_spelled(tmp_path: Path) -> None:
    records = [
        (*ONE, "9", seller, "Buyer Ltd") for seller in ("Acme  Ltd", "ACME LTD", "acme ltd", "Ämc")
    ]
    found = aggregate_trade(str(write(tmp_path / "a.csv", records)), system="hs2022")
    assert [(each.seller, each.count) for each in found.firms] == [("ACME LTD", 3), ("Ämc", 1)]
    tables = to_tables(found, read_names(ontology_folder() / "tables"))
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


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_what_is_no_utf8_is_refused_by_both_engines(tmp_path: Path, engine: str) -> None:
    records = [("850511", "CHN", "USA", "2024", "1", name, "B") for name in ("Ä", "Müller")]
    file = write(tmp_path / "a.csv", records, (*PLAIN, "seller", "buyer"))
    file.write_bytes(file.read_bytes().replace("ü".encode(), b"\xfc"))
    said = refused(file, system="hs2022", engine=engine)
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


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
@pytest.mark.parametrize("columns", [(), ("kg=kg",), ("kg=KG",)])
def test_columns_that_differ_in_capitals_alone_are_a_fault_that_names_both(
    tmp_path: Path, engine: str, columns: tuple[str, ...]
) -> None:
    import duckdb

    made = "SELECT '850511' code, 'CHN' exporter, 'USA' importer, 2024 date, [{'kg': 1}] x, 1 kg"
    parquet = tmp_path / "a.parquet"
    duckdb.connect().sql(f"{made}, 9 KH").to_parquet(str(parquet))
    parquet.write_bytes(parquet.read_bytes().replace(b"KH", b"KG"))  # the engine writes no such
    write(tmp_path / "b.csv", [(*ONE, "9")], (*PLAIN, "KG"))
    for file in (parquet, tmp_path / "b.csv"):
        with pytest.raises(UnreadableError) as found:
            aggregate_trade(str(file), system="hs2022", engine=engine, columns=columns)
        assert str(found.value) == (
            f'{file} has two columns "kg" and "KG", which engines take for one; rename one.'
        )


def test_a_column_of_parts_is_one_column(tmp_path: Path) -> None:
    import duckdb

    made = "SELECT 1 a, [{'b': 1, 'c': [2]}] d, {'e': {'f': 1}} g, 'x' h"
    duckdb.connect().sql(made).to_parquet(str(tmp_path / "a.parquet"))
    with duckdb_engine.duckdb_engine() as engine:
        found = engine.columns_of(tmp_path / "a.parquet")
    assert [name for name, _ in found] == ["a", "d", "g", "h"]


def test_what_is_asked_wrongly_is_said_before_any_work(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", [ONE], PLAIN)
    assert refused(file, engine="duckdbb") == (
        'There is no engine "duckdbb"; did you mean "duckdb"?'
    )
    assert refused(file, master="local[2]").startswith("--master is the address of a cluster")
    nothing = write(tmp_path / "b.csv", [("010121", *ONE[1:])], PLAIN)
    empty = write(tmp_path / "c.csv", [], PLAIN)
    assert refused(empty, system="hs2022").startswith("The files have columns of records, and no")
    assert refused(nothing, system="hs2022") == (
        'Of 1 record none has a code and two countries of ours. The most, 1, have "010121".'
    )


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
