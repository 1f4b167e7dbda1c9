"""The supply network as GraphML: several values of an attribute are one text, joined by ``;``."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from monazite.export.selection import xml_text
from monazite.model.network.attributes import Network, about, arcs_of, nodes_of

Plain: TypeAlias = str | int | float | bool
_GRAPH = ("date", "element", "element_label", "market", "market_label", "trade_year", "view")


def write_graphml(network: Network) -> bytes:
    """Return a network as GraphML."""
    import networkx as nx

    # write_graphml takes lxml where it is installed, and then writes other bytes
    writer = nx.readwrite.graphml.GraphMLWriter(plain_network(network), infer_numeric_types=True)
    out = io.BytesIO()
    writer.dump(out)
    return out.getvalue()


def plain_network(network: Network) -> Network:
    r"""Return a copy whose attributes are texts, numbers and booleans, nodes and arcs sorted.

    >>> import networkx as nx
    >>> network = nx.MultiDiGraph(stages=(("mine", "Mine"),))
    >>> network.add_node("mine/CHN", rows=("a/1", "a/2"), share=None, label="China\x07")
    >>> plain_network(network).nodes["mine/CHN"]
    {'label': 'China�', 'rows': 'a/1;a/2'}
    """
    found = Network()
    said = {name: held for name, held in about(network).cells.items() if name in _GRAPH}
    if isinstance(said.get("view"), Mapping):
        said["view"] = json.dumps(said["view"], ensure_ascii=False, sort_keys=True)
    found.graph.update(_plain(said))
    for node in sorted(nodes_of(network), key=lambda node: node.id):
        found.add_node(xml_text(node.id), **_plain(node.cells))
    for arc in sorted(arcs_of(network), key=lambda arc: (arc.source, arc.target, str(arc.key))):
        start, end, key = map(xml_text, (arc.source, arc.target, str(arc.key)))
        found.add_edge(start, end, key, **_plain(arc.cells))
    return found


def _plain(values: Mapping[str, object]) -> dict[str, Plain]:
    known = {x: y for x, y in sorted(values.items()) if y is not None and y != () and y != ""}
    return {name: _value(value) for name, value in known.items()}


def _value(value: object) -> Plain:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, Iterable):  # an operator is a pair of id and name: the id stands for it
        items = (x[0] if isinstance(x, tuple) and x else x for x in value)
        return ";".join(str(_value(each)) for each in items)
    return xml_text(str(value))
