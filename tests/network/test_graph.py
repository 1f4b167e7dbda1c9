"""A network is one of networkx that remembers the view that built it."""

from __future__ import annotations

import pickle
from copy import deepcopy

from monazite.network.graph import Network


class Page:
    def _repr_html_(self) -> str:
        return "<iframe></iframe>"


class Drawer:
    """A view as a network knows it."""

    drawn: Network | None = None

    def graph(self, *, network: Network) -> Page:
        self.drawn = network
        return Page()


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
