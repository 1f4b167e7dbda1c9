"""Layout of a timeline: positions by date, and lanes in which no label covers another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from monazite.findings.timeline.dated_events import END, KINDS, DatedEvent
from monazite.findings.timeline.timeline import Timeline
from monazite.safe_text import em_width, shorten, visible

WIDTH, LABELS, RIGHT = 1120.0, 250.0, 18.0
SIZE, FADE, GAP, SOFT = 10.5, 34.0, 7.0, 3.0
BARS = {"ownership", "operation", "supply"}
"""Kinds that last: they are bars."""
DOTS = {"price", "share"}
"""Kinds that are series of numbers: they are small marks."""
_STEPS = (1, 2, 5, 10, 20, 50, 100)
_TICK = 58.0


@dataclass(frozen=True)
class PlacedEvent:
    """Something drawn: its place, and its label, empty for none.

    It may reach from ``left`` to ``right`` and surely does from ``solid`` to ``solid``; ``run``
    is a line under it and its look, empty for none.
    """

    dated_event: DatedEvent
    left: float
    right: float
    solid: tuple[float, float]
    label: str
    label_x: float
    anchor: str
    full: str
    run: tuple[float, float, str] = (0.0, 0.0, "")

    @property
    def span(self) -> tuple[float, float]:
        """What the item takes of its lane, the label included."""
        wide = em_width(self.label) * SIZE
        if not self.label:
            return self.left, self.right
        if self.anchor == "end":
            return min(self.left, self.label_x - wide), self.right
        return self.left, max(self.right, self.label_x + wide)


@dataclass
class Lane:
    """A line of the drawing; ``name`` is empty where it goes on from the lane above."""

    kind: str
    name: str
    items: list[PlacedEvent] = field(default_factory=list)

    def has_room(self, item: PlacedEvent, gap: float = GAP) -> bool:
        """Tell whether an item touches none of the lane's."""
        left, right = item.span
        return all(
            right + gap <= other.span[0] or other.span[1] + gap <= left for other in self.items
        )


@dataclass(frozen=True)
class Scale:
    """Maps days to positions in the drawing."""

    first: int
    last: int
    day: str

    def x(self, day: str) -> float:
        """Return the place of an ISO day."""
        part = (date.fromisoformat(day).toordinal() - self.first) / (self.last - self.first)
        return round(LABELS + part * (WIDTH - RIGHT - LABELS), 2)

    @property
    def years(self) -> list[int]:
        """The years that the axis names."""
        begin, end = date.fromordinal(self.first).year, date.fromordinal(self.last).year
        room = (WIDTH - RIGHT - LABELS) / _TICK
        step = next((s for s in _STEPS if (end - begin) / s <= room), _STEPS[-1])
        return [year for year in range(begin, end + 1) if year % step == 0]


def scale_of(timeline: Timeline) -> Scale:
    """Return the scale: from the first year to the end of the last, the day asked about within."""
    days = [timeline.day]
    for dated_event in timeline.events:
        days += [dated_event.earliest, dated_event.latest]
        days += [dated_event.until_latest] if dated_event.until_latest else []
    first, last = int(min(days)[:4]), int(max(days)[:4])
    end = date(min(last + 1, 9999), 1, 1) if last < 9999 else date(9999, 12, 31)
    return Scale(date(first, 1, 1).toordinal(), end.toordinal(), timeline.day)


def lanes_of(timeline: Timeline, scale: Scale) -> list[Lane]:
    """Put the dated events into lanes: by kind, by subject, and so that no label covers another."""
    lanes: list[Lane] = []
    for kind in KINDS:
        subjects: dict[str, list[DatedEvent]] = defaultdict(list)
        for dated_event in timeline.events:
            if dated_event.kind == kind and not _is_drawn_elsewhere(dated_event, timeline.events):
                subjects[dated_event.subject].append(dated_event)
        for subject, events in subjects.items():
            name = _without_title(subject, timeline.title)
            if kind in DOTS:
                lanes.append(Lane(kind, name, _dots(events, scale)))
            else:
                lanes += _packed(kind, name, events, scale)
    return lanes


def _without_title(subject: str, title: str) -> str:
    """Leave out of a name what the whole timeline is of.

    >>> _without_title("A firm in A mine", "A mine"), _without_title("A mine to Japan", "A mine")
    ('A firm', 'to Japan')
    """
    if subject == title:
        return ""
    for joint in (" in ", " at ", " to "):
        subject = subject.removesuffix(f"{joint}{title}")
        if subject.startswith(f"{title}{joint}"):
            subject = subject.removeprefix(title).lstrip()
    return subject


def _is_drawn_elsewhere(dated_event: DatedEvent, all_of_them: Sequence[DatedEvent]) -> bool:
    """Tell whether a bar that begins elsewhere draws this end already."""
    return dated_event.edge == END and any(
        other.rows == dated_event.rows and other.edge != END for other in all_of_them
    )


def _packed(kind: str, name: str, events: list[DatedEvent], scale: Scale) -> list[Lane]:
    lanes = [Lane(kind, name)]
    for item in _merged(kind, events, scale):
        lane = next((lane for lane in lanes if lane.has_room(item)), None)
        if lane is None:
            lane = Lane(kind, "")
            lanes.append(lane)
        lane.items.append(item)
    return lanes


def _merged(kind: str, events: list[DatedEvent], scale: Scale) -> list[PlacedEvent]:
    """One item for what has one subject and one date."""
    if kind in BARS:
        return [_item(h, _bar_label(h), h.sentence(), scale) for h in events]
    groups: dict[tuple[str, str], list[DatedEvent]] = defaultdict(list)
    for dated_event in events:
        groups[dated_event.date, dated_event.until].append(dated_event)
    items = []
    for (day, _), group in groups.items():
        shorts = list(dict.fromkeys(h.short for h in group))
        words = "; ".join([shorts[0], *(short[:1].lower() + short[1:] for short in shorts[1:])])
        full = " ".join(f"{h.date}: {h.sentence()}." for h in group)
        item = _item(group[0], f"{day} {words}", full, scale)
        items.append(replace(item, run=_run(group, events, scale)))
    return items


def _run(
    group: list[DatedEvent], events: list[DatedEvent], scale: Scale
) -> tuple[float, float, str]:
    """The line under a step of a policy: how long it is in force, or suspended by its own word."""
    first = group[0]
    left = scale.x(first.latest)
    if first.until:
        return left, scale.x(first.until_latest), "paused"
    if first.kind != "policy" or all(step.event != "Effective" for step in group):
        return 0.0, 0.0, ""
    ends = [step for step in events if step.event == "Ended" and step.latest >= first.earliest]
    if ends:
        return left, scale.x(min(step.latest for step in ends)), "run"
    day = max(scale.x(scale.day), left)
    return left, min(day + FADE, WIDTH - RIGHT), "fade-out"


def _bar_label(dated_event: DatedEvent) -> str:
    until = f" to {dated_event.until}" if dated_event.until else ""
    begin = "to " if dated_event.edge == END else ""
    return f"{begin}{dated_event.date}{until}: {dated_event.short}"


def _item(dated_event: DatedEvent, label: str, full: str, scale: Scale) -> PlacedEvent:
    """Place an item, with its label behind it, or before it where the drawing ends."""
    left, right, solid = _extent(dated_event, scale)
    text = shorten(visible(label), 34)
    wide = em_width(text) * SIZE
    anchor, label_x = "start", right + GAP
    if label_x + wide > WIDTH - RIGHT:
        anchor, label_x = "end", left - GAP
    if anchor == "end" and label_x - wide < LABELS:  # across the strip: it stands on the bar
        anchor, label_x = "start", left + GAP
    return PlacedEvent(dated_event, left, right, solid, text, label_x, anchor, visible(full))


def _extent(dated_event: DatedEvent, scale: Scale) -> tuple[float, float, tuple[float, float]]:
    if dated_event.kind in BARS:
        return _bar_extent(dated_event, scale)
    left, right = scale.x(dated_event.earliest), scale.x(dated_event.latest)
    middle = (left + right) / 2
    if right - left < 2 * SOFT:
        left, right = middle - SOFT, middle + SOFT
    return left, right, (middle, middle)


def _bar_extent(dated_event: DatedEvent, scale: Scale) -> tuple[float, float, tuple[float, float]]:
    """The reach of a bar; where an end is not known it fades, after the day asked about."""
    begins, ends = dated_event.begins, dated_event.ends
    edge = WIDTH - RIGHT
    if begins:
        left, solid_left = scale.x(begins[0]), scale.x(begins[1])
    else:
        solid_left = scale.x(ends[0]) if ends else LABELS + FADE
        left = max(LABELS, solid_left - FADE)
    if ends:
        solid_right, right = scale.x(ends[0]), scale.x(ends[1])
    else:
        solid_right = min(max(scale.x(scale.day), solid_left), edge - FADE)
        right = solid_right + FADE
    return left, max(right, left + 2), (solid_left, max(solid_left, solid_right))


def _dots(events: list[DatedEvent], scale: Scale) -> list[PlacedEvent]:
    """Marks of one series; the last and the first are labelled first, then what has room."""
    marks = Lane("", "", [_dot(dated_event, "", scale) for dated_event in events])
    labels = Lane("", "")
    items = []
    for place in (len(events) - 1, *range(len(events) - 1)):
        bare = marks.items[place]
        item = _dot(events[place], shorten(visible(events[place].short), 9), scale)
        others = replace(marks, items=[mark for mark in marks.items if mark is not bare])
        if others.has_room(item, gap=1) and labels.has_room(item):
            labels.items.append(item)
            items.append(item)
        else:
            items.append(bare)
    return items


def _dot(dated_event: DatedEvent, label: str, scale: Scale) -> PlacedEvent:
    middle = round((scale.x(dated_event.earliest) + scale.x(dated_event.latest)) / 2, 2)
    beyond = middle + 6 + em_width(label) * SIZE > WIDTH - RIGHT
    full = visible(f"{dated_event.date}: {dated_event.sentence()}")
    return PlacedEvent(
        dated_event,
        middle - 3,
        middle + 3,
        (middle, middle),
        label,
        middle - 6 if beyond else middle + 6,
        "end" if beyond else "start",
        full,
    )
