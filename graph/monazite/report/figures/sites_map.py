"""The figure of the sites on a map of the world, with three crowded regions drawn larger."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import accumulate
from math import asin, cos, radians, sin, sqrt

from monazite.core.formats import counted, grouped, tonnes, visible
from monazite.core.results import Struct
from monazite.data.dates import day_words
from monazite.model.facilities.mapped_sites import MappedFlow, MappedSite, MappedSites
from monazite.report.chain_diagram.cards import STATUSES, status_mark
from monazite.report.chain_diagram.svg import state_mark
from monazite.report.drawing import lettering
from monazite.report.drawing.frame import PictureFrame, Piece
from monazite.report.drawing.plotting import DrawnFigure
from monazite.report.drawing.plotting import named as safe_name
from monazite.report.drawing.shapes import circle, path, text_at
from monazite.report.drawing.templates import drawing_rules, template
from monazite.store.names import named

MIDDLE = 11.0  # middle meridian: the edge cuts no land
_A = (1.340264, -0.081106, 0.000893, 0.003796)
Line = tuple[tuple[float, float], ...]


class World(Struct):
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
_ASIDE = re.compile(r"\s*\([^()]*\)")
_LINES = 6
_LEAST = 3  # Letters that a name of its own has


def own_name(label: str) -> str:
    """Return the name of a site without what it is; its whole label stands in lists and tips."""
    plain = _ASIDE.sub("", visible(label)) or visible(label)
    words = plain.split(" ")
    end = next((at for at, word in enumerate(words) if at and word in _KINDS), len(words))
    while end > 1 and words[end - 1] in {"and", "of", "the", "for", "at", "&"}:
        end -= 1
    name = " ".join(words[:end]).rstrip(",;:")
    return name if len(name) >= _LEAST else plain


def label_lines(label: str, room: float, size: float) -> tuple[str, ...]:
    """Return the name of a site as lines that fit a width."""
    return tuple(lettering.wrap(own_name(label), room, size, most=_LINES))


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
    held = [
        (name, (west, south, east, north))
        for name, (west, south, east, north) in REGIONS
        if sum(west <= lon <= east and south <= lat <= north for lon, lat in points) >= least
    ]
    wide = (room - GAP * (len(held) - 1)) / max(2, len(held))
    views = []
    for number, (name, (west, south, east, north)) in enumerate(held):
        corners = [project(lon, lat) for lon in (west, east) for lat in (south, north)]
        xs, ys = zip(*corners, strict=True)
        ends = min(xs), min(ys), max(xs), max(ys)
        views.append(MapView((number * (wide + GAP), top, wide, wide * 0.92), ends, name))
    return views


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
        for lines, box in _places(site, at, inside):
            left, top, wide, high = box
            within = inside[0] <= left and left + wide <= inside[0] + inside[2]
            within &= inside[1] <= top and top + high <= inside[1] + inside[3]
            if within and not any(
                left + wide > x and x + across > left and top + high > y and y + down > top
                for x, y, across, down in taken
            ):
                taken.append(box)
                names.append(_name(lines, box, status_mark(site.state)))
                break
    return names


def _places(
    site: MappedSite, at: tuple[float, float], inside: Box
) -> Iterator[tuple[tuple[str, ...], Box]]:
    """Where a name may stand: beside its mark, above, below, a line further; else in more lines."""
    x, y = at
    gap = half_side(site.tonnes) + 3
    for room in _ROOMS:
        lines = label_lines(lettering.drawable(site.label), room, SIZE)
        wide, high = (
            max(lettering.text_width(line, SIZE) for line in lines),
            SIZE * (len(lines) - 1),
        )
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
            way = f"M{left} {low - 3.5:.2f}h{lettering.text_width(words, SIZE):.2f}"
            parts.append(path("strike", way))
    return "".join(parts)


def map_title(sites: MappedSites, day: str) -> str:
    """Say how many sites are placed, and how many run, in all and at market or leader."""
    name = _element(sites)
    lands = {site.facility: visible(site.country) for site in sites.found if site.runs}
    if not lands:
        return f"No record places a mine or plant of {name} that runs in {day[:4]}"
    counts = Counter(lands.values())
    if sites.market:
        land, count = sites.market, sum(counts[visible(each)] for each in sites.home)
    else:
        land, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    whole = len({site.facility for site in sites.found})
    return (
        f"{len(lands)} of {whole} mines and plants of {name} on the map are recorded as running in "
        f"{day[:4]}, {count or 'none'} of them in {named(visible(land))}"
    )


def _element(sites: MappedSites) -> str:
    if visible(sites.element).startswith("MREE"):
        return "the magnet rare earths (Nd, Pr, Dy, Tb)"
    return lettering.in_sentence(visible(sites.element).partition(" (")[0]) or "rare earths"


def map_notes(sites: MappedSites) -> list[str]:
    """Say what the map leaves out, and where a flow begins and ends."""
    told = ["All have coordinates."]
    if sites.missing:
        counts = Counter(visible(country) for _, country in sites.missing)
        land, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        more = f"{grouped(len(sites.missing))} more have no coordinates"
        told = [f"{more}, {count} of them in {named(land)}."]
    if sites.others:
        told.append(
            f"{counted(sites.others, 'other site')} of rare earths: no record speaks of "
            f"{_element(sites)} there."
        )
    if sites.flows:
        told.append(
            f"Flows: {len(sites.flows)} of {len(sites.flows) + sites.unplaced}, the largest with a "
            "place, each between the middles of the sites of two countries."
        )
    told.append("Land: Natural Earth, public domain, boundaries held in fact.")
    return [" ".join(told)]


def map_alt(sites: MappedSites, labels: Mapping[str, str], day: str) -> str:
    """Say how many of each stage stand where, which are the largest, and what is left out."""
    parts = []
    for stage, label in labels.items():
        own = [site for site in sites.found if site.stage == stage]
        lands = Counter(visible(site.country) for site in own)
        if own:
            first = sorted(lands.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
            where = ", ".join(f"{land} {count}" for land, count in first)
            running = sum(site.runs for site in own)
            parts.append(f"{visible(label)}: {len(own)}, {running} of them running ({where}).")
    sized = sorted((s for s in sites.found if s.tonnes), key=lambda s: -(s.tonnes or 0))[:3]
    if sized:
        parts.append(f"Largest by tonnes: {'; '.join(site_words(s, labels) for s in sized)}.")
    parts += [f"Flow: {visible(flow.words)}." for flow in sites.flows]
    return " ".join([f"{map_title(sites, day)}.", *parts, *map_notes(sites)])


def site_words(site: MappedSite, labels: Mapping[str, str]) -> str:
    """Say where a site is, what it makes, in which state, and how much."""
    stage = visible(labels.get(site.stage, site.stage))
    size = visible(site.measure) or "tonnes not known"
    where = f"{visible(site.label)}, {visible(site.country)}"
    return f"{where}: {stage}, {visible(site.state)}, {size} (point: {visible(site.precision)})"


KIND, WIDTH = "map", 1096.0
NAMES = {"": 18, "region": 9}  # Names in the world and in a region
_MARGIN = 28.0
_WORTH = 2  # Sites that make a region worth drawing larger


def map_drawing(
    sites: MappedSites, labels: Mapping[str, str], day: str, width: float
) -> DrawnFigure:
    """Return the map of some sites as a figure."""
    title, alt = map_title(sites, day), map_alt(sites, labels, day)
    sized = sum(site.tonnes is not None for site in sites.found)

    def document(theme: str, source: str) -> str:
        room = width - 2 * _MARGIN
        world = world_view(room)
        points = [(site.longitude, site.latitude) for site in sites.found]
        regions = region_views(room, world.place[3] + 12, points, _WORTH)
        parts = [_view(world, sites, labels, "", others=regions)]
        parts += [_view(view, sites, labels, view.name) for view in regions]
        last = regions[-1].place if regions else world.place
        size = (room, last[1] + last[3] + 4)
        frame = PictureFrame(
            kind=KIND,
            title=title,
            subtitle=f"States on {day_words(day)}; records are incomplete. "
            f"Area: tonnes a year, known of {sized} of {len(sites.found)} marks.",
            desc=lettering.accessible_text(alt),
            source=source,
            legend=legend(sites),
            notes=map_notes(sites),
            least=0.0,
            margin=_MARGIN,
        )
        rules = drawing_rules(KIND, kind=KIND, size=SIZE)
        return frame.document("\n".join(parts), size, rules, theme)

    return DrawnFigure(title, alt, document)


def legend(sites: MappedSites) -> list[Piece]:
    """The marks that a map has, in words; sizes and flows where it has them."""
    there = {status_mark(site.state) for site in sites.found}
    pieces = [
        (f'<g transform="translate(0 5)">{state_mark(mark)}</g>', 12.0, words)
        for mark, words in STATUSES
        if mark in there
    ]
    if any(site.tonnes is not None for site in sites.found):
        pieces += [_sample(half_side(t), f"{tonnes(t)} t a year") for t in (FULL, FULL / 10)]
    if any(site.tonnes is None for site in sites.found):
        pieces.append(_sample(UNKNOWN, "this small: size not known"))
    if sites.flows:
        way = '<path class="flow" stroke-width="4" d="M0 11H28"/>'
        pieces.append((way, 30.0, "flow, as wide as its share"))
    return pieces


def _sample(half: float, words: str) -> Piece:
    side = f'width="{2 * half:g}" height="{2 * half:g}"'
    return f'<rect class="solid" x="0" y="{11 - half:g}" {side}/>', 2 * half, words


def _view(
    view: MapView,
    sites: MappedSites,
    labels: Mapping[str, str],
    name: str,
    others: Sequence[MapView] = (),
) -> str:
    x, y, wide, high = view.place
    box = f'x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"'
    placed = _spread(sites.found, view)
    land, borders = land_paths(view)
    clip = safe_name(f"{KIND}-clip-{name or 'world'}")
    parts = [
        f'<clipPath id="{clip}"><rect {box}/></clipPath><rect class="sea" {box}/>'
        f'<g clip-path="url(#{clip})"><path class="land" d="{land}"/>'
        f'<path class="border" d="{borders}"/>'
        f"{''.join(_flow(flow, view) for flow in sites.flows) if not name else ''}</g>"
    ]
    parts += [_mark(site, at, labels, tipped=not name) for site, at in placed]
    elsewhere = {s.facility for other in others for s, _ in _spread(sites.found, other)}
    shown = [(site, at) for site, at in placed if site.facility not in elsewhere]
    taken: list[Box] = []
    for site, (left, top) in placed:
        half = half_side(site.tonnes)
        taken.append((left - half, top - half, 2 * half, 2 * half))
    heading: list[str] = []
    if name:
        taken.append((x, y, lettering.text_width(name, 12.5, bold=True) + 14, 22.0))
        heading = [text_at("region", x + 8, y + 17, name)]
    parts += site_names(shown, taken, view.place, NAMES["region" if name else ""])
    return "\n".join([*parts, *heading])


def _spread(
    sites: Sequence[MappedSite], view: MapView
) -> list[tuple[MappedSite, tuple[float, float]]]:
    there: dict[tuple[float, float], list[MappedSite]] = {}
    for site in sites:
        point = view.at(site.longitude, site.latitude)
        if view.shows(point, UNKNOWN):
            there.setdefault(point, []).append(site)
    placed = []
    for (x, y), own in there.items():
        sides = [2 * half_side(site.tonnes) + 1 for site in own]
        left = x - sum(sides) / 2
        for site, side in zip(own, sides, strict=True):
            placed.append((site, (round(left + side / 2, 2), y)))
            left += side
    return sorted(placed, key=lambda pair: (-half_side(pair[0].tonnes), pair[0].facility))


def _mark(
    site: MappedSite, at: tuple[float, float], labels: Mapping[str, str], *, tipped: bool
) -> str:
    mark, half = status_mark(site.state), half_side(site.tonnes)
    name = safe_name(f"{KIND}-spot-{site.stage}-{site.facility}")
    tip = f"<title>{escape(lettering.accessible_text(site_words(site, labels)))}</title>"
    spot = f' id="{name}"' if tipped else ""
    return f'<g{spot} class="state spot">{tip}{_shape(mark, *at, half)}</g>'


def _shape(mark: str, x: float, y: float, half: float) -> str:
    def ring(side: float) -> str:
        left, right, top, foot = x - side, x + side, y - side, y + side
        return f"M{left:g} {top:g}L{right:g} {top:g}L{right:g} {foot:g}L{left:g} {foot:g}Z"

    if mark == "operating":
        return path("solid", ring(half))
    if mark == "unknown":
        return path("back", ring(half)) + circle("dots", x, y, half)
    side = half - 0.5
    left, right, top, foot = (f"{each:g}" for each in (x - side, x + side, y - side, y + side))
    inner = {
        "partly": ("solid", f"M{left} {foot}L{left} {top}L{x:g} {top}L{x:g} {foot}Z"),
        "suspended": (
            "stripe",
            f"M{left} {y:g}L{x:g} {top}M{left} {foot}L{right} {top}M{x:g} {foot}L{right} {y:g}",
        ),
        "closed": ("gone", f"M{left} {top}L{right} {foot}M{right} {top}L{left} {foot}"),
    }.get(mark)
    look = "gone" if mark == "closed" else "hollow"
    plate = path("back", ring(half)) + path(look, ring(side))
    return plate + path(*inner) if inner else plate


def _flow(flow: MappedFlow, view: MapView) -> str:
    (x, y), (to_x, to_y) = view.at(*flow.start), view.at(*flow.end)
    bend = 0.16
    mid_x, mid_y = (x + to_x) / 2 + (to_y - y) * bend, (y + to_y) / 2 - (to_x - x) * bend
    wide = round(1.2 + 14 * sqrt(min(flow.share, 1.0)), 2)
    tip = f"<title>{escape(lettering.accessible_text(visible(flow.words)))}</title>"
    return (
        f'<g class="trade">{tip}<path class="flow" stroke-width="{wide:g}" '
        f'd="M{x:g} {y:g}Q{mid_x:.2f} {mid_y:.2f} {to_x:g} {to_y:g}"/>'
        f'<circle class="arrives" cx="{to_x:g}" cy="{to_y:g}" r="{wide / 2 + 2:g}"/></g>'
    )
