"""A timeline as SVG, the same bytes for the same timeline.

Time runs from left to right on one even scale. What happened on a day is a mark; a date that is
only a month or a year is a soft span under it. What lasts is a bar: a soft end is a date that is
not exact, an end that fades is not known or has not come. Under the steps of a policy a thin line
runs while it is in force, a pale one to the stated end of a suspension. Labels stand in lanes of
their own, so that none covers another; prices and shares are labelled where there is room.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from monazite.findings.timeline.dated_events import KINDS
from monazite.findings.timeline.timeline import Timeline
from monazite.pages.drawing.palette import FONTS, css_variables, mark_path
from monazite.pages.timeline.layout import (
    BARS,
    DOTS,
    FADE,
    LABELS,
    RIGHT,
    SIZE,
    WIDTH,
    Lane,
    PlacedEvent,
    Scale,
    lanes_of,
    scale_of,
)
from monazite.safe_text import em_width, shorten, visible

TOP, LANE, HEAD = 40.0, 19.0, 26.0
NAME_SIZE, HEAD_SIZE = 11.5, 12.5
MAX_LANES = 160
"""Lanes that are drawn; the table below it holds every line."""
_HEADS = {
    **KINDS,
    "event": "Events",
    "plan": "Plans",
    "policy": "Policies",
    "ownership": "Ownership",
    "operation": "Operation",
    "supply": "Supply",
    "price": "Prices",
    "share": "Shares",
    "statement": "Statements",
}
_COLOURS = {
    "event": "site",
    "plan": "muted",
    "policy": "ring",
    "ownership": "firm",
    "operation": "arc-domestic",
    "supply": "country",
    "price": "market",
    "share": "ink",
    "statement": "muted",
}
_SHAPES = {"policy": "square", "statement": "triangle", "price": "hexagon"}


def timeline_svg(timeline: Timeline) -> str:
    """Return a timeline as one SVG document that needs nothing else.

    >>> from monazite.findings.timeline.dated_events import DatedEvent
    >>> opened = DatedEvent("event", "1952", "1952-01-01", "1952-12-31", "A mine",
    ...     "Opened: it <began>", "Opened", ("facility_events/a",))
    >>> text = timeline_svg(Timeline("A mine", "a", None, "1960-01-01", None, (opened,), ()))
    >>> "Opened: it &lt;began&gt;" in text, "<began>" in text
    (True, False)
    """
    return timeline_drawing(timeline, style=css_variables() + timeline_css())


def timeline_drawing(timeline: Timeline, *, style: str | None = None) -> str:
    """Return the timeline as SVG: a document with ``style``, part of a page without."""
    scale = scale_of(timeline)
    lanes = lanes_of(timeline, scale)
    drawn, height = _draw_lanes(lanes[:MAX_LANES])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="strip" role="img" '
        f'viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" '
        f'aria-labelledby="strip-title strip-desc">',
        f'<title id="strip-title">{_text(timeline.title)}: timeline</title>',
        f'<desc id="strip-desc">{_text(describe(timeline, len(lanes)))}</desc>',
        _fades(),
    ]
    if style is not None:
        parts.append(f"<style>{style}</style>")
        parts.append(f'<rect class="paper" width="{WIDTH:g}" height="{height:g}"/>')
    parts += [_axis(scale, height), _today(timeline.day, scale, height), *drawn]
    return "\n".join([*parts, "</svg>\n"])


def describe(timeline: Timeline, lanes: int) -> str:
    """One or two sentences as text alternative of the drawing."""
    count = len(timeline.events)
    if not count:
        return "No dated record."
    first, last = timeline.events[0].date, max(h.latest for h in timeline.events)[:4]
    there = {dated_event.kind for dated_event in timeline.events}
    kinds = [_HEADS[kind].lower() for kind in KINDS if kind in there]
    more = f" {lanes - MAX_LANES} lanes are not drawn." if lanes > MAX_LANES else ""
    return f"{count} lines from {first} to {last}: {', '.join(kinds)}.{more}"


def _draw_lanes(lanes: Iterable[Lane]) -> tuple[list[str], float]:
    parts: list[str] = []
    y, kind = TOP, ""
    for lane in lanes:
        if lane.kind != kind:
            kind = lane.kind
            y += HEAD
            parts.append(
                f'<text class="head" x="8" y="{y - 7:g}">{_text(_HEADS[kind])}</text>'
                f'<path class="rule" d="M8 {y:g}H{WIDTH - RIGHT:g}"/>'
            )
        middle = y + LANE / 2
        name = _shorten_inside(visible(lane.name), (LABELS - 20) / NAME_SIZE)
        if name:
            parts.append(
                f"<g><title>{_text(lane.name)}</title>"
                f'<text class="name" x="8" y="{middle + 4:g}">{_text(name)}</text></g>'
            )
        parts += [_draw(item, middle) for item in lane.items]
        y += LANE
    return parts, y + 14


def _shorten_inside(text: str, ems: float) -> str:
    """Cut a name in its middle: what tells two names apart is often the last word.

    >>> _shorten_inside("Rare earth mining and separation quota 2013", 14)
    'Rare earth mining an… 2013'
    """
    if em_width(text) <= ems:
        return text
    tail = text.rsplit(" ", 1)[-1]
    if len(tail) > 8:
        return shorten(text, ems)
    return f"{shorten(text, ems - em_width(tail) - 0.4)} {tail}"


def _draw(item: PlacedEvent, y: float) -> str:
    kind = item.dated_event.kind
    body = _bar(item, y) if kind in BARS else _mark(item, y)
    label = ""
    if item.label:
        label = (
            f'<text class="label {item.anchor}" x="{item.label_x:g}" y="{y + 3.7:g}">'
            f"{_text(item.label)}</text>"
        )
    left, right, look = item.run
    last = max(left, right - FADE) if look == "fade-out" else right
    run = _rect("run" if look == "fade-out" else look, left, last, y + 11, 2)
    run += _rect(look, last, right, y + 11, 2)
    return f'<g class="item {kind}"><title>{_text(item.full)}</title>{run}{body}{label}</g>'


def _mark(item: PlacedEvent, y: float) -> str:
    kind = item.dated_event.kind
    middle = (item.left + item.right) / 2
    path = mark_path(_SHAPES.get(kind, "circle"), 3.0 if kind in DOTS else 4.2)
    soft = ""
    if kind not in DOTS and item.right - item.left > 8:
        soft = _rect("soft", item.left, item.right, y)
    return f'{soft}<path class="mark" transform="translate({middle:g} {y:g})" d="{path}"/>'


def _bar(item: PlacedEvent, y: float) -> str:
    """A bar with soft ends where its dates are not exact, fading where they are not known."""
    told = item.dated_event
    first, last = item.solid
    parts = [
        _rect("fade-in" if told.begins is None else "soft", item.left, first, y),
        _rect("bar", first, last, y),
        _rect("fade-out" if told.ends is None else "soft", last, item.right, y),
    ]
    return "".join(parts)


def _rect(look: str, left: float, right: float, y: float, high: float = 8) -> str:
    wide = round(right - left, 2)
    if wide < 0.5:
        return ""
    return f'<rect class="{look}" x="{left:g}" y="{y - 4:g}" width="{wide:g}" height="{high:g}"/>'


def _axis(scale: Scale, height: float) -> str:
    parts = []
    for year in scale.years:
        x = scale.x(f"{year:04d}-01-01")
        if x <= WIDTH - RIGHT:
            parts.append(
                f'<path class="grid" d="M{x:g} {TOP - 12:g}V{height - 10:g}"/>'
                f'<text class="year" x="{x:g}" y="{TOP - 18:g}">{year}</text>'
            )
    return "".join(parts)


def _today(day: str, scale: Scale, height: float) -> str:
    x = scale.x(day)
    return (
        f'<path class="today" d="M{x:g} {TOP - 4:g}V{height - 10:g}"/>'
        f'<text class="asked" x="{min(x, WIDTH - RIGHT - 24):g}" y="{TOP + 6:g}">{day}</text>'
    )


def _fades() -> str:
    """The gradients of open ends, one a kind of bar: an SVG gradient takes its colour alone."""
    parts = []
    for kind in sorted({*BARS, "policy"}):
        for name, first, last in (("in", 0, 1), ("out", 1, 0)):
            parts.append(
                f'<linearGradient id="fade-{name}-{kind}" class="{kind}">'
                f'<stop offset="0" stop-opacity="{first}"/>'
                f'<stop offset="1" stop-opacity="{last}"/></linearGradient>'
            )
    return f"<defs>{''.join(parts)}</defs>"


def _text(text: str) -> str:
    return escape(visible(text))


def timeline_css() -> str:
    """The rules that the SVG needs, in a page and by itself."""
    kinds = "".join(
        f".strip .{kind} .mark,.strip .{kind} .bar,.strip .{kind} .run,"
        f".strip .{kind} .soft,.strip .{kind} .paused{{fill:var(--{hue})}}\n"
        for kind, hue in _COLOURS.items()
    )
    fades = "".join(
        f".strip linearGradient.{kind} stop{{stop-color:var(--{_COLOURS[kind]})}}\n"
        f".strip .{kind} .fade-in{{fill:url(#fade-in-{kind})}}\n"
        f".strip .{kind} .fade-out{{fill:url(#fade-out-{kind})}}\n"
        for kind in sorted({*BARS, "policy"})
    )
    return (
        f".strip text{{font-family:{FONTS};fill:var(--ink)}}\n"
        ".strip .paper{fill:var(--paper)}\n"
        f".strip .head{{font-size:{HEAD_SIZE:g}px;font-weight:600}}\n"
        f".strip .name{{font-size:{NAME_SIZE:g}px;fill:var(--muted)}}\n"
        f".strip .label{{font-size:{SIZE:g}px;"
        "paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}\n"
        ".strip .end{text-anchor:end}\n"
        ".strip .year{font-size:11px;text-anchor:middle;fill:var(--muted)}\n"
        ".strip .asked{font-size:10.5px;text-anchor:middle;fill:var(--ring);font-weight:600}\n"
        ".strip .grid,.strip .rule{fill:none;stroke:var(--hairline)}\n"
        ".strip .today{fill:none;stroke:var(--ring);stroke-dasharray:3 3}\n"
        ".strip .soft,.strip .paused{opacity:.3}\n"
        f"{kinds}{fades}"
        ".strip .plan .mark{fill:var(--paper);stroke:var(--muted);stroke-width:1.4}\n"
    )
