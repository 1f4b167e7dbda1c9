"""The network as SVG: in a page as on the canvas, or a framed document with legend and source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from html import escape
from math import ceil
from typing import Any
from urllib.parse import quote

import networkx as nx

from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.headline import loss_answer
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.core.formats import counted, marked, number_of, visible
from monazite.core.results import Struct
from monazite.data.dates import day_words
from monazite.model.network import attributes
from monazite.report.chain_diagram.cards import STATUSES
from monazite.report.drawing.frame import PictureFrame, Piece
from monazite.report.drawing.lettering import percent, text_width
from monazite.report.drawing.palette import CUT_DASH, CUT_REACH, CUT_WORDS, KINDS, LINES, LineStyle
from monazite.report.drawing.shapes import digits, opened, path, rect, text_at
from monazite.report.drawing.templates import credit_line, drawing_rules
from monazite.report.graph.cards import (
    LINE_SIZE,
    MARK_SLOT,
    NAME_SIZE,
    SITE_SIZE,
    Card,
    chokepoints_by_node,
    draw_cards,
    legend_mark,
    member_cards,
    state_path,
    two_line_nodes,
)
from monazite.report.graph.layout import (
    HEADER,
    Arc,
    Layout,
    arrow_size,
    draw_arcs,
    hidden_arcs,
    lay_out,
)
from monazite.store.names import named

MAX_CARDS = 150  # Cards whose labels do not collide at the default zoom
Ends = tuple[Any, Any, Any]  # the source, the target and the key of an arc


class FoldedNetwork(Struct):
    """A network as the picture shows it, and what stands behind its cards."""

    network: nx.MultiDiGraph[Any] = field(compare=False)
    members: Mapping[Hashable, tuple[Hashable, ...]] = field(default_factory=dict)
    heads: Mapping[Hashable, Hashable] = field(default_factory=dict)
    holds: Mapping[Ends, tuple[Ends, ...]] = field(default_factory=dict)


def fold(network: nx.MultiDiGraph[Any], *, most: int = MAX_CARDS) -> FoldedNetwork:
    """Fold a network that has more nodes than a picture can show."""
    if len(network) <= most:
        return FoldedNetwork(network)
    groups: dict[tuple[str, str], list[Hashable]] = defaultdict(list)
    own: dict[tuple[str, str], Hashable] = {}
    for node in attributes.nodes_of(network):
        place = str(node.stage), str(node.country or "")
        if node.kind in {"site", "firm", "rest"}:
            groups[place].append(node.id)
        elif node.kind == "country":
            own.setdefault(place, node.id)
    folded = network.__class__(**attributes.about(network).cells)
    members: dict[Hashable, tuple[Hashable, ...]] = {}
    for place, group in sorted(groups.items()):
        head = own.get(place)
        if head is None and len(group) > 1:
            head = f"group/{'/'.join(place)}"
            first = attributes.node_of(network, group[0])
            folded.add_node(
                head,
                kind="group",
                label=first.country_label or first.country or "Country not stated",
                label_zh=None,
                stage=place[0],
                country=first.country,
                country_label=first.country_label,
                rows=_rows([attributes.node_of(network, node) for node in group]),
            )
        if head is not None:
            members[head] = tuple(group)
    heads = {node: head for head, behind in members.items() for node in behind}
    folded.add_nodes_from(
        (node.id, dict(node.cells)) for node in attributes.nodes_of(network) if node.id not in heads
    )
    for head, behind in members.items():
        folded.nodes[head]["behind"] = len(behind)
    return FoldedNetwork(folded, members, heads, _join_arcs(network, folded, heads))


def _join_arcs(
    network: nx.MultiDiGraph[Any], folded: nx.MultiDiGraph[Any], heads: Mapping[Hashable, Hashable]
) -> dict[Ends, tuple[Ends, ...]]:
    """Draw each arc between what is shown; those of folded ends join by kind."""
    joined: dict[Ends, list[Ends]] = defaultdict(list)
    for source, target, key in network.edges(keys=True):
        ends = heads.get(source, source), heads.get(target, target)
        arc = attributes.arc_of(network, source, target, key)
        if ends == (source, target):
            folded.add_edge(source, target, key=key, **arc.cells)
        else:
            joined[(*ends, arc.kind)].append((source, target, key))
    holds: dict[Ends, tuple[Ends, ...]] = {}
    for (source, target, kind), group in joined.items():
        key = f"joined/{kind}"
        if source != target:
            cells = [attributes.arc_of(network, *arc) for arc in group]
            folded.add_edge(source, target, key=key, joined=True, **_joined_cells(cells))
        holds[source, target, key] = tuple(group)
    return holds


def _joined_cells(arcs: Sequence[attributes.NetworkArc]) -> dict[str, Any]:
    quantities = [number_of(arc.quantity) for arc in arcs]
    units = {arc.unit for arc in arcs}
    known = [quantity for quantity in quantities if quantity is not None]
    adds = len(known) == len(arcs) and len(units) == 1
    materials = sorted({visible(arc.material) for arc in arcs} - {""})
    return {
        "kind": arcs[0].kind,
        "label": f"{len(arcs)} links" if len(arcs) > 1 else arcs[0].label,
        "material": "; ".join(materials),
        "quantity": sum(known) if adds else None,
        "unit": arcs[0].unit if adds else None,
        "rows": _rows(arcs),
        "policies": tuple(sorted({name for arc in arcs for name in arc.policies})),
    }


def _rows(
    cells: Sequence[attributes.NetworkNode] | Sequence[attributes.NetworkArc],
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for each in cells for row in each.rows))


KIND = "picture"
MARKS = (
    "* a proxy, a forecast, a share of several together, or an other figure than the reconciled "
    "year's; \u2264 and \u2265 are bounds"
)


class NetworkPicture(Struct):
    """Everything drawn, placed once; ``behind`` and ``hidden`` stand behind cards until opened."""

    layout: Layout
    cards: list[Card]
    arcs: list[Arc]
    points: dict[Hashable, Chokepoint]
    folded: FoldedNetwork
    behind: dict[Hashable, list[Card]]
    hidden: list[Arc]

    @property
    def all_cards(self) -> list[Card]:
        """The cards that are drawn, then those behind them."""
        return [*self.cards, *(card for behind in self.behind.values() for card in behind)]


def draw(network: nx.MultiDiGraph[Any], findings: Chokepoints | None = None) -> NetworkPicture:
    """Place a network's cards and arcs."""
    points = chokepoints_by_node(network, findings)
    folded = fold(network)
    shown = folded.network
    layout = lay_out(shown, tall=two_line_nodes(shown, points))
    cards = draw_cards(shown, layout.places, points)
    arcs = draw_arcs(shown, layout)
    behind = member_cards(network, folded.members, layout.places, points)
    hidden = hidden_arcs(network, folded.holds.values())
    return NetworkPicture(layout, cards, arcs, points, folded, behind, hidden)


def title_of(network: nx.MultiDiGraph[Any]) -> str:
    """The title a page has unless its caller gives one."""
    element = visible(attributes.about(network).element_label or attributes.about(network).element)
    market = named(market_name(network, attributes.about(network).market))
    subject = element or "The network"
    return f"{subject}: supply chain to {market}" if market else f"{subject}: supply chain"


def market_name(network: nx.MultiDiGraph[Any], code: object) -> str:
    """A market's name in the reader's words where the network has it, else its code."""
    if not code:
        return ""
    if attributes.about(network).market_label:
        return visible(attributes.about(network).market_label)
    for node in sorted(attributes.nodes_of(network), key=lambda node: str(node.id)):
        if code in {node.country, str(node.id)} and node.country_label:
            return visible(node.country_label)
    return visible(code)


def svg(picture: NetworkPicture, title: str) -> str:
    """The drawing as part of a page."""
    size = picture.layout.width, picture.layout.height
    start = opened("picture", "picture", size, title, describe(picture), "\n")
    return "\n".join([start, drawn_parts(picture), "</svg>\n"])


def drawn_parts(picture: NetworkPicture) -> str:
    """Return columns, links and cards, without a document round them."""
    high, parts = picture.layout.height, []
    for column in picture.layout.columns:
        band = rect("band", column.x - 8, 4, column.width + 16, high - 8, 8)
        empty = text_at("line", column.x + 8, HEADER + 20, "no records") if column.empty else ""
        name = text_at("stage", column.x + column.width / 2, 28, column.label)
        parts.append(f"{band}{name}{empty}")
    parts += [_arc_svg(arc) for arc in in_drawing_order(picture.arcs)]
    parts += [_card_svg(card) for card in picture.cards]
    return "\n".join(parts)


def describe(picture: NetworkPicture) -> str:
    """One sentence for those who do not see the picture."""
    heads = ", ".join(column.label for column in picture.layout.columns)
    told = "; ".join(
        f"{card.full_name} at {card.stage} {card.figure}" for card in picture.cards if card.figure
    )
    return (
        f"{counted(len(picture.cards), 'node')} and {counted(len(picture.arcs), 'link')}, "
        f"in columns by stage from left to right: {heads}."
        f"{f' {MARKS}: {told}.' if told else ''}"
    )


def in_drawing_order(arcs: Iterable[Arc]) -> list[Arc]:
    """Thin arcs on top of thick ones."""
    return sorted(arcs, key=lambda arc: -arc.width)


def _arc_svg(arc: Arc) -> str:
    head = ""
    if arc.tip:
        x, y, angle = arc.tip
        size = arrow_size(arc.width)
        head = (
            f'<path class="tip" transform="translate({x:g} {y:g}) rotate({angle:g})" '
            f'd="M0 0L{-size:g} {size * 0.45:g}V{-size * 0.45:g}Z"/>'
        )
    ties = (
        f'<path class="ties" stroke-width="{arc.width + CUT_REACH:g}" d="{arc.path}"/>'
        if arc.cut
        else ""
    )
    return (
        f'<g class="arc {arc.line.code}"><path class="way" stroke-width="{arc.width:g}" '
        f'd="{arc.path}"/>{ties}{head}</g>'
    )


def _card_svg(card: Card) -> str:
    place = card.place
    left, top = place.x - place.width / 2, place.y - place.height / 2
    right, text_left = place.width - 9, MARK_SLOT
    baseline = 17 if card.line else 17.5
    name = "name" if card.size == NAME_SIZE else "name small"
    texts = [text_at(name, text_left, baseline, card.name)]
    if card.aside:
        texts.append(text_at("aside", right, baseline, card.aside))
    if card.behind:
        texts.append(text_at("aside", right, place.height - 9, f"+{card.behind}"))
    if card.line:
        texts.append(text_at(name if card.wraps else "line", text_left, 33, card.line))
    if card.kind.code == "gap":
        texts.append(text_at("query", 16, place.height / 2 + 4, "?"))
    if card.is_struck:
        rows = [(card.name, baseline), *([(card.line, 33.0)] if card.wraps else [])]
        texts += [
            path("strike", f"M{text_left} {y - 4:g}h{text_width(text, card.size) * 0.97:.1f}")
            for text, y in rows
        ]
    ring = f' stroke-width="{card.ring:g}"' if card.ring else ""
    classes = f"card {card.kind.code}" + (" ringed" if card.ring else "")
    return (
        f'<g class="{classes}" transform="translate({left:g} {top:g})">'
        f"<title>{escape(marked(card.full_name[:300], card.figure))}</title>"
        f'<rect class="face" width="{place.width:g}" height="{place.height:g}" rx="5"{ring}/>'
        f'<path class="mark" transform="translate(16 {place.height / 2:g})" d="{card.mark}"/>'
        f"{''.join(texts)}</g>"
    )


def picture_css() -> str:
    """The rules that the SVG needs, in a page and by itself."""
    return drawing_rules(
        "network",
        kinds=KINDS,
        lines=LINES,
        dash=" ".join(map(digits, CUT_DASH)),
        name=NAME_SIZE,
        site=SITE_SIZE,
        line=LINE_SIZE,
    )


_WIDE = 1120  # How wide the picture is in a column of text, in pixels


def iframe(
    title: str, size: tuple[float, float], *, src: str | None = None, page: str | None = None
) -> str:
    """Return the HTML that embeds a page, whole or by its address, in a sandbox."""
    height = ceil(size[1] * _WIDE / max(size[0], 1)) + 620  # of what stands round the picture
    held = f'srcdoc="{escape(page)}"' if page is not None else f'src="{quote(src or "")}"'
    return (
        f'<iframe {held} title="{escape(title)}" width="100%" height="{height}" '
        'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" '
        'loading="lazy" referrerpolicy="no-referrer" '
        'style="border:0"></iframe>\n'
    )


def graph_svg(
    network: nx.MultiDiGraph[Any], findings: Chokepoints | None = None, *, title: str | None = None
) -> str:
    """A network as one SVG document that needs nothing else."""
    picture = draw(network, findings)
    held = PictureFrame(
        kind=KIND,
        title=visible(title) or answer(network, findings) or title_of(network),
        subtitle=". ".join(filter(None, (title_of(network), part_of(network, picture)))),
        desc=describe(picture),
        source=credit(network),
        legend=legend(picture),
        notes=[f"{MARKS}."] if any(card.figure for card in picture.cards) else [],
    )
    size = (picture.layout.width, picture.layout.height)
    return held.document(drawn_parts(picture), size, picture_css())


def part_of(network: nx.MultiDiGraph[Any], picture: NetworkPicture) -> str:
    """What of the network is drawn, and of which day its sites and policies are."""
    left = attributes.about(network).left_out
    told = f"{counted(len(picture.cards), 'card')}, {counted(len(picture.arcs), 'link')}"
    told += f"; {left} sites and firms are left out" if left else ""
    day = attributes.about(network).date
    return f"{told}. Sites and controls as of {day_words(day)}." if day else f"{told}."


def credit(network: nx.MultiDiGraph[Any]) -> str:
    """Who says so, most first; of which day, and under which licence."""
    rows = {row for node in attributes.nodes_of(network) for row in node.rows}
    rows |= {row for arc in attributes.arcs_of(network) for row in arc.rows}
    evidence = attributes.about(network).evidence
    counts: Counter[str] = Counter()
    for row in rows:
        told = evidence.get(row, {}).get("sources") or ()
        counts.update({visible(each.get("publisher")) for each in told})
    del counts[""]
    return credit_line(counts, attributes.about(network).date, attributes.about(network).view)


def legend(picture: NetworkPicture) -> list[Piece]:
    """The marks, the lines, the ring and the ties that a picture has, in words."""
    there = {card.kind.code for card in picture.cards}
    pieces = [
        (
            f'<g class="{kind.code}"><path class="mark" transform="translate(9 11)" '
            f'd="{legend_mark(kind)}"/></g>',
            20.0,
            kind.words,
        )
        for kind in KINDS
        if kind.code in there
    ]
    pieces += [
        (
            f'<g class="site"><path class="mark" transform="translate(9 11)" d="{path}"/></g>',
            *(20.0, words),
        )
        for path, words in state_legend(picture)
    ]
    lines = {arc.line for arc in picture.arcs}
    pieces += [(_line_sample(line), 34.0, line.words) for line in LINES if line in lines]
    if any(arc.cut for arc in picture.arcs):
        tied = '<path class="ties" stroke-width="10" d="M4 11H34"/>'
        pieces.append((f"{_line_sample(LINES[0])}{tied}", 34.0, CUT_WORDS))
    if any(card.ring for card in picture.cards):
        ring = (
            '<g class="ringed"><rect class="face" x="2" y="4" width="28" height="15" rx="4" '
            'stroke-width="3"/></g>'
        )
        pieces.append((ring, 32.0, "the heavier, the more is lost for good"))
    return pieces


def state_legend(picture: NetworkPicture) -> list[tuple[str, str]]:
    """The marks of the states that sites have, in words; none where no state is known of any."""
    there = {card.state for card in picture.all_cards}
    return [(state_path(mark, 6.5), words) for mark, words in STATUSES if mark in there]


def _line_sample(line: LineStyle) -> str:
    end = 26 if line.arrow else 34
    tip = '<path class="tip" d="M34 11L25 15V7Z"/>' if line.arrow else ""
    width = line.width + (2 if line.scaled else 0)
    way = f'<path class="way" stroke-width="{width:g}" d="M0 11H{end}"/>'
    return f'<g class="arc {line.code}">{way}{tip}</g>'


def loss_range(point: Chokepoint) -> str:
    """The range of a loss; nothing where it was not drawn, or prints as one number."""
    low, high = number_of(point.loss_low), number_of(point.loss_high)
    if point.loss is None or low is None or high is None or percent(low) == percent(high):
        return ""
    return f" (from {percent(low)} to {percent(high)})"


def answer(network: nx.MultiDiGraph[Any], findings: Chokepoints | None) -> str:
    """The page's first sentence: that of every other output on the same question."""
    if findings is None:
        return ""
    known = [point for point in findings.chokepoints if number_of(point.loss) is not None]
    if findings.base is not None or not known:
        told = replace(
            findings,
            title=visible(attributes.about(network).element_label) or findings.title,
            market_label=market_name(network, findings.market),
        )
        return visible(loss_answer(told).headline)
    # The largest whole percent; of equals the stage before its country.
    top = min(known, key=lambda x: (-round(100 * (x.loss or 0.0)), not x.stage, x.id))
    return f"The largest loss is {visible(top.label)}: its shutdown would take {lost_words(top)}."


def lost_words(point: Chokepoint) -> str:
    """Return what a line takes away, in the first year and for good."""
    known = point.told_at_first is not None
    first = percent(point.told_at_first) if known else "an unknown part"
    return f"{first} in the first year, {percent(point.told)} for good{loss_range(point)}"
