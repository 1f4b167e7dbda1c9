"""The fast max-flow against networkx, the referee, and against the laws of cuts and flows."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.routes.maxflow import UNCAPPED, FlowSolver

NODES = [f"n{i}" for i in range(7)]


@st.composite
def graphs(draw: st.DrawFn) -> nx.DiGraph[str]:
    """Draw a graph with back arcs, arcs both ways, and some arcs that nothing caps."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(NODES)
    pairs = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda p: p[0] != p[1])
    for tail, head in draw(st.lists(pairs, max_size=25)):
        graph.add_edge(tail, head, capacity=draw(st.integers(0, 9)))
    return graph


@given(graphs())
def test_value_and_cut_are_those_of_networkx(graph: nx.DiGraph[str]) -> None:
    found = FlowSolver(graph, "n0", "n6").minimum_cut()
    value, (side, _) = nx.minimum_cut(graph, "n0", "n6")
    assert found.value == value
    assert found.source_side == side


@given(graphs())
def test_what_flows_in_flows_out(graph: nx.DiGraph[str]) -> None:
    found = FlowSolver(graph, "n0", "n6").minimum_cut()
    net: dict[str, int] = defaultdict(int)
    for (tail, head), amount in found.flow.items():
        assert 0 < amount <= graph.edges[tail, head]["capacity"]
        net[tail] -= amount
        net[head] += amount
    ends = {"n0": -found.value, "n6": found.value} if found.value else {}
    assert {node: amount for node, amount in net.items() if amount} == ends


@given(graphs(), st.integers(0, 9))
def test_a_changed_capacity_is_a_changed_graph(graph: nx.DiGraph[str], cap: int) -> None:
    if not graph.size():
        return
    solver = FlowSolver(graph, "n0", "n6")
    before = solver.minimum_cut().value
    arc = solver.arcs[0]
    changed = solver.minimum_cut({arc: cap}).value
    assert solver.minimum_cut().value == before, "a change is forgotten"
    graph.edges[arc]["capacity"] = cap
    assert changed == nx.maximum_flow_value(graph, "n0", "n6")


@given(graphs(), st.integers(0, 6))
def test_enough_is_as_good_as_all(graph: nx.DiGraph[str], cutoff: int) -> None:
    whole = FlowSolver(graph, "n0", "n6").minimum_cut().value
    found = FlowSolver(graph, "n0", "n6").minimum_cut(cutoff=cutoff)
    assert (found.value > cutoff) == (whole > cutoff)
    assert found.value <= whole
    assert (found.source_side == frozenset()) == (found.value > cutoff)


@given(graphs())
def test_a_neck_is_an_arc_with_which_a_unit_less_flows(graph: nx.DiGraph[str]) -> None:
    solver = FlowSolver(graph, "n0", "n6")
    value, in_cuts = solver.arcs_in_minimum_cuts()
    assert value == solver.minimum_cut().value
    caps = {arc: graph.edges[arc]["capacity"] for arc in solver.arcs}
    less = {
        arc for arc, cap in caps.items() if cap and solver.minimum_cut({arc: cap - 1}).value < value
    }
    assert in_cuts == less


@given(graphs(), st.integers(0, 9))
def test_arcs_in_minimum_cuts_of_a_changed_capacity_are_those_of_a_changed_graph(
    graph: nx.DiGraph[str], cap: int
) -> None:
    if not graph.size():
        return
    solver = FlowSolver(graph, "n0", "n6")
    arc = solver.arcs[0]
    found = solver.arcs_in_minimum_cuts({arc: cap})
    graph.edges[arc]["capacity"] = cap
    assert found == FlowSolver(graph, "n0", "n6").arcs_in_minimum_cuts()


def test_an_arc_without_capacity_is_not_capped_and_small_numbers_are_not_lost() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("mine", "plant")
    graph.add_edge("plant", "market", capacity=10**15 + 1)
    assert (
        FlowSolver(graph, "mine", "market").minimum_cut({("mine", "plant"): UNCAPPED**2}).value
        == 10**15 + 1
    )
    assert FlowSolver(graph, "mine", "market").minimum_cut().value == UNCAPPED


def test_an_unknown_arc_is_no_silent_change() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([("mine", "market")])
    with pytest.raises(KeyError):
        FlowSolver(graph, "mine", "market").minimum_cut({("market", "mine"): 1})
