"""A Sankey picture, as SVG and as one HTML file that asks the network for nothing.

What a row prints is a filled bar or band. What does not close is hatched, stands within a broken
outline, and says so in its label: a gap is told from a fact without any colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from monazite.pages.drawing.palette import FONTS, css_variables, kind_of, line_of
from monazite.pages.drawing.policy import page_policy
from monazite.pages.drawing.static_page import LICENCE, page_table
from monazite.pages.drawing.templates import fill_template, page_style
from monazite.pages.sankey.folding import GAP, Sankey, SankeyLink, SankeyNode
from monazite.pages.sankey.geometry import (
    BAR,
    LEFT,
    TOP,
    Band,
    Bar,
    SankeyLayout,
    place_bands,
)
from monazite.safe_text import NOT_KNOWN, amount, em_width, shorten, visible
from monazite.tables import Table

__all__ = ["Sankey", "SankeyLink", "SankeyNode", "sankey_html", "sankey_svg"]

SIZE, HEAD_SIZE = 11.5, 12.5
_THIN, _LOW, _UNSEEN, _LEGEND = 1.2, 2.0, 10.0, 26.0
_TITLE = 300
_NODES = {"country": "", "rest": "Rest, or several together", "use": "Use"}
_ABOUT = "Flows as a picture; the tables below hold the same figures"
_HINT = (
    "Everything runs from left to right; heights are quantities, on one scale. What is hatched "
    "within a broken outline is no recorded flow: it is unaccounted for."
)
_NOTHING = "No record of this year leads from one stage to the next: there is nothing to draw."
_DOES_NOT_CLOSE = "Unaccounted for (no record prints it)"


def sankey_svg(picture: Sankey) -> str:
    """Return a picture as one SVG document that needs nothing else.

    >>> mine = SankeyNode("a", "A <mine>", 0, "country", 4.0, "row/a")
    >>> text = sankey_svg(Sankey("Dy", "t", ("mine",), (mine,), (), ()))
    >>> "A &lt;mine&gt;" in text, "<mine>" in text
    (True, False)
    """
    placed = place_bands(picture)
    style = css_variables() + sankey_css(placed)
    return _svg(picture, placed, style)


def sankey_html(picture: Sankey, tables: Sequence[Table], view_line: str) -> str:
    """Return the page of a picture as text; the same picture gives the same bytes."""
    placed = place_bands(picture)
    style = page_style("sheet.css", "sankey.css", drawing=sankey_css(placed))
    page: dict[str, object] = {
        "title": visible(picture.title),
        "notes": [visible(note) for note in picture.notes],
        "svg": _svg(picture, placed, None) if placed.bars else "",
        "about": _ABOUT,
        "hint": _HINT if placed.bars else _NOTHING,
        "style": style,
        "policy": page_policy(style),
        "tables": [page_table(table) for table in tables],
        "view": visible(view_line),
        "licence": LICENCE,
    }
    return fill_template("picture.html", {"page": page}) + "\n"


def _svg(picture: Sankey, placed: SankeyLayout, style: str | None) -> str:
    width, height = placed.width, placed.height + _LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sankey" role="img" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}" '
        f'aria-labelledby="sankey-title sankey-desc">',
        f'<title id="sankey-title">{_text(picture.title)}</title>',
        f'<desc id="sankey-desc">{_text(describe(picture, placed))}</desc>',
        _hatches(),
    ]
    if style is not None:
        parts.append(f"<style>{style}</style>")
        parts.append(f'<rect class="paper" width="{_n(width)}" height="{_n(height)}"/>')
    parts += _heads(picture, placed)
    in_order = sorted(placed.bands, key=lambda band: (band.link.kind == GAP, -band.high))
    parts += [_band_svg(band, picture.unit) for band in in_order]
    parts += [_bar_svg(bar, placed, picture.unit) for bar in placed.bars]
    parts.append(_legend(placed))
    return "\n".join([*parts, "</svg>\n"])


def describe(picture: Sankey, placed: SankeyLayout) -> str:
    """One or two sentences for those who do not see the picture."""
    heads = ", ".join(visible(column) for column in picture.columns)
    gaps = [bar for bar in placed.bars if bar.node.kind == GAP]
    text = (
        f"{len(placed.bars)} bars and {len(placed.bands)} bands in {picture.unit}, "
        f"in columns from left to right: {heads}."
    )
    if gaps:
        named = ", ".join(f"{visible(bar.node.label)} {_value(bar)}".strip() for bar in gaps)
        text += f" Unaccounted for: {named}."
    return text


def _heads(picture: Sankey, placed: SankeyLayout) -> list[str]:
    unit = f"Heights in {picture.unit}" if picture.unit else ""
    parts = [f'<text class="unit" x="{_n(LEFT)}" y="14">{_text(unit)}</text>']
    for x, name in zip(placed.heads, picture.columns, strict=True):
        short = shorten(visible(name), (placed.pitch - BAR) / HEAD_SIZE)
        parts.append(
            f'<text class="head" x="{_n(x)}" y="{_n(TOP - 16)}">{_text(short)}</text>'
            f'<path class="rule" d="M{_n(x)} {_n(TOP - 9)}h{_n(placed.pitch - BAR)}"/>'
        )
    return parts


def _bar_svg(bar: Bar, placed: SankeyLayout, unit: str) -> str:
    node = bar.node
    unseen = bar.high == 0 and node.value is None
    high = _UNSEEN if unseen else max(bar.high, _LOW)
    title = visible(node.title or f"{node.label}: {amount(node.value, unit) or NOT_KNOWN}")
    rounded = ' rx="5"' if node.kind == "use" else ""
    looks = f"bar {node.kind if node.kind in (*_NODES, GAP) else 'rest'}"
    return (
        f'<g class="{looks}{" unseen" if unseen else ""}">'
        f"<title>{_text(title[:_TITLE])}</title>"
        f'<rect x="{_n(bar.x)}" y="{_n(bar.middle - high / 2)}" width="{_n(BAR)}" '
        f'height="{_n(high)}"{rounded}/>{_label(bar, (placed.pitch - BAR - 14) / SIZE)}</g>'
    )


def _label(bar: Bar, ems: float) -> str:
    """The name and the number beside a bar; what does not close takes two lines to say what."""
    number, x = _value(bar), bar.x + BAR + 6
    rest = ems - em_width(number) - 0.5
    if bar.node.kind != GAP:
        return _line(x, bar.middle + 4, shorten(visible(bar.node.label), rest), number)
    first, second = _in_two(f"? {visible(bar.node.label)}", ems * 0.9, rest * 0.9)
    return _line(x, bar.middle - 3, first, "") + _line(x, bar.middle + 11, second, number)


def _in_two(text: str, first: float, second: float) -> tuple[str, str]:
    """Break a text between words into two lines, cut where they have no more room."""
    if em_width(text) <= first:
        return text, ""
    words = text.split(" ")
    count = max(
        (n for n in range(1, len(words)) if em_width(" ".join(words[:n])) <= first), default=0
    )
    head = " ".join(words[:count]) if count > 1 else shorten(text, first)
    return head, shorten(" ".join(words[count:]), second) if count > 1 else ""


def _line(x: float, y: float, name: str, number: str) -> str:
    dx = ' dx="5"' if name else ""
    told = f'<tspan class="number"{dx}>{_text(number)}</tspan>' if number else ""
    if not name and not told:
        return ""
    return f'<text class="label" x="{_n(x)}" y="{_n(y)}">{_text(name)}{told}</text>'


def _value(bar: Bar) -> str:
    """The number at a bar: what was given; not known only where no band says anything either."""
    if bar.node.value is None:
        return "" if bar.high else NOT_KNOWN
    return amount(bar.node.value, "")


def _band_svg(band: Band, unit: str) -> str:
    link = band.link
    begins, ends = visible(band.source.node.label), visible(band.target.node.label)
    title = visible(link.title) or f"{begins} to {ends}: {amount(link.value, unit)}"
    looks = link.kind if link.kind in {"domestic", "trade", GAP} else "trade"
    return (
        f'<g class="band {looks}"><title>{_text(title[:_TITLE])}</title>'
        f'<path d="{_way(band)}"/></g>'
    )


def _way(band: Band) -> str:
    """A band as two cubic curves; what is too thin to see is drawn a little thicker."""
    high = max(band.high, _THIN)
    x1, x2 = band.source.x + BAR, band.target.x
    y1, y2 = (start + (band.high - high) / 2 for start in (band.leaves, band.meets))
    bend = max(40.0, abs(x2 - x1) * 0.48)
    return (
        f"M{_n(x1)} {_n(y1)}C{_n(x1 + bend)} {_n(y1)} {_n(x2 - bend)} {_n(y2)} {_n(x2)} {_n(y2)}"
        f"v{_n(high)}C{_n(x2 - bend)} {_n(y2 + high)} {_n(x1 + bend)} {_n(y1 + high)} "
        f"{_n(x1)} {_n(y1 + high)}Z"
    )


def _legend(placed: SankeyLayout) -> str:
    """The looks that occur, in words, on one line below."""
    bands = {band.link.kind for band in placed.bands}
    bars = {bar.node.kind for bar in placed.bars}
    known = [("band", code, line_of(code).words) for code in ("domestic", "trade")]
    known += [("bar", code, words or kind_of(code).words) for code, words in _NODES.items()]
    known += [("bar", GAP, _DOES_NOT_CLOSE)]
    there = {"band": bands, "bar": bars | ({GAP} & bands)}
    entries = [entry for entry in known if entry[1] in there[entry[0]]]
    x, y = LEFT, placed.height + 4
    parts = []
    for what, code, words in entries:
        rounded = ' rx="5"' if code == "use" else ""
        parts.append(
            f'<g class="{what} {code}"><rect x="{_n(x)}" y="{_n(y)}" width="22" height="11"'
            f'{rounded}/><text class="key" x="{_n(x + 28)}" y="{_n(y + 9.5)}">{words}</text></g>'
        )
        x += 28 + em_width(words) * SIZE + 18
    return "".join(parts)


def _hatches() -> str:
    return (
        '<defs><pattern id="sankey-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M0 0H7M0 7H7"/></pattern></defs>'
    )


def _n(number: float) -> str:
    return f"{round(number, 2):g}"


def _text(text: str) -> str:
    return escape(visible(text))


def sankey_css(placed: SankeyLayout) -> str:
    """The rules that the SVG needs, in a page and by itself."""
    return (
        f"svg.sankey{{min-width:{_n(placed.width * 0.9)}px}}\n"
        f".sankey text{{font-family:{FONTS};fill:var(--ink);font-size:{SIZE:g}px}}\n"
        ".sankey .paper{fill:var(--paper)}\n"
        f".sankey .head{{font-size:{HEAD_SIZE:g}px;font-weight:600}}\n"
        ".sankey .unit,.sankey .number,.sankey .key{fill:var(--muted)}\n"
        ".sankey .label{paint-order:stroke;stroke:var(--paper);stroke-width:3px;"
        "stroke-linejoin:round}\n"
        ".sankey .rule{fill:none;stroke:var(--hairline)}\n"
        ".sankey .hatch{fill:none;stroke:var(--ring);stroke-width:1.6}\n"
        ".sankey .bar rect{stroke:var(--ink);stroke-width:.8;fill:var(--country)}\n"
        ".sankey .bar.rest rect{fill:var(--rest);stroke:var(--muted)}\n"
        ".sankey .bar.use rect{fill:var(--market)}\n"
        ".sankey .bar.unseen rect{fill:none;stroke-dasharray:2 2}\n"
        ".sankey .bar.gap rect,.sankey .band.gap path"
        "{fill:url(#sankey-hatch);stroke:var(--ring);stroke-dasharray:4 3}\n"
        ".sankey .bar.gap rect{stroke-width:1.4}\n"
        ".sankey .bar.gap .label{font-style:italic;font-weight:600}\n"
        ".sankey .band path,.sankey .band rect{fill:var(--arc-trade);fill-opacity:.34;"
        "stroke:var(--arc-trade);stroke-width:.8;stroke-opacity:.75}\n"
        ".sankey .band.domestic path,.sankey .band.domestic rect{fill:var(--arc-domestic);"
        "fill-opacity:.42;stroke:none}\n"
        ".sankey .band.gap path{fill-opacity:.55;stroke-width:1}\n"
        ".sankey .band:hover path{fill-opacity:.8}\n"
    )
