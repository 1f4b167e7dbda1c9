"""What a market needs of an element, stage by stage, and how that grows.

A market needs at a stage what the world's output of the stage was in the base year for each tonne
of the element in what users took. It grows as published scenarios of the world's demand do: by the
middle one, between the least and the most. Between the years that a scenario prints, growth is the
same in each year; after its last year there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from statistics import median_low

from monazite.findings.chain.chain import Chain
from monazite.network.facts import Facts
from monazite.network.shares import WORLD
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.result import Value

FLAT = "flat"


@dataclass(frozen=True)
class ValueRange(Value):
    """A number with the ends of its range."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> ValueRange:
        """The same, scaled."""
        return ValueRange(self.value * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True)
class Growth(Value):
    """How much more of the element is needed in a year than in the base year.

    Attributes:
        factors: by year.
        scenarios: their names.
        material: of which they speak.
        rows: that print them.
    """

    factors: Mapping[int, ValueRange]
    scenarios: tuple[str, ...]
    material: str
    rows: tuple[str, ...]


def growth_of(facts: Facts, base: int, until: int) -> Growth:
    """Return how demand for an element grows, by the scenarios of the narrowest material.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> round(growth_of(facts, 2024, 2030).factors[2030].value, 2)
    1.45
    """
    printed: dict[tuple[str, str], dict[int, tuple[str, float, str]]] = defaultdict(dict)
    elements: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    for answer in facts.ask("network-forecasts"):
        if answer["published"] > facts.date:
            continue
        material, basis, year = answer["material"], answer["basis"], answer.year()
        elements[material] |= {answer["element"]} - {""}
        labels[basis] = answer["basisLabel"]
        told = (answer["published"], answer.number("tonnes"), answer.row())
        known = printed[material, basis].get(year)
        if known is None or told[::2] > known[::2]:
            printed[material, basis][year] = told
    for material in sorted(elements, key=lambda x: (len(elements[x]), x)):
        if not facts.members <= elements[material]:
            continue
        series = {basis: told for (of, basis), told in printed.items() if of == material}
        start = next((told[base] for told in series.values() if base in told), None)
        ahead = {basis: told for basis, told in sorted(series.items()) if max(told) > base}
        if start is not None and ahead:
            return _growth(start, ahead, labels, material, base, until)
    return Growth({year: ValueRange(1, 1, 1) for year in range(base, until + 1)}, (), "", ())


def _growth(
    start: tuple[str, float, str],
    ahead: Mapping[str, Mapping[int, tuple[str, float, str]]],
    labels: Mapping[str, str],
    material: str,
    base: int,
    until: int,
) -> Growth:
    lines = {
        basis: {base: start[1], **{year: told[1] for year, told in series.items() if year > base}}
        for basis, series in ahead.items()
    }
    factors = {}
    for year in range(base, until + 1):
        found = sorted(_at(points, year) / start[1] for points in lines.values())
        factors[year] = ValueRange(median_low(found), found[0], found[-1])
    rows = {start[2], *(told[2] for series in ahead.values() for told in series.values())}
    names = tuple(labels[basis] or basis for basis in ahead)
    return Growth(factors, names, material, tuple(sorted(rows)))


def _at(points: Mapping[int, float], year: int) -> float:
    """The value of a year: printed, or at one rate of growth between two that are."""
    before = max(x for x in points if x <= year)
    after = min((x for x in points if x >= year), default=before)
    if before == after:
        return points[before]
    part = (year - before) / (after - before)
    return float(points[before] * (points[after] / points[before]) ** part)


@dataclass(frozen=True)
class Need(Value):
    """What is needed at each stage in the base year, in tonnes of the element.

    Attributes:
        market: by stage, of the market.
        others: by stage, of all users outside the country that is to be replaced.
        world: by stage, of all users.
        product: what users take.
        taken: tonnes of the element in what the market took.
        of_all: whether who uses it is not known, so that it is the need of the whole world.
    """

    market: Mapping[str, float]
    others: Mapping[str, float]
    world: Mapping[str, float]
    product: str
    taken: float
    of_all: bool


def need_of(chain: Chain, name: str, market: str, without: str, used: Iterable[str]) -> Need:
    """Return what a market, and all outside a country, need at each stage."""
    element_chain = chain.element_chains[name]
    products = set(used)
    taken: dict[str, float] = defaultdict(float)
    for (product, user), amount in chain.demand.items():
        if product in products:
            taken[user] += amount * chain.recipe.get((product, name), 0.0)
    whole = fsum(taken.values())
    outside = fsum(x for user, x in sorted(taken.items()) if user != without)
    of_all = market == WORLD and outside <= 0
    outside = whole if of_all else outside
    own = outside if market == WORLD else taken.get(market, 0.0)
    factors: dict[str, float] = {}
    for stage in (MINE, SEPARATION, METAL):
        made = fsum(x for (at, _), x in sorted(element_chain.made.items()) if at == stage)
        if made > 0 and whole > 0:
            factors[stage] = made / whole
    magnets = any(product.stage == MAGNET for product in chain.main.values())
    if magnets:
        factors[MAGNET] = 1.0
    else:
        factors.pop(METAL, None)
    return Need(
        {stage: own * factor for stage, factor in factors.items()},
        {stage: outside * factor for stage, factor in factors.items()},
        {stage: whole * factor for stage, factor in factors.items()},
        chain.title,
        own,
        of_all,
    )
