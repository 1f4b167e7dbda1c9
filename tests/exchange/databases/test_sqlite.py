"""The data base and the columns, read back and held against the tables of CSV."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from monazite.exchange.databases.parquet import write_parquet
from monazite.exchange.databases.sqlite import write_sqlite
from monazite.exchange.databases.typed_tables import typed_tables
from monazite.exchange.selection import Selection
from monazite.exchange.tables import cell_text, header_of
from monazite.rows.reader import Row

Table = list[dict[str, str]]


@pytest.fixture(scope="module")
def expected(mine: Selection) -> dict[str, Table]:
    """The cells of each table as CSV has them, sorted by key."""
    found: dict[str, list[Row]] = {name: [] for name in mine.view.schema.tables}
    for row in mine.rows():
        found[row.table].append(row)
    return {
        name: [
            {column: cell_text(row, column) for column in header_of(mine.view.schema.tables[name])}
            for row in sorted(rows, key=lambda row: row.key)
        ]
        for name, rows in found.items()
    }


def as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def plain(text: str, kind: str) -> str:
    return as_text(Decimal(text)) if text and kind == "decimal" else text


def test_sqlite_holds_every_cell_with_types_and_keys(
    mine: Selection, expected: dict[str, Table], tmp_path: Path
) -> None:
    content = write_sqlite(mine)
    assert content == write_sqlite(mine)
    file = tmp_path / "mine.sqlite"
    file.write_bytes(content)
    with closing(sqlite3.connect(file)) as base:
        base.row_factory = sqlite3.Row
        assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        for name, rows in expected.items():
            found = base.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
            assert [
                {key: as_text(each) for key, each in dict(row).items()} for row in found
            ] == rows
            first = base.execute(f'PRAGMA table_info("{name}")').fetchone()
            assert (first["name"], first["pk"]) == (
                mine.view.schema.tables[name].key_column,
                1,
            )
        types = {
            each["name"]: each["type"] for each in base.execute("PRAGMA table_info(production)")
        }
        assert (types["year"], types["value"], types["material"]) == (
            *("INTEGER", "DECIMAL_TEXT"),
            "TEXT",
        )
        refers = {(e["from"], e["table"]) for e in base.execute("PRAGMA foreign_key_list(trade)")}
        assert {("exporter", "countries"), ("importer", "countries")} <= refers
        assert dict(base.execute("SELECT name, value FROM view"))["line"] == mine.line()


@pytest.mark.parametrize(
    ("table", "column", "taken", "refused"),
    [
        (
            "capacity",
            "value",
            [None, 7, "7", "-0.50", 2.5, "0.000000000000000001"],
            ["abc", "", " ", "-", ".5", "5.", "1.2.3", "--1", "1-2", "1e5", "1,5", "NaN", b"1"],
        ),
        ("production", "year", [None, 2024, "2024"], ["abc", "", 2024.5, "2024-06", b"1"]),
    ],
)
def test_a_column_of_numbers_refuses_what_is_none(
    mine: Selection, table: str, column: str, taken: list[object], refused: list[object]
) -> None:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(write_sqlite(mine))
        key = mine.view.schema.tables[table].key_column
        add = f'INSERT INTO "{table}" ("{key}", "{column}") VALUES (?, ?)'
        base.executemany(add, [(f"taken-{at}", value) for at, value in enumerate(taken)])
        for value in refused:
            with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
                base.execute(add, ("refused", value))
            with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
                base.execute(f'UPDATE "{table}" SET "{column}" = ?', (value,))


def test_parquet_holds_every_cell_with_types(
    mine: Selection, expected: dict[str, Table], tmp_path: Path
) -> None:
    duckdb = pytest.importorskip("duckdb")
    files = write_parquet(mine)
    assert files == write_parquet(mine)
    assert {*files} == {f"{name}.parquet" for name in (*expected, "view")}
    kinds = {table.name: table.columns for table in typed_tables(mine)}
    with duckdb.connect() as base:
        for name, rows in expected.items():
            file = tmp_path / f"{name}.parquet"
            file.write_bytes(files[file.name])
            read = base.read_parquet(str(file))
            found = [
                dict(zip(read.columns, map(as_text, row), strict=True)) for row in read.fetchall()
            ]
            assert found == [
                {column: plain(text, kinds[name][column]) for column, text in row.items()}
                for row in rows
            ]
        production = base.read_parquet(str(tmp_path / "production.parquet"))
        types = dict(zip(production.columns, map(str, production.types), strict=True))
        assert (types["year"], types["value"]) == ("BIGINT", "DECIMAL(36,18)")


def test_the_csv_of_the_tables_is_the_referee(mine: Selection, expected: dict[str, Table]) -> None:
    from monazite.exchange.folder import write_folder

    files = write_folder(mine)
    for name, rows in expected.items():
        told = list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode())))
        assert len(told) == len(rows)
        for row in rows:
            shown = {column: text.removeprefix("'") for column, text in row.items()}
            assert shown in [{c: t.removeprefix("'") for c, t in each.items()} for each in told]
