"""What the evidence cut finds: premises, outcomes, sets, and what of the result rests on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, replace
from functools import partial
from typing import NamedTuple

from monazite.analysis.chokepoints.headline import ONE_BALANCE
from monazite.analysis.robustness import conclusion
from monazite.core.columns import Column, bare_table, blank, table
from monazite.core.formats import counted, grouped, grouped_figures, whole
from monazite.core.results import Result, Struct
from monazite.core.tables import Table, percent_cell, tables_html
from monazite.data.parameters import COUNTS
from monazite.data.sameness import tier_word
from monazite.store.names import named

_LONGEST = 150


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
    return table(
        f"{_heading(cut)}: what would unseat {' and '.join(names)} as first",
        [
            _MemberOfSet(
                member,
                "" if place else str(len(x.members)),
                "and" if x.members[place + 1 :] else _then(x.outcome),
            )
            for x in cut.sets
            for place, member in enumerate(x.members)
        ],
        _SETS,
        (
            f"First is {names[0]}{beside}, {percent_cell(cut.loss)} lost for good{second}, "
            f"{cut.year}.",
            f"It is unseated when another overtakes {who} by a whole per cent, or the loss "
            f"crosses {percent_cell(cut.threshold)}.",
            *([f"The loss is weak: {cut.weak}."] if cut.weak else ()),
        ),
        details=(
            f"Smallest sets of records: {cut.method} ({grouped(cut.trials)} trials).",
            ONE_BALANCE,
            *([needed] if rows else []),
            *cut.notes,
        ),
    )


class _MemberOfSet(NamedTuple):
    """A premise of a set; its size stands on the first, and what follows on the last."""

    member: Member
    size: str
    then: str

    @property
    def wrong(self) -> str:
        value = self.member.value
        number = "" if value is None else f", {_number(value, self.member.unit)}"
        return f"{self.member.how}{number}: {_short(self.member.text)}"


def _evidence(tier: str) -> str:
    """The tier of a premise in a word: ``tier 3`` is news."""
    return tier_word(tier.removeprefix("tier "))


def _source(text: str) -> str:
    """A source with its tier in a word."""
    who, tier, number = text.rpartition(", tier ")
    return f"{who}, {tier_word(number)}" if tier else text


def _number(value: float, unit: str) -> str:
    figures = whole(value) if abs(value) >= 1000 else grouped_figures(value, 4)
    return f"{figures} {'%' if unit == 'percent' else unit}".strip()


def _then(outcome: Outcome) -> str:
    verdicts = {
        conclusion.HOLDS: f"holds, {percent_cell(outcome.loss)}",
        conclusion.OTHER: f"first: {outcome.first or ''}",
        conclusion.CROSSED: f"loss {percent_cell(outcome.loss)}",
        conclusion.UNKNOWN: conclusion.UNKNOWN,
    }
    return verdicts[outcome.verdict]


def _sources(told: Iterable[str]) -> str:
    return "; ".join(map(_source, told))


_SETS = (
    Column("figures", "size", right=True),
    Column("what is wrong", "wrong"),
    Column("then", "then"),
    Column("evidence", "member.tier", _evidence, spare=2),
    Column("who says so", "member.sources", _sources, spare=1),
    Column("row", "member.rows", ";".join, full=True),
)


def _line_table(cut: EvidenceCut) -> Table:
    change = counted(cut.unlisted, "more figure changes", "more figures change")
    return table(
        f"{_heading(cut)}: what each figure does to it, dropped or wrong",
        cut.lines,
        _LINES,
        (
            *([f"{change} something: see --top, or JSON."] if cut.unlisted else []),
            f"{counted(cut.untouched, 'figure')}; dropping any one changes nothing.",
        ),
    )


def _told(line: PremiseLine) -> str:
    copies = f" ({counted(len(line.rows), 'record')} of one root)" if line.rows[1:] else ""
    return _short(line.text) + copies


def _by(how: str, line: PremiseLine) -> Outcome | None:
    return next((each for each in line.outcomes if each.how == how), None)


def _moved(how: str, line: PremiseLine) -> str:
    outcome = _by(how, line)
    if outcome is None or outcome.value is None:
        return "as it is" if line.ranged_by else "no range"
    return f"{_number(outcome.value, line.unit)}: {_then(outcome)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


_LINES = (
    Column("what it says", _told),
    Column("evidence", "tier", _evidence),
    Column("dropped", partial(_by, conclusion.DROPPED), blank(_then)),
    Column("lowest", partial(_moved, conclusion.LOWEST)),
    Column("highest", partial(_moved, conclusion.HIGHEST)),
    Column("range from", lambda x: x.ranged_by or "no range is told", spare=1),
    Column("source", "sources", _sources, spare=2),
    Column("row", "rows", ";".join, full=True),
)


def _resting_table(cut: EvidenceCut) -> Table:
    weak = [part for part in cut.resting if part.tier in conclusion.WEAK]
    rows = sum(part.premises for part in weak)
    every = sum(part.premises for part in cut.resting)
    weights = [part.weight for part in weak if part.weight is not None]
    share = percent_cell(sum(weights) if weights else None)
    return table(
        f"{_heading(cut)}: what the result rests on",
        cut.resting,
        (
            Column(
                "rests on",
                "tier",
                lambda x: f"{x}s" if x == conclusion.ASSUMPTION else _evidence(x),
            ),
            Column("figures", "premises", right=True),
            Column("needed", "needed", right=True),
            Column("weight", "weight", percent_cell, right=True),
            Column("from better alone", "without", blank(_then)),
        ),
        (
            f"On news, weak sources and assumptions rest {rows} of {counted(every, 'record')} and "
            f"{share} of the weight.",
        ),
        details=(
            "Needed: without any one of them it is no longer known. Weight: the largest change of "
            "the loss that doubting each record alone makes, summed, over the sum of all.",
            "From better alone: the conclusion of records of better tiers, or without assumptions.",
        ),
    )


class _TriedDoubt(NamedTuple):
    """A doubt about a premise."""

    line: PremiseLine
    outcome: Outcome


class Outcome(Struct):
    """What a doubt makes of the conclusion: who is first then, and what the first loses then."""

    how: str  #: dropped, or what is put in its place
    value: float | None  #: the number put in; None where a row is dropped or several doubts meet
    verdict: str  #: it holds, another is first, the loss crosses, or it is no longer known
    first: str | None  #: names of what has rank one then; None where that is not known
    #: the part of what the market takes that is lost without what stood first: at most 1, below 0
    #: where others stop bidding; None where it is no longer known
    loss: float | None
    why: str = ""  #: why it is no longer known; empty where it is


class PremiseLine(conclusion.Premise, kw_only=True):
    """One premise: what it says, who says so, and what doubting it does."""

    _json = "rows text sources tier value unit low high ranged_by range_rows outcomes effect"

    text: str  #: what it says, in a few words
    sources: tuple[str, ...]  #: publisher, year and tier of each
    tier: str  #: the best of them, or assumption
    outcomes: tuple[Outcome, ...]  #: of each way to doubt it
    #: the largest change of the loss that one doubt about it makes, 0 to 1, of those after which
    #: the loss is known
    effect: float


class Member(Struct):
    """One premise of a set that overturns, how it is doubted, and the number put in."""

    rows: tuple[str, ...]
    text: str  #: what it says, in a few words
    sources: tuple[str, ...]  #: publisher, year and tier of each
    tier: str  #: the best of them, or assumption
    how: str  #: dropped, or what is put in its place
    value: float | None  #: the number put in; None where it is dropped
    unit: str  #: of the numbers


class OverturningSet(Struct):
    """Doubts that together overturn the conclusion, and what they make of it."""

    members: tuple[Member, ...]  #: premises that are doubted together
    outcome: Outcome  #: what they make of the result


class TierWeight(Struct):
    """What of the result rests on one tier of sources, or on assumptions."""

    tier: str  #: of the best source of a premise
    premises: int  #: how many there are
    needed: int  #: how many of them the conclusion is no longer known without
    #: the sum of the effects of its premises over the sum of all, 0 to 1; None where nothing has an
    #: effect
    weight: float | None
    #: the conclusion from rows of better tiers alone, or without assumptions; None where that is
    #: the whole
    without: Outcome | None


class EvidenceCut(Result):
    """What the first chokepoint of one element and market rests on, and what overturns it."""

    records_key = "lines"
    _json = (
        "element market market_label year horizon first label beside loss second second_loss "
        "threshold method exact trials sets lines untouched resting needed notes weak"
    )

    element: str
    market: str
    market_label: str
    year: int  #: of the numbers
    horizon: str  #: immediate, short-run, medium-run or free
    first: str  #: id of what has rank one
    label: str
    beside: tuple[str, ...]  #: names of those that share rank one with it
    loss: float  #: the part of what the market takes that is lost without the first: at most 1
    second: str | None  #: name of what has the next rank; None if there is none
    second_loss: float | None  #: the loss of the next; None if there is none
    threshold: float  #: loss, 0 to 1, that must not be crossed
    method: str  #: exact, or greedy where no set was found by trying all
    exact: int  #: the size up to which all sets were tried
    trials: int  #: how many rankings both searches took
    #: all smallest sets where the method is exact, and one set where it is greedy
    sets: tuple[OverturningSet, ...]
    #: a line for each premise that changes something, the largest effect first
    lines: tuple[PremiseLine, ...]
    untouched: int  #: how many premises alone change nothing
    resting: tuple[TierWeight, ...]  #: what of the result rests on each tier, and on assumptions
    needed: tuple[str, ...]  #: rows without any one of which the conclusion is no longer known
    #: why its losses are weak; empty where they are not
    weak: str = field(default="", kw_only=True)
    #: counts lines that were left out by :meth:`top`
    unlisted: int = field(default=0, kw_only=True)
    #: that the conclusion rests on, those of premises that alone change nothing included
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

    def tables(self) -> list[Table]:
        """Return the sets that overturn the conclusion, what each row does to it, and the tiers."""
        return [_set_table(self), _line_table(self), _resting_table(self)]

    def csv_tables(self) -> list[Table]:
        """Return one line for each doubt about each row, as plain values."""
        names = (
            "rows=line.rows text=line.text sources=line.sources tier=line.tier value=line.value "
            "unit=line.unit low=line.low high=line.high ranged_by=line.ranged_by "
            "range_rows=line.range_rows effect=line.effect how=outcome.how tried=outcome.value "
            "verdict=outcome.verdict first=outcome.first loss=outcome.loss why=outcome.why"
        )
        doubts = [_TriedDoubt(line, outcome) for line in self.lines for outcome in line.outcomes]
        return [bare_table(doubts, names, digits=6, seps={"sources": "; "})]

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
