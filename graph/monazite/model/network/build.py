"""Build the network of one element and one market.

Nodes are ``country`` at a stage, ``site``, ``rest`` of a country, ``firm``, ``market`` and ``gap``;
arcs are ``part``, ``domestic``, ``trade``, ``observed``, ``captive`` and ``possible``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from monazite.core.formats import in_tonnes
from monazite.data.parameters import MAGNET, METAL, USE
from monazite.model.network.attributes import Network, arc_of, arcs_from, node_of, nodes_of
from monazite.model.network.facts import COMPARABLE, Facts, Site, site_quantity
from monazite.model.network.market import find_mix
from monazite.model.network.shares import REST, WORLD, Split
from monazite.model.network.trade import OwnOutput, trade_arcs
from monazite.store.queries import QueryRecord


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


def add_links(network: Network, facts: Facts) -> None:
    """Add an arc for each supply link that concerns the element, then the possible arcs."""
    order = [stage for stage, _ in facts.stages]
    sites_of: dict[tuple[str, str], list[Site]] = defaultdict(list)
    for site in facts.sites:
        sites_of["facility", site.facility].append(site)
        for firm, _ in site.operators:
            sites_of["organisation", firm].append(site)
    grouped: dict[str, list[QueryRecord]] = defaultdict(list)
    for answer in facts.links:
        grouped[answer.row()].append(answer)
    for row, group in sorted(grouped.items()):
        elements = {answer["element"] for answer in group} - {""}
        if elements and not elements & facts.members:
            continue  # a material without elements may hold any
        first = group[0]
        made_at = next((answer["stage"] for answer in group if answer["stage"]), "")
        source = _link_end(network, order, sites_of, first, "supplier", made_at)
        target = _link_end(network, order, sites_of, first, "customer", made_at)
        if source is None or target is None or source == target:
            continue
        materials = sorted({answer["materialLabel"] for answer in group} - {""})
        network.add_edge(
            source,
            target,
            key=row,
            kind="captive" if first["kind"] == "captive" else "observed",
            link=first["kind"],
            material=", ".join(materials),
            elements=tuple(sorted(elements & facts.members)),
            certain=first.flag("certain"),
            rows=(row,),
        )
    _add_possible(network, order)


def _link_end(
    network: Network,
    order: list[str],
    sites_of: Mapping[tuple[str, str], list[Site]],
    link: QueryRecord,
    role: str,
    stage: str,
) -> str | None:
    """The node that delivers; or that receives, at its first stage after the material's."""
    kind, who = link[f"{role}Kind"], link[role]
    sites = sites_of.get((kind, who), [])
    if role == "customer":
        stages = {site.stage for site in sites}
        after = order[order.index(stage) + 1 :] if stage in order else []
        stage = next((each for each in after if each in stages), after[0] if after else "")
    if kind in {"country", "area"}:
        node = f"{'market' if stage == USE else stage}/{who}"
        return node if node in network else None
    here = [site for site in sites if site.stage == stage]
    if len(sites) == 1 and not here:
        here = sites
    if len(here) == 1:
        node = f"{here[0].stage}/{here[0].facility}"
        if node in network:
            return node
    if stage not in order:
        return None
    node, label = f"{stage}/firm-{who}", link[f"{role}Label"]
    network.add_node(node, kind="firm", stage=stage, label=label, country=None, firm=who, rows=())
    return node


def _add_possible(network: Network, order: list[str]) -> None:
    """A site that no link leaves may feed its own country's next stage: possible, not known."""
    for node in sorted(network):
        site = node_of(network, node)
        if site.kind != "site" or any(
            arc.kind in {"observed", "captive"} for arc in arcs_from(network, node)
        ):
            continue
        for stage in order[order.index(site.stage) + 1 :]:
            target = f"{stage}/{site.country}"
            if target in network:
                network.add_edge(node, target, key="possible", kind="possible", rows=())
                break


_OF_SITE = (
    *("stage", "label", "label_zh", "facility", "country", "country_label", "operators", "rows"),
)


def add_sites(network: Network, facts: Facts) -> dict[str, float | None]:
    """Add every site at the stages of the network, and the rest of each country."""
    coverage: dict[str, float | None] = {}
    for stage in facts.splits:
        splits = filter(None, (facts.splits.get(stage), facts.all_rare_earths.get(stage)))
        comparable = (x for x in splits if x.world_tonnes and x.basis in COMPARABLE[stage])
        national = next(comparable, None)  # its tonnes can be set beside those of sites
        sites = [site for site in facts.sites if site.stage == stage]
        known: dict[str, float] = {}
        for site in sites:
            node, pool = f"{stage}/{site.facility}", f"{stage}/{site.country}"
            network.add_node(node, kind="site", **{x: getattr(site, x) for x in _OF_SITE})
            if national is not None and site.country in national.shares:
                tonnes = _measure(network, facts, site, national)
                known[site.country] = known.get(site.country, 0.0) + tonnes
            if pool in network:
                network.add_edge(node, pool, key="part", kind="part", rows=site.rows)
        coverage[stage] = _cover(network, stage, national, known)
    return coverage


def _measure(network: Network, facts: Facts, site: Site, national: Split) -> float:
    """Give a site its tonnes, and return them; 0 where they are not known.

    They are in the basis of its country's; oxide becomes element by stoichiometry.
    """
    speaking = facts.materials.get(site.stage, frozenset())
    figures = [x for x in facts.site_figures if x.basis == "reo" or x.materials <= speaking]
    bases = [(national.basis, 1.0)]
    if national.basis == "element" and facts.oxide_factor:
        bases.append(("oxide", 1 / facts.oxide_factor))
    for basis, factor in bases:
        figure = site_quantity(figures, site.facility, site.stage, national.year, basis)
        if figure is not None:
            tonnes = figure.tonnes * factor
            break
    else:
        return 0.0
    whole = national.shares[site.country].share * (national.world_tonnes or 0.0)
    network.nodes[f"{site.stage}/{site.facility}"].update(
        quantity=tonnes,
        unit="t",
        basis=national.basis,
        year=figure.year,
        rows=(*site.rows, figure.row),
        figure=figure.kind,
        of_country=min(1.0, tonnes / whole) if whole else None,
        country_rows=national.shares[site.country].rows,
    )
    return tonnes


def _cover(
    network: Network, stage: str, national: Split | None, known: dict[str, float]
) -> float | None:
    if national is None or national.world_tonnes is None:
        return None
    covered = 0.0
    for country, share in national.shares.items():
        whole = share.share * national.world_tonnes
        tonnes = min(known.get(country, 0.0), whole)
        covered += tonnes
        pool = f"{stage}/{country}"
        if pool not in network or not whole:
            continue
        network.nodes[pool]["coverage"] = tonnes / whole
        if known.get(country, 0.0) > whole * 1.01:
            network.nodes[pool]["note"] = (
                f"Known sites give {in_tonnes(known[country])}, the national record "
                f"{in_tonnes(whole)}: the records conflict and are not scaled."
            )
        if country != REST and tonnes and tonnes < whole * 0.99:
            named = node_of(network, pool).country_label
            network.add_node(
                f"{pool}-rest",
                kind="rest",
                stage=stage,
                label=f"Rest of {named}",
                country=country,
                country_label=named,
                quantity=whole - tonnes,
                unit="t",
                basis=national.basis,
                year=national.year,
                rows=share.rows,
                note="National total minus the known sites; not a site.",
            )
            network.add_edge(f"{pool}-rest", pool, key="part", kind="part", rows=share.rows)
    return covered / national.world_tonnes


def build_network(facts: Facts, market: str = WORLD, *, own: OwnOutput | None = None) -> Network:
    """Build the network of one element and one market."""
    network = Network(
        element=facts.symbol,
        element_label=facts.title,
        element_id=facts.element.id,
        market=market,
        market_label=facts.country_labels.get(market, market),
        **{x: getattr(facts, x) for x in ("stages", "splits", "date", "year", "assumptions")},
    )
    for split in facts.splits.values():
        _add_pools(network, split, facts)
    for before, after in pairwise(facts.splits):
        for node in pools_at(network, before):
            onward = f"{after}/{node_of(network, node).country}"
            if onward in network:
                rows = node_of(network, node).rows + node_of(network, onward).rows
                network.add_edge(node, onward, key="domestic", kind="domestic", rows=rows)
    _add_trade(network, facts)
    add_market(network, facts, market, own)
    for stage, label in facts.stages:
        if stage not in facts.splits and stage not in (USE, "recycling"):
            text = f"national shares of {facts.element.label} at {label.lower()}"
            where = "company reports, customs and industry statistics of that stage"
            add_gap(network, f"gap/{stage}", stage, text, where)
    network.graph["coverage"] = add_sites(network, facts)
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
                range_rows=share.range_rows,
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
    routes: dict[str, list[tuple[str, str]]] = {}
    for code, pairs in facts.routes.items():
        for before, after in pairs:
            onward = stages[stages.index(before) + 1 :] if before in stages else []
            if onward and after != USE:  # where its own next stage is not split, to one that is
                onto = after if after in onward else onward[0]
                routes.setdefault(code, []).append((before, onto))
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


def _mix(facts: Facts, stage: str, country: str) -> float:
    """How much richer in the element a country's goods are than the world's average."""
    factor = facts.assumed("trade-element-mix")
    own = facts.splits[stage].shares.get(country)
    whole = facts.all_rare_earths.get(stage)
    of_all = whole.shares.get(country) if whole is not None else None
    if own is None or of_all is None or not of_all.share or not own.share:
        return factor
    return factor * own.share / of_all.share
