"""Grams of each rare earth in a product as bars, by kind of evidence.

Places and lengths across are in per cent and letters in pixels: on a phone and on paper the bars
give way, and no letter shrinks.
"""

from __future__ import annotations

from html import escape

from monazite.findings.exposure.exposure import Exposure
from monazite.findings.exposure.page_tables import GramBar, gram_bars
from monazite.pages.drawing.palette import FONTS
from monazite.safe_text import visible

TITLE = "Grams of each rare earth in one product, by kind of evidence"
_KINDS = {"grade": "grade", "family": "family"}
"""Kinds of evidence that are not of the bill."""
_BAR, _THIN = 11.0, 7.0
"""How high the bar of an element is, and that of one kind of evidence."""
_HEAD, _UNDER, _GAP = 18.0, 16.0, 14.0
_LEAST = 0.4
"""Per cent across that a bar has at least, so that it is seen."""


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
        f'<desc id="grams-desc">{escape(visible(told))}.</desc>{_hatch()}{"".join(parts)}</svg>'
    )


def _bar(line: GramBar, y: float, high: float, most: float) -> str:
    low, end = 100 * line.low / most, max(100 * line.high / most, _LEAST)
    size = "whole" if line.whole else "part"
    kind = _KINDS.get(line.kind, "bill") if line.kind else "all"
    pieces = [
        f'<text class="{size}" x="0" y="{y - 5:g}">{escape(visible(line.label))}</text>',
        f'<text class="{size} value" x="100%" y="{y - 5:g}">{escape(line.grams)}</text>',
        _rect("track", y, high, 0, 100),
        _rect(f"least {kind}", y, high, 0, max(low, _LEAST) if low else 0),
        _rect("most", y, high, low, end) if line.high > line.low else "",
    ]
    return "".join(pieces)


def _rect(look: str, y: float, high: float, start: float, end: float) -> str:
    if end <= start:
        return ""
    return (
        f'<rect class="{look}" x="{start:.2f}%" y="{y:g}" width="{end - start:.2f}%" '
        f'height="{high:g}"/>'
    )


def _hatch() -> str:
    return (
        '<defs><pattern id="grams-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(135)"><path class="hatch" d="M0 0V6"/></pattern></defs>'
    )


def grams_css() -> str:
    """Return the rules that the bars need."""
    return (
        f".grams text{{font-family:{FONTS};fill:var(--ink);font-size:14px}}\n"
        ".grams .whole{font-weight:600}.grams .part{font-size:12.5px;fill:var(--muted)}\n"
        ".grams .value{text-anchor:end;font-variant-numeric:tabular-nums}\n"
        ".grams .track{fill:var(--band)}.grams .hatch{stroke:var(--hatch);stroke-width:3}\n"
        ".grams .most{fill:url(#grams-hatch);stroke:var(--hatch);stroke-width:1}\n"
        ".grams .least{fill:var(--share)}.grams .least.bill{fill:var(--alive)}\n"
        ".grams .least.grade{fill:var(--country)}.grams .least.all{fill:var(--ink)}\n"
    )
