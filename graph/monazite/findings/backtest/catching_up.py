"""How much of a loss later months brought back: an answer that hangs on the base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from monazite.findings.backtest.bases import bases_known
from monazite.findings.backtest.months import (
    YEAR,
    MonthFigure,
    month_of,
    month_text,
    months_known,
)
from monazite.findings.backtest.origins import measured

_FIRST = 3


@dataclass(frozen=True)
class CatchingUp:
    """What was lost in the first months of a rule, and brought back by the end of its year.

    Attributes:
        base: name of the base.
        lost: base less what happened, over the first three months; tonnes.
        last: the last month that is counted, as YYYY-MM.
        brought_back: what happened less base, over the months from then on; tonnes.
        rows: the row that prints the growth.
    """

    base: str
    lost: float
    last: str
    brought_back: float
    rows: tuple[str, ...]

    @property
    def part(self) -> float:
        """What was brought back over what was lost; below 0 where losses went on."""
        return self.brought_back / self.lost


def catching_up(figures: Sequence[MonthFigure], rule_day: str) -> tuple[CatchingUp, ...]:
    """Return how much of the loss was brought back, on each base."""
    rule = month_of(rule_day)
    known = months_known(figures)
    happened = measured(known)
    span = range(rule, rule - rule % YEAR + YEAR)
    found = []
    for base in bases_known(figures, rule):
        own = base.of_all(span, known, rule)
        if own is None or any(month not in happened for month in span):
            continue
        short = [amount - happened[month] for month, amount in zip(span, own, strict=True)]
        lost = fsum(short[:_FIRST])
        if lost > 0:
            found.append(
                CatchingUp(base.name, lost, month_text(span[-1]), -fsum(short[_FIRST:]), base.rows)
            )
    return tuple(found)
