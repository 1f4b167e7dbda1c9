"""Made-up networks, ontologies and chains of any size: for timing, and for nothing else."""

from __future__ import annotations

import csv
import random
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from monazite.findings.linear_programme import LinearProgramme
from monazite.network.graph import Network
from monazite.network.shares import REST
from monazite.shipped import ontology_folder
from tests.findings.chains import chain

NETWORK_STAGES = ("mine", "separation", "metal", "magnet")


def layered(countries: int, sellers: int, *, seed: int = 0) -> Network:
    """Build a network in which every country is at every stage, and so is the rest of the world.

    Args:
        countries: that are named.
        sellers: that a country buys from at each stage, besides itself.
        seed: of all that is drawn.
    """
    rng = random.Random(seed)
    names = [f"C{place}" for place in range(countries)]
    shares = {
        stage: {**dict.fromkeys(names, 0.9 / countries), REST: 0.1} for stage in NETWORK_STAGES
    }
    trade = {
        (f"{before}/{seller}", f"{after}/{buyer}"): 0.1 / countries
        for before, after in pairwise(NETWORK_STAGES)
        for buyer in names
        for seller in rng.sample(names, sellers)
        if seller != buyer
    }
    mix = dict.fromkeys(names[::3], 0.1 / countries)
    return chain(shares, trade, mix)


OF_THEM = ("facilities", "organisations")
"""Tables of what is copied."""
ABOUT_THEM = (
    *("operations", "capacity", "coordinates", "facility_events", "facility_materials"),
    *("organisation_capacity", "ownership", "supply_links"),
)
"""Tables of rows that are copied with it."""
NAMED_IN = ("facility", "organisation", "operator", "owner", "owned", "supplier", "customer")
"""Columns that name what is copied."""


def multiply(folder: Path, times: int) -> Path:
    """Write an ontology in which every facility and firm is there a number of times.

    Args:
        folder: that does not exist yet.
        times: 1 is the shipped ontology.

    Returns:
        The folder.
    """
    shutil.copytree(ontology_folder(), folder)
    tables = folder / "tables"
    copied = {row["id"] for table in OF_THEM for row in _read(tables / f"{table}.csv")}
    for table in (*OF_THEM, *ABOUT_THEM):
        rows = _read(tables / f"{table}.csv")
        whole = [_copy(row, number, copied) for number in range(1, times + 1) for row in rows]
        with (tables / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0]])
            writer.writeheader()
            writer.writerows(whole)
    return folder


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _copy(row: dict[str, str], number: int, copied: set[str]) -> dict[str, str]:
    """A row with the key and the names of its copy; the first copy is the row."""
    if number == 1:
        return row
    key = next(iter(row))
    others = {
        column: f"{name}-copy-{number}"
        for column, name in row.items()
        if column in NAMED_IN and name in copied
    }
    named = {"name": f"{row['name']} {number}", "names": ""} if "name" in row else {}
    return {**row, key: f"{row[key]}-copy-{number}", **others, **named}


STEPS = 200
HIGHEST_WEIGHT, LOWEST_WEIGHT = 1.3, 0.7
TRADE, THROUGHPUT, TAKEN = 1.25, 1.1, 1.05
RECIPES = {"light": {"NdPr": 0.3}, "heavy": {"NdPr": 0.29, "Dy": 0.02, "Tb": 0.005}}
ORE = {"NdPr": 0.2, "Dy": 0.004, "Tb": 0.001}


@dataclass(frozen=True)
class Change:
    """What a contingency changes, in the words of ``Session.solve``."""

    upper: Mapping[int, float] = field(default_factory=dict)
    row_upper: Mapping[int, float] = field(default_factory=dict)
    cost: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Taker:
    """A column that takes from a pool: tonnes for each of its own, and its own in the base year."""

    column: int
    factor: float
    base: float


Takers = dict[int, list[Taker]]


class Synthetic:
    """The programme of a made-up chain, and contingencies of it.

    Args:
        countries: with pools and sites at every stage where somebody buys of them.
        users: that magnets are sold to.
        sites: of a stage in a country.
        sellers: that a pool buys from.
        steps: that the demand of a user for a product is cut into.
        seed: of all that is drawn.
    """

    def __init__(
        self,
        *,
        countries: int,
        users: int,
        sites: int,
        sellers: int,
        steps: int = STEPS,
        seed: int = 0,
    ) -> None:
        self.programme = LinearProgramme()
        self.arcs = 0
        self._rng = random.Random(seed)
        self._weights = [self._rng.paretovariate(1.1) for _ in range(countries)]
        self._sites, self._sellers = sites, sellers
        self._plants: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._exports: dict[int, list[int]] = defaultdict(list)
        self._demand: dict[int, list[int]] = defaultdict(list)
        metal: dict[str, Takers] = {element: defaultdict(list) for element in ORE}
        for product, recipe in RECIPES.items():
            magnets = self._trade(self._users(users, steps))
            for element, takers in self._make(f"magnet {product}", magnets, recipe).items():
                for country, found in takers.items():
                    metal[element][country] += found
        oxide = {}
        for element, takers in metal.items():
            made = self._make(f"metal {element}", self._trade(takers), {element: TAKEN})
            sold = self._trade(made[element])
            oxide[element] = self._make(f"separation {element}", sold, {element: TAKEN})[element]
        self._mine(oxide)

    def _column(self, base: float, factor: float) -> int:
        return self.programme.column(upper=base * factor)

    def _users(self, users: int, steps: int) -> Takers:
        """The demand of each user, in steps."""
        takers: Takers = {}
        fall = (HIGHEST_WEIGHT - LOWEST_WEIGHT) / max(1, steps - 1)
        for user in range(users):
            part = 100 * self._rng.paretovariate(1.2) / steps
            columns = [
                self.programme.column(upper=part, cost=HIGHEST_WEIGHT - fall * step)
                for step in range(steps)
            ]
            self._demand[user] += columns
            takers[user] = [Taker(column, 1.0, part) for column in columns]
        return takers

    def _arcs(self, pool: int, need: float) -> list[tuple[int, Taker]]:
        """Arcs that bring a need to a pool, each with its seller."""
        others = [country for country in range(len(self._weights)) if country != pool]
        others.sort(key=lambda country: self._rng.random() ** (1 / self._weights[country]))
        home = [pool] if pool < len(self._weights) else []
        chosen = sorted([*home, *reversed(others)][: self._sellers])  # the great ones more often
        parts = {seller: self._weights[seller] * self._rng.random() for seller in chosen}
        whole = sum(parts.values())
        arcs = []
        for seller, part in parts.items():
            base = need * part / whole
            column = self._column(base, THROUGHPUT if seller == pool else TRADE)
            if seller != pool:
                self._exports[seller].append(column)
            arcs.append((seller, Taker(column, 1.0, base)))
        self.arcs += len(arcs)
        return arcs

    def _trade(self, needs: Takers) -> Takers:
        """Let each pool buy what is taken from it; return what is taken from the sellers."""
        sold: Takers = defaultdict(list)
        for pool, takers in needs.items():
            arcs = self._arcs(pool, sum(each.factor * each.base for each in takers))
            terms = {each.column: each.factor for each in takers}
            terms |= {arc.column: -1.0 for _, arc in arcs}
            self.programme.row(terms, upper=0.0)
            for seller, arc in arcs:
                sold[seller].append(arc)
        return sold

    def _make(self, stage: str, sold: Takers, recipe: Mapping[str, float]) -> dict[str, Takers]:
        """Let the sites of a country make what it sells; return what they take of each input."""
        inputs: dict[str, Takers] = {name: {} for name in recipe}
        for country, takers in sold.items():
            need = sum(each.factor * each.base for each in takers) / self._sites
            made = [self._column(need, THROUGHPUT) for _ in range(self._sites)]
            self.arcs += len(made)
            self._plants[stage, country] += made
            terms = {each.column: each.factor for each in takers} | dict.fromkeys(made, -1.0)
            self.programme.row(terms, upper=0.0)
            for name, factor in recipe.items():
                inputs[name][country] = [Taker(column, factor, need) for column in made]
        return inputs

    def _mine(self, oxide: Mapping[str, Takers]) -> None:
        """Ore that holds all elements in the shares of its mine, sold to who separates it."""
        sold: Takers = defaultdict(list)
        for country in sorted({country for takers in oxide.values() for country in takers}):
            needs = {
                element: sum(each.factor * each.base for each in takers.get(country, ()))
                for element, takers in oxide.items()
            }
            arcs = self._arcs(country, max(need / ORE[name] for name, need in needs.items()))
            for element, takers in oxide.items():
                terms = {each.column: each.factor for each in takers.get(country, ())}
                terms |= {
                    arc.column: -ORE[element] * (1 + 0.1 * (seller % 3)) for seller, arc in arcs
                }
                self.programme.row(terms, upper=0.0)
            for seller, arc in arcs:
                sold[seller].append(arc)
        self._make("mine", sold, {})

    def outages(self, count: int) -> list[Change]:
        """The sites of a stage in a country fail, or one of them."""
        self._rng = random.Random(count)
        return [(self._site, self._stage)[place % 2]() for place in range(count)]

    def contingencies(self, count: int) -> list[Change]:
        """Outages, embargoes, licences, and embargoes with a user who is served first or last."""
        self._rng = random.Random(count)
        kinds = (self._site, self._stage, self._embargo, self._licence, self._queue)
        return [kinds[place % len(kinds)]() for place in range(count)]

    def _off(self, columns: Iterable[int], left: float = 0.0) -> dict[int, float]:
        return {column: left * self.programme.upper[column] for column in columns}

    def _site(self) -> Change:
        plants = self._rng.choice(list(self._plants.values()))
        return Change(upper=self._off([self._rng.choice(plants)]))

    def _stage(self) -> Change:
        return Change(upper=self._off(self._rng.choice(list(self._plants.values()))))

    def _seller(self) -> list[int]:
        return self._rng.choice(list(self._exports.values()))

    def _embargo(self) -> Change:
        return Change(upper=self._off(self._seller()))

    def _licence(self) -> Change:
        return Change(upper=self._off(self._seller(), 0.5))

    def _queue(self) -> Change:
        weight = self._rng.choice((0.1, 10.0))
        columns = self._demand[self._rng.choice(list(self._demand))]
        cost = {column: weight * self.programme.cost[column] for column in columns}
        return Change(upper=self._off(self._seller()), cost=cost)
