"""Numbers and months with the ends between which nine tenths of the random trials lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from monazite.findings.uncertainty.sampling import quantile
from monazite.result import Value
from monazite.rows.dates import dates_in_words

LOW, HIGH = 0.05, 0.95
NEVER = -1.0
"""In place of the number of a month where there is none."""


@dataclass(frozen=True)
class Span(Value):
    """A number, and the ends between which nine tenths of the random trials lie.

    Attributes:
        middle: at the value of every figure and assumption.
        low: of the trials, 5 %; None where none was made.
        high: of the trials, 95 %; None where none was made.
    """

    middle: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class MonthSpan(Value):
    """A month, and those between which nine tenths of the random trials lie.

    Attributes:
        middle: as 2025-04, at the value of every figure and assumption; empty for no month.
        low: of the trials, 5 %; empty for no month, None where no trial was made.
        high: of the trials, 95 %; empty for no month, None where no trial was made.
    """

    middle: str
    low: str | None = None
    high: str | None = None

    @property
    def cell(self) -> str:
        """The month, and where trials end in others, in which ones.

        >>> MonthSpan("2027-04").cell, MonthSpan("2027-04", "2027-04", "2027-05").cell
        ('2027-04', '2027-04 (to 2027-05)')
        >>> MonthSpan("2027-04", "2027-03", "2027-05").cell, MonthSpan("", "", "2027-05").cell
        ('2027-04 (2027-03 to 2027-05)', '(to 2027-05)')
        >>> MonthSpan("2027-04", "", "2027-04").cell
        '2027-04 (none to 2027-04)'
        """
        if self.low is None or self.high is None or self.low == self.middle == self.high:
            return self.middle
        begins = "" if self.low == self.middle else f"{self.low or 'none'} "
        return f"{self.middle} ({begins}to {self.high or 'none'})".strip()

    @property
    def words(self) -> str:
        """The same with names of months.

        >>> MonthSpan("2027-04", "2027-04", "2027-05").words
        'Apr 2027 (to May 2027)'
        """
        return dates_in_words(self.cell)


def span_of(middle: float, drawn: Sequence[float]) -> Span:
    """Return a number with its range."""
    return Span(middle, quantile(drawn, LOW), quantile(drawn, HIGH)) if drawn else Span(middle)


def month_span_of(middle: float, drawn: Iterable[float], months: Sequence[str]) -> MonthSpan:
    """Return a month with its range, whose ends are months of trials and lie between none.

    >>> month_span_of(0, [0, 0, NEVER, 1], ["2027-04", "2027-05"])
    MonthSpan(middle='2027-04', low='', high='2027-05')
    """
    found = sorted(drawn)
    names = {NEVER: "", **{float(place): month for place, month in enumerate(months)}}
    if not found:
        return MonthSpan(names[middle])
    last = len(found) - 1
    low, high = found[floor(LOW * last)], found[ceil(HIGH * last)]
    return MonthSpan(names[middle], names[low], names[high])


def last_short(parts: Sequence[float], least: float) -> float:
    """Return the place of the last month in which a part is lacking; ``NEVER`` where none is.

    >>> last_short([0.0, 0.6, 0.1, 0.001], 0.005), last_short([0.0], 0.005)
    (2.0, -1.0)
    """
    return max((float(place) for place, x in enumerate(parts) if x >= least), default=NEVER)
