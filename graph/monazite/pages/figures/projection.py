"""The land of the world and its projection: Natural Earth at 1:110 million, Equal Earth.

The projection (Savric, Patterson and Jenny 2018) keeps areas. Boundaries are those held in fact;
they take no position.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import asin, cos, radians, sin, sqrt

from monazite.pages.drawing.templates import template

MIDDLE = 11.0
"""The meridian in the middle: the edge then runs through Bering Strait and cuts no land."""
_A = (1.340264, -0.081106, 0.000893, 0.003796)
Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class World:
    """The rings of the land and the lines between countries, in degrees."""

    land: tuple[Line, ...]
    borders: tuple[Line, ...]


@cache
def read_world() -> World:
    """Return the land and its inner boundaries.

    >>> world = read_world()
    >>> len(world.land) > 100, all(-170 < x < 200 for ring in world.land for x, _ in ring)
    (True, True)
    """
    found = json.loads(template("world-110m.json"))
    step = found["step"]

    def lines(flat: Iterable[list[int]]) -> tuple[Line, ...]:
        return tuple(
            tuple(
                (x * step, y * step)
                for x, y in zip(accumulate(each[::2]), accumulate(each[1::2]), strict=True)
            )
            for each in flat
        )

    return World(lines(found["land"]), lines(found["borders"]))


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a point in Equal Earth about the middle meridian, y to the north, radius 1.

    >>> [round(each, 4) for each in project(11.0, 0.0)], round(project(191.0, 0.0)[0], 4)
    ([0.0, 0.0], 2.7066)
    """
    east = (longitude - MIDDLE + 180) % 360 - 180
    if longitude - MIDDLE >= 180:  # the land runs on over the 180th meridian
        east = longitude - MIDDLE
    root = sqrt(3)
    angle = asin(root / 2 * sin(radians(latitude)))
    square = angle * angle
    slope = 9 * _A[3] * square**4 + 7 * _A[2] * square**3 + 3 * _A[1] * square + _A[0]
    x = 2 * root * radians(east) * cos(angle) / (3 * slope)
    y = angle * (_A[3] * square**4 + _A[2] * square**3 + _A[1] * square + _A[0])
    return x, y
