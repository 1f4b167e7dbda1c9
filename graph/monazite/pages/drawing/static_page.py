"""What every picture and page says of itself: its licence, its view, and its tables."""

from __future__ import annotations

from html import escape

from monazite.safe_text import visible
from monazite.tables import Table

LICENCE = "Data: CC BY 4.0, each source's own terms; drawn by Monazite"


def record_view(svg: str, view_line: str) -> str:
    """Record in a picture, where a program finds it, the view that it was made from.

    >>> record_view("<svg></svg>", "View: A & B")
    '<svg><metadata>View: A &amp; B</metadata></svg>'
    """
    body, end, rest = svg.rpartition("</svg>")
    return f"{body}<metadata>{escape(visible(view_line))}</metadata>{end}{rest}"


def page_table(table: Table) -> dict[str, object]:
    """Return a table as a template takes it: a reader sees all of its texts.

    Args:
        table: of a result.
    """
    right = [name in table.right for name in table.columns]
    return {
        "heading": visible(table.heading),
        "columns": [
            {"name": visible(name), "right": at_right}
            for name, at_right in zip(table.columns, right, strict=True)
        ],
        "rows": [
            [
                {"text": visible(cell), "right": at_right}
                for cell, at_right in zip(row, right, strict=True)
            ]
            for row in table.rows
        ],
        "remarks": [visible(remark) for remark in table.remarks],
    }
