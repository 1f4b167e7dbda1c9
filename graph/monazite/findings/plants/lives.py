"""The life of a facility: its state, owners, operators and last event on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monazite.findings.partial_dates import bounds_in, holds
from monazite.findings.plants.states import (
    PLANNED,
    FacilityEvent,
    StageState,
    state_of_whole,
    state_on,
)
from monazite.rows.filters import NO, SURELY
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store


@dataclass(frozen=True)
class Holder:
    """Who owned or ran a facility.

    Attributes:
        id: id of the firm.
        label: its name.
        percent: its share, 0 to 100; None where it is not known.
        certainty: surely or perhaps, as the dates of the row allow.
        row: the row that says so.
        until: when it ended, as printed; empty where it has not, or is not known.
    """

    id: str
    label: str
    percent: float | None
    certainty: str
    row: str
    until: str = ""


@dataclass(frozen=True)
class Life:
    """A facility on a day.

    Attributes:
        facility: its id.
        label: its name.
        country: name of the country that it stands in.
        day: the day.
        state: the state of the whole, by those of its stages.
        certainty: surely or perhaps.
        others: the states that other versions of the dates give.
        stages: the state of each stage.
        owners: who holds it directly.
        owners_before: the last owners on record, where none is known on the day.
        operators: who runs it.
        last_event: the last event that surely or perhaps happened, plans left out.
    """

    facility: str
    label: str
    country: str
    day: str
    state: str
    certainty: str
    others: tuple[str, ...]
    stages: tuple[StageState, ...]
    owners: tuple[Holder, ...]
    owners_before: tuple[Holder, ...]
    operators: tuple[Holder, ...]
    last_event: FacilityEvent | None

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows that the state rests on, those of the other versions included."""
        return tuple(sorted({row for stage in self.stages for row in stage.rows}))


@dataclass(frozen=True)
class Lives:
    """What the rows tell of all facilities, read once; ``on`` gives a facility on a day."""

    facilities: Mapping[str, tuple[str, str]]
    events: Mapping[str, tuple[FacilityEvent, ...]]
    versions: tuple[frozenset[str], ...]
    operations: Mapping[str, tuple[QueryRecord, ...]]
    holdings: Mapping[str, tuple[QueryRecord, ...]]
    _told: dict[tuple[str, str], Life] = field(default_factory=dict, compare=False, repr=False)

    def on(self, facility: str, day: str) -> Life:
        """Return the life of a facility on a day.

        >>> from monazite.triples.opening import open_store
        >>> life = read_lives(open_store()).on("mountain-pass", "2019-06-30")
        >>> life.state, life.certainty, [owner.label for owner in life.owners]
        ('partly operating', 'surely', ['MP Materials Corp.'])
        """
        told = self._told.get((facility, day))
        if told is None:
            told = self._told[facility, day] = self._life(facility, day)
        return told

    def _life(self, facility: str, day: str) -> Life:
        label, country = self.facilities[facility]
        events = self.events.get(facility, ())
        stages = tuple(
            state_on(stage, events, self.versions, day) for stage in self._stages(facility)
        )
        state, certainty, others = state_of_whole(stages)
        owners, before = self._owners(facility, day)
        return Life(
            facility=facility,
            label=label,
            country=country,
            day=day,
            state=state,
            certainty=certainty,
            others=others,
            stages=stages,
            owners=owners,
            owners_before=before,
            operators=self._operators(facility, day, owners),
            last_event=_last(events, day),
        )

    def last_state_change(self, facility: str, day: str) -> FacilityEvent | None:
        """Return the last event by a day that set the state of a facility or of one of its stages."""
        events = self.events.get(facility, ())
        return _last((event for event in events if event.state and not event.part), day)

    def _stages(self, facility: str) -> list[str]:
        """The columns of the network that the facility has a stage in, or the whole."""
        named = [row["stage"] for row in self.operations.get(facility, ())]
        named += [event.stage for event in self.events.get(facility, ())]
        return sorted({stage for stage in named if stage}) or [""]

    def _owners(self, facility: str, day: str) -> tuple[tuple[Holder, ...], tuple[Holder, ...]]:
        stated = [row for row in self.holdings.get(facility, ()) if row["status"] != "announced"]
        owners = _holders(stated, "owner", day)
        past = [row for row in stated if row["untilLatest"] and row["untilLatest"] < day]
        last = max((row["untilLatest"] for row in past), default="")
        before = [_holder(row, "owner", NO) for row in past if row["untilLatest"] == last]
        return owners, () if owners else tuple(before)

    def _operators(self, facility: str, day: str, owners: Sequence[Holder]) -> tuple[Holder, ...]:
        """Operators on the day; an undated row counts only while its firm is the owner.

        Such a row tells who runs the facility at the release of the tables, and nothing before.
        """
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


def read_lives(store: Store) -> Lives:
    """Read events, owners and operators of all facilities, once while the store is open."""
    return store.derive("lives of facilities", lambda: _read_lives(store))


def _read_lives(store: Store) -> Lives:
    facilities: dict[str, tuple[str, str]] = {}
    operations: dict[str, list[QueryRecord]] = defaultdict(list)
    for row in ask(store, "network-operators"):
        facilities[row["facility"]] = (row["facilityLabel"], row["countryLabel"])
        if row["row"]:
            operations[row["facility"]].append(row)
    events: dict[str, dict[str, FacilityEvent]] = defaultdict(dict)
    for answer in ask(store, "network-lives"):
        event = _event(answer)
        known = events[event.facility].get(event.row, event)
        events[event.facility][event.row] = replace(event, tier=min(event.tier, known.tier))
    holdings: dict[str, list[QueryRecord]] = defaultdict(list)
    for row in ask(store, "network-holdings"):
        holdings[row["owned"]].append(row)
    named: dict[str, set[str]] = defaultdict(set)
    for answer in ask(store, "network-versions"):
        named[answer["conflict"]].add(answer.row())
    return Lives(
        facilities=facilities,
        events={name: tuple(found.values()) for name, found in events.items()},
        versions=tuple(frozenset(rows) for _, rows in sorted(named.items()) if len(rows) > 1),
        operations={name: tuple(rows) for name, rows in operations.items()},
        holdings={name: tuple(rows) for name, rows in holdings.items()},
    )


def _event(answer: QueryRecord) -> FacilityEvent:
    return FacilityEvent(
        row=answer.row(),
        facility=answer["facility"],
        event=answer["event"],
        label=answer["label"],
        state=answer["state"],
        printed=answer["printed"],
        earliest=answer["earliest"],
        latest=answer["latest"],
        stage=answer["stage"],
        part=answer["part"],
        detail=answer["detail"],
        tier=answer.integer("tier"),
        step=answer["step"],
    )


def _last(events: Iterable[FacilityEvent], day: str) -> FacilityEvent | None:
    """Return the last event by a day, plans left out."""
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
    return Holder(
        id=row[who],
        label=row[f"{who}Label"],
        percent=float(percent) if percent else None,
        certainty=certainty,
        row=row.row(),
        until=row["until"],
    )
