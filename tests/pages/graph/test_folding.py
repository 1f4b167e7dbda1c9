"""A crowded network folded by country and stage: nothing is lost, by hand."""

from __future__ import annotations

import networkx as nx

from monazite.pages.graph.folding import MAX_CARDS, FoldedNetwork, fold


def crowded() -> nx.MultiDiGraph[str]:
    """China's card and two sites; two sites of Brazil, which has no card; one site of nobody."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(element="Dy")
    network.add_node("mine/CHN", kind="country", stage="mine", country="CHN")
    for name, country in (("a", "CHN"), ("b", "CHN"), ("c", "BRA"), ("d", "BRA"), ("e", None)):
        network.add_node(
            f"mine/{name}", kind="site", stage="mine", country=country, rows=(f"row/{name}",),
            country_label={"BRA": "Brazil"}.get(str(country), ""),
        )  # fmt: skip
    network.add_node("market/WLD", kind="market", stage="market")
    for name, tonnes in (("a", 1.0), ("b", 2.0), ("c", None), ("d", 4.0)):
        network.add_edge(
            f"mine/{name}", "market/WLD", kind="trade", quantity=tonnes, unit="t",
            material=f"ore {name}", rows=(f"trade/{name}",),
        )  # fmt: skip
    network.add_edge("mine/a", "mine/b", kind="observed")
    network.add_edge("mine/CHN", "market/WLD", kind="domestic", quantity=9.0)
    return network


def folded() -> FoldedNetwork:
    return fold(crowded(), most=3)


def test_what_fits_is_drawn_as_it_is() -> None:
    network = crowded()
    assert fold(network).network is network
    assert len(network) < MAX_CARDS


def test_sites_stand_behind_their_country_or_a_card_made_for_them() -> None:
    found = folded()
    assert found.members == {
        "mine/CHN": ("mine/a", "mine/b"),
        "group/mine/BRA": ("mine/c", "mine/d"),
    }
    assert set(found.network) == {"mine/CHN", "group/mine/BRA", "mine/e", "market/WLD"}
    group = found.network.nodes["group/mine/BRA"]
    assert (group["label"], group["behind"]) == ("Brazil", 2)
    assert group["rows"] == ("row/c", "row/d")


def test_links_join_by_kind_and_add_up_where_all_are_known() -> None:
    found = folded()
    china = found.network.edges["mine/CHN", "market/WLD", "joined/trade"]
    assert (china["quantity"], china["unit"], china["label"]) == (3.0, "t", "2 links")
    assert china["material"] == "ore a; ore b"
    assert china["rows"] == ("trade/a", "trade/b")
    brazil = found.network.edges["group/mine/BRA", "market/WLD", "joined/trade"]
    assert (brazil["quantity"], brazil["unit"]) == (None, None)
    assert found.network.number_of_edges("mine/CHN", "market/WLD") == 2


def test_every_link_is_drawn_or_held_once() -> None:
    network, found = crowded(), folded()
    held = [arc for group in found.holds.values() for arc in group]
    drawn = [arc for arc in found.network.edges(keys=True) if arc in network.edges]
    assert sorted(held + drawn) == sorted(network.edges(keys=True))
    assert found.holds["mine/CHN", "mine/CHN", "joined/observed"] == (("mine/a", "mine/b", 0),)


def test_the_network_that_was_given_is_not_changed() -> None:
    network = crowded()
    fold(network, most=3)
    assert "behind" not in network.nodes["mine/CHN"]
