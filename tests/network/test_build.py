"""The whole network: the same twice, and every node and arc says what it rests on."""

from __future__ import annotations

import pytest

from monazite.network.build import build_network
from monazite.network.facts import read_facts
from monazite.network.graph import Network
from monazite.network.selection import select
from monazite.view import View
from tests.golden.lines import line_of

WITHOUT_ROWS = {"gap", "market", "firm"}
"""What is missing, who asks, and a firm that only a link names: the arcs carry the rows."""


@pytest.fixture(scope="module", params=[("MREE", "WLD"), ("Dy", "EUE"), ("NdPr", "JPN")])
def network(view: View, mree: Network, request: pytest.FixtureRequest) -> Network:
    return mree if request.param == ("MREE", "WLD") else view.network(*request.param)


def test_every_node_and_arc_rests_on_lines_of_the_tables_or_says_that_it_does_not(
    network: Network,
) -> None:
    for node, found in network.nodes(data=True):
        assert found["rows"] or found["kind"] in WITHOUT_ROWS, node
        assert all(line_of(row) for row in found["rows"])
    for source, target, arc in network.edges(data=True):
        assert bool(arc["rows"]) == (arc["kind"] != "possible"), (source, target)
        assert all(line_of(row) for row in arc["rows"])


def test_nodes_and_arcs_are_of_the_kinds_that_the_pages_know(network: Network) -> None:
    kinds = {found["kind"] for _, found in network.nodes(data=True)}
    assert kinds <= {"country", "site", "rest", "firm", "market", "gap"}
    arcs = {arc["kind"] for *_, arc in network.edges(data=True)}
    assert arcs <= {"part", "domestic", "trade", "observed", "captive", "possible"}


def test_the_countries_of_a_stage_are_the_whole_world(network: Network) -> None:
    for stage in network.graph["splits"]:
        shares = [
            found["share"]
            for _, found in network.nodes(data=True)
            if (found["kind"], found["stage"]) == ("country", stage)
        ]
        assert sum(shares) == pytest.approx(1)
        assert all(0 < share <= 1 for share in shares)


def test_home_trade_and_borders_lead_to_the_next_stage_only(network: Network) -> None:
    order = [*network.graph["splits"], "use"]
    for source, target, arc in network.edges(data=True):
        before, after = network.nodes[source], network.nodes[target]
        if arc["kind"] in {"domestic", "trade"}:
            assert order.index(after["stage"]) == order.index(before["stage"]) + 1
        if arc["kind"] == "trade":
            assert arc["share"] > 0
            assert arc["quantity"] > 0


def test_what_crosses_a_border_counts_by_how_rich_its_seller_is_in_the_element(view: View) -> None:
    """A tonne of ore from a place with twice its part of dysprosium is two of the world's."""
    dy, of_all = view.network("Dy"), view.network("TREO")
    for seller in ("mine/BRA", "mine/IND", "mine/RUS"):
        richer = dy.nodes[seller]["share"] / of_all.nodes[seller]["share"]
        assert richer > 1.5
        world = of_all.nodes[seller]["quantity"] / of_all.nodes[seller]["share"]
        arcs = [arc for *_, arc in dy.out_edges(seller, data=True) if arc["kind"] == "trade"]
        assert arcs
        for arc in arcs:
            assert arc["share"] == pytest.approx(arc["quantity"] / world * richer)


def test_a_stage_without_rows_is_a_gap_that_says_where_one_would_look(network: Network) -> None:
    gap = network.nodes["gap/alloy"]
    assert gap["kind"] == "gap"
    assert "Where one would look" in gap["text"]


def test_two_builds_are_equal_in_order_and_content(view: View) -> None:
    one, two = (build_network(read_facts(view.store, "Dy", view.valid), "EUE") for _ in range(2))
    assert list(one.nodes(data=True)) == list(two.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(two.edges(keys=True, data=True))


@pytest.mark.parametrize("top", [0, 5, 10_000])
def test_a_selection_keeps_what_is_not_a_site_and_counts_what_it_leaves_out(
    network: Network, top: int
) -> None:
    small = {"site", "firm", "rest"}
    chosen = select(network, top=top)
    sites = [node for node in network if network.nodes[node]["kind"] in small]
    kept = [node for node in chosen if chosen.nodes[node]["kind"] in small]
    assert len(kept) == min(top, len(sites))
    assert chosen.graph["left_out"] == len(sites) - len(kept)
    assert set(network) - set(sites) <= set(chosen)
    assert "left_out" not in network.graph, "the network itself is not changed"


def test_a_selection_takes_sites_with_a_tonnage_first(mree: Network) -> None:
    chosen = select(mree, top=5)
    kept = [found for _, found in chosen.nodes(data=True) if found["kind"] in {"site", "rest"}]
    assert len(kept) == 5
    assert all(found.get("quantity") for found in kept)
