"""Chokepoints: what an outage of a country at a stage, a site or a firm takes from a market.

First form: outages only, one after the other, by max-flow on country pools (see ``flow``).
Loss counts the element alone. Identical effects of one thing stand on one line with all names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import networkx as nx

from monazite.findings.assumed import assumption_rows, assumptions_in
from monazite.findings.candidates import Candidate, find_candidates
from monazite.findings.concentration import stage_shares
from monazite.findings.finding import Chokepoint, Chokepoints
from monazite.findings.flow import MARKET, MIX, Served, flow_graph, loss, serve
from monazite.findings.structure import dominators
from monazite.network.graph import Network
from monazite.network.shares import WORLD


def find_chokepoints(network: Network, *, top: int | None = None) -> Chokepoints:
    """Rank what a market cannot do without.

    Args:
        network: as :func:`monazite.network.build.build_network` makes it.
        top: how many to return; all if None.

    Returns:
        The report: stages, then chokepoints by loss. ``loss`` is None for a market whose trade
        rows are missing; then the order is by share.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> first = find_chokepoints(network).chokepoints[0]
    >>> first.stage, first.country
    ('separation', 'CHN')
    """
    base = serve(network)
    reached = bool(base.fair)
    graph = flow_graph(network)
    dominating = dominators(graph, MARKET) if reached else frozenset()
    between = nx.betweenness_centrality(graph) if reached else {}
    found = [
        (candidate.thing, _measure(network, candidate, base, dominating, between))
        for candidate in find_candidates(network)
    ]
    merged = _merge(found)
    merged.sort(key=lambda c: (-(c.loss if c.loss is not None else -1), -(c.share or 0), c.id))
    ranked = _rank(merged)[:top]
    return Chokepoints(
        view=dict(network.graph.get("view", {})),
        element=network.graph["element"],
        market=network.graph["market"],
        stages=stage_shares(network),
        chokepoints=tuple(ranked),
        assumptions=assumptions_in(network, (row for item in ranked for row in item.assumptions)),
        notes=_notes(network, base.fair),
    )


def _measure(
    network: Network,
    candidate: Candidate,
    base: Served,
    dominating: frozenset[str],
    between: Mapping[str, float],
) -> Chokepoint:
    lost, low, high = _losses(network, candidate, base)
    first = next(iter(candidate.hits))
    whole = all(part >= 1 for part in candidate.hits.values())
    names = assumption_rows(network)
    return Chokepoint(
        rank=None,
        id=candidate.id,
        label=candidate.label,
        kind=candidate.kind,
        stage=candidate.stage,
        country=candidate.country,
        loss=lost,
        loss_low=low,
        loss_high=high,
        dominator=None if not base.fair else whole and first in dominating,
        betweenness=between.get(f"{first} in") if base.fair else None,
        share=candidate.share,
        coverage=candidate.coverage,
        basis=candidate.basis,
        year=candidate.year,
        rows=tuple(dict.fromkeys(candidate.rows)),
        assumptions=names if base.fair else (),
        note=candidate.note,
        range_rows=_range_rows(network, candidate) if base.fair else (),
    )


def _range_rows(network: Network, candidate: Candidate) -> tuple[str, ...]:
    """The rows that print the lowest and highest share of the pools that fail."""
    found = (row for pool in candidate.hits for row in network.nodes[pool].get("range_rows", ()))
    return tuple(dict.fromkeys(found))


def _losses(
    network: Network, candidate: Candidate, base: Served
) -> tuple[float | None, float | None, float | None]:
    """Loss, and its range.

    The range runs over who is served first, over the lowest and highest share that other rows
    print for what fails, and over the range of the assumption on the mix of traded goods.
    """
    if not base.fair:
        return None, None, None
    after = serve(network, shares=_without(network, candidate, {}))
    taken = loss(base.fair, after.fair)
    found = [loss(base.first, after.first), taken, loss(base.fair, min(after.last, base.fair))]
    others = (_rescaled(network, candidate, bound) for bound in ("share_low", "share_high"))
    cases: list[tuple[Mapping[str, float], float]] = [(other, 1.0) for other in others if other]
    cases += [({}, factor) for factor in _mix_range(network)]
    for shares, mix in cases:
        before = serve(network, shares=shares, mix=mix)
        then = serve(network, shares=_without(network, candidate, shares), mix=mix)
        found.append(loss(before.fair, then.fair))
    known = [value for value in found if value is not None]
    return taken, min(known, default=None), max(known, default=None)


def _mix_range(network: Network) -> list[float]:
    assumed: Mapping[str, Mapping[str, str]] = network.graph["assumptions"]
    row = assumed.get(MIX, {})
    return [float(row[end]) for end in ("low", "high") if row.get(end)]


def _without(
    network: Network, candidate: Candidate, shares: Mapping[str, float]
) -> dict[str, float]:
    left = dict(shares)
    for pool, part in candidate.hits.items():
        left[pool] = left.get(pool, network.nodes[pool]["share"]) * (1 - part)
    return left


def _rescaled(network: Network, candidate: Candidate, bound: str) -> dict[str, float]:
    """Give the hit pools another share, and the rest of their stage what that leaves."""
    shares: dict[str, float] = {}
    for pool in candidate.hits:
        found = network.nodes[pool]
        other, own = found.get(bound, found["share"]), found["share"]
        if abs(other - own) < 1e-9 or own >= 1:
            continue
        shares[pool] = other
        factor = (1 - other) / (1 - own)
        for node in network:
            rival = network.nodes[node]
            if rival["kind"] == "country" and rival["stage"] == found["stage"] and node != pool:
                shares[node] = rival["share"] * max(0.0, factor)
    return shares


def _merge(found: list[tuple[str, Chokepoint]]) -> list[Chokepoint]:
    """Put a country, its one site and that site's firm on one line, if their effects are equal."""
    lines: dict[tuple[object, ...], Chokepoint] = {}
    order = {"country": 0, "site": 1, "firm": 2}
    for thing, item in sorted(found, key=lambda pair: (order[pair[1].kind], pair[1].id)):
        effect = None if item.loss is None else round(item.loss, 2)
        key = (thing, effect)
        first = lines.get(key)
        if first is None:
            lines[key] = item
            continue
        lines[key] = replace(
            first,
            label=f"{first.label} = {item.label}",
            rows=tuple(dict.fromkeys((*first.rows, *item.rows))),
            range_rows=tuple(dict.fromkeys((*first.range_rows, *item.range_rows))),
        )
    return list(lines.values())


def _rank(found: list[Chokepoint]) -> list[Chokepoint]:
    """Number the lines; equal whole percents share a rank."""
    ranked: list[Chokepoint] = []
    for place, item in enumerate(found, start=1):
        before = ranked[-1] if ranked else None
        tie = before is not None and item.loss is not None and _percent(before) == _percent(item)
        rank = before.rank if tie and before is not None else place
        ranked.append(replace(item, rank=rank))
    return ranked


def _percent(item: Chokepoint) -> int | None:
    return None if item.loss is None else round(100 * item.loss)


def _notes(network: Network, base: int) -> tuple[str, ...]:
    notes = []
    year = network.graph.get("trade_year")
    if year is not None:
        notes.append(f"Flows between countries are capped at the trade of {year}.")
    passed = [stage for stage, _ in network.graph["stages"] if f"gap/{stage}" in network]
    if passed:
        stages = f"{', '.join(passed[:-1])} and {passed[-1]}" if passed[1:] else passed[0]
        notes.append(f"No rows split {stages} into countries: what is lost there is not known.")
    if network.graph["market"] != WORLD and not base:
        label = network.graph["market_label"]
        notes.append(f"What {label} loses is not known: no trade rows give its magnets by origin.")
    elif base:
        whole = base / 1_000_000
        notes.append(f"The base serves {whole:.1%} of the world's supply of the element.")
    return tuple(notes)
