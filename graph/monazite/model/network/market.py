"""The market of a network: a country or the world, and from where it takes its magnets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monazite.data.parameters import MAGNET, METAL, USE
from monazite.model.network.attributes import Network, arc_of, node_of, nodes_of
from monazite.model.network.facts import Facts
from monazite.model.network.magnet_purchases import agreement, magnet_codes, traded_mix
from monazite.model.network.magnet_sales import (
    OwnOutput,
    SalesRecord,
    to_purchases,
    to_records,
    why_unknown,
)
from monazite.model.network.shares import REST, WORLD
from monazite.model.network.trade import MarketMix, market_mix


def pools_at(network: Network, stage: str) -> list[str]:
    """Return the pools of a stage, that of the rest of the world included."""
    return [
        found.id for found in nodes_of(network) if found.kind == "country" and found.stage == stage
    ]


def pool_of(network: Network, stage: str, country: str) -> str | None:
    """Return the pool of a country at a stage."""
    for place in (country, REST):
        if f"{stage}/{place}" in network:
            return f"{stage}/{place}"
    return None


def world_tonnes(facts: Facts, stage: str) -> tuple[float, tuple[str, ...]] | None:
    """Return the world tonnage by which a stage's trade is divided."""
    if stage not in (METAL, MAGNET):
        mined = facts.all_rare_earths.get("mine")
        if mined is None or mined.world_tonnes is None:
            return None
        return mined.world_tonnes, mined.total_rows or mined.rows
    split = facts.splits.get(stage)
    if split is None:
        return None
    figures = facts.own_figures + facts.magnet_figures
    leader = max(split.shares, key=lambda place: (split.shares[place].share, place))
    found = min(
        (
            figure
            for figure in figures
            if (figure.stage, figure.place) == (stage, leader)
            and figure.tonnes[0]
            and abs(figure.year - split.year) <= 2
        ),
        key=lambda f: (f.rank, abs(f.year - split.year), f.tier, f.row),
        default=None,
    )
    if found is None:
        return None
    share = split.shares[leader]
    return (found.tonnes[0] or 0.0) / share.share, (found.row, *share.rows)


def add_trade_arc(
    network: Network,
    source: str,
    target: str,
    tonnes: float,
    share: float,
    rows: tuple[str, ...],
    year: int,
) -> None:
    """Add a trade arc, or add to one; its share is at most that of its pool."""
    most = node_of(network, source).pool_share
    if network.has_edge(source, target, key="trade"):
        arc = arc_of(network, source, target, "trade")
        network.edges[source, target, "trade"].update(
            quantity=(arc.quantity or 0.0) + tonnes,
            share=min(most, (arc.share or 0.0) + share),
            rows=tuple(sorted({*arc.rows, *rows})),
        )
        return
    network.add_edge(
        source,
        target,
        key="trade",
        kind="trade",
        quantity=tonnes,
        unit="t gross",
        share=min(most, share),
        year=year,
        rows=tuple(sorted(set(rows))),
        assumptions=("trade-code-split", "trade-element-mix", "stage-total"),
    )


def add_gap(network: Network, node: str, stage: str, text: str, where: str) -> None:
    """Add a node that says what is missing and where one would look."""
    network.add_node(
        node,
        kind="gap",
        stage=stage,
        label=f"Not known: {text}",
        text=f"Not known: {text}. Where one would look: {where}.",
        country=None,
        rows=(),
    )


YEARS_LOOKED_AT = 5  # whose rows say where a market takes its magnets


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
        seller = pool_of(network, MAGNET, country)
        if seller is not None and share > 0:
            tonnes = share * mix.tonnes
            capacity = factor * tonnes / world[0]
            add_trade_arc(network, seller, node, tonnes, capacity, mix.rows + world[1], mix.year)
            network.edges[seller, node, "trade"]["unit"] = "t magnets"
            network.edges[seller, node, "trade"]["assumptions"] = ("magnet-element-mix",)


def find_mix(
    facts: Facts, market: str, base_year: int | None = None, own: OwnOutput | None = None
) -> MarketMix | None:
    """Return from where a market takes its magnets."""
    base = base_year or facts.trade_year(set(facts.routes), reconciled=True)
    traded, records = traded_mix(facts, market, base, own), _records(facts, market)
    if traded is not None:
        near = sorted(_years(facts), key=lambda year: abs(year - traded.year))
        printed = _printed(facts, market, records, near)
        remarks = agreement(facts, market, traded, printed, records)
        return replace(traded, remarks=(*traded.remarks, *remarks))
    printed = _printed(facts, market, records, _years(facts))
    if printed is None or base is None or printed.year <= base:
        return printed
    said = f"These records are of {printed.year}, later than the year asked about, {base}."
    return replace(printed, remarks=(*printed.remarks, said))


def _printed(
    facts: Facts, market: str, records: list[SalesRecord], years: Iterable[int]
) -> MarketMix | None:
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
