"""A measured graph as one HTML file that asks the network for nothing: its picture and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from math import sqrt

from monazite.analysis.centrality.graphs import SELLS_ORE
from monazite.analysis.centrality.result import Centrality, CentralNode, number, title_of
from monazite.core.formats import counted, shorten, visible
from monazite.core.tables import percent_cell
from monazite.data.parameters import FIRMS, FLOW, POLICIES
from monazite.model.wording import STAGES, capital, maker_of
from monazite.report.drawing.palette import FONTS
from monazite.report.drawing.static_page import LICENCE, page_table
from monazite.report.drawing.templates import fill_template, page_policy, page_style

WIDTH, TOP, LEFT, ROW = 1180.0, 64.0, 34.0, 34.0
LARGEST, LEAST, WIDEST = 26.0, 3.0, 9.0
SIZE, HEAD_SIZE = 11.5, 12.5
COLUMNS = (  # from left to right
    SELLS_ORE,
    *STAGES,
    "supplies",
    "supplies and buys",
    "buys",
    "acts on others",
    "both",
    "is bound",
)


@dataclass(frozen=True)
class _Circle:
    node: CentralNode
    x: float
    y: float
    radius: float


def centrality_drawing(found: Centrality) -> str:
    """Return the graph as SVG, part of a page."""
    there = {node.role for node in found.nodes}
    columns = [name for name in COLUMNS if name in there]
    placed = {circle.node.id: circle for circle in _placed(found, columns)}
    height = max((each.y + each.radius for each in placed.values()), default=TOP) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="central" role="img" '
        f'viewBox="0 0 {_n(WIDTH)} {_n(height)}" width="{_n(WIDTH)}" height="{_n(height)}" '
        f'aria-labelledby="central-title central-desc">',
        f'<title id="central-title">{_text(title_of(found))}</title>',
        f'<desc id="central-desc">{_text(describe(found))}</desc>',
    ]
    parts += _heads(found, columns)
    parts += _links(found, placed)
    parts += [_circle(each, found, _pitch(columns)) for each in placed.values()]
    return "\n".join([*parts, "</svg>\n"])


def describe(found: Centrality) -> str:
    """One or two sentences for those who do not see the picture."""
    first, *_ = found.nodes
    value = number(first.measures[found.by], found.measure)
    return (
        f"{counted(len(found.nodes), 'node')} and {counted(len(found.edges), 'link')}; largest by "
        f"{found.measure.words}: {visible(first.label)}, {value}."
    )


def _pitch(columns: list[str]) -> float:
    return (WIDTH - LEFT) / max(1, len(columns))


def _placed(found: Centrality, columns: list[str]) -> Iterator[_Circle]:
    most = max(node.measures[found.by] for node in found.nodes)
    for place, name in enumerate(columns):
        y, x = TOP, LEFT + _pitch(columns) * place + LARGEST
        for node in found.nodes:
            if node.role != name:
                continue
            part = node.measures[found.by] / most if most > 0 else 0.0
            radius = max(LEAST, LARGEST * sqrt(part))
            y += max(radius, ROW / 2)
            yield _Circle(node, x, y, radius)
            y += max(radius, ROW / 2)


def _heads(found: Centrality, columns: list[str]) -> list[str]:
    parts = [f'<text class="unit" x="{_n(LEFT)}" y="16">Size: {_text(found.measure.words)}</text>']
    for place, name in enumerate(columns):
        x = LEFT + _pitch(columns) * place
        said = capital(STAGES.get(name, name))
        parts.append(f'<text class="head" x="{_n(x)}" y="{_n(TOP - 18)}">{_text(said)}</text>')
        parts.append(f'<path class="rule" d="M{_n(x)} {_n(TOP - 10)}h{_n(_pitch(columns) - 24)}"/>')
    return parts


def _links(found: Centrality, placed: Mapping[str, _Circle]) -> Iterator[str]:
    """The widest first, so that none is hidden by one that is wider."""
    edges = [(weight, tail, head) for tail, head, weight in found.edges]
    most = max((weight for weight, *_ in edges), default=0.0)
    for weight, tail, head in sorted(edges, key=lambda each: (-each[0], *each[1:])):
        wide = 0.4 + (WIDEST * weight / most if most > 0 else 0.0)
        home = placed[tail].node.country == placed[head].node.country != ""
        kind = "home" if home else "trade"
        one, other = placed[tail], placed[head]
        bend = max(40.0, abs(other.x - one.x) / 2)
        turn = bend if other.x <= one.x else -bend  # back, or inside a column: round the right
        way = (
            f"M{_n(one.x)} {_n(one.y)}C{_n(one.x + bend)} {_n(one.y)} "
            f"{_n(other.x + turn)} {_n(other.y)} {_n(other.x)} {_n(other.y)}"
        )
        yield f'<path class="link {kind}" stroke-width="{_n(wide)}" d="{way}"/>'


def _circle(circle: _Circle, found: Centrality, pitch: float) -> str:
    node = circle.node
    value = number(node.measures[found.by], found.measure)
    lost = "" if node.loss is None else f"; loss without it {percent_cell(node.loss)}"
    title = f"{visible(node.label)}: {found.measure.words} {value}{lost}"
    none = "" if node.measures[found.by] > 0 else " none"
    x = circle.x + max(circle.radius, LEAST) + 4
    name = maker_of(visible(node.label), node.stage)
    name = name.removesuffix(f", {SELLS_ORE}")
    short = shorten(name, max(4.0, (pitch - circle.radius - LARGEST - 34) / SIZE))
    told = f'<tspan class="number" dx="5">{_text(value)}</tspan>' if not none else ""
    return (
        f'<g class="node{none}"><title>{_text(title)}</title>'
        f'<circle cx="{_n(circle.x)}" cy="{_n(circle.y)}" r="{_n(circle.radius)}"/>'
        f'<text class="label" x="{_n(x)}" y="{_n(circle.y + 4)}">{_text(short)}{told}</text></g>'
    )


def centrality_css() -> str:
    """The rules that the SVG needs, in a page and by itself."""
    return (
        f"svg.central{{display:block;width:100%;min-width:{_n(WIDTH * 0.9)}px;height:auto}}\n"
        f".central text{{font-family:{FONTS};fill:var(--ink);font-size:{SIZE:g}px}}\n"
        ".central .paper{fill:var(--paper)}\n"
        f".central .head{{font-size:{HEAD_SIZE:g}px;font-weight:600}}\n"
        ".central .unit,.central .number{fill:var(--muted)}\n"
        ".central .label{paint-order:stroke;stroke:var(--paper);stroke-width:3px;"
        "stroke-linejoin:round}\n"
        ".central .rule{fill:none;stroke:var(--hairline)}\n"
        ".central .link{fill:none;stroke-opacity:.35}\n"
        ".central .link.trade{stroke:var(--arc-trade)}\n"
        ".central .link.home{stroke:var(--arc-domestic)}\n"
        ".central circle{fill:var(--country);stroke:var(--paper);stroke-width:1}\n"
        ".central .none circle{fill:var(--paper);stroke:var(--muted)}\n"
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    return escape(visible(text))


ABOUT = "A graph as a picture; the tables below hold the same figures"
HINT = "The area of a circle is the measure, as a part of the largest; a small ring has none of it."
LINKS = {  # What a link is, by kind of graph
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
