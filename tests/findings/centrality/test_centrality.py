"""Centrality of the shipped rows: every number is what networkx gives on ``.graph``."""

from __future__ import annotations

import networkx as nx
import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.centrality.centrality import FEWEST, find_centrality
from monazite.findings.centrality.kinds import build_graph
from monazite.findings.centrality.pagerank import DAMPING
from monazite.findings.centrality.result import Centrality
from monazite.view import load
from tests.conftest import view_in_memory
from tests.sharing import only_whole

ELEMENTS = ["Dy", "NdPr", *only_whole("Tb", "Y", "MREE", "Sm", "La")]


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


@pytest.mark.parametrize("element", ["Dy", "NdPr"])
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
        assert node.alone == (None if line is None else line.alone)
        assert node.loss_low == (None if line is None else line.loss_low)
    assert found.node("separation/CHN").loss == report.line("separation/CHN").loss


def test_the_graph_is_the_measured_one_and_cannot_be_changed() -> None:
    found = of("Dy")
    with pytest.raises(nx.NetworkXError):
        found.graph.add_edge("mine/CHN", "use/USA")
    copy = found.graph.copy()
    copy.add_edge("mine/CHN", "use/USA")
    assert not found.graph.has_edge("mine/CHN", "use/USA")


def test_a_market_changes_paths_and_losses_and_no_flow() -> None:
    world, usa = of("Dy"), of("Dy", "USA")
    assert column(world, "betweenness") == column(usa, "betweenness")
    assert nx.utils.graphs_equal(world.graph, usa.graph)
    assert world.node("metal/CHN").loss != usa.node("metal/CHN").loss


def test_mines_have_no_betweenness_and_it_is_said() -> None:
    found = of("Dy")
    assert not any(node.measures["betweenness"] for node in found.nodes if node.stage == "mine")
    assert found.said[0].startswith("No mine has any betweenness, whatever is lost: ")


def test_no_path_starts_at_who_only_sells_ore_on() -> None:
    """By hand from production.csv: Germany and Hong Kong mine no rare earths."""
    found = of("Dy")
    sellers = {node.id for node in found.nodes if node.role == "sells ore"}
    assert "mine/DEU" in sellers
    assert not {"mine/CHN", "mine/MMR", "mine/USA"} & sellers
    report = view_in_memory().chokepoints("Dy", "WLD", year=2024)
    assert not sellers & {line.id for line in report.chokepoints}
    (note,) = (note for note in found.notes if note.startswith("No path starts at "))
    for node in sellers:
        assert found.node(node).label.removesuffix(", sells ore") in note


def test_the_measure_that_is_asked_for_leads() -> None:
    found = of("NdPr", by="tonnes_out")
    tonnes = [node.measures["tonnes_out"] for node in found.nodes]
    assert tonnes == sorted(tonnes, reverse=True)
    assert found.by == "tonnes_out"


def test_firms_without_losses_are_compared_with_nothing() -> None:
    found = of("Dy", kind="firms")
    known = [node for node in found.nodes if node.loss is not None]
    assert len(known) < FEWEST
    assert (found.agreements, found.said) == ((), ())
    assert any("too few to compare" in note for note in found.notes)
    assert any(note.startswith("Records are thin: ") for note in found.notes)
    assert "betweenness" not in found.nodes[0].measures


def test_who_stands_for_whom_is_said() -> None:
    found = of("NdPr", kind="firms")
    edges = [cells for *_, cells in found.graph.edges(data=True)]
    links, surely = (sum(cells[name] for cells in edges) for name in ("links", "surely"))
    baotou = "Baotou Iron and Steel (Group) Co., Ltd."
    assert f"Above {baotou} records name several controllers." in found.notes
    assert f"Only perhaps on the day, by their dates: {links - surely} of {links} links." in (
        found.notes
    )
    assert 0 < surely < links


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


@pytest.mark.parametrize("element", ["Dy", "NdPr"])
def test_the_correlations_are_those_of_scipy(element: str) -> None:
    from scipy import stats

    found = of(element)
    known = [node for node in found.nodes if node.ranking is not None]
    for each in found.agreements:
        values = [round(node.measures[each.measure], 12) for node in known]
        theirs = stats.spearmanr(values, [node.ranking for node in known]).statistic
        assert each.spearman == pytest.approx(theirs, abs=1e-12), each.measure
        assert each.places == len(known)


def test_a_year_that_lacks_stages_says_so() -> None:
    found = view_in_memory().centrality("Dy", year=2020)
    assert "Skipped: mining and separation, of which the year has no maker" in " ".join(found.notes)
    assert not any(node.measures["on_paths"] for node in found.nodes)
