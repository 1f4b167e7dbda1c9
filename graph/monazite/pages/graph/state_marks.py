"""The mark of a site by its state, as one path that SVG and canvas fill alike.

What is hollow has its inner edge drawn the other way round, so that filling leaves it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

from monazite.pages.drawing.palette import mark_path

_EDGE = 0.26
"""How thick a hollow mark is, of its radius."""
Point = tuple[float, float]


def state_path(mark: str, radius: float) -> str:
    """Return the mark of a state round the origin as path data.

    >>> state_path("operating", 5) == mark_path("square", 5)
    True
    >>> state_path("planned", 5).count("M"), state_path("closed", 5).count("M")
    (2, 4)
    """
    half = radius * 0.9
    if mark == "operating":
        return mark_path("square", radius)
    if mark == "unknown":
        return "".join(_dot(half, number) for number in range(8))
    inner = half - radius * _EDGE
    bar = radius * 0.13
    parts = [_closed(_box(half)), _closed(_box(inner)[::-1])]
    if mark == "partly":
        parts.append(_closed([(-inner, -inner), (0, -inner), (0, inner), (-inner, inner)]))
    if mark == "suspended":
        parts += [_stripe(inner, offset, bar) for offset in (-inner * 0.9, 0.0, inner * 0.9)]
    if mark == "closed":
        wide = 2 * bar
        stripe = [(-inner, inner), (wide - inner, inner), (inner, -inner), (inner - wide, -inner)]
        parts += [_closed(stripe), _closed([(-x, y) for x, y in stripe][::-1])]
    return "".join(parts)


def _box(half: float) -> list[Point]:
    return [(-half, -half), (half, -half), (half, half), (-half, half)]


def _stripe(inner: float, offset: float, bar: float) -> str:
    """A stripe from lower left to upper right, inside the hole."""
    low, high = max(-inner, -inner + offset), min(inner, inner + offset)
    return _closed(
        [
            (low, low * -1 + offset - bar),
            (high, high * -1 + offset - bar),
            (high, high * -1 + offset + bar),
            (low, low * -1 + offset + bar),
        ]
    )


def _dot(radius: float, number: int) -> str:
    angle = 2 * pi * number / 8
    x, y, size = radius * cos(angle), radius * sin(angle), radius * 0.16
    return _closed([(x + size, y), (x, y + size), (x - size, y), (x, y - size)])


def _closed(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"
