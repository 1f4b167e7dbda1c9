"""Records to sum: written as people have them, and added up again by whole numbers of Python."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HEADER = ("code", "exporter", "importer", "date", "kg", "usd", "seller", "buyer")
PLACES = ("CHN", "USA", "MMR", "DEU")


def made(number: int, seed: int = 7) -> list[tuple[str, ...]]:
    """A number of records, the same each time: awkward fractions, blanks, pairs of firms."""
    records: list[tuple[str, ...]] = []
    state = seed
    for place in range(number):
        state = (state * 1_103_515_245 + 12_345) % 2**31
        seller, buyer = state % 4, (state // 4) % 3
        kg = "" if place % 17 == 0 else f"{state % 100_000}.{state % 1000:03d}"
        records.append(
            (
                ("850511", "284690", "280530")[state % 3],
                PLACES[seller],
                PLACES[(seller + 1 + buyer) % 4],
                f"{2019 + state % 5}-{1 + state % 12:02d}-03",
                kg,
                f"{state % 9_999}.{state % 100:02d}",
                f"Seller {seller} Co.",
                f"Buyer {buyer}, Ltd.",
            )
        )
    return records


def write(file: Path, records: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """Write records as CSV."""
    file.parent.mkdir(exist_ok=True, parents=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *records])
    return file


def to_parquet(file: Path, source: Path) -> Path:
    """Write a CSV of records as typed Parquet: dates, and weights in binary numbers."""
    import duckdb

    file.parent.mkdir(exist_ok=True, parents=True)
    with duckdb.connect() as connection:
        told = connection.read_csv(str(source), header=True)
        told.project(
            "* REPLACE (CAST(kg AS DOUBLE) AS kg, CAST(code AS VARCHAR) AS code)"
        ).to_parquet(str(file))
    return file


def added(records: Sequence[Sequence[str]]) -> dict[tuple[str, str, str, int], tuple[int, ...]]:
    """Records, grams, records with a weight, and cents, by code, exporter, importer and year."""
    found: dict[tuple[str, str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for code, exporter, importer, date, kg, usd, *_ in records:
        line = found[f"hs2022-{code}", exporter, importer, int(date[:4])]
        line[0] += 1
        line[1] += int((Decimal(kg or 0) * 1000).quantize(Decimal(1), ROUND_HALF_UP))
        line[2] += bool(kg)
        line[3] += int((Decimal(usd) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return {key: tuple(line) for key, line in found.items()}


def typed(file: Path, **columns: str) -> Path:
    """Write one record as Parquet, with the columns told as they are typed in SQL."""
    import duckdb

    told = {"code": "'850511'", "exporter": "'CHN'", "importer": "'USA'", "date": "2024", "kg": "1"}
    cells = ", ".join(f"{value} AS {name}" for name, value in (told | columns).items())
    with duckdb.connect() as connection:
        connection.sql(f"SELECT {cells}").to_parquet(str(file))
    return file
