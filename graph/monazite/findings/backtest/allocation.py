"""Which rule of allocation the months support: in proportion, or home first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log, sqrt

from monazite.findings.backtest.destinations import DestinationMonth
from monazite.findings.method_assumptions import span
from monazite.quantities.amount import Amount

IN_PROPORTION = "in proportion"
HOME_FIRST = "home first"
UNDECIDED = "undecided"
_CLEAR = 3.0
"""A ratio below it, or one that crosses 1 when a month is left out, decides nothing."""


@dataclass(frozen=True)
class AllocationMonth:
    """What part of exports each rule lets pass in a month, and what passed.

    Attributes:
        month: the month, as YYYY-MM.
        in_proportion: home and abroad share what is withheld.
        home_first: exports bear all of it.
        happened: what passed.
    """

    month: str
    in_proportion: float
    home_first: float
    happened: float


@dataclass(frozen=True)
class Allocation:
    """Which of the two rules the months of an episode support.

    Attributes:
        months: what was compared.
        ratio: likelihood of home first over that of in proportion; above 1 for home first.
        low: the least with one month left out and over the ranges of what is assumed.
        high: the most.
    """

    months: tuple[AllocationMonth, ...]
    ratio: float
    low: float
    high: float

    @property
    def supports(self) -> str:
        """The rule that the months support, or that they decide nothing."""
        if self.low >= _CLEAR:
            return HOME_FIRST
        return IN_PROPORTION if self.high <= 1 / _CLEAR else UNDECIDED


def compare_rules(
    parts: Sequence[tuple[str, float, float]], abroad: Amount, factor: Amount
) -> Allocation | None:
    """Compare the two rules on the parts of exports that passed.

    A rule withholds the part ``s`` of exports. Home first leaves ``1 - s`` of them. In proportion,
    home use goes short as well, and exports keep ``1 - s * w``, where ``w`` is the part of all that
    went abroad. The likelihood of each is that of normal errors of the logarithms.

    >>> abroad, factor = Amount(0.22, 0.18, 0.25), Amount(1.65, 1.35, 2.25)
    >>> found = compare_rules([("2025-05", 0.6, 0.6), ("2025-06", 0.6, 0.6)], abroad, factor)
    >>> found.ratio > 1, found.supports
    (True, 'undecided')
    """
    if not parts:
        return None
    outward, *others = span(abroad)
    months = tuple(
        AllocationMonth(month, 1 - (1 - left) * outward, left, passed)
        for month, left, passed in parts
    )
    tried = []
    for part in (outward, *others):
        for error in map(log, span(factor)):
            gains = [_gain(left, passed, part, error) for _, left, passed in parts]
            whole = fsum(gains)
            tried += [whole, *(whole - each for each in gains if len(gains) > 1)]
    middle = fsum(_gain(left, passed, outward, log(factor.value)) for _, left, passed in parts)
    return Allocation(months, exp(middle), exp(min(tried)), exp(max(tried)))


def _gain(left: float, passed: float, outward: float, error: float) -> float:
    """By how much a month makes home first likelier, as a logarithm."""
    shared = log(passed / (1 - (1 - left) * outward))
    home = log(passed / left)
    return (shared**2 - home**2) / (2 * error**2)


@dataclass(frozen=True)
class DestinationSpread:
    """How far destinations were from equal parts in a month.

    Attributes:
        month: the month, as YYYY-MM.
        destinations: how many are known.
        least: the smallest part of a destination over that of the world.
        most: the largest.
        spread: typical factor between a destination and the world; 1 is in proportion.
    """

    month: str
    destinations: int
    least: float
    most: float
    spread: float


def destination_spreads(months: Sequence[DestinationMonth]) -> tuple[DestinationSpread, ...]:
    """Return how far destinations were from equal parts, by month."""
    found = []
    for month in sorted({each.month for each in months}):
        ratios = [each.part / each.world_part for each in months if each.month == month]
        if len(ratios) > 1:
            squared = fsum(log(each) ** 2 for each in ratios) / len(ratios)
            found.append(
                DestinationSpread(month, len(ratios), min(ratios), max(ratios), exp(sqrt(squared)))
            )
    return tuple(found)
