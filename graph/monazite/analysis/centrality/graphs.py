"""The three kinds of graph: what each is built from, what it leaves out, and its measures."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import fsum

import networkx as nx

from monazite.analysis.centrality import measures
from monazite.analysis.concentration.standing import read_known_year
from monazite.analysis.cuts.routes import UNEXPLAINED, YearRoutes, YearStage
from monazite.analysis.policies.acts import IN_FORCE, MAY_BE, RULES, Act, named_as, read_acts
from monazite.analysis.policies.policies import ALL_PLACES, BORDER_KINDS, ELEMENT, select
from monazite.analysis.policies.status import read_statuses
from monazite.core.errors import NotKnownError
from monazite.core.formats import counted, in_tonnes
from monazite.core.results import Struct
from monazite.data.filters import SURELY
from monazite.data.parameters import FIRMS, FLOW, GRAPHS, MAGNET, MINE, POLICIES, USE, check_word
from monazite.model.chain.element_chain import LEAST
from monazite.model.contingencies.failure_points import ModelYear
from monazite.model.network.facts import Facts
from monazite.model.network.shares import REST, WORLD
from monazite.model.ownership import parents_on
from monazite.model.wording import STAGES, listed, place_at
from monazite.store.names import named
from monazite.store.queries import QueryRecord


class BuiltGraph(Struct):
    """A graph and its measures; the notes say what it leaves out. It has no year if it is of a day.

    Edges of flows have ``tonnes`` and ``distance`` (1 / tonnes); of firms ``links``, ``surely``
    (those that surely hold on the day) and ``rows``; of acts ``in_force``, ``perhaps`` (how many
    are, and may be) and ``acts``. Nodes have ``label``, ``role`` and ``rows``; of flows also
    ``stage`` and ``country``, of firms ``kind`` (firm or plant).
    """

    kind: str
    graph: nx.DiGraph[str]
    year: int | None
    values: Mapping[str, measures.Numbers]
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
        return flow_graph(model, market)
    return firm_graph(facts) if kind == FIRMS else policy_graph(facts)


def _built(
    kind: str,
    graph: nx.DiGraph[str],
    values: Mapping[str, measures.Numbers],
    notes: Iterable[str],
    year: int | None = None,
) -> BuiltGraph:
    if not graph:
        raise NotKnownError(f"The graph of {kind} is empty: we found no figure that joins two.")
    return BuiltGraph(kind, nx.freeze(graph), year, values, tuple(notes))


def firm_graph(facts: Facts) -> BuiltGraph:
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
        graph.nodes[node].update(role=role, rows=measures.rows_around(graph, node, "rows"))
    split = sorted(
        label for node, (label, _) in labels.items() if len(parents_on(facts, node).tops) > 1
    )
    notes = _of_firms(graph, split, left_out, inside)
    return _built(FIRMS, graph, measures.firm_measures(graph), notes)


def _of_firms(
    graph: nx.DiGraph[str], split: Sequence[str], to_places: int, inside: int
) -> Iterator[str]:
    yield "Each plant and firm stands as the highest single controller on record."
    if split:
        yield f"Above {listed(split)} records name several controllers."
    yield "A link says that goods move, not how much."
    links = sum(round(count) for *_, count in measures.edges_in(graph, "links"))
    unsure = links - sum(round(count) for *_, count in measures.edges_in(graph, "surely"))
    if unsure:
        yield f"Only perhaps on the day, by their dates: {unsure} of {counted(links, 'link')}."
    if to_places:
        places = counted(to_places, "link")
        yield f"Left out: {places} to or from a country: no path leads over a country."
    if inside:
        yield f"Left out: {counted(inside, 'link')} inside one firm."
    if not measures.hangs_together(graph):
        yield (
            "Records are thin: the largest part that links join has "
            f"{measures.largest_part(graph)} of {counted(len(graph), 'firm')}. Links are "
            "counted; paths are not measured."
        )
    plants = sorted(x["label"] for _, x in graph.nodes(data=True) if x["kind"] == "plant")
    if plants:
        yield f"Without one controlling owner on record: {listed(plants)}."


def _controller(
    facts: Facts, operators: Mapping[str, Mapping[str, str]], kind: str, who: str, label: str
) -> tuple[str, str, str]:
    """Id, name and kind of who alone controls a plant or firm on the day; else itself."""
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


def flow_graph(model: ModelYear, market: str = WORLD) -> BuiltGraph:
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
    there, sellers = set[str](), list[str]()
    for _, cells in graph.nodes(data=True):
        stage, country = cells["stage"], cells["country"]
        there.add(stage)
        cells["rows"] = model.rows(stage, country)
        if model.resells(stage, country):
            sellers.append(model.named(country))
            cells.update(role=SELLS_ORE, label=f"{model.named(country)}, {SELLS_ORE}")
    users = sorted(node for node in graph if node.startswith(f"{USE}/"))
    markets = [user for user in users if market == WORLD or user == f"{USE}/{market}"]
    skipped = [x.code for x in YearRoutes(model, WORLD).stages if x.code not in there]
    notes = _of_flows(skipped, lost, scrap, sorted(sellers), reached=bool(markets))
    return _built(FLOW, graph, measures.flow_measures(graph, markets), notes, model.chain.year)


def _of_flows(
    skipped: Sequence[str],
    unexplained: Mapping[str, float],
    scrap: float,
    sellers: Sequence[str],
    *,
    reached: bool,
) -> Iterator[str]:
    yield "A link is as short as it is large: distance is 1 / tonnes."
    yield "Betweenness and PageRank are of all flows. Paths and losses are of the market."
    yield "Every pair of a mine and a user counts alike, however small."
    if skipped:
        stages = listed(STAGES[stage] for stage in skipped)
        yield f"Skipped: {stages}, of which the year has no maker; paths there are shorter."
    for stage, lost in unexplained.items():
        if lost > LEAST:
            yield f"Left out: {in_tonnes(lost)} after {STAGES[stage]} that no figure accounts for."
    if scrap:
        yield f"Separation also makes {in_tonnes(scrap)} from scrap, which no mine sends."
    if sellers:
        who = listed(map(named, sellers))
        yield f"No path starts at who sells ore but is not known to mine: {who}."
    if not reached:
        yield "No flow reaches the market: no path is measured."


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
RESTRICTIONS = RULES | {"consolidation"}
"""Kinds of acts that restrict somebody; of other kinds their rows do not say that they do."""


def policy_graph(facts: Facts) -> BuiltGraph:
    """Return who binds whom by acts that touch an element on a day."""
    statuses, acts = read_statuses(facts.store, facts.date), read_acts(facts.store)
    counts = {IN_FORCE: Counter[tuple[str, str]](), MAY_BE: Counter[tuple[str, str]]()}
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    nobody, no_restriction, endings = 0, list[Act](), list[Act]()
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
            nobody += not edges
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
        rows = tuple(f"policies/{act}" for act in measures.rows_around(graph, node, "acts"))
        role = _role(graph, node, "acts on others", "both", "is bound")
        graph.nodes[node].update(role=role, rows=rows)
    notes = _of_acts(graph, nobody, no_restriction, endings)
    return _built(POLICIES, graph, measures.policy_measures(graph), notes)


def _of_acts(
    graph: nx.DiGraph[str], nobody: int, no_restriction: Sequence[Act], endings: Sequence[Act]
) -> Iterator[str]:
    yield "Only acts in force that restrict count: from who issued them to each target."
    unsure = round(sum(count for *_, count in measures.edges_in(graph, "perhaps")))
    if unsure:
        yield f"Not counted: {unsure} times an act that may be in force, between two states."
    if nobody:
        yield f"Left out: {counted(nobody, 'act')} aimed at no other state."
    if no_restriction:
        kinds = listed(sorted({act.kind_label.lower() for act in no_restriction}))
        acts = counted(len(no_restriction), "act")
        yield f"Not counted: {acts} whose kind names no restriction ({kinds})."
    if endings:
        titles = "; ".join(sorted(act.title for act in endings))
        yield f"Not counted, for it ends a restriction of its own kind: {titles}."


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
