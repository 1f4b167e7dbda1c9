"""Months of a trade, by what was published by a day: printed, or shared out of sums of months."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from monazite.core.results import Struct
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

MAGNETS = "magnet-exports"
"""The series of months of magnets; rows of trade on its customs lines are of it too."""
YEAR = 12
_LOOSE = 1.0  # tonnes by which two sums of the same months may differ by rounding


class MonthFigure(Struct):
    """One row: a number of one month, or of months in a row."""

    series: str  #: what is counted, a code of the monthly series
    goods: str
    origin: str
    destination: str
    first: int
    last: int
    tonnes: float | None  #: the number; None where the row prints a change only
    low: float
    high: float
    #: the change on the year before, in parts of one; None where the row prints none
    change: float | None
    derived: bool
    known: str  #: last day on which its first dated source may have been published; empty for none
    row: str

    @property
    def months(self) -> range:
        """The months that it is of."""
        return range(self.first, self.last + 1)


class MonthTonnes(Struct):
    """What is known of one month; shared is an even share of what sums of months leave."""

    tonnes: float
    low: float
    high: float
    shared: bool
    rows: tuple[str, ...]


Months = Mapping[int, MonthTonnes]


def month_of(text: str) -> int:
    """Return a month, written as YYYY-MM, as a number that counts months."""
    return int(text[:4]) * YEAR + int(text[5:7]) - 1


def month_text(month: int) -> str:
    """Return a month as YYYY-MM."""
    return f"{month // YEAR:04d}-{month % YEAR + 1:02d}"


def days_in(month: int) -> int:
    """Return how many days a month has."""
    return monthrange(month // YEAR, month % YEAR + 1)[1]


def day_in(day: str, month: int) -> int:
    """Return how many days after the first day of a month a day is.

    >>> day_in("2025-05-04", month_of("2025-04"))
    33
    """
    return sum(map(days_in, range(month, month_of(day)))) + int(day[8:10]) - 1


def read_months(store: Store) -> tuple[MonthFigure, ...]:
    """Read the rows of a view that speak of months."""
    answers: dict[str, list[QueryRecord]] = {}
    for answer in ask(store, "month-figures"):
        answers.setdefault(answer.row(), []).append(answer)
    found = []
    for row, lines in sorted(answers.items()):
        line, span = lines[0], _span(lines[0])
        series = line["series"] or (MAGNETS if line["basis"] == "magnet" else "")
        kinds = {each["kind"] for each in lines}
        if span is None or not series or not kinds <= {"measured", "derived"}:
            continue
        factor = {"t": 1.0, "kg": 0.001}.get(line["unit"])
        printed = line.maybe_number("percent") if line["basis"] == "growth-on-year" else None
        value, low, high = (
            None if number is None or factor is None else number * factor
            for number in map(line.maybe_number, ("value", "low", "high"))
        )
        if value is None and printed is None:
            continue
        number = value or 0.0
        ends = (number if low is None else low, number if high is None else high)
        change = None if printed is None else printed / 100
        known = min((each["saidLatest"] for each in lines if each["saidLatest"]), default="")
        place = (series, line["goods"], line["from"], line["to"], *span)
        told = MonthFigure(*place, value, *ends, change, "derived" in kinds, known, row)
        found.append(told)
    return tuple(found)


def _span(line: QueryRecord) -> tuple[int, int] | None:
    """The first and last month; a row with a year alone is of its twelve months."""
    first, last = line["first"], line["last"] or line["first"]
    if len(first) == len(last) == len("2025-05"):
        return month_of(first), month_of(last)
    if not first and line["year"]:
        return month_of(f"{line['year']}-01"), month_of(f"{line['year']}-12")
    return None


def known_by(figures: Iterable[MonthFigure], day: str) -> tuple[MonthFigure, ...]:
    """Return the rows that a source had printed by a day; undated ones had not."""
    return tuple(each for each in figures if each.known and each.known <= day)


def months_known(figures: Iterable[MonthFigure]) -> dict[int, MonthTonnes]:
    """Work out what is known of each month of one trade.

    A month has the number that a row prints: measured before derived, then the narrowest. What a
    sum leaves after known months is shared evenly, sums with the fewest unknown months first;
    sums that begin or end together give one of the months between.
    """
    numbered = [each for each in figures if each.tonnes is not None]
    known: dict[int, MonthTonnes] = {}
    for each in sorted(numbered, key=_worth):
        if each.first == each.last:
            own = MonthTonnes(each.tonnes or 0.0, each.low, each.high, False, (each.row,))
            known.setdefault(each.first, own)
    sums = [*_sums(numbered)]
    while True:
        unknown = ([month for month in one.months if month not in known] for one in sums)
        left = [(x, one) for x, one in zip(unknown, sums, strict=True) if x]
        if not left:
            return dict(sorted(known.items()))
        missing, one = min(
            left, key=lambda x: (len(x[0]), len(x[1].months), x[1].months.start, x[1].rows)
        )
        told = [known[month] for month in one.months if month in known]
        slack = (one.slack + sum(each.high - each.low for each in told)) / 2
        part = max(0.0, one.tonnes - sum(each.tonnes for each in told)) / len(missing)
        rows = tuple(sorted({*one.rows, *(row for each in told for row in each.rows)}))
        shared = len(missing) > 1
        ends = (0.0, part * len(missing)) if shared else (max(0.0, part - slack), part + slack)
        known |= dict.fromkeys(missing, MonthTonnes(part, *ends, shared, rows))


def _worth(figure: MonthFigure) -> tuple[bool, float, str]:
    return figure.derived, figure.high - figure.low, figure.row


class _MonthSum(NamedTuple):
    months: range
    tonnes: float
    slack: float
    rows: tuple[str, ...]


def _sums(figures: Iterable[MonthFigure]) -> Iterator[_MonthSum]:
    """The sums of several months, and the differences of those that begin or end together."""
    sums = [
        _MonthSum(each.months, each.tonnes or 0.0, each.high - each.low, (each.row,))
        for each in sorted(figures, key=_worth)
        if each.last > each.first
    ]
    yield from sums
    for one, other in combinations(sums, 2):
        short, long = sorted((one, other), key=lambda each: len(each.months))
        left = long.tonnes - short.tonnes
        if len(short.months) == len(long.months) or left < -_LOOSE:
            continue
        about = (left, long.slack + short.slack, tuple(sorted({*long.rows, *short.rows})))
        if short.months.start == long.months.start:
            yield _MonthSum(range(short.months.stop, long.months.stop), *about)
        elif short.months.stop == long.months.stop:
            yield _MonthSum(range(long.months.start, short.months.start), *about)


def chosen(
    figures: Iterable[MonthFigure], series: str, destination: str
) -> tuple[MonthFigure, ...]:
    """Return the rows of China's trade with one destination."""
    return tuple(
        each
        for each in figures
        if series in (each.series, each.goods)
        and (each.origin, each.destination) == ("CHN", destination)
    )
