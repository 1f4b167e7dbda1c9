"""The three kinds of graph: what each is built from, what it leaves out, and its measures."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import fsum

import networkx as nx

from monazite.analysis.centrality.measures import (
    Numbers,
    edges_in,
    firm_measures,
    flow_measures,
    hangs_together,
    largest_part,
    nodes_in,
    policy_measures,
    rows_around,
)
from monazite.analysis.concentration.standing import read_known_year
from monazite.analysis.cuts.year_routes import UNEXPLAINED, YearRoutes, YearStage
from monazite.analysis.policies.acts import IN_FORCE, MAY_BE, Act, named_as, read_acts
from monazite.analysis.policies.selection import ALL_PLACES, BORDER_KINDS, ELEMENT, select
from monazite.analysis.policies.status import read_statuses
from monazite.core.errors import NotKnownError
from monazite.core.formats import counted, in_tonnes
from monazite.data.filters import SURELY
from monazite.data.parameters import FIRMS, FLOW, GRAPHS, MAGNET, MINE, USE, check_word
from monazite.model.chain.element_chain import LEAST
from monazite.model.contingencies.failure_points import ModelYear
from monazite.model.network.facts import Facts
from monazite.model.network.shares import REST, WORLD
from monazite.model.ownership import parents_on
from monazite.model.wording import STAGES, listed, place_at
from monazite.store.names import named
from monazite.store.queries import QueryRecord


@dataclass(frozen=True)
class FirmGraph:
    """The graph of a day, and what it leaves out.

    Edges have ``links``, ``surely`` (those that surely hold on the day) and ``rows``; nodes
    ``label``, ``kind`` (firm or plant), ``role`` and ``rows``. ``to_places`` and ``inside`` count
    the links left out: to a country, or inside one firm. ``split`` names those with several
    controllers on record.
    """

    graph: nx.DiGraph[str]
    to_places: int
    inside: int
    split: tuple[str, ...] = ()


def firm_graph(facts: Facts) -> FirmGraph:
    """Return who supplies whom of an element on a day, by who controls them."""
    operators: dict[str, dict[str, str]] = defaultdict(dict)
    for site in facts.sites:
        operators[site.facility].update(site.operators)
    links: dict[str, list[QueryRecord]] = defaultdict(list)
    for answer in facts.links:
        links[answer.row()].append(answer)
    sure = {
        each.row()
        for each in facts.ask("supplies-certainty", date=facts.date)
        if each["certainty"] == SURELY
    }
    edges: dict[tuple[str, str], list[QueryRecord]] = defaultdict(list)
    labels: dict[str, tuple[str, str]] = {}
    left_out = inside = 0
    for _, (link, *others) in sorted(links.items()):
        elements = {each["element"] for each in (link, *others)} - {""}
        if elements and not elements & facts.members:
            continue
        if {"country", "area"} & {link["supplierKind"], link["customerKind"]}:
            left_out += 1
            continue
        ends = []
        for end in ("supplier", "customer"):
            told = (link[f"{end}Kind"], link[end], link[f"{end}Label"])
            node, label, kind = _controller(facts, operators, *told)
            labels.setdefault(node, (label, kind))
            ends.append(node)
        tail, head = ends
        if tail == head:
            inside += 1
        else:
            edges[tail, head].append(link)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for node in sorted({end for edge in edges for end in edge}):
        label, kind = labels[node]
        graph.add_node(node, label=label, kind=kind)
    for (tail, head), rows in sorted(edges.items()):
        surely = sum(row.row() in sure for row in rows)
        named = tuple(sorted(row.row() for row in rows))
        graph.add_edge(tail, head, links=len(rows), surely=surely, rows=named)
    for node in graph:
        role = _role(graph, node, "supplies", "supplies and buys", "buys")
        graph.nodes[node].update(role=role, rows=rows_around(graph, node, "rows"))
    split = sorted(
        label for node, (label, _) in labels.items() if len(parents_on(facts, node).tops) > 1
    )
    return FirmGraph(graph, left_out, inside, tuple(split))


def _controller(
    facts: Facts, operators: Mapping[str, Mapping[str, str]], kind: str, who: str, label: str
) -> tuple[str, str, str]:
    """Id, name and kind of who controls a plant or firm on the day; itself where that is open.

    It is the last parent that all ways up lead over, or that of who alone runs a plant.
    """
    above = parents_on(facts, who)
    ways = [[(link.owner, link.owner_label) for link in chain.links] for chain in above.chains]
    shared = [firm for firm in ways[0] if all(firm in way for way in ways)] if ways else []
    if shared:
        return (*shared[-1], "firm")
    if kind != "facility":
        return who, label, "firm"
    runs = operators.get(who, {})
    if not above.tops and len(runs) == 1:
        ((firm, name),) = runs.items()
        return _controller(facts, operators, "organisation", firm, name)
    return who, label, "plant"


Edge = tuple[str, str]
SELLS_ORE = "sells ore"
"""The role of who sells ore of which no row says that it mines any; no path starts there."""


@dataclass(frozen=True)
class FlowGraph:
    """The graph of a year, and what it leaves out.

    Edges have ``tonnes`` and ``distance`` (1 / tonnes); nodes ``label``, ``stage``, ``country``,
    ``role`` and ``rows``. ``unexplained`` is tonnes by stage, ``scrap`` tonnes of oxide that no
    mine sends; ``skipped`` are stages without a maker, ``sellers`` sell ore and are not known to
    mine any.
    """

    graph: nx.DiGraph[str]
    unexplained: Mapping[str, float]
    scrap: float
    markets: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()


def flow_graph(model: ModelYear, market: str = WORLD) -> FlowGraph:
    """Return the flows of a reconciled year as a graph."""
    tonnes, lost, scrap = defaultdict[Edge, float](float), defaultdict[str, float](float), 0.0
    for name in model.names:  # each its own: who takes the ore may separate one element of it
        routes = YearRoutes(replace(model, names=(name,)), WORLD)
        for tail, head, amount in _flows(routes):
            stage, maker = tail.split("/", 1)
            if maker == UNEXPLAINED:
                lost[stage] += amount
            else:
                tonnes[tail, head] += amount
        scrap += fsum(x for stage in routes.stages for x in stage.scrap.values())
    graph = graph_of(tonnes, model.named)
    for each in list(nodes_in(graph)):
        graph.nodes[each.id]["rows"] = model.rows(each.stage, each.country)
        if model.resells(each.stage, each.country):
            label = f"{model.named(each.country)}, {SELLS_ORE}"
            graph.nodes[each.id].update(role=SELLS_ORE, label=label)
    there = {node.stage for node in nodes_in(graph)}
    users = sorted(node for node in graph if node.startswith(f"{USE}/"))
    return FlowGraph(
        graph=graph,
        unexplained={stage: amount for stage, amount in lost.items() if amount > LEAST},
        scrap=scrap,
        markets=tuple(user for user in users if market == WORLD or user == f"{USE}/{market}"),
        sellers=tuple(
            sorted(model.named(x.country) for x in nodes_in(graph) if x.role == SELLS_ORE)
        ),
        skipped=tuple(x.code for x in YearRoutes(model, WORLD).stages if x.code not in there),
    )


def graph_of(tonnes: Mapping[Edge, float], named: Callable[[str], str] = str) -> nx.DiGraph[str]:
    """Return flows between countries at a stage as a graph, whose order is that of the names."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    kept = {edge: amount for edge, amount in tonnes.items() if amount > LEAST}
    for node in sorted({end for edge in kept for end in edge}):
        stage, country = node.split("/", 1)
        label = place_at(named(country), stage)
        graph.add_node(node, label=label, stage=stage, country=country, role=stage)
    for (tail, head), amount in sorted(kept.items()):
        graph.add_edge(tail, head, tonnes=amount, distance=1 / amount)
    return graph


def _flows(routes: YearRoutes) -> Iterator[tuple[str, str, float]]:
    """What each maker, or nobody, gives to each taker of the next stage, and to users."""
    stages = routes.stages
    for stage, after in itertools.pairwise(stages):
        given = _ore(stage) if stage.code == MINE else _mixed(stage)
        for maker, pool, amount in given:
            taker = routes.next_pool(stage.code, pool)
            yield f"{stage.code}/{maker}", f"{after.code}/{taker}", amount
    last, main = stages[-1], routes.model.chain.main
    for (product, seller, user), sold in routes.model.chain.sold.items():
        if product not in main:
            continue
        amount = sold * routes.held_in(product)
        makers = {seller: amount} if last.code == MAGNET else last.origins({seller: amount})
        for maker, part in makers.items():
            yield f"{last.code}/{maker}", f"{USE}/{user}", part


def _ore(stage: YearStage) -> Iterator[tuple[str, str, float]]:
    """Ore that is taken where it is separated, by who mines it: nobody sells on what it buys."""
    taking = {pool for pool, tonnes in stage.taken.items() if tonnes > LEAST}
    sold = defaultdict[str, float](float)
    for (seller, buyer), tonnes in stage.sold.items():
        sold[seller] += tonnes
        if buyer in taking:
            yield seller, buyer, tonnes
    for maker, tonnes in stage.made.items():
        if maker in taking:
            yield maker, maker, tonnes - sold[maker]
    for pool, tonnes in stage.missing.items():
        yield UNEXPLAINED, pool if pool in taking else REST, tonnes


def _mixed(stage: YearStage) -> Iterator[tuple[str, str, float]]:
    """What is taken of what pools hold, by who made it."""
    for pool, tonnes in stage.taken.items():
        for maker, part in stage.origins({pool: tonnes}).items():
            yield maker, pool, part


EVERYWHERE = "All destinations"
RESTRICTIONS = BORDER_KINDS | {
    *("sanction", "tariff", "procurement-ban"),
    *("production-quota", "consolidation", "environment-closure"),
}
"""Kinds of acts that restrict somebody; of other kinds their rows do not say that they do."""


@dataclass(frozen=True)
class PolicyGraph:
    """The graph of a day, and the acts that it leaves out, by why.

    Edges between codes of states have ``in_force`` and ``perhaps`` (how many acts are, and may be)
    and ``acts``; nodes have ``label``, ``role`` and ``rows``. ``nobody`` are aimed at no other
    state.
    """

    graph: nx.DiGraph[str]
    nobody: tuple[str, ...]
    no_restriction: tuple[Act, ...] = ()
    endings: tuple[Act, ...] = ()


def policy_graph(facts: Facts) -> PolicyGraph:
    """Return who binds whom by acts that touch an element on a day."""
    statuses, acts = read_statuses(facts.store, facts.date), read_acts(facts.store)
    counts = {IN_FORCE: Counter[tuple[str, str]](), MAY_BE: Counter[tuple[str, str]]()}
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    nobody, no_restriction, endings = list[str](), list[Act](), list[Act]()
    for policy in sorted(select(facts.store, facts.element.id).touching(ELEMENT)):
        act, value = acts.acts[policy], statuses[policy].value
        if value not in counts:
            continue
        if act.kind not in RESTRICTIONS:
            no_restriction.append(act)
        elif acts.ends_its_kind(act):
            endings.append(act)
        else:
            edges = [(act.country, to) for to in sorted({*_aimed_at(act)} - {act.country})]
            nobody += [] if edges else [policy]
            counts[value].update(edges)
            for edge in edges:
                held[edge].append(policy)
    graph: nx.DiGraph[str] = nx.DiGraph()
    names = {**facts.country_labels, ALL_PLACES: EVERYWHERE}
    for node in sorted({end for edge in held for end in edge}):
        graph.add_node(node, label=names.get(node, node))
    for edge, policies in sorted(held.items()):
        in_force, perhaps = counts[IN_FORCE][edge], counts[MAY_BE][edge]
        graph.add_edge(*edge, in_force=in_force, perhaps=perhaps, acts=tuple(policies))
    for node in graph:
        rows = tuple(f"policies/{act}" for act in rows_around(graph, node, "acts"))
        role = _role(graph, node, "acts on others", "both", "is bound")
        graph.nodes[node].update(role=role, rows=rows)
    return PolicyGraph(graph, tuple(nobody), tuple(no_restriction), tuple(endings))


def _aimed_at(act: Act) -> Iterator[str]:
    """Codes of the states that an act is aimed at, or in which those are."""
    aims = named_as(act.reach, "targets")
    for thing in aims:
        if thing.id == ALL_PLACES or thing.kind == "country":
            yield thing.id
        elif thing.kind in ("organisation", "facility") and thing.country:
            yield thing.country
    if not aims and act.kind in BORDER_KINDS:
        yield ALL_PLACES


def _role(graph: nx.DiGraph[str], node: str, gives: str, both: str, takes: str) -> str:
    """The word for what a node does on the edges."""
    if not graph.in_degree(node):
        return gives
    return both if graph.out_degree(node) else takes


@dataclass(frozen=True)
class BuiltGraph:
    """A graph that is to be measured; it has no year where it is of a day."""

    kind: str
    graph: nx.DiGraph[str]
    year: int | None
    values: Mapping[str, Numbers]
    notes: tuple[str, ...]


def build_graph(
    facts: Facts, kind: str, market: str = WORLD, label: str = "World", year: int | None = None
) -> BuiltGraph:
    """Build and measure a graph."""
    check_word(kind, GRAPHS, "kind of graph")
    if kind == FLOW:
        model, why = read_known_year(facts, market, label, year)
        if model is None:
            raise NotKnownError(f"The flows of {facts.symbol} are not known: {why}")
        return built_of_flows(model, market)
    if kind == FIRMS:
        firms = firm_graph(facts)
        return _built(kind, firms.graph, None, firm_measures(firms.graph), _of_firms(firms))
    acts = policy_graph(facts)
    return _built(kind, acts.graph, None, policy_measures(acts.graph), _of_acts(acts))


def built_of_flows(model: ModelYear, market: str) -> BuiltGraph:
    """Build and measure the graph of the flows of a reconciled year."""
    flows, year = flow_graph(model, market), model.chain.year
    values = flow_measures(flows.graph, flows.markets)
    return _built(FLOW, flows.graph, year, values, _of_flows(flows))


def _built(
    kind: str,
    graph: nx.DiGraph[str],
    year: int | None,
    values: Mapping[str, Numbers],
    notes: Iterable[str],
) -> BuiltGraph:
    if not graph:
        raise NotKnownError(f"The graph of {kind} is empty: we found no figure that joins two.")
    return BuiltGraph(kind, nx.freeze(graph), year, values, tuple(notes))


def _of_flows(found: FlowGraph) -> Iterator[str]:
    yield "A link is as short as it is large: distance is 1 / tonnes."
    yield "Betweenness and PageRank are of all flows. Paths and losses are of the market."
    yield "Every pair of a mine and a user counts alike, however small."
    if found.skipped:
        stages = listed(STAGES[stage] for stage in found.skipped)
        yield f"Skipped: {stages}, of which the year has no maker; paths there are shorter."
    for stage, lost in found.unexplained.items():
        yield f"Left out: {in_tonnes(lost)} after {STAGES[stage]} that no figure accounts for."
    if found.scrap:
        yield f"Separation also makes {in_tonnes(found.scrap)} from scrap, which no mine sends."
    sellers = [named(label) for label in found.sellers]
    if sellers:
        yield f"No path starts at who sells ore but is not known to mine: {listed(sellers)}."
    if not found.markets:
        yield "No flow reaches the market: no path is measured."


def _of_firms(found: FirmGraph) -> Iterator[str]:
    graph = found.graph
    yield "Each plant and firm stands as the highest single controller on record."
    if found.split:
        yield f"Above {listed(found.split)} records name several controllers."
    yield "A link says that goods move, not how much."
    links = sum(round(count) for *_, count in edges_in(graph, "links"))
    unsure = links - sum(round(count) for *_, count in edges_in(graph, "surely"))
    if unsure:
        yield f"Only perhaps on the day, by their dates: {unsure} of {counted(links, 'link')}."
    if found.to_places:
        places = counted(found.to_places, "link")
        yield f"Left out: {places} to or from a country: no path leads over a country."
    if found.inside:
        yield f"Left out: {counted(found.inside, 'link')} inside one firm."
    if not hangs_together(graph):
        yield (
            f"Records are thin: the largest part that links join has {largest_part(graph)} of "
            f"{counted(len(graph), 'firm')}. Links are counted; paths are not measured."
        )
    plants = sorted(node.label for node in nodes_in(graph) if node.kind == "plant")
    if plants:
        yield f"Without one controlling owner on record: {listed(plants)}."


def _of_acts(found: PolicyGraph) -> Iterator[str]:
    graph = found.graph
    yield "Only acts in force that restrict count: from who issued them to each target."
    unsure = round(sum(count for *_, count in edges_in(graph, "perhaps")))
    if unsure:
        yield f"Not counted: {unsure} times an act that may be in force, between two states."
    if found.nobody:
        yield f"Left out: {counted(len(found.nobody), 'act')} aimed at no other state."
    if found.no_restriction:
        kinds = listed(sorted({act.kind_label.lower() for act in found.no_restriction}))
        acts = counted(len(found.no_restriction), "act")
        yield f"Not counted: {acts} whose kind names no restriction ({kinds})."
    if found.endings:
        titles = "; ".join(sorted(act.title for act in found.endings))
        yield f"Not counted, for it ends a restriction of its own kind: {titles}."
