"""How fast the loops over max-flow are: seconds are printed, only ratios are asserted.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import networkx as nx
import pytest

from monazite.findings.routes.capacities import SINK, SOURCE, demand_of, flow_graph
from monazite.findings.routes.cuts import find_cuts
from monazite.findings.routes.maxflow import UNCAPPED, FlowSolver
from monazite.findings.routes.node_roles import find_structure
from monazite.network.graph import Network
from tests.conftest import view_in_memory


@pytest.fixture(scope="module")
def network() -> Network:
    return view_in_memory().network("Dy", "USA")


def seconds_of(do: Callable[[], object], times: int) -> float:
    """Median seconds of a call, over rounds of several."""
    rounds = []
    for _ in range(7):
        started = time.perf_counter()
        for _ in range(times):
            do()
        rounds.append((time.perf_counter() - started) / times)
    return median(rounds)


def test_a_cut_is_five_times_as_fast_as_by_networkx(
    network: Network, report: Callable[[str], None]
) -> None:
    graph = flow_graph(network)
    solver = FlowSolver(graph, SOURCE, SINK)
    demand = demand_of(solver, UNCAPPED, UNCAPPED)
    for arc, cap in demand.items():
        graph.edges[arc]["capacity"] = cap
    assert solver.minimum_cut(demand).value == nx.minimum_cut(graph, SOURCE, SINK)[0]
    ours = seconds_of(lambda: solver.minimum_cut(demand), 100)
    theirs = seconds_of(lambda: nx.minimum_cut(graph, SOURCE, SINK), 10)
    report(f"cut {ours * 1e6:.0f} us, networkx {theirs * 1e6:.0f} us: {theirs / ours:.1f} times")
    assert theirs / ours >= 5


def test_a_report_takes_no_longer_than_three_hundred_cuts_by_networkx(
    network: Network, report: Callable[[str], None]
) -> None:
    graph = flow_graph(network)
    cut = seconds_of(lambda: nx.minimum_cut(graph, SOURCE, SINK), 10)
    for name, do in (
        ("structure", lambda: find_structure(network)),
        ("cuts, k = 3", lambda: find_cuts(network, k=3, left=0.1)),
    ):
        taken = seconds_of(do, 1)
        report(f"{name} {taken:.3f} s: as long as {taken / cut:.0f} cuts by networkx")
        assert taken / cut <= 300
