"""The network as a document of its own: the picture in a frame with title, legend, source, date."""

from __future__ import annotations

from collections import Counter
from html import escape
from math import ceil
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from monazite.core.formats import counted, visible
from monazite.data.dates import day_words
from monazite.model.network.attributes import about, arcs_of, nodes_of
from monazite.report.chain_diagram.cards import STATUSES
from monazite.report.drawing.frame import PictureFrame, Piece
from monazite.report.drawing.palette import (
    CUT_WORDS,
    KINDS,
    LINES,
    OTHER_KIND,
    OTHER_LINE,
    LineStyle,
)
from monazite.report.drawing.templates import credit_line
from monazite.report.graph.cards import legend_mark, state_path
from monazite.report.graph.details import answer
from monazite.report.graph.svg import (
    KIND,
    MARKS,
    NetworkPicture,
    describe,
    draw,
    drawn_parts,
    picture_css,
    title_of,
)

if TYPE_CHECKING:
    import networkx as nx

    from monazite.analysis.chokepoints.result import Chokepoints

_ABOVE_AND_BELOW = 620  # about what stands round the picture
_WIDE = 1120  # How wide the picture is in a column of text, in pixels
_ALLOWED = "allow-scripts allow-popups allow-popups-to-escape-sandbox"


def iframe(
    title: str, size: tuple[float, float], *, src: str | None = None, page: str | None = None
) -> str:
    """Return the HTML that embeds a page, whole or by its address, in a sandbox."""
    height = ceil(size[1] * _WIDE / max(size[0], 1)) + _ABOVE_AND_BELOW
    held = f'srcdoc="{escape(page)}"' if page is not None else f'src="{quote(src or "")}"'
    return (
        f'<iframe {held} title="{escape(title)}" width="100%" height="{height}" '
        f'sandbox="{_ALLOWED}" loading="lazy" referrerpolicy="no-referrer" '
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
    left = about(network).left_out
    told = f"{counted(len(picture.cards), 'card')}, {counted(len(picture.arcs), 'link')}"
    told += f"; {left} sites and firms are left out" if left else ""
    day = about(network).date
    return f"{told}. Sites and controls as of {day_words(day)}." if day else f"{told}."


def credit(network: nx.MultiDiGraph[Any]) -> str:
    """Who says so, most first; of which day, and under which licence."""
    rows = {row for node in nodes_of(network) for row in node.rows}
    rows |= {row for arc in arcs_of(network) for row in arc.rows}
    evidence = about(network).evidence
    counts: Counter[str] = Counter()
    for row in rows:
        told = evidence.get(row, {}).get("sources") or ()
        counts.update({visible(each.get("publisher")) for each in told})
    del counts[""]
    return credit_line(counts, about(network).date, about(network).view)


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
        for kind in (*KINDS, OTHER_KIND)
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
    pieces += [
        (_line_sample(line), 34.0, line.words) for line in (*LINES, OTHER_LINE) if line in lines
    ]
    if any(arc.cut for arc in picture.arcs):
        tied = '<path class="ties" stroke-width="10" d="M4 11H34"/>'
        pieces.append((f"{_line_sample(LINES[0])}{tied}", 34.0, CUT_WORDS))
    if any(card.ring for card in picture.cards):
        ring = (
            '<g class="ringed"><rect class="face" x="2" y="4" width="28" height="15" rx="4" '
            'stroke-width="3"/></g>'
        )
        pieces.append((ring, 32.0, "the heavier, the more is lost if it stops"))
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
