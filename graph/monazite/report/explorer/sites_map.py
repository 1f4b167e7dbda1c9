"""The map of an element's sites: land once, and a mark for each site with a point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape

from monazite.core.formats import em_width, visible
from monazite.model.facilities.mapped_sites import MappedSite
from monazite.report.chain_diagram.cards import STATUSES, status_mark
from monazite.report.chain_diagram.svg import state_mark
from monazite.report.drawing.shapes import path, text_at
from monazite.report.figures.map_view import MIDDLE, label_lines, naming_order, project, read_world

WIDE = 660.0
SOUTH, NORTH, EAST = -50.0, 76.0, 2.45
_SIZE, _HALF, _ROOM = 11.0, 6.0, 110.0
_TOP = 6  # Sites whose names may stand further from their marks
_STEPS = (0, -16, 16, -28, 28, -40, 40, -52, 52)  # How far below its mark a name may stand
_ORDER = [mark for mark, _ in STATUSES]
Box = tuple[float, float, float, float]


def _at(longitude: float, latitude: float) -> tuple[float, float]:
    scale = WIDE / (2 * EAST)
    x, y = project(longitude, latitude)
    return round((x + EAST) * scale, 1), round((project(MIDDLE, NORTH)[1] - y) * scale, 1)


HIGH = _at(MIDDLE, SOUTH)[1]


@cache
def land_path() -> str:
    """The land as one path, without points that lie on those before them."""
    rings = []
    for ring in read_world().land:
        points: list[tuple[int, int]] = []
        for place in ring:
            x, y = _at(*place)
            if not points or abs(x - points[-1][0]) + abs(y - points[-1][1]) > 1.4:
                points.append((round(x), round(min(y, HIGH + 4))))
        if len(points) > 2:
            rings.append("M" + "L".join(f"{x} {y}" for x, y in points) + "Z")
    return "".join(rings)


def site_marks(sites: Iterable[MappedSite]) -> str:
    """Return the marks of sites with their names, as a part of the map."""
    chosen: dict[str, MappedSite] = {}
    for site in sites:
        held = chosen.get(site.facility)
        if held is None or _rank(site) < _rank(held):
            chosen[site.facility] = site
    drawn = sorted(chosen.values(), key=lambda site: (_rank(site), site.facility))
    places = {site.facility: _at(site.longitude, site.latitude) for site in drawn}
    placed = _apart([places[site.facility] for site in drawn])
    taken: list[Box] = [(x - _HALF, y - _HALF, x + _HALF, y + _HALF) for x, y in placed]
    there = list(zip(drawn, placed, strict=True))
    marks: list[str] = []
    for site, (x, y) in there:
        words = f"{visible(site.label)}, {visible(site.country)}: {visible(site.state)}"
        marks.append(
            f'<g class="site" data-card="facility/{escape(visible(site.facility))}" '
            f'transform="translate({x - _HALF:g} {y - _HALF:g})">'
            f"<title>{escape(words)}</title>"
            f'<rect class="hit" x="-2" y="-2" width="16" height="16"/>'
            f"{state_mark(status_mark(site.state))}</g>"
        )
    by_size = sorted(there, key=lambda pair: (*naming_order(pair[0]), _rank(pair[0])))
    names = [
        text
        for number, (site, at) in enumerate(by_size)
        for text in _name(site, at, taken, far=number < _TOP)
    ]
    return "".join((*names, *marks))


def _rank(site: MappedSite) -> int:
    return _ORDER.index(status_mark(site.state))


def _apart(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those at one spot stand side by side."""
    found: list[tuple[float, float]] = []
    held: dict[tuple[int, int], int] = {}
    for x, y in places:
        spot = round(x / 7), round(y / 7)
        number = held[spot] = held.get(spot, -1) + 1
        found.append((round(x + 9 * (number % 4), 1), round(y + 9 * (number // 4), 1)))
    return found


def _name(
    site: MappedSite, place: tuple[float, float], taken: list[Box], *, far: bool
) -> Iterator[str]:
    """The name beside its mark, where it has room; that of a top site may stand further away."""
    lines = label_lines(site.label, _ROOM, _SIZE)
    wide, more = max(map(em_width, lines)) * _SIZE, _SIZE * (len(lines) - 1)
    x, y = place
    for step in _STEPS if far else _STEPS[:1]:
        for left, end in ((x + 9, ""), (x - 9 - wide, " end")):
            up = y + step - more / 2
            box = left - 1, up - 7, left + wide + 1, up + more + 6
            inside = box[0] > 0 and box[2] < WIDE and box[1] > 0 and box[3] < HIGH
            if not inside or any(
                box[2] >= other[0]
                and box[0] <= other[2]
                and box[3] >= other[1]
                and box[1] <= other[3]
                for other in taken
            ):
                continue
            taken.append(box)
            at = x + 9 if not end else x - 9
            if step:
                yield path("leader", f"M{x:g} {y:g}L{at:g} {y + step:g}")
            for number, line in enumerate(lines):
                yield text_at(f"label{end}", at, round(up + 4 + _SIZE * number, 1), line)
            return
