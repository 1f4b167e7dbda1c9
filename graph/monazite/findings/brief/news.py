"""What happened in the year before the day of a brief: acts that touch it, and plants.

Of the acts every dated step counts, whatever scope it is through that the act touches the element,
the market or a firm of the chain, and so does an end that its own text had set. Left out are acts
on goods that surely hold no rare earth. Steps of one act on one date are one line. Of plants: what
changed the state of those in the market, and of the last ones at the stage that limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.findings.plants.lives import read_lives
from monazite.findings.plants.states import PLANNED, FacilityEvent
from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.own_ends import OwnEnd, own_ends
from monazite.findings.policies.policies import happened
from monazite.findings.policies.selection import PolicySelection
from monazite.findings.policies.status import read_statuses
from monazite.findings.timeline.dated_events import DatedEvent, order, read_dated_events
from monazite.network.facts import Facts
from monazite.result import Value
from monazite.rows.columns import Schema
from monazite.triples.queries import ask

MAX_PLANTS = 9
"""Events of plants elsewhere at the stage that limits: the last ones."""


@dataclass(frozen=True)
class News(Value):
    """What happened in the year before a day.

    Attributes:
        first: the first day of the year.
        events: what happened, in order; all steps of one act on one date are one.
        now: the status of each act on the day in a word or two, by its name.
        left_out: events of plants elsewhere that are not told.
    """

    first: str
    events: tuple[DatedEvent, ...]
    now: Mapping[str, str]
    left_out: int


def year_before(day: str) -> str:
    """Return the day one year before an ISO day.

    >>> year_before("2026-11-24")
    '2025-11-24'
    """
    return f"{int(day[:4]) - 1:04}{day[4:]}"


def read_news(facts: Facts, schema: Schema, selection: PolicySelection, stage: str) -> News:
    """Read what happened in the year before the day of the facts.

    Args:
        facts: rows about the element.
        schema: the tables.
        selection: the acts that touch the element, the market or the chain.
        stage: the stage that limits.
    """
    day, first = facts.date, year_before(facts.date)
    known, statuses = read_acts(facts.store), read_statuses(facts.store, facts.date)
    acts = known.acts
    told = sorted(selection.touched.keys() - selection.of_other_goods)
    ends = [end for name in told for end in own_ends(acts[name], known, first, day)]
    ended = {end.policy for end in ends}
    touching = [acts[x] for x in told if x in ended or happened(acts[x], first, day)]
    steps = {
        step.row
        for act in touching
        for step in act.steps
        if step.earliest <= day and step.latest >= first
    }
    here, elsewhere = _plants(facts, selection.places, stage, first)
    plants = [event.row for event in (*here, *elsewhere[-MAX_PLANTS:])]
    events, _ = read_dated_events(facts.store, schema, {*steps, *plants})
    events = [*map(_with_words, events), *(_of_end(end, acts[end.policy].title) for end in ends)]
    return News(
        first=first,
        events=tuple(sorted(joined(events), key=order)),
        now={act.title: statuses[act.id].short for act in touching},
        left_out=max(0, len(elsewhere) - MAX_PLANTS),
    )


def _plants(
    facts: Facts, places: frozenset[str], stage: str, first: str
) -> tuple[list[FacilityEvent], list[FacilityEvent]]:
    """What changed the state of plants of the market, and of others at the stage, by time."""
    lives = read_lives(facts.store)
    labels = {facts.country_labels[place] for place in places if place in facts.country_labels}
    names = {line["label"].lower(): line["element"] for line in ask(facts.store, "element-labels")}
    here: list[FacilityEvent] = []
    elsewhere: list[FacilityEvent] = []
    for plant, events in lives.events.items():
        at_stage = any(row["stage"] == stage for row in lives.operations.get(plant, ()))
        of_market = lives.facilities[plant][1] in labels
        for event in events:
            if event.state in ("", PLANNED) or not first <= event.latest:
                continue
            if event.earliest > facts.date or _is_of_others(event, names, facts.members):
                continue
            if of_market:
                here.append(event)
            elif at_stage and event.stage in ("", stage):
                elsewhere.append(event)
    return here, sorted(elsewhere, key=lambda event: (event.earliest, event.latest, event.row))


def _is_of_others(event: FacilityEvent, names: Mapping[str, str], members: frozenset[str]) -> bool:
    """Tell whether an event concerns a part that is named for other elements only."""
    named = {names[word] for word in re.findall(r"[a-z]+", event.part.lower()) if word in names}
    return bool(named) and not named & members


def _of_end(end: OwnEnd, title: str) -> DatedEvent:
    """An end that no step tells, as an event."""
    day = end.date
    return DatedEvent("policy", day, day, day, title, end.what, end.what, end.rows)


def _with_words(event: DatedEvent) -> DatedEvent:
    """Add what was stated to a statement that sets no day."""
    if event.kind != "policy" or event.event != "Stated" or event.until or not event.note:
        return event
    return replace(event, what=f"{event.what}: {event.note.rstrip('.')}")


def joined(events: Iterable[DatedEvent]) -> list[DatedEvent]:
    """Join the steps of one act on one date to one event.

    Args:
        events: dated events; only steps of acts are joined.

    >>> day = "2026-06-22"
    >>> steps = [DatedEvent("policy", day, day, day, "An act", what, what, (what,))
    ...     for what in ("Announced", "Effective")]
    >>> [(each.what, len(each.rows)) for each in joined(steps)]
    [('Announced, effective', 2)]
    """
    found: dict[tuple[str, ...], DatedEvent] = {}
    for each in events:
        own = each.kind == "policy"
        key = (each.subject, each.date) if own else (each.subject, each.date, *each.rows)
        known = found.get(key)
        if known is None:
            found[key] = each
            continue
        what = f"{each.what[0].lower()}{each.what[1:]}"
        sources = dict.fromkeys((*known.sources, *each.sources))
        found[key] = replace(
            known,
            what=known.what if each.what in known.what else f"{known.what}, {what}",
            short=known.short,
            rows=(*known.rows, *each.rows),
            until=known.until or each.until,
            until_earliest=known.until_earliest or each.until_earliest,
            until_latest=known.until_latest or each.until_latest,
            sources=tuple(sources),
        )
    return list(found.values())
