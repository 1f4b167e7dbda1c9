"""What rules make of the lines of a bill, on some days.

A rule that catches one source of a line, at one of the borders on its way to the market, catches
the line for that share; a rule that depends on what the bill does not say may catch it. What an
answer would settle is found by holding the lines against the rules again, supposing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from monazite.analysis.rules.compiled import CompiledRules
from monazite.analysis.rules.judgements import Judgement, explain
from monazite.analysis.rules.weighing import (
    CAUGHT,
    MAY,
    MISSING,
    NOT,
    NOT_JUDGED,
    OPEN,
    STRADDLES,
    Case,
)
from monazite.bom.answers import MATERIAL, AskableQuestion, GivenAnswer
from monazite.bom.bill import Bill, reached
from monazite.bom.contents import Materials
from monazite.bom.filling import NO_PROFILE, BuyerProfile
from monazite.bom.line_cases import Borders, CaseLine, LineCases, MadeShare, made_shares
from monazite.bom.lines import NO_RARE_EARTHS, ExposedLine
from monazite.bom.value_shares import Valuation
from monazite.core.errors import Fault
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


_SETTLED = {CAUGHT, NOT}
Outcomes = tuple[tuple[str, ...], ...]  # what each rule and layer makes of a line, day by day


class Settling:
    """The judgements of the lines of a bill, and what of them an answer would settle."""

    def __init__(
        self,
        rules: CompiledRules,
        bill: Bill,
        lines: Sequence[ExposedLine],
        materials: Materials,
        market: str,
        country: Callable[[str], str],
        profile: BuyerProfile = NO_PROFILE,
        worth: Valuation | None = None,
    ) -> None:
        self._rules, self._bill, self._market, self.country = rules, bill, market, country
        self._cases = LineCases(bill, lines, materials, profile, worth)
        self.judged = self._cases.judged  # places of the lines that rules are asked about
        self.line = self._cases.line
        self._borders = Borders(bill, market, country)
        self._known: dict[Case, Outcomes] = {}
        self._base: dict[int, Outcomes] = {}
        self._open: dict[int, frozenset[str]] = {}
        self._wants: dict[Case, frozenset[str]] = {}

    def outcomes(self, place: int) -> Outcomes:
        """Return what each rule and layer makes of a line, day by day."""
        if place not in self._judged:
            return ()
        if place not in self._base:
            self._base[place] = self._outcomes(place, self._cases, self._borders)
        return self._base[place]

    def open_rules(self, places: Iterable[int], *, inside: bool = False) -> frozenset[str]:
        """Return the rules that may catch some lines on a day, for want of a fact."""
        chosen = self._inside(places) if inside else [x for x in places if x in self._judged]
        for place in chosen:
            if place not in self._open:
                cases = _cases_of(place, self._cases, self._borders)
                self._open[place] = frozenset[str]().union(*map(self._wanting, cases))
        return frozenset[str]().union(*(self._open[place] for place in chosen))

    def _wanting(self, case: Case) -> frozenset[str]:
        if case not in self._wants:
            self._wants[case] = frozenset(
                each.rule
                for each in self._rules.judge(case)
                if any(truth & OPEN and truth & (MISSING | STRADDLES) for truth in each.truths)
            )
        return self._wants[case]

    def by_lines(self, supposed: Mapping[int, CaseLine]) -> int:
        """Return how many judgements are settled where something more is known of some lines."""
        cases = self._cases.supposing(supposed)
        return self._settled((place for place in supposed if place in self._judged), cases)

    def by_making(self, makers: Mapping[int, CaseLine]) -> int:
        """Return how many judgements are settled where it is known where some lines are made."""
        inside = self._inside(makers)
        if not inside:
            return 0
        lines = list(self._bill.lines)
        for place, each in makers.items():
            lines[place] = each.line
        borders = Borders(replace(self._bill, lines=tuple(lines)), self._market, self.country)
        return self._settled(inside, self._cases.supposing(makers), borders)

    def by_profile(self, profile: BuyerProfile) -> int:
        """Return how many judgements are settled where the buyer says something more."""
        cases = self._cases.supposing({}, profile)
        return sum(count * self._settled([place], cases) for place, count in self._alike.items())

    def unsettled_by(self, other: Settling) -> Iterator[tuple[int, str, str]]:
        """Yield what is settled here and open where other things are known of the bill."""
        for place in self.judged:
            pairs = zip(self.outcomes(place), other.outcomes(place))  # noqa: B905 - none is left out
            for at, (old, new) in enumerate(pairs):
                for day, was, now in zip(self._rules.days, old, new, strict=True):
                    if was in _SETTLED and now not in _SETTLED:
                        yield place, self._labels[at], day

    @cached_property
    def _labels(self) -> tuple[str, ...]:
        """Names of the rules, layer by layer, as they are judged."""
        clauses = self._rules.rules
        judged = self._rules.judge(Case())
        return tuple(clauses[each.rule][0].conditions[0].rule_label for each in judged)

    def _inside(self, places: Iterable[int]) -> list[int]:
        """Some lines and all that is in them, as far as they are judged."""
        return [x for x in reached(places, self._bill.below) if x in self._judged]

    @cached_property
    def _judged(self) -> frozenset[int]:
        return frozenset(self.judged)

    @cached_property
    def _alike(self) -> Mapping[int, int]:
        """One place of each kind of lines that are asked alike, and how many there are."""
        plain = self._cases.supposing({}, NO_PROFILE)
        first: dict[tuple[tuple[Case, ...], ...], int] = {}
        count: Counter[int] = Counter()
        for place in self.judged:
            ways = self._borders.ways(place)
            key = tuple(tuple(plain.at(place, self._borders, way)) for way in ways)
            count[first.setdefault(key, place)] += 1
        return count

    def _settled(
        self, places: Iterable[int], cases: LineCases, borders: Borders | None = None
    ) -> int:
        found = 0
        for place in places:
            after = self._outcomes(place, cases, borders or self._borders)
            for old, new in zip(self.outcomes(place), after, strict=True):
                pairs = zip(old, new, strict=True)
                found += sum(was == MAY and now in _SETTLED for was, now in pairs)
        return found

    def _outcomes(self, place: int, cases: LineCases, borders: Borders) -> Outcomes:
        found = []
        for case in _cases_of(place, cases, borders):
            if case not in self._known:
                self._known[case] = tuple(each.outcomes for each in self._rules.judge(case))
            found.append(self._known[case])
        return tuple(strongest(rule) for rule in zip(*found, strict=True))


def _cases_of(place: int, cases: LineCases, borders: Borders) -> list[Case]:
    """A line at each border of each of its ways."""
    return [case for way in borders.ways(place) for case in cases.at(place, borders, way)]


_FIX = "hold the answer against the bill: one of the two is wrong"


def material_faults(
    answers: Iterable[GivenAnswer],
    askable: Mapping[str, AskableQuestion],
    before: Sequence[ExposedLine],
    after: Sequence[ExposedLine],
    materials: Materials,
) -> Iterator[Fault]:
    """Yield a fault for each answer that names another material than the bill."""
    for answer in answers:
        asked = askable.get(answer.key)
        if asked is None or asked.kind != MATERIAL:
            continue
        for place in asked.places:
            old, new = before[place], after[place]
            if old.material and old.material not in materials.line_up(new.material):
                what = f"row {old.sheet_row} of the bill says {old.material_label}"
                yield answer.fault(what, _FIX)
                break
            if not new.material and new.not_known != NO_RARE_EARTHS and not old.material:
                what = "it names no material that is known"
                yield answer.fault(what, "write a grade or a material, as NdFeB N42SH")
                break


def opened_again(
    answers: Iterable[GivenAnswer],
    askable: Mapping[str, AskableQuestion],
    bill: Bill,
    before: Settling,
    after: Settling,
) -> Iterator[Fault]:
    """Yield a fault for each answer that makes open what the bill settles."""
    opened: dict[int, tuple[str, str]] = {}
    for place, rule, day in before.unsettled_by(after):
        opened.setdefault(place, (rule, day))
    if not opened:
        return
    up = [one.above for one in bill.lines]
    touching = {place: {*reached([place], up)} for place in opened}
    for answer in answers:
        asked = askable.get(answer.key)
        places = {*asked.places} if asked else set()
        for place, (rule, day) in opened.items():
            if places & touching[place]:
                row = bill.lines[place].row
                what = f"it makes open what row {row} of the bill settles: {rule}, {day}"
                yield answer.fault(what, _FIX)
                break
