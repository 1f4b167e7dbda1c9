"""Where capacity may be added after an event, and of what: stages and pools that did not fail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from math import fsum

from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import Event
from monazite.findings.flow_model.study import Study
from monazite.parameters import MINE, SEPARATION, USE


def may_open(chain: Chain) -> Iterable[tuple[str, str]]:
    """Return the pools that take the oxide of an element but make none.

    A plant may be built there.
    """
    for element, element_chain in sorted(chain.element_chains.items()):
        for stage, pool in sorted(element_chain.taken):
            if stage == SEPARATION and element_chain.made.get((SEPARATION, pool), 0.0) <= 0:
                yield element, pool


FAILED = 1e-9
"""What is left of a place below which it has failed: nothing is added there."""


@dataclass(frozen=True)
class FixSite:
    """A place for new capacity: tonnes of each thing that the world made there, and levels."""

    stage: str
    pool: str
    world: Mapping[str, float]
    new: tuple[str, ...]


def sites_of(study: Study, event: Event, limited_by: tuple[str, ...]) -> Iterable[FixSite]:
    """Every stage and pool that did not fail, with what limits and with all that is made there."""
    chain, outputs = study.chain, study.programme(study.horizon).outputs
    places = {(at, pool) for at, pool, what in outputs if event.left_of(at, pool, what) > FAILED}
    for stage, pool in sorted(places):
        if stage == USE:
            continue
        if (products := _made_there(chain, stage, pool, study.products)) is not None:
            yield FixSite(stage, pool, products, ())
            continue
        of_pool = _elements(chain, stage, pool)
        mixes = [
            {name: of_pool[name] for name in names if of_pool.get(name, 0.0) > 0}
            for names in (sorted(limited_by), sorted(of_pool))
        ]
        if stage == MINE and mixes[0]:
            mixes.pop()  # it is the same ore, whatever is counted of it
        for index, mix in enumerate(mixes):
            if mix and mix not in mixes[:index]:
                new = (name for name in mix if (name, pool) in chain.opened)
                yield FixSite(stage, pool, mix, tuple(new) if stage == SEPARATION else ())


def _elements(chain: Chain, stage: str, pool: str) -> dict[str, float]:
    """The elements that a pool makes or may make: what the world does, or in its own ore's parts.

    Ore is as much as the world mines of these elements.
    """
    own = {
        name: element_chain.made.get((stage, pool), 0.0)
        for name, element_chain in sorted(chain.element_chains.items())
        if element_chain.made.get((stage, pool), 0.0) > 0
        or (stage == SEPARATION and (name, pool) in chain.opened)
    }
    world = {name: _world(chain, name, stage) for name in own}
    if stage != MINE:
        return world
    whole = fsum(world.values()) / fsum(own.values()) if own else 0.0
    return {name: tonnes * whole for name, tonnes in own.items()}


def _made_there(chain: Chain, stage: str, pool: str, products: Set[str]) -> dict[str, float] | None:
    """What the world makes of the products of a pool's plants; None where it makes elements."""
    names = [name for name, each in sorted(chain.products.items()) if each.stage == stage]
    if not names:
        return None
    return {
        name: fsum(tonnes for (what, _), tonnes in sorted(chain.made.items()) if what == name)
        for name in names
        if name in products and chain.made.get((name, pool), 0.0) > 0
    }


def _world(chain: Chain, element: str, stage: str) -> float:
    made = chain.element_chains[element].made
    return fsum(max(0.0, tonnes) for (at, _), tonnes in sorted(made.items()) if at == stage)
