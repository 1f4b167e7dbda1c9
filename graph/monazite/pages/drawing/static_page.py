"""What every picture and page says of itself: its licence, and the view it was made from."""

from __future__ import annotations

from html import escape

from monazite.safe_text import visible

LICENCE = "Data: CC BY 4.0, each source's own terms; drawn by Monazite"


def record_view(svg: str, view_line: str) -> str:
    """Record in a picture, where a program finds it, the view that it was made from.

    >>> record_view("<svg></svg>", "View: A & B")
    '<svg><metadata>View: A &amp; B</metadata></svg>'
    """
    body, end, rest = svg.rpartition("</svg>")
    return f"{body}<metadata>{escape(visible(view_line))}</metadata>{end}{rest}"
