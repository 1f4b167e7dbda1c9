"""Chains to try the flow model on: small ones made by hand, and drawn ones of any shape."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chain.chain import HEAVY_MAGNETS, LIGHT_MAGNETS, Chain, Product, with_other_uses
from monazite.model.chain.element_chain import ElementChain
from monazite.model.contingencies.failure_points import Event, Horizon
from monazite.model.network.shares import REST
from monazite.model.reconciliation.ledger import STAGES

NDPR = "NdPr"
SHORT = Horizon("short-run", 1.25, 1.1)
MEDIUM = Horizon("medium-run", 2.0, 1.3, 0.15, {"Dy": 0.2})
RECIPES = {
    (HEAVY_MAGNETS, NDPR): 0.3,
    (LIGHT_MAGNETS, NDPR): 0.3,
    (HEAVY_MAGNETS, "Dy"): 0.02,
    (HEAVY_MAGNETS, "Tb"): 0.005,
}
BOTH = {name: Product(name) for name in (HEAVY_MAGNETS, LIGHT_MAGNETS)}


def element_chain_of(
    element: str,
    made: Mapping[tuple[str, str], float],
    taken: Mapping[tuple[str, str], float],
    flows: Mapping[tuple[str, str, str], float] | None = None,
    **more: Any,
) -> ElementChain:
    """An element chain whose pools are countries of their own, but for the rest of the world."""
    places = frozenset(pool for keys in (made, taken) for _, pool in keys) - {REST}
    found = ElementChain(
        element=element,
        made=made,
        taken=taken,
        flows=flows or {},
        missing={},
        scrap={},
        home=dict.fromkeys(STAGES, places),
        parts=made,
        rows={},
    )
    return replace(found, **more)


def two_countries(**given: Any) -> Chain:
    """A mines all of the ore, B makes 60 of the 100 t of magnets: half of them with Dy."""
    magnets = {
        (product, pool): tonnes / 2
        for product in (HEAVY_MAGNETS, LIGHT_MAGNETS)
        for pool, tonnes in (("A", 40.0), ("B", 60.0))
    }
    element_chains = {}
    for element, whole in ((NDPR, 30.0), ("Dy", 1.0)):
        part = {"A": 0.4 * whole, "B": 0.6 * whole}
        made = {(MINE, "A"): whole, (SEPARATION, "A"): whole}
        made |= {(METAL, pool): amount for pool, amount in part.items()}
        taken = {(stage, pool): part[pool] for stage in (SEPARATION, METAL) for pool in part}
        taken[MINE, "A"] = whole
        element_chains[element] = element_chain_of(
            element, made, taken, {(SEPARATION, "A", "B"): part["B"]}
        )
    chain = Chain(
        year=2024,
        element_chains=element_chains,
        products=BOTH,
        made=magnets,
        recipe={key: part for key, part in RECIPES.items() if key[1] != "Tb"},
        sold={(product, pool, pool): tonnes for (product, pool), tonnes in magnets.items()},
    )
    return replace(chain, **given)


def five_nodes() -> Chain:
    """M mines, S separates, T makes metal, G makes magnets, U uses them: 200 t, half with Dy."""
    element_chains = {}
    for element, held in ((NDPR, 60.0), ("Dy", 2.0)):
        metal = held / 0.9
        oxide = metal / 0.95
        ore = oxide / 0.8
        element_chains[element] = element_chain_of(
            element,
            {(MINE, "M"): ore, (SEPARATION, "S"): oxide, (METAL, "T"): metal},
            {(MINE, "S"): ore, (SEPARATION, "T"): oxide, (METAL, "G"): metal},
            {(MINE, "M", "S"): ore, (SEPARATION, "S", "T"): oxide, (METAL, "T", "G"): metal},
        )
    return Chain(
        year=2024,
        element_chains=element_chains,
        products=BOTH,
        made={(name, "G"): 100.0 for name in BOTH},
        recipe={key: part for key, part in RECIPES.items() if key[1] != "Tb"},
        sold={(name, "G", "U"): 100.0 for name in BOTH},
    )


def lone_mine(**given: Any) -> Chain:
    """Oxide of one element, used as it is: A separates 40 t, uses 10 t and sells 30 t to B."""
    element_chain = element_chain_of(
        "Y",
        {(MINE, "A"): 50.0, (SEPARATION, "A"): 40.0},
        {(MINE, "A"): 50.0, (SEPARATION, "A"): 10.0, (SEPARATION, "B"): 30.0},
        {(SEPARATION, "A", "B"): 30.0},
        used={"A": 10.0, "B": 30.0},
    )
    name = "Y in oxide"
    used = {(name, "A"): 10.0, (name, "B"): 30.0}
    chain = Chain(
        year=2024,
        element_chains={"Y": element_chain},
        products={name: Product(name, "use", SEPARATION)},
        made=used,
        recipe={(name, "Y"): 1.0},
        sold={(name, pool, pool): tonnes for (_, pool), tonnes in used.items()},
    )
    return replace(chain, **given)


@dataclass
class Draw:
    """A chain of three to five pools whose base year closes, drawn from the users backwards."""

    seed: int
    elements: tuple[str, ...] = (NDPR, "Dy", "Tb")
    even: bool = False

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        count = self.rng.randint(3, 5)
        self.pools = [*"ABCDE"[: count - 1], REST]

    def chain(self) -> Chain:
        """Draw it."""
        rng = self.rng
        products = {
            name: each
            for name, each in BOTH.items()
            if any((name, element) in RECIPES for element in self.elements)
        }
        makers = sorted(rng.sample(self.pools, rng.randint(2, len(self.pools))))
        made = {(name, pool): rng.uniform(10, 100) for name in products for pool in makers}
        sold: dict[tuple[str, str, str], float] = {}
        for (name, pool), tonnes in made.items():
            for user, part in self._parts([pool, *self._some(set(self.pools) - {pool})]):
                sold[name, pool, user] = tonnes * part
        recipe = {key: part for key, part in RECIPES.items() if key[1] in self.elements}
        element_chains = self._with_ores(
            {each: self._element_chain(each, made, recipe) for each in self.elements}
        )
        chain = Chain(2024, element_chains, products, made, recipe, sold)
        return reduce(with_other_uses, element_chains.values(), chain)

    def _with_ores(self, element_chains: Mapping[str, ElementChain]) -> dict[str, ElementChain]:
        """Some pools mine two ores, that hold each element in parts of their own."""
        rng = random.Random(f"ores of {self.seed}")
        several = {pool for pool in self.pools if rng.random() < 0.5}
        found = {}
        for element, each in element_chains.items():
            ores: dict[tuple[str, str, str], float] = {}
            for pool in sorted(several):
                sold = {to: x for (at, by, to), x in each.flows.items() if (at, by) == (MINE, pool)}
                own = each.made.get((MINE, pool), 0.0) - sum(sold.values())
                for taker, tonnes in sorted({pool: own, **sold}.items()):
                    part = rng.uniform(0.1, 0.9)
                    if tonnes > 1e-9:
                        ores[pool, "lode", taker] = part * tonnes
                        ores[pool, "clay", taker] = (1 - part) * tonnes
            found[element] = replace(each, ores=ores)
        return found

    def _some(self, pools: Iterable[str]) -> list[str]:
        found = sorted(pools)
        return self.rng.sample(found, self.rng.randint(0, min(2, len(found))))

    def _parts(self, names: list[str]) -> list[tuple[str, float]]:
        weights = [self.rng.uniform(0.2, 1) for _ in names]
        whole = sum(weights)
        return [(name, weight / whole) for name, weight in zip(names, weights, strict=True)]

    def _yield(self) -> float:
        return 1.0 if self.even else self.rng.uniform(0.7, 1)

    def _element_chain(
        self,
        element: str,
        magnets: Mapping[tuple[str, str], float],
        recipe: Mapping[tuple[str, str], float],
    ) -> ElementChain:
        rng = self.rng
        need: dict[str, float] = defaultdict(float)
        for (name, pool), tonnes in magnets.items():
            need[pool] += tonnes * recipe.get((name, element), 0.0)
        made: dict[tuple[str, str], float] = {}
        taken: dict[tuple[str, str], float] = {}
        flows: dict[tuple[str, str, str], float] = {}
        missing: dict[tuple[str, str], float] = {}
        scrap: dict[str, float] = {}
        used: dict[str, float] = {}
        for stage in (METAL, SEPARATION, MINE):
            gain = self._yield()
            taken |= {(stage, pool): tonnes / gain for pool, tonnes in need.items() if tonnes}
            if stage == SEPARATION and not self.even:
                for pool in self._some(self.pools):
                    metal = taken.get((stage, pool), 0.0)
                    used[pool] = rng.uniform(0.02, 0.2) * (metal or 1.0)
                    taken[stage, pool] = metal + used[pool]
            need = self._supply(stage, taken, flows, missing)
            made |= {(stage, pool): tonnes for pool, tonnes in need.items()}
            if stage == SEPARATION:
                for pool in sorted(need):
                    if rng.random() < 0.4:
                        scrap[pool] = need[pool] * rng.uniform(0, 0.5)
                        need[pool] -= scrap[pool]
        return element_chain_of(
            element,
            made,
            taken,
            flows,
            missing=missing,
            scrap=scrap,
            used=dict(sorted(used.items())),
            home=dict.fromkeys(STAGES, frozenset(self.pools) - {REST}),
        )

    def _supply(
        self,
        stage: str,
        taken: Mapping[tuple[str, str], float],
        flows: dict[tuple[str, str, str], float],
        missing: dict[tuple[str, str], float],
    ) -> dict[str, float]:
        """What pools make of a stage's product, once they have bought and lack some of it."""
        need: dict[str, float] = defaultdict(float)
        for (at, buyer), tonnes in sorted(taken.items()):
            if at != stage:
                continue
            lacks = self.rng.choice([0.0, 0.1]) * tonnes
            if lacks:
                missing[stage, buyer] = lacks
            sources = [*self._some({*self.pools} - {buyer}), *self.rng.choice([[], [buyer]])]
            for source, part in self._parts(sources or [buyer]):
                need[source] += part * (tonnes - lacks)
                if source != buyer:
                    flows[stage, source, buyer] = part * (tonnes - lacks)
        return dict(sorted(need.items()))


def with_swarf(chain: Chain, seed: int) -> Chain:
    """A part of the scrap of each pool is cut off the magnets that it makes."""
    rng = random.Random(f"swarf of {seed}")
    found = {
        name: replace(
            each,
            swarf={
                (pool, pool): rng.choice([1.0, rng.random()]) * tonnes
                for pool, tonnes in each.scrap.items()
                if any(maker == pool and (what, name) in chain.recipe for what, maker in chain.made)
            },
        )
        for name, each in chain.element_chains.items()
    }
    return replace(chain, element_chains=found)


def drawn_event(chain: Chain, rng: random.Random, *, added: bool = True) -> Event:
    """Some outages, some closed and half-closed borders, and some new capacity."""
    outputs = [
        *(key for element_chain in chain.element_chains.values() for key in element_chain.made),
        *((MAGNET, pool) for _, pool in chain.made),
    ]
    output: dict[tuple[str, ...], float] = {
        key: rng.choice([0.0, rng.random()]) for key in outputs if rng.random() < 0.25
    }
    sales = {
        (stage, seller, rng.choice([buyer, "*"]), rng.choice([each.element, "*"])): rng.random()
        for each in chain.element_chains.values()
        for stage, seller, buyer in each.flows
        if rng.random() < 0.2
    }
    more = {
        (stage, pool, each.element): rng.random() * tonnes
        for each in chain.element_chains.values()
        for (stage, pool), tonnes in each.made.items()
        if added and stage != MINE and rng.random() < 0.2
    }
    ores = sorted({key[:2] for each in chain.element_chains.values() for key in each.ores})
    output |= {(MINE, *key): rng.choice([0.0, rng.random()]) for key in ores if rng.random() < 0.4}
    return Event(output, sales, more)


def renamed(chain: Chain, names: Mapping[str, str]) -> Chain:
    """The same chain, its pools by other names and all that it lists the other way round."""

    def swap(keys: Mapping[Any, Any]) -> dict[Any, Any]:
        found = [
            (tuple(names.get(x, x) for x in key) if isinstance(key, tuple) else names.get(key, key))
            for key in keys
        ]
        return dict(reversed(list(zip(found, keys.values(), strict=True))))

    def pools(home: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        return {stage: frozenset(names.get(x, x) for x in own) for stage, own in home.items()}

    element_chains = {
        element: replace(
            each,
            made=swap(each.made),
            taken=swap(each.taken),
            flows=swap(each.flows),
            missing=swap(each.missing),
            scrap=swap(each.scrap),
            swarf=swap(each.swarf),
            used=swap(each.used),
            parts=swap(each.parts),
            ores=swap(each.ores),
            home=pools(each.home),
        )
        for element, each in reversed(list(chain.element_chains.items()))
    }
    return replace(
        chain, element_chains=element_chains, made=swap(chain.made), sold=swap(chain.sold)
    )


def renamed_event(event: Event, names: Mapping[str, str]) -> Event:
    """What happens, told with the other names."""

    def swap(keys: Mapping[Any, float]) -> dict[Any, float]:
        return {tuple(names.get(x, x) for x in key): value for key, value in keys.items()}

    return Event(swap(event.output), swap(event.sales), swap(event.added))
