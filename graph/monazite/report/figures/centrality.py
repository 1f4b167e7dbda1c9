"""A measured graph: as a figure beside the losses, and as a page with its picture and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import sqrt

from monazite.analysis.centrality.graphs import SELLS_ORE
from monazite.analysis.centrality.result import Centrality, CentralNode, number, title_of
from monazite.core.formats import NOT_KNOWN, counted, fixed, shorten, visible
from monazite.core.results import Struct
from monazite.core.tables import percent_cell
from monazite.data.parameters import FIRMS, FLOW, POLICIES
from monazite.model.wording import STAGES, capital, maker_of
from monazite.report.drawing.lettering import in_sentence, percent
from monazite.report.drawing.plotting import MARGIN, Drawing, Page
from monazite.report.drawing.shapes import opened, path, safe, text_at
from monazite.report.drawing.shapes import tenths as _n
from monazite.report.drawing.templates import drawing_rules, html_page
from monazite.report.figures.losses import FOOT, ROW, draw_parts, part_lost
from monazite.store.names import named

MOST = 14  # places drawn of each

SAYS = ((0.8, "much"), (0.4, "something"), (-1.0, "little"))  # by rank correlation with losses


def centrality_drawing(found: Centrality, width: float) -> Drawing:
    """Draw how central places are beside what the market would lose without them."""
    known = [node for node in found.nodes if node.loss is not None]
    by_loss = sorted(known, key=lambda node: (-(node.ranking or 0), node.id))
    order = dict.fromkeys(node.id for pair in zip(by_loss, known, strict=True) for node in pair)
    kept = {*[*order][:MOST]}
    nodes = [node for node in by_loss if node.id in kept]
    said, under = _sentence(found), _terms(found)
    words = " ".join(f"{_words(node, found)}." for node in nodes)
    return Drawing(
        kind="centrality",
        title=said,
        subtitle=under,
        alt=f"{said}. {under} {words}".strip(),
        width=width,
        room=30 + ROW * max(1, len(nodes)) + FOOT,
        draw=partial(_draw, found=found, nodes=nodes),
        tips={f"node-{node.id}": _words(node, found) for node in nodes},
    )


def _sentence(found: Centrality) -> str:
    where, what = named(visible(found.market_label)), in_sentence(found.title)
    line = next((each for each in found.agreements if each.measure == found.by), None)
    if line is None or line.spearman is None:
        whose = f" for {where}" if found.kind == FLOW else ""
        return f"What is central to {what}{whose}"
    how = next(word for least, word in SAYS if line.spearman >= least)
    words = found.measure.words
    return f"{words[:1].upper()}{words[1:]} says {how} of what {where} would lose of {what}"


def _terms(found: Centrality) -> str:
    line = next((each for each in found.agreements if each.measure == found.by), None)
    told = f"Circle: {found.measure.words}, of the largest; diamond: part lost without it"
    told += f", {found.year or found.day}."
    if line is not None and line.spearman is not None:
        told += f" Rank correlation {fixed(line.spearman, 2)} over {line.places} places."
    return told


def _words(node: CentralNode, found: Centrality) -> str:
    value = number(node.measures[found.by], found.measure)
    lost = percent(part_lost(node.loss))
    return f"{visible(node.label)}: {found.measure.words} {value}, loss {lost}"


def _draw(page: Page, top: float, *, found: Centrality, nodes: Sequence[CentralNode]) -> None:
    if not nodes:
        page.text(MARGIN, top + 24, f"{NOT_KNOWN}.", hue="muted")
        return
    left, right = MARGIN + min(260.0, page.width * 0.36), page.width - MARGIN - 172
    most = max(node.measures[found.by] for node in found.nodes) or 1.0

    def x_of(part: float) -> float:
        return left + min(part, 1.0) * (right - left)

    bottom = top + 26 + ROW * len(nodes)
    draw_parts(page, x_of, (top, bottom), few=right - left <= 220)
    for place, node in enumerate(nodes):
        y = top + 38 + ROW * place
        size, lost = x_of(node.measures[found.by] / most), x_of(part_lost(node.loss))
        page.text(MARGIN, y + 4, node.label, max_width=left - MARGIN - 14)
        page.line([(size, y), (lost, y)], hue="muted", wide=1.2, opacity=0.5)
        page.mark(lost, y, "diamond", 5.5, fill="ring", order=5, name=f"loss-{node.id}")
        page.mark(size, y, "circle", 5.0, fill="country", order=6, name=f"node-{node.id}")
        value = number(node.measures[found.by], found.measure)
        page.text(right + 34, y + 4, value, bold=True, name=f"label-{node.id}")
        page.aside(right + 104, y + 4, percent(part_lost(node.loss)))
    page.aside(right + 34, top + 12, "measure")
    page.aside(right + 104, top + 12, "for good")


WIDTH, TOP, LEFT, _ROW = 1180.0, 64.0, 34.0, 34.0
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


class _Circle(Struct):
    node: CentralNode
    x: float
    y: float
    radius: float


def centrality_svg(found: Centrality) -> str:
    """Return the graph as SVG, part of a page."""
    there = {node.role for node in found.nodes}
    columns = [name for name in COLUMNS if name in there]
    placed = {circle.node.id: circle for circle in _placed(found, columns)}
    height = max((each.y + each.radius for each in placed.values()), default=TOP) + 24
    size, title, desc = (
        (_n(WIDTH), _n(height)),
        visible(title_of(found)),
        visible(describe(found)),
    )
    parts = [opened("central", "central", size, title, desc, "\n"), *_heads(found, columns)]
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
            y += max(radius, _ROW / 2)
            yield _Circle(node, x, y, radius)
            y += max(radius, _ROW / 2)


def _heads(found: Centrality, columns: list[str]) -> list[str]:
    parts = [text_at("unit", _n(LEFT), 16, f"Size: {visible(found.measure.words)}")]
    for place, name in enumerate(columns):
        x = LEFT + _pitch(columns) * place
        said = visible(capital(STAGES.get(name, name)))
        parts.append(text_at("head", _n(x), _n(TOP - 18), said))
        parts.append(path("rule", f"M{_n(x)} {_n(TOP - 10)}h{_n(_pitch(columns) - 24)}"))
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
    name = maker_of(visible(node.label), node.stage).removesuffix(f", {SELLS_ORE}")
    short = shorten(name, max(4.0, (pitch - circle.radius - LARGEST - 34) / SIZE))
    told = f'<tspan class="number" dx="5">{safe(value)}</tspan>' if not none else ""
    return (
        f'<g class="node{none}"><title>{safe(title)}</title>'
        f'<circle cx="{_n(circle.x)}" cy="{_n(circle.y)}" r="{_n(circle.radius)}"/>'
        f"{text_at('label', _n(x), _n(circle.y + 4), short, told)}</g>"
    )


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
    rules = drawing_rules("centrality", least=WIDTH * 0.9, size=SIZE, head=HEAD_SIZE)
    page: dict[str, object] = {
        "title": visible(title_of(found)),
        "notes": [visible(said) for said in found.said],
        "svg": centrality_svg(found),
        "about": ABOUT,
        "hint": f"{HINT} {LINKS[found.kind]}",
        "tables": found.tables(),
        "view": visible(view_line),
    }
    html = html_page("picture.html", page, "sheet.css", "sankey.css", drawing=rules, trimmed=False)
    return f"{html}\n"
