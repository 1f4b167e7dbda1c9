"""The figure of the sites on a map of the world, with three crowded regions drawn larger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from math import sqrt

from monazite.core.formats import counted, grouped, tonnes, visible
from monazite.data.dates import day_words
from monazite.model.facilities.mapped_sites import MappedFlow, MappedSite, MappedSites
from monazite.report.chain_diagram.cards import STATUSES, status_mark
from monazite.report.chain_diagram.svg import state_mark
from monazite.report.drawing.frame import PictureFrame, Piece
from monazite.report.drawing.lettering import accessible_text, text_width
from monazite.report.drawing.plotting import named as safe_name
from monazite.report.drawing.shapes import circle, path, text_at
from monazite.report.drawing.templates import drawing_rules
from monazite.report.figures.from_svg import DrawnFigure
from monazite.report.figures.map_view import (
    FULL,
    SIZE,
    UNKNOWN,
    Box,
    MapView,
    half_side,
    land_paths,
    region_views,
    site_names,
    world_view,
)
from monazite.store.names import named


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
    name = visible(sites.element).partition(" (")[0]
    return (name.lower() if name.istitle() and name.isalpha() else name) or "rare earths"


def map_notes(sites: MappedSites) -> list[str]:
    """Say what the map leaves out, and where a flow begins and ends."""
    told = [f"{_missing(sites)}."]
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


def _missing(sites: MappedSites) -> str:
    if not sites.missing:
        return "All have coordinates"
    counts = Counter(visible(country) for _, country in sites.missing)
    land, count = min(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return (
        f"{grouped(len(sites.missing))} more have no coordinates, {count} of them in {named(land)}"
    )


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
        drawing, size = _drawn(sites, labels, width - 2 * _MARGIN)
        frame = PictureFrame(
            kind=KIND,
            title=title,
            subtitle=f"States on {day_words(day)}; records are incomplete. "
            f"Area: tonnes a year, known of {sized} of {len(sites.found)} marks.",
            desc=accessible_text(alt),
            source=source,
            legend=legend(sites),
            notes=map_notes(sites),
            least=0.0,
            margin=_MARGIN,
        )
        return frame.document(drawing, size, drawing_rules(KIND, kind=KIND, size=SIZE), theme)

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


def _drawn(
    sites: MappedSites, labels: Mapping[str, str], room: float
) -> tuple[str, tuple[float, float]]:
    world = world_view(room)
    points = [(site.longitude, site.latitude) for site in sites.found]
    regions = region_views(room, world.place[3] + 12, points, _WORTH)
    parts = [_view(world, sites, labels, "", others=regions)]
    parts += [_view(view, sites, labels, view.name) for view in regions]
    last = regions[-1].place if regions else world.place
    return "\n".join(parts), (room, last[1] + last[3] + 4)


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
        taken.append((x, y, text_width(name, 12.5, bold=True) + 14, 22.0))
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
    tip = f"<title>{escape(accessible_text(site_words(site, labels)))}</title>"
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
    tip = f"<title>{escape(accessible_text(visible(flow.words)))}</title>"
    return (
        f'<g class="trade">{tip}<path class="flow" stroke-width="{wide:g}" '
        f'd="M{x:g} {y:g}Q{mid_x:.2f} {mid_y:.2f} {to_x:g} {to_y:g}"/>'
        f'<circle class="arrives" cx="{to_x:g}" cy="{to_y:g}" r="{wide / 2 + 2:g}"/></g>'
    )
