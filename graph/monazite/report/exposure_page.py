"""The page of an exposure: one file without a script; every text of the bill is escaped."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from html import escape

from monazite.bom.page_tables import GRAMS, GramBar, gram_bars, page_parts
from monazite.bom.result import Exposure, exposure_lessons
from monazite.core.formats import NO_BREAK, counted, in_brief, visible
from monazite.core.package import VERSION
from monazite.core.tables import Table
from monazite.data.dates import day_words
from monazite.report.brief.briefing import page_record
from monazite.report.drawing.shapes import rect, text_at
from monazite.report.drawing.templates import drawing_rules, html_page
from monazite.store.names import named

EXPOSURE = "exposure"  # What the record of such a page says it is


def exposure_record(found: Exposure) -> dict[str, object]:
    """Return what a page was made from, and with which versions, for whoever verifies it."""
    question = None if found.asked is None else asdict(found.asked)
    return page_record(found.view, question, page=EXPOSURE)


def carried_rows(found: Exposure) -> tuple[str, ...]:
    """Return the keys of the rows that a page carries, sorted."""
    rows = {row for line in found.lines for each in line.grams for row in each.rows}
    rows.update(*(each.rows for each in found.judgements))
    rows.update(each.row for each in found.licence)
    return tuple(sorted(rows.union(each.row for each in found.assumptions)))


TITLE = "Grams of each rare earth in one product, by kind of evidence"
_BAR, _THIN = 11.0, 7.0  # How high the bar of an element is, and that of one kind of evidence
_HATCH = (
    '<defs><pattern id="grams-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(135)"><path class="hatch" d="M0 0V6"/></pattern></defs>'
)
_HEAD, _UNDER, _GAP = 18.0, 16.0, 14.0
_LEAST = 0.4  # Per cent across that a bar has at least, so that it is seen


def grams_drawing(found: Exposure) -> str:
    """Return the bars as SVG to stand in a page; empty where no grams are known."""
    most = max((each.high for each in found.elements), default=0.0)
    if not most:
        return ""
    parts, y = [], 0.0
    bars = gram_bars(found)
    for line in bars:
        y += _GAP if line.whole and y else 0
        text, bar = (_HEAD, _BAR) if line.whole else (_UNDER, _THIN)
        y += text
        parts.append(_bar(line, y, bar, most))
        y += bar + 4
    told = "; ".join(f"{each.label} {each.grams}" for each in bars if each.whole)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="grams" role="img" width="100%" '
        f'height="{y:g}" aria-labelledby="grams-title grams-desc">'
        f'<title id="grams-title">{TITLE}</title>'
        f'<desc id="grams-desc">{escape(visible(told))}.</desc>{_HATCH}{"".join(parts)}</svg>'
    )


def _bar(line: GramBar, y: float, high: float, most: float) -> str:
    low, end = 100 * line.low / most, max(100 * line.high / most, _LEAST)
    size = "whole" if line.whole else "part"
    kind = line.kind if line.kind in ("grade", "family") else "bill" if line.kind else "all"
    return (
        text_at(size, 0, y - 5, visible(line.label))
        + text_at(f"{size} value", "100%", y - 5, line.grams)
        + _rect("track", y, high, 0, 100)
        + _rect(f"least {kind}", y, high, 0, max(low, _LEAST) if low else 0)
        + (_rect("most", y, high, low, end) if line.high > line.low else "")
    )


def _rect(look: str, y: float, high: float, start: float, end: float) -> str:
    wide = f"{end - start:.2f}%"
    return rect(look, f"{start:.2f}%", y, wide, high) if end > start else ""


_LONGEST, _LONGEST_CELL = 300, 1_200  # letters of a sentence and of a cell
_WITH_UNIT = re.compile(r"(?<=\d) (?=%|k?g\b)")  # between a number and its unit


def exposure_html(found: Exposure) -> str:
    """Return the page as text; the same exposure gives the same bytes."""
    days = [day_words(day) for day in found.days]
    page: dict[str, object] = {
        "title": _set(found.product) or "Bill of materials",
        "about": f"Rare earths in a bill of materials, for {visible(named(found.market_label))}",
        "day": days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}" if days else "",
        "lessons": [_set(told) for told in exposure_lessons(found)],
        "parts": [
            {
                "id": each.id,
                "heading": each.heading,
                "svg": grams_drawing(found) if each.id == GRAMS else "",
                "tables": [*map(_table, each.tables)],
                "folded": [*map(_table, each.folded)],
            }
            for each in page_parts(found)
        ],
        "view": "" if found.view is None else visible(found.view.text),
        "carries": counted(len(carried_rows(found)), "record"),
        "version": VERSION,
    }
    rules = drawing_rules("grams")
    return html_page("exposure.html", page, "sheet.css", "exposure.css", drawing=rules) + "\n"


def _table(table: Table) -> Table:
    """A table as the page shows it: no cell is endless, and no number stands off its unit."""
    return replace(
        table,
        heading=_set(table.heading),
        columns=tuple(map(_set, table.columns)),
        right=tuple(map(_set, table.right)),
        rows=[[_set(cell, _LONGEST_CELL) for cell in row] for row in table.rows],
    )


def _set(text: str, longest: int = _LONGEST) -> str:
    return _WITH_UNIT.sub(NO_BREAK, in_brief(visible(text), longest))
