"""Attributes of nodes, arcs and the network: defaults, order, and equality by what is carried."""

from __future__ import annotations

import pytest

from monazite.network.attributes import (
    Carrier,
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
    found = Network(element="Dy", market="USA")
    found.add_node("mine/MMR", kind="country", stage="mine", share=None, rows=("production/a",))
    found.add_node("separation/CHN", kind="country", share=0.9)
    found.add_edge("mine/MMR", "separation/CHN", key="trade/0", kind="trade", quantity=5.0)
    found.add_edge("mine/MMR", "separation/CHN", key="trade/1", kind="trade")
    return found


def test_what_is_not_carried_has_its_default(network: Network) -> None:
    mine = node_of(network, "mine/MMR")
    assert (mine.kind, mine.share, mine.rows) == ("country", None, ("production/a",))
    assert node_of(network, "separation/CHN").rows == ()
    assert (about(network).element, about(network).market, about(network).left_out) == (
        "Dy",
        "USA",
        0,
    )


def test_nodes_and_arcs_come_in_the_order_of_the_network(network: Network) -> None:
    assert [node.id for node in nodes_of(network)] == ["mine/MMR", "separation/CHN"]
    assert [arc.key for arc in arcs_of(network)] == ["trade/0", "trade/1"]
    assert list(arcs_from(network, "mine/MMR")) == list(arcs_to(network, "separation/CHN"))
    assert list(arcs_to(network, "mine/MMR")) == []


def test_two_are_equal_that_carry_the_same(network: Network) -> None:
    first = arc_of(network, "mine/MMR", "separation/CHN", "trade/0")
    assert first == next(iter(arcs_of(network)))
    assert first != arc_of(network, "mine/MMR", "separation/CHN", "trade/1")
    assert first != node_of(network, "mine/MMR")
    assert Carrier({}) == Carrier({})


def test_what_is_not_there_is_an_error(network: Network) -> None:
    with pytest.raises(KeyError):
        node_of(network, "mine/XXX")
