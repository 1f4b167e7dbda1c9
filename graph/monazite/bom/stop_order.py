"""Which part stops the product first: days of stock, then its loss, then what it holds up.

The loss of a line is that of the market if the largest supplier of a stage stopped, of the element
that loses most; losses of two elements are never added. A stop that leaves a source is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import isfinite
from typing import Any

from monazite.bom.bill import Bill
from monazite.bom.lines import ExposedLine
from monazite.bom.market_supply import (
    LOST,
    MAY,
    NO,
    YES,
    ElementSupply,
    LineCase,
    MarketLoss,
    StageSupply,
    paths_of,
    reach_of_line,
)
from monazite.bom.supply_paths import PathFinder, PathHop, plants_on
from monazite.core.results import Value


class ElementStop(MarketLoss):
    """What would stop a line of which one element alone is asked about."""

    element: str  #: symbol
    failure: str  #: what stops, in words; empty where nothing on record stops it


class StoppingLine(MarketLoss):
    """A line with rare earths, and what would stop it."""

    rank: int  #: 1 stops first; lines whose days are not known come after those whose days are
    sheet_row: int
    name: str  #: of the part, as the line shows it
    #: that the stock lasts if nothing more comes; None where the bill does not say
    days: float | None
    element: str  #: whose loss is the largest of the line; a loss is never added to another's
    failure: str  #: what stops, in words; empty where nothing on record stops it
    stage: str  #: where it stops
    country: str  #: name of the country that stops
    #: yes where records say that all sources run through it, may where they do not tell, no where
    #: each stop leaves a source
    reaches: str
    #: the least part of the need, 0 to 1, that runs through it by the bill's split
    through_low: float
    through_high: float  #: the most
    #: name of the product that cannot be built without it, the largest that has a value
    holds_up: str
    value: float | None  #: of that product; None where the bill gives none
    currency: str  #: of the value
    #: name of the plant that all paths of all its sources run through; empty where there is none on
    #: record, or names are hidden
    bottleneck: str
    #: names of the plants that may make the part, with where they stand; none where names are
    #: hidden
    plants: tuple[str, ...]
    plants_known: int  #: how many plants stand behind it by record, also where names are hidden
    holds: str = YES  #: yes where the line surely holds that element, may where it may be without
    #: the loss of the elements that it surely holds, by which it is ranked; None is not known
    sure_loss: float | None = None
    #: symbols of which nothing is said where the bill says that there is none of what they stand in
    #: for
    untold: tuple[str, ...] = ()
    by_element: tuple[ElementStop, ...] = ()  #: what would stop it for each element alone


class LineStop(Value):
    """The stop that costs a line most."""

    element: str
    elements: tuple[str, ...]
    at: StageSupply | None  # the stage of the market that stops; None where nothing is known of any
    reaches: str
    through: tuple[float, float]  # least and most part of the need that runs through it
    holds: str = YES  # may where it may be without the elements

    @property
    def loss(self) -> float | None:
        """What the market would lose; nothing where no stop reaches the line."""
        if self.reaches == NO:
            return 0.0
        return None if self.at is None else self.at.loss

    @property
    def failure(self) -> str:
        """What stops, in words; empty where nothing on record does."""
        at = self.at
        return "" if at is None else at.failure_label or f"{at.largest} {at.stage}"

    @property
    def lost(self) -> dict[str, Any]:
        """What the market would lose, by the fields of a loss."""
        return {name: getattr(self.at, name, None) for name in LOST} | {"loss": self.loss}


class StopFinder:
    """Finds what stops lines, each case once."""

    def __init__(self, supplies: tuple[ElementSupply, ...], finder: PathFinder) -> None:
        self.supplies, self.finder = supplies, finder
        self.stop = cache(self._stop)

    def _stop(self, case: LineCase) -> LineStop:
        """The stop that costs a line most, of those that reach it or may reach it."""
        found = list(self.each_stop(case))
        reaching = [each for each in found if each.reaches != NO]
        if not found:
            return LineStop("", (), None, MAY, (0.0, 1.0))
        if not reaching:
            return replace(found[0], element="", at=None, through=(0.0, 0.0), holds=YES)
        return max(reaching, key=_cost)

    def sure_loss(self, case: LineCase) -> float | None:
        """Return the loss of what a line surely holds; None is not known."""
        sure = tuple(each for each in case.elements if each not in case.perhaps)
        return self.stop(replace(case, elements=sure)).loss if sure else 0.0

    def by_element(self, case: LineCase) -> Iterator[ElementStop]:
        """Return what would stop a line for each of its elements alone."""
        for element in case.elements:
            stop = self.stop(replace(case, elements=(element,)))
            yield ElementStop(element, stop.failure, **stop.lost)

    def each_stop(self, case: LineCase) -> Iterator[LineStop]:
        """Yield what each stop of a country at a stage does to a line."""
        for supply in self.supplies:
            own = tuple(each for each in supply.elements if each in case.elements)
            for at in supply.stages if own else ():
                if at.country:
                    reach, low, high = reach_of_line(case, own, at.stage, at.country, self.finder)
                    holds = MAY if case.perhaps.issuperset(own) else YES
                    yield LineStop(supply.element, own, at, reach, (low, high), holds)


def _cost(stop: LineStop) -> tuple[bool, float, float]:
    share = max(stop.at.shares.values(), default=0.0) if stop.at else 0.0
    return stop.loss is not None, stop.loss or 0.0, share


def ordered_stops(
    bill: Bill, shown: Sequence[ExposedLine], cases: Mapping[int, LineCase], stops: StopFinder
) -> tuple[StoppingLine, ...]:
    """Return the lines with rare earths in the order in which they stop the product.

    First the fewest days of stock, unknown ones last; then the loss of what a line surely holds,
    then of what it may hold; then the value of the product that stands on the part.
    """

    def order(line: StoppingLine) -> tuple[object, ...]:
        days = (line.days is None, line.days or 0.0)
        losses = (-(line.sure_loss or 0.0), -(line.loss or 0.0))
        return *days, *losses, line.currency, -(line.value or 0.0), line.sheet_row

    found = sorted((_line(bill, shown, *each, stops) for each in cases.items()), key=order)
    return tuple(replace(each, rank=rank) for rank, each in enumerate(found, start=1))


def days_of_stock(line: ExposedLine) -> float | None:
    """Return how many days the stock of a line lasts; None where the bill does not say."""
    if line.stock is None or not line.use_per_day:
        return None
    days = line.stock / line.use_per_day
    return days if isfinite(days) else None


def _line(
    bill: Bill, shown: Sequence[ExposedLine], place: int, case: LineCase, stops: StopFinder
) -> StoppingLine:
    line, stop = shown[place], stops.stop(case)
    above = [place]
    while bill.lines[above[-1]].above:
        above.append(bill.lines[above[-1]].above[0])
    valued = [shown[each] for each in above[1:] if shown[each].value is not None]
    top = valued[-1] if valued else shown[above[-1]]  # the largest thing that has a value
    bottleneck, plants, known = _plants_behind(case, stop, stops.finder)
    return StoppingLine(
        rank=0,
        sheet_row=line.sheet_row,
        name=line.name,
        days=days_of_stock(line),
        element=stop.element,
        failure=stop.failure,
        stage="" if stop.at is None else stop.at.stage,
        country="" if stop.at is None else stop.at.largest,
        **stop.lost,
        reaches=stop.reaches,
        through_low=stop.through[0],
        through_high=stop.through[1],
        holds_up=top.name,
        value=top.value,
        currency=top.currency if top.value is not None else "",
        bottleneck=bottleneck,
        plants=plants,
        plants_known=known,
        holds=stop.holds,
        sure_loss=stops.sure_loss(case),
        untold=case.untold,
        by_element=tuple(stops.by_element(case)),
    )


def _plants_behind(
    case: LineCase, stop: LineStop, finder: PathFinder
) -> tuple[str, tuple[str, ...], int]:
    """The nearest plant on all paths, the first plant of each path, and how many there are."""
    elements = stop.elements or case.elements
    used = [each for each in case.sources if each.split != 0] or case.sources
    by_source = [
        [path for each in elements for path in paths_of(source, case.magnets, each, finder)]
        for source in used
    ]
    paths = [[*plants_on(path)] for found in by_source for path in found]
    sellers = [{hop.seller for hop in path} for path in paths]
    bottleneck = ""
    if all(by_source) and all(paths):
        shared = set.intersection(*sellers)
        bottleneck = next((_plant_words(hop) for hop in paths[0] if hop.seller in shared), "")
    nearest = tuple(sorted({_plant_words(path[0]) for path in paths if path}))
    return bottleneck, nearest, len(set().union(*sellers))


def _plant_words(hop: PathHop) -> str:
    return f"{hop.seller_label} ({hop.country})" if hop.country else hop.seller_label
