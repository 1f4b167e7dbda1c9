"""Attributes of nodes, arcs and the network: plain ones of networkx, read by name."""

from __future__ import annotations

import pytest

from monazite.errors import NotKnownError
from monazite.network.attributes import (
    about,
    arc_of,
    arcs_from,
    arcs_of,
    arcs_to,
    node_of,
    nodes_of,
)
from monazite.network.graph import Network


@pytest.fixture
def network() -> Network:
    network = Network(element="Dy")
    network.add_node("mine/CHN", kind="country", share=0.7, year=None)
    network.add_node("mine/AUS", kind="country")
    network.add_edge("mine/CHN", "mine/AUS", key="a", kind="trade", share=0.2)
    network.add_edge("mine/CHN", "mine/AUS", key="b", kind="observed")
    return network


def test_what_nothing_is_said_of_is_the_default(network: Network) -> None:
    node = node_of(network, "mine/CHN")
    assert (node.share, node.year, node.rows, node.label) == (0.7, None, (), "")
    assert about(network).stages == ()


def test_a_share_and_a_year_that_must_be_there_are_asked_for(network: Network) -> None:
    assert node_of(network, "mine/CHN").pool_share == 0.7
    with pytest.raises(NotKnownError, match="No share of the world's output is known at mine/AUS"):
        _ = node_of(network, "mine/AUS").pool_share
    with pytest.raises(NotKnownError, match="No year is known at mine/CHN"):
        _ = node_of(network, "mine/CHN").of_year


def test_arcs_know_their_ends_and_what_tells_them_apart(network: Network) -> None:
    assert [(arc.source, arc.target, arc.key, arc.kind) for arc in arcs_of(network)] == [
        ("mine/CHN", "mine/AUS", "a", "trade"),
        ("mine/CHN", "mine/AUS", "b", "observed"),
    ]
    assert list(arcs_from(network, "mine/CHN")) == list(arcs_to(network, "mine/AUS"))
    assert list(arcs_from(network, "mine/AUS")) == list(arcs_to(network, "mine/CHN")) == []
    assert arc_of(network, "mine/CHN", "mine/AUS", "a").share == 0.2


def test_two_nodes_that_carry_the_same_are_not_one(network: Network) -> None:
    network.add_node("mine/USA", kind="country")
    nodes = {node.id: node for node in nodes_of(network)}
    assert nodes["mine/USA"] != nodes["mine/AUS"]
    assert nodes["mine/AUS"] == node_of(network, "mine/AUS")


def test_what_networkx_is_told_later_is_read(network: Network) -> None:
    node = node_of(network, "mine/AUS")
    network.nodes["mine/AUS"]["share"] = 0.1
    assert node.share == 0.1
