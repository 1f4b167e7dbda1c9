"""The snippet that puts a graph page into another page: an iframe with a title and a height."""

from __future__ import annotations

from html import escape
from math import ceil
from urllib.parse import quote

_ABOVE_AND_BELOW = 620
"""About what stands round the picture: heading, legend, figures, tables folded, footer."""
_WIDE = 1120
"""How wide the picture is in a column of text, in pixels."""
_ALLOWED = "allow-scripts allow-popups allow-popups-to-escape-sandbox"


def iframe(
    title: str, size: tuple[float, float], *, src: str | None = None, page: str | None = None
) -> str:
    """Return the HTML that embeds a page, whole or by its address.

    The frame is a sandbox: its scripts run, and can reach nothing of the page round it.

    >>> iframe("Dy", (1400, 700), src="dy graph.html").split(" ")[1:3]
    ['src="dy%20graph.html"', 'title="Dy"']
    """
    height = ceil(size[1] * _WIDE / max(size[0], 1)) + _ABOVE_AND_BELOW
    held = f'srcdoc="{escape(page)}"' if page is not None else f'src="{quote(src or "")}"'
    return (
        f'<iframe {held} title="{escape(title)}" width="100%" height="{height}" '
        f'sandbox="{_ALLOWED}" loading="lazy" referrerpolicy="no-referrer" '
        'style="border:0"></iframe>\n'
    )
