"""The life of a facility: its state, owners, operators and last event on a day, and its plans.

Early, mid and late in the text of a plan are thirds of a year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import reduce
from itertools import product

from monazite.core.formats import NOT_KNOWN
from monazite.core.results import Struct
from monazite.data.dates import date_bounds
from monazite.data.filters import NO, PERHAPS, SURELY, bounds_in, holds
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

OPERATING, PARTLY, SUSPENDED, CLOSED = "operating", "partly operating", "suspended", "closed"
BUILDING, PLANNED, NOT_YET = "under construction", "planned", "not yet"
_RUNS = {OPERATING, SUSPENDED, CLOSED}
BEGINS = frozenset({"opened", "commissioned", "shipped-first-product"})  # of making something
_BEST_FIRST = (OPERATING, PARTLY, SUSPENDED, CLOSED, BUILDING, PLANNED, NOT_YET)


class FacilityEvent(Struct):
    """A dated event of a facility."""

    row: str  #: its row, ``table/key``
    facility: str  #: id of the facility
    event: str  #: the event, as a code of its scheme: closed
    label: str  #: the event in words
    state: str  #: the state after it; empty where the event changes none
    printed: str  #: its date as printed, a year, month or day
    earliest: str  #: the first day that the date can mean
    latest: str  #: the last day that it can mean
    stage: str  #: the stage that it concerns; empty for the whole facility
    part: str  #: the part that it concerns; empty for the whole
    detail: str  #: what the row says beside it
    tier: int  #: of its best source, 1 (primary) to 4 (weak)
    step: str = ""  #: the stage as the row has it, of which several may be one stage of the network


class StageState(Struct):
    """The state of one stage on a day."""

    stage: str  #: the stage; empty for the whole facility
    #: operating, partly operating, suspended, closed, under construction, planned, not yet or not
    #: known
    state: str
    certainty: str
    #: the states that other versions of the dates give, the likeliest first
    others: tuple[str, ...]
    rows: tuple[str, ...]  #: the events that decide it


def state_on(
    stage: str, events: Sequence[FacilityEvent], versions: Sequence[frozenset[str]], day: str
) -> StageState:
    """Return the state of a stage on a day."""
    runs = [event for event in events if event.state in _RUNS and not event.part]
    known = [event for event in events if event.stage in ("", stage)]
    whole = [event for event in runs if event.stage in ("", stage)]
    found: dict[str, set[str]] = {}
    doubts = _doubts(whole, runs, versions, day)
    worse = {event for event, other in doubts.items() if _worth(other) < _worth(event)}
    kept_by = (
        [event for event in whole if event not in worse],
        whole,
        [event for event in whole if event not in doubts],
    )
    for kept in kept_by:
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


def _worth(event: FacilityEvent) -> tuple[int, int]:
    return event.tier, -len(event.printed)


def _doubts(
    events: Iterable[FacilityEvent],
    everything: Iterable[FacilityEvent],
    versions: Sequence[frozenset[str]],
    day: str,
) -> dict[FacilityEvent, FacilityEvent]:
    """Return the events by the day that another row of their conflict puts in doubt, and which."""
    found: dict[FacilityEvent, FacilityEvent] = {}
    by_worth = sorted(everything, key=lambda event: (*_worth(event), event.earliest, event.row))
    here = set(events)
    for event in sorted(here, key=lambda event: event.row):
        for other in by_worth:
            together = any(event.row in group and other.row in group for group in versions)
            if together and event.earliest <= day and _speaks_against(other, event, here, day):
                found.setdefault(event, other)
    return found


def _speaks_against(
    other: FacilityEvent, event: FacilityEvent, here: set[FacilityEvent], day: str
) -> bool:
    """Tell whether a row puts another in doubt: a later date, or a stop of one stage only."""
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


class Holder(Struct):
    """Who owned or ran a facility."""

    id: str  #: id of the firm
    label: str
    percent: float | None  #: its share, 0 to 100; None where it is not known
    certainty: str  #: surely or perhaps, as the dates of the row allow
    row: str
    until: str = ""  #: when it ended, as printed; empty where it has not, or is not known


class FacilityStatus(Struct):
    """A facility on a day."""

    facility: str  #: its id
    label: str
    country: str  #: name of the country that it stands in
    day: str  #: the day
    state: str  #: the state of the whole, by those of its stages
    certainty: str
    others: tuple[str, ...]  #: the states that other versions of the dates give
    stages: tuple[StageState, ...]  #: the state of each stage
    owners: tuple[Holder, ...]  #: who holds it directly
    owners_before: tuple[Holder, ...]  #: the last owners on record, where none is known on the day
    operators: tuple[Holder, ...]  #: who runs it
    #: the last event that surely or perhaps happened, plans left out
    last_event: FacilityEvent | None

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows that the state rests on, those of the other versions included."""
        return tuple(sorted({row for stage in self.stages for row in stage.rows}))


class FacilityStatuses(Struct):
    """What the rows tell of all facilities, read once; ``on`` gives a facility on a day."""

    facilities: Mapping[str, tuple[str, str]]
    events: Mapping[str, tuple[FacilityEvent, ...]]
    versions: tuple[frozenset[str], ...]
    operations: Mapping[str, tuple[QueryRecord, ...]]
    holdings: Mapping[str, tuple[QueryRecord, ...]]
    _found: dict[tuple[str, str], FacilityStatus] = field(
        default_factory=dict, compare=False, repr=False
    )

    def on(self, facility: str, day: str) -> FacilityStatus:
        """Return the life of a facility on a day."""
        if (facility, day) in self._found:
            return self._found[facility, day]
        label, country = self.facilities[facility]
        events = self.events.get(facility, ())
        stages = [state_on(stage, events, self.versions, day) for stage in self._stages(facility)]
        state, certainty, others = state_of_whole(stages)
        stated = [row for row in self.holdings.get(facility, ()) if row["status"] != "announced"]
        owners = _holders(stated, "owner", day)
        past = [row for row in stated if row["untilLatest"] and row["untilLatest"] < day]
        last = max((row["untilLatest"] for row in past), default="")
        before = (_holder(row, "owner", NO) for row in past if row["untilLatest"] == last)
        found = self._found[facility, day] = FacilityStatus(
            facility=facility,
            label=label,
            country=country,
            day=day,
            state=state,
            certainty=certainty,
            others=others,
            stages=tuple(stages),
            owners=owners,
            owners_before=() if owners else tuple(before),
            operators=self._operators(facility, day, owners),
            last_event=_last(events, day),
        )
        return found

    def last_state_change(self, facility: str, day: str) -> FacilityEvent | None:
        """Return the last event by a day that set the state of a facility or of a stage of it."""
        events = self.events.get(facility, ())
        return _last((event for event in events if event.state and not event.part), day)

    def _stages(self, facility: str) -> list[str]:
        """The columns of the network that the facility has a stage in, or the whole."""
        named = [row["stage"] for row in self.operations.get(facility, ())]
        named += [event.stage for event in self.events.get(facility, ())]
        return sorted({stage for stage in named if stage}) or [""]

    def _operators(self, facility: str, day: str, owners: Sequence[Holder]) -> tuple[Holder, ...]:
        """Operators on the day; an undated row counts only while its firm is the owner."""
        held = {owner.id for owner in owners}
        rows = [
            row
            for row in self.operations.get(facility, ())
            if row["operator"] and (row["from"] or row["until"] or row["operator"] in held)
        ]
        surest = sorted(_holders(rows, "operator", day), key=lambda o: o.certainty != SURELY)
        found: dict[str, Holder] = {}
        for operator in surest:
            found.setdefault(operator.id, operator)
        return tuple(found[name] for name in sorted(found))


def read_lives(store: Store) -> FacilityStatuses:
    """Read events, owners and operators of all facilities, once while the store is open."""
    return store.derive("lives of facilities", lambda: _read_lives(store))


def _read_lives(store: Store) -> FacilityStatuses:
    facilities: dict[str, tuple[str, str]] = {}
    operations: dict[str, list[QueryRecord]] = defaultdict(list)
    for row in ask(store, "network-operators"):
        facilities[row["facility"]] = (row["facilityLabel"], row["countryLabel"])
        if row["row"]:
            operations[row["facility"]].append(row)
    events: dict[str, dict[str, FacilityEvent]] = defaultdict(dict)
    for answer in ask(store, "network-lives"):
        event = answer.to(FacilityEvent)
        known = events[event.facility].get(event.row, event)
        events[event.facility][event.row] = replace(event, tier=min(event.tier, known.tier))
    holdings: dict[str, list[QueryRecord]] = defaultdict(list)
    for row in ask(store, "network-holdings"):
        holdings[row["owned"]].append(row)
    named: dict[str, set[str]] = defaultdict(set)
    for answer in ask(store, "network-versions"):
        named[answer["conflict"]].add(answer.row())
    return FacilityStatuses(
        facilities=facilities,
        events={name: tuple(found.values()) for name, found in events.items()},
        versions=tuple(frozenset(rows) for _, rows in sorted(named.items()) if len(rows) > 1),
        operations={name: tuple(rows) for name, rows in operations.items()},
        holdings={name: tuple(rows) for name, rows in holdings.items()},
    )


def _last(events: Iterable[FacilityEvent], day: str) -> FacilityEvent | None:
    past = [event for event in events if event.earliest <= day and event.state != PLANNED]
    return max(past, key=lambda e: (min(e.latest, day), e.earliest, e.row), default=None)


def _holders(rows: Iterable[QueryRecord], who: str, day: str) -> tuple[Holder, ...]:
    found = [
        _holder(row, who, certainty)
        for row in rows
        for certainty in [holds(bounds_in(row, "from"), bounds_in(row, "until"), day)]
        if certainty != NO
    ]
    return tuple(sorted(found, key=lambda holder: (-(holder.percent or 0), holder.id, holder.row)))


def _holder(row: QueryRecord, who: str, certainty: str) -> Holder:
    percent = row.get("percent", "")
    known = float(percent) if percent else None
    own = {"id": row[who], "label": row[f"{who}Label"], "percent": known, "certainty": certainty}
    return row.to(Holder, **own)


_PRECISIONS = [
    *("site", "precision", "station-or-street", "likely", "town", "district", "approximate")
]


def best_points(store: Store) -> dict[str, QueryRecord]:
    """Return the most exact point of each facility that has one."""

    def exactness(answer: QueryRecord) -> tuple[int, int, str]:
        named = answer["precision"]
        decimals = min(len(answer[each].partition(".")[2]) for each in ("lat", "lon"))
        place = _PRECISIONS.index(named) if named in _PRECISIONS else len(_PRECISIONS)
        return place, -decimals, answer["row"]

    points: dict[str, QueryRecord] = {}
    for answer in sorted(ask(store, "network-coordinates"), key=exactness):
        points.setdefault(answer["facility"], answer)
    return points


TO_COME, MET, OVERTAKEN, PASSED = "to come", "met", "overtaken", "passed"
"""What became of a plan: passed is one after whose time no record of the plant tells anything."""
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_PARTS = {
    "early": (1, 4), "mid": (5, 8), "late": (9, 12), "end": (10, 12), "end of": (10, 12),
    "first half": (1, 6), "second half": (7, 12), "h1": (1, 6), "h2": (7, 12),
    "first quarter": (1, 3), "second quarter": (4, 6), "third quarter": (7, 9),
    "fourth quarter": (10, 12), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12),
    **{name: (number, number) for number, name in enumerate(_MONTHS, start=1)},
}  # fmt: skip
_PHRASE = re.compile(
    rf"\b({'|'.join(sorted(_PARTS, key=len, reverse=True))})(?:-| of | )([12]\d{{3}})\b",
    re.IGNORECASE,
)


class PartOfYear(Struct):
    """A part of a year that a text names."""

    words: str  # as the text has it: first half of 2026
    first: str
    last: str


def parts_of_year(text: str, year: str) -> tuple[PartOfYear, ...]:
    """Return the parts of a year that a text names, in the order of the text."""
    found = []
    for phrase in _PHRASE.finditer(text):
        first, last = _PARTS[phrase[1].lower()]
        if phrase[2] == year:
            begin, end = date_bounds(f"{year}-{first:02}")[0], date_bounds(f"{year}-{last:02}")[1]
            found.append(PartOfYear(phrase[0], begin, end))
    return tuple(found)


def target_days(printed: str, text: str) -> tuple[str, str]:
    """Return the first and last day that a plan's date can mean, by what its text says of it."""
    parts = parts_of_year(text, printed)
    if not parts:
        return date_bounds(printed)
    return min(each.first for each in parts), max(each.last for each in parts)


def came_of(plan: FacilityEvent, events: Iterable[FacilityEvent], day: str) -> str:
    """Tell what became of a plan by a day."""
    first, last = target_days(plan.printed, plan.detail)
    since = [x for x in events if x.row != plan.row and x.earliest <= day and x.latest >= first]
    for each in (x for x in since if x.event in BEGINS and x.earliest >= first):
        stages, parts = {each.stage, plan.stage} - {""}, {each.part, plan.part} - {""}
        if len(stages) < 2 and len(parts) < 2:  # it may be of the same stage and part
            return MET
    if last > day:
        return TO_COME
    told = [x for x in since if x.state != PLANNED or x.earliest >= first]
    return OVERTAKEN if told else PASSED
