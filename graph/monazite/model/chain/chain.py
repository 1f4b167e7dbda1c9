"""The chain of a base year: one ``ElementChain`` an element, joined at products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import reduce
from math import fsum

from monazite.core.errors import LossNotKnownError
from monazite.core.results import Struct
from monazite.data.parameters import MAGNET, METAL, SEPARATION, USE
from monazite.model.chain.element_chain import ElementChain
from monazite.model.chemistry import exactly, summed, total
from monazite.model.network.shares import REST
from monazite.model.reconciliation.numbers import YearNumbers
from monazite.model.reconciliation.year import ReconciledYear
from monazite.model.trade_content import NDFEB
from monazite.model.wording import listed

HEAVY_MAGNETS, LIGHT_MAGNETS = "magnets with Dy or Tb", "magnets without"
SMCO_MAGNETS = "samarium-cobalt magnets"
OTHER_MARKETS = "other markets"
WORTH_SERVING = 0.005  # of the world's magnets; a smaller user is the rest of the world
QUOTA, NAMEPLATE = "quota", "nameplate"


class Ceiling(Struct):
    """The most that a pool can make of something, by rows."""

    times: float
    by: str
    rows: tuple[str, ...]


class Product(Struct):
    """What users take."""

    name: str
    stage: str = MAGNET  # whose plants make it: `magnet`, or `use` where an oxide is used as it is
    takes: str = METAL
    worth: float = 1.0  # what a tonne counts for where scarcity is shared; 1 for a tonne of magnets


class Chain(Struct):
    """The element chains, and the products that join them."""

    year: int
    element_chains: Mapping[str, ElementChain]
    products: Mapping[str, Product]
    made: Mapping[tuple[str, str], float]
    recipe: Mapping[tuple[str, str], float]  # tonnes of an element in a tonne of a product
    sold: Mapping[tuple[str, str, str], float]  # by product, pool and user
    opened: frozenset[tuple[str, str]] = frozenset()  # newly separating
    # by stage, pool and goods
    ceilings: Mapping[tuple[str, str, str], Ceiling] = field(default_factory=dict)

    def output(self, stage: str, pool: str, what: str) -> float:
        """Return what a pool made of an element or product in the base year, in tonnes."""
        if what in self.element_chains:
            return self.element_chains[what].made.get((stage, pool), 0.0)
        return self.made.get((what, pool), 0.0)

    @property
    def main(self) -> dict[str, Product]:
        """The products that are followed: magnets, or oxide where no magnet holds the element."""
        magnets = {name: each for name, each in self.products.items() if each.stage == MAGNET}
        return magnets or {**self.products}

    def check_use(self, names: Sequence[str]) -> None:
        """Make sure that the use of elements is known: that of one that no magnet holds is not."""
        if all(each.stage == USE for each in self.products.values()):
            raise LossNotKnownError(
                f"We found no figures for how much {listed(names)} is used: what is lost is not "
                "known. What the balance calls used is the oxide that nothing else takes, and "
                "grows with the ore."
            )

    @property
    def outside(self) -> dict[str, float]:
        """Tonnes of each element that are used outside magnets, where magnets hold it."""
        others = sorted(self.products.keys() - self.main.keys())
        return {
            element: fsum(tonnes for (what, _), tonnes in sorted(self.made.items()) if what == name)
            for name in others
            for element in self.element_chains
            if (name, element) in self.recipe
        }

    @property
    def title(self) -> str:
        """What these are called together."""
        return next(iter(self.main)) if len(self.main) == 1 else "magnets"

    @property
    def demand(self) -> dict[tuple[str, str], float]:
        """What the base year sold, by product and user."""
        return summed(((what, user), x) for (what, _, user), x in sorted(self.sold.items()))


def to_chain(
    element_chains: Mapping[str, ElementChain],
    members: Mapping[str, tuple[str, ...]],
    reconciled: ReconciledYear,
    market: Market | None = None,
    asked: str = "",
) -> Chain | None:
    """Join the chains of elements at the magnets that hold them, in tonnes of finished weight."""
    numbers = reconciled.numbers
    by_maker = served_apart(reconciled.magnets_by_maker(), market, asked)
    shares = _product_shares(numbers, summed((user, x) for (_, user), x in by_maker.items()))
    blanks = fsum(x for name, x in reconciled.values.items() if name[0] == "blanks")
    if not by_maker or not blanks or not shares:
        return None
    held = {
        element: fsum(
            x
            for name, x in reconciled.values.items()
            if name[0] == "in_blanks" and name[2] in parts
        )
        / blanks
        for element, parts in members.items()
    }
    main = next(iter(members))
    if not held[main]:
        recipes = (
            numbers.chemistry.of("element-per-magnet", numbers.magnet, each)
            for each in members[main]
        )
        _named = exactly(1.0) / total(each for each in recipes if each is not None)
        return None
    made: dict[tuple[str, str], float] = {}
    sold: dict[tuple[str, str, str], float] = {}
    recipe: dict[tuple[str, str], float] = {}
    for product, parts in shares.items():
        recipe[product, main] = held[main]
        for (maker, user), tonnes in by_maker.items():
            sold[product, maker, user] = tonnes * parts[user]
            made[product, maker] = made.get((product, maker), 0.0) + tonnes * parts[user]
    heavy = fsum(x for (product, _), x in made.items() if product == HEAVY_MAGNETS)
    if heavy:
        times = fsum(by_maker.values()) / heavy  # by the share of the world
        recipe |= {(HEAVY_MAGNETS, x): each * times for x, each in held.items() if x != main}
    products = {name: Product(name) for name in shares}
    year = next(iter(numbers.ledgers.values())).year
    chain = Chain(year, dict(sorted(element_chains.items())), products, made, recipe, sold)
    return reduce(with_other_uses, chain.element_chains.values(), chain)


def _product_shares(numbers: YearNumbers, used: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """The part of each product in what users take; empty where the mix of grades is not assumed.

    Each market is as far from the share of heavy magnets in the world's as is assumed of it, of its
    area or of other markets; the largest takes the rest, so that the world's share stays.
    """
    if numbers.magnet != NDFEB:
        return {SMCO_MAGNETS: dict.fromkeys(used, 1.0)}
    world = numbers.chemistry.of("heavy-magnet-share", NDFEB)
    if world is None or not used:
        return {}
    largest, heavy = max(sorted(used), key=lambda user: used[user]), {}
    for user in sorted(used.keys() - {largest}):
        own = (user, numbers.areas.get(user, user), OTHER_MARKETS)
        known = (numbers.chemistry.of("heavy-share-of-market", each) for each in own)
        times = next(filter(None, known), exactly(1.0)).value
        heavy[user] = min(1.0, world.value * times)
    rest = world.value * fsum(used.values()) - fsum(heavy[user] * used[user] for user in heavy)
    heavy[largest] = min(1.0, max(0.0, rest / used[largest]))
    return {HEAVY_MAGNETS: heavy, LIGHT_MAGNETS: {user: 1 - x for user, x in heavy.items()}}


class Market(Struct):
    """A market that is no pool of a reconciled year, by the trade of magnets."""

    code: str
    inside: str
    bought: Mapping[str, float]


def served_apart(
    by_maker: Mapping[tuple[str, str], float], market: Market | None = None, asked: str = ""
) -> dict[tuple[str, str], float]:
    """Return magnets by maker and user; users of little are the rest of the world."""
    used = summed((user, tonnes) for (_, user), tonnes in by_maker.items())
    if market is not None and market.code not in used:
        by_maker = _without(by_maker, used, market)
    whole = fsum(used.values())
    named = {user for user, tonnes in used.items() if tonnes >= WORTH_SERVING * whole}
    named |= {maker for maker, _ in by_maker} | {asked}
    named |= {market.code} if market is not None else set()
    return summed(
        ((maker, user if user in named else REST), tonnes)
        for (maker, user), tonnes in by_maker.items()
        if tonnes > 0
    )


def _without(
    by_maker: Mapping[tuple[str, str], float], used: Mapping[str, float], market: Market
) -> dict[tuple[str, str], float]:
    makers: dict[str, float] = defaultdict(float)
    for seller, tonnes in market.bought.items():
        if seller in {maker for maker, _ in by_maker}:
            makers[seller] += tonnes
            continue
        for (maker, user), each in by_maker.items():
            if user == seller and used[seller]:
                makers[maker] += tonnes * each / used[seller]
    there = {maker: x for (maker, user), x in by_maker.items() if user == market.inside and x > 0}
    taken = {maker: min(each, makers.get(maker, 0.0)) for maker, each in there.items()}
    more = fsum(makers.values()) - fsum(taken.values())
    left = {maker: each - taken[maker] for maker, each in there.items()}
    whole = fsum(left.values())
    part = min(1.0, more / whole) if whole > 0 else 0.0
    found = dict(by_maker)
    for maker, each in sorted(there.items()):
        bought = taken[maker] + part * left[maker]
        found[maker, market.inside] = each - bought
        found[maker, market.code] = bought
    return found


def with_other_uses(chain: Chain, element_chain: ElementChain) -> Chain:
    """Add the use of an element's oxide beside magnets, where the base year has one."""
    magnets = fsum(
        tonnes
        for (name, _), tonnes in chain.made.items()
        if (name, element_chain.element) in chain.recipe
    )
    fed = fsum(tonnes for (stage, _), tonnes in element_chain.taken.items() if stage == SEPARATION)
    fed -= fsum(element_chain.used.values())
    if not element_chain.used or not magnets or fed <= 0:
        return chain
    return _with_use(
        chain, element_chain, f"{element_chain.element} outside magnets", magnets / fed
    )


def _with_use(chain: Chain, element_chain: ElementChain, name: str, worth: float = 1.0) -> Chain:
    return replace(
        chain,
        products={**chain.products, name: Product(name, USE, SEPARATION, worth)},
        made={**chain.made, **{(name, pool): used for pool, used in element_chain.used.items()}},
        recipe={**chain.recipe, (name, element_chain.element): 1.0},
        sold={
            **chain.sold,
            **{(name, pool, pool): used for pool, used in element_chain.used.items()},
        },
    )


def to_use_chain(year: int, element_chain: ElementChain) -> Chain | None:
    """Return the chain of an element that no magnet holds: oxide is used where trade takes it."""
    if not element_chain.used:
        return None
    element = element_chain.element
    return _with_use(
        Chain(year, {element: element_chain}, {}, {}, {}, {}), element_chain, f"{element} in oxide"
    )


ROUNDS, SETTLED = 10_000, 1e-9  # pools sell to each other in circles


def content_of(chain: Chain, country: str) -> dict[tuple[str, str, str], float]:
    """Return the part of each pool's goods that was separated in a country."""
    found: dict[tuple[str, str, str], float] = {}
    for element, element_chain in sorted(chain.element_chains.items()):
        oxide = _mixed(element_chain, SEPARATION, {country: 1.0})
        found |= {(SEPARATION, pool, element): part for pool, part in oxide.items()}
        metal_at_home = {}  # by the oxide of the countries that a pool of metal stands for
        for pool in element_chain.pools(METAL):
            feeding = [
                (at, taken)
                for (stage, at), taken in sorted(element_chain.taken.items())
                if stage == SEPARATION and element_chain.pool(METAL, at) == pool and taken > 0
            ]
            whole = fsum(taken for _, taken in feeding)
            held = fsum(taken * oxide.get(at, 0.0) for at, taken in feeding)
            metal_at_home[pool] = held / whole if whole else 0.0
        metal = _mixed(element_chain, METAL, metal_at_home)
        found |= {(METAL, pool, element): part for pool, part in metal.items()}
    return found


def _mixed(
    element_chain: ElementChain, stage: str, at_home: Mapping[str, float]
) -> dict[str, float]:
    """The part in what each pool has of a stage's product: made at home, or bought."""
    bought = [
        (seller, buyer, amount)
        for (where, seller, buyer), amount in sorted(element_chain.flows.items())
        if where == stage
    ]
    pools = sorted({*element_chain.pools(stage), *(buyer for _, buyer, _ in bought)})
    whole = {
        pool: element_chain.made.get((stage, pool), 0.0)
        + element_chain.missing.get((stage, pool), 0.0)
        + fsum(amount for _, buyer, amount in bought if buyer == pool)
        for pool in pools
    }
    part = dict.fromkeys(pools, 0.0)
    for _ in range(ROUNDS):
        before = part
        part = {
            pool: (
                element_chain.made.get((stage, pool), 0.0) * at_home.get(pool, 0.0)
                + fsum(amount * before[seller] for seller, buyer, amount in bought if buyer == pool)
            )
            / whole[pool]
            if whole[pool]
            else 0.0
            for pool in pools
        }
        if all(part[pool] - before[pool] < SETTLED for pool in pools):
            break
    return part
