"""Months by destination: what part of its base each had, beside the world's and the model's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from monazite.analysis.backtest.baselines import BACK_TO_BASE, LAST_YEAR, Score, bases_known, score
from monazite.analysis.backtest.months import (
    MAGNETS,
    YEAR,
    MonthFigure,
    chosen,
    month_of,
    month_text,
    months_known,
)
from monazite.analysis.backtest.origins import LICENCE, OUT_OF_SAMPLE, MonthForecast, measured

_FIRST = 3


@dataclass(frozen=True)
class CatchingUp:
    """What was lost in the first months of a rule, and brought back by the end of its year.

    Attributes:
        base: name of the base: last year, or what it is multiplied by.
        lost: base less what happened, over the first three months; tonnes.
        last: the last month that is counted, YYYY-MM.
        brought_back: what happened less base, over the months from then on; tonnes.
        rows: keys of the rows.
    """

    _json = "* part"

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


WORLD = "WLD"
_WIDE = frozenset({WORLD, "EUE", "ROW"})  # areas, which contain destinations of their own


@dataclass(frozen=True)
class DestinationMonth:
    """One month of one destination.

    Attributes:
        destination: its code.
        month: the month, YYYY-MM.
        tonnes: what went there.
        base: what went there in the same month of the year before.
        part: the one over the other.
        world_part: the same of the world.
        kind: fit where the world's month was fitted, pseudo-out-of-sample where it was foretold;
            empty where the model was not asked.
        model_part: what the licence process, fitted to the world, lets pass of a base; None where
            it was not asked.
        rows: keys of the rows.
    """

    _json = "destination month tonnes base part world_part kind? model_part rows factor"

    destination: str
    month: str
    tonnes: float
    base: float
    part: float
    world_part: float
    kind: str
    model_part: float | None
    rows: tuple[str, ...]

    @property
    def factor(self) -> float | None:
        """What went there over what the model lets pass; None without the model."""
        return self.part / self.model_part if self.model_part else None


def destination_months(
    figures: Sequence[MonthFigure], rule_day: str, forecasts: Sequence[MonthForecast]
) -> tuple[DestinationMonth, ...]:
    """Return the months since a rule of each destination with a printed base."""
    rule = month_of(rule_day)
    world = measured(months_known(chosen(figures, MAGNETS, WORLD)))
    model = _model_parts(forecasts)
    told = {x.destination for x in figures if x.series == MAGNETS and x.tonnes is not None}
    found = []
    for code in sorted(told - _WIDE):
        known = months_known(chosen(figures, MAGNETS, code))
        printed = measured(known)
        for month, tonnes in printed.items():
            before = month - YEAR
            if month >= rule > before and {before, month} <= {*world} and before in printed:
                kind, part = model.get(month_text(month), ("", None))
                found.append(
                    DestinationMonth(
                        destination=code,
                        month=month_text(month),
                        tonnes=tonnes,
                        base=printed[before],
                        part=tonnes / printed[before],
                        world_part=world[month] / world[before],
                        kind=kind,
                        model_part=part,
                        rows=tuple(sorted({*known[month].rows, *known[before].rows})),
                    )
                )
    return tuple(found)


def _model_parts(forecasts: Sequence[MonthForecast]) -> Mapping[str, tuple[str, float]]:
    """Kind, and part that passes by the process, over the return to the year before."""
    lines = [each for each in forecasts if each.base == LAST_YEAR]
    bases = {each.month: each.tonnes for each in lines if each.method == BACK_TO_BASE}
    return {
        each.month: (each.kind, each.tonnes / bases[each.month])
        for each in lines
        if each.method == LICENCE and bases.get(each.month)
    }


def destination_score(months: Sequence[DestinationMonth]) -> Score | None:
    """Score the process, fitted to the world, on destinations; direction is over or under base."""
    told = [each for each in months if each.kind == OUT_OF_SAMPLE]
    bases = [each.base for each in told]
    forecast = [(each.model_part or 0.0) * each.base for each in told]
    return score(forecast, [each.tonnes for each in told], bases, bases)
