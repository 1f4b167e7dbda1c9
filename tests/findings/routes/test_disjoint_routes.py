"""Routes against networkx with one pool removed after the other, and against chains by hand."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.routes.capacities import MARKET, SINK, SOURCE, flow_graph
from monazite.findings.routes.disjoint_routes import find_routes
from monazite.findings.routes.route_net import unnamed_pools
from monazite.network.graph import Network
from monazite.network.shares import REST
from tests.bench.made import layered
from tests.conftest import view_in_memory
from tests.findings.chains import chain
from tests.findings.route_loops import FREE, Loops, places, pools_of

NOTHING = 1e-9


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Draw pools of up to five countries and of the rest of the world at two to four stages.

    Some pools and arcs carry nothing. The market is the world, or takes from some.
    """
    share = st.sampled_from([0.3, 0.3, 0.3, NOTHING])
    places = st.sampled_from(["A", "B", "C", "D", REST])
    stages = ["mine", "separation", "metal", "magnet"][: draw(st.integers(2, 4))]
    shares = {stage: draw(st.dictionaries(places, share, min_size=1)) for stage in stages}
    crossings = [
        (f"{before}/{seller}", f"{after}/{buyer}")
        for before, after in pairwise(stages)
        for seller in shares[before]
        for buyer in shares[after]
        if seller != buyer
    ]
    trade = draw(st.dictionaries(st.sampled_from(crossings), share)) if crossings else {}
    last = sorted(shares[stages[-1]])
    mix = draw(st.none() | st.dictionaries(st.sampled_from(last), share))
    return chain(shares, trade, mix)


def agree(network: Network) -> None:
    graph, spared = flow_graph(network), unnamed_pools(network)
    found, loops = find_routes(graph, spared), Loops(graph, spared)
    assert found.disjoint == loops.disjoint
    assert found.cut_size == (None if loops.fewest >= FREE else loops.fewest)
    assert places(found, pools_of(graph)) == loops.places(pools_of(graph))


@given(networks())
def test_removing_one_pool_after_the_other_agrees(network: Network) -> None:
    agree(network)


@pytest.mark.parametrize(("element", "market"), [("Dy", "USA"), ("Nd", "WLD"), ("NdPr", "JPN")])
def test_shipped_networks_agree(element: str, market: str) -> None:
    agree(view_in_memory().network(element, market))


def test_a_larger_network_agrees() -> None:
    agree(layered(8, 4))


@given(networks())
def test_single_points_of_failure_are_the_dominators_of_networkx(network: Network) -> None:
    graph = flow_graph(network)
    found = find_routes(graph)
    open_ = nx.DiGraph(arc for arc in graph.edges if graph.edges[arc].get("capacity") != 0)
    open_.add_nodes_from([SOURCE, MARKET])
    above = nx.immediate_dominators(open_, SOURCE)
    passed, node = set(), MARKET
    while node != SOURCE and above.get(node) is not None:
        node = above[node]
        passed.add(node.removesuffix(" in").removesuffix(" out"))
    assert {pool for pool in pools_of(graph) if found.dominates(pool)} == passed - {SOURCE}


def test_a_pool_off_the_routes_changes_none_of_them() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([(SOURCE, "a in"), ("a out", MARKET), (MARKET, SINK)])
    graph.add_edge("a in", "a out", capacity=1)
    graph.add_edge("b in", "b out", capacity=1)
    found = find_routes(graph)
    assert (found.without("a"), found.without("b"), found.without("")) == (0, 1, 1)
    assert [pool for pool in "ab" if found.dominates(pool)] == ["a"]


def test_nothing_dominates_where_nothing_arrives() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([(SOURCE, "a in"), (MARKET, SINK)])
    found = find_routes(graph)
    assert (found.disjoint, found.cut_size, found.without("a")) == (0, 0, 0)
    assert not found.dominates("a")
