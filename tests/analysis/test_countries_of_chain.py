"""The backbone of a page: flows by hand, and each number that the report prints; annotations."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import groupby
from math import fsum
from typing import Any

import pytest

from monazite.analysis.annotations import add_chinese_names, add_policies, add_series
from monazite.analysis.countries_of_chain import (
    UNKNOWN,
    Backbone,
    bought_by,
    find_backbone,
    flows_of,
    parts_of_market,
    subject_of,
)
from monazite.analysis.policies.acts import PolicyStatus
from monazite.analysis.policies.export_controls import Scope
from monazite.analysis.policies.policies import ELEMENT, select
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION, USE
from monazite.model.chain.chain import Chain, Product
from monazite.model.chain.element_chain import ElementChain
from monazite.model.contingencies.failure_points import ModelYear
from monazite.model.network.attributes import arcs_of, nodes_of
from monazite.model.network.shares import REST, WORLD
from monazite.view.figure_findings import with_annotations
from monazite.view.opening import load
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.report.networks import add_site, small_network, year_of
from tests.sharing import only_whole

HOME = {
    MINE: frozenset({"A", "X", "Z"}),
    SEPARATION: frozenset({"A", "B", "C"}),
    METAL: frozenset({"A", "B"}),
    MAGNET: frozenset({"A", "B"}),
}
DYSPROSIUM = ElementChain(
    element="Dy",
    # X mines 15; of that, what goes to Z is not separated there. C buys of A and sells on to B.
    made={(MINE, "X"): 15.0, (SEPARATION, "A"): 80.0, (SEPARATION, "B"): 20.0, (METAL, "A"): 60.0},
    taken={
        (MINE, "A"): 10.0,
        (SEPARATION, "A"): 50.0,
        (SEPARATION, "B"): 30.0,
        (SEPARATION, "C"): 20.0,
        (METAL, "A"): 60.0,
    },
    flows={
        (MINE, "X", "A"): 12.0,
        (MINE, "X", "Z"): 3.0,
        (SEPARATION, "A", "C"): 30.0,
        (SEPARATION, "C", "B"): 10.0,
    },
    missing={},
    scrap={},
    home=HOME,
    parts={(MINE, "X"): 10.0, (SEPARATION, "A"): 80.0, (SEPARATION, "B"): 20.0},
    rows={},
)
MAGNETS = Chain(
    2024,
    {"Dy": DYSPROSIUM},
    {"magnets": Product("magnets"), "Dy outside": Product("Dy outside", USE, SEPARATION)},
    {},
    {},
    {("magnets", "A", "A"): 50.0, ("magnets", "A", "U"): 30.0, ("magnets", "B", "U"): 10.0,
     ("Dy outside", "A", "U"): 7.0},
)  # fmt: skip


def model_of(element: ElementChain, chain: Chain = MAGNETS) -> ModelYear:
    return ModelYear(replace(chain, element_chains={"Dy": element}), ("Dy",), {}, {})


def test_what_is_sold_on_comes_from_who_made_it() -> None:
    found = flows_of(model_of(DYSPROSIUM))
    assert {key: round(x, 6) for key, x in found.items()} == {
        (MINE, "X", "A"): 10.0,
        (SEPARATION, "A", "A"): 50.0,
        (SEPARATION, "A", "B"): 10.0,
        (SEPARATION, "A", REST): 20.0,
        (SEPARATION, "B", "B"): 20.0,
        (METAL, "A", "A"): 60.0,
    }


def test_oxide_that_is_used_as_it_is_goes_to_no_metal() -> None:
    found = flows_of(model_of(replace(DYSPROSIUM, used={"A": 20.0})))
    assert found[SEPARATION, "A", "A"] == pytest.approx(30.0)


def test_what_no_figure_accounts_for_has_no_maker() -> None:
    taken = {**DYSPROSIUM.taken, (SEPARATION, "B"): 40.0}
    lacking = replace(DYSPROSIUM, taken=taken, missing={(SEPARATION, "B"): 10.0})
    found = flows_of(model_of(lacking))
    assert found[SEPARATION, UNKNOWN, "B"] == pytest.approx(10.0)
    assert found[SEPARATION, "B", "B"] == pytest.approx(20.0)


def test_a_market_buys_its_product_and_the_world_buys_all() -> None:
    model = model_of(DYSPROSIUM)
    assert bought_by(model, "U", "magnets") == {"A": 30.0, "B": 10.0}
    assert bought_by(model, WORLD, "magnets") == {"A": 80.0, "B": 10.0}


def test_a_market_of_oxide_buys_of_who_separated_it() -> None:
    oxide = replace(MAGNETS, products={"Dy in oxide": Product("Dy in oxide", USE, SEPARATION)})
    found = bought_by(model_of(DYSPROSIUM, oxide), "B", "Dy in oxide")
    assert {maker: round(x, 6) for maker, x in found.items()} == {"A": 10.0, "B": 20.0}


def test_the_parts_of_a_market_back_to_the_mine() -> None:
    # U buys 30 of A's magnets and 10 of B's. A's metal, oxide and ore are its own and X's; from
    # whom B has its metal no figure says.
    parts = parts_of_market(model_of(DYSPROSIUM), "U", "magnets")
    assert [*parts] == [MAGNET, METAL, SEPARATION, MINE]
    assert parts[MAGNET] == pytest.approx({"A": 0.75, "B": 0.25})
    assert parts[METAL] == pytest.approx({"A": 0.75, UNKNOWN: 0.25})
    assert parts[SEPARATION] == pytest.approx({"A": 0.75, UNKNOWN: 0.25})
    assert parts[MINE] == pytest.approx({"X": 0.75, UNKNOWN: 0.25})


QUESTIONS = [("Dy", "USA"), ("Y", "JPN"), ("Sc", "USA")]


@cache
def backbone(element: str, market: str, event: str = "outage", **asked: Any) -> Backbone:
    view = load(**asked) if asked else view_in_memory()
    network = view.network(element, market)
    found = view.chokepoints(element, market, event=event, network=network)
    return find_backbone(with_annotations(view, network), view.facts(element), found)


@pytest.mark.parametrize(("element", "market"), QUESTIONS)
def test_each_number_is_that_of_its_line(element: str, market: str) -> None:
    found = backbone(element, market)
    lines = {each.id: each for each in found.report.chokepoints}
    told = [place for place in found.places if place.point is not None]
    assert told
    for place in told:
        assert place.point == lines[place.id]
        assert place.share == pytest.approx(lines[place.id].share)
        assert place.year == lines[place.id].year
    known = {each.id for each in lines.values() if each.kind == "country" and each.stage}
    assert known & {f"{stage}/{x.code}" for x in found.places for stage, _ in found.stages} == {
        place.id for place in told
    }


def test_what_the_world_uses_of_a_maker_is_its_share_of_output() -> None:
    found = backbone("NdPr", WORLD)
    shares = {place.id: place.share for place in found.places}
    [used] = [flow.part for flow in found.flows if (flow.to, flow.seller) == (USE, "CHN")]
    assert used == pytest.approx(shares["magnet/CHN"])


@pytest.mark.parametrize(("element", "market"), [("Dy", "USA"), ("NdPr", "JPN"), ("NdPr", "WLD")])
def test_flows_fill_no_more_than_shares_and_all_of_the_market(element: str, market: str) -> None:
    found = backbone(element, market)
    shares = {x.id: x.share for x in found.places if x.share is not None}
    order = sorted(found.flows, key=lambda flow: (flow.to == USE, flow.stage, flow.seller))
    for (to_market, stage, seller), flows in groupby(
        order, key=lambda flow: (flow.to == USE, flow.stage, flow.seller)
    ):
        if not to_market and seller and f"{stage}/{seller}" in shares:
            assert fsum(flow.part or 0.0 for flow in flows) <= shares[f"{stage}/{seller}"] + 1e-3
    assert fsum(flow.part or 0.0 for flow in order if flow.to == USE) == pytest.approx(1.0)
    assert found.report.base is not None
    assert fsum(flow.tonnes or 0.0 for flow in order if flow.to == USE) == pytest.approx(
        found.report.base.served, rel=1e-3
    )


def test_controls_are_those_in_force_on_the_day() -> None:
    found = backbone("Dy", "USA")
    [sold] = [flow for flow in found.flows if flow.to == USE and flow.seller == "CHN"]
    assert sold.controls == ("mofcom-gac-2025-18",)
    named = {each.id for each in found.controls}
    assert named == {name for flow in found.flows for name in flow.controls}
    assert {each.state for each in found.controls} <= {"in force", "partly in force"}
    at_home = [flow for flow in found.flows if flow.seller == flow.buyer]
    assert not any(flow.controls for flow in at_home)


def test_without_a_chain_it_says_what_is_missing_and_what_to_ask() -> None:
    found = backbone("Sc", "USA")
    assert (found.first, found.world_parts, found.report.base) == ("", (), None)
    assert [stage for stage, _ in found.stages] == ["mine", "separation"]  # metal: of a group
    assert any("assay" in each for each in found.missing)
    assert "Mine: no country shares found." in found.missing
    assert all(each.startswith("monazite ") for each in found.ask)
    assert {flow.part for flow in found.flows} <= {None}


def test_a_long_list_of_members_is_left_out_of_a_sentence() -> None:
    assert subject_of("TREO (Ce, Dy, Er, Eu, Gd, Ho, La, Lu)") == "TREO"


def licence(policy: str, state: str, *, destinations: frozenset[str] | None = None) -> Scope:
    goods = {"separation": frozenset({"Dy"}), "metal": frozenset({"Dy", "Tb"})}
    value = "not in force" if state == "suspended" else "in force"
    return Scope(
        policy=policy, title=policy, country="CHN", kind="export-licence",
        status=PolicyStatus(value, state, "by this test"),
        goods=goods, abroad={}, at_border=True, resale=False, destinations=destinations,
        threshold=None, threshold_row="", rows=(f"policy_events/{policy}",), remarks=(),
    )  # fmt: skip


def bound(symbols: tuple[str, ...], *scopes: Scope) -> dict[tuple[str, str], tuple[str, ...]]:
    network = small_network()
    network.add_edge("magnet/CHN", "use/USA", key="x", kind="possible", rows=())
    add_policies(network, scopes, symbols)
    return {
        (source, target): cells["policies"]
        for source, target, cells in network.edges(data=True)
        if cells["policies"]
    }


def test_a_control_binds_what_crosses_its_border_and_nothing_else() -> None:
    # By hand: separation/CHN sells to Vietnam and France, metal/CHN to Japan, alloy/CHN, which goes
    # with the metals, to Germany; the rest stays in China, is a magnet, or comes from elsewhere.
    metal = {("metal/CHN", "alloy/JPN"), ("alloy/CHN", "magnet/DEU")}
    abroad = metal | {("separation/CHN", "metal/VNM"), ("separation/CHN", "separation/FRA")}
    assert set(bound(("Dy",), licence("all", "in force"))) == abroad
    assert set(bound(("Tb",), licence("all", "in force"))) == metal
    assert set(bound(("La", "Dy"), licence("all", "in force"))) == abroad
    only = licence("japan", "in force", destinations=frozenset({"JPN"}))
    assert set(bound(("Dy",), only)) == {("metal/CHN", "alloy/JPN")}
    assert bound(("La",), licence("all", "in force")) == {}


def test_what_is_suspended_is_named_and_not_in_force() -> None:
    network = small_network()
    add_policies(network, [licence("b", "suspended"), licence("a", "in force in part")], ["Dy"])
    policies = network.graph["policies"]
    assert list(policies) == ["a", "b"]
    assert [policies[name]["in_force"] for name in policies] == [True, False]


@pytest.mark.parametrize("market", ["USA", *only_whole("DEU")])
def test_the_market_of_a_page_has_what_policies_lists(view: View, market: str) -> None:
    """All that stands on the day, is suspended or in doubt; and what binds an arc touches it."""
    shown = with_annotations(view, view.network("Dy", market))
    listed = {line.policy for line in view.policies("Dy", to=market).policies if line.status.stands}
    (acts,) = [set(node.policies) for node in nodes_of(shown) if node.kind == "market"]
    assert acts == listed
    touching = select(view.store, "Dy", market).touching(ELEMENT)
    assert {name for arc in arcs_of(shown) for name in arc.policies} <= touching
    assert set(shown.graph["policies"]) <= touching


def test_the_best_materials_of_a_year_speak() -> None:
    network = small_network()
    wide, own = year_of(2022, "wide", 0.7), year_of(2022, "own", 0.9)
    own = type(own)(**{**vars(own), "rank": 1})
    add_series(network, [wide, own, year_of(2023, "later", 0.6)])
    assert [line.rows for line in network.graph["series"]] == [("own",), ("later",)]
    assert network.graph["more_rows"] == ("later", "own")


def test_chinese_names_fill_gaps_and_no_more() -> None:
    network = small_network()
    site = add_site(network, "Baotou", "CHN", "mine")
    network.nodes[site]["facility"] = "baotou"
    del network.nodes["mine/MMR"]["label_zh"]
    names = {"country/MMR": "缅甸", "country/CHN": "other", "facility/baotou": "包头"}
    add_chinese_names(network, names)
    assert network.nodes["mine/MMR"]["label_zh"] == "缅甸"
    assert network.nodes["mine/CHN"]["label_zh"] == "中国"
    assert network.nodes[site]["label_zh"] == "包头"


@pytest.mark.parametrize("kind", ["domestic", "part", "possible"])
def test_arcs_that_carry_nothing_known_are_not_bound(kind: str) -> None:
    network = small_network()
    for *_, cells in network.edges(data=True):
        cells["kind"] = kind
    add_policies(network, [licence("all", "in force")], ["Dy"])
    assert network.graph["policies"] == {}
