"""Files that give a column different types: each is read by its own, and sums stay exact."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.columnar.duckdb_engine import duckdb_engine
from monazite.columnar.record_file import CSV, PARQUET, ColumnFile
from monazite.customs.aggregation import aggregate_trade
from tests.customs.records import typed

pytest.importorskip("duckdb")
pytest.importorskip("narwhals")


@pytest.mark.parametrize(
    ("weights", "tonnes"),
    [
        (("1::BIGINT", "1.5::DOUBLE"), "0.0025"),
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
            typed(tmp_path / f"{at}.parquet", kg=weight)
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


def test_a_type_is_that_of_the_column() -> None:
    file = ColumnFile(Path("a"), PARQUET, ("code", "kg"), types=("VARCHAR", "DOUBLE"))
    assert (file.type_of("kg"), file.type_of("code")) == ("DOUBLE", "VARCHAR")
    assert ColumnFile(Path("a"), CSV, ("code", "kg")).type_of("kg") == ""
