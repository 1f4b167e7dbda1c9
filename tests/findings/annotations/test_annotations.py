from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monazite.findings.annotations.annotations import (
    add_chinese_names,
    add_policies,
    add_series,
    annotate,
    read_chinese_names,
)
from monazite.findings.policies.export_controls import Scope, read_scopes
from monazite.findings.policies.selection import ELEMENT, select
from monazite.findings.policies.status import PolicyStatus
from monazite.network.attributes import arcs_of, nodes_of
from monazite.view.graph_evidence import with_annotations
from tests.pages.networks import add_site, small_network, year_of

if TYPE_CHECKING:
    from monazite.triples.store import Store
    from monazite.view import View


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
    abroad = metal | {
        ("separation/CHN", "metal/VNM"),
        ("separation/CHN", "separation/FRA"),
    }
    assert set(bound(("Dy",), licence("all", "in force"))) == abroad
    assert set(bound(("Tb",), licence("all", "in force"))) == metal
    assert set(bound(("La", "Dy"), licence("all", "in force"))) == abroad
    only = licence("japan", "in force", destinations=frozenset({"JPN"}))
    assert set(bound(("Dy",), only)) == {("metal/CHN", "alloy/JPN")}
    assert bound(("La",), licence("all", "in force")) == {}


def test_an_alloy_goes_with_the_metals_and_the_world_is_no_buyer() -> None:
    network = small_network()
    network.nodes["use/USA"]["country"] = "WLD"
    control = licence("all", "in force")
    goods = {"metal": frozenset({"Dy"}), "magnet": frozenset({"Dy"})}
    add_policies(network, [Scope(**{**vars(control), "goods": goods})], ["Dy"])
    named = {(a, b) for a, b, cells in network.edges(data=True) if cells["policies"]}
    assert named == {("alloy/CHN", "magnet/DEU"), ("metal/CHN", "alloy/JPN")}
    assert network.graph["more_rows"] == ("policy_events/all",)


def test_what_is_suspended_is_named_and_not_in_force() -> None:
    network = small_network()
    add_policies(network, [licence("b", "suspended"), licence("a", "in force in part")], ["Dy"])
    policies = network.graph["policies"]
    assert list(policies) == ["a", "b"]
    assert [policies[name]["in_force"] for name in policies] == [True, False]


@pytest.mark.parametrize(
    ("market", "day", "there", "not_there"),
    [  # by hand from policy_scope.csv
        ("JPN", "2026-11-24", "mofcom-2026-1", "mofcom-2026-us-ten"),
        ("USA", "2026-11-24", "mofcom-2026-us-ten", "mofcom-2026-1"),
        ("CHN", "2026-11-24", "us-301-magnets-2026", "us-232-polysilicon-2026"),
        ("USA", "2026-06-21", "mofcom-gac-2025-18", "mofcom-2026-us-ten"),  # the day before
    ],
)
def test_a_market_has_the_acts_aimed_at_it(
    store: Store, market: str, day: str, there: str, not_there: str
) -> None:
    network = small_network()
    network.graph["market"] = market
    shown = annotate(network, store, day, members=["Dy"])
    acts = [node.policies for node in nodes_of(shown) if node.kind == "market"]
    assert acts
    assert all(there in each and not_there not in each for each in acts)
    told = shown.graph["policies"][there]
    assert told["title"]
    assert set(told["rows"]) <= set(shown.graph["more_rows"])
    others = [node.policies for node in nodes_of(shown) if node.kind != "market"]
    assert not any(others)


@pytest.mark.parametrize("market", ["USA", "EUE", "JPN", "DEU"])
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


def test_the_shipped_rows_give_states_policies_and_names(store: Store) -> None:
    names = read_chinese_names(store)
    assert (names["country/CHN"], names["country/JPN"]) == ("中国", "日本")
    network = small_network()
    site = add_site(network, "Mountain Pass", "USA", "mine")
    network.nodes[site]["facility"] = "mountain-pass"
    before = network.copy()
    day = "2025-06-30"
    shown = annotate(network, store, day, members=["Dy"])
    assert shown.nodes[site]["status"] == "operating"
    assert set(shown.nodes[site]["status_rows"]) <= set(shown.graph["more_rows"])
    [arc] = shown.get_edge_data("separation/CHN", "metal/VNM").values()
    binding = {
        s.policy for s in read_scopes(store, day) if s.binds("separation", "Dy", "CHN", "VNM")
    }
    assert "mofcom-gac-2025-18" in binding
    assert set(arc["policies"]) == binding
    assert list(network.nodes(data=True)) == list(before.nodes(data=True))
    for cells in network.get_edge_data("separation/CHN", "metal/VNM").values():
        assert "policies" not in cells


@pytest.mark.parametrize("kind", ["domestic", "part", "possible"])
def test_arcs_that_carry_nothing_known_are_not_bound(kind: str) -> None:
    network = small_network()
    for *_, cells in network.edges(data=True):
        cells["kind"] = kind
    add_policies(network, [licence("all", "in force")], ["Dy"])
    assert network.graph["policies"] == {}
