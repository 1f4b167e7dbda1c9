"""The figure of the facilities on a map of the world, with three crowded regions drawn larger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from monazite.findings.plants.mapped_sites import MappedSite, MappedSites
from monazite.pages.drawing.lettering import drawable, fitted, text_width
from monazite.pages.drawing.plotting import MARGIN, Drawing, Page, head_height
from monazite.pages.drawing.static_page import LICENCE
from monazite.pages.figures.projection import MIDDLE, project, read_world
from monazite.safe_text import visible

FOOT, KEY, GAP = 46.0, 30.0, 12.0
SOUTH, NORTH = -56.0, 78.0
REGIONS = (
    ("North America", (-128.0, 20.0, -62.0, 60.0)),
    ("Europe", (-12.0, 35.0, 48.0, 66.0)),
    ("East and South-East Asia", (88.0, 0.0, 148.0, 52.0)),
)
"""West, south, east and north of what is drawn larger."""
LOOKS = {  # by mark as well as by hue
    "mine": ("triangle", "site"),
    "separation": ("circle", "country"),
    "metal": ("diamond", "market"),
    "alloy": ("square", "firm"),
    "magnet": ("cross", "ring"),
}
_OTHER = ("square", "muted")
Box = tuple[float, float, float, float]


def map_drawing(sites: MappedSites, labels: Mapping[str, str], day: str, width: float) -> Drawing:
    """Draw where the mines and plants of each stage stand; what does not run is hollow.

    Args:
        sites: as :func:`monazite.findings.plants.mapped_sites.find_mapped_sites` returns them.
        labels: names of the stages.
        day: the day of the view.
        width: in CSS pixels.
    """
    said = _sentence(sites.found, day)
    under = (
        "Filled: runs, at least in part; hollow: planned, idle, shut or not known. "
        f"{_missing(sites)}."
    )
    top = head_height(said, under, width)
    world = _world_box(width, top)
    rows = _region_boxes(width, world[1] + world[3] + KEY + GAP)
    return Drawing(
        kind="map",
        title=said,
        subtitle=under,
        alt=map_alt(sites, labels, day),
        width=width,
        height=rows[0][1] + rows[0][3] + 6 + FOOT,
        draw=partial(_draw, sites=sites.found, labels=labels, world=world, regions=rows),
        tips={f"spot-{s.stage}-{s.facility}": _site_words(s, labels) for s in sites.found},
        source=f"Land: Natural Earth, public domain, boundaries held in fact. {LICENCE}",
    )


def map_alt(sites: MappedSites, labels: Mapping[str, str], day: str) -> str:
    """Say how many mines and plants of each stage stand where, and how many have no point."""
    parts = []
    for stage, label in labels.items():
        own = [site for site in sites.found if site.stage == stage]
        lands = Counter(visible(site.country) for site in own)
        if own:
            first = sorted(lands.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
            named = ", ".join(f"{land} {count}" for land, count in first)
            running = sum(site.runs for site in own)
            parts.append(f"{visible(label)}: {len(own)}, {running} of them running ({named}).")
    return " ".join(
        [
            f"Map of mines and plants of rare earths on {day}.",
            f"{_sentence(sites.found, day)}.",
            *parts,
            f"{_missing(sites)}.",
        ]
    )


def _sentence(sites: Sequence[MappedSite], day: str) -> str:
    lands = {site.facility: visible(site.country) for site in sites if site.runs}
    if not lands:
        return f"No record says where a mine or plant of rare earths runs in {day[:4]}"
    counts = Counter(lands.values())
    land, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    article = "the " if land.startswith("United ") else ""
    return (
        f"Records place {len({site.facility for site in sites})} rare-earth mines and plants on "
        "the "
        f"map; {len(lands)} are recorded as running in {day[:4]}, {count} of them in "
        f"{article}{land}; records are incomplete"
    )


def _missing(sites: MappedSites) -> str:
    """Say how many have no point, and where most of them stand."""
    if not sites.missing:
        return "All have coordinates"
    counts = Counter(visible(country) for _, country in sites.missing)
    land, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return f"{len(sites.missing):,} more have no coordinates, {count} of them in {land}"


def _site_words(site: MappedSite, labels: Mapping[str, str]) -> str:
    stage = visible(labels.get(site.stage, site.stage))
    where = f"{visible(site.label)}, {visible(site.country)}"
    return f"{where}: {stage}, {visible(site.state)} (point: {visible(site.precision)})"


class _MapPart:
    """A part of the projected world that fills a box of the page."""

    def __init__(self, place: Box, ends: Box) -> None:
        self.place = place
        x, y, wide, high = place
        left, low, right, top = ends
        self._scale = max(wide / (right - left), high / (top - low))
        self._x = x + wide / 2 - self._scale * (left + right) / 2
        self._y = y + high / 2 + self._scale * (low + top) / 2

    @classmethod
    def of_region(cls, place: Box, box: Box) -> _MapPart:
        """A region by its west, south, east and north."""
        west, south, east, north = box
        corners = [project(lon, lat) for lon in (west, east) for lat in (south, north)]
        xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
        return cls(place, (min(xs), min(ys), max(xs), max(ys)))

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = project(longitude, latitude)
        return round(self._x + self._scale * x, 2), round(self._y - self._scale * y, 2)

    def shows(self, point: tuple[float, float], margin: float = 0.0) -> bool:
        x, y, wide, high = self.place
        return x + margin <= point[0] <= x + wide - margin and (
            y + margin <= point[1] <= y + high - margin
        )


def _world_ends() -> Box:
    """The ends of the projected world that is drawn."""
    east = 2.45  # a little of the ocean is left out
    return -east, project(MIDDLE, SOUTH)[1], east, project(MIDDLE, NORTH)[1]


def _world_box(width: float, top: float) -> Box:
    wide = width - 2 * MARGIN
    left, low, right, high = _world_ends()
    return MARGIN, top, wide, wide * (high - low) / (right - left)


def _region_boxes(width: float, top: float) -> tuple[Box, ...]:
    wide = (width - 2 * MARGIN - GAP * (len(REGIONS) - 1)) / len(REGIONS)
    return tuple(
        (MARGIN + number * (wide + GAP), top, wide, wide * 0.92) for number in range(len(REGIONS))
    )


def _draw(
    page: Page,
    *,
    sites: Sequence[MappedSite],
    labels: Mapping[str, str],
    world: Box,
    regions: Sequence[Box],
) -> None:
    views = [(_MapPart(world, _world_ends()), "", 3.4)]
    views += [
        (_MapPart.of_region(place, box), name, 4.6)
        for place, (name, box) in zip(regions, REGIONS, strict=True)
    ]
    for view, name, radius in views:
        page.box(*view.place, fill="card", order=0)
        _draw_view(page, view, sites, radius, named=not name)
        page.box(*view.place, edge="hairline", order=5)
        x, y = view.place[:2]
        page.text(x + 8, y + 18, name, bold=True, max_width=view.place[2] - 12)
    _draw_key(page, sites, labels, world[1] + world[3] + 21)


def _draw_view(
    page: Page, view: _MapPart, sites: Sequence[MappedSite], radius: float, *, named: bool
) -> None:
    land = [_thinned(view.at(*point) for point in ring) for ring in read_world().land]
    near = [ring for ring in land if len(ring) > 2 and _touches(ring, view.place)]
    page.shape(near, fill="#e9e4d8", edge="#c4bcaa", wide=0.5, order=1, inside=view.place)
    lines = [_thinned(view.at(*point) for point in line) for line in read_world().borders]
    kept = [line for line in lines if _touches(line, view.place)]
    page.shape(kept, edge="card", wide=0.8, order=1.5, inside=view.place)
    for site, (x, y) in _spread(sites, view, radius):
        mark, hue = LOOKS.get(site.stage, _OTHER)
        name = f"spot-{site.stage}-{site.facility}" if named else None
        if site.runs:
            page.mark(x, y, mark, radius, fill=hue, order=4.5, name=name)
        else:
            page.mark(x, y, mark, radius * 0.82, fill="card", edge=hue, wide=1.1, name=name)


def _thinned(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out points nearer than half a pixel to the one before; the last one stays."""
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


def _spread(
    sites: Sequence[MappedSite], view: _MapPart, radius: float
) -> list[tuple[MappedSite, tuple[float, float]]]:
    """Place the marks; those of one spot stand side by side, in the order of the chain."""
    there: dict[tuple[float, float], list[MappedSite]] = {}
    for site in sites:
        point = view.at(site.longitude, site.latitude)
        if view.shows(point, radius):
            there.setdefault(point, []).append(site)
    placed = []
    for (x, y), own in sorted(there.items(), key=lambda pair: pair[0][1]):
        for number, site in enumerate(own):
            offset = (number - (len(own) - 1) / 2) * radius * 1.5
            placed.append((site, (round(x + offset, 2), y)))
    return placed


def _draw_key(page: Page, sites: Sequence[MappedSite], labels: Mapping[str, str], y: float) -> None:
    """The marks in words, with how many there are."""
    counts = Counter(site.stage for site in sites)
    x = MARGIN + 6
    for stage in labels:
        if counts[stage]:
            mark, hue = LOOKS.get(stage, _OTHER)
            words = f"{fitted(drawable(labels[stage]), 110)} {counts[stage]}"
            page.mark(x, y - 4, mark, 5, fill=hue)
            page.text(x + 11, y, words)
            x += 11 + text_width(words) + 24
