"""How large the marks of a map are, and where the names of its top sites have room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import sqrt

from monazite.findings.plants.mapped_sites import MappedSite
from monazite.pages.backbone.cards import status_mark
from monazite.pages.drawing.lettering import drawable, text_width
from monazite.pages.figures.map_labels import label_lines, naming_order
from monazite.pages.figures.map_view import Box

LARGEST, SMALLEST, UNKNOWN = 11.0, 3.2, 3.6
"""Half the side of the largest mark, of the least, and of one whose tonnes are not known."""
FULL = 60_000.0
"""Tonnes a year of the largest mark."""
SIZE = 10.5
_ROOMS = (150.0, 84.0)
"""How wide a line of a name may be; where it has no room, narrower, in more lines."""


def half_side(tons: float | None) -> float:
    """Return half the side of a mark: its area follows the tonnes.

    >>> half_side(FULL), half_side(FULL / 4), half_side(None) == UNKNOWN
    (11.0, 5.5, True)
    """
    if tons is None:
        return UNKNOWN
    return round(max(SMALLEST, min(LARGEST, LARGEST * sqrt(tons / FULL))), 2)


def site_names(
    placed: Sequence[tuple[MappedSite, tuple[float, float]]],
    taken: list[Box],
    inside: Box,
    most: int,
) -> list[str]:
    """Name the top sites where there is room: by tonnes, then those that run."""
    first: dict[str, tuple[MappedSite, tuple[float, float]]] = {}
    for site, at in sorted(placed, key=lambda pair: naming_order(pair[0])):
        first.setdefault(site.facility, (site, at))
    names: list[str] = []
    for site, at in first.values():
        if len(names) == most:
            break
        free = next(
            (
                (lines, box)
                for lines, box in _places(site, at, inside)
                if _fits(box, inside) and not any(_touch(box, other) for other in taken)
            ),
            None,
        )
        if free is not None:
            lines, box = free
            taken.append(box)
            names.append(_name(lines, box, status_mark(site.state)))
    return names


def _places(
    site: MappedSite, at: tuple[float, float], inside: Box
) -> Iterator[tuple[tuple[str, ...], Box]]:
    """Where a name may stand: beside its mark, above, below, a line further; else in more lines."""
    x, y = at
    gap = half_side(site.tonnes) + 3
    for room in _ROOMS:
        lines = label_lines(drawable(site.label), room, SIZE)
        wide, high = max(text_width(line, SIZE) for line in lines), SIZE * (len(lines) - 1)
        middle = max(inside[0] + 3, min(x - wide / 2, inside[0] + inside[2] - wide - 3))
        for left, low in (
            (x + gap, y + 3.6 - high / 2),
            (x - gap - wide, y + 3.6 - high / 2),
            *((middle, y + step - high) for step in (-gap - 1, -gap - 13)),
            *((middle, y + step) for step in (gap + 8, gap + 20)),
        ):
            yield lines, (left - 1, low - SIZE + 1, wide + 2, SIZE + 2 + high)


def _name(lines: Sequence[str], box: Box, mark: str) -> str:
    """A name in its box; that of a closed site is struck."""
    left, first = box[0] + 1, box[1] + SIZE - 1
    parts = []
    for number, words in enumerate(lines):
        low = first + SIZE * number
        look = "name struck" if mark == "closed" else "name"
        parts.append(f'<text class="{look}" x="{left:.2f}" y="{low:.2f}">{escape(words)}</text>')
        if mark == "closed":
            wide = text_width(words, SIZE)
            parts.append(f'<path class="strike" d="M{left:.2f} {low - 3.5:.2f}h{wide:.2f}"/>')
    return "".join(parts)


def _fits(box: Box, place: Box) -> bool:
    return (
        place[0] <= box[0]
        and place[1] <= box[1]
        and box[0] + box[2] <= place[0] + place[2]
        and box[1] + box[3] <= place[1] + place[3]
    )


def _touch(one: Box, other: Box) -> bool:
    return not (
        one[0] + one[2] <= other[0]
        or other[0] + other[2] <= one[0]
        or one[1] + one[3] <= other[1]
        or other[1] + other[3] <= one[1]
    )
