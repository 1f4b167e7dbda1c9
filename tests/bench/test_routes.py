"""How fast all pools are measured beside networkx in loops: seconds are printed, ratios asserted.

Both tell the same of every pool of the same graph: single point of failure, in a smallest cut,
routes without it. They run in turns, and the shortest time of each counts. On large graphs the
loops ask of some pools only, and their time is scaled to all.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from monazite.findings.routes.capacities import flow_graph
from monazite.findings.routes.disjoint_routes import find_routes
from monazite.findings.routes.route_net import unnamed_pools
from monazite.network.graph import Network
from tests.bench.layered import layered
from tests.conftest import view_in_memory
from tests.findings.route_loops import Loops, places, pools_of

NETWORKS: dict[str, Callable[[], Network]] = {
    "Dy for the USA": lambda: view_in_memory().network("Dy", "USA"),
    "1e3 arcs": lambda: layered(20, 14),
    "1e4 arcs": lambda: layered(60, 50),
    "1e5 arcs": lambda: layered(300, 108),
}
ROUNDS = {"Dy for the USA": 30, "1e3 arcs": 3, "1e4 arcs": 3, "1e5 arcs": 1}
ASKED = {"1e4 arcs": 12, "1e5 arcs": 3}
"""Pools that the loops ask of; all where nothing is said."""
LEAST = {"Dy for the USA": 10, "1e3 arcs": 50, "1e4 arcs": 50, "1e5 arcs": 50}
"""How many times as fast it must be; a graph of fifty arcs is too small for fifty times."""


def seconds_of(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


@pytest.mark.parametrize("name", NETWORKS)
def test_measures_are_fifty_times_as_fast_as_loops_over_networkx(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    network = NETWORKS[name]()
    graph, spared = flow_graph(network), unnamed_pools(network)
    pools = pools_of(graph)
    asked = random.Random(0).sample(pools, ASKED.get(name, len(pools)))
    found, loops = find_routes(graph, spared), Loops(graph, spared)
    by_loops = {pool: loops.place(pool) for pool in asked}
    assert places(found, asked) == by_loops
    times: dict[str, list[float]] = {"ours": [], "made": [], "removed": []}
    for _ in range(ROUNDS[name]):
        times["ours"].append(seconds_of(lambda: find_routes(graph, spared)))
        times["made"].append(seconds_of(lambda: Loops(graph, spared)))
        times["removed"].append(seconds_of(lambda: [loops.place(pool) for pool in asked]))
    best = {part: min(taken) for part, taken in times.items()}
    theirs = best["made"] + best["removed"] * len(pools) / len(asked)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{name}: {graph.size():,} arcs, {len(pools):,} pools, {1000 * best['ours']:.2f} ms; "
            f"loops over {len(asked):,} pools, scaled to all, {1000 * theirs:,.1f} ms: "
            f"{theirs / best['ours']:.0f} times",
            end="",
        )
    assert theirs / best["ours"] >= LEAST[name]
