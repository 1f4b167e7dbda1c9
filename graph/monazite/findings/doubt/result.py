"""What the evidence cut finds: premises, outcomes, sets, and what of the result rests on them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from monazite.findings.doubt.tables import doubt_csv, doubt_dict, doubt_tables
from monazite.parameters import COUNTS
from monazite.result import Result
from monazite.safe_text import counted
from monazite.tables import Table, tables_html

ROWS_SHOWN = 20
"""Rows that a notebook shows."""


@dataclass(frozen=True)
class Outcome:
    """What a doubt makes of the conclusion: who is first then, and what the first loses then.

    Attributes:
        how: dropped, lowest or highest.
        value: the number put in, None where a row is dropped or several doubts meet.
        verdict: it holds, another is first, the loss crosses, or it is no longer known.
        first: names of what has rank one then.
        loss: of what stood first, 0 to 1; None where it is no longer known.
        why: the reason, where it is not known.
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

    Attributes:
        rows: that give it.
        text: of the first of them.
        sources: publisher, year and tier of each.
        tier: the best of them, or assumption.
        value: the number, None where the premise is rows alone.
        unit: of the number.
        low: end of its range, None where nothing gives one.
        high: the other end.
        ranged_by: what gives the range.
        range_rows: other rows that give it.
        outcomes: of each way to doubt it.
        effect: the largest change of the loss that one doubt about it makes, 0 to 1, of those
            after which the loss is known.
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
class TierWeight:
    """What of the result rests on one tier of sources, or on assumptions.

    Attributes:
        tier: of the best source of a premise.
        premises: how many have it.
        needed: how many of them the conclusion is no longer known without.
        weight: the sum of the effects of its premises over the sum of all, 0 to 1; None where
            nothing has an effect.
        without: the conclusion from rows of better tiers alone, or without assumptions.
    """

    tier: str
    premises: int
    needed: int
    weight: float | None
    without: Outcome | None


@dataclass(frozen=True)
class EvidenceCut(Result):
    """What the first chokepoint of one element and market rests on, and what overturns it.

    Attributes:
        element: symbol or group.
        market: code of the market.
        market_label: its name.
        year: the base year.
        horizon: of the outage.
        first: id of what has rank one.
        label: its name.
        beside: names of those that share rank one with it.
        loss: of the market without the first, 0 to 1.
        second: name of what has the next rank, None if there is none.
        second_loss: of it, 0 to 1.
        threshold: loss, 0 to 1, that must not be crossed.
        method: exact, or greedy where no set was found by trying all.
        exact: the size up to which all sets were tried.
        trials: how many rankings both searches took.
        sets: all smallest sets where the method is exact, and one set where it is greedy.
        lines: a line for each premise that changes something, the largest effect first.
        untouched: counts premises that alone change nothing.
        resting: what of the result rests on each tier, and on assumptions.
        needed: rows without any one of which the conclusion is no longer known.
        unlisted: counts lines that were left out by :meth:`top`.
        rows: that the conclusion rests on, those of premises that alone change nothing included.
    """

    records_key: ClassVar[str] = "lines"

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
    resting: tuple[TierWeight, ...]
    needed: tuple[str, ...]
    unlisted: int = field(default=0, kw_only=True)
    rows: tuple[str, ...] = field(default=(), kw_only=True)

    def top(self, count: int) -> EvidenceCut:
        """Return the same with the first lines only, as ``--top`` prints it.

        Args:
            count: of lines.
        """
        COUNTS.check(count)
        kept = self.lines[:count]
        unlisted = self.unlisted + len(self.lines) - len(kept)
        return replace(self, lines=kept, unlisted=unlisted)

    def content(self) -> dict[str, object]:
        """Return what JSON has: losses and weights 0 to 1, null is not known."""
        return doubt_dict(self)

    def tables(self) -> list[Table]:
        """Return the sets that overturn the conclusion, what each row does to it, and the tiers."""
        return doubt_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return one line for each doubt about each row, as plain values."""
        return [doubt_csv(self)]

    def headline(self) -> str:
        """Return what stands first, and how few doubts overturn that."""
        least = len(self.sets[0].members) if self.sets else 0
        how = (
            f"doubts about {counted(least, 'record')} overturn" if least else "none known overturns"
        )
        return (
            f"{self.element} for {self.market} {self.year}, {self.horizon.replace('-', ' ')}: "
            f"first is {self.label}, {how} it"
        )

    def _repr_html_(self) -> str:
        return tables_html(self.top(ROWS_SHOWN).tables())
