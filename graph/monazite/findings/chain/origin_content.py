"""How much of an element in a pool's goods a country separated: origin tags of the base year.

A rule that follows goods across borders (a third-country rule) binds what holds material of the
state that made it, whoever sells it. The part of each pool's oxide, metal and products that was
separated in a country follows from the flows of the base year: what a pool makes at home and what
it buys are mixed, and all that it uses or sells on has the mix. What no row explains has no known
origin and counts as not of the country, which makes the part a lower bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from monazite.findings.chain.chain import Chain
from monazite.findings.chain.element_chain import ElementChain
from monazite.parameters import METAL, SEPARATION

ROUNDS, SETTLED = 10_000, 1e-9
"""Pools sell to each other in circles: round by round the parts rise to what they are."""


def content_of(chain: Chain, country: str) -> dict[tuple[str, str, str], float]:
    """Return the part of each pool's goods that was separated in a country."""
    found: dict[tuple[str, str, str], float] = {}
    for element, element_chain in sorted(chain.element_chains.items()):
        oxide = _mixed(element_chain, SEPARATION, {country: 1.0})
        found |= {(SEPARATION, pool, element): part for pool, part in oxide.items()}
        metal_at_home = {
            pool: _of_feed(element_chain, pool, oxide) for pool in element_chain.pools(METAL)
        }
        metal = _mixed(element_chain, METAL, metal_at_home)
        found |= {(METAL, pool, element): part for pool, part in metal.items()}
    return found


def _of_feed(element_chain: ElementChain, pool: str, oxide: Mapping[str, float]) -> float:
    """The part in the metal of a pool: that of the oxide of the countries it stands for."""
    feeding = {
        at: taken
        for (stage, at), taken in element_chain.taken.items()
        if stage == SEPARATION and element_chain.pool(METAL, at) == pool and taken > 0
    }
    whole = fsum(feeding.values())
    return (
        fsum(taken * oxide.get(at, 0.0) for at, taken in sorted(feeding.items())) / whole
        if whole
        else 0.0
    )


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
