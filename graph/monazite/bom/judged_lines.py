"""What rules make of the lines of a bill, on some days.

A rule that catches one source of a line, at one of the borders on its way to the market, catches
the line for that share; a rule that depends on what the bill does not say may catch it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from monazite.analysis.rules.compiled import CompiledRules
from monazite.analysis.rules.judgements import Judgement, explain
from monazite.analysis.rules.weighing import CAUGHT, MAY, NOT, NOT_JUDGED, Case
from monazite.bom.bill import Bill
from monazite.bom.contents import Materials
from monazite.bom.filling import NO_PROFILE, BuyerProfile
from monazite.bom.line_cases import Borders, LineCases, MadeShare, made_shares
from monazite.bom.lines import ExposedLine
from monazite.bom.value_shares import Valuation
from monazite.core.formats import exact_percent
from monazite.core.results import Value

_STRONGEST = (CAUGHT, MAY, NOT_JUDGED, NOT)


@dataclass(frozen=True)
class JudgedWay(Value):
    """What a rule makes of a line by one of several ways through the assemblies.

    Attributes:
        through: what it is built into, as the lines show it.
        outcomes: caught, may, not or not judged, by day.
    """

    through: str
    outcomes: Mapping[str, str]


@dataclass(frozen=True)
class LineJudgement(Value):
    """What one layer of a rule makes of a line.

    Attributes:
        sheet_row: of the line.
        name: of the part, as the line shows it.
        rule: a code of the scheme ``rule``.
        rule_label: the same in words.
        layer: text, guidance or practice: what the act says, what its authority says of it, and
            how it is handled are never one.
        outcomes: caught, may, not or not judged, by day; of several ways and sources that which
            catches most.
        reasons: why it is open on the last day, or differs from the text.
        because: the arithmetic that decides on the last day, a sentence each.
        rows: of the conditions that decide.
        ways: each way by itself, of a line that is built into several assemblies; else none.
    """

    sheet_row: int
    name: str
    rule: str
    rule_label: str
    layer: str
    outcomes: Mapping[str, str]
    reasons: tuple[str, ...]
    because: tuple[str, ...]
    rows: tuple[str, ...]
    ways: tuple[JudgedWay, ...] = ()


def judge_lines(
    rules: CompiledRules,
    bill: Bill,
    lines: Sequence[ExposedLine],
    materials: Materials,
    market: str,
    country: Callable[[str], str],
    profile: BuyerProfile = NO_PROFILE,
    worth: Valuation | None = None,
) -> tuple[LineJudgement, ...]:
    """Hold the lines of a bill that have a magnet or a rare earth against rules."""
    found: list[LineJudgement] = []
    known: dict[Case, _Judged] = {}
    last = rules.days[-1]
    borders = Borders(bill, market, country)
    cases = LineCases(bill, lines, materials, profile, worth)
    for place in cases.judged:
        parts = made_shares(bill.lines[place], country)
        ways = []
        for way in borders.ways(place):
            judged = []
            for part in parts:
                for case in cases.at(place, borders, way, part):
                    if case not in known:
                        told = tuple(each.outcomes for each in rules.judge(case))
                        known[case] = _Judged(explain(rules, case, last), told)
                    judged.append((part, known[case]))
            through = borders.names(way, lambda at: lines[at].name)
            ways.append(_WayJudged(through, tuple(judged)))
        found += _joined(lines[place], rules, ways)
    return tuple(found)


@dataclass(frozen=True)
class _Judged:
    """What the rules make of a case: why, and day by day; once for all lines that are alike."""

    why: tuple[Judgement, ...]
    outcomes: tuple[tuple[str, ...], ...]

    @cached_property
    def ranks(self) -> tuple[int, ...]:
        """Place of the outcome of the last day among those that catch most, by layer of a rule."""
        return tuple(map(_rank, self.outcomes))


@dataclass(frozen=True)
class _WayJudged:
    """What the rules make of the parts of a line at the borders of one way."""

    through: str
    borders: tuple[tuple[MadeShare, _Judged], ...]

    def outcomes(self, at: int) -> tuple[str, ...]:
        """What catches most at one of the borders, day by day, by the place of a rule."""
        return strongest(each.outcomes[at] for _, each in self.borders)

    def why(self, at: int, text: int) -> Judgement:
        """What says why: the border caught most on the last day; of equals most by the text."""
        judged = (each for _, each in self.borders)
        return min(judged, key=lambda each: (each.ranks[at], each.ranks[text])).why[at]


def strongest(outcomes: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return what catches most, day by day."""
    return tuple(min(on_day, key=_STRONGEST.index) for on_day in zip(*outcomes, strict=True))


def _rank(outcomes: Sequence[str]) -> int:
    return _STRONGEST.index(outcomes[-1])


def _joined(
    line: ExposedLine, rules: CompiledRules, ways: Sequence[_WayJudged]
) -> Iterable[LineJudgement]:
    """What the rules make of a line by all its ways: the one that catches most says why."""
    found, days = [], rules.days
    texts: dict[str, int] = {}
    for at, first in enumerate(ways[0].borders[0][1].why):
        text = texts.setdefault(first.rule, at)
        each_way = [way.outcomes(at) for way in ways]
        worst = ways[min(range(len(ways)), key=lambda way: _rank(each_way[way]))]
        why = worst.why(at, text)
        own = (line.sheet_row, line.name, first.rule, first.rule_label, first.layer)
        outcomes = dict(zip(days, strongest(each_way), strict=True))
        because = (*why.because, *_for_which_share(ways, at, rules.places))
        apart = zip(ways, each_way, strict=True) if len(ways) > 1 else ()
        judged = tuple(JudgedWay(x.through, dict(zip(days, y, strict=True))) for x, y in apart)
        found.append(LineJudgement(*own, outcomes, why.reasons, because, why.rows, judged))
    touched = {each.rule for each in found if {*each.outcomes.values()} != {NOT}}
    return [each for each in found if each.rule in touched]


def _for_which_share(
    ways: Sequence[_WayJudged], at: int, places: Mapping[str, str]
) -> Iterable[str]:
    """Say of which part of a line the outcome of the last day is, where its sources differ."""
    if len({part for part, _ in ways[0].borders}) == 1:
        return
    ranks: dict[MadeShare, int] = {}
    for part, judged in (each for way in ways for each in way.borders):
        rank = judged.ranks[at]
        ranks[part] = min(rank, ranks.get(part, rank))
    most = min(ranks.values())
    if most != max(ranks.values()):
        told: dict[str, None] = {}
        for part in (part for part, rank in ranks.items() if rank == most):
            share = "the part" if part.share is None else f"the {exact_percent(part.share)}"
            place = places.get(part.country, part.country)
            told[f"{share} from {place}" if place else f"{share} of unknown origin"] = None
        yield f"This holds for {' and '.join(told)}."
