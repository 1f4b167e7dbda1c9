"""From whom each user has what it uses of a stage: flows of the reconciled year, by maker.

Pools sell on what they bought. What a pool makes and what it buys are mixed, and all that it uses
or sells has the mix, as in ``chain.origin_content``; so each flow here runs from who made
something to who uses it, and the flows of a maker add up to no more than it makes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import fsum

from monazite.findings.chain.chain import Chain
from monazite.findings.chain.element_chain import ElementChain
from monazite.findings.events.failure_points import ModelYear
from monazite.network.shares import WORLD
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION

ROUNDS, SETTLED = 1_000, 1e-9
"""Pools sell to each other in circles: round by round the parts rise to what they are."""
UNKNOWN = ""
"""The maker of what no figure accounts for."""
NEXT = {MINE: SEPARATION, SEPARATION: METAL, METAL: MAGNET}
Tonnes = dict[tuple[str, str, str], float]


def flows_of(model: ModelYear) -> Tonnes:
    """Return what each pool uses of each stage, by who made it."""
    found: Tonnes = defaultdict(float)
    for element_chain in model.element_chains:
        for (maker, user), tonnes in _ore(element_chain).items():
            found[MINE, maker, user] += tonnes
        for stage in (SEPARATION, METAL):
            for (maker, user), tonnes in _traced(element_chain, stage).items():
                part = _onward(element_chain, stage, user)
                to = element_chain.pool(NEXT[stage], user)
                found[stage, maker, to] += tonnes * part
    return {key: tonnes for key, tonnes in sorted(found.items()) if tonnes > 0}


def bought_by(model: ModelYear, market: str, product: str) -> dict[str, float]:
    """Return what a market takes of the last product of the chain, by who made it."""
    chain = model.chain
    if is_of_magnets(chain):
        return _summed(
            (maker, tonnes)
            for (name, maker, user), tonnes in chain.sold.items()
            if name in ({product} & chain.main.keys() or chain.main) and market in {user, WORLD}
        )
    return _summed(
        (maker, tonnes)
        for element_chain in model.element_chains
        for (maker, user), tonnes in _traced(element_chain, SEPARATION).items()
        if market in {user, WORLD}
    )


def parts_of_market(model: ModelYear, market: str, product: str) -> dict[str, dict[str, float]]:
    """Return which part of what a market uses each country made, back from the last stage."""
    flows = flows_of(model)
    parts = _parts(bought_by(model, market, product))
    found = {MAGNET if is_of_magnets(model.chain) else SEPARATION: parts}
    for stage in (METAL, SEPARATION, MINE):
        if NEXT[stage] not in found:
            continue
        before: dict[str, float] = defaultdict(float)
        for user, part in parts.items():
            own = _parts({x: t for (at, x, to), t in flows.items() if (at, to) == (stage, user)})
            for maker, share in (own or {UNKNOWN: 1.0}).items():
                before[maker] += part * share
        parts = found[stage] = dict(before)
    return found


def _parts(tonnes: Mapping[str, float]) -> dict[str, float]:
    whole = fsum(tonnes.values())
    return {name: each / whole for name, each in tonnes.items()} if whole else {}


def is_of_magnets(chain: Chain) -> bool:
    """Return whether the losses of a chain are of magnets."""
    return any(product.stage == MAGNET for product in chain.main.values())


def _summed(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for name, tonnes in pairs:
        found[name] += tonnes
    return {name: tonnes for name, tonnes in sorted(found.items()) if tonnes > 0}


def _ore(element_chain: ElementChain) -> dict[tuple[str, str], float]:
    """Ore whose element is separated, over those who separate any of what a country sells them."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (stage, country), tonnes in sorted(element_chain.parts.items()):
        if stage != MINE:
            continue
        buyers = list(_ore_buyers(element_chain, country))
        whole = fsum(amount for _, amount in buyers)
        for buyer, amount in buyers:
            found[element_chain.pool(MINE, country), buyer] += tonnes * amount / whole
    return found


def _ore_buyers(element_chain: ElementChain, country: str) -> Iterator[tuple[str, float]]:
    separates = {pool for (stage, pool), x in element_chain.taken.items() if stage == MINE and x}
    sold = {
        buyer: amount
        for (stage, seller, buyer), amount in sorted(element_chain.flows.items())
        if stage == MINE and seller == country
    }
    home = element_chain.made.get((MINE, country), 0.0) - fsum(sold.values())
    at_home = element_chain.pool(SEPARATION, country)
    if home > 0 and at_home in separates:
        yield at_home, home
    yield from ((buyer, amount) for buyer, amount in sold.items() if buyer in separates)


def _onward(element_chain: ElementChain, stage: str, user: str) -> float:
    """The part of what a pool uses that goes to the next stage, not into other uses."""
    taken = element_chain.taken.get((stage, user), 0.0)
    used = element_chain.used.get(user, 0.0) if stage == SEPARATION else 0.0
    return max(0.0, 1 - used / taken) if taken > 0 else 0.0


def _traced(element_chain: ElementChain, stage: str) -> dict[tuple[str, str], float]:
    """What each pool uses of a stage's product, by who made it."""
    taken = {
        pool: tonnes for (at, pool), tonnes in element_chain.taken.items() if at == stage and tonnes
    }
    makers = element_chain.pools(stage)
    parts = {maker: _mixed(element_chain, stage, maker) for maker in makers}
    found = {
        (maker, user): tonnes * parts[maker].get(user, 0.0)
        for user, tonnes in taken.items()
        for maker in makers
    }
    for user, tonnes in taken.items():
        left = 1 - fsum(parts[maker].get(user, 0.0) for maker in makers)
        if left > SETTLED * len(makers) + 1e-6:
            found[UNKNOWN, user] = tonnes * left
    return {key: tonnes for key, tonnes in found.items() if tonnes > 0}


def _mixed(element_chain: ElementChain, stage: str, maker: str) -> Mapping[str, float]:
    """The part in what each pool has of a stage's product that one pool made."""
    bought = [
        (seller, buyer, amount)
        for (at, seller, buyer), amount in sorted(element_chain.flows.items())
        if at == stage
    ]
    made = element_chain.made.get((stage, maker), 0.0)
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
                (made if pool == maker else 0.0)
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
