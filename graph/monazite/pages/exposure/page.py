"""The page of an exposure: one file that asks the network for nothing and has no script.

The bill itself is not in it; what was worked out of it is. Every text of the bill is hostile until
it is escaped, and lines that have no room are counted.
"""

from __future__ import annotations

import re
from typing import Any

from monazite.findings.exposure.exposure import Exposure
from monazite.findings.exposure.headline import exposure_lessons
from monazite.findings.exposure.page_tables import GRAMS, PagePart, page_parts
from monazite.pages.drawing.policy import page_policy
from monazite.pages.drawing.static_page import LICENCE, page_table
from monazite.pages.drawing.templates import fill_template, page_style
from monazite.pages.exposure.record import carried_rows
from monazite.pages.exposure.svg import grams_css, grams_drawing
from monazite.rows.dates import day_words
from monazite.safe_text import NO_BREAK, counted, in_brief, visible
from monazite.shipped import VERSION
from monazite.triples.names import named

_LONGEST, _LONGEST_CELL = 300, 1_200
"""Letters of a sentence and of a cell, of which a page shows the middle left out."""
_WITH_UNIT = re.compile(r"(?<=\d) (?=%|k?g\b)")
"""The space between a number and its unit, at which no line breaks."""


def exposure_html(found: Exposure) -> str:
    """Return the page as text; the same exposure gives the same bytes."""
    style = page_style("sheet.css", "exposure.css", drawing=grams_css())
    parts = page_parts(found)
    days = [day_words(day) for day in found.days]
    page: dict[str, object] = {
        "title": _set(found.product) or "Bill of materials",
        "about": f"Rare earths in a bill of materials, for {visible(named(found.market_label))}",
        "day": days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}" if days else "",
        "lessons": [_set(told) for told in exposure_lessons(found)],
        "parts": [_part(each, found) for each in parts],
        "style": style,
        "policy": page_policy(style),
        "view": "" if found.view is None else visible(found.view.text),
        "carries": counted(len(carried_rows(found)), "record"),
        "version": VERSION,
        "licence": LICENCE,
    }
    return fill_template("exposure.html", {"page": page}, trimmed=True) + "\n"


def _part(part: PagePart, found: Exposure) -> dict[str, object]:
    tables = [_table(page_table(table)) for table in part.tables]
    return {
        "id": part.id,
        "heading": part.heading,
        "svg": grams_drawing(found) if part.id == GRAMS else "",
        "tables": tables,
        "folded": [_table(page_table(table)) for table in part.folded],
    }


def _table(table: dict[str, Any]) -> dict[str, Any]:
    """A table as the page shows it: no cell is endless, and no number stands off its unit."""
    rows = [
        [{**cell, "text": _set(cell["text"], _LONGEST_CELL)} for cell in row]
        for row in table["rows"]
    ]
    columns = [{**each, "name": _set(each["name"])} for each in table["columns"]]
    return {**table, "heading": _set(table["heading"]), "columns": columns, "rows": rows}


def _set(text: str, longest: int = _LONGEST) -> str:
    return _WITH_UNIT.sub(NO_BREAK, in_brief(visible(text), longest))
