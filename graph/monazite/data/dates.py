"""Partial dates: a year, a month or a day, with the first and last day they can mean."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from monazite.core.errors import BadDateError

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

DATATYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}  # of XSD, by the length of a partial date


@lru_cache(maxsize=1 << 13)
def date_bounds(text: str) -> tuple[str, str]:
    """Return the first and the last possible day of a partial date.

    >>> date_bounds("2024-02")
    ('2024-02-01', '2024-02-29')
    """
    match = _PARTIAL.fullmatch(text)
    try:
        if match is not None:
            year, month, day = (int(part or 0) for part in match.groups())
            first = date(year, month if match[2] else 1, day if match[3] else 1)
            if match[3]:
                last = first
            elif match[2] and month < 12:
                last = date(year, month + 1, 1) - timedelta(days=1)
            else:
                last = date(year, 12, 31)
            return first.isoformat(), last.isoformat()
    except ValueError:  # a month or a day that no calendar has
        pass
    raise BadDateError(f'"{text}" is not a date; write 2025, 2025-06 or 2025-06-11.')


TODAY = "today"
TAKE_TODAY = ("valid", "known", "since", "date1", "date2")  # parameters that may be today


def read_today(day: str | None) -> str | None:
    """Return a day, ``today`` as the date: the clock is read here and nowhere else."""
    return date.today().isoformat() if day == TODAY else day


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: str) -> str:
    """Return an ISO day, month or year as a sentence has it; what is none stays as it is.

    >>> day_words("2026-11-24"), day_words("2026-11"), day_words("2026"), day_words("not known")
    ('24 Nov 2026', 'Nov 2026', '2026', 'not known')
    """
    year, *rest = day.split("-")
    if not rest or len(rest) > 2 or not all(part.isdecimal() for part in (year, *rest)):
        return day
    if not 0 < int(rest[0]) <= len(_MONTHS):
        return day
    return " ".join([*(str(int(part)) for part in rest[1:]), _MONTHS[int(rest[0]) - 1], year])


_ISO = re.compile(
    r"(?<![\w-])(?:19|20)\d{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?![\w-])"
)


def dates_in_words(text: str) -> str:
    """Return a sentence with its ISO dates as a reader writes them; other numbers stay."""
    return _ISO.sub(lambda found: day_words(found[0]), text)
