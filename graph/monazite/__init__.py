"""Monazite: what in the rare-earth supply chain can stop you, how sure that is, who says so.

>>> import monazite as mz
>>> view = mz.load()
>>> view.chokepoints("Dy", "USA").chokepoints[0].id
'separation/CHN'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from monazite.shipped import VERSION

if TYPE_CHECKING:
    from monazite.errors import MonaziteError
    from monazite.pages.reference.page import reference
    from monazite.triples.checks import check
    from monazite.view import View, load
    from monazite.view.pictures import write_graph as graph
    from monazite.view.verification import verify

__version__ = VERSION

__all__ = ["MonaziteError", "View", "__version__", "check", "graph", "load", "reference", "verify"]

_HOMES = {
    "MonaziteError": ("monazite.errors", "MonaziteError"),
    "View": ("monazite.view", "View"),
    "check": ("monazite.triples.checks", "check"),
    "load": ("monazite.view", "load"),
    "reference": ("monazite.pages.reference.page", "reference"),
    "graph": ("monazite.view.pictures", "write_graph"),
    "verify": ("monazite.view.verification", "verify"),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: networkx and pyvis are slow to import."""
    if name not in _HOMES:
        raise AttributeError(f"module 'monazite' has no attribute {name!r}")
    home, own_name = _HOMES[name]
    return getattr(import_module(home), own_name)


def __dir__() -> list[str]:
    return sorted(__all__)
