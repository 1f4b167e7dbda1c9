"""What the text of a rule alone would have told: its scope and its time limit, nothing fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from monazite.findings.backtest.bases import LAST_YEAR, TradeBase, bases_known
from monazite.findings.backtest.months import (
    MonthFigure,
    day_in,
    days_in,
    month_of,
    month_text,
    months_known,
)
from monazite.findings.backtest.origins import measured
from monazite.findings.licences.daily_flows import Licence, passed_by_month
from monazite.findings.licences.delays import FixedDelay
from monazite.findings.method_assumptions import span
from monazite.quantities.amount import Amount

MONTHS = 7


@dataclass(frozen=True)
class TextMonth:
    """One month by the text alone, beside what happened; all in tonnes.

    Attributes:
        month: the month, as YYYY-MM.
        base: the same month of the year before.
        told: what would have passed by the text.
        told_low: least over the ranges of scope, time limit and base.
        told_high: most.
        happened: what passed.
        over: what passed less than the text would have let pass: over-compliance.
        over_low: least.
        over_high: most.
        rows: the rows of base and of what happened.
    """

    month: str
    base: float
    told: float
    told_low: float
    told_high: float
    happened: float
    over: float
    over_low: float
    over_high: float
    rows: tuple[str, ...]


def text_alone(
    figures: Sequence[MonthFigure], rule_day: str, scope: Amount, review: Amount
) -> tuple[TextMonth, ...]:
    """Let the scope of a rule wait for its time limit, and hold it against what happened.

    The covered part is held from the first day on, all of it is approved, each order after the
    time limit.
    """
    rule = month_of(rule_day)
    known = months_known(figures)
    happened = measured(known)
    bases = bases_known(figures, rule)
    months: list[int] = []
    for month in range(rule, rule + MONTHS):
        if month not in happened or bases[0].of(month, known, rule) is None:
            break
        months.append(month)
    days = [days_in(month) for month in months]

    def passed(base: TradeBase, covered: float, days_held: float) -> tuple[float, ...]:
        licence = Licence(day_in(rule_day, rule), covered, FixedDelay(round(days_held)))
        return passed_by_month(licence, base.of_all(months, known, rule) or [], days)

    middle = passed(bases[0], scope.value, review.value)
    tried = [passed(*each) for each in product(bases, span(scope), span(review))]
    assert bases[0].name == LAST_YEAR
    found = []
    for place, month in enumerate(months):
        column = [one[place] for one in tried]
        came, base = happened[month], bases[0].of(month, known, rule) or 0.0
        found.append(
            TextMonth(
                month_text(month),
                base,
                middle[place],
                min(column),
                max(column),
                came,
                middle[place] - came,
                min(column) - came,
                max(column) - came,
                tuple(sorted({*known[month].rows, *known[month - 12].rows})),
            )
        )
    return tuple(found)
