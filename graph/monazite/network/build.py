"""Build the network of one element and one market: pools, sites, markets, gaps, arcs.

Nodes, by the attribute ``kind``:

* ``country``  a country at a stage, ``share`` of the world's output there; what no country row
  claims is the pool of the rest of the world (country ``ROW``);
* ``site``     a facility at a stage; ``rest`` its country's total minus the known sites;
* ``firm``     a firm whose plant a supply link does not name;
* ``market``   a consuming country, or the world;
* ``gap``      what is missing, and where one would look.

Arcs: ``part`` (site to its country), ``domestic``, ``trade``, ``observed``, ``captive``,
``possible``. ``share`` on a trade arc is its capacity as a share of the world's supply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from monazite.network.attributes import node_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.links import add_links
from monazite.network.magnet_own_output import OwnOutput
from monazite.network.market import add_market
from monazite.network.pools import add_gap, add_trade_arc, pool_of, pools_at, world_tonnes
from monazite.network.shares import REST, WORLD, Share, Split
from monazite.network.site_nodes import add_sites
from monazite.network.trade import trade_arcs
from monazite.parameters import USE


def build_network(
    facts: Facts, market: str = WORLD, *, links: bool = True, own: OwnOutput | None = None
) -> Network:
    """Build the network of one element and one market.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> network = build_network(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> round(network.nodes["separation/CHN"]["share"], 3)
    0.98
    """
    network = Network(
        element=facts.symbol,
        element_label=facts.title,
        element_id=facts.element.id,
        market=market,
        market_label=facts.country_labels.get(market, market),
        stages=facts.stages,
        splits=facts.splits,
        date=facts.date,
        year=facts.year,
        assumptions=facts.assumptions,
    )
    for split in facts.splits.values():
        _add_pools(network, split, facts)
    _add_domestic(network, list(facts.splits))
    _add_trade(network, facts)
    add_market(network, facts, market, own)
    _add_gaps(network, facts)
    network.graph["coverage"] = add_sites(network, facts)
    if links:
        add_links(network, facts)
    return network


def _add_pools(network: Network, split: Split, facts: Facts) -> None:
    common = {
        "kind": "country",
        "stage": split.stage,
        "basis": split.basis,
        "year": split.year,
        "unit": "t",
        "denominator": split.denominator,
    }
    for country, share in split.shares.items():
        if share.share > 0:
            network.add_node(
                f"{split.stage}/{country}",
                label=facts.country_labels.get(country, country),
                country=country,
                country_label=facts.country_labels.get(country, country),
                share=share.share,
                share_low=share.ends[0],
                share_high=share.ends[1],
                kind_of_figure=share.figure,
                quantity=share.tonnes,
                rows=share.rows,
                other_rows=share.others,
                range_rows=_range_rows(share),
                **common,
            )
    if split.rest > 0:
        network.add_node(
            f"{split.stage}/{REST}",
            label="Rest of the world",
            country=REST,
            country_label="Rest of the world",
            share=split.rest,
            quantity=None if split.world_tonnes is None else split.rest * split.world_tonnes,
            rows=split.rest_rows or split.rows,
            note="What no country record claims; the sources do not split it.",
            **common,
        )


def _range_rows(share: Share) -> tuple[str, ...]:
    """The rows that print the lowest and the highest share, if they differ."""
    ends = (share.low_row, share.high_row) if share.low < share.high else ()
    return tuple(dict.fromkeys(ends))


def _add_domestic(network: Network, stages: list[str]) -> None:
    for before, after in pairwise(stages):
        for node in pools_at(network, before):
            pool = node_of(network, node)
            onward = f"{after}/{pool.country}"
            if onward in network:
                rows = pool.rows + node_of(network, onward).rows
                network.add_edge(node, onward, key="domestic", kind="domestic", rows=rows)


def _add_trade(network: Network, facts: Facts) -> None:
    """Join pools of consecutive stages by the trade of the newest year that has rows."""
    codes = {code for code, pairs in facts.routes.items() if any(b != USE for _, b in pairs)}
    year = facts.trade_year(codes, reconciled=True)
    stages = list(facts.splits)
    if year is None:
        return
    split_usd = facts.assumed("trade-code-split")
    countries = {
        stage: {node_of(network, node).country or "" for node in pools_at(network, stage)}
        for stage in stages
    }
    network.graph["trade_year"] = year
    flows = [flow for flow in facts.flows(year) if flow.code in codes]
    reconciled = {flow.code for flow in flows if flow.reconciled}
    flows = [flow for flow in flows if flow.reconciled or flow.code not in reconciled]
    routes = _routes_between(facts.routes, stages)
    worlds = {stage: world_tonnes(facts, stage) for stage in stages}
    for arc in trade_arcs(flows, routes, countries, split_usd):
        source = pool_of(network, arc.from_stage, arc.exporter)
        target = pool_of(network, arc.to_stage, arc.importer)
        world = worlds[arc.from_stage]
        if source is None or target is None or world is None:
            continue
        if node_of(network, source).country == node_of(network, target).country:
            continue  # inside the rest of the world nothing is capped
        share = arc.tonnes / world[0] * _mix(facts, arc.from_stage, arc.exporter)
        add_trade_arc(network, source, target, arc.tonnes, share, arc.rows + world[1], year)


def _routes_between(
    routes: Mapping[str, Sequence[tuple[str, str]]], stages: list[str]
) -> dict[str, list[tuple[str, str]]]:
    """Lead each code to the next stage that rows split, where its own next one has none."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, pairs in routes.items():
        for before, after in pairs:
            if before not in stages or after == USE:
                continue
            onward = stages[stages.index(before) + 1 :]
            if onward:
                found.setdefault(code, []).append((before, after if after in onward else onward[0]))
    return found


def _mix(facts: Facts, stage: str, country: str) -> float:
    """How much richer in the element a country's goods are than the world's average."""
    factor = facts.assumed("trade-element-mix")
    own = facts.splits[stage].shares.get(country)
    whole = facts.all_rare_earths.get(stage)
    of_all = whole.shares.get(country) if whole is not None else None
    if own is None or of_all is None or not of_all.share or not own.share:
        return factor
    return factor * own.share / of_all.share


def _add_gaps(network: Network, facts: Facts) -> None:
    for stage, label in facts.stages:
        if stage not in facts.splits and stage not in (USE, "recycling"):
            text = f"national shares of {facts.element.label} at {label.lower()}"
            where = "company reports, customs and industry statistics of that stage"
            add_gap(network, f"gap/{stage}", stage, text, where)
