"""Layout of a timeline's picture: one event a row, its mark on an even scale of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monazite.findings.timeline.consequential import Consequence
from monazite.findings.timeline.timeline import Timeline
from monazite.pages.drawing.lettering import drawable, wrap
from monazite.rows.dates import dates_in_words, day_words
from monazite.safe_text import visible

WIDTH, DATES, STRIP, WORDS = 1060.0, 98.0, 400.0, 428.0
"""The whole, and the right ends of the dates and of the scale, and the left end of the words."""
TOP, ROW, LINE, SIZE = 34.0, 30.0, 16.0, 12.5
LINES = 6
"""Lines that an event may take: what rows say fits, and only what nobody would write is cut."""
SOFT = 3.0
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_TICK = 46.0


@dataclass(frozen=True)
class Scale:
    """Maps days to positions in the drawing."""

    first: int
    last: int
    day: str

    def x(self, day: str) -> float:
        """Return the place of an ISO day."""
        part = (date.fromisoformat(day).toordinal() - self.first) / (self.last - self.first)
        return round(DATES + 12 + part * (STRIP - DATES - 12), 2)

    @property
    def years(self) -> list[int]:
        """The years that the axis names."""
        begin, end = date.fromordinal(self.first).year, date.fromordinal(self.last).year
        room = (STRIP - DATES) / _TICK
        step = next((s for s in _STEPS if (end - begin) / s <= room), _STEPS[-1])
        return [year for year in range(begin, end + 1) if year % step == 0]


@dataclass(frozen=True)
class EventRow:
    """An event and where it stands.

    Attributes:
        ends: the places of the first and the last day that its date can mean.
    """

    turn: Consequence
    y: float
    ends: tuple[float, float]
    date: str
    words: tuple[str, ...]

    @property
    def middle(self) -> float:
        """The place of its mark."""
        return round(sum(self.ends) / 2, 2)

    @property
    def is_soft(self) -> bool:
        """Whether its date is only a month or a year, as far as the scale can show it."""
        return self.ends[1] - self.ends[0] > 2 * SOFT


@dataclass(frozen=True)
class TimelineLayout:
    """The picture: its scale, its rows from top to bottom, its height."""

    scale: Scale
    rows: tuple[EventRow, ...]
    height: float


def scale_of(turns: Sequence[Consequence], day: str) -> Scale:
    """Return the scale: from the first year to the end of the last, the day asked about within."""
    days = [day, *(each.event.earliest for each in turns), *(each.event.latest for each in turns)]
    first, last = int(min(days)[:4]), int(max(days)[:4])
    end = date(last + 1, 1, 1) if last < 9999 else date(9999, 12, 31)
    return Scale(date(first, 1, 1).toordinal(), end.toordinal(), day)


def lay_out(timeline: Timeline) -> TimelineLayout:
    """Place the few events of a timeline, one below the other."""
    scale = scale_of(timeline.short, timeline.day)
    rows, y = [], TOP
    for turn in timeline.short:
        event = turn.event
        said = drawable(visible(dates_in_words(event.sentence(timeline.title))))
        said = f"{turn.why}: {said}" if event.kind == "price" else said
        words = wrap(said, WIDTH - WORDS, SIZE, most=LINES)
        ends = (scale.x(event.earliest), scale.x(event.latest))
        rows.append(EventRow(turn, y + 14, ends, day_words(event.date), tuple(words)))
        y += ROW + LINE * (len(words) - 1)
    return TimelineLayout(scale, tuple(rows), y + 6)
