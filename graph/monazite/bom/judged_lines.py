"""What rules make of the lines of a bill, on some days.

A rule that catches one source of a line, at one of the borders on its way to the market, catches
the line for that share; a rule that depends on what the bill does not say may catch it. What an
answer would settle is found by holding the lines against the rules again, supposing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import NamedTuple

from monazite.analysis.rules import weighing
from monazite.analysis.rules.compiled import CompiledRules
from monazite.analysis.rules.judgements import Judgement, explain
from monazite.bom.answers import MATERIAL, AskableQuestion, GivenAnswer
from monazite.bom.bill import Bill, reached
from monazite.bom.contents import Materials
from monazite.bom.filling import NO_PROFILE, BuyerProfile
from monazite.bom.line_cases import Borders, CaseLine, LineCases, MadeShare, Way, made_shares
from monazite.bom.lines import NO_RARE_EARTHS, ExposedLine
from monazite.bom.value_shares import Valuation
from monazite.core.errors import Fault
from monazite.core.formats import exact_percent
from monazite.core.results import Value


class JudgedWay(Value):
    """What a rule makes of a line by one of several ways through the assemblies."""

    through: str  #: what it is built into, as the lines show it
    outcomes: Mapping[str, str]  #: caught, may, not or not judged, by day


class LineJudgement(Value):
    """What one layer of a rule makes of a line."""

    sheet_row: int
    name: str  #: of the part, as the line shows it
    rule: str
    rule_label: str  #: the same in words
    #: text, guidance or practice: what the act says, what its authority says of it, and how it is
    #: handled are never one
    layer: str
    #: caught, may, not or not judged, by day; of several ways and sources that which catches most
    outcomes: Mapping[str, str]
    reasons: tuple[str, ...]  #: why it is open on the last day, or differs from the text
    because: tuple[str, ...]  #: the arithmetic that decides on the last day, a sentence each
    rows: tuple[str, ...]  #: of the conditions that decide
    #: each way by itself, of a line that is built into several assemblies; else none
    ways: tuple[JudgedWay, ...] = ()


Outcomes = tuple[tuple[str, ...], ...]  # what each rule and layer makes of a line, day by day


class _Judged(NamedTuple):
    """What the rules make of a case: why on the last day, and day by day."""

    why: tuple[Judgement, ...]
    outcomes: Outcomes


_Way = list[tuple[MadeShare, _Judged]]
"""What the rules make of the parts of a line at the borders of one way."""


def strongest(outcomes: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return what catches most, day by day."""
    return tuple(min(on_day, key=weighing.OUTCOMES.index) for on_day in zip(*outcomes, strict=True))


def _rank(outcomes: Sequence[str]) -> int:
    """Place of the outcome of the last day among those that catch most."""
    return weighing.OUTCOMES.index(outcomes[-1])


def _for_which_share(ways: Sequence[_Way], at: int, places: Mapping[str, str]) -> Iterable[str]:
    """Say of which part of a line the outcome of the last day is, where its sources differ."""
    ranks: dict[MadeShare, int] = {}
    for part, judged in (each for way in ways for each in way):
        rank = _rank(judged.outcomes[at])
        ranks[part] = min(rank, ranks.get(part, rank))
    most = min(ranks.values())
    if most != max(ranks.values()):
        told: dict[str, None] = {}
        for part in (part for part, rank in ranks.items() if rank == most):
            share = "the part" if part.share is None else f"the {exact_percent(part.share)}"
            place = places.get(part.country, part.country)
            told[f"{share} from {place}" if place else f"{share} of unknown origin"] = None
        yield f"This holds for {' and '.join(told)}."


_SETTLED = {weighing.CAUGHT, weighing.NOT}


class BillJudge:
    """Holds the lines of a bill that have a magnet or a rare earth against rules.

    An answer settles what is open without it and caught or not with it.
    """

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
        self._lines = lines
        self._cases = LineCases(bill, lines, materials, profile, worth)
        self.judged = self._cases.judged  # places of the lines that rules are asked about
        self._judged = frozenset(self.judged)
        self.line = self._cases.line
        self._borders = Borders(bill, market, country)
        # once for all lines that are alike
        self._explained, self._of_case = cache(self._explain), cache(self._judge)
        self._open, self._wanting = cache(self._open_at), cache(self._wanted)
        self.outcomes = cache(self._made_of)

    def judgements(self) -> tuple[LineJudgement, ...]:
        """Return what the rules make of each line."""
        return tuple(each for place in self.judged for each in self._of_line(place))

    def _of_line(self, place: int) -> Iterable[LineJudgement]:
        """What the rules make of a line by all its ways: the one that catches most says why."""
        rules, days, line = self._rules, self._rules.days, self._lines[place]
        asked = self._borders.ways(place)
        through = [self._borders.names(way, lambda at: self._lines[at].name) for way in asked]
        parts = made_shares(self._bill.lines[place], self.country)
        ways = [[*self._judged_way(place, way, parts)] for way in asked]
        texts: dict[str, int] = {}
        found = []
        for at, first in enumerate(ways[0][0][1].why):
            text = texts.setdefault(first.rule, at)
            each_way = [strongest(each.outcomes[at] for _, each in way) for way in ways]
            worst = ways[min(range(len(ways)), key=lambda way: _rank(each_way[way]))]
            # the border caught most on the last day; of equals most by the text
            why = min(
                (each for _, each in worst),
                key=lambda each: (_rank(each.outcomes[at]), _rank(each.outcomes[text])),
            ).why[at]
            apart = zip(through, each_way, strict=True) if len(ways) > 1 else ()
            found.append(
                LineJudgement(
                    *(line.sheet_row, line.name, first.rule, first.rule_label, first.layer),
                    outcomes=dict(zip(days, strongest(each_way), strict=True)),
                    reasons=why.reasons,
                    because=(*why.because, *_for_which_share(ways, at, rules.places)),
                    rows=why.rows,
                    ways=tuple(JudgedWay(x, dict(zip(days, y, strict=True))) for x, y in apart),
                )
            )
        touched = {each.rule for each in found if {*each.outcomes.values()} != {weighing.NOT}}
        return [each for each in found if each.rule in touched]

    def _judged_way(
        self, place: int, way: Way | None, parts: Sequence[MadeShare]
    ) -> Iterator[tuple[MadeShare, _Judged]]:
        """What the rules make of each part of a line at each border."""
        for part in parts:
            for case in self._cases.at(place, self._borders, way, part):
                yield part, self._explained(case)

    def _explain(self, case: weighing.Case) -> _Judged:
        return _Judged(explain(self._rules, case, self._rules.days[-1]), self._of_case(case))

    def _judge(self, case: weighing.Case) -> Outcomes:
        return tuple(each.outcomes for each in self._rules.judge(case))

    def _made_of(self, place: int) -> Outcomes:
        """What each rule and layer makes of a line, day by day."""
        if place not in self._judged:
            return ()
        return self._outcomes(place, self._cases, self._borders)

    def open_rules(self, places: Iterable[int], *, inside: bool = False) -> frozenset[str]:
        """Return the rules that may catch some lines on a day, for want of a fact."""
        chosen = self._inside(places) if inside else [x for x in places if x in self._judged]
        return frozenset[str]().union(*map(self._open, chosen))

    def _open_at(self, place: int) -> frozenset[str]:
        cases = _cases_of(place, self._cases, self._borders)
        return frozenset[str]().union(*map(self._wanting, cases))

    def _wanted(self, case: weighing.Case) -> frozenset[str]:
        return frozenset(
            each.rule
            for each in self._rules.judge(case)
            if any(
                truth & weighing.OPEN and truth & (weighing.MISSING | weighing.STRADDLES)
                for truth in each.truths
            )
        )

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

    def unsettled_by(self, other: BillJudge) -> Iterator[tuple[int, str, str]]:
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
        judged = self._rules.judge(weighing.Case())
        return tuple(clauses[each.rule][0].conditions[0].rule_label for each in judged)

    def _inside(self, places: Iterable[int]) -> list[int]:
        """Some lines and all that is in them, as far as they are judged."""
        return [x for x in reached(places, self._bill.below) if x in self._judged]

    @cached_property
    def _alike(self) -> Mapping[int, int]:
        """One place of each kind of lines that are asked alike, and how many there are."""
        plain = self._cases.supposing({}, NO_PROFILE)
        first: dict[tuple[tuple[weighing.Case, ...], ...], int] = {}
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
                found += sum(was == weighing.MAY and now in _SETTLED for was, now in pairs)
        return found

    def _outcomes(self, place: int, cases: LineCases, borders: Borders) -> Outcomes:
        found = map(self._of_case, _cases_of(place, cases, borders))
        return tuple(strongest(rule) for rule in zip(*found, strict=True))


def _cases_of(place: int, cases: LineCases, borders: Borders) -> list[weighing.Case]:
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
    before: BillJudge,
    after: BillJudge,
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
