"""A Sankey picture, as SVG and as one HTML file; what does not close is hatched and says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

from monazite.core.formats import NOT_KNOWN, amount, em_width, shorten, visible
from monazite.core.results import Struct
from monazite.core.tables import Table
from monazite.report.drawing.frame import PictureFrame
from monazite.report.drawing.palette import css_variables, kind_of, line_of
from monazite.report.drawing.shapes import opened, path, safe, text_at
from monazite.report.drawing.templates import drawing_rules, html_page
from monazite.report.sankey.balance_picture import (
    FOLDED_REST,
    GAP,
    Sankey,
    SankeyLink,
    SankeyNode,
    folded,
    weights_of,
)

TOP, DRAWN, LINE, PAD, APART = 52.0, 470.0, 16.0, 7.0, 16.0
LEFT, RIGHT, BAR, PITCH, LEAST = 14.0, 186.0, 13.0, 190.0, 1120.0
LARGE = 0.1  # Bars that hold this share of their column stand by size
SWEEPS = 6
CLEARLY = 1 - 1e-9  # an order is better if it crosses less than this part


class Bar(Struct):
    """A node and its place; ``high`` is its quantity, also where it is drawn higher to be seen."""

    node: SankeyNode
    x: float
    y: float
    high: float

    @property
    def middle(self) -> float:
        """Height of the bar's middle."""
        return self.y + self.high / 2


class Band(Struct):
    """A link and its places: where it leaves its source and where it meets its target."""

    link: SankeyLink
    source: Bar
    target: Bar
    leaves: float
    meets: float
    high: float


class SankeyLayout(Struct):
    """A picture with everything in its place."""

    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    heads: tuple[float, ...]  # left end of each column
    pitch: float
    width: float
    height: float
    scale: float  # heights per unit


Order = list[list[int]]


def place_bands(picture: Sankey) -> SankeyLayout:
    """Place the bars and bands of a picture; the same picture gives the same places."""
    flow = _NumberedPicture(folded(picture))
    order = flow.ordered()
    most = max((sum(flow.weights[i] for i in column) for column in order), default=0.0)
    scale = DRAWN / most if most else 0.0
    count = len(picture.columns)
    width = max(LEAST, LEFT + RIGHT + BAR + PITCH * (count - 1))
    pitch = (width - LEFT - RIGHT - BAR) / max(1, count - 1)
    tops = flow.stacked(order, scale)
    bars = [
        Bar(node, LEFT + pitch * node.column, tops[i], flow.weights[i] * scale)
        for i, node in enumerate(flow.nodes)
    ]
    bottom = max((max(bar.y + bar.high, bar.middle + LINE) for bar in bars), default=TOP)
    heads = tuple(LEFT + pitch * column for column in range(count))
    bands = _bands(flow, bars, scale)
    shown = tuple(bars[i] for column in order for i in column)
    return SankeyLayout(shown, bands, heads, pitch, width, bottom + APART, scale)


class _NumberedPicture:
    """A picture by numbers: nodes and links as places in lists."""

    def __init__(self, picture: Sankey) -> None:
        at = {node.id: place for place, node in enumerate(picture.nodes)}
        weights = weights_of(picture.nodes, picture.links)
        self.nodes, self.links, self.columns = picture.nodes, picture.links, len(picture.columns)
        self.ends = [(at[link.source], at[link.target]) for link in picture.links]
        self.weights = [weights[node.id] for node in picture.nodes]

    def _sorted(self, key: Callable[[int], float]) -> Order:
        order: Order = [[] for _ in range(self.columns)]
        for i, node in enumerate(self.nodes):
            order[node.column].append(i)
        large = [LARGE * sum(self.weights[i] for i in column) for column in order]

        def place(i: int) -> tuple[object, ...]:
            node, weight = self.nodes[i], self.weights[i]
            is_large = weight >= large[node.column]
            group = {GAP: 3, FOLDED_REST: 2}.get(node.kind, 0 if is_large else 1)
            return (group, key(i) if group else -weight, node.label, i)

        return [sorted(column, key=place) for column in order]

    def ordered(self) -> Order:
        """Choose the order with the lightest crossings among those that the sweeps find."""
        best = order = self._sorted(lambda i: -self.weights[i])
        least = self.crossings(order)
        for sweep in range(SWEEPS):
            order = self._swept(order, backwards=bool(sweep % 2))
            found = self.crossings(order)
            if found < least * CLEARLY:
                best, least = order, found
        return best

    def _swept(self, order: Order, *, backwards: bool) -> Order:
        """Move the bars of each column, one column after the other, to the middle of their own."""
        most = max(sum(self.weights) or 1.0, 1e-300)
        for column in reversed(range(self.columns)) if backwards else range(self.columns):
            tops = self.stacked(order, DRAWN / most)
            pull = [0.0] * len(self.nodes)
            load = [0.0] * len(self.nodes)
            for link, (source, target) in zip(self.links, self.ends, strict=True):
                here, there = (source, target) if backwards else (target, source)
                pull[here] += link.value * (tops[there] + self.weights[there] * DRAWN / most / 2)
                load[here] += link.value
            wanted = [
                round(pull[i] / load[i] if load[i] else tops[i], 6) for i in range(len(self.nodes))
            ]
            order = [
                self._sorted(wanted.__getitem__)[place] if place == column else bars
                for place, bars in enumerate(order)
            ]
        return order

    def crossings(self, order: Order) -> float:
        """Weigh the crossings between each two columns: the product of what crosses."""
        rank = {i: place for column in order for place, i in enumerate(column)}
        between: dict[tuple[int, int], list[tuple[int, int, float]]] = defaultdict(list)
        for link, (source, target) in zip(self.links, self.ends, strict=True):
            columns = self.nodes[source].column, self.nodes[target].column
            between[columns].append((rank[source], rank[target], link.value))
        return sum(map(_weighed, between.values()))

    def stacked(self, order: Order, scale: float) -> list[float]:
        """Return the top of each bar: a line apart, and a little more above what does not close."""
        tops = [TOP] * len(self.nodes)
        for column in order:
            for above, i in pairwise(column):
                bottom = tops[above] + self.weights[above] * scale
                middle = tops[above] + self.weights[above] * scale / 2
                first_gap = self.nodes[i].kind == GAP != self.nodes[above].kind
                lines = 2 if GAP in (self.nodes[above].kind, self.nodes[i].kind) else 1
                apart = max(bottom + PAD, middle + LINE * lines - self.weights[i] * scale / 2)
                tops[i] = apart + (APART if first_gap else 0.0)
        return tops


def _weighed(links: list[tuple[int, int, float]]) -> float:
    """Sum over pairs of links that cross, each pair once, by running sums over the targets."""
    beyond = [0.0] * (1 + max(target for _, target, _ in links))
    total = 0.0
    for source in sorted({source for source, _, _ in links}):
        own = sorted((target, value) for begins, target, value in links if begins == source)
        total += sum(value * sum(beyond[target + 1 :]) for target, value in own)
        for target, value in own:
            beyond[target] += value
    return total


def _bands(flow: _NumberedPicture, bars: list[Bar], scale: float) -> tuple[Band, ...]:
    """Stack the bands at each bar in the order of their other ends, so that they fan out."""
    leaves, meets = [0.0] * len(flow.links), [0.0] * len(flow.links)
    for places, own in ((leaves, 0), (meets, 1)):

        def far(i: int, own: int = own) -> tuple[float, ...]:
            """Where its other end stands: what does not close last, then from top to bottom."""
            here, there = bars[flow.ends[i][own]], bars[flow.ends[i][1 - own]]
            return (flow.links[i].kind == GAP, there.y, abs(there.x - here.x), i)

        reached = [bar.y for bar in bars]
        for i in sorted(range(len(flow.links)), key=far):
            here = flow.ends[i][own]
            places[i] = reached[here]
            reached[here] += flow.links[i].value * scale
    return tuple(
        Band(link, bars[source], bars[target], leaves[i], meets[i], link.value * scale)
        for i, (link, (source, target)) in enumerate(zip(flow.links, flow.ends, strict=True))
    )


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
    """Return a picture as one SVG document that needs nothing else."""
    placed = place_bands(picture)
    return _svg(picture, placed, css_variables() + sankey_css(placed))


def framed_sankey(picture: Sankey, title: str, desc: str, source: str, theme: str) -> str:
    """Return a picture in a frame, with a title of its own."""
    placed = place_bands(picture)
    frame = PictureFrame(kind="sankey", title=title, desc=desc, source=source)
    size, rules = (placed.width, placed.height + _LEGEND), sankey_css()
    return frame.document("\n".join(_parts(picture, placed)), size, rules, theme)


def sankey_html(picture: Sankey, tables: Sequence[Table], view_line: str) -> str:
    """Return the page of a picture as text; the same picture gives the same bytes."""
    placed = place_bands(picture)
    page: dict[str, object] = {
        "title": visible(picture.title),
        "notes": [visible(note) for note in picture.notes],
        "svg": _svg(picture, placed, None) if placed.bars else "",
        "about": _ABOUT,
        "hint": _HINT if placed.bars else _NOTHING,
        "tables": tables,
        "view": visible(view_line),
    }
    rules = sankey_css(placed)
    html = html_page("picture.html", page, "sheet.css", "sankey.css", drawing=rules, trimmed=False)
    return f"{html}\n"


def _svg(picture: Sankey, placed: SankeyLayout, style: str | None) -> str:
    width, height = _n(placed.width), _n(placed.height + _LEGEND)
    title, desc = visible(picture.title), visible(describe(picture, placed))
    start = opened("sankey", "sankey", (width, height), title, desc, "\n")
    hatch, *drawn = _parts(picture, placed)
    paper = []
    if style is not None:
        paper = [f"<style>{style}</style>"]
        paper += [f'<rect class="paper" width="{width}" height="{height}"/>']
    return "\n".join([start, hatch, *paper, *drawn, "</svg>\n"])


def _parts(picture: Sankey, placed: SankeyLayout) -> list[str]:
    """All that is drawn, the hatch of what does not close first."""
    in_order = sorted(placed.bands, key=lambda band: (band.link.kind == GAP, -band.high))
    return [
        '<defs><pattern id="sankey-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M0 0H7M0 7H7"/></pattern></defs>',
        *_heads(picture, placed),
        *(_band_svg(band, picture.unit) for band in in_order),
        *(_bar_svg(bar, placed, picture.unit) for bar in placed.bars),
        _legend(placed),
    ]


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
    parts = [text_at("unit", _n(LEFT), 14, visible(unit))]
    for x, name in zip(placed.heads, picture.columns, strict=True):
        short = shorten(visible(name), (placed.pitch - BAR) / HEAD_SIZE)
        rule = path("rule", f"M{_n(x)} {_n(TOP - 9)}h{_n(placed.pitch - BAR)}")
        parts.append(text_at("head", _n(x), _n(TOP - 16), short) + rule)
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
        f"<title>{safe(title[:_TITLE])}</title>"
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
    told = f'<tspan class="number"{dx}>{safe(number)}</tspan>' if number else ""
    return text_at("label", _n(x), _n(y), name, told) if name or told else ""


def _value(bar: Bar) -> str:
    if bar.node.value is None:
        return "" if bar.high else NOT_KNOWN
    return amount(bar.node.value, "")


def _band_svg(band: Band, unit: str) -> str:
    link = band.link
    begins, ends = visible(band.source.node.label), visible(band.target.node.label)
    title = visible(link.title) or f"{begins} to {ends}: {amount(link.value, unit)}"
    looks = link.kind if link.kind in {"domestic", "trade", GAP} else "trade"
    return (
        f'<g class="band {looks}"><title>{safe(title[:_TITLE])}</title><path d="{_way(band)}"/></g>'
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
    bands = {band.link.kind for band in placed.bands}
    bars = {bar.node.kind for bar in placed.bars}
    known = [("band", code, line_of(code).words) for code in ("domestic", "trade")]
    known += [("bar", code, words or kind_of(code).words) for code, words in _NODES.items()]
    known += [("bar", GAP, _DOES_NOT_CLOSE)]
    there = {"band": bands, "bar": bars | ({GAP} & bands)}
    x, y = LEFT, placed.height + 4
    parts = []
    for what, code, words in (entry for entry in known if entry[1] in there[entry[0]]):
        rounded = ' rx="5"' if code == "use" else ""
        parts.append(
            f'<g class="{what} {code}"><rect x="{_n(x)}" y="{_n(y)}" width="22" height="11"'
            f"{rounded}/>{text_at('key', _n(x + 28), _n(y + 9.5), words)}</g>"
        )
        x += 28 + em_width(words) * SIZE + 18
    return "".join(parts)


def _n(number: float) -> str:
    return f"{round(number, 2):g}"


def sankey_css(placed: SankeyLayout | None = None) -> str:
    """The rules that the SVG needs, in a page and by itself; in a frame it may be any width."""
    least = "0" if placed is None else _n(placed.width * 0.9)
    return drawing_rules("sankey", least=least, size=SIZE, head=HEAD_SIZE)
