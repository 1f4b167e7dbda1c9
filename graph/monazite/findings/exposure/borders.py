"""Which borders a line of a bill crosses, and in what: each way through the assemblies is one.

A part crosses the border of the country that it is made in as the largest thing that is made there
too, and the border of the market in what the product is. A part that is built into two assemblies
takes two ways, and each of them is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from monazite.bills.bill import Bill, countries_in
from monazite.findings.rules.case import Case, Whereabouts
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
        place: of the next thing above.
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


Ways = tuple[Way | None, ...]
"""The ways of a line that differ; None is that of the product, which is built into nothing."""


class Borders:
    """The ways of the lines of a bill, and what rules ask of them.

    Args:
        bill: as it was read.
        market: where the product is used; the world is no place that goods are sent to.
        country: gives the code of a country, blank where it is not known.
    """

    def __init__(self, bill: Bill, market: str, country: Callable[[str], str]) -> None:
        self.bill, self.country, self._market = bill, country, market
        self._made: dict[int, Whereabouts | None] = {}
        self._ways: dict[int, Ways] = {}
        self._kept: dict[tuple[Whereabouts | None, int], Way] = {}

    def made_in(self, place: int) -> Whereabouts | None:
        """Return where a line is made, by all who supply it; None where the bill does not say.

        Args:
            place: of the line, from 0.
        """
        if place not in self._made:
            self._made[place] = self._made_by_suppliers(place)
        return self._made[place]

    def _made_by_suppliers(self, place: int) -> Whereabouts | None:
        told = [x for one in self.bill.lines[place].sources for x in countries_in(one.made_in)]
        codes = [self.country(each) for each in told]
        surely = frozenset(code for code in codes if code)
        return Whereabouts(surely, surely if all(codes) else None) if surely else None

    def ways(self, place: int) -> Ways:
        """Return the ways of a line that differ in where the things of them are made.

        Args:
            place: of the line, from 0.
        """
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

    def cases(self, case: Case, place: int, way: Way | None, *, magnet: bool) -> Iterator[Case]:
        """Yield a case at the border of its making, and at that of the market where it differs.

        Args:
            case: what is known of the line itself.
            place: of the line, from 0.
            way: that it takes.
            magnet: whether it is a magnet, of which it matters what it is built into.
        """
        made = self.made_in(place)
        if way is not None and not way.known:
            yield replace(case, made_in=made, ships_from=made.perhaps if made else None)
            return
        steps = [] if way is None else list(way.steps())
        yield replace(
            case,
            shipped_as=_shipped_as(made, steps) if magnet else None,
            made_in=made,
            ships_from=None if made is None else made.perhaps,
            destination=self._first_destination(made, steps),
        )
        if steps and self._market != WORLD:
            told = [step.made for step in steps if step.made is not None]
            yield replace(
                case,
                shipped_as=frozenset({ASSEMBLY, PRODUCT}),
                made_in=made,
                ships_from=told[-1].perhaps if told else None,
                destination=frozenset({self._market}),
            )

    def _first_destination(
        self, made: Whereabouts | None, steps: Iterable[Way]
    ) -> frozenset[str] | None:
        """Where a line goes first when it leaves: to where the next thing that it is in is made."""
        for step in steps:
            if step.made is not None and (made is None or step.made.perhaps != made.perhaps):
                return step.made.perhaps
        return None if self._market == WORLD else frozenset({self._market})

    def names(self, way: Way | None, name: Callable[[int], str]) -> str:
        """Return what a way leads through, in words.

        Args:
            way: of a line.
            name: gives the name of a line by its place.
        """
        steps = [] if way is None else list(way.steps())
        told = [name(step.place) for step in steps[:_NAMED]]
        return " in ".join(told) + (" in more" if len(steps) > _NAMED else "")


def _shipped_as(made: Whereabouts | None, steps: Iterable[Way]) -> frozenset[str] | None:
    """As what a magnet crosses the border of the country that it is made in.

    Where the bill does not say where something that it is built into is made, it may be any of the
    larger ones.
    """
    if made is None or made.perhaps is None or len(made.perhaps) > 1:
        return None
    form = MAGNET
    for step in steps:
        if step.made is None or step.made.perhaps is None:
            return frozenset({form, ASSEMBLY, PRODUCT})
        if step.made.perhaps != made.perhaps:
            larger = {ASSEMBLY, PRODUCT} if step.made.perhaps & made.perhaps else set()
            return frozenset({form, *larger})
        form = ASSEMBLY
    return frozenset({form, PRODUCT})
