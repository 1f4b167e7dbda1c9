"""Parts of the projected world that fill boxes of a picture, and the land in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import asin, cos, radians, sin, sqrt

from monazite.core.formats import visible
from monazite.model.facilities.mapped_sites import MappedSite
from monazite.report.chain_diagram.cards import status_mark
from monazite.report.drawing.lettering import drawable, text_width, wrap
from monazite.report.drawing.shapes import path, text_at
from monazite.report.drawing.templates import template

MIDDLE = 11.0  # middle meridian: the edge cuts no land
_A = (1.340264, -0.081106, 0.000893, 0.003796)
Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class World:
    """The rings of the land and the lines between countries, in degrees."""

    land: tuple[Line, ...]
    borders: tuple[Line, ...]


@cache
def read_world() -> World:
    """Return the land and its inner boundaries."""
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
    """Return a point in Equal Earth about the middle meridian, y to the north, radius 1."""
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


_KINDS = frozenset(  # a site's own name ends before these
    {"mine", "mines", "mining", "plant", "plants", "facility", "refinery", "works", "project"}
    | {"operation", "operations", "complex", "processing", "separation", "rare", "rare-earth"}
    | {"magnet", "factory", "smelter", "advanced", "concentrator", "campus", "deposit", "hub"}
)
_JOINTS = frozenset({"and", "of", "the", "for", "at", "&"})
_ASIDE = re.compile(r"\s*\([^()]*\)")
_LINES = 6
_LEAST = 3  # Letters that a name of its own has


def own_name(label: str) -> str:
    """Return the name of a site without what it is; its whole label stands in lists and tips."""
    plain = _ASIDE.sub("", visible(label)) or visible(label)
    words = plain.split(" ")
    end = next((at for at, word in enumerate(words) if at and word in _KINDS), len(words))
    while end > 1 and words[end - 1] in _JOINTS:
        end -= 1
    name = " ".join(words[:end]).rstrip(",;:")
    return name if len(name) >= _LEAST else plain


def label_lines(label: str, room: float, size: float) -> tuple[str, ...]:
    """Return the name of a site as lines that fit a width."""
    return tuple(wrap(own_name(label), room, size, most=_LINES))


def naming_order(site: MappedSite) -> tuple[float, bool, str, str]:
    """Return where a site stands among those that are named: by tonnes, then those that run."""
    return -max(site.tonnes or 0.0, site.gross or 0.0), not site.runs, site.label, site.stage


Box = tuple[float, float, float, float]  # Left, top, width and height
SOUTH, NORTH, EAST = -56.0, 78.0, 2.45  # of the projected world
GAP = 12.0
REGIONS = (  # West, south, east and north of what is drawn larger
    ("North America", (-128.0, 20.0, -62.0, 60.0)),
    ("Europe", (-12.0, 35.0, 48.0, 66.0)),
    ("East and South-East Asia", (88.0, 0.0, 148.0, 52.0)),
)


class MapView:
    """A part of the projected world that fills a box."""

    def __init__(self, place: Box, ends: Box, name: str = "") -> None:
        self.place, self.name = place, name
        x, y, wide, high = place
        left, low, right, top = ends
        self._scale = max(wide / (right - left), high / (top - low))
        self._x = x + wide / 2 - self._scale * (left + right) / 2
        self._y = y + high / 2 + self._scale * (low + top) / 2

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a point of the earth stands."""
        x, y = project(longitude, latitude)
        return round(self._x + self._scale * x, 2), round(self._y - self._scale * y, 2)

    def shows(self, point: tuple[float, float], margin: float = 0.0) -> bool:
        """Tell whether a point stands in the box."""
        x, y, wide, high = self.place
        return x + margin <= point[0] <= x + wide - margin and (
            y + margin <= point[1] <= y + high - margin
        )


def world_view(room: float) -> MapView:
    """Return the view of the world that is as wide as the room."""
    low, top = project(MIDDLE, SOUTH)[1], project(MIDDLE, NORTH)[1]
    return MapView((0.0, 0.0, room, room * (top - low) / (2 * EAST)), (-EAST, low, EAST, top))


def region_views(
    room: float, top: float, points: Sequence[tuple[float, float]], least: int = 1
) -> list[MapView]:
    """Return the views of the regions with enough sites, side by side."""
    held = [(name, box) for name, box in REGIONS if _inside(points, box) >= least]
    wide = (room - GAP * (len(held) - 1)) / max(2, len(held))
    views = []
    for number, (name, (west, south, east, north)) in enumerate(held):
        corners = [project(lon, lat) for lon in (west, east) for lat in (south, north)]
        xs, ys = zip(*corners, strict=True)
        ends = min(xs), min(ys), max(xs), max(ys)
        views.append(MapView((number * (wide + GAP), top, wide, wide * 0.92), ends, name))
    return views


def _inside(points: Sequence[tuple[float, float]], box: Box) -> int:
    west, south, east, north = box
    return sum(west <= lon <= east and south <= lat <= north for lon, lat in points)


def land_paths(view: MapView) -> tuple[str, str]:
    """Return the land and the inner boundaries that a view shows, as path data."""
    land = [_thinned(view.at(*point) for point in ring) for ring in read_world().land]
    near = [ring for ring in land if len(ring) > 2 and _touches(ring, view.place)]
    lines = [_thinned(view.at(*point) for point in line) for line in read_world().borders]
    kept = [line for line in lines if _touches(line, view.place)]
    return "".join(f"{_path(ring)}Z" for ring in near), "".join(map(_path, kept))


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _thinned(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out points nearer than a pixel to the one before; the last one stays."""
    kept: list[tuple[float, float]] = []
    last = None
    for last in points:
        if not kept or abs(last[0] - kept[-1][0]) + abs(last[1] - kept[-1][1]) > 0.8:
            kept.append(last)
    if last is not None and kept[-1] != last:
        kept[-1:] = [kept[-1], last]
    return kept


def _touches(line: Sequence[tuple[float, float]], place: Box) -> bool:
    x, y, wide, high = place
    xs, ys = [p[0] for p in line], [p[1] for p in line]
    return min(xs) <= x + wide and max(xs) >= x and min(ys) <= y + high and max(ys) >= y


LARGEST, SMALLEST, UNKNOWN = 11.0, 3.2, 3.6  # half sides of marks
FULL = 60_000.0  # Tonnes a year of the largest mark
SIZE = 10.5
_ROOMS = (150.0, 84.0)  # widths of a name's lines, tried in turn


def half_side(tons: float | None) -> float:
    """Return half the side of a mark: its area follows the tonnes."""
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
                if inside[0] <= box[0] and box[0] + box[2] <= inside[0] + inside[2]
                if inside[1] <= box[1] and box[1] + box[3] <= inside[1] + inside[3]
                if not any(_touch(box, other) for other in taken)
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
    left, first = f"{box[0] + 1:.2f}", box[1] + SIZE - 1
    struck = mark == "closed"
    parts = []
    for number, words in enumerate(lines):
        low = first + SIZE * number
        parts.append(text_at("name struck" if struck else "name", left, f"{low:.2f}", words))
        if struck:
            way = f"M{left} {low - 3.5:.2f}h{text_width(words, SIZE):.2f}"
            parts.append(path("strike", way))
    return "".join(parts)


def _touch(one: Box, other: Box) -> bool:
    return not (
        one[0] + one[2] <= other[0]
        or other[0] + other[2] <= one[0]
        or one[1] + one[3] <= other[1]
        or other[1] + other[3] <= one[1]
    )
