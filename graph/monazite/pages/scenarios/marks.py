"""What the parts of a scenario's picture are made of: texts, blocks, cells of a month, the axis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from monazite.pages.backbone.cards import loss_step
from monazite.pages.drawing.lettering import drawable, fitted, text_width, wrap
from monazite.pages.scenarios.calendar import Calendar
from monazite.safe_text import percent, visible

SMALL, TEXT, HEAD = 11.0, 12.5, 14.0
AXIS, CELL = 20.0, 17.0
"""How high the names of months stand, and a cell."""
EDGE = 3.0
"""Where words at the left begin: in some fonts a letter, as a J, reaches back over its place, and
what lies outside the picture is cut off."""


@dataclass(frozen=True)
class PicturePart:
    """A part of a picture with its origin at the top left: its SVG, and how high it is."""

    svg: str
    height: float


def stacked(blocks: Iterable[PicturePart], gap: float = 0.0) -> PicturePart:
    """Return blocks one below the other.

    >>> found = stacked([PicturePart("<path/>", 10), PicturePart("<g/>", 5)], 2)
    >>> found.height, "translate(0 12)" in found.svg
    (17.0, True)
    """
    parts, y = [], 0.0
    for block in blocks:
        if block.height:
            parts.append(f'<g transform="translate(0 {y:g})">{block.svg}</g>')
            y = round(y + block.height + gap, 2)
    return PicturePart("".join(parts), y - gap if parts else 0.0)


def text(look: str, x: float, y: float, words: str) -> str:
    """Return a text as SVG; nothing in it is taken for markup."""
    shown = escape(drawable(visible(words)))
    return f'<text class="{look}" x="{x:g}" y="{y:g}">{shown}</text>'


def cut(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return words that fit, cut with an ellipsis where they have no room."""
    return fitted(drawable(visible(words)), room, size, bold=bold)


def heading(calendar: Calendar, words: str, under: str = "") -> PicturePart:
    """Return the heading of a part, with a line of what it shows."""
    parts = [
        f'<path class="rule" d="M0 0.5H{calendar.width:g}"/>',
        text("part", EDGE, 22, cut(words, calendar.width - EDGE, HEAD, bold=True)),
    ]
    lines = wrap(drawable(visible(under)), calendar.width - EDGE, TEXT, most=4) if under else []
    parts += [text("aside", EDGE, 39 + 16 * number, line) for number, line in enumerate(lines)]
    return PicturePart("".join(parts), 30 + 16 * len(lines))


def axis(calendar: Calendar) -> PicturePart:
    """Return the names of the months, and a mark where each of them begins."""
    parts = []
    for place, words in calendar.ticks:
        x = calendar.left(place)
        room = calendar.end - x
        last = text_width(words, SMALL) > room
        look = "tick last" if last else "tick"
        parts.append(f'<path class="grid" d="M{x:g} 14V{AXIS:g}"/>')
        parts.append(text(look, calendar.end if last else x + 3, 12, words))
    return PicturePart("".join(parts), AXIS)


def grid(calendar: Calendar, height: float) -> str:
    """Return the upright lines where named months begin."""
    lines = "".join(f"M{calendar.left(place):g} 0V{height:g}" for place, _ in calendar.ticks)
    return f'<path class="grid" d="{lines}"/>'


def cells(
    calendar: Calendar, parts: Mapping[int, float], tips: Sequence[str], y: float = 0.0
) -> str:
    """Return a row of cells, one a month, as dark as a part is large, with the part in per cent."""
    drawn = []
    for (place, part), words in zip(parts.items(), tips, strict=True):
        step = loss_step(part)
        x, wide = calendar.left(place), max(1.0, calendar.slot - 1)
        number = ""
        if calendar.numbered:
            shown = percent(part, narrow=True).removesuffix("%").strip()
            shown = shown if text_width(shown, SMALL) <= wide else ""
            number = text(f"cell on-{step}", calendar.middle(place) - 0.5, y + 12.5, shown)
        drawn.append(
            f"<g><title>{escape(visible(words))}</title>"
            f'<rect class="step-{step}" x="{x + 0.5:g}" y="{y:g}" width="{wide:g}" '
            f'height="{CELL - 1:g}"/>{number}</g>'
        )
    return "".join(drawn)
