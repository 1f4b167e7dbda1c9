"""The expression, against whole numbers of Python: no sum depends on how records are parted."""

from __future__ import annotations

import pytest

from monazite.data.customs.yearly_sums import (
    CHECKED,
    FAULTS,
    SUMMED,
    count_faults,
    count_months,
    is_faulty,
    sum_records,
)

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("narwhals")
COLUMNS = {name: name for name in ("code", "exporter", "importer", "date", "kg", "usd")}


def sums(values: str, columns: dict[str, str] = COLUMNS) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        table = connection.sql(f"SELECT * FROM (VALUES {values}) t({', '.join(columns)})")
        found = sum_records([(table, columns)], ("code", "year"))
        return sorted((row[:-1] for row in found.fetchall()), key=repr)


def faults(kg: str, date: str = "DATE '2024-02-29'", usd: str = "1.5") -> dict[str, int]:
    with duckdb.connect() as connection:
        table = connection.sql(f"SELECT {kg} kg, {date} date, {usd} usd")
        columns = {name: name for name in ("kg", "date", "usd")}
        names, frame = count_faults(table, columns)
        ((*counts, records),) = frame.fetchall()
        assert ({*names} <= {*FAULTS}, records) == (True, 1)
        return {name: each for name, each in zip(names, counts, strict=True) if each}


@pytest.mark.parametrize(
    ("kg", "grams"),
    [
        ("'0.1'", 100),
        ("0.1::DOUBLE", 100),
        ("0.1::FLOAT", 100),
        ("12345678901.234::DECIMAL(18, 3)", 12_345_678_901_234),
        ("' 12.5 '", 12_500),
        ("'1.2e3'", 1_200_000),
        ("'1.0005'", 1_001),
        ("'0.0004'", 0),
        ("'.5'", 500),
        ("7::TINYINT", 7_000),
    ],
)
def test_a_weight_is_whole_grams(kg: str, grams: int) -> None:
    (found,) = sums(f"('a', 'CHN', 'USA', '2024-01-02', {kg}, '0.015')")
    assert found == ("a", 2024, 1, grams, 1, 2, 1)


def test_what_is_blank_is_no_nought() -> None:
    found = sums(
        "('a', 'x', 'y', '2024', NULL, NULL), ('a', 'x', 'y', '202412', '', ''),"
        "('a', 'x', 'y', '20241231', '2', '0')"
    )
    assert found == [("a", 2024, 3, 2_000, 1, 0, 1)]
    (without,) = sums("('a', 'x', 'y', 2024, 3)", {k: k for k in [*COLUMNS][:5]})
    assert without == ("a", 2024, 1, 3_000, 1, 0, 0)


@pytest.mark.parametrize("cell", ["{}", "'{}'", "{}::DECIMAL(9, 2)", "{}::FLOAT"])
def test_nothing_beside_a_value_is_a_weight_that_was_not_given(cell: str) -> None:
    pairs = ((5, 1), (0, 99_999), (0, 0))
    told = [f"('a', 'x', 'y', 2024, {cell.format(kg)}, {cell.format(usd)})" for kg, usd in pairs]
    assert sums(", ".join(told)) == [("a", 2024, 3, 5_000, 2, 10_000_000, 3)]
    assert sums(told[1]) == [("a", 2024, 1, 0, 0, 9_999_900, 1)]
    assert sums("('a', 'x', 'y', 2024, 0, NULL::DOUBLE)") == [("a", 2024, 1, 0, 1, 0, 0)]


@pytest.mark.parametrize(
    ("kg", "date", "usd", "wrong"),
    [
        ("-1", "2024", "1", "light"),
        ("-0.0001", "2024", "1", "light"),
        ("'1,5'", "2024", "1", "no_weight"),
        ("'NaN'::DOUBLE", "2024", "1", "no_weight"),
        ("'inf'::DOUBLE", "2024", "1", "no_weight"),
        ("'1e99'", "2024", "1", "no_weight"),
        ("'.'", "2024", "1", "no_weight"),
        ("1e13::DOUBLE", "2024", "1", "no_weight"),
        ("1", "2024", "-1", "low"),
        ("1", "2024", "'USD 3'", "no_value"),
        ("1", "'01/02/2024'", "1", "no_year"),
        ("1", "NULL::DATE", "1", "no_year"),
        ("1", "'20x4'", "1", "no_year"),
        *(
            ("1", date, "1", "no_year")
            for date in (
                *("'2024-Q1'", "'2024W05'", "'2024-W05-1'", "'2024-13-01'", "'2024-05-00'"),
                *("'2024/2/31'", "'2023-02-29'", "'19000229'", "20240132", "202413", "202400"),
                *("2024.1::DOUBLE", "'2024 May'", "'2024-2025'", "'2024-05-17 2024-05-19'"),
            )
        ),
        ("1", "DATE '0024-01-01'", "1", "no_year"),
    ],
)
def test_what_cannot_be_is_counted_and_never_summed(
    kg: str, date: str, usd: str, wrong: str
) -> None:
    assert faults(kg, date, usd) == {wrong: 1}
    with duckdb.connect() as connection:
        values = f"SELECT 'a' code, 'x' exporter, 'y' importer, {date} date, {kg} kg, {usd} usd"
        frame = sum_records([(connection.sql(values), COLUMNS)], ("code", "year"))
        ((*found,),) = frame.fetchall()
    told = dict(zip(("code", "year", *SUMMED, *CHECKED), found, strict=True))
    assert is_faulty(*(told[name] for name in ("year", "grams", "cents", *CHECKED)))


@pytest.mark.parametrize(
    ("date", "month"),
    [
        ("DATE '2024-02-29'", 2),
        ("TIMESTAMP '2024-12-31 23:59'", 12),
        ("20241001", 10),
        ("'202403'", 3),
        ("'2024-1-15'", 1),
        ("'2024/11/5'", 11),
        ("'2024.09.30 08:00'", 9),
        ("'2024'", None),
        ("2024", None),
        ("2024.0::DOUBLE", None),
        ("'2024.0'", None),
        ("'2024-02-29T08:00:00Z'", 2),
        ("'20240229'", 2),
        ("'2024-4-30 '", 4),
        ("'2024-12-31+08:00'", 12),
    ],
)
def test_a_date_names_its_month_or_none(date: str, month: int | None) -> None:
    with duckdb.connect() as connection:
        table = connection.sql(f"SELECT * FROM (VALUES ({date})) t(date)")
        found = count_months([(table, {"date": "date"}), (table, {"date": "date"})]).fetchall()
    assert found == [(2024, month, 2)]
