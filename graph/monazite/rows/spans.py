"""The time of a row as one pair of days, whichever columns of its table hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monazite.rows.dates import date_bounds
from monazite.rows.iris import NS

if TYPE_CHECKING:
    from monazite.rows.columns import TableShape
    from monazite.rows.reader import Row

_OF_PERIOD = (NS + "periodFrom", NS + "periodUntil")


@dataclass(frozen=True)
class Span:
    """The columns in which the rows of a table begin and end; of each, the first not blank."""

    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    def starts_on(self, row: Row) -> str:
        """Return the first day on which what a row says can be so; nothing if it has none."""
        return _day(row, self.begins, 0)

    def ends_on(self, row: Row) -> str:
        """Return the last day on which what a row says can be so; nothing if it goes on."""
        return _day(row, self.ends, 1)


def span_of(table: TableShape) -> Span:
    """Return where the time of the rows of a table stands, by its kind of time.

    An interval, and a part of a whole, begin in one column and end in another. An event begins
    and ends with its date. A figure is of its period where it prints one, else of its year.

    >>> from monazite.rows.columns import read_schema
    >>> from monazite.shipped import ontology_folder
    >>> tables = read_schema(ontology_folder()).tables
    >>> span_of(tables["ownership"])
    Span(begins=('valid_from',), ends=('valid_until',))
    >>> span_of(tables["trade"])
    Span(begins=('period_from', 'year'), ends=('period_until', 'year'))
    """
    columns = table.time_columns
    if table.time in {"interval", "part"}:
        return Span(columns[:1], columns[1:])
    if table.time != "period":
        return Span(columns, columns)
    begins, ends = (
        tuple(column.name for column in table.columns if column.path == path) for path in _OF_PERIOD
    )
    return Span(_each_once(begins + columns), _each_once(ends + columns))


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _day(row: Row, columns: Sequence[str], which: int) -> str:
    for column in columns:
        cells = row.cells.get(column)
        if cells:
            return date_bounds(cells[0].text)[which]
    return ""
