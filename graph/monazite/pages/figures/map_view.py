"""Parts of the projected world that fill boxes of a picture, and the land in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from monazite.pages.figures.projection import MIDDLE, project, read_world

Box = tuple[float, float, float, float]
"""Left, top, width and height."""
SOUTH, NORTH, EAST = -56.0, 78.0, 2.45
"""What of the projected world is drawn: a little of the ocean is left out."""
GAP = 12.0
REGIONS = (
    ("North America", (-128.0, 20.0, -62.0, 60.0)),
    ("Europe", (-12.0, 35.0, 48.0, 66.0)),
    ("East and South-East Asia", (88.0, 0.0, 148.0, 52.0)),
)
"""West, south, east and north of what is drawn larger."""


class MapView:
    """A part of the projected world that fills a box."""

    def __init__(self, place: Box, ends: Box, name: str = "") -> None:
        self.place, self.name = place, name
        x, y, wide, high = place
        left, low, right, top = ends
        self._scale = max(wide / (right - left), high / (top - low))
        self._x = x + wide / 2 - self._scale * (left + right) / 2
        self._y = y + high / 2 + self._scale * (low + top) / 2

    @classmethod
    def of_region(cls, place: Box, box: Box, name: str) -> Self:
        """A region by its west, south, east and north."""
        west, south, east, north = box
        corners = [project(lon, lat) for lon in (west, east) for lat in (south, north)]
        xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
        return cls(place, (min(xs), min(ys), max(xs), max(ys)), name)

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
    return [
        MapView.of_region((number * (wide + GAP), top, wide, wide * 0.92), box, name)
        for number, (name, box) in enumerate(held)
    ]


def _inside(points: Sequence[tuple[float, float]], box: Box) -> int:
    """How many points lie in a region."""
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
