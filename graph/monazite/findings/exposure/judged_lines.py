"""What rules make of the lines of a bill, on some days.

A line is held against the rules by what the bill says of it and by what its material holds. Where
it is made is what the bill says of its making; the country of a supplier is another thing. How it
crosses a border follows from where what it is built into is made: that decides what a licence is
asked for. What the bill does not say is open, and a rule that hangs on it *may* catch the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monazite.bills.bill import Bill
from monazite.bills.profile import NO_PROFILE, BuyerProfile
from monazite.findings.exposure.contents import Materials
from monazite.findings.exposure.lines import ExposedLine
from monazite.findings.rules.case import Between, Case, Whereabouts
from monazite.findings.rules.compiled import CompiledRules
from monazite.findings.rules.judgements import Judgement, explain
from monazite.findings.rules.truth import NOT
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

    Returns:
        One for each line, rule and layer by which the line is not left out on every day.
    """
    found: list[LineJudgement] = []
    known: dict[Case, tuple[Judgement, ...]] = {}
    last = rules.days[-1]
    for place, line in enumerate(lines):
        kind = magnet_type(line.material, materials)
        if not kind and not line.grams:
            continue
        case = with_profile(case_of(bill, place, line, kind, market, country), profile)
        if case not in known:
            known[case] = explain(rules, case, last)
        for told, days in zip(known[case], rules.judge(case), strict=True):
            if set(days.outcomes) != {NOT}:
                found.append(
                    LineJudgement(
                        sheet_row=line.sheet_row,
                        name=line.name,
                        rule=told.rule,
                        rule_label=told.rule_label,
                        layer=told.layer,
                        outcomes=dict(zip(rules.days, days.outcomes, strict=True)),
                        reasons=told.reasons,
                        because=told.because,
                        rows=told.rows,
                    )
                )
    return tuple(found)


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
    mass = None if line.mass is None else Between(line.mass, line.mass)
    return Case(
        magnet_types=frozenset({kind}) if kind else frozenset({"none"}),
        forms=frozenset({MAGNET}) if kind else None,
        shipped_as=_shipped_as(bill, place, country) if kind else None,
        content={
            each.element: Between(each.percent_low / 100, each.percent_high / 100)
            for each in line.grams
        },
        stages={} if made is None else {(MAGNET, ""): made},
        made_in=made,
        ships_from=None if made is None else made.perhaps,
        destination=None if market == WORLD else frozenset({market}),
        facts=_NO_CATALYST if kind else {},
        magnet_mass=mass if kind else None,
        item_mass=mass,
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
    suppliers = [x for x in bill.lines[place].suppliers if x.tier == _FIRST_TIER]
    codes = [country(x.made_in) for x in suppliers]
    surely = frozenset(code for code in codes if code)
    if not surely:
        return None
    return Whereabouts(surely, surely if all(codes) else None)


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
