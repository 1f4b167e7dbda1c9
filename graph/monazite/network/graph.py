"""The type of the network: a networkx graph whose nodes are texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias

import networkx as nx

if TYPE_CHECKING:
    _Graph: TypeAlias = nx.MultiDiGraph[str]
else:
    _Graph = nx.MultiDiGraph  # networkx is generic for type checkers only


class TitledGraph(Protocol):
    """A page as a notebook shows it."""

    def _repr_html_(self) -> str:
        """Return the HTML."""


class DrawsNetworks(Protocol):
    """The view that a network was built by: it knows the evidence of its rows."""

    def graph(self, *, network: Network) -> TitledGraph:
        """Draw a network as a page."""


class Network(_Graph):
    """A ``networkx.MultiDiGraph`` that a notebook shows as its page.

    Attributes:
        built_by: the view whose rows it holds, which its parts and copies keep; None for a
            network that no view has built.
    """

    built_by: DrawsNetworks | None = None

    def copy(self, as_view: bool = False) -> Self:
        """Return a copy, as networkx makes it."""
        return self._keep(super().copy(as_view))

    def subgraph(self, nodes: str | Iterable[str] | None) -> Self:
        """Return the part of the network with these nodes, as networkx makes it."""
        return self._keep(super().subgraph(nodes))

    def _keep(self, made: Self) -> Self:
        made.built_by = self.built_by
        return made

    def __getstate__(self) -> dict[str, object]:
        """Leave the view behind: a store is not copied deeply, nor sent to another process."""
        return {**self.__dict__, "built_by": None}

    def _repr_html_(self) -> str | None:
        """Return its page in a frame whose scripts reach nothing of the notebook."""
        return None if self.built_by is None else self.built_by.graph(network=self)._repr_html_()
