"""Whether a fact holds on a day, if its dates may be only a year or a month."""

from __future__ import annotations

from collections.abc import Mapping

from monazite.rows.filters import NO, PERHAPS, SURELY, Bounds

PRECISION = {4: "year", 7: "month", 10: "day"}
"""What is known of a date, by the length of its text."""


def holds(begins: Bounds, ends: Bounds, day: str) -> str:
    """Return whether an interval with uncertain ends contains a day: surely, perhaps or no.

    Both ends are included. An interval without a first day perhaps holds; one without a last day is
    open.

    >>> holds(("2008-01-01", "2008-12-31"), ("2017-01-01", "2017-12-31"), "2015-12-31")
    'surely'
    >>> [holds(None, ("2025-04-17", "2025-04-17"), day) for day in ("2020-01-01", "2025-04-18")]
    ['perhaps', 'no']
    """
    if (begins and day < begins[0]) or (ends and ends[1] < day):
        return NO
    sure = begins is not None and begins[1] <= day and (ends is None or day <= ends[0])
    return SURELY if sure else PERHAPS


def bounds_in(answer: Mapping[str, str], name: str) -> Bounds:
    """Return the first and last day that a date in a record of a query can mean.

    >>> bounds_in({"fromEarliest": "2017-01-01", "fromLatest": "2017-12-31"}, "from")
    ('2017-01-01', '2017-12-31')
    """
    earliest, latest = answer[f"{name}Earliest"], answer[f"{name}Latest"]
    return (earliest, latest) if earliest else None
