"""What may fail (countries at a stage, deposits, sites, firms), events, and horizons.

An event says what is left of trade and output; a horizon how far they can stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from itertools import product
from math import fsum
from operator import add, attrgetter
from typing import TypeVar

from monazite.core.formats import exact_percent
from monazite.core.results import Frozen, Percentiles, Struct, Value
from monazite.data.parameters import MINE
from monazite.model.chain.chain import QUOTA, Ceiling, Chain
from monazite.model.chain.element_chain import ANY, ElementChain
from monazite.model.chemistry import Amount, read_chemistry, summed
from monazite.model.facilities.status import OPERATING, read_lives
from monazite.model.network.attributes import Network, node_of
from monazite.model.network.facts import Facts, table_of
from monazite.model.network.shares import REST
from monazite.model.ownership import Owners
from monazite.model.reconciliation.ledger import CHINA
from monazite.model.wording import RECONCILED, maker_of, place_at
from monazite.store.cards import is_measured
from monazite.store.names import named

Key = TypeVar("Key")


class Horizon(Struct):
    """How far trade and output can exceed those of the base year."""

    name: str
    trade: float
    throughput: float  # times the base year's output of what a country has at a stage
    new_pairs: float = 0.0  # as a part of the buyer's intake
    # what magnets can do without, by element
    thrift: Mapping[str, float] = field(default_factory=dict)
    # by stage, pool and what is made
    added: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    before: Horizon | None = None  # nobody is served less here than there
    bids: bool = True  # whether anything is bid for; without, the contracts are all that is served
    ceilings: frozenset[str] = frozenset()  # in place of `throughput`

    def times(self, ceiling: Ceiling | None) -> float:
        """Return how many times its output of the base year a pool can make."""
        if ceiling is None or ceiling.by not in self.ceilings:
            return self.throughput
        return min(ceiling.times, self.throughput) if ceiling.by == QUOTA else ceiling.times


BASE_YEAR = Horizon("base year", 1.0, 1.0)


class Event(Struct):
    """The parts of output and sales of the base year that an event leaves, 0 to 1."""

    # by stage, pool and perhaps what is made
    output: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    # by stage, seller, buyer, goods; `*` is any
    sales: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)
    added: Mapping[tuple[str, str, str], float] = field(default_factory=dict)  # tonnes
    # how much what is left moves: by stage, pool, buyer (empty for what is made) and goods
    moved: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)

    def left_of(self, stage: str, pool: str, what: str = "") -> float:
        """Return the part of a pool's output that is left."""
        whole = self.output.get((stage, pool), 1.0)
        part = self.output.get((stage, pool, what), 1.0)
        return whole if part == 1 else max(0.0, whole + part - 1)

    def left_of_sale(self, stage: str, seller: str, buyer: str, what: str = ANY) -> float:
        """Return the part of a flow that is left: the least of all restrictions that bind it."""
        if not self.sales:
            return 1.0
        keys = product((stage, ANY), (seller, ANY), (buyer, ANY), (what, ANY))
        return min((self.sales[key] for key in keys if key in self.sales), default=1.0)

    def more_of(self, stage: str, pool: str, what: str) -> float:
        """Return how much more of something a pool can make."""
        return more_of(self.added, stage, pool, what)

    def together_with(self, other: Event) -> Event:
        """Return both events: losses of one pool add up, the tighter restriction counts."""
        return Event(
            output=_merged(self.output, other.output, 1.0, lambda a, b: max(0.0, a + b - 1)),
            sales=_merged(self.sales, other.sales, 1.0, min),
            added=_merged(self.added, other.added, 0.0, add),
            moved=_merged(self.moved, other.moved, 0.0, add),
        )


def more_of(added: Mapping[tuple[str, str, str], float], stage: str, pool: str, what: str) -> float:
    """Return what is added to something that a pool makes, by itself and with all that it makes."""
    return sum(added.get((stage, pool, each), 0.0) for each in {what, ANY})


def _merged(
    one: Mapping[Key, float],
    other: Mapping[Key, float],
    none: float,
    join: Callable[[float, float], float],
) -> dict[Key, float]:
    """Join the numbers of two events; what one does not speak of is `none` there."""
    return {
        key: join(one.get(key, none), other.get(key, none)) for key in dict.fromkeys((*one, *other))
    }


NO_EVENT = Event()


WHOLE_COUNTRY_PART = 0.95  # a site with this part of its country is the country


class Ore(Struct):
    """A deposit that stands for a part of what a country mines."""

    country: str
    id: str
    label: str
    facility: str  # id of the mine that works it; empty for none
    part: float  # of what the country mines, 0 to 1, as it is assumed
    low: float
    high: float
    note: str
    row: str

    @property
    def name(self) -> str:
        """Its name without what is said of it in brackets."""
        return self.label.partition(" (")[0]

    def says(self, country: str) -> str:
        """Say which part of a country's ore it stands for, and for what."""
        part, low, high = map(exact_percent, (self.part, self.low, self.high))
        ends = f"{low} to {high}"
        said = f"We assume that {part} ({ends}) of what {named(country)} mines is this ore."
        return " ".join(filter(None, (said, self.note)))


def read_ores(facts: Facts) -> Mapping[tuple[str, str], Ore]:
    """Read the deposits that stand for the ore of countries."""
    found = {}
    for answer in facts.ask("network-ores"):
        value = answer.number("percent")
        low, high = (answer.number(end) if answer[end] else value for end in ("low", "high"))
        names = (answer["country"], answer["ore"], answer["label"], answer["facility"])
        parts = (value / 100, low / 100, high / 100)
        ore = Ore(*names, *parts, answer["note"], answer.row())
        found[ore.country, ore.id] = ore
    return found


def sole_mines(ores: Iterable[Ore], facts: Facts, year: int) -> dict[str, Ore]:
    """Return the mines that give nearly all of the ore of their country."""
    lives, end = read_lives(facts.store), f"{year}-12-31"
    running: dict[str, set[str]] = {}
    for site in facts.sites:
        states = {x.state for x in lives.on(site.facility, end).stages if x.stage == MINE}
        if site.stage == MINE and OPERATING in states:
            running.setdefault(site.country, set()).add(site.facility)
    return {
        f"{MINE}/{ore.facility}": ore
        for ore in ores
        if ore.low >= WHOLE_COUNTRY_PART and running.get(ore.country) == {ore.facility}
    }


DERIVED = "derived"  # The share of an ore rests on an assumed part of what its country mines
LEAST_PART = 0.0005  # Who makes a smaller part of a stage is no line
RANKED_COVERAGE = 0.5  # of a country's tonnage, by known sites, to rank its sites
KINDS = {"country": 0, "deposit": 1, "site": 2, "firm": 3, "policy": 4}  # in order on a line
_OUTPUT = {"production": 0, "capacity": 1}  # these rows print output itself


class Candidate(Value, kw_only=True):
    """Something that may fail: the pools it hits and how much of each it is."""

    #: ``separation/CHN``, ``country/CHN``, ``mine/CHN/bayan-obo``, a site, ``firm/...`` or
    #: ``policy/...``
    id: str
    thing: str = ""  #: what it is: a pool, a site or a firm; names of one thing stand on one line
    label: str  #: its names, joined by `` = `` where several are one thing
    kind: str  #: country, deposit, site, firm or policy
    stage: str  #: of the chain; empty for a whole country and for a policy
    country: str
    #: the part of each pool that fails, 0 to 1
    hits: Mapping[str, float] = field(default_factory=Frozen)
    share: float = 0.0  #: its part of the stage, 0 to 1
    #: the part of its country's output that known sites explain; None for countries
    coverage: float | None = None
    basis: str = ""  #: in what the share is counted
    year: int | None = None  #: of the share
    rows: tuple[str, ...] = ()  #: keys of the rows of its share
    note: str = ""  #: what could not be read of a policy, or what a deposit stands for
    #: what the number of the share is where it is not measured of the element alone: ``proxy of
    #: rare earths``
    figure: str = ""
    remark: str = ""  #: what is to be said beside its loss, whatever that is
    #: the stage of its share, where that is not its own: that where a whole country, or a firm at
    #: several stages, has most; a measured share before others
    share_at: str = ""

    @property
    def places(self) -> tuple[tuple[str, str, str, float], ...]:
        """Stage, country, ore (empty for all that the country makes) and part of what it hits."""
        found = []
        for place, part in self.hits.items():
            stage, country, ore = (*place.split("/", 2), "")[:3]
            found.append((stage, country, ore, part))
        return tuple(found)

    def within(self, whole: Candidate, least: float = 0.0) -> bool:
        """Return whether all that it hits is hit by another candidate too."""
        return all(
            max(whole.hits.get(f"{stage}/{country}", 0.0), whole.hits.get(place, 0.0))
            >= max(least, 1e-9)
            for place, (stage, country, _, _) in zip(self.hits, self.places, strict=True)
        )


class ModelYear(Struct):
    """What the flow model says of who makes what: shares, rows and losses are then its own."""

    chain: Chain
    names: tuple[str, ...]
    labels: Mapping[str, str]
    marks: Mapping[str, str]  # what the numbers of rows are that are not measured, by row
    ores: Mapping[tuple[str, str], Ore] = field(default_factory=dict)  # by country and deposit
    mines: Mapping[str, Ore] = field(default_factory=dict)  # nearly all of a country's ore, by node
    # China's part of the world's magnets, where that is assumed of the element alone
    assumed: Amount | None = None
    drawn: Mapping[str, Percentiles] = field(default_factory=dict)  # of shares and indices

    @property
    def element_chains(self) -> list[ElementChain]:
        """The chains of the elements that are asked about."""
        return [self.chain.element_chains[name] for name in self.names]

    def made(self, stage: str) -> float:
        """Return what the world makes of the elements at a stage, in tonnes."""
        return fsum(
            tonnes
            for element_chain in self.element_chains
            for (at, _), tonnes in sorted(element_chain.parts.items())
            if at == stage
        )

    @property
    def shares(self) -> dict[str, float]:
        """The parts of pools in what is made at a stage, the largest first, by ``mine/CHN``."""
        return {
            f"{stage}/{place}": tonnes / self.made(stage)
            for (stage, place), tonnes in _made(self).items()
        }

    @property
    def named_shares(self) -> dict[str, float]:
        """The shares of the countries that have a line."""
        places = {name: (*name.split("/"),) for name, x in self.shares.items() if x > LEAST_PART}
        return {
            name: self.shares[name]
            for name, (stage, place) in places.items()
            if place != REST and not self.resells(stage, place)
        }

    def part(self, stage: str, place: str, tonnes: float) -> float:
        """Return what a place makes as a part of its stage.

        Draws of its share scale it; who has none of its own, as the rest of the world, shares what
        the others then leave.
        """
        part, node = tonnes / self.made(stage), f"{stage}/{place}"
        shares = {name: x for name, x in self.shares.items() if name.startswith(f"{stage}/")}
        drawn = {name: self.drawn[name].median for name in shares if name in self.drawn}
        if node in drawn:
            return part * drawn[node] / shares[node]
        before, left = (1 - fsum(x[name] for name in drawn) for x in (shares, drawn))
        return part * left / before if drawn and before > 0 and left > 0 else part

    def rows(self, stage: str, place: str) -> tuple[str, ...]:
        """Return the rows that output of a place rests on; those that print output come first."""
        found = {row for each in self.element_chains for row in each.rows.get((stage, place), ())}
        return tuple(sorted(found, key=lambda row: (_OUTPUT.get(table_of(row), 2), row)))

    def resells(self, stage: str, place: str) -> bool:
        """Return whether a country sells ore of which no row says that it mines any."""
        rows = self.rows(stage, place) if stage == MINE and place != REST else ()
        return bool(rows) and all(table_of(row) != "production" for row in rows)

    def named(self, place: str) -> str:
        """Return the name of a country or area."""
        return self.labels.get(place, place) if place != REST else "Rest of the world"


def model_year(chain: Chain, names: tuple[str, ...], facts: Facts) -> ModelYear:
    """Return what the flow model of a year says of who makes what."""
    ores = read_ores(facts)
    mines = sole_mines(ores.values(), facts, chain.year)
    assumed = read_chemistry(facts).of("magnet-share", CHINA, names[0])
    found = ModelYear(chain, names, facts.country_labels, facts.marks, ores, mines, assumed)
    if facts.drawn is None:
        return found
    return replace(found, drawn=facts.drawn(names, chain.year, found.named_shares))


def find_candidates(
    network: Network, owners: Owners | None = None, model: ModelYear | None = None
) -> list[Candidate]:
    """Return everything whose outage is worth working out."""
    countries = _countries(network) if model is None else _makers(network, model)
    pools = {each.id: each for each in countries}
    sites = list(_sites(network, pools, {} if model is None else model.mines))
    deposits = () if model is None else _deposits(model)
    return [*pools.values(), *deposits, *sites, *_firms(network, sites, owners or {})]


def _makers(network: Network, model: ModelYear) -> Iterable[Candidate]:
    """Countries, areas and the rest of the world at each stage at which they make something."""
    for (stage, place), tonnes in sorted(_made(model).items()):
        if tonnes <= LEAST_PART * model.made(stage):
            continue
        node = f"{stage}/{place}"
        known = node_of(network, node) if node in network else None
        rows = model.rows(stage, place)
        yield Candidate(
            id=node,
            thing=node,
            label=place_at(model.named(place), stage),
            kind="country",
            stage=stage,
            country=place,
            hits={node: 1.0},
            share=model.part(stage, place, tonnes),
            coverage=known.coverage if known is not None else None,
            basis=RECONCILED,
            year=model.chain.year,
            rows=rows,
            figure=" and ".join(sorted({model.marks[row] for row in rows if row in model.marks})),
        )


def _made(model: ModelYear) -> dict[tuple[str, str], float]:
    """What each pool makes, the largest first; who is not carried is the rest of the world."""
    made = summed(
        ((stage, element_chain.pool(stage, place)), tonnes)
        for element_chain in model.element_chains
        for (stage, place), tonnes in sorted(element_chain.parts.items())
    )
    return dict(sorted(made.items(), key=lambda each: -each[1]))


def too_small(model: ModelYear, stages: Iterable[str]) -> dict[str, list[str]]:
    """Return who makes too small a part of a stage to be a line."""
    found: dict[str, list[str]] = {stage: [] for stage in stages}
    for (stage, place), tonnes in _made(model).items():
        small = tonnes <= LEAST_PART * model.made(stage)
        if stage in found and small and not model.resells(stage, place):
            found[stage].append(model.named(place))
    return {stage: names for stage, names in found.items() if names}


def resellers(model: ModelYear) -> list[str]:
    """Return who sells ore of which no row says that it mines any: it is no line."""
    return [model.named(place) for stage, place in _made(model) if model.resells(stage, place)]


def _deposits(model: ModelYear) -> Iterable[Candidate]:
    """Ores of countries that mine several, as far as they are separated."""
    made = summed(each for chain in model.element_chains for each in chain.deposits.items())
    whole = model.made(MINE)
    for (country, ore), tonnes in made.items():
        if tonnes <= LEAST_PART * whole or (country, ore) not in model.ores:
            continue
        known, place = model.ores[country, ore], f"{country}/{ore}"
        yield Candidate(
            id=f"{MINE}/{place}",
            thing=f"{MINE}/{place}",
            label=f"{known.name} ({model.named(country)})",
            kind="deposit",
            stage=MINE,
            country=country,
            hits={f"{MINE}/{place}": 1.0},
            share=model.part(MINE, country, tonnes),
            basis=RECONCILED,
            year=model.chain.year,
            rows=model.rows(MINE, place),
            note=known.says(model.named(country)),
            figure=DERIVED,
        )


def _countries(network: Network) -> Iterable[Candidate]:
    for node in sorted(network):
        found = node_of(network, node)
        if found.kind == "country" and found.country != REST:
            yield Candidate(
                id=node,
                thing=node,
                label=place_at(found.label, found.stage),
                kind="country",
                stage=found.stage,
                country=found.country or "",
                hits={node: 1.0},
                share=found.pool_share,
                coverage=found.coverage,
                basis=found.basis,
                year=found.of_year,
                rows=found.rows + found.other_rows,
                figure=found.kind_of_figure,
            )


def _sites(
    network: Network, pools: Mapping[str, Candidate], mines: Mapping[str, Ore]
) -> Iterable[Candidate]:
    for node in sorted(network):
        found = node_of(network, node)
        pool = f"{found.stage}/{found.country}"
        if found.kind != "site" or pool not in pools:
            continue
        whole, sole = pools[pool], mines.get(node)
        coverage, part, own = whole.coverage or 0.0, found.of_country, found.country_rows
        if sole is not None and not part:
            coverage, part, own = sole.low, sole.part, (sole.row,)
        if part and coverage >= RANKED_COVERAGE:
            yield replace(
                whole,
                id=node,
                thing=pool if part >= WHOLE_COUNTRY_PART else node,
                label=found.label,
                kind="site",
                hits={pool: part},
                share=part * whole.share,
                coverage=coverage,
                rows=tuple(dict.fromkeys((*found.rows, *own, *whole.rows))),
            )


def _firms(
    network: Network, sites_ranked: Iterable[Candidate], owners: Owners
) -> Iterable[Candidate]:
    """A firm fails with every ranked site that it runs or owns."""
    by_firm: dict[tuple[str, str], list[Candidate]] = {}
    for site in sites_ranked:
        operators = node_of(network, site.id).operators
        firms = {operators[0]: site} if len(operators) == 1 else {}
        if (owner := owners.get(site.id)) is not None:
            firms[owner.id, owner.label] = replace(site, rows=(*site.rows, *owner.rows))
        for firm_key, its in firms.items():
            by_firm.setdefault(firm_key, []).append(its)
    for (firm, label), sites in sorted(by_firm.items()):
        hits: dict[str, float] = {}
        for site in sites:
            for pool, part in site.hits.items():
                hits[pool] = min(1.0, hits.get(pool, 0.0) + part)
        largest = max(sites, key=_speaks_best)
        yield replace(
            largest,
            id=f"firm/{firm}",
            thing=largest.thing if len(sites) == 1 else f"firm/{firm}",
            label=label,
            kind="firm",
            stage=" + ".join(dict.fromkeys(site.stage for site in sites)),
            share_at=largest.stage if len({site.stage for site in sites}) > 1 else "",
            hits=hits,
            rows=_rows_of(largest, sites),
        )


Point = TypeVar("Point", bound=Candidate)


def named_together(
    found: Iterable[Point], key: Callable[[Point], object] = attrgetter("thing")
) -> list[Point]:
    """Return what may fail with names of one thing on one line: country, site, firm."""
    lines: dict[object, Point] = {}
    for each in sorted(found, key=lambda x: (KINDS[x.kind], x.id)):
        thing = key(each)
        if (first := lines.get(thing)) is not None:
            rows = tuple(dict.fromkeys((*first.rows, *each.rows)))
            each = replace(first, label=f"{first.label} = {each.label}", rows=rows)
        lines[thing] = each
    return list(lines.values())


def find_things(network: Network, model: ModelYear | None = None) -> list[Candidate]:
    """Return the countries at a stage and the ranked sites, each thing once, in order of id."""
    found = find_candidates(network, None, model)
    things = (x for x in found if x.kind in ("country", "site") and x.country != REST)
    return sorted(named_together(things), key=lambda thing: thing.id)


def candidates_of(
    network: Network, event: str, owners: Owners | None = None, model: ModelYear | None = None
) -> list[Candidate]:
    """Return the candidates of an event: countries, sites and firms, or countries at borders."""
    found = find_candidates(network, owners, model)
    stages = [each for each in found if each.kind == "country"]
    whole = _whole_countries(stages)
    if model is not None:
        found = [x for x in found if x.kind != "country" or not model.resells(x.stage, x.country)]
    return [*found, *(each for each in whole if len(each.hits) > 1)] if event == "outage" else whole


def _whole_countries(stages: list[Candidate]) -> list[Candidate]:
    by_country: dict[str, list[Candidate]] = {}
    for each in stages:
        by_country.setdefault(each.country, []).append(each)
    found = []
    for country, parts in sorted(by_country.items()):
        largest, first, id_ = max(parts, key=_speaks_best), parts[0], f"country/{country}"
        whole = replace(largest, id=id_, thing=id_ if len(parts) > 1 else first.thing, stage="")
        label, hits = maker_of(first.label, first.stage), [x for part in parts for x in part.hits]
        rows, share_at = _rows_of(largest, parts), largest.stage
        found.append(
            replace(whole, label=label, hits=dict.fromkeys(hits, 1.0), rows=rows, share_at=share_at)
        )
    return found


def _speaks_best(part: Candidate) -> tuple[bool, float, str]:
    """The largest share speaks for all, a measured one before a proxy or a bound."""
    return is_measured(part.figure), part.share, part.id


def _rows_of(largest: Candidate, parts: list[Candidate]) -> tuple[str, ...]:
    """The rows of the parts of a candidate; first those of the share that stands for all."""
    return tuple(dict.fromkeys(row for part in (largest, *parts) for row in part.rows))
