"""The cheapest fix: how much capacity, where, brings back what a chokepoint takes from a market.

With the chokepoint out, every other pool may be given capacity beyond its own. Capacity counts in
shares of the world's supply of the element, and each share costs the same at every stage: the
cheapest flow for what reaches the market then tells, stretch by stretch, how much has to be added
and at which pools. The curve is exact, piecewise linear and convex: each further part of the base
takes as many units of capacity as stages have to be widened on its way.

What crosses a border stays capped at the base year's trade: where borders bind, no capacity helps
and the curve ends below the base. It puts the market first in the queue; ``shared`` says what
arrives of the base if scarcity is shared in equal proportions instead, and the others take their
part of what is added.

Method: successive cheapest paths (Busacker and Gowen 1961), see ``maxflow``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.errors import UnknownNameError, did_you_mean
from monazite.findings.assumed import assumption_rows, assumptions_in
from monazite.findings.candidates import Candidate, find_candidates
from monazite.findings.finding import Assumption
from monazite.findings.flow import (
    SINK,
    SOURCE,
    UNIT,
    asked,
    flow_graph,
    serve,
)
from monazite.findings.maxflow import BIG, Arc, Channels
from monazite.findings.structure import pool_arc
from monazite.network.graph import Network


@dataclass(frozen=True)
class Addition:
    """Capacity added at one pool, as a share of the world's supply, and in tonnes if known."""

    pool: str
    label: str
    share: float
    tonnes: float | None
    basis: str


@dataclass(frozen=True)
class FixPoint:
    """A corner of the curve: what is added in all, and what then reaches the market.

    ``reaches`` and ``shared`` are parts of what reached the market before the outage; ``price`` is
    the capacity that each unit reaching the market took on the stretch up to here.
    """

    added: float
    reaches: float
    shared: float
    price: int
    additions: tuple[Addition, ...]


@dataclass(frozen=True)
class Fix:
    """What it takes to make good an outage, from nothing added to all that capacity can do."""

    view: dict[str, object]
    element: str
    market: str
    id: str
    label: str
    unit: str
    points: tuple[FixPoint, ...]
    rows: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]


def find_fix(network: Network, chokepoint: str) -> Fix:
    """Return the curve of the cheapest fix of one chokepoint.

    Args:
        network: as :func:`monazite.network.build.build_network` makes it.
        chokepoint: id of a country at a stage, a ranked site or a firm: ``separation/CHN``.

    Raises:
        UnknownNameError: the network has no such chokepoint.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> fix = find_fix(network, "metal/CHN")
    >>> [addition.pool for addition in fix.points[1].additions]
    ['metal/ROW']
    """
    thing = _find(network, chokepoint)
    base = Channels(flow_graph(network), SOURCE, SINK)
    wanted = base.cut(asked(base, BIG)).value
    channels = _widened(network, thing)
    corners = list(_corners(channels, wanted)) if wanted else []
    points = [_point(network, thing, wanted, corner) for corner in corners]
    rows = dict.fromkeys((*thing.rows, *_rows_added(network, points)))
    return Fix(
        view=dict(network.graph.get("view", {})),
        element=network.graph["element"],
        market=network.graph["market"],
        id=thing.id,
        label=thing.label,
        unit="share of the world's supply of the element",
        points=tuple(points),
        rows=tuple(rows),
        assumptions=assumptions_in(network, assumption_rows(network) if points else ()),
        notes=tuple(_notes(network, thing, points)),
    )


def _find(network: Network, name: str) -> Candidate:
    known = {candidate.id: candidate for candidate in find_candidates(network)}
    if name in known:
        return known[name]
    fix = did_you_mean(name, known) or "name one by its stage and country: separation/CHN."
    raise UnknownNameError(f'There is no chokepoint "{name}" in the network; {fix}')


def _left(network: Network, thing: Candidate) -> dict[str, float]:
    """The shares of the pools that the chokepoint leaves."""
    return {pool: network.nodes[pool]["share"] * (1 - part) for pool, part in thing.hits.items()}


def _widened(network: Network, thing: Candidate) -> Channels:
    """The network with the chokepoint out, and beside every other pool new capacity at a price."""
    graph = flow_graph(network, shares=_left(network, thing))
    for pool in _pools(network):
        into, out = pool_arc(pool)
        if thing.hits.get(pool, 0.0) < 1:
            graph.add_edge(into, _new(pool), capacity=BIG, price=1)
            graph.add_edge(_new(pool), out, capacity=BIG)
    return Channels(graph, SOURCE, SINK)


def _pools(network: Network) -> list[str]:
    return sorted(node for node, found in network.nodes(data=True) if found["kind"] == "country")


def _new(pool: str) -> str:
    return f"{pool} new"


@dataclass(frozen=True)
class _Corner:
    added: int
    reached: int
    price: int
    flow: Mapping[Arc, int]


def _corners(channels: Channels, wanted: int) -> Iterable[_Corner]:
    """The corners of the curve, the outage as it is first."""
    last = _Corner(0, 0, 0, {})
    for step in channels.steps(asked(channels, wanted)):
        if step.price > last.price:
            yield last
        added = last.added + step.amount * step.price
        last = _Corner(added, last.reached + step.amount, step.price, step.flow)
    yield last


def _point(network: Network, thing: Candidate, wanted: int, corner: _Corner) -> FixPoint:
    grown = {pool: corner.flow.get((pool_arc(pool)[0], _new(pool)), 0) for pool in _pools(network)}
    assert sum(grown.values()) == corner.added, "the price of a flow is the capacity it takes"
    additions = [_addition(network, pool, amount) for pool, amount in grown.items() if amount]
    left = _left(network, thing)
    shares = {
        pool: left.get(pool, network.nodes[pool]["share"]) + amount / UNIT
        for pool, amount in grown.items()
    }
    return FixPoint(
        added=corner.added / UNIT,
        reaches=corner.reached / wanted,
        shared=serve(network, shares=shares).fair / wanted,
        price=corner.price,
        additions=tuple(sorted(additions, key=lambda addition: (-addition.share, addition.pool))),
    )


def _addition(network: Network, pool: str, amount: int) -> Addition:
    found = network.nodes[pool]
    share, tonnes = amount / UNIT, found.get("quantity")
    label = f"{found['label']} at {found['stage']}"
    whole = tonnes / found["share"] if tonnes and found["share"] else None
    return Addition(
        pool, label, share, None if whole is None else share * whole, found.get("basis", "")
    )


def _rows_added(network: Network, points: list[FixPoint]) -> Iterable[str]:
    for point in points:
        for addition in point.additions:
            yield from network.nodes[addition.pool]["rows"]


def _notes(network: Network, thing: Candidate, points: list[FixPoint]) -> Iterable[str]:
    label = network.graph["market_label"]
    if not points:
        yield f"What would help {label} is not known: no rows reach it."
        return
    yield "Each share of capacity costs the same at every stage; money and years are not counted."
    if points[-1].reaches < 1:
        yield (
            f"More capacity brings no more than {points[-1].reaches:.0%} back: what crosses the "
            "borders is capped at the base year's trade."
        )
    if len(points) == 1 and points[0].reaches >= 1:
        yield f"{thing.label} takes nothing from {label} while it is first in the queue."
