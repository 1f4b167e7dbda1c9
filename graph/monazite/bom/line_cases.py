"""The lines of a bill as rules ask for them: what is known of a line, and at which border."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from itertools import pairwise

from monazite.analysis.rules.weighing import Between, Case, Possible, Whereabouts
from monazite.bom.bill import TESTED, Bill, BillLine, BillSupplier
from monazite.bom.contents import Materials
from monazite.bom.filling import NO_PROFILE, BuyerProfile
from monazite.bom.lines import TO_BE_ASKED, ExposedLine
from monazite.bom.value_shares import Valuation
from monazite.core.results import Struct
from monazite.data.parameters import MAGNET
from monazite.model.network.shares import WORLD

ASSEMBLY, PRODUCT = "assembly", "product"
_MOST_WAYS = 50  # ways of a part that are told apart; of one that has more no way is known
_NAMED = 3  # assemblies of a way that are named


class Way(Struct, eq=False):
    """What a line is built into, step by step up to the product."""

    place: int
    made: Whereabouts | None  # where that is made; None where the bill does not say
    above: Way | None  # the way from there on; None at the product
    known: bool = True  # whether this is the way; else the line has more ways than are told apart

    def steps(self) -> list[Way]:
        """Return each step, the nearest thing first."""
        found = [self]
        while found[-1].above is not None:
            found.append(found[-1].above)
        return found


class MadeShare(Struct, eq=False):
    """The part of a line that a source makes in a country."""

    source: BillSupplier
    country: str  # code of where it is made; empty where that is not known
    share: float | None  # of what is needed, 0 to 1; None where it is not known

    @property
    def made(self) -> Whereabouts | None:
        """Where it is made; None where that is not known."""
        return Whereabouts.only(self.country) if self.country else None


def made_shares(line: BillLine, country: Callable[[str], str]) -> tuple[MadeShare, ...]:
    """Return who makes a line where; a source that covers nothing of it is left out."""
    used = [each for each in line.sources if each.split != 0]
    return tuple(
        MadeShare(one, country(text), one.split if len(one.countries) == 1 else None)
        for one in used or [BillSupplier("")]
        for text in one.countries
    )


class Crossing(Struct):
    """A border that a line crosses, or may cross."""

    shipped_as: Possible
    ships_from: Possible
    destination: Possible
    from_making: bool = False  # whether it leaves where the line itself is made
    through_unknown: bool = False  # whether it may stop in other countries between the two
    in_product: bool = False

    def at(self, case: Case) -> Case:
        """Return a case at this border."""
        names = ("shipped_as", "ships_from", "destination", "through_unknown")
        return replace(case, **{name: getattr(self, name) for name in names})


Ways = tuple[Way | None, ...]
"""The ways of a line that differ; None is that of the product, which is built into nothing."""


class Borders:
    """The ways of the lines of a bill, and what rules ask of them."""

    def __init__(self, bill: Bill, market: str, country: Callable[[str], str]) -> None:
        self.bill, self.country, self._market = bill, country, market
        self.made_in = cache(self._made_in)
        self._ways: dict[int, Ways] = {}
        self._kept: dict[tuple[Whereabouts | None, int], Way] = {}
        self._crossed: dict[tuple[Whereabouts | None, Way | None, bool], tuple[Crossing, ...]] = {}

    def _made_in(self, place: int) -> Whereabouts | None:
        """Where a line is made, by all who supply it; None where the bill does not say."""
        codes = {each.country for each in made_shares(self.bill.lines[place], self.country)}
        surely = frozenset(codes - {""})
        return Whereabouts(surely, None if "" in codes else surely) if surely else None

    def ways(self, place: int) -> Ways:
        """Return the ways of a line that differ in where the things of them are made."""
        waiting = [place]
        while waiting:
            last = waiting[-1]
            above = self.bill.lines[last].above
            missing = [each for each in above if each not in self._ways]
            if not missing:
                self._ways[waiting.pop()] = self._ways_by(above)
            waiting += missing
        return self._ways[place]

    def _ways_by(self, above: Iterable[int]) -> Ways:
        found: dict[Way | None, None] = {}
        for place in above:
            for way in self._ways[place]:
                made = self.made_in(place)
                key = (made, id(way))
                if key not in self._kept:
                    known = way is None or way.known
                    self._kept[key] = Way(place, made, way, known)
                found[self._kept[key]] = None
        if len(found) > _MOST_WAYS:
            return (Way(next(iter(above)), None, None, known=False),)
        return tuple(found) or (None,)

    def crossings(
        self, made: Whereabouts | None, way: Way | None, *, magnet: bool
    ) -> tuple[Crossing, ...]:
        """Return the borders of a way, the first first."""
        key = (made, way, magnet)
        if key not in self._crossed:
            self._crossed[key] = tuple(dict.fromkeys(self._crossings(made, way, magnet=magnet)))
        return self._crossed[key]

    def _crossings(
        self, made: Whereabouts | None, way: Way | None, *, magnet: bool
    ) -> Iterator[Crossing]:
        if way is not None and not way.known:
            yield Crossing(None, made.perhaps if made else None, None, from_making=True)
            yield Crossing(None, None, None)
            return
        steps = [] if way is None else way.steps()
        market = None if self._market == WORLD else Whereabouts.only(self._market)
        made_in = [made, *(step.made for step in steps), market]
        forms = _forms(len(steps), magnet=magnet)
        last_known: int | None = None
        for place, (here, there) in enumerate(pairwise(made_in)):
            last_known = last_known if here is None else place
            top = place == len(steps)
            if last_known is not None and last_known != place and there is not None:
                # unknown between the two: it leaves the one as one of these, and reaches the other
                passed = forms[last_known : place + 1]
                known = [each for each in passed if each is not None]
                shipped = frozenset[str]().union(*known) if len(known) == len(passed) else None
                for start, end in _pairs(made_in[last_known], there):
                    if start != end:
                        first = last_known == 0
                        yield Crossing(shipped, start, end, first, through_unknown=True)
            for start, end in _pairs(here, there):
                if top or start is None or start != end or len(start) > 1:
                    yield Crossing(forms[place], start, end, place == 0, in_product=top)

    def names(self, way: Way | None, name: Callable[[int], str]) -> str:
        """Return what a way leads through, in words."""
        steps = [] if way is None else way.steps()
        told = [name(step.place) for step in steps[:_NAMED]]
        return " in ".join(told) + (" in more" if len(steps) > _NAMED else "")


def _forms(steps: int, *, magnet: bool) -> list[Possible]:
    """As what a line crosses the borders on a way: the top may be an assembly of something else."""
    alone = {MAGNET} if steps else {MAGNET, PRODUCT}
    first = frozenset(alone) if magnet else None
    above = [frozenset({ASSEMBLY})] * (steps - 1) + [frozenset({ASSEMBLY, PRODUCT})] * (steps > 0)
    return [first, *above]


def _pairs(
    here: Whereabouts | None, there: Whereabouts | None
) -> Iterator[tuple[Possible, Possible]]:
    """From where to where: of several countries each by itself, with all that the other may be."""
    start, end = (None if each is None else each.perhaps for each in (here, there))
    yield from ((each, end) for each in _each(here))
    if there is not None and len(there.surely) + (end is None) > 1:
        yield from ((start, each) for each in _each(there))


def _each(where: Whereabouts | None) -> Sequence[Possible]:
    if where is None:
        return [None]
    sure: list[Possible] = [frozenset({each}) for each in sorted(where.surely)]
    return sure if where.perhaps == where.surely else [*sure, where.perhaps]


_TYPES = {f"{kind}-magnet": kind for kind in ("ndfeb", "smco", "alnico", "ferrite")}
_NOT_IN_THEM = ("Ce", "Dy", "Er", "Eu", "Gd", "Ho", "Lu", "Nd", "Pr", "Sc", "Sm", "Tb", "Tm", "Y",
                "Yb")  # fmt: skip
"""What such magnets do not hold: a ferrite may hold lanthanum, and no other rare earth."""


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
        # places of the lines that have a magnet or a rare earth, or may be a magnet
        self.judged = tuple(
            place
            for place, each in self._lines.items()
            if each.kind != "" or each.shown.grams or each.line.contents
        )
        tops = [each for each in bill.lines if not each.above]
        self._whole = _exactly(tops[0].mass if len(tops) == 1 else None)
        self._magnets = _mass_of_magnets(self._lines.values())
        # of each line its own classes of products, and those of what it is built into
        self._classes: dict[int, frozenset[str]] = {}
        for place in bill.top_down:
            one = bill.lines[place]
            above = (self._classes[each] for each in one.above)
            self._classes[place] = frozenset(one.classes).union(*above)

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
        each, said = self.line(place), self._profile
        magnet = each.kind != ""
        parts = made_shares(each.line, borders.country) if part is None else (part,)
        for one in parts:
            case = case_of(each, one, borders.country)
            case = replace(
                case,
                # the masses that rules ask of the product: of all its magnets, and its own
                magnet_mass=self._magnets,
                item_mass=self._whole,
                classes=frozenset(said.classes) | self._classes[place] or None,
                facts={**said.facts, **case.facts},  # what the bill says of a line stands
                staff=_exactly(said.staff),
                turnover=_exactly(said.turnover),
            )
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
        if self._worth is not None and crossing.from_making:
            return replace(case, value_share=self._worth.of_case(place, case))
        if self._worth is not None and crossing.in_product:
            return replace(case, value_share=self._worth.of_product)
        return case


class CaseLine(Struct):
    """What is known of a line itself."""

    line: BillLine
    shown: ExposedLine
    kind: str | None  # type of magnet; empty for what is none, None where it may be one


def line_type(shown: ExposedLine, materials: Materials) -> str | None:
    """Return the type of magnet of a line; empty for what is none, None where it is asked."""
    if shown.not_known == TO_BE_ASKED:
        return None
    return shown.magnet_type or magnet_type(shown.material, materials)


def _exactly(number: float | None) -> Between | None:
    return None if number is None else Between(number, number)


def _mass_of_magnets(lines: Iterable[CaseLine]) -> Between | None:
    """Grams of all magnets in one product; None where one of them has no mass."""
    low = high = 0.0
    for each in lines:
        if each.kind != "":
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
    if kind in {"alnico", "ferrite"}:
        content = {**dict.fromkeys(_NOT_IN_THEM, Between(0.0, 0.0)), **content}
    answers, made = part.source.answers, part.made
    stages = {} if made is None else {(MAGNET, ""): made}
    for stage, told in answers.stages.items():
        stages[stage, ""] = Whereabouts.only(*map(country, told))
    return Case(
        magnet_types=None if kind is None else frozenset({kind or "none"}),
        forms=frozenset({MAGNET}) if kind else None,
        content=content,
        tested=frozenset(one.element for one in each.line.contents if one.evidence == TESTED),
        stages=stages,
        made_in=made,
        facts={**({"calcined-catalyst": False} if kind else {}), **answers.facts},
    )
