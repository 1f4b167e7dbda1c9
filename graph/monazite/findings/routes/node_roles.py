"""Structure: what stands between all mines and a market, whatever the quantities.

On the pools of the network: a route runs from a mine over one pool of every stage to the market,
along arcs that carry at least a millionth of the world's supply. What a country at a stage is to
the routes is told three ways:

* *dominator*: every route passes it, a single point of failure;
* *in a minimum cut*: it belongs to a smallest set of countries at stages that cuts the market off;
* *routes without it*: how many routes that share no pool are left when it stops.

How they are worked out, with references: :mod:`monazite.findings.routes.disjoint_routes`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from monazite.findings.assumptions import assumption_rows, assumptions_in
from monazite.findings.events.failure_points import Candidate, ModelYear
from monazite.findings.routes.disjoint_routes import Routes, find_routes
from monazite.findings.routes.route_net import RouteNet, route_net
from monazite.network.attributes import about
from monazite.network.graph import Network
from monazite.network.shares import REST
from monazite.result import Assumption
from monazite.triples.names import named


@dataclass(frozen=True)
class NodeRole:
    """What a country at a stage, or a known site, is to the routes of a market.

    None is *not known*: nothing that rows print reaches the market. A site that makes only a
    part of its country's output stops no route: the rest of the country goes on.

    Attributes:
        id: of the country at the stage, or of the site.
        label: its name.
        kind: country or site.
        stage: at which it stands.
        country: in which it stands.
        dominator: whether every route passes it.
        in_minimum_cut: whether it belongs to a smallest set that cuts the market off.
        routes_without: routes that share no pool and are left without it.
        share: of the world's supply at the stage, 0 to 1.
        figure: what the share is where it is not measured of the element alone.
        coverage: of a site's country, the part that named sites make, 0 to 1.
        basis: of the share.
        year: of the share.
        rows: that give the share.
        left_out: whether it brings the market too little to count: a remainder.
    """

    id: str
    label: str
    kind: str
    stage: str
    country: str
    dominator: bool | None
    in_minimum_cut: bool | None
    routes_without: int | None
    share: float
    figure: str
    coverage: float | None
    basis: str
    year: int | None
    rows: tuple[str, ...]
    left_out: bool = False


@dataclass(frozen=True)
class Structure:
    """The routes of one element to one market, and what stands on them.

    Attributes:
        routes: the largest number of routes of which no two share a pool.
        fewest: the size of a smallest set of countries at stages that cuts the market off, None
            if there is none.
        standings: of every country at a stage, and of every site whose output is known.
        assumptions: what the capacities of the arcs rest on.
        notes: what is missing, and what was taken for what.
    """

    routes: int | None
    fewest: int | None
    standings: tuple[NodeRole, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]


def find_structure(network: Network, model: ModelYear | None = None) -> Structure:
    """Return what every country at a stage, and every site whose output is known, is to the routes.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> structure = find_structure(network)
    >>> {thing.id: thing.routes_without for thing in structure.standings}["separation/CHN"]
    1
    """
    net = route_net(network, model)
    routes = find_routes(net.graph, net.unnamed)
    reached = routes.disjoint > 0
    standings = [_standing(thing, routes) for thing in net.things]
    standings += [replace(_standing(thing, routes), left_out=True) for thing in net.left_out]
    order = [stage for stage, _ in about(network).stages]
    standings.sort(
        key=lambda s: (order.index(s.stage), not s.dominator, s.routes_without or 0, -s.share, s.id)
    )
    rows = assumption_rows(network) if reached and model is None else ()
    return Structure(
        routes=routes.disjoint if reached else None,
        fewest=routes.cut_size if reached else None,
        standings=tuple(standings),
        assumptions=assumptions_in(network, rows),
        notes=_notes(network, net, reached=reached),
    )


def _standing(thing: Candidate, routes: Routes) -> NodeRole:
    """What a thing is to the routes; a part of a pool is nothing to them."""
    pool, part = next(iter(thing.hits.items()))
    whole = part >= 1
    reached = routes.disjoint > 0
    return NodeRole(
        id=thing.id,
        label=thing.label,
        kind=thing.kind,
        stage=thing.stage,
        country=thing.country,
        dominator=(whole and routes.dominates(pool)) if reached else None,
        in_minimum_cut=(whole and pool in routes.in_minimum_cut) if reached else None,
        routes_without=routes.without(pool if whole else "") if reached else None,
        share=thing.share,
        figure=thing.figure,
        coverage=thing.coverage,
        basis=thing.basis,
        year=thing.year,
        rows=tuple(dict.fromkeys(thing.rows)),
    )


def _notes(network: Network, net: RouteNet, *, reached: bool) -> tuple[str, ...]:
    if not reached:
        label = about(network).market_label
        return (
            f"What stands between the mines and {named(label)} is not known: no records reach it.",
        )
    told = [net.remainders] if net.remainders else []
    if any(pool.endswith(f"/{REST}") for pool in net.unnamed):
        told.append(
            "The rest of the world is not one country. It is in no cut, and counts as one route, "
            "though it may be many."
        )
    return tuple(told)
