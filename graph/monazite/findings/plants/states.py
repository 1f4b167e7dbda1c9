"""The state of a facility or stage on a day, from its events.

The state of a stage is the one in which its last event left it; which event leaves what state
is in the scheme of the events (``mz:stateAfter``). Three things make it a *perhaps*: a date that
is only a year or month may fall before or after the day or another event; a recorded conflict
may date the same kind of event later, so that the earlier row may be wrong until then; and an
event that concerns only a part leaves the rest as it was. Of two versions, the one with the
better source comes first, then the more exact date. *Surely* speaks of the rows: what no row
tells, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

from monazite.rows.filters import PERHAPS, SURELY
from monazite.safe_text import NOT_KNOWN

OPERATING, PARTLY, SUSPENDED, CLOSED = "operating", "partly operating", "suspended", "closed"
BUILDING, PLANNED, NOT_YET = "under construction", "planned", "not yet"
_RUNS = {OPERATING, SUSPENDED, CLOSED}
BEGINS = frozenset({"opened", "commissioned", "shipped-first-product"})
"""Events with which a plant begins to make something."""
_BEST_FIRST = (OPERATING, PARTLY, SUSPENDED, CLOSED, BUILDING, PLANNED, NOT_YET)


@dataclass(frozen=True)
class FacilityEvent:
    """A dated event of a facility.

    Attributes:
        row: its row, ``table/key``.
        facility: id of the facility.
        event: the event, as a code of its scheme: closed.
        label: the event in words.
        state: the state after it; empty where the event changes none.
        printed: its date as printed, a year, month or day.
        earliest: the first day that the date can mean.
        latest: the last day that it can mean.
        stage: the stage that it concerns; empty for the whole facility.
        part: the part that it concerns; empty for the whole.
        detail: what the row says beside it.
        tier: of its best source, 1 (primary) to 4 (weak).
        step: the stage as the row has it, of which several may be one stage of the network.
    """

    row: str
    facility: str
    event: str
    label: str
    state: str
    printed: str
    earliest: str
    latest: str
    stage: str
    part: str
    detail: str
    tier: int
    step: str = ""


@dataclass(frozen=True)
class StageState:
    """The state of one stage on a day.

    Attributes:
        stage: the stage; empty for the whole facility.
        state: operating, partly operating, suspended, closed, under construction, planned, not
            yet or not known.
        certainty: surely or perhaps.
        others: the states that other versions of the dates give, the likeliest first.
        rows: the events that decide it.
    """

    stage: str
    state: str
    certainty: str
    others: tuple[str, ...]
    rows: tuple[str, ...]


def state_on(
    stage: str,
    events: Sequence[FacilityEvent],
    versions: Sequence[frozenset[str]],
    day: str,
) -> StageState:
    """Return the state of a stage on a day.

    >>> shut = FacilityEvent("a", "f", "closed", "Closed", "closed", "1994", "1994-01-01",
    ...     "1994-12-31", "", "", "", 3)
    >>> [state_on("", [shut], [], day).certainty for day in ("1994-06-30", "1995-01-01")]
    ['perhaps', 'surely']
    """
    runs = [event for event in events if event.state in _RUNS and not event.part]
    known = [event for event in events if event.stage in ("", stage)]
    whole = [event for event in runs if event.stage in ("", stage)]
    found: dict[str, set[str]] = {}
    doubts = _doubts(whole, runs, versions, day)
    for kept in _scenarios(whole, doubts):
        last = _possible_last(kept, day)
        if not any(event.latest <= day for event in kept):
            last = [*last, _before(known, kept, day)]
        for state, rows in last:
            found.setdefault(state, set()).update(rows)
    first, *others = found
    rows = {row for told in found.values() for row in told}
    if others:
        rows |= {other.row for other in doubts.values()}
    certainty = PERHAPS if others or first == PARTLY else SURELY
    return StageState(
        stage=stage,
        state=first,
        certainty=NOT_KNOWN if found.keys() == {NOT_KNOWN} else certainty,
        others=tuple(others),
        rows=tuple(sorted(rows)),
    )


def _scenarios(
    events: list[FacilityEvent], doubts: Mapping[FacilityEvent, FacilityEvent]
) -> list[list[FacilityEvent]]:
    """Return the events without those that a better row doubts, with all, and with no doubt."""
    worse = {event for event, other in doubts.items() if _worth(other) < _worth(event)}
    return [
        [event for event in events if event not in worse],
        events,
        [event for event in events if event not in doubts],
    ]


def _worth(event: FacilityEvent) -> tuple[int, int]:
    """The better source first, then the more exact date."""
    return event.tier, -len(event.printed)


def _doubts(
    events: Iterable[FacilityEvent],
    everything: Iterable[FacilityEvent],
    versions: Iterable[frozenset[str]],
    day: str,
) -> dict[FacilityEvent, FacilityEvent]:
    """Return the events by the day that another row of their conflict puts in doubt, and which."""
    found: dict[FacilityEvent, FacilityEvent] = {}
    groups = list(versions)
    by_worth = sorted(everything, key=lambda event: (*_worth(event), event.earliest, event.row))
    here = set(events)
    for event in sorted(here, key=lambda event: event.row):
        for other in by_worth:
            together = any(event.row in group and other.row in group for group in groups)
            if together and event.earliest <= day and _speaks_against(other, event, here, day):
                found.setdefault(event, other)
    return found


def _speaks_against(
    other: FacilityEvent, event: FacilityEvent, here: set[FacilityEvent], day: str
) -> bool:
    """Tell whether one row of a conflict puts another in doubt.

    The same kind of event that is dated after the day does. A stop of one stage speaks against an
    earlier stop of the whole: of its own stage until then, of the other stages altogether.
    """
    if other.earliest <= event.latest:
        return False
    after = other.earliest > day
    part_stop = bool(other.stage) and not event.stage
    if part_stop and {event.state, other.state} <= {SUSPENDED, CLOSED}:
        return after or other not in here
    return after and other in here and event.event == other.event


def _possible_last(events: list[FacilityEvent], day: str) -> list[tuple[str, set[str]]]:
    """Return the states that the last event by the day may have left, the likeliest first."""
    past = [event for event in events if event.earliest <= day]
    sure = [event for event in past if event.latest <= day]
    last = [
        event
        for event in past
        if all(other.earliest <= min(event.latest, day) for other in sure if other is not event)
    ]
    last.sort(key=lambda event: (min(event.latest, day), event.earliest, event.row), reverse=True)
    found: dict[str, set[str]] = {}
    for event in last:
        found.setdefault(event.state, set()).add(event.row)
    return list(found.items())


def _before(
    events: list[FacilityEvent], whole: list[FacilityEvent], day: str
) -> tuple[str, set[str]]:
    """Return the state before the first event of the whole."""
    parts = [event for event in events if event.part and event.state in _RUNS]
    last_part = _possible_last(parts, day)
    if last_part and last_part[0][0] == OPERATING:
        return PARTLY, last_part[0][1]
    for state in (BUILDING, PLANNED):
        rows = {e.row for e in events if e.state == state and e.earliest <= day}
        if rows:
            return state, rows
    first = min(whole, key=lambda event: (event.earliest, event.row), default=None)
    if first is not None and first.event in BEGINS and first.latest > day:
        return NOT_YET, {first.row}
    waiting = {event.row for event in events if event.earliest > day and event.state}
    if whole or not waiting:
        return NOT_KNOWN, set()
    return NOT_YET, waiting


def state_of_whole(stages: Sequence[StageState]) -> tuple[str, str, tuple[str, ...]]:
    """Combine the states of a facility's stages into one."""
    choices = [(stage.state, *stage.others) for stage in stages]
    states = list(dict.fromkeys(reduce(_join, choice) for choice in product(*choices)))
    if states == [NOT_KNOWN]:
        return NOT_KNOWN, NOT_KNOWN, ()
    sure = len(states) == 1 and states[0] != NOT_KNOWN
    sure = sure and not any(s.certainty == PERHAPS and s.state == PARTLY for s in stages)
    return states[0], SURELY if sure else PERHAPS, tuple(states[1:])


def _join(one: str, other: str) -> str:
    """Return the state of two stages together: what is not known says nothing of the rest."""
    if one == other or NOT_KNOWN in (one, other):
        return one if other == NOT_KNOWN else other
    if {one, other} & {OPERATING, PARTLY}:
        return PARTLY
    return min(one, other, key=_BEST_FIRST.index)
