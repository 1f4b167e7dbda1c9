"""The months of a scenario across a picture: the one time axis that all its parts share."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from monazite.rows.dates import day_words

WIDE, NARROW = 1060.0, 362.0
"""The width of a picture on a screen or on paper, and on a phone."""
_GUTTERS = {True: 214.0, False: 58.0}
RIGHT = 12.0
_STEPS = (1, 2, 3, 6, 12, 24, 60)
_TICK = 58.0
_NUMBERED = 20.0
"""How wide a month is at least whose cell holds its number."""


@dataclass(frozen=True)
class Calendar:
    """Maps months and days to places in a picture."""

    months: tuple[str, ...]
    width: float = WIDE

    @property
    def wide(self) -> bool:
        """Whether there is room for words beside the plots; else they stand above."""
        return self.width > NARROW * 2

    @property
    def gutter(self) -> float:
        """Where the first month begins."""
        return _GUTTERS[self.wide]

    @property
    def end(self) -> float:
        """Where the last month ends."""
        return self.width - RIGHT

    @property
    def slot(self) -> float:
        """How wide a month is."""
        return (self.end - self.gutter) / max(1, len(self.months))

    @property
    def numbered(self) -> bool:
        """Whether a month has room for a number."""
        return self.slot >= _NUMBERED

    def left(self, place: int) -> float:
        """Return where a month begins."""
        return round(self.gutter + place * self.slot, 2)

    def middle(self, place: int) -> float:
        """Return the middle of a month."""
        return round(self.gutter + (place + 0.5) * self.slot, 2)

    def day(self, day: str, *, end: bool = False) -> float:
        """Return where a day begins or ends; what lies outside is at the edge.

        >>> calendar = Calendar(("2025-04", "2025-05"), 1060.0)
        >>> calendar.day("2025-05-01") == calendar.left(1), calendar.day("2030-01-01")
        (True, 1048.0)
        """
        first, asked = date.fromisoformat(f"{self.months[0]}-01"), date.fromisoformat(day)
        place = (asked.year - first.year) * 12 + asked.month - first.month
        part = (asked.day - (0 if end else 1)) / monthrange(asked.year, asked.month)[1]
        x = self.gutter + (place + part) * self.slot
        return round(min(self.end, max(self.gutter, x)), 2)

    @property
    def ticks(self) -> list[tuple[int, str]]:
        """The months that the axis names, by their place; January and the first say the year.

        >>> Calendar(("2025-11", "2025-12", "2026-01"), 1060.0).ticks
        [(0, 'Nov 2025'), (1, 'Dec'), (2, 'Jan 2026')]
        """
        step = next((each for each in _STEPS if each * self.slot >= _TICK), _STEPS[-1])
        found: list[tuple[int, str]] = []
        for place, month in enumerate(self.months):
            year, number = int(month[:4]), int(month[5:7])
            near = bool(found) and place - found[-1][0] < step
            if place and ((year * 12 + number - 1) % step or near):
                continue
            words = day_words(month)
            found.append((place, words if number == 1 or not found else words.split()[0]))
        return found
