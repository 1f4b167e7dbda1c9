"""The flows as a graph, by hand: who makes what the next stage takes, and what leaves the graph."""

from __future__ import annotations

from dataclasses import replace
from math import fsum

import pytest

from monazite.findings.centrality.flow_graph import flow_graph, graph_of
from monazite.findings.chain.chain import Chain
from monazite.findings.routes.year_routes import YearRoutes
from monazite.findings.standing.makers import read_known_year
from tests.conftest import view_in_memory
from tests.findings.centrality.graphs import flows_of, tonnes_in
from tests.findings.small_chains import one_mine, small_chain, two_sellers


def changed(chain: Chain, **given: object) -> Chain:
    found = replace(chain.element_chains["Dy"], **given)  # type: ignore[arg-type]
    return replace(chain, element_chains={"Dy": found})


def test_what_one_makes_and_the_next_takes_is_an_edge_at_home_too() -> None:
    """A mines 100 t, separates them and sells 60 t of oxide to B."""
    graph = flows_of(one_mine()).graph
    assert tonnes_in(graph) == pytest.approx(
        {
            ("mine/A", "separation/A"): 100,
            ("separation/A", "metal/A"): 40,
            ("separation/A", "metal/B"): 60,
            ("metal/A", "magnet/A"): 40,
            ("metal/B", "magnet/B"): 60,
            ("magnet/A", "use/A"): 40,
            ("magnet/B", "use/B"): 60,
        }
    )
    edge = graph.edges["separation/A", "metal/B"]
    assert edge["distance"] == 1 / edge["tonnes"]
    assert graph.nodes["separation/A"]["label"] == "A separation"


def test_who_sells_on_makes_nothing_and_is_no_node() -> None:
    """A and C sell T 30 t of oxide each, T sells all to B: B has half of each."""
    ends = {"A": 30.0, "C": 30.0}
    made = {"mine": ends, "separation": ends, "metal": {"B": 60.0}, "magnet": {"B": 60.0}}
    flows = {
        ("separation", "A", "T"): 30.0,
        ("separation", "C", "T"): 30.0,
        ("separation", "T", "B"): 60.0,
    }
    graph = flows_of(small_chain(made, flows)).graph
    assert not [node for node in graph if node.endswith("/T")]
    assert graph.edges["separation/A", "metal/B"]["tonnes"] == pytest.approx(30)
    assert graph.edges["separation/C", "metal/B"]["tonnes"] == pytest.approx(30)


def test_ore_goes_to_who_separates_it_and_nobody_sells_it_on() -> None:
    """B mines 20 t and buys 30 t of A, and sells its own 20 t to C: C has no ore of A."""
    made = {
        "mine": {"A": 30.0, "B": 20.0},
        "separation": {"B": 30.0, "C": 20.0},
        "metal": {"B": 30.0, "C": 20.0},
        "magnet": {"B": 30.0, "C": 20.0},
    }
    graph = flows_of(small_chain(made, {("mine", "A", "B"): 30.0, ("mine", "B", "C"): 20.0})).graph
    assert graph.edges["mine/A", "separation/B"]["tonnes"] == pytest.approx(30)
    assert graph.edges["mine/B", "separation/C"]["tonnes"] == pytest.approx(20)
    assert not graph.has_edge("mine/A", "separation/C")
    assert not graph.has_edge("mine/B", "separation/B")


def test_what_no_figure_accounts_for_has_no_node_and_is_told() -> None:
    """Of the 110 t that B takes 50 are explained by nobody."""
    parts = {"A": 40.0, "B": 110.0}
    made = {"mine": {"A": 75.0}, "separation": {"A": 100.0}, "metal": parts, "magnet": parts}
    chain = small_chain(made, {("separation", "A", "B"): 60.0})
    taken = {**chain.element_chains["Dy"].taken, ("separation", "B"): 110.0, ("mine", "A"): 75.0}
    missing = {("separation", "B"): 50.0}
    found = flows_of(changed(chain, scrap={"A": 25.0}, missing=missing, taken=taken))
    assert found.unexplained == pytest.approx({"separation": 50})
    assert found.scrap == 25
    assert found.graph.edges["separation/A", "metal/B"]["tonnes"] == pytest.approx(60)
    assert not [node for node in found.graph if "unexplained" in node]


def test_a_market_says_which_users_are_asked_about() -> None:
    whole, one = flows_of(one_mine()), flows_of(one_mine(), "B")
    assert whole.markets == ("use/A", "use/B")
    assert one.markets == ("use/B",)
    assert tonnes_in(whole.graph) == tonnes_in(one.graph)
    assert flows_of(one_mine(), "NOBODY").markets == ()


def test_what_is_next_to_nothing_is_no_edge() -> None:
    graph = graph_of({("mine/A", "metal/B"): 1e-9, ("mine/B", "metal/B"): 1.0})
    assert list(graph.edges) == [("mine/B", "metal/B")]


@pytest.mark.parametrize("element", ["Dy", "NdPr", "Tb", "MREE"])
def test_a_stage_takes_what_the_balance_says(element: str) -> None:
    """What comes to a stage is what is taken there, less what no figure accounts for."""
    model, _ = read_known_year(view_in_memory().facts(element), year=2024)
    assert model is not None
    found, routes = flow_graph(model), YearRoutes(model, "WLD")
    for stage, after in zip(routes.stages, routes.stages[1:], strict=False):
        came = fsum(
            edge["tonnes"]
            for _, head, edge in found.graph.edges(data=True)
            if head.startswith(f"{after.code}/")
        )
        lost = found.unexplained.get(stage.code, 0.0)
        assert came + lost == pytest.approx(fsum(stage.taken.values()), abs=1e-3)


def test_two_sellers_have_half_each() -> None:
    graph = flows_of(two_sellers(), "B").graph
    assert graph.in_degree("metal/B", weight="tonnes") == pytest.approx(60)


def test_a_stage_without_makers_is_skipped_and_named() -> None:
    """Nobody is known to mine or separate: what is taken after separation is not accounted for."""
    parts = {"A": 40.0, "B": 60.0}
    chain = small_chain({"mine": {}, "separation": {}, "metal": parts, "magnet": parts}, {})
    taken = {**chain.element_chains["Dy"].taken}
    taken |= {("separation", pool): tonnes for pool, tonnes in parts.items()}
    missing = {("separation", pool): tonnes for pool, tonnes in parts.items()}
    found = flows_of(changed(chain, taken=taken, missing=missing))
    assert found.skipped == ("mine", "separation")
    assert found.unexplained == pytest.approx({"separation": 100})
    assert {node.split("/")[0] for node in found.graph} == {"metal", "magnet", "use"}


def test_a_trade_that_nobody_sells_on_is_the_balance_s() -> None:
    """Japan buys dysprosium oxide of China, and sells none: the edge is the trade."""
    model, _ = read_known_year(view_in_memory().facts("Dy"), year=2024)
    assert model is not None
    chain = model.chain.element_chains["Dy"]
    graph = flow_graph(model).graph
    traded = chain.flows["separation", "CHN", "JPN"]
    assert graph.edges["separation/CHN", "metal/JPN"]["tonnes"] == pytest.approx(traded)
    ore = chain.flows["mine", "MMR", "CHN"]
    assert graph.edges["mine/MMR", "separation/CHN"]["tonnes"] == pytest.approx(ore)
    kept = chain.made["mine", "CHN"] - sum(
        tonnes
        for (stage, seller, _), tonnes in chain.flows.items()
        if (stage, seller) == ("mine", "CHN")
    )
    assert graph.edges["mine/CHN", "separation/CHN"]["tonnes"] == pytest.approx(kept)
