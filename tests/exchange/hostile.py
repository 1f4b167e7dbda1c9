"""A view whose texts are as bad as texts can be, though no table could hold them."""

from __future__ import annotations

import pyoxigraph as ox

from monazite.exchange.selection import Selection
from monazite.rows.iris import BASE
from monazite.triples.store import Store
from monazite.view import View

NASTY = "=1+1\x00\x07\x1b\ufffe\x9b\u202e\u2028\ufdd0\U0001ffff ]]> <script>&\"' 稀土 \r\n\t"


class HostileView:
    """Another view with one more quad."""

    def __init__(self, view: View) -> None:
        self._view = view
        engine = ox.Store()
        engine.extend(view.store.quads())
        row = ox.NamedNode(BASE + "row/facilities/kuantan")
        place = ox.NamedNode(BASE + "ns#place")
        facility = ox.NamedNode(BASE + "id/facility/kuantan")
        engine.add(ox.Quad(facility, place, ox.Literal(NASTY), row))
        self.store = Store(engine)

    def __getattr__(self, name: str) -> object:
        return getattr(self._view, name)


def hostile_selection(view: View) -> Selection:
    """All rows of a view, one of which holds the nasty text."""
    return Selection(HostileView(view))  # type: ignore[arg-type]
