"""How things show themselves in a notebook: the pages say how, the things ask here.

What is drawn stands above what is found, so that a finding cannot name the page that shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Painter = Callable[[Any], str]
_PAINTERS: dict[type, Painter] = {}


def paint(kind: type, painter: Painter) -> None:
    """Say how things of a kind show themselves.

    Args:
        kind: a class that inherits from ``Showing``.
        painter: makes HTML of one.
    """
    _PAINTERS[kind] = painter


class Showing:
    """Something that notebooks (Jupyter, marimo) show as HTML.

    >>> class Found(Showing):
    ...     pass
    >>> paint(Found, lambda found: "<b>found</b>")
    >>> Found()._repr_html_()
    '<b>found</b>'
    """

    def _repr_html_(self) -> str | None:
        """Return the HTML, or None where nothing says how."""
        painters = (_PAINTERS[kind] for kind in type(self).__mro__ if kind in _PAINTERS)
        painter = next(painters, None)
        return None if painter is None else painter(self)
