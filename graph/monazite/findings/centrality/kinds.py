"""The three kinds of graph: what each is built from, what it leaves out, and its measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from monazite.errors import NotKnownError
from monazite.findings.centrality.cells import edges_in, nodes_in
from monazite.findings.centrality.firm_graph import FirmGraph, firm_graph
from monazite.findings.centrality.flow_graph import FlowGraph, flow_graph
from monazite.findings.centrality.measures import (
    Numbers,
    firm_measures,
    flow_measures,
    hangs_together,
    largest_part,
    policy_measures,
)
from monazite.findings.centrality.policy_graph import PolicyGraph, policy_graph
from monazite.findings.events.failure_points import ModelYear
from monazite.findings.standing.makers import read_known_year
from monazite.findings.wording import STAGES, listed
from monazite.network.facts import Facts
from monazite.network.shares import WORLD
from monazite.parameters import FIRMS, FLOW, GRAPHS, check_word
from monazite.safe_text import counted, in_tonnes
from monazite.triples.names import named

if TYPE_CHECKING:
    Graph: TypeAlias = nx.DiGraph[str]
else:
    Graph = nx.DiGraph  # networkx is generic for type checkers only


@dataclass(frozen=True)
class BuiltGraph:
    """A graph that is to be measured.

    Attributes:
        year: of its tonnes; None where it is of a day.
    """

    kind: str
    graph: Graph
    year: int | None
    values: Mapping[str, Numbers]
    notes: tuple[str, ...]


def build_graph(
    facts: Facts, kind: str, market: str = WORLD, label: str = "World", year: int | None = None
) -> BuiltGraph:
    """Build and measure a graph.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> round(build_graph(facts, "flow", year=2024).values["on_paths"]["separation/CHN"], 3)
    1.0
    """
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
    kind: str, graph: Graph, year: int | None, values: Mapping[str, Numbers], notes: Iterable[str]
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
