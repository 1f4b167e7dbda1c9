"""The network as a networkx graph: copies and parts keep the view, and it can be sent away."""

from __future__ import annotations

import pickle
from copy import deepcopy

from monazite.network.graph import Network


class Page:
    def _repr_html_(self) -> str:
        return "<iframe>"


class Drawn:
    """A view that only draws."""

    def graph(self, *, network: Network) -> Page:
        return Page()


def network() -> Network:
    found = Network(element="Dy")
    found.add_edge("mine/CHN", "separation/CHN", key="trade/0")
    found.built_by = Drawn()
    return found


def test_a_copy_and_a_part_know_the_view_that_built_them() -> None:
    built = network()
    for other in (built.copy(), built.subgraph(["mine/CHN"]), built.subgraph(["mine/CHN"]).copy()):
        assert isinstance(other, Network)
        assert other.built_by is built.built_by
        assert other._repr_html_() == "<iframe>"
        assert other.graph["element"] == "Dy"


def test_the_view_stays_behind_in_a_deep_copy_and_in_another_process() -> None:
    for other in (deepcopy(network()), pickle.loads(pickle.dumps(network()))):
        assert other.built_by is None
        assert other._repr_html_() is None
        assert [*other.edges(keys=True)] == [("mine/CHN", "separation/CHN", "trade/0")]
