"""Which borders a line of a bill crosses, and in what: each way through the assemblies is one.

A part crosses a border wherever the next thing above it is made elsewhere: alone, in an assembly,
in the product, which crosses that of the market. All of them are asked about. A thing of which
nobody says where it is made may be made anywhere; what is known on both sides of it still tells
that the part leaves the one country and reaches the other. Of what several sources make, each
country counts by itself: some of it surely leaves from there. A part that is built into two
assemblies takes two ways, and each of them is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from monazite.bills.bill import Bill, BillLine, BillSupplier, countries_in
from monazite.findings.rules.case import Case, Possible, Whereabouts
from monazite.network.shares import WORLD
from monazite.parameters import MAGNET

ASSEMBLY, PRODUCT = "assembly", "product"
_MOST_WAYS = 50
"""Ways of a part that are told apart; of one that has more no way is known."""
_NAMED = 3
"""Assemblies of a way that are named."""


@dataclass(frozen=True, eq=False)
class Way:
    """What a line is built into, step by step up to the product.

    Attributes:
        made: where that is made; None where the bill does not say.
        above: the way from there on; None at the product.
        known: whether this is the way; else the line has more ways than are told apart.
    """

    place: int
    made: Whereabouts | None
    above: Way | None
    known: bool = True

    def steps(self) -> Iterator[Way]:
        """Yield each step, the nearest thing first."""
        step: Way | None = self
        while step is not None:
            yield step
            step = step.above


@dataclass(frozen=True, eq=False)
class MadeShare:
    """The part of a line that a source makes in a country.

    Attributes:
        country: code of where it is made; empty where that is not known.
        share: of what is needed, 0 to 1; None where it is not known.
    """

    source: BillSupplier
    country: str
    share: float | None

    @property
    def made(self) -> Whereabouts | None:
        """Where it is made; None where that is not known."""
        return Whereabouts.only(self.country) if self.country else None


def made_shares(line: BillLine, country: Callable[[str], str]) -> tuple[MadeShare, ...]:
    """Return who makes a line where; a source that covers nothing of it is left out."""
    used = [each for each in line.sources if each.split != 0]
    told = [(one, countries_in(one.made_in)) for one in used or [BillSupplier("")]]
    return tuple(
        MadeShare(one, country(text), one.split if len(texts) == 1 else None)
        for one, texts in told
        for text in texts
    )


@dataclass(frozen=True)
class Crossing:
    """A border that a line crosses, or may cross.

    Attributes:
        from_making: whether it leaves where the line itself is made.
        through_unknown: whether it may stop in other countries between the two.
    """

    shipped_as: Possible
    ships_from: Possible
    destination: Possible
    from_making: bool = False
    through_unknown: bool = False
    in_product: bool = False

    def at(self, case: Case) -> Case:
        """Return a case at this border."""
        return replace(
            case,
            shipped_as=self.shipped_as,
            ships_from=self.ships_from,
            destination=self.destination,
            through_unknown=self.through_unknown,
        )


Ways = tuple[Way | None, ...]
"""The ways of a line that differ; None is that of the product, which is built into nothing."""


class Borders:
    """The ways of the lines of a bill, and what rules ask of them."""

    def __init__(self, bill: Bill, market: str, country: Callable[[str], str]) -> None:
        self.bill, self.country, self._market = bill, country, market
        self._made: dict[int, Whereabouts | None] = {}
        self._ways: dict[int, Ways] = {}
        self._kept: dict[tuple[Whereabouts | None, int], Way] = {}
        self._crossed: dict[tuple[Whereabouts | None, Way | None, bool], tuple[Crossing, ...]] = {}

    def made_in(self, place: int) -> Whereabouts | None:
        """Return where a line is made, by all who supply it; None where the bill does not say."""
        if place not in self._made:
            self._made[place] = self._made_by_suppliers(place)
        return self._made[place]

    def _made_by_suppliers(self, place: int) -> Whereabouts | None:
        codes = [each.country for each in made_shares(self.bill.lines[place], self.country)]
        surely = frozenset(code for code in codes if code)
        return Whereabouts(surely, surely if all(codes) else None) if surely else None

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
        steps = [] if way is None else list(way.steps())
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
                        yield Crossing(
                            *(shipped, start, end),
                            from_making=last_known == 0,
                            through_unknown=True,
                        )
            for start, end in _pairs(here, there):
                if top or start is None or start != end or len(start) > 1:
                    yield Crossing(
                        *(forms[place], start, end), from_making=place == 0, in_product=top
                    )

    def names(self, way: Way | None, name: Callable[[int], str]) -> str:
        """Return what a way leads through, in words."""
        steps = [] if way is None else list(way.steps())
        told = [name(step.place) for step in steps[:_NAMED]]
        return " in ".join(told) + (" in more" if len(steps) > _NAMED else "")


def _forms(steps: int, *, magnet: bool) -> list[Possible]:
    """As what a line crosses the borders on a way: the top may be an assembly of something else."""
    alone = {MAGNET, *(() if steps else (PRODUCT,))}
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
    return (
        sure
        if where.perhaps is not None and where.perhaps == where.surely
        else [*sure, where.perhaps]
    )
