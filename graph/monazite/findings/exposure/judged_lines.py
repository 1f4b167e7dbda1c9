"""What rules make of the lines of a bill, on some days.

A line is held against the rules by what the bill says of it and by what its material holds. Where
it is made is what the bill says of its making; the country of a supplier is another thing. A magnet
crosses two borders that matter: that of the country that it is made in, in the largest thing that
is made there too, and that of the market, in what the product is. The rule that catches it at one
of them catches it. What the bill does not say is open, and a rule that hangs on it *may* catch it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

from monazite.bills.bill import Bill
from monazite.bills.profile import NO_PROFILE, BuyerProfile
from monazite.findings.exposure.contents import Materials
from monazite.findings.exposure.lines import ExposedLine
from monazite.findings.exposure.stops.value_shares import Valuation
from monazite.findings.rules.case import Between, Case, Whereabouts
from monazite.findings.rules.compiled import CompiledRules, RuleDays
from monazite.findings.rules.judgements import Judgement, explain
from monazite.findings.rules.truth import CAUGHT, MAY, NOT, NOT_JUDGED
from monazite.network.shares import WORLD
from monazite.parameters import MAGNET
from monazite.result import Value

_TYPES = {
    "ndfeb-magnet": "ndfeb",
    "smco-magnet": "smco",
    "alnico-magnet": "alnico",
    "ferrite-magnet": "ferrite",
}
"""Types of magnet by the widest material of each."""
_NO_CATALYST = {"calcined-catalyst": False}
"""A magnet is none."""
_ASSEMBLY, _PRODUCT = "assembly", "product"
_FIRST_TIER = 1
_STRONGEST = (CAUGHT, MAY, NOT_JUDGED, NOT)


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
        outcomes: caught, may, not or not judged, by day.
        reasons: why it is open on the last day, or differs from the text.
        because: the arithmetic that decides on the last day, a sentence each.
        rows: of the conditions that decide.
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
    """Hold the lines of a bill that have a magnet or a rare earth against rules.

    Args:
        rules: compiled for the days.
        bill: as it was read.
        lines: of the bill as they are shown, in its order.
        materials: of the tables.
        market: where the product is used; the world is no place that goods are sent to.
        country: gives the code of a country, blank where it is not known.
        profile: what the buyer says of the company and the product.
        worth: shares of value in the lines and in the product; left open where it is None.

    Returns:
        One for each line, rule and layer, of the rules that do not leave the line out on every day
        in every layer.
    """
    found: list[LineJudgement] = []
    known: dict[Case, tuple[Judgement, ...]] = {}
    last = rules.days[-1]
    kinds = [magnet_type(line.material, materials) for line in lines]
    magnets = _mass_of_magnets(lines, kinds)
    for place, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if not kind and not line.grams and not bill.lines[place].contents:
            continue
        first = case_of(bill, place, line, kind, market, country)
        first = with_profile(_in_product(first, bill, magnets), profile)
        cases = [first, *_at_the_market(first, bill, place, market, country)]
        if worth is not None:
            own, whole = worth.of_case(place, first), worth.of_product()
            cases = [replace(x, value_share=whole if at else own) for at, x in enumerate(cases)]
        judged = []
        for case in cases:
            if case not in known:
                known[case] = explain(rules, case, last)
            judged.append((known[case], rules.judge(case)))
        found += _joined(line, rules.days, judged)
    return tuple(found)


_Judged = tuple[tuple[Judgement, ...], tuple[RuleDays, ...]]


def _joined(
    line: ExposedLine, days: Sequence[str], judged: Sequence[_Judged]
) -> Iterable[LineJudgement]:
    """What the rules make of a line at its borders: what catches most says why."""
    lines = []
    for at, first in enumerate(judged[0][0]):
        borders = [(each[0][at], each[1][at].outcomes) for each in judged]
        outcomes = [
            min(on_day, key=_STRONGEST.index)
            for on_day in zip(*(each[1] for each in borders), strict=True)
        ]
        why = min(borders, key=lambda each: _STRONGEST.index(each[1][-1]))[0]
        lines.append(
            LineJudgement(
                sheet_row=line.sheet_row,
                name=line.name,
                rule=first.rule,
                rule_label=first.rule_label,
                layer=first.layer,
                outcomes=dict(zip(days, outcomes, strict=True)),
                reasons=why.reasons,
                because=why.because,
                rows=why.rows,
            )
        )
    touched = {each.rule for each in lines if {*each.outcomes.values()} != {NOT}}
    return [each for each in lines if each.rule in touched]


def _mass_of_magnets(lines: Sequence[ExposedLine], kinds: Sequence[str]) -> Between | None:
    """Grams of all magnets in one product; None where one of them has no mass."""
    held = [
        None if line.mass is None else line.mass * line.pieces
        for line, kind in zip(lines, kinds, strict=True)
        if kind
    ]
    if not held or None in held:
        return None
    whole = fsum(each for each in held if each is not None)
    return Between(whole, whole)


def _in_product(case: Case, bill: Bill, magnets: Between | None) -> Case:
    """A case with the masses that rules ask of the product: of all its magnets, and its own."""
    tops = [each for each in bill.lines if not each.above]
    mass = tops[0].mass if len(tops) == 1 else None
    whole = None if mass is None else Between(mass, mass)
    return replace(case, magnet_mass=magnets, item_mass=whole)


def _at_the_market(
    case: Case, bill: Bill, place: int, market: str, country: Callable[[str], str]
) -> Iterable[Case]:
    """The same line where it comes to the market inside what is made elsewhere."""
    top = place
    while bill.lines[top].above:
        top = bill.lines[top].above[0]
    if top == place or case.made_in is None or market == WORLD:
        return
    seats = [each for each in _line_up(bill, place) if _made_in(bill, each, country)]
    last = _made_in(bill, seats[-1], country) if seats else None
    yield replace(
        case,
        shipped_as=frozenset({_ASSEMBLY, _PRODUCT}),
        ships_from=None if last is None else last.perhaps,
        destination=frozenset({market}),
    )


def _line_up(bill: Bill, place: int) -> list[int]:
    """What a line is a part of, the nearest first; of several the first."""
    found = []
    while bill.lines[place].above:
        place = bill.lines[place].above[0]
        found.append(place)
    return found


def magnet_type(material: str, materials: Materials) -> str:
    """Return the type of magnet that a material is; empty for what is none.

    Args:
        material: its id; empty where none was matched.
        materials: of the tables.
    """
    wider = materials.line_up(material) if material else ()
    return next((_TYPES[each] for each in wider if each in _TYPES), "")


def case_of(
    bill: Bill,
    place: int,
    line: ExposedLine,
    kind: str,
    market: str,
    country: Callable[[str], str],
) -> Case:
    """Return what is known of a line, as the rules ask for it.

    Args:
        bill: as it was read.
        place: of the line in it.
        line: as it is shown.
        kind: type of magnet; empty for what is none.
        market: where the product is used.
        country: gives the code of a country, blank where it is not known.
    """
    made = _made_in(bill, place, country)
    content = {
        each.element: Between(each.percent_low / 100, each.percent_high / 100)
        for each in line.grams
    } or {
        each.element: Between(each.low / 100, each.high / 100)
        for each in bill.lines[place].contents
    }
    return Case(
        magnet_types=frozenset({kind}) if kind else frozenset({"none"}),
        forms=frozenset({MAGNET}) if kind else None,
        shipped_as=_shipped_as(bill, place, country) if kind else None,
        content=content,
        stages={} if made is None else {(MAGNET, ""): made},
        made_in=made,
        ships_from=None if made is None else made.perhaps,
        destination=_first_destination(bill, place, made, market, country),
        facts=_NO_CATALYST if kind else {},
    )


def with_profile(case: Case, profile: BuyerProfile) -> Case:
    """Return a case with what a buyer says of all lines; what the bill says of one stands.

    Args:
        case: of a line.
        profile: of the buyer.
    """
    shipped = case.shipped_as
    if profile.shipped_as and case.magnet_types != frozenset({"none"}):
        said = frozenset(profile.shipped_as)
        shipped = said if shipped is None else (shipped & said or shipped)
    return replace(
        case,
        shipped_as=shipped,
        facts={**profile.facts, **case.facts},
        classes=frozenset(profile.classes) if profile.classes else None,
        staff=None if profile.staff is None else Between(profile.staff, profile.staff),
        turnover=None if profile.turnover is None else Between(profile.turnover, profile.turnover),
    )


def _made_in(bill: Bill, place: int, country: Callable[[str], str]) -> Whereabouts | None:
    """Where a line is made, by all who supply it; None where the bill says nothing of it."""
    line = bill.lines[place]
    suppliers = [x.made_in for x in line.suppliers if x.tier == _FIRST_TIER] or [line.made_in]
    codes = [country(each) for each in suppliers]
    surely = frozenset(code for code in codes if code)
    if not surely:
        return None
    return Whereabouts(surely, surely if all(codes) else None)


def _first_destination(
    bill: Bill,
    place: int,
    made: Whereabouts | None,
    market: str,
    country: Callable[[str], str],
) -> frozenset[str] | None:
    """Where a line goes first when it leaves: to where the next thing that it is in is made."""
    for above in _line_up(bill, place):
        theirs = _made_in(bill, above, country)
        if theirs is None:
            continue
        if made is None or theirs.perhaps != made.perhaps:
            return theirs.perhaps
    return None if market == WORLD else frozenset({market})


def _shipped_as(bill: Bill, place: int, country: Callable[[str], str]) -> frozenset[str] | None:
    """As what a magnet crosses the border of the country that it is made in.

    It does so in the largest thing that is made there too. Where the bill does not say where
    something that it is built into is made, it may be any of the larger ones.
    """
    made = _made_in(bill, place, country)
    if made is None or made.perhaps is None or len(made.perhaps) > 1:
        return None
    return frozenset(_forms(bill, place, made, MAGNET, country))


def _forms(
    bill: Bill, place: int, made: Whereabouts, form: str, country: Callable[[str], str]
) -> Iterable[str]:
    above = bill.lines[place].above
    if not above:
        yield from (form, _PRODUCT) if form == MAGNET else (_ASSEMBLY, _PRODUCT)
        return
    for each in above:
        theirs = _made_in(bill, each, country)
        if theirs is None or theirs.perhaps is None:
            yield from (form, _ASSEMBLY, _PRODUCT)
        elif theirs.perhaps == made.perhaps:
            yield from _forms(bill, each, made, _ASSEMBLY, country)
        else:
            yield form
            if theirs.perhaps & (made.perhaps or frozenset()):
                yield from (_ASSEMBLY, _PRODUCT)
