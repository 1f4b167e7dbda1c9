"""The network as GraphML and GEXF, read back with networkx."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from monazite.exchange.networks import plain_network, write_gexf, write_graphml
from monazite.network.graph import Network
from monazite.view import View
from tests.conftest import view_in_memory

FORMATS: dict[str, tuple[Callable[[Network], bytes], Callable[..., Any]]] = {
    "graphml": (write_graphml, nx.read_graphml),
    "gexf": (write_gexf, nx.read_gexf),
}
NASTY = "\x00\x07\x1b]]> <b>&\"'\ufffe 稀土"
CLEAN = "\ufffd\ufffd\ufffd]]> <b>&\"'\ufffd 稀土"


@pytest.fixture(scope="module")
def view() -> View:
    return view_in_memory()


@pytest.fixture(scope="module")
def network(view: View) -> Network:
    return view.network("Dy", "USA")


def read(name: str, network: Network) -> nx.MultiDiGraph[str]:
    write, reader = FORMATS[name]
    found = reader(io.BytesIO(write(network)))
    assert isinstance(found, nx.MultiDiGraph)
    return found


def nasty_network() -> Network:
    network = Network(view={"release": "2026-11-24", "line": NASTY}, element=NASTY)
    network.add_node(f"mine/{NASTY}", label=NASTY, rows=(NASTY,), share=0.5)
    network.add_node("mine/CHN", label="China", rows=(), share=None)
    network.add_edge("mine/CHN", f"mine/{NASTY}", key=NASTY, kind=NASTY)
    network.add_edge("mine/CHN", f"mine/{NASTY}", key="second", kind="trade")
    return network


@pytest.mark.parametrize("name", FORMATS)
def test_nodes_and_arcs_read_back(name: str, network: Network) -> None:
    found = read(name, network)
    assert found.is_directed()
    assert set(found) == set(network)
    assert found.number_of_edges() == network.number_of_edges()
    ends = sorted((a, b) for a, b in network.edges())
    assert sorted((a, b) for a, b in found.edges()) == ends


@pytest.mark.parametrize("name", FORMATS)
def test_attributes_are_plain_and_what_is_not_known_is_left_out(
    name: str, network: Network
) -> None:
    found = read(name, network)
    china = found.nodes["separation/CHN"]
    assert china["label"] == "China"
    assert china["share"] == network.nodes["separation/CHN"]["share"]
    assert china["year"] == network.nodes["separation/CHN"]["year"]
    assert china["rows"].split(";") == list(network.nodes["separation/CHN"]["rows"])
    unknown = [node for node in network if network.nodes[node].get("quantity", 0) is None]
    assert unknown
    assert all("quantity" not in found.nodes[node] for node in unknown)


@pytest.mark.parametrize("name", FORMATS)
def test_parallel_arcs_and_hostile_text_survive(name: str) -> None:
    written = FORMATS[name][0](nasty_network())
    ElementTree.fromstring(written)
    found = read(name, nasty_network())
    assert found.number_of_edges() == 2
    assert found.nodes[f"mine/{CLEAN}"]["label"] == CLEAN
    assert {data["kind"] for *_, data in found.edges(data=True)} == {CLEAN, "trade"}


def test_graphml_carries_the_view(network: Network, view: View) -> None:
    found = read("graphml", network)
    assert json.loads(found.graph["view"]) == view.describe()
    assert (found.graph["element"], found.graph["market"]) == ("Dy", "USA")


def test_gexf_carries_the_view_and_no_date_of_today(network: Network, view: View) -> None:
    tree = ElementTree.fromstring(write_gexf(network))
    space = {"gexf": "http://www.gexf.net/1.2draft"}
    meta = tree.find("gexf:meta", space)
    assert meta is not None
    assert meta.attrib == {"lastmodifieddate": "2026-11-24"}
    about = json.loads(meta.findtext("gexf:description", "", space))
    assert json.loads(about["view"]) == view.describe()
    assert meta.findtext("gexf:creator", "", space) == "Monazite"


def test_the_order_of_building_does_not_matter() -> None:
    one, other = Network(), Network()
    for network, nodes in ((one, "ab"), (other, "ba")):
        for node in nodes:
            network.add_node(node, label=node, kind="site")
    for key in ("x", "y"):
        one.add_edge("a", "b", key=key)
    for key in ("y", "x"):
        other.add_edge("a", "b", key=key)
    for write, _ in FORMATS.values():
        assert write(one) == write(other)


def test_plain_values_have_one_type_each(network: Network) -> None:
    plain = plain_network(network)
    types: dict[str, set[type]] = {}
    for _, values in plain.nodes(data=True):
        for name, value in values.items():
            types.setdefault(name, set()).add(type(value))
    assert {name: found for name, found in types.items() if len(found) > 1} == {}
    assert set().union(*types.values()) <= {str, int, float, bool}
