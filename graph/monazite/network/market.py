"""The market of a network: a country or the world, and from where it takes its magnets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monazite.network.attributes import node_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.magnet_own_output import OwnOutput
from monazite.network.magnet_purchases import agreement, magnet_codes, traded_mix
from monazite.network.magnet_sales import SalesRecord, to_records
from monazite.network.magnet_sourcing import to_purchases, why_unknown
from monazite.network.pools import add_gap, add_trade_arc, pool_of, pools_at, world_tonnes
from monazite.network.shares import REST, WORLD
from monazite.network.trade import MarketMix, market_mix
from monazite.parameters import MAGNET, USE

YEARS_LOOKED_AT = 5
"""Years, the last full one among them, whose rows say from where a market takes its magnets."""


def add_market(network: Network, facts: Facts, market: str, own: OwnOutput | None = None) -> None:
    """Add the market and its inflows; a gap where no rows give them."""
    label = facts.country_labels.get(market, market)
    node = f"market/{market}"
    network.add_node(
        node, kind="market", stage=USE, label=label, country=market, country_label=label, rows=()
    )
    last = list(facts.splits)[-1]
    if market == WORLD:
        for pool in pools_at(network, last):
            rows = node_of(network, pool).rows
            network.add_edge(pool, node, key="domestic", kind="domestic", rows=rows)
        return
    mix = find_mix(facts, market, own=own) if last == MAGNET else None
    if mix is None:
        text = f"magnets that {label} takes, by country of origin"
        add_gap(network, f"gap/market-{market}", USE, text, "customs statistics of HS 8505.11")
        network.nodes[node]["note"] = "The market's loss is not known: no trade records."
        return
    _add_mix(network, facts, node, mix)


def find_mix(
    facts: Facts, market: str, base_year: int | None = None, own: OwnOutput | None = None
) -> MarketMix | None:
    """Return from where a market takes its magnets.

    Reconciled trade of the base year comes first, in tonnes by value; what rows print of the
    market's use and imports is held against it. Where there is no such trade, or nothing to turn
    it into tonnes, the newest year counts whose rows print the mix.
    """
    base = base_year or facts.trade_year(set(facts.routes), reconciled=True)
    traded, records = traded_mix(facts, market, base, own), _records(facts, market)
    if traded is not None:
        near = sorted(_years(facts), key=lambda year: abs(year - traded.year))
        printed = _printed(facts, market, records, near)
        remarks = agreement(facts, market, traded, printed, records)
        return replace(traded, remarks=(*traded.remarks, *remarks))
    printed = _printed(facts, market, records, _years(facts))
    return None if printed is None else _beside(printed, base)


def _printed(
    facts: Facts, market: str, records: list[SalesRecord], years: Iterable[int]
) -> MarketMix | None:
    """The mix as rows print it, in the first of some years that has one."""
    codes = magnet_codes(facts)
    newest = facts.trade_year(codes, importer=market)
    for year in years:
        flows = facts.flows(year) if newest is not None and year <= newest else []
        flows = [flow for flow in flows if flow.code in codes and not flow.reconciled]
        printed = market_mix(flows, market, year)
        own = facts.own_figures
        mix = to_purchases(printed, records, own, market, year, facts.country_labels)
        if mix is not None:
            return mix
    return None


def known_markets(facts: Facts, places: Iterable[str]) -> list[str]:
    """Return the places of which rows tell from where they take their magnets."""
    whole, codes = {WORLD, "CHN", REST}, magnet_codes(facts)
    buyers = {
        flow.importer for year in _years(facts) for flow in facts.flows(year) if flow.code in codes
    }
    buyers |= {area for area, members in facts.areas.items() if members & buyers}
    base = facts.trade_year(set(facts.routes), reconciled=True)

    def is_known(place: str) -> bool:
        traded = traded_mix(facts, place, base, None)  # alone, it is cheaper than what is printed
        return traded is not None or find_mix(facts, place, base) is not None

    return [each for each in places if each in whole or (each in buyers and is_known(each))]


def why_no_mix(facts: Facts, market: str) -> str:
    """Say which rows there are on a market whose purchases are not known, and what they lack."""
    records = _records(facts, market)
    return why_unknown(records, market, _years(facts), facts.country_labels)


def _records(facts: Facts, market: str) -> list[SalesRecord]:
    """Rows on the magnets that a market buys or sells, of no year after the last full one."""
    found = to_records(facts.ask("network-trade-market", market=market))
    return [record for record in found if record.year <= facts.year]


def _years(facts: Facts) -> range:
    """Years whose rows may say from where a market takes its magnets, the newest first."""
    return range(facts.year, facts.year - YEARS_LOOKED_AT, -1)


def _beside(mix: MarketMix, base_year: int | None) -> MarketMix:
    """The mix, saying so where its rows are later than the base year."""
    if base_year is None or mix.year <= base_year:
        return mix
    said = f"These records are of {mix.year}, later than the year asked about, {base_year}."
    return replace(mix, remarks=(*mix.remarks, said))


def _add_mix(network: Network, facts: Facts, node: str, mix: MarketMix) -> None:
    world = world_tonnes(facts, MAGNET)
    if world is None:
        return
    network.nodes[node].update(
        quantity=mix.tonnes, unit="t magnets", year=mix.year, basis=mix.basis, rows=mix.rows
    )
    if mix.remarks:
        network.nodes[node]["note"] = " ".join(mix.remarks)
    factor = facts.assumed("magnet-element-mix")
    for country, share in [*mix.shares.items(), (REST, mix.rest)]:
        pool = pool_of(network, MAGNET, country)
        if pool is not None and share > 0:
            tonnes = share * mix.tonnes
            capacity = factor * tonnes / world[0]
            add_trade_arc(network, pool, node, tonnes, capacity, mix.rows + world[1], mix.year)
            network.edges[pool, node, "trade"]["unit"] = "t magnets"
            network.edges[pool, node, "trade"]["assumptions"] = ("magnet-element-mix",)
