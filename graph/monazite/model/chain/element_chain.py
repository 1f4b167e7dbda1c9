"""The chain of one element in a base year: what each pool makes, takes, sells and lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field
from functools import cached_property
from math import fsum

from monazite.core.results import Struct
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chemistry import summed
from monazite.model.linear_programme import Name
from monazite.model.network.shares import REST
from monazite.model.reconciliation.year import ReconciledYear

LEAST = 1e-6  # Tonnes below which there is nothing
ANY = "*"  # All that is made or sold; the ore of who mines one kind
_TAKEN = {MINE: ("feed",), SEPARATION: ("used", "into_metal"), METAL: ("into_magnets",)}
_MADE = {"oxide": SEPARATION, "scrap": SEPARATION, "metal": METAL, "in_blanks": "magnet"}


class ElementChain(Struct):
    """The reconciled quantities of one element, in tonnes of the element in the base year."""

    element: str  # symbol, or `NdPr` for the two together, which plants do not part
    made: Mapping[tuple[str, str], float]
    taken: Mapping[tuple[str, str], float]  # what the next stage and users take, by stage and pool
    flows: Mapping[tuple[str, str, str], float]  # by stage, seller and buyer; no flow inside a pool
    missing: Mapping[tuple[str, str], float]  # by stage and pool
    scrap: Mapping[str, float]
    home: Mapping[str, frozenset[str]]
    parts: Mapping[tuple[str, str], float]  # of single countries in their pool
    rows: Mapping[tuple[str, str], tuple[str, ...]] = field(compare=False)  # of output
    used: Mapping[str, float] = field(default_factory=dict)  # oxide, by pool
    areas: Mapping[str, str] = field(default_factory=dict)
    # by country, ore and who takes it
    ores: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    # separated, by country and ore
    deposits: Mapping[tuple[str, str], float] = field(default_factory=dict)
    # of scrap what is cut off blanks, by pool of separation and pool of magnets
    swarf: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def mined(self, country: str) -> dict[str, float]:
        """Return what a country mines, by ore."""
        found: dict[str, float] = defaultdict(float)
        for (of, ore, _), tonnes in sorted(self.ores.items()):
            if of == country:
                found[ore] += tonnes
        made = self.made.get((MINE, country), 0.0)
        return dict(found) or ({ANY: made} if made > 0 else {})

    @cached_property
    def ore_sold(self) -> dict[tuple[str, str, str], float]:
        """Tonnes of the element in ore that is sold, by seller, ore and buyer."""
        several = {country for country, _, _ in self.ores}
        found = {
            (seller, ANY, buyer): tonnes
            for (stage, seller, buyer), tonnes in self.flows.items()
            if stage == MINE and seller not in several
        }
        return found | {key: x for key, x in self.ores.items() if key[0] != key[2]}

    def pool(self, stage: str, country: str) -> str:
        """Return the pool of a country at a stage."""
        home = self.home.get(stage, frozenset())
        area = self.areas.get(country, country)
        return country if country in home else area if area in home else REST

    def pools(self, stage: str) -> list[str]:
        """Return the pools of a stage."""
        return sorted({pool for at, pool in self.made if at == stage})

    def gain(self, pool: str | None = None) -> float:
        """Return the yield of separation: oxide from ore over ore taken."""
        pools = self.pools(SEPARATION) if pool is None else [pool]
        made = fsum(self.made[SEPARATION, at] - self.scrap.get(at, 0.0) for at in pools)
        taken = fsum(
            amount
            for (stage, at), amount in self.taken.items()
            if stage == MINE and self.pool(SEPARATION, at) in pools
        )
        return max(0.0, made) / taken if taken > 0 else 0.0


Columns = Mapping[str, list[tuple[Name, float]]]  # of the members of a chain, by their first name
Ore = dict[tuple[str, str, str], float]  # by who mines it, the ore, and who separates it


def to_element_chain(element: str, members: Iterable[str], year: ReconciledYear) -> ElementChain:
    """Read the chain of an element off a reconciled year, summed by carried pools."""
    own, pool, columns = {*members}, year.pool, defaultdict[str, list[tuple[Name, float]]](list)
    for column, value in year.values.items():
        if column[-1] in own and value > 0:
            columns[column[0]].append((column, value))

    def at(stage: str, name: str) -> dict[str, float]:
        return summed((pool(stage, x[1]), value) for x, value in columns[name])

    separated, held = _ores(year, columns, separated=True), _ores(year, columns, separated=False)
    ore = (((MINE, country), value) for (country, *_), value in held.items())
    others = (
        ((stage, place), value)
        for stage, name in ((SEPARATION, "oxide"), (SEPARATION, "scrap"), (METAL, "metal"))
        for place, value in at(stage, name).items()
    )
    made = summed((*ore, *others), LEAST)  # of ore what is or could be separated
    takers = (
        ((stage, place), value)
        for stage, names in _TAKEN.items()
        for name in names
        for place, value in at(stage if stage != MINE else SEPARATION, name).items()
    )
    ends = {place for country, _, buyer in held for place in (country, buyer)}
    taken = {(MINE, place): 0.0 for place in ends} | summed(takers, LEAST)
    ore_sold = (
        ((MINE, country, pool(SEPARATION, buyer)), value)
        for (country, _, buyer), value in held.items()
    )
    goods = (
        ((stage, pool(stage, seller), pool(stage, buyer)), value)
        for (_, stage, seller, buyer, _), value in columns["sold"]
    )
    flows = summed((key, value) for key, value in (*ore_sold, *goods) if key[1] != key[2])
    # who only sells on takes nothing, and sells no more than it buys
    traders = {(stage, end) for stage, *both in flows if stage != MINE for end in both}
    missing = (  # what no row explains, less what is left over beside it in the same pool
        ((stage, pool(SEPARATION if stage == MINE else stage, place)), value)
        for (_, stage, place, _), value in columns["missing"]
    )
    kinds = Counter(country for country, _ in {x[1:3] for x in year.values if x[0] == "in_ore"})
    deposits = summed(
        ((key[:2], value) for key, value in separated.items() if kinds[key[0]] > 1), LEAST
    )
    return ElementChain(
        element=element,
        made=made,
        taken=dict(sorted({**dict.fromkeys(traders, 0.0), **taken}.items())),
        flows={key: amount for key, amount in flows.items() if amount > LEAST},
        missing=summed(missing, LEAST),
        scrap=at(SEPARATION, "scrap"),
        home={
            **year.carried,
            MINE: frozenset(x for stage, x in (*made, *taken) if stage == MINE and x != REST),
        },
        parts=_parts(year, own, separated),
        rows=_rows(year, own, deposits),
        used={place: x for place, x in at(SEPARATION, "used").items() if x > LEAST},
        areas=year.numbers.areas,
        ores=summed(
            ((country, kind, pool(SEPARATION, buyer)), value)
            for (country, kind, buyer), value in held.items()
            if kinds[country] > 1 and value > 0
        ),
        deposits=deposits,
        swarf=summed(
            (((pool(SEPARATION, place), pool(MAGNET, place)), value))
            for (_, place, _), value in columns["swarf"]
        ),
    )


def _ores(year: ReconciledYear, columns: Columns, *, separated: bool) -> Ore:
    """Ore that is separated; or with ore whose element nobody separates where it goes."""
    found: Ore = defaultdict(float)
    by_buyer: dict[tuple[str, str], dict[tuple[str, str], float]] = defaultdict(
        lambda: defaultdict(float)
    )
    for (_, country, ore, buyer, element), value in columns["in_ore"]:
        by_buyer[buyer, element][country, ore] += value
    for (buyer, element), parts in sorted(by_buyer.items()):
        whole = fsum(parts.values())
        passed = {
            to: value
            for (_, by, to, of), value in columns["passed_on"]
            if (by, of) == (buyer, element)
        }
        kept = max(0.0, 1 - year.value("surplus", MINE, buyer, element) / whole)
        if not year.value("oxide", buyer, element):
            kept = 0.0 if separated else 1.0
        for (country, ore), value in sorted(parts.items()):
            found[country, ore, buyer] += value * kept
            for to, amount in passed.items():
                found[country, ore, to] += value * amount / whole
    pairs = summed(((key[0], key[2]), value) for key, value in found.items())
    return {key: value for key, value in found.items() if pairs[key[0], key[2]] > LEAST}


def _parts(year: ReconciledYear, members: set[str], ore: Ore) -> dict[tuple[str, str], float]:
    """What single countries and areas make, carried or not; in magnets what is sold of them."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (country, *_), value in ore.items():
        found[MINE, country] += value
    for name, value in year.values.items():
        stage = _MADE.get(name[0])
        if stage and name[-1] in members and value > LEAST:
            if name[0] == "in_blanks":
                blanks = year.value("blanks", name[1])
                value *= year.value("finished", name[1]) / blanks if blanks else 0.0
            found[stage, name[1]] += value
    return dict(sorted(found.items()))


def _rows(
    year: ReconciledYear, members: set[str], deposits: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Rows that output rests on, by stage and pool; of deposits those of their parts too."""
    found, known = year.numbers.rows_of(members), year.numbers.chemistry
    for country, ore in deposits:
        shares = [
            x for each, x in known.ores.get(country) or known.ores.get(REST, ()) if each == ore
        ]
        assays = [x for each, x in known.assays.get(ore, {}).items() if each in members]
        rows = {row for x in (*shares, *assays) for row in (*x.rows, *x.assumptions)}
        found[MINE, f"{country}/{ore}"] = (*found.get((MINE, country), ()), *sorted(rows))
    return found
