"""What a conclusion may be doubted for: the numbers that its base year rests on, with their range.

A premise is one number and its rows. To drop it is to work the base year out without them; to be
wrong it stands at an end of its range. Rows of output that copy one root are one premise; rows that
only widen the range of others, and flows, can be dropped only; what a seller is paid is one premise
for all that it sells. Oxide factors are chemistry, and are not doubted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monazite.model.chain.base_year import Accounts
from monazite.model.chemistry import Amount, exactly
from monazite.model.network.facts_without import table_of
from monazite.model.network.shares import OutputFigure
from monazite.model.reconciliation.year_rows import YearRows

DROPPED, LOWEST, HIGHEST = "dropped", "lowest", "highest"
OWN, OTHERS = "its own printed range", "other records of the fact"
ASSUMED = "the assumption's range"


@dataclass(frozen=True, order=True)
class Premise:
    """A number that the base year rests on, and its rows; None where it is rows alone."""

    rows: tuple[str, ...]
    name: str = ""
    value: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    ranged_by: str = ""
    range_rows: tuple[str, ...] = ()
    assumption: bool = False


@dataclass(frozen=True, order=True)
class Doubt:
    """One premise dropped, or its number moved to an end of its range."""

    premise: Premise
    how: str

    @property
    def value(self) -> float | None:
        """The number that stands in, None if the premise is dropped."""
        ends = {LOWEST: self.premise.low, HIGHEST: self.premise.high}
        return ends.get(self.how)


def doubts_about(premise: Premise) -> tuple[Doubt, ...]:
    """Return the ways in which a premise may be doubted.

    An assumption is not dropped: nobody has said it, and without any value nothing is known.
    """
    ends = ((LOWEST, premise.low), (HIGHEST, premise.high))
    moved = (how for how, end in ends if end is not None and end != premise.value)
    ways = () if premise.assumption else (DROPPED,)
    return tuple(Doubt(premise, how) for how in (*ways, *moved))


def dropped_in(doubts: Iterable[Doubt]) -> frozenset[str]:
    """Return the rows that doubts leave out."""
    return frozenset(row for each in doubts if each.how == DROPPED for row in each.premise.rows)


def moved_in(doubts: Iterable[Doubt]) -> dict[str, Amount]:
    """Return the numbers that doubts put in place of those of the base year."""
    values = ((each.premise.name, each.value) for each in doubts)
    return {name: exactly(value) for name, value in values if value is not None}


def premises_of(accounts: Accounts, horizon: str, more: Iterable[str] = ()) -> list[Premise]:
    """Return the premises of a base year, in order of their rows."""
    base, rested = accounts.base, {*accounts.rows, *more}
    same_fact = _SameFact(base.year_rows)
    prices = (x for x in base.year_rows.prices.values() if not rested.isdisjoint(x.rows))
    found: dict[str, Premise] = {}
    for amount in (*base.inputs(horizon).values(), *prices):
        premise = _number(amount, same_fact)
        found.update(dict.fromkeys(premise.rows, premise))
    rivals = {row for premise in found.values() for row in premise.range_rows}
    factors = {row for factor in base.chemistry.factors.values() for row in factor.rows}
    for row in sorted((rested | rivals) - factors):
        if row not in found:
            copies = same_fact.copies(row)
            assumption = table_of(row) == "assumptions"
            found.update(dict.fromkeys(copies, Premise(copies, assumption=assumption)))
    return sorted({*found.values()})


def _number(amount: Amount, same_fact: _SameFact) -> Premise:
    rows = (*amount.rows, *amount.assumptions)
    copies = same_fact.copies(*rows)
    rivals = same_fact.rivals(copies)
    wide = amount.low < amount.high
    by = ASSUMED if amount.assumptions else OTHERS if rivals else OWN
    return Premise(
        rows=copies,
        name=amount.name,
        value=amount.value,
        unit="t" if rows[0] in same_fact else "",
        low=amount.low if wide else None,
        high=amount.high if wide else None,
        ranged_by=by if wide else "",
        range_rows=rivals if wide else (),
        assumption=bool(amount.assumptions),
    )


class _SameFact:
    """The rows of output that speak of the same fact."""

    def __init__(self, year_rows: YearRows) -> None:
        self._same: dict[str, list[OutputFigure]] = defaultdict(list)
        members = (x.own_figures for x in year_rows.members.values())
        for figures in (year_rows.ore_figures, *members):
            groups: dict[tuple[object, ...], list[OutputFigure]] = defaultdict(list)
            for each in figures:
                if each.tonnes[0] is not None and not each.total:
                    fact = (each.stage, each.place, each.year, each.rank, each.basis)
                    groups[fact].append(each)
            for group in groups.values():
                for each in group:
                    self._same[each.row] += group

    def __contains__(self, row: str) -> bool:
        return row in self._same

    def copies(self, *rows: str) -> tuple[str, ...]:
        """The rows first, then all of their material that share a root, or a root of a copy."""
        same = [each for row in rows for each in self._same.get(row, ())]
        found = set(rows)
        materials = {each.material for each in same if each.row in found}
        grown = bool(same)
        while grown:
            roots = {root for each in same if each.row in found for root in each.roots}
            more = {
                each.row for each in same if each.material in materials and each.roots & roots
            } - found
            found |= more
            grown = bool(more)
        return (*rows, *sorted(found - {*rows}))

    def rivals(self, rows: tuple[str, ...]) -> tuple[str, ...]:
        """All others that speak of the same."""
        return tuple(sorted({x.row for row in rows for x in self._same.get(row, ())} - {*rows}))
