"""The market of the network: where the goods of the last stage go."""

from __future__ import annotations

from monazite.network.facts import USE, Facts
from monazite.network.graph import Network
from monazite.network.pools import MAGNET, add_gap, add_trade_arc, pool_of, pools_at, world_tonnes
from monazite.network.shares import REST, WORLD
from monazite.network.trade import MarketMix, market_mix


def add_market(network: Network, facts: Facts, market: str) -> None:
    """Add the market and what flows into it; a gap where no rows say so."""
    label = facts.country_labels.get(market, market)
    node = f"market/{market}"
    network.add_node(
        node, kind="market", stage=USE, label=label, country=market, country_label=label, rows=()
    )
    last = list(facts.splits)[-1]
    if market == WORLD:
        for pool in pools_at(network, last):
            rows = network.nodes[pool]["rows"]
            network.add_edge(pool, node, key="domestic", kind="domestic", rows=rows)
        return
    mix = find_mix(facts, market) if last == MAGNET else None
    if mix is None:
        text = f"magnets that {label} takes, by country of origin"
        add_gap(network, f"gap/market-{market}", USE, text, "customs statistics of HS 8505.11")
        network.nodes[node]["note"] = "The market's loss is not known: no trade rows."
        return
    _add_mix(network, facts, node, mix)


def find_mix(facts: Facts, market: str) -> MarketMix | None:
    """Return from where a market takes its magnets, of the newest year whose rows say so.

    Args:
        facts: rows up to a day.
        market: code of the market.
    """
    codes = {code for code, pairs in facts.routes.items() if any(b == USE for _, b in pairs)}
    year = facts.trade_year(codes, importer=market)
    while year is not None and year > facts.year - 5:
        flows = [flow for flow in facts.flows(year) if flow.code in codes]
        mix = market_mix(flows, market, year)
        if mix is not None:
            return mix
        year -= 1
    return None


def _add_mix(network: Network, facts: Facts, node: str, mix: MarketMix) -> None:
    world = world_tonnes(facts, MAGNET)
    if world is None:
        return
    network.nodes[node].update(
        quantity=mix.tonnes, unit="t magnets", year=mix.year, basis=mix.basis, rows=mix.rows
    )
    network.graph["market_year"] = mix.year
    factor = facts.assumed("magnet-element-mix")
    for country, share in [*mix.shares.items(), (REST, mix.rest)]:
        pool = pool_of(network, MAGNET, country)
        if pool is not None and share > 0:
            tonnes = share * mix.tonnes
            capacity = factor * tonnes / world[0]
            add_trade_arc(network, pool, node, tonnes, capacity, mix.rows + world[1], mix.year)
            network.edges[pool, node, "trade"]["unit"] = "t magnets"
            network.edges[pool, node, "trade"]["assumptions"] = ("magnet-element-mix",)
