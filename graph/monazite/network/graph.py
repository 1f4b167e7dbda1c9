"""The type of the network: a networkx graph whose nodes are texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from monazite.showing import Showing

if TYPE_CHECKING:
    _Graph: TypeAlias = nx.MultiDiGraph[str]
else:
    _Graph = nx.MultiDiGraph  # networkx is generic for type checkers only


class Network(Showing, _Graph):
    """A ``networkx.MultiDiGraph`` that a notebook shows as its page."""
