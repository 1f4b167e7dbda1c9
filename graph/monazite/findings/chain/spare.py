"""Spare capacity that rows tell of: quotas that were used up, and plants with a nameplate.

A horizon lets plants make more than in the base year by an assumed factor. Where rows say more,
they count:

* a quota of the year is the most that a country makes of what it bounds, while it stands: a year.
  One that was exceeded bounds only a part of it, and says nothing;
* plants make up to their nameplates where those of the plants of a pool that surely ran at the end
  of the year add up to no less than what the pool made: then they are the pool. A nameplate counts
  until another, and of several kinds of goods the narrowest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import fsum

from monazite.errors import NotKnownError
from monazite.findings.chain.chain import NAMEPLATE, QUOTA, Ceiling, Chain
from monazite.findings.chain.elements import ChainElements
from monazite.findings.chain.site_capacity import REO, Capacity, held_in, read_capacities
from monazite.findings.plants.lives import read_lives
from monazite.findings.plants.states import OPERATING
from monazite.findings.reconciliation.year import ReconciledYear
from monazite.network.facts import Facts
from monazite.network.shares import REST
from monazite.parameters import MINE, SEPARATION
from monazite.quantities.chemistry import Chemistry

STAGE_OF = {"mining-quota": MINE, "separation-quota": SEPARATION}
"""What a quota bounds."""
ROUNDING = 0.02
"""A quota that was exceeded by a smaller part was kept."""
_MANY = 99
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Quota:
    """What a country may make of all rare earths at a stage in a year, in tonnes of oxide."""

    country: str
    stage: str
    tonnes: float
    row: str


@dataclass(frozen=True)
class SpareRows:
    """Rows of a base year that tell of spare capacity.

    Attributes:
        plates: nameplates at its end, of plants that surely ran.
    """

    quotas: tuple[Quota, ...] = ()
    plates: tuple[Capacity, ...] = ()


NO_SPARE_ROWS = SpareRows()


def read_spare_rows(facts: Facts, year: int) -> SpareRows:
    """Read the quotas of a year, and the nameplates of plants that ran at its end.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> found = read_spare_rows(read_facts(open_store(), "NdPr", "2026-11-24"), 2024)
    >>> [(each.stage, each.tonnes) for each in found.quotas]
    [('mine', 270000.0), ('separation', 254000.0)]
    """
    end = f"{year}-12-31"
    quotas = tuple(
        Quota(answer["country"], STAGE_OF[answer["measure"]], answer.number("tonnes"), answer.row())
        for answer in facts.ask("network-quotas", year=str(year))
        if answer["measure"] in STAGE_OF
    )
    lives = read_lives(facts.store)

    def ran(figure: Capacity) -> bool:
        stages = lives.on(figure.facility, end).stages
        return any((x.stage, x.state) == (figure.stage, OPERATING) for x in stages)

    plates = [x for x in read_capacities(facts) if x.kind == "nameplate" and x.latest <= end]
    return SpareRows(quotas, tuple(each for each in plates if each.stage != MINE and ran(each)))


def with_ceilings(
    chain: Chain,
    rows: SpareRows,
    elements: ChainElements,
    year: ReconciledYear,
) -> Chain:
    """Return the chain with what rows say that pools can make at the most."""
    chemistry = year.numbers.chemistry
    found = dict(_of_plates(chain, rows.plates, elements, chemistry))
    found |= dict(_of_quotas(chain, rows.quotas, year))
    return replace(chain, ceilings=dict(sorted(found.items()))) if found else chain


def _of_quotas(
    chain: Chain, quotas: Iterable[Quota], year: ReconciledYear
) -> Iterable[tuple[Key, Ceiling]]:
    for quota in quotas:
        sold = [x for (_, _, buyer), x in sorted(year.ore.items()) if buyer == quota.country]
        made = year.value("mined", quota.country) if quota.stage == MINE else fsum(sold)
        if made <= 0 or quota.tonnes < (1 - ROUNDING) * made:
            continue
        ceiling = Ceiling(max(1.0, quota.tonnes / made), QUOTA, (quota.row,))
        for name, element_chain in sorted(chain.element_chains.items()):
            if quota.stage == MINE:
                yield from (
                    ((MINE, quota.country, ore), ceiling)
                    for ore in element_chain.mined(quota.country)
                )
            elif element_chain.made.get((quota.stage, quota.country), 0.0) > 0:
                yield (quota.stage, quota.country, name), ceiling


def _of_plates(
    chain: Chain, plates: Iterable[Capacity], elements: ChainElements, chemistry: Chemistry
) -> Iterable[tuple[Key, Ceiling]]:
    """Nameplates of pools whose plants make up the pool."""
    newest: dict[tuple[str, Key], tuple[tuple[int, str, str], float]] = {}
    for figure in plates:
        breadth = _MANY if figure.basis == REO else len(frozenset().union(*figure.materials))
        rank = (-breadth, figure.latest, figure.row)
        for what, tonnes in _held(figure, elements, chemistry).items():
            of = chain.element_chains.get(what) or next(iter(chain.element_chains.values()))
            pool = of.pool(figure.stage, figure.country)
            plant = figure.facility, (figure.stage, pool, what)
            if pool != REST and (plant not in newest or rank > newest[plant][0]):
                newest[plant] = rank, tonnes
    sums: dict[Key, list[tuple[float, str]]] = defaultdict(list)
    for (_, key), ((_, _, row), tonnes) in sorted(newest.items()):
        sums[key].append((tonnes, row))
    for key, parts in sums.items():
        made, most = _base(chain, key), fsum(tonnes for tonnes, _ in parts)
        if 0 < made <= most:
            yield key, Ceiling(most / made, NAMEPLATE, tuple(row for _, row in parts))


def _held(figure: Capacity, elements: ChainElements, chemistry: Chemistry) -> dict[str, float]:
    """Tonnes of each element or product; nothing where the row does not tell."""
    try:
        return {what: x.value for what, x in held_in(figure, elements, chemistry).items()}
    except NotKnownError:
        return {}


def _base(chain: Chain, key: Key) -> float:
    stage, pool, what = key
    if what in chain.element_chains:
        return chain.element_chains[what].made.get((stage, pool), 0.0)
    return chain.made.get((what, pool), 0.0)
