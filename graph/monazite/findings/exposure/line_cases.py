"""The lines of a bill as rules ask for them: what is known of a line, and at which border.

Where a line is made is what the bill or its source says of its making; the country of a supplier is
another thing. What nobody says is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

from monazite.bills.bill import Bill, BillLine
from monazite.bills.profile import NO_PROFILE, BuyerProfile
from monazite.bills.stated import TESTED
from monazite.findings.exposure.borders import Borders, Crossing, MadeShare, Way, made_shares
from monazite.findings.exposure.contents import Materials
from monazite.findings.exposure.lines import TO_BE_ASKED, ExposedLine
from monazite.findings.exposure.stops.value_shares import Valuation
from monazite.findings.rules.case import Between, Case, Whereabouts
from monazite.parameters import MAGNET

_TYPES = {
    "ndfeb-magnet": "ndfeb",
    "smco-magnet": "smco",
    "alnico-magnet": "alnico",
    "ferrite-magnet": "ferrite",
}
"""Types of magnet by the widest material of each."""
_WITHOUT_RARE_EARTHS = {"alnico", "ferrite"}
_NOT_IN_THEM = ("Ce", "Dy", "Er", "Eu", "Gd", "Ho", "Lu", "Nd", "Pr", "Sc", "Sm", "Tb", "Tm", "Y",
                "Yb")  # fmt: skip
"""What such magnets do not hold: a ferrite may hold lanthanum, and no other rare earth."""
_NO_CATALYST = {"calcined-catalyst": False}
"""A magnet is none."""


class LineCases:
    """The lines of a bill as the rules ask for them."""

    def __init__(
        self,
        bill: Bill,
        lines: Sequence[ExposedLine],
        materials: Materials,
        profile: BuyerProfile = NO_PROFILE,
        worth: Valuation | None = None,
    ) -> None:
        self._profile, self._worth = profile, worth
        self._supposed: Mapping[int, CaseLine] = {}
        self._lines: Mapping[int, CaseLine] = {
            place: CaseLine(one, line, line_type(line, materials))
            for place, (one, line) in enumerate(zip(bill.lines, lines, strict=True))
        }
        tops = [each for each in bill.lines if not each.above]
        mass = tops[0].mass if len(tops) == 1 else None
        self._whole = None if mass is None else Between(mass, mass)
        self._classes = _classes_of(bill)
        self._magnets = _mass_of_magnets(self._lines.values())

    @cached_property
    def judged(self) -> tuple[int, ...]:
        """Places of the lines that have a magnet or a rare earth, or may be a magnet."""
        return tuple(
            place
            for place, each in self._lines.items()
            if each.kind != "" or each.shown.grams or each.line.contents
        )

    def line(self, place: int) -> CaseLine:
        """Return what is known of a line itself."""
        return self._supposed.get(place) or self._lines[place]

    def supposing(
        self, lines: Mapping[int, CaseLine], profile: BuyerProfile | None = None
    ) -> LineCases:
        """Return the same with other lines at some places, or with another profile."""
        other = copy(self)
        other._supposed = lines
        other._profile = self._profile if profile is None else profile
        return other

    def at(
        self, place: int, borders: Borders, way: Way | None, part: MadeShare | None = None
    ) -> Iterator[Case]:
        """Yield what is known of a line at each border of a way."""
        each = self.line(place)
        magnet = each.kind != ""
        parts = made_shares(each.line, borders.country) if part is None else (part,)
        for one in parts:
            # the masses that rules ask of the product: of all its magnets, and its own
            case = case_of(each, one, borders.country)
            case = replace(
                case,
                magnet_mass=self._magnets,
                item_mass=self._whole,
                classes=self._classes[place] or None,
            )
            case = with_profile(case, self._profile)
            for crossing in borders.crossings(one.made, way, magnet=magnet):
                narrowed = self._as_shipped(crossing, magnet=magnet)
                if narrowed is not None:
                    yield self._valued(place, narrowed.at(case), crossing)

    def _as_shipped(self, crossing: Crossing, *, magnet: bool) -> Crossing | None:
        """A border of the making as the buyer says it is crossed; None where that rules it out."""
        said = frozenset(self._profile.shipped_as)
        if not (said and magnet and crossing.from_making):
            return crossing
        if crossing.shipped_as is None:
            return replace(crossing, shipped_as=said)
        if crossing.destination is None and not said & crossing.shipped_as:
            return None
        return replace(crossing, shipped_as=said & crossing.shipped_as or crossing.shipped_as)

    def _valued(self, place: int, case: Case, crossing: Crossing) -> Case:
        """A case with the shares of value in what crosses the border, as far as it is known."""
        if self._worth is None:
            return case
        if crossing.in_product and not crossing.from_making:
            return replace(case, value_share=self._worth.of_product())
        if crossing.from_making:
            return replace(case, value_share=self._worth.of_case(place, case))
        return case


@dataclass(frozen=True)
class CaseLine:
    """What is known of a line itself.

    Attributes:
        kind: type of magnet; empty for what is none, None where it may be one.
    """

    line: BillLine
    shown: ExposedLine
    kind: str | None


def line_type(shown: ExposedLine, materials: Materials) -> str | None:
    """Return the type of magnet of a line; empty for what is none, None where it is asked."""
    if shown.not_known == TO_BE_ASKED:
        return None
    return shown.magnet_type or magnet_type(shown.material, materials)


def _classes_of(bill: Bill) -> Mapping[int, frozenset[str]]:
    """The classes of products of each line: its own, and those of what it is built into."""
    found: dict[int, frozenset[str]] = {}
    for place in bill.top_down:
        one = bill.lines[place]
        found[place] = frozenset(one.classes).union(*(found[each] for each in one.above))
    return found


def _mass_of_magnets(lines: Iterable[CaseLine]) -> Between | None:
    """Grams of all magnets in one product; None where one of them has no mass."""
    low = high = 0.0
    for each in lines:
        if each.kind == "":
            continue
        if each.shown.mass is None:
            return None
        mass = each.shown.mass * each.shown.pieces
        low, high = low + (mass if each.kind else 0.0), high + mass
    return Between(low, high) if high else None


def magnet_type(material: str, materials: Materials) -> str:
    """Return the type of magnet that a material is; empty for what is none."""
    wider = materials.line_up(material) if material else ()
    return next((_TYPES[each] for each in wider if each in _TYPES), "")


def case_of(each: CaseLine, part: MadeShare, country: Callable[[str], str]) -> Case:
    """Return what is known of a part of a line itself, as the rules ask for it."""
    kind = each.kind
    content = {
        one.element: Between(one.percent_low / 100, one.percent_high / 100)
        for one in each.shown.grams
    } or {one.element: Between(one.low / 100, one.high / 100) for one in each.line.contents}
    if kind in _WITHOUT_RARE_EARTHS:
        content = {**dict.fromkeys(_NOT_IN_THEM, Between(0.0, 0.0)), **content}
    answers, made = part.source.answers, part.made
    return Case(
        magnet_types=None if kind is None else frozenset({kind or "none"}),
        forms=frozenset({MAGNET}) if kind else None,
        content=content,
        tested=frozenset(one.element for one in each.line.contents if one.evidence == TESTED),
        stages={
            **({} if made is None else {(MAGNET, ""): made}),
            **{
                (stage, ""): Whereabouts.only(*map(country, told))
                for stage, told in answers.stages.items()
            },
        },
        made_in=made,
        facts={**(_NO_CATALYST if kind else {}), **answers.facts},
    )


def with_profile(case: Case, profile: BuyerProfile) -> Case:
    """Return a case with what a buyer says of all lines; what the bill says of one stands."""
    return replace(
        case,
        facts={**profile.facts, **case.facts},
        classes=frozenset(profile.classes) | (case.classes or frozenset()) or None,
        staff=None if profile.staff is None else Between(profile.staff, profile.staff),
        turnover=None if profile.turnover is None else Between(profile.turnover, profile.turnover),
    )
