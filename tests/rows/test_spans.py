"""When rows start and end: every day here is worked out by hand from the cells."""

from __future__ import annotations

import pytest

from monazite.rows.cells import Cell
from monazite.rows.columns import read_schema
from monazite.rows.reader import Row, Tables
from monazite.rows.spans import end_in, start_in, time_columns
from monazite.shipped import ontology_folder

TABLES = read_schema(ontology_folder()).tables


def days(table: str, **cells: str) -> tuple[str, str]:
    """First and last day of a row of a table with some cells."""
    row = Row(table, "a", f"{table}.csv", 2, {name: (Cell(text),) for name, text in cells.items()})
    begins, ends = time_columns(TABLES[table])
    return start_in(row, begins), end_in(row, ends)


@pytest.mark.parametrize(
    ("table", "cells", "wanted"),
    [
        ("ownership", {"valid_from": "2008", "valid_until": "2012-06"}, "2008-01-01 2012-06-30"),
        ("ownership", {"valid_from": "2017-06-20"}, "2017-06-20 -"),
        ("operations", {"until": "2015-08"}, "- 2015-08-31"),
        ("facility_events", {"date": "1952"}, "1952-01-01 1952-12-31"),
        ("policy_events", {"date": "2025-11-07", "until": "2026-11-10"}, "2025-11-07 2025-11-07"),
        ("policy_scope", {"from": "2025-12"}, "2025-12-01 -"),
        ("policy_scope", {}, "- -"),
        ("baci", {"year": "2024"}, "2024-01-01 2024-12-31"),
        ("capacity", {"as_of": "2024-02"}, "2024-02-01 2024-02-29"),
        ("prices", {"date": "2021-05-03"}, "2021-05-03 2021-05-03"),
        (
            "trade",
            {"year": "2025", "period_from": "2025-05", "period_until": "2025-06"},
            "2025-05-01 2025-06-30",
        ),
        ("trade", {"year": "2025"}, "2025-01-01 2025-12-31"),
        ("monthly", {"period_from": "2025-05", "period_until": "2025-05"}, "2025-05-01 2025-05-31"),
        ("costs", {"period_from": "2021-10-01"}, "2021-10-01 2021-10-01"),
        ("compositions", {}, "- -"),
    ],
)
def test_a_row_starts_and_ends_as_its_kind_of_time_says(
    table: str, cells: dict[str, str], wanted: str
) -> None:
    assert " ".join(day or "-" for day in days(table, **cells)) == wanted


def test_no_row_ends_before_it_starts(shipped: Tables) -> None:
    columns = {name: time_columns(table) for name, table in shipped.schema.tables.items()}
    days = [
        (start_in(row, columns[row.table][0]), end_in(row, columns[row.table][1]))
        for row in shipped.rows
    ]
    dated = [(starts, ends) for starts, ends in days if starts and ends]
    assert len(dated) > 15_000
    assert all(starts <= ends for starts, ends in dated)


def test_every_table_with_a_time_has_columns_for_both_ends() -> None:
    for table in TABLES.values():
        begins, ends = time_columns(table)
        assert (table.time != "none") == bool(begins) == bool(ends), table.name
