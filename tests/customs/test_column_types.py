"""Types of Parquet that are refused, by both engines in the same words, before Spark begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.customs.aggregation import aggregate_trade
from monazite.errors import UnreadableError
from tests.customs.records import typed

pytest.importorskip("duckdb")
pytest.importorskip("narwhals")


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
@pytest.mark.parametrize("kind", ["DOUBLE", "FLOAT"])
def test_codes_with_a_point_are_refused(tmp_path: Path, engine: str, kind: str) -> None:
    file = typed(tmp_path / "a.parquet", code=f"28461000::{kind}")
    with pytest.raises(UnreadableError) as refused:
        aggregate_trade(str(file), system="hs2022", engine=engine)
    assert str(refused.value) == (
        f'{file}: the column "code" holds codes as {kind}, which keeps neither leading zeros nor '
        "all digits; write codes as text."
    )


def test_nanoseconds_are_for_duckdb_alone(tmp_path: Path) -> None:
    file = typed(tmp_path / "a.parquet", date="TIMESTAMP_NS '2024-05-17 10:00:00'")
    assert aggregate_trade(str(file), system="hs2022").sums[0].months == (5,)
    with pytest.raises(UnreadableError, match=r'a.parquet: the column "date" holds moments in nan'):
        aggregate_trade(str(file), system="hs2022", engine="spark")


def test_whole_numbers_are_codes(tmp_path: Path) -> None:
    file = typed(tmp_path / "a.parquet", code="28461000::BIGINT")
    assert aggregate_trade(str(file), system="hs2022").sums[0].code == "hs2022-284610"
