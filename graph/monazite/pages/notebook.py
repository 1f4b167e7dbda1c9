"""How networks, findings and answers show themselves in a notebook.

A network is its page in a frame whose scripts reach nothing of the notebook; findings and answers
are tables. All of it is text until proven markup: no label runs.
"""

from __future__ import annotations

from monazite.network.graph import Network
from monazite.showing import paint

TOP = 20
"""Rows of a finding that are shown."""


def _network(network: Network) -> str:
    from monazite.pages.graph.iframe import iframe
    from monazite.pages.graph.page import graph_html
    from monazite.pages.graph.svg import draw, title_of

    layout = draw(network, None).layout
    size = layout.width, layout.height
    return iframe(title_of(network), size, page=graph_html(network))


def register() -> None:
    """Say how each kind of thing shows itself."""
    paint(Network, _network)
