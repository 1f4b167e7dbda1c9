"""How fast contingencies are: seconds are printed, only ratios are asserted.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import networkx as nx
import pytest

from monazite.findings.chain.base_year import read_base_year
from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import Event, Horizon
from monazite.findings.flow_model.programme import Programme
from monazite.network.facts import read_facts
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION
from tests.bench.test_flows import seconds_of
from tests.conftest import view_in_memory

SHORT = Horizon("short-run", 1.25, 1.1)
NDPR = "NdPr"
EVENTS = [
    Event(output={(SEPARATION, "CHN"): 0.0}),
    Event(output={(MINE, "MMR"): 0.0}),
    Event(output={(METAL, "CHN"): 0.5}),
    Event(sales={("*", "CHN", "*", "*"): 0.0}),
]


@pytest.fixture(scope="module")
def chain() -> Chain:
    view = view_in_memory()
    return (
        read_base_year(read_facts(view.store, "MREE", view.valid), 2024, "WLD", "world")
        .accounts()
        .chain()
    )


def pools_graph(chain: Chain) -> nx.DiGraph[str]:
    """The chain of NdPr without recipes, as networkx takes it: grams, and no bound where free."""
    element_chain = chain.element_chains[NDPR]
    graph: nx.DiGraph[str] = nx.DiGraph()
    for (stage, pool), tonnes in element_chain.made.items():
        graph.add_edge(f"{stage} {pool} in", f"{stage} {pool}", capacity=round(tonnes * 1e6))
        if stage == MINE:
            graph.add_edge("source", f"{stage} {pool} in")
        if stage == MAGNET:
            graph.add_edge(f"{stage} {pool}", "sink")
    for (stage, seller, buyer), tonnes in element_chain.flows.items():
        graph.add_edge(f"{stage} {seller}", f"{stage} {buyer}", capacity=round(tonnes * 1e6))
    after = {MINE: SEPARATION, SEPARATION: METAL, METAL: MAGNET}
    for stage, pool in element_chain.taken:
        target = element_chain.pool(after[stage], pool)
        graph.add_edge(f"{stage} {pool}", f"{after[stage]} {target} in")
    for pool, tonnes in element_chain.used.items():
        graph.add_edge(f"{SEPARATION} {pool}", "sink", capacity=round(tonnes * 1e6))
    return graph


def test_a_contingency_beside_a_maximum_flow_of_networkx(
    chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    graph, programme, events = pools_graph(chain), Programme(chain), cycle(EVENTS)
    others = frozenset((element, METAL) for element in chain.element_chains if element != NDPR)
    runs: dict[str, Callable[[], object]] = {
        "networkx, one element": lambda: nx.maximum_flow_value(graph, "source", "sink"),
        "one element, scarcity shared": lambda: programme.serve(
            SHORT, next(events), unlimited=others
        ),
        "three elements with recipes": lambda: programme.serve(SHORT, next(events)),
        "three elements, built anew": lambda: Programme(chain).serve(SHORT, next(events)),
    }
    seconds = {name: seconds_of(run, 12) for name, run in runs.items()}
    base = seconds["networkx, one element"]
    with capsys.disabled():
        for name, value in seconds.items():
            print(f"\n{name}: {1000 * value:.2f} ms, {value / base:.1f} times", end="")  # noqa: T201
    assert seconds["one element, scarcity shared"] < 2 * base
    assert seconds["three elements with recipes"] < 2 * base
