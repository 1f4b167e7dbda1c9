"""Typed access to the attributes of nodes and arcs of a network, and of the network itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, TypeVar, overload

import networkx as nx

from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.formats import xml_text
from monazite.core.results import Frozen
from monazite.model.network.shares import Split
from monazite.store.queries import QueryRecord

if TYPE_CHECKING:
    _Graph: TypeAlias = nx.MultiDiGraph[str]
else:
    _Graph = nx.MultiDiGraph  # networkx is generic for type checkers only


class Network(_Graph):
    """A ``networkx.MultiDiGraph`` that a notebook shows as its page."""

    built_by: Any = None  # the view whose rows it holds: it knows their evidence, and draws them

    def copy(self, as_view: bool = False) -> Self:
        """Return a copy, as networkx makes it."""
        return self._keep(super().copy(as_view))

    def subgraph(self, nodes: str | Iterable[str] | None) -> Self:
        """Return the part of the network with these nodes, as networkx makes it."""
        return self._keep(super().subgraph(nodes))

    def plain(self) -> Network:
        r"""Return a copy that every writer of networkx takes, ``write_gexf`` and the others.

        Its attributes are texts, numbers and booleans: several values of one are a text, joined by
        ``;``, and what is not known is left out. Nodes and arcs are sorted.

        >>> network = Network(stages=(("mine", "Mine"),))
        >>> network.add_node("mine/CHN", rows=("a/1", "a/2"), share=None, label="China\x07")
        >>> network.plain().nodes["mine/CHN"]
        {'label': 'China�', 'rows': 'a/1;a/2'}
        """
        found: Network = plain_copy(self)
        said = {name: held for name, held in self.graph.items() if name in _SAID}
        if isinstance(view := said.get("view"), Mapping):
            said["view"] = json.dumps(view, ensure_ascii=False, sort_keys=True)
        found.graph.clear()
        found.graph.update(_plain(said))
        return found

    def _keep(self, made: Self) -> Self:
        made.built_by = self.built_by
        return made

    def __getstate__(self) -> dict[str, object]:
        """Leave the view behind: a store is not copied deeply, nor sent to another process."""
        return {**self.__dict__, "built_by": None}

    def _repr_html_(self) -> str | None:
        """Return its page in a frame whose scripts reach nothing of the notebook."""
        if self.built_by is None:
            return None
        page: str = self.built_by.graph(network=self)._repr_html_()
        return page


def plain_copy(graph: Any) -> Any:  # noqa: ANN401 - a graph of any class, and one of the same
    """Return a graph whose attributes every writer of networkx takes, nodes and edges sorted."""
    found = type(graph)()
    found.graph.update(_plain(graph.graph))
    for node in sorted(graph):
        found.add_node(xml_text(node), **_plain(graph.nodes[node]))
    keys = {"keys": True} if graph.is_multigraph() else {}
    for ends in sorted(graph.edges(**keys), key=lambda each: (*map(str, each),)):
        found.add_edge(*(xml_text(str(each)) for each in ends), **_plain(graph.edges[ends]))
    return nx.freeze(found) if nx.is_frozen(graph) else found


def _plain(values: Mapping[str, object]) -> dict[str, str | int | float | bool]:
    known = {x: y for x, y in sorted(values.items()) if y is not None and y != () and y != ""}
    return {name: _plain_value(value) for name, value in known.items()}


def _plain_value(value: object) -> str | int | float | bool:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Iterable) and not isinstance(value, str):
        # an operator is a pair of id and name: the id stands for it
        items = (x[0] if isinstance(x, tuple) and x else x for x in value)
        return ";".join(str(_plain_value(each)) for each in items)
    return xml_text(str(value))


Held = TypeVar("Held")
_NOTHING: Mapping[str, Any] = Frozen()
_SAID = ("date", "element", "element_label", "market", "market_label", "trade_year", "view")


class Attribute(Generic[Held]):
    """Descriptor of one attribute: its name is the key, and it knows its default."""

    def __init__(self, default: Held) -> None:
        self.default = default
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, holder: None, owner: type) -> Attribute[Held]: ...
    @overload
    def __get__(self, holder: Carrier, owner: type) -> Held: ...
    def __get__(self, holder: Carrier | None, owner: type) -> Attribute[Held] | Held:
        """Return what the holder carries under this name, the default where it carries nothing."""
        if holder is None:
            return self
        held: Held | None = holder.cells.get(self.name)
        return self.default if held is None else held


class Carrier:
    """The attributes of a node, an arc or a network, by name, as networkx keeps them."""

    __slots__ = ("cells",)

    def __init__(self, cells: Mapping[str, Any]) -> None:
        self.cells = cells

    def __eq__(self, other: object) -> bool:
        """Whether another stands at the same place, and carries the same."""
        names = ("cells", *type(self).__slots__)
        return isinstance(other, type(self)) and all(
            getattr(self, name) == getattr(other, name) for name in names
        )


class NetworkNode(Carrier):
    """A node."""

    __slots__ = ("id",)

    def __init__(self, id: Any, cells: Mapping[str, Any]) -> None:  # noqa: A002, ANN401 - networkx's
        super().__init__(cells)
        self.id = id

    kind = Attribute("")  # country, site, rest, firm, market, gap; group in a folded picture
    stage = Attribute("")
    label = Attribute("")
    label_zh = Attribute[str | None](None)
    country = Attribute[str | None](None)  # `ROW` is the rest of the world
    country_label = Attribute("")
    facility = Attribute("")
    firm = Attribute("")
    operators = Attribute[tuple[tuple[str, str], ...]](())  # id and name
    share = Attribute[float | None](None)  # of the world's output at the stage, 0 to 1
    share_low = Attribute[float | None](None)
    share_high = Attribute[float | None](None)
    quantity = Attribute[float | None](None)
    unit = Attribute[str | None](None)
    basis = Attribute("")
    year = Attribute[int | None](None)
    denominator = Attribute("")
    figure = Attribute("")
    kind_of_figure = Attribute("")  # what numbers are if not measured: `proxy of rare earths`
    coverage = Attribute[float | None](None)  # of the country that known sites explain
    of_country = Attribute[float | None](None)  # a site's part of its country's output, 0 to 1
    rows = Attribute[tuple[str, ...]](())  # keys, `table/key`
    other_rows = Attribute[tuple[str, ...]](())
    range_rows = Attribute[tuple[str, ...]](())
    country_rows = Attribute[tuple[str, ...]](())
    status = Attribute("")  # the state of a plant on the day; `status_sure` is surely or perhaps
    status_sure = Attribute("")
    status_rows = Attribute[tuple[str, ...]](())
    note = Attribute("")
    text = Attribute("")  # of a gap, what is missing and where one would look
    behind = Attribute(0)  # how many sites and firms a folded card stands for
    policies = Attribute[tuple[str, ...]](())  # of a market, acts aimed at it

    @property
    def pool_share(self) -> float:
        """The share of a country at a stage, which always has one."""
        if self.share is None:
            raise NotKnownError(f"No share of the world's output is known at {self.id}.")
        return self.share

    @property
    def of_year(self) -> int:
        """The year of a figure, which always has one."""
        if self.year is None:
            raise NotKnownError(f"No year is known at {self.id}.")
        return self.year


class NetworkArc(Carrier):
    """An arc from ``source``, the node that delivers, to ``target``, the one that receives."""

    __slots__ = ("key", "source", "target")

    def __init__(self, source: Any, target: Any, key: Any, cells: Mapping[str, Any]) -> None:  # noqa: ANN401 - networkx's
        super().__init__(cells)
        self.source, self.target, self.key = source, target, key

    kind = Attribute("")
    label = Attribute("")
    link = Attribute("")  # of an observed or captive arc, the kind of supply link
    material = Attribute("")
    elements = Attribute[tuple[str, ...]](())
    certain = Attribute(default=False)
    share = Attribute[float | None](None)  # of a trade arc, of the world's supply
    quantity = Attribute[float | None](None)
    unit = Attribute[str | None](None)
    year = Attribute[int | None](None)
    rows = Attribute[tuple[str, ...]](())
    assumptions = Attribute[tuple[str, ...]](())  # that the capacity rests on
    policies = Attribute[tuple[str, ...]](())  # ids of the controls that bind it, or would
    joined = Attribute(default=False)  # whether it stands for several in a folded picture
    note = Attribute("")


class AboutNetwork(Carrier):
    """What a network is about."""

    __slots__ = ()

    element = Attribute("")  # symbol, or name of a group
    element_label = Attribute("")
    element_id = Attribute("")
    market = Attribute("")  # code of the country or area; `WLD` is the world
    market_label = Attribute("")
    stages = Attribute[tuple[tuple[str, str], ...]](())
    splits = Attribute[Mapping[str, Split]](_NOTHING)
    date = Attribute("")
    year = Attribute[int | None](None)
    trade_year = Attribute[int | None](None)
    assumptions = Attribute[Mapping[str, QueryRecord]](_NOTHING)
    coverage = Attribute[Mapping[str, float | None]](_NOTHING)  # explained by known sites, 0 to 1
    view = Attribute[Mapping[str, object]](_NOTHING)  # it was built from
    evidence = Attribute[Mapping[str, Mapping[str, Any]]](_NOTHING)
    left_out = Attribute(0)  # how many sites and firms a part leaves out
    policies = Attribute[Mapping[str, Mapping[str, Any]]](_NOTHING)  # by id
    series = Attribute[tuple[Any, ...]](())
    more_rows = Attribute[tuple[str, ...]](())


def about(network: nx.MultiDiGraph[Any]) -> AboutNetwork:
    """Return the attributes of the network itself."""
    return AboutNetwork(network.graph)


def node_of(network: nx.MultiDiGraph[Any], node: object) -> NetworkNode:
    """Return the attributes of a node."""
    return NetworkNode(node, network.nodes[node])


def nodes_of(network: nx.MultiDiGraph[Any]) -> Iterator[NetworkNode]:
    """Iterate over the nodes, in the order of the network."""
    return (NetworkNode(node, cells) for node, cells in network.nodes(data=True))


def arc_of(
    network: nx.MultiDiGraph[Any], source: object, target: object, key: object
) -> NetworkArc:
    """Return the attributes of an arc."""
    return NetworkArc(source, target, key, network.edges[source, target, key])


def arcs_of(network: nx.MultiDiGraph[Any]) -> Iterator[NetworkArc]:
    """Iterate over the arcs, in the order of the network."""
    return (NetworkArc(*arc) for arc in network.edges(keys=True, data=True))


def arcs_from(network: nx.MultiDiGraph[Any], node: object) -> Iterator[NetworkArc]:
    """Iterate over the arcs that leave a node."""
    return (NetworkArc(*arc) for arc in network.out_edges(node, keys=True, data=True))


def arcs_to(network: nx.MultiDiGraph[Any], node: object) -> Iterator[NetworkArc]:
    """Iterate over the arcs that enter a node."""
    return (NetworkArc(*arc) for arc in network.in_edges(node, keys=True, data=True))


def check_drawable(network: object) -> None:
    """Refuse what cannot be drawn as a network of an element, whoever has made it.

    >>> import networkx as nx
    >>> check_drawable(nx.path_graph(3))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    monazite.core.errors.UnknownNameError: What is drawn is a network as View.network builds it: ...
    """
    if not isinstance(network, nx.MultiDiGraph):
        raise UnknownNameError(
            "What is drawn is a network as View.network builds it: a MultiDiGraph whose nodes have "
            "a kind and a stage."
        )
