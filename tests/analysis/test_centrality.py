"""Centrality of the shipped rows: every number is what networkx gives on ``.graph``."""

from __future__ import annotations

import networkx as nx
import pytest

from monazite.analysis.centrality.centrality import (
    FEWEST,
    correlation,
    disagreements,
    find_centrality,
)
from monazite.analysis.centrality.graphs import build_graph
from monazite.analysis.centrality.measures import DAMPING, measure_named
from monazite.analysis.centrality.result import Centrality, CentralNode
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.model.wording import place_at
from monazite.view.opening import load
from tests.conftest import view_in_memory
from tests.sharing import only_whole

ELEMENTS = ["Dy", *only_whole("NdPr", "Y", "MREE")]


def of(element: str, market: str = "WLD", **asked: object) -> Centrality:
    return view_in_memory().centrality(element, market, year=2024, **asked)  # type: ignore[arg-type]


def column(found: Centrality, measure: str) -> dict[str, float]:
    return {node.id: node.measures[measure] for node in found.nodes}


@pytest.mark.parametrize("element", ELEMENTS)
def test_every_number_of_flows_is_what_networkx_finds_on_the_graph(element: str) -> None:
    found, graph = of(element), of(element).graph
    assert set(column(found, "betweenness")) == set(graph)
    theirs = nx.betweenness_centrality(graph, weight="distance")
    assert column(found, "betweenness") == pytest.approx(theirs, abs=1e-12)
    assert column(found, "tonnes_in") == pytest.approx(
        dict(graph.in_degree(weight="tonnes")), rel=1e-12
    )
    assert column(found, "tonnes_out") == pytest.approx(
        dict(graph.out_degree(weight="tonnes")), rel=1e-12
    )
    ranks = nx.pagerank(graph.reverse(), alpha=DAMPING, weight="tonnes", tol=1e-13, max_iter=10_000)
    assert column(found, "pagerank") == pytest.approx(ranks, abs=1e-9)
    mines = [node for node in graph if graph.nodes[node]["role"] == "mine"]
    users = [node for node in graph if node.startswith("use/")]
    pairs = sum(nx.has_path(graph, one, to) for one in mines for to in users)
    passed = nx.betweenness_centrality_subset(
        graph, mines, users, normalized=False, weight="distance"
    )
    expected = {node: part / pairs for node, part in passed.items()}
    assert column(found, "on_paths") == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("element", ["Dy", *only_whole("NdPr")])
def test_firms_and_acts_are_what_networkx_finds(element: str) -> None:
    firms, acts = of(element, kind="firms"), of(element, kind="policy")
    assert column(firms, "links") == dict(firms.graph.degree())
    assert column(acts, "in_force_by") == dict(acts.graph.out_degree(weight="in_force"))
    ranks = nx.pagerank(acts.graph, weight="in_force", tol=1e-13, max_iter=10_000)
    assert column(acts, "pagerank") == pytest.approx(ranks, abs=1e-9)


@pytest.mark.parametrize(("element", "market"), [("Dy", "USA"), ("NdPr", "WLD")])
def test_losses_are_those_of_the_report(element: str, market: str) -> None:
    report = view_in_memory().chokepoints(element, market, year=2024)
    lines = {name: line for line in report.chokepoints for name in line.label.split(" = ")}
    found = of(element, market)
    for node in found.nodes:
        line = lines.get(node.label)
        assert node.loss == (None if line is None else line.loss)
        assert node.loss_low == (None if line is None else line.loss_low)
    assert found.node("separation/CHN").loss == report.line("separation/CHN").loss


def test_the_graph_is_the_measured_one_and_cannot_be_changed() -> None:
    found = of("Dy")
    with pytest.raises(nx.NetworkXError):
        found.graph.add_edge("mine/CHN", "use/USA")
    copy = found.graph.copy()
    copy.add_edge("mine/CHN", "use/USA")
    assert not found.graph.has_edge("mine/CHN", "use/USA")


def test_firms_without_losses_are_compared_with_nothing() -> None:
    found = of("Dy", kind="firms")
    known = [node for node in found.nodes if node.loss is not None]
    assert len(known) < FEWEST
    assert (found.agreements, found.said) == ((), ())
    assert any("too few to compare" in note for note in found.notes)
    assert any(note.startswith("Records are thin: ") for note in found.notes)
    assert "betweenness" not in found.nodes[0].measures


def test_what_cannot_be_measured_is_a_sentence() -> None:
    view = view_in_memory()
    with pytest.raises(NotKnownError, match="flows of TREO are not known"):
        view.centrality("TREO")
    with pytest.raises(UnknownNameError, match="too thin"):
        of("Dy", kind="firms", by="pagerank")
    with pytest.raises(UnknownNameError, match="no kind of graph"):
        build_graph(view.facts("Dy"), "flows")
    with pytest.raises(UnknownNameError, match="no measure"):
        find_centrality(view.facts("Dy"), view.chokepoints("Dy", year=2024), by="degree")
    with pytest.raises(UnknownNameError, match="Only flows"):
        of("Dy", kind="firms", draws=5)
    with pytest.raises(UnknownNameError, match="seed"):
        of("Dy", seed=5)


def test_a_graph_of_nothing_is_not_known() -> None:
    view = load(without=("table:supply_links",))
    with pytest.raises(NotKnownError, match="graph of firms is empty"):
        build_graph(view.facts("Dy"), "firms")


@pytest.mark.parametrize("element", ["Dy", *only_whole("NdPr")])
def test_the_correlations_are_those_of_scipy(element: str) -> None:
    from scipy import stats

    found = of(element)
    known = [node for node in found.nodes if node.ranking is not None]
    for each in found.agreements:
        values = [round(node.measures[each.measure], 12) for node in known]
        theirs = stats.spearmanr(values, [node.ranking for node in known]).statistic
        assert each.spearman == pytest.approx(theirs, abs=1e-12), each.measure
        assert each.places == len(known)


def test_the_ranks_of_a_year_are_those_of_its_graph() -> None:
    view = view_in_memory()
    found = view.centrality_over_years("NdPr", years=(2023, 2024))
    alone = view.centrality("NdPr", year=2024)
    values = {n.id: n.measures["betweenness"] for n in alone.nodes if n.stage != "use"}
    for line in found.lines:
        rank = line.ranks["betweenness"][1]
        if line.id in values:
            more = sum(other > values[line.id] + 1e-12 for other in values.values())
            assert rank == more + 1, line.id
        else:
            assert rank is None
    assert set(found.graphs) == {2023, 2024}
    assert set(found.graphs[2024]) == set(alone.graph)


def test_a_stage_that_a_year_lacks_is_told() -> None:
    """By hand from the balance: no oxide of 2020 is accounted for by makers."""
    found = view_in_memory().centrality_over_years("NdPr", years=(2020, 2024))
    assert found.stages[2024][0] == "mine"
    assert "mine" not in found.stages[2020]
    assert "2020 skips mining and separation." in found.notes
    assert any(note.startswith("A stage of which a year has no figure") for note in found.notes)
    mine = next(line for line in found.lines if line.id == "mine/CHN")
    assert mine.ranks["betweenness"][0] is None


def test_years_that_cannot_be_measured_are_named_with_why() -> None:
    found = view_in_memory().centrality_over_years("Dy", years=(2015, 2024))
    assert 2015 not in found.years
    assert any(year == 2015 for year, _ in found.left_out)
    assert any(note.startswith("Not measured, 2015") for note in found.notes)
    with pytest.raises(NotKnownError, match="No year from 2010 to 2012"):
        view_in_memory().centrality_over_years("Dy", years=(2010, 2012))


@pytest.mark.parametrize("years", [(2024, 2020), (1900, 2024), (0, 5)])
def test_years_that_are_none_are_refused(years: tuple[int, int]) -> None:
    with pytest.raises(UnknownNameError):
        view_in_memory().centrality_over_years("Dy", years=years)


@pytest.mark.whole
def test_draws_give_every_measure_a_range_around_its_number() -> None:
    view = view_in_memory()
    found = view.centrality("Dy", "USA", year=2024, draws=6, seed=1)
    assert found.draws is not None
    assert (found.draws.count, found.draws.seed) == (6, 1)
    for node in found.nodes:
        assert set(node.ranges) == set(node.measures)
        for name, span in node.ranges.items():
            assert span.low <= span.median <= span.high, (node.id, name)
    made = found.node("separation/CHN").ranges["tonnes_out"]
    assert made.low < made.high
    assert made.low * 0.8 < found.node("separation/CHN").measures["tonnes_out"] < made.high * 1.2
    mine = found.node("mine/MMR").ranges["betweenness"]
    assert (mine.low, mine.high) == (0, 0)
    for each in found.agreements:
        assert each.spread is not None
        assert -1 <= each.spread.low <= each.spread.high <= 1
    again = view.centrality("Dy", "USA", year=2024, draws=6, seed=1)
    assert [node.ranges for node in again.nodes] == [node.ranges for node in found.nodes]


def test_without_draws_there_is_no_range_and_it_is_said() -> None:
    found = view_in_memory().centrality("Dy", "USA", year=2024)
    assert found.draws is None
    assert not any(node.ranges for node in found.nodes)
    assert all(each.spread is None for each in found.agreements)
    assert "Centrality: range not drawn; --draws N draws it." in found.to_text(full=True)


BETWEEN = measure_named("flow", "betweenness")


def node(name: str, measure: float, loss: float | None) -> CentralNode:
    stage, _, country = name.partition("/")
    label = place_at(country, stage)
    return CentralNode(name, label, stage, stage, country, {"betweenness": measure}, loss=loss)


def test_a_correlation_is_over_what_has_both() -> None:
    assert correlation({"a": 3, "b": 2, "c": 1}, {"a": 9, "b": 5, "c": 1}) == 1
    assert correlation({"a": 3, "b": 2, "c": 1}, {"a": 1, "b": 5, "c": 9}) == -1
    assert correlation({"a": 1, "b": 1}, {"a": 1, "b": 5}) is None
    # by hand: ranks 1, 2.5, 2.5 against 1, 2, 3 give 1.5 / sqrt(1.5 * 2)
    tied = correlation({"a": 3, "b": 1, "c": 1}, {"a": 9, "b": 5, "c": 1})
    assert tied == pytest.approx(1.5 / (1.5 * 2) ** 0.5)


def test_a_difference_at_the_last_digit_is_none() -> None:
    assert correlation({"a": 0.1 + 0.2, "b": 0.3}, {"a": 1, "b": 5}) is None


def test_a_stage_without_any_of_the_measure_is_named_with_its_largest_loss() -> None:
    nodes = [
        node("mine/A", 0, 0.3),
        node("mine/B", 0, 0.6),
        node("metal/A", 0.5, 0.9),
        node("use/A", 0, None),
    ]
    first, *_ = disagreements(nodes, BETWEEN)
    assert first == "No mine has any betweenness, whatever is lost: 60 % without B mining."


def test_who_is_most_central_without_a_known_loss_is_named_too() -> None:
    nodes = [node("metal/A", 0.9, None), node("metal/B", 0.5, 0.1), node("metal/C", 0.1, 0.8)]
    first, *_ = disagreements(nodes, BETWEEN)
    assert first == (
        "A metal is most central by betweenness; the loss is not known. Of the 2 places with a "
        "known loss, B metal is most central. Without B metal, 10 % would be lost for good; the "
        "largest loss is 80 %, without C metal."
    )


def test_ties_are_told_and_users_lead_nothing() -> None:
    nodes = [node("metal/B", 0.5, 0.1), node("metal/C", 0.5, 0.8), node("use/A", 0.9, None)]
    first, *_ = disagreements(nodes, BETWEEN)
    assert first == (
        "B metal and C metal tie as most central by betweenness. Without B metal, of "
        "which least hangs, 10 % would be lost for good; the largest loss is 80 %, without C metal."
    )


def test_the_furthest_apart_is_named_with_both_places() -> None:
    nodes = [node(f"metal/{x}", 1 - place / 10, place / 10) for place, x in enumerate("ABCDE")]
    *_, last = disagreements(nodes, BETWEEN)
    assert last == (
        "Furthest apart: E metal, place 5 of 5 by betweenness and place 1 by loss (40 %)."
    )
