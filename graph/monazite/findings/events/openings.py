"""When what is being built at a site opens, seen from the day of a view, or why it does not count.

A stage of a site counts if it is being built on the day, or has opened between the end of the base
year and the day: the base year does not hold it. What is being built must open within
``YEARS_AHEAD`` years of the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monazite.errors import NotKnownError
from monazite.findings.plants.lives import Lives
from monazite.findings.plants.states import (
    BEGINS,
    BUILDING,
    CLOSED,
    OPERATING,
    PARTLY,
    PLANNED,
    SUSPENDED,
    FacilityEvent,
    state_on,
)

YEARS_AHEAD = 3


@dataclass(frozen=True)
class Opening:
    """When a stage of a site opens.

    Attributes:
        printed: when it opened or is to open, as printed.
    """

    printed: str
    ran: bool
    rows: tuple[str, ...]


def last_day(date: str) -> str:
    """Return the last day on which what is being built may open.

    >>> last_day("2024-02-29")
    '2027-02-29'
    """
    return f"{int(date[:4]) + YEARS_AHEAD}{date[4:]}"


def opening_of(lives: Lives, facility: str, stage: str, year: int, date: str) -> Opening | None:
    """Return when a stage of a site opens that the base year does not hold.

    >>> from monazite.findings.plants.lives import read_lives
    >>> from monazite.triples.opening import open_store
    >>> lives = read_lives(open_store())
    >>> opening_of(lives, "caremag-lacq", "separation", 2024, "2026-11-24").printed
    '2026'
    >>> opening_of(lives, "mp-10x", "magnet", 2024, "2026-11-24")
    Traceback (most recent call last):
    monazite.errors.NotKnownError: We found no date at which ...
    """
    end = f"{year}-12-31"
    events = lives.events.get(facility, ())
    own = [each for each in events if each.stage in ("", stage) and not each.part]
    before, now = (state_on(stage, events, lives.versions, day).state for day in (end, date))
    built = [each for each in own if each.state == BUILDING and each.earliest <= date]
    ran = before in (OPERATING, PARTLY)
    building = any(_extends(own, day) for day in (end, date)) if ran else bool(built)
    opened = min(
        (x for x in own if x.event in BEGINS and end < x.earliest <= date), key=_when, default=None
    )
    if not building and opened is None:
        _check_begun(own, date)
        return None
    if stopped := {before, now} & {SUSPENDED, CLOSED}:
        if _extends(own, date):
            raise NotKnownError(
                f"What was being built is left out: the plant is {' and '.join(sorted(stopped))}."
            )
        return None
    opens = opened or _planned(own, date)
    if opens.earliest > last_day(date):
        raise NotKnownError(
            f"It is to open more than {YEARS_AHEAD} years after {date} ({opens.printed}); "
            "it is left out."
        )
    return Opening(opens.printed, ran, tuple(sorted({opens.row, *(each.row for each in built)})))


def _check_begun(own: Iterable[FacilityEvent], date: str) -> None:
    """Building that begins after the day is known and does not count."""
    later = min(
        (x for x in own if x.state == BUILDING and x.earliest > date), key=_when, default=None
    )
    if later is not None:
        raise NotKnownError(
            f"Building began only after {date}, the day asked about ({later.printed}): "
            "it is left out."
        )


def _planned(own: Sequence[FacilityEvent], date: str) -> FacilityEvent:
    """The day of a plan may be that of its announcement: the last one is when it is to open."""
    plans = [each for each in own if each.state == PLANNED and each.latest > date]
    if not plans:
        raise NotKnownError(
            "We found no date at which what is being built is to open: it is left out."
        )
    return max(plans, key=lambda each: (each.latest, each.earliest, each.row))


def _when(event: FacilityEvent) -> tuple[str, str, str]:
    return event.earliest, event.latest, event.row


def _extends(events: Iterable[FacilityEvent], day: str) -> bool:
    """Whether a site was being built or extended: built since it last opened something."""
    past = [each for each in events if each.latest <= day]
    built = max((each.earliest for each in past if each.state == BUILDING), default="")
    return built > max((each.latest for each in past if each.event in BEGINS), default="")
