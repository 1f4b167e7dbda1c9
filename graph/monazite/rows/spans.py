"""The time of a row as one pair of days, whichever columns of its table hold it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monazite.rows.dates import date_bounds
from monazite.rows.iris import NS

if TYPE_CHECKING:
    from monazite.rows.columns import TableShape
    from monazite.rows.reader import Row

_OF_PERIOD = (NS + "periodFrom", NS + "periodUntil")


def time_columns(table: TableShape) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns in which the rows of a table begin, and those in which they end.

    An interval, and a part of a whole, begin in one column and end in another. An event begins
    and ends with its date. A figure is of its period where it prints one, else of its year.

    >>> from monazite.rows.columns import read_schema
    >>> from monazite.shipped import ontology_folder
    >>> tables = read_schema(ontology_folder()).tables
    >>> time_columns(tables["ownership"])
    (('valid_from',), ('valid_until',))
    >>> time_columns(tables["trade"])
    (('period_from', 'year'), ('period_until', 'year'))
    """
    columns = table.time_columns
    if table.time in {"interval", "part"}:
        return columns[:1], columns[1:]
    if table.time != "period":
        return columns, columns
    begins, ends = (
        tuple(column.name for column in table.columns if column.path == path) for path in _OF_PERIOD
    )
    return _each_once(begins + columns), _each_once(ends + columns)


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def start_in(row: Row, columns: Sequence[str]) -> str:
    """Return the first day that the first column which is not blank can mean; empty if all are.

    >>> from monazite.rows.cells import Cell
    >>> from monazite.rows.reader import Row
    >>> row = Row("trade", "a", "trade.csv", 2, {"year": (Cell("2024"),)})
    >>> start_in(row, ["period_from", "year"]), end_in(row, ["period_until", "year"])
    ('2024-01-01', '2024-12-31')
    """
    text = _text(row, columns)
    return date_bounds(text)[0] if text else ""


def end_in(row: Row, columns: Sequence[str]) -> str:
    """Return the last day that the first column which is not blank can mean; empty if all are."""
    text = _text(row, columns)
    return date_bounds(text)[1] if text else ""


def _text(row: Row, columns: Sequence[str]) -> str:
    return next((row.cells[name][0].text for name in columns if row.cells.get(name)), "")
