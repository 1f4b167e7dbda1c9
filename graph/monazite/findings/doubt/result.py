"""What the evidence cut finds: premises, outcomes, sets, and what of the result rests on them."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.showing import Showing

HOLDS, OTHER, CROSSED = "holds", "another is first", "the loss crosses"
UNKNOWN = "no longer known"
ASSUMPTION, NO_TIER = "assumption", "no source"
CLASSES = ("tier 1", "tier 2", "tier 3", "tier 4", ASSUMPTION)
WEAK = frozenset(CLASSES[2:])
"""What rests on news, on weak sources, or on what nobody has said."""


@dataclass(frozen=True)
class Outcome:
    """What a doubt makes of the conclusion: who is first then, and what the first loses then.

    ``value`` is the number put in, None where a row is dropped or several doubts meet; ``loss`` is
    that of what stood first, None where it is no longer known, and ``why`` says why.
    """

    how: str
    value: float | None
    verdict: str
    first: str | None
    loss: float | None
    why: str = ""


@dataclass(frozen=True)
class PremiseLine:
    """One premise: what it says, who says so, and what doubting it does.

    ``effect`` is the largest change of the loss that one doubt about it makes, 0 to 1, of those
    after which it is known.
    """

    rows: tuple[str, ...]
    text: str
    sources: tuple[str, ...]
    tier: str
    value: float | None
    unit: str
    low: float | None
    high: float | None
    ranged_by: str
    range_rows: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    effect: float


@dataclass(frozen=True)
class Member:
    """One premise of a set that overturns, how it is doubted, and the number put in."""

    rows: tuple[str, ...]
    text: str
    sources: tuple[str, ...]
    tier: str
    how: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class OverturningSet:
    """Doubts that together overturn the conclusion, and what they make of it."""

    members: tuple[Member, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Resting:
    """What of the result rests on one tier: premises, their part of all effects, and without them.

    ``needed`` counts those without which the conclusion is no longer known.

    A premise counts with the best tier of its sources. ``weight`` is the sum of the effects of its
    premises over the sum of all, None where nothing has an effect. ``without`` is the conclusion
    from rows of better tiers alone, or without assumptions.
    """

    tier: str
    premises: int
    needed: int
    weight: float | None
    without: Outcome | None


@dataclass(frozen=True)
class EvidenceCut(Showing):
    """What the first chokepoint of one element and market rests on, and what overturns it.

    ``first`` is its id, and ``beside`` are the labels of those that share rank one with it.
    ``sets`` are all smallest sets where ``method`` is exact, and one set where it is greedy.
    ``exact`` is the size up to which all sets were tried, ``trials`` how many conclusions that
    and the greedy search took. ``needed`` are the rows without any one of which it is no longer
    known; ``untouched`` counts premises that alone change nothing.
    """

    element: str
    market: str
    market_label: str
    year: int
    horizon: str
    first: str
    label: str
    beside: tuple[str, ...]
    loss: float
    second: str | None
    second_loss: float | None
    threshold: float
    method: str
    exact: int
    trials: int
    sets: tuple[OverturningSet, ...]
    lines: tuple[PremiseLine, ...]
    untouched: int
    resting: tuple[Resting, ...]
    needed: tuple[str, ...]
    notes: tuple[str, ...]
