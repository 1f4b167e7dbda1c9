"""The whole network: what it is, what it rests on, its facts with and without rows, its parts."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.model.network.attributes import (
    Network,
    about,
    arc_of,
    arcs_from,
    arcs_of,
    arcs_to,
    node_of,
    nodes_of,
)
from monazite.model.network.build import build_network
from monazite.model.network.facts import Facts, RevisedFacts, read_facts, record, table_of, tiers_of
from monazite.model.network.market import find_mix
from monazite.model.network.selection import find_nodes, select
from monazite.store.queries import QueryRecord
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import line_of
from tests.report.networks import small_network

WITHOUT_ROWS = {"gap", "market", "firm"}
"""What is missing, who asks, and a firm that only a link names: the arcs carry the rows."""


@pytest.fixture(scope="module", params=[("MREE", "WLD"), ("Dy", "EUE"), ("NdPr", "JPN")])
def shipped_network(view: View, mree: Network, request: pytest.FixtureRequest) -> Network:
    return mree if request.param == ("MREE", "WLD") else view.network(*request.param)


def test_every_node_and_arc_rests_on_lines_of_the_tables_or_says_that_it_does_not(
    shipped_network: Network,
) -> None:
    for node, found in shipped_network.nodes(data=True):
        assert found["rows"] or found["kind"] in WITHOUT_ROWS, node
        assert all(line_of(row) for row in found["rows"])
    for source, target, arc in shipped_network.edges(data=True):
        assert bool(arc["rows"]) == (arc["kind"] != "possible"), (source, target)
        assert all(line_of(row) for row in arc["rows"])


def test_the_countries_of_a_stage_are_the_whole_world(shipped_network: Network) -> None:
    for stage in shipped_network.graph["splits"]:
        shares = [
            found["share"]
            for _, found in shipped_network.nodes(data=True)
            if (found["kind"], found["stage"]) == ("country", stage)
        ]
        assert sum(shares) == pytest.approx(1)
        assert all(0 < share <= 1 for share in shares)


def test_home_trade_and_borders_lead_to_the_next_stage_only(shipped_network: Network) -> None:
    order = [*shipped_network.graph["splits"], "use"]
    for source, target, arc in shipped_network.edges(data=True):
        before, after = shipped_network.nodes[source], shipped_network.nodes[target]
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


def test_a_stage_without_rows_is_a_gap_that_says_where_one_would_look(
    shipped_network: Network,
) -> None:
    assert shipped_network.nodes["gap/alloy"]["kind"] == "gap"
    assert "Where one would look" in shipped_network.nodes["gap/alloy"]["text"]


def test_two_builds_are_equal_in_order_and_content(view: View) -> None:
    one, two = (build_network(read_facts(view.store, "Dy", view.valid), "EUE") for _ in range(2))
    assert list(one.nodes(data=True)) == list(two.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(two.edges(keys=True, data=True))


@pytest.mark.parametrize("top", [0, 5, 10_000])
def test_a_selection_keeps_what_is_not_a_site_and_counts_what_it_leaves_out(
    shipped_network: Network, top: int
) -> None:
    small = {"site", "firm", "rest"}
    chosen = select(shipped_network, top=top)
    sites = [node for node in shipped_network if shipped_network.nodes[node]["kind"] in small]
    kept = [node for node in chosen if chosen.nodes[node]["kind"] in small]
    assert len(kept) == min(top, len(sites))
    assert chosen.graph["left_out"] == len(sites) - len(kept)
    assert set(shipped_network) - set(sites) <= set(chosen)
    assert "left_out" not in shipped_network.graph, "the network itself is not changed"


def test_a_selection_takes_sites_with_a_tonnage_first(mree: Network) -> None:
    chosen = select(mree, top=5)
    kept = [found for _, found in chosen.nodes(data=True) if found["kind"] in {"site", "rest"}]
    assert len(kept) == 5
    assert all(found.get("quantity") for found in kept)


class Drawer:
    """A view as a network knows it, and the page that it draws."""

    drawn: Network | None = None

    def graph(self, *, network: Network) -> Drawer:
        self.drawn = network
        return self

    def _repr_html_(self) -> str:
        return "<iframe></iframe>"


def built() -> tuple[Network, Drawer]:
    network, view = Network(element="Dy"), Drawer()
    network.add_edge("mine/CHN", "separation/CHN")
    network.built_by = view
    return network, view


def test_parts_and_copies_know_their_view() -> None:
    network, view = built()
    assert network.subgraph(["mine/CHN"]).built_by is view
    assert network.copy().built_by is view
    assert list(network.subgraph(["mine/CHN"])) == ["mine/CHN"]


def test_a_notebook_shows_the_part_that_it_is_asked_for() -> None:
    network, view = built()
    part = network.subgraph(["mine/CHN"])
    assert part._repr_html_() == "<iframe></iframe>"
    assert view.drawn is part
    assert Network()._repr_html_() is None


def test_the_view_is_not_sent_along() -> None:
    network, _ = built()
    for other in (deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert other.built_by is None
        assert list(other.edges) == list(network.edges)
        assert other.graph == {"element": "Dy"}


@pytest.fixture
def small() -> Network:
    found = Network(element="Dy")
    found.add_node("mine/CHN", kind="country", share=0.7, year=None)
    found.add_node("mine/AUS", kind="country")
    found.add_edge("mine/CHN", "mine/AUS", key="a", kind="trade", share=0.2)
    found.add_edge("mine/CHN", "mine/AUS", key="b", kind="observed")
    return found


def test_what_nothing_is_said_of_is_the_default_and_what_is_told_later_is_read(
    small: Network,
) -> None:
    node, other = node_of(small, "mine/CHN"), node_of(small, "mine/AUS")
    assert (node.share, node.year, node.rows, node.label) == (0.7, None, (), "")
    assert about(small).stages == ()
    small.nodes["mine/AUS"]["share"] = 0.1
    assert other.share == 0.1


def test_a_share_and_a_year_that_must_be_there_are_asked_for(small: Network) -> None:
    assert node_of(small, "mine/CHN").pool_share == 0.7
    with pytest.raises(NotKnownError, match="No share of the world's output is known at mine/AUS"):
        _ = node_of(small, "mine/AUS").pool_share
    with pytest.raises(NotKnownError, match="No year is known at mine/CHN"):
        _ = node_of(small, "mine/CHN").of_year


def test_arcs_know_their_ends_and_what_tells_them_apart(small: Network) -> None:
    assert [(arc.source, arc.target, arc.key, arc.kind) for arc in arcs_of(small)] == [
        ("mine/CHN", "mine/AUS", "a", "trade"),
        ("mine/CHN", "mine/AUS", "b", "observed"),
    ]
    assert list(arcs_from(small, "mine/CHN")) == list(arcs_to(small, "mine/AUS"))
    assert list(arcs_from(small, "mine/AUS")) == list(arcs_to(small, "mine/CHN")) == []
    assert arc_of(small, "mine/CHN", "mine/AUS", "a").share == 0.2


def test_what_is_around_a_name_reaches_as_far_as_the_hops() -> None:
    network = small_network()
    assert set(select(network, around="Lynas Malaysia", hops=0)) == {"separation/Lynas Malaysia"}
    one = set(select(network, around="lynas malaysia"))
    assert one == {*("separation/Lynas Malaysia", "separation/MYS", "mine/Lynas Mt Weld")}
    two = select(network, around="Lynas Malaysia", hops=2)
    assert set(two) == one | {"mine/AUS"}
    assert [code for code, _ in two.graph["stages"]] == ["mine", "separation"]


def test_a_country_is_all_its_stages_and_what_is_named_is_never_left_out() -> None:
    network = small_network()
    assert find_nodes(network, "中国") == find_nodes(network, "chn") == find_nodes(network, "China")
    assert find_nodes(network, "china") == {
        node for node in network if node.endswith("/CHN") and not node.startswith("gap")
    }
    alone = select(network, around="Pangwa", top=0)
    assert set(alone) == {"mine/Pangwa", "mine/MMR"}


def test_a_path_holds_every_node_of_every_route_and_nothing_else() -> None:
    network = small_network()
    found = set(select(network, path=("Myanmar", "metal/VNM")))
    # By hand: Myanmar -> China -> Vietnam; the arc from China to France ends there, as only the
    # plant in France has one to Vietnam.
    assert found == {"mine/MMR", "separation/CHN", "metal/VNM"}
    with pytest.raises(NotKnownError, match="No known route leads"):
        select(network, path=("Japan", "Myanmar"))


def test_stages_are_codes_or_labels_and_the_rest_goes() -> None:
    found = select(small_network(), stages=["Metal", "alloy"])
    assert {cells["stage"] for _, cells in found.nodes(data=True)} == {"metal", "alloy"}
    assert found.graph["stages"] == (("metal", "Metal"), ("alloy", "Alloy"))
    with pytest.raises(UnknownNameError, match='did you mean "metal"'):
        select(small_network(), stages=["metl"])
    with pytest.raises(NotKnownError, match="Nothing in the network"):
        select(small_network(), around="Pangwa", hops=0, stages=["metal"])


def test_names_that_fit_none_or_several_are_told() -> None:
    network = small_network()
    assert find_nodes(network, "pangwa") == {"mine/Pangwa"}
    assert find_nodes(network, "general mot") == {"use/General Motors"}
    with pytest.raises(UnknownNameError, match="Lynas Malaysia; Lynas Mt Weld"):
        find_nodes(network, "lynas")
    with pytest.raises(UnknownNameError, match='did you mean "Pangwa"'):
        find_nodes(network, "Pangwe")


HELD: dict[str, Callable[[], Mapping[Any, Any]]] = {
    "splits": lambda: view_in_memory().facts("Dy").splits,
    "shares of all": lambda: view_in_memory().facts("Dy").all_rare_earths["mine"].shares,
    "choices": lambda: view_in_memory().facts("Dy").preferences.choices,
    "materials": lambda: view_in_memory().facts("Dy").materials,
    "splits of a network": lambda: view_in_memory().network("Dy").graph["splits"],
    "assumptions of a network": lambda: view_in_memory().network("Dy").graph["assumptions"],
    "cells of a row": lambda: view_in_memory().rows()[0].cells,
}


@pytest.mark.parametrize("held", HELD.values(), ids=HELD)
def test_what_is_kept_cannot_be_changed(held: Callable[[], Mapping[Any, Any]]) -> None:
    got: Any = held()
    before = dict(got)
    with pytest.raises(TypeError):
        got.clear()
    with pytest.raises(TypeError):
        got["x"] = 1
    assert dict(held()) == before != {}


def test_tonnes_of_several_materials_are_of_none_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    facts, row = view_in_memory().facts("Tb"), "production/chn-separation-terbium-oxide-2024-argus"
    assert row in {figure.row for figure in facts.figures("Tb")}
    answers, asked = facts.ask("network-shares"), facts.ask
    shared = [
        answer.beside(material="id/material/dysprosium-oxide")
        for answer in answers
        if answer["row"] == f"row/{row}"
    ]

    def ask(_: object, name: str, **given: str) -> tuple[QueryRecord, ...]:
        return (*answers, *shared) if name == "network-shares" else tuple(asked(name, **given))

    monkeypatch.setattr(type(facts), "ask", ask)
    monkeypatch.setattr(type(facts.store), "derive", lambda _self, _key, work: work())
    assert row not in {figure.row for figure in facts.figures("Tb")}


SEPARATION = "production/chn-separation-dysprosium-2025-news"
FLOW = "baci/mmr-chn-2846.90-2024"
MARKET = "trade_totals/chn-wld-8505.11-2024"


@cache
def recorded() -> RevisedFacts:
    view = view_in_memory()
    return record(read_facts(view.store, "Dy", view.valid))


def drawn(facts: Facts) -> tuple[object, ...]:
    """All of a network that shares, capacities and sites are."""
    network = build_network(facts, "USA")
    arcs = sorted(
        (a, b, sorted((k, str(v)) for k, v in arc.items()))
        for a, b, arc in network.edges(data=True)
    )
    nodes = {node: dict(found) for node, found in network.nodes(data=True)}
    return nodes, arcs, network.graph["splits"], network.graph["coverage"]


def test_revised_facts_are_a_view_without_the_rows() -> None:
    rows = (SEPARATION, FLOW, MARKET)
    view = view_in_memory(without=rows)
    real = read_facts(view.store, "Dy", view.valid)
    revised = recorded().less(rows)
    assert drawn(revised) == drawn(real)
    for symbol in ("Nd", "treo"):
        other = read_facts(view.store, symbol, view.valid)
        assert revised.about(symbol).own_figures == other.own_figures
    assert find_mix(revised, "USA") == find_mix(real, "USA")


def test_what_is_left_out_adds_up_and_leaves_the_facts_as_they_are() -> None:
    twice = recorded().less([SEPARATION]).less([FLOW])
    assert twice.without == {SEPARATION, FLOW}
    whole = {figure.row for figure in recorded().own_figures}
    assert whole - {figure.row for figure in twice.own_figures} == {SEPARATION}
    left = {flow.row for flow in twice.flows(2024)}
    assert {flow.row for flow in recorded().flows(2024)} - left == {FLOW}


def test_nothing_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = recorded()
    before = (facts.ask("network-factors"), facts.about("Nd").own_figures)
    monkeypatch.setattr(type(facts.store), "select", lambda *_: pytest.fail("asked again"))
    less = facts.less([SEPARATION])
    assert (less.ask("network-factors"), less.about("Nd").own_figures) == before


def test_tiers_are_those_that_a_view_lets_in() -> None:
    view = view_in_memory(tier=2)
    kept = {figure.row for figure in read_facts(view.store, "Dy", view.valid).own_figures}
    tiers = tiers_of(recorded())
    rows = {figure.row for figure in recorded().own_figures}
    assert {row for row in rows if tiers[row] <= 2} == kept
    assert {table_of(row) for row in rows} == {"production", "production_totals"}


def test_what_was_worked_out_of_all_rows_is_not_that_of_those_left() -> None:
    whole, less = recorded(), recorded().less([SEPARATION])
    assert whole.derive("rows left", lambda: 2) == whole.derive("rows left", lambda: 0) == 2
    assert less.derive("rows left", lambda: 1) == less.derive("rows left", lambda: 0) == 1


def test_two_nodes_that_carry_the_same_are_not_one(small: Network) -> None:
    small.add_node("mine/USA", kind="country")
    nodes = {node.id: node for node in nodes_of(small)}
    assert nodes["mine/USA"] != nodes["mine/AUS"]
    assert nodes["mine/AUS"] == node_of(small, "mine/AUS")
