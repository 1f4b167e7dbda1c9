"""How fast contingencies are: seconds are printed, only ratios are asserted.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import pytest

from monazite.findings.chain import NDPR, Chain
from monazite.findings.ledger import MAGNET, METAL, MINE, SEPARATION
from monazite.findings.programme import Event, Horizon, serve
from monazite.findings.study import read_base_year
from monazite.network.facts import read_facts
from tests.bench.test_flows import seconds_of
from tests.conftest import view_in_memory

SHORT = Horizon("short-run", 1.25, 1.1)


@pytest.fixture(scope="module")
def chain() -> Chain:
    view = view_in_memory()
    return (
        read_base_year(read_facts(view.store, "MREE", view.valid), 2024, "WLD", "world")
        .accounts()
        .chain()
    )


def pools_graph(chain: Chain) -> nx.DiGraph[str]:
    """The strand of NdPr without recipes, as networkx takes it: grams, and no bound where free."""
    strand = chain.strands[NDPR]
    graph: nx.DiGraph[str] = nx.DiGraph()
    for (stage, pool), tonnes in strand.made.items():
        graph.add_edge(f"{stage} {pool} in", f"{stage} {pool}", capacity=round(tonnes * 1e6))
        if stage == MINE:
            graph.add_edge("source", f"{stage} {pool} in")
        if stage == MAGNET:
            graph.add_edge(f"{stage} {pool}", "sink")
    for (stage, seller, buyer), tonnes in strand.flows.items():
        graph.add_edge(f"{stage} {seller}", f"{stage} {buyer}", capacity=round(tonnes * 1e6))
    for stage, after in ((MINE, SEPARATION), (SEPARATION, METAL), (METAL, MAGNET)):
        for at, pool in strand.taken:
            if at == stage:
                target = strand.pool(after, pool)
                graph.add_edge(f"{stage} {pool}", f"{after} {target} in")
    return graph


def test_a_contingency_beside_a_maximum_flow_of_networkx(
    chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = pools_graph(chain)
    event = Event(output={(SEPARATION, "CHN"): 0.0})
    runs: dict[str, Callable[[], object]] = {
        "networkx, one element": lambda: nx.maximum_flow_value(graph, "source", "sink"),
        "one element, scarcity shared": lambda: serve(
            chain, SHORT, event, elements=frozenset([NDPR])
        ),
        "three elements with recipes": lambda: serve(chain, SHORT, event),
    }
    seconds = {name: seconds_of(run, 10) for name, run in runs.items()}
    base = seconds["networkx, one element"]
    with capsys.disabled():
        for name, value in seconds.items():
            print(f"\n{name}: {1000 * value:.2f} ms, {value / base:.1f} times", end="")  # noqa: T201
    assert seconds["one element, scarcity shared"] < 3 * base  # 1.9 on a quiet machine
    assert seconds["three elements with recipes"] < 5 * base
