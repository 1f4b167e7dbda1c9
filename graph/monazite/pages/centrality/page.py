"""A measured graph as one HTML file that asks the network for nothing: its picture and tables."""

from __future__ import annotations

from monazite.findings.centrality.result import Centrality
from monazite.findings.centrality.tables import title_of
from monazite.pages.centrality.svg import centrality_css, centrality_drawing
from monazite.pages.drawing.policy import page_policy
from monazite.pages.drawing.static_page import LICENCE, page_table
from monazite.pages.drawing.templates import fill_template, page_style
from monazite.parameters import FIRMS, FLOW, POLICIES
from monazite.safe_text import visible

ABOUT = "A graph as a picture; the tables below hold the same figures"
HINT = "The area of a circle is the measure, as a part of the largest; a small ring has none of it."
LINKS = {
    FLOW: "Links are as wide as the tonnes they carry; grey ones stay in a country.",
    FIRMS: (
        "A link leads from who supplies to who buys, as wide as how many records say so, not as "
        "what is sent."
    ),
    POLICIES: (
        "A link leads from who issued acts to whom they are aimed at, as wide as how many are in "
        "force; the thinnest stand for acts that only may be."
    ),
}
"""What a link is, by kind of graph."""


def centrality_html(found: Centrality, view_line: str = "") -> str:
    """Return the page of a measured graph as text; the same graph gives the same bytes."""
    style = page_style("sheet.css", "sankey.css", drawing=centrality_css())
    page: dict[str, object] = {
        "title": visible(title_of(found)),
        "notes": [visible(said) for said in found.said],
        "svg": centrality_drawing(found),
        "about": ABOUT,
        "hint": f"{HINT} {LINKS[found.kind]}",
        "style": style,
        "policy": page_policy(style),
        "tables": [page_table(table) for table in found.tables()],
        "view": visible(view_line),
        "licence": LICENCE,
    }
    return fill_template("picture.html", {"page": page}) + "\n"
