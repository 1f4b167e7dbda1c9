"""What the evidence cut finds: premises, outcomes, sets, and what of the result rests on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import ClassVar

from monazite.analysis.robustness.conclusion import ASSUMPTION, CROSSED, HOLDS, OTHER, UNKNOWN, WEAK
from monazite.analysis.robustness.premises import DROPPED, HIGHEST, LOWEST
from monazite.core.formats import counted
from monazite.core.results import Result, own_content
from monazite.core.tables import Table, percent_cell, tables_html
from monazite.data.parameters import COUNTS
from monazite.data.roots import tier_word
from monazite.store.names import named

_PLAIN = (
    *("rows", "text", "sources", "tier", "value", "unit", "low", "high", "ranged_by"),
    *("range_rows", "effect", "how", "tried", "verdict", "first", "loss", "why"),
)
_LONGEST = 150


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


def _heading(cut: EvidenceCut) -> str:
    where = named(cut.market_label)
    return f"{cut.element} for {where}, {cut.horizon.replace('-', ' ')}"


def _set_table(cut: EvidenceCut) -> Table:
    second = f"; next is {cut.second}, {percent_cell(cut.second_loss)}" if cut.second else ""
    names = (cut.label, *cut.beside)
    beside = f", beside {' and '.join(names[1:])}" if cut.beside else ""
    who = "one of them" if cut.beside else "it"
    rows = ", ".join(cut.needed)
    needed = f"In no set, but without any one of them it is no longer known: {rows}."
    return Table(
        heading=f"{_heading(cut)}: what would unseat {' and '.join(names)} as first",
        columns=("figures", "what is wrong", "then", "evidence", "who says so", "row"),
        rows=[row for found in cut.sets for row in _set_rows(found)],
        remarks=(
            f"First is {names[0]}{beside}, loss {percent_cell(cut.loss)}{second}, {cut.year}.",
            f"It is unseated when another overtakes {who} by a whole per cent, or the loss "
            f"crosses {percent_cell(cut.threshold)}.",
        ),
        details=(
            f"Smallest sets of records: {cut.method} ({cut.trials:,} trials).",
            *([needed] if rows else []),
            *cut.notes,
        ),
        right=("figures",),
        keys=("row",),
        spare=("who says so", "evidence"),
    )


def _set_rows(found: OverturningSet) -> Iterable[list[str]]:
    """One line for each row of a set; what follows stands on the last."""
    count = len(found.members)
    for place, member in enumerate(found.members, start=1):
        value = None if member.value is None else _number(member.value, member.unit)
        how = member.how if value is None else f"{member.how}, {value}"
        yield [
            str(count) if place == 1 else "",
            f"{how}: {_short(member.text)}",
            _then(found.outcome) if place == count else "and",
            _evidence(member.tier),
            "; ".join(map(_source, member.sources)),
            ";".join(member.rows),
        ]


def _evidence(tier: str) -> str:
    """The tier of a premise in a word: ``tier 3`` is news."""
    return tier_word(tier.removeprefix("tier "))


def _source(text: str) -> str:
    """A source with its tier in a word."""
    who, tier, number = text.rpartition(", tier ")
    return f"{who}, {tier_word(number)}" if tier else text


def _number(value: float, unit: str) -> str:
    figures = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
    return f"{figures} {'%' if unit == 'percent' else unit}".strip()


def _then(outcome: Outcome) -> str:
    verdicts = {
        HOLDS: f"holds, {percent_cell(outcome.loss)}",
        OTHER: f"first: {outcome.first or ''}",
        CROSSED: f"loss {percent_cell(outcome.loss)}",
        UNKNOWN: UNKNOWN,
    }
    return verdicts[outcome.verdict]


def _line_table(cut: EvidenceCut) -> Table:
    more = cut.unlisted
    change = counted(more, "more figure changes", "more figures change")
    remarks = [f"{change} something: see --top, or JSON."] if more else []
    remarks.append(f"{counted(cut.untouched, 'figure')}; dropping any one changes nothing.")
    return Table(
        heading=f"{_heading(cut)}: what each figure does to it, dropped or wrong",
        columns=(
            *("what it says", "evidence", "dropped", "lowest", "highest", "range from"),
            *("source", "row"),
        ),
        rows=[_line_row(line) for line in cut.lines],
        remarks=tuple(remarks),
        keys=("row",),
        spare=("range from", "source"),
    )


def _line_row(line: PremiseLine) -> list[str]:
    by_how = {outcome.how: outcome for outcome in line.outcomes}
    copies = f" ({counted(len(line.rows), 'record')} of one root)" if line.rows[1:] else ""
    return [
        _short(line.text) + copies,
        _evidence(line.tier),
        _then(by_how[DROPPED]) if DROPPED in by_how else "",
        *(_moved(by_how.get(how), line) for how in (LOWEST, HIGHEST)),
        line.ranged_by or "no range is told",
        "; ".join(map(_source, line.sources)),
        ";".join(line.rows),
    ]


def _moved(outcome: Outcome | None, line: PremiseLine) -> str:
    if outcome is None or outcome.value is None:
        return "as it is" if line.ranged_by else "no range"
    return f"{_number(outcome.value, line.unit)}: {_then(outcome)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _resting_table(cut: EvidenceCut) -> Table:
    weak = [part for part in cut.resting if part.tier in WEAK]
    rows = sum(part.premises for part in weak)
    whole = sum(part.premises for part in cut.resting)
    weights = [part.weight for part in weak if part.weight is not None]
    share = percent_cell(sum(weights) if weights else None)
    return Table(
        heading=f"{_heading(cut)}: what the result rests on",
        columns=("rests on", "figures", "needed", "weight", "from better alone"),
        rows=[_resting_row(part) for part in cut.resting],
        remarks=(
            f"On news, weak sources and assumptions rest {rows} of {counted(whole, 'record')} and "
            f"{share} of the weight.",
        ),
        details=(
            "Needed: without any one of them it is no longer known. Weight: the largest change of "
            "the loss that doubting each record alone makes, summed, over the sum of all.",
            "From better alone: the conclusion of records of better tiers, or without assumptions.",
        ),
        right=("figures", "needed", "weight"),
    )


def _resting_row(part: TierWeight) -> list[str]:
    name = f"{part.tier}s" if part.tier == ASSUMPTION else _evidence(part.tier)
    alone = "" if part.without is None else _then(part.without)
    return [name, str(part.premises), str(part.needed), percent_cell(part.weight), alone]


@dataclass(frozen=True)
class Outcome:
    """What a doubt makes of the conclusion: who is first then, and what the first loses then.

    Attributes:
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
        sources: publisher, year and tier of each.
        tier: the best of them, or assumption.
        value: the number, None where the premise is rows alone.
        low: end of its range, None where nothing gives one.
        ranged_by: what gives the range.
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
        first: id of what has rank one.
        beside: names of those that share rank one with it.
        loss: of the market without the first, 0 to 1.
        second: name of what has the next rank, None if there is none.
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
        own = own_content(self)
        del own["unlisted"], own["rows"]
        return {**own, "notes": list(self.notes)}

    def tables(self) -> list[Table]:
        """Return the sets that overturn the conclusion, what each row does to it, and the tiers."""
        return [_set_table(self), _line_table(self), _resting_table(self)]

    def csv_tables(self) -> list[Table]:
        """Return one line for each doubt about each row, as plain values."""
        rows = [
            [
                *(";".join(line.rows), line.text, "; ".join(line.sources), line.tier),
                *(_plain(line.value), line.unit, _plain(line.low), _plain(line.high)),
                *(line.ranged_by, ";".join(line.range_rows), _plain(line.effect)),
                *(outcome.how, _plain(outcome.value), outcome.verdict, outcome.first or ""),
                *(_plain(outcome.loss), outcome.why),
            ]
            for line in self.lines
            for outcome in line.outcomes
        ]
        return [Table("", _PLAIN, rows)]

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
        return tables_html(self.top(20).tables())
