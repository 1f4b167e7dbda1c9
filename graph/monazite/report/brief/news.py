"""What changed in the ninety days before the day of a brief, and what is due after it.

A bare year counts as changed within the days only if no source told it before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter

from monazite.analysis.policies.acts import NEVER_ENDS, Act, Acts, Step, read_acts
from monazite.analysis.policies.policies import (
    BORDER_KINDS,
    CHAIN,
    ELEMENT,
    MARKET,
    PolicySelection,
    chain_of,
    happened,
)
from monazite.analysis.policies.status import own_ends, read_statuses
from monazite.analysis.timeline.dated_events import BEGIN, END, DatedEvent, order, read_dated_events
from monazite.core.errors import BadDateError
from monazite.core.results import Value
from monazite.data.columns import Schema
from monazite.data.dates import date_bounds, dates_in_words
from monazite.model.facilities import status
from monazite.model.network.facts import Facts
from monazite.model.wording import listed
from monazite.store.queries import QueryRecord, ask


class Days(Value):
    """Some days, the first and the last among them; either is an ISO day."""

    first: str
    last: str

    def meet(self, earliest: str, latest: str) -> bool:
        """Whether a date that can mean these days may lie within."""
        return bool(earliest) and earliest <= self.last and latest >= self.first


class PlantRows(Value):
    """Rows of events of plants in the market and elsewhere, and plans past whose end is unknown."""

    here: tuple[str, ...]
    elsewhere: tuple[str, ...]
    passed: tuple[str, ...] = ()


def plants_within(
    facts: Facts,
    days: Days,
    places: frozenset[str],
    stage: str,
    sites: frozenset[str],
    *,
    plans: bool = False,
) -> PlantRows:
    """Return the events of plants within some days."""
    lives = status.read_lives(facts.store)
    labels = {facts.country_labels[place] for place in places if place in facts.country_labels}
    names = {line["label"].lower(): line["element"] for line in ask(facts.store, "element-labels")}
    here: list[status.FacilityEvent] = []
    elsewhere: list[status.FacilityEvent] = []
    passed: list[status.FacilityEvent] = []
    for plant, events in lives.events.items():
        at_stage = any(row["stage"] == stage for row in lives.operations.get(plant, ()))
        of_market = lives.facilities[plant][1] in labels
        for event in events:
            words = re.findall(r"[a-z]+", event.part.lower())
            elements = {names[word] for word in words if word in names}
            # a plan or, if it is due later, none
            planned = event.state == status.PLANNED
            asked = planned if plans else not planned or event.latest <= days.last
            if not (asked and days.meet(event.earliest, event.latest)):
                continue
            if elements and not elements & facts.members:
                continue
            if not of_market and not (at_stage and plant in sites and event.stage in ("", stage)):
                continue
            came = status.came_of(event, events, facts.date) if plans else status.TO_COME
            if came == status.PASSED:
                passed.append(event)
            elif came == status.TO_COME:
                (here if of_market else elsewhere).append(event)
    return PlantRows(
        tuple(event.row for event in here),
        tuple(event.row for event in sorted(elsewhere, key=_by_time)),
        tuple(event.row for event in sorted(passed, key=_by_time)),
    )


def firms_within(facts: Facts, days: Days, *, named: bool = False) -> tuple[str, ...]:
    """Return rows of holdings and supplies of the chain that begin or end within the days."""
    chain = {name for _, name in chain_of(facts.store)}
    holdings = ask(facts.store, "network-holdings")
    held = _dated(holdings, days, ("owner", "owned"), chain)
    supplies = ask(facts.store, "supply-dates")
    asked = facts.members if named else facts.members | {""}
    goods = [each for each in supplies if each["element"] in asked]
    return tuple(dict.fromkeys((*held, *_dated(goods, days, ("supplier", "customer"), chain))))


def _dated(
    lines: Iterable[QueryRecord], days: Days, ends: tuple[str, str], chain: set[str]
) -> Iterator[str]:
    for line in lines:
        dates = [(line[f"{end}Earliest"], line[f"{end}Latest"]) for end in ("from", "until")]
        if {line[end] for end in ends} & chain and any(days.meet(*date) for date in dates):
            yield line.row()


_by_time = attrgetter("earliest", "latest", "row")


BOTH, OF_ELEMENT, OTHER = 3, 2, 1  # The element with the market or the chain; the element; another
_CLAUSE = re.compile(r"\bclause (\d+)\b", re.IGNORECASE)


def weights_of(
    selection: PolicySelection, acts: Acts, policies: Iterable[str]
) -> Mapping[str, int]:
    """Return how much acts touch, by their names, and by their rows steps that touch less."""
    details = {row.row: row.detail for act in acts.acts.values() for row in act.reach}
    links = {link.row: link for link in acts.links}
    found: dict[str, int] = {}
    for policy in policies:
        act, rows = acts.acts[policy], selection.rows(policy, ELEMENT)
        what = {touch.what for touch in selection.touched[policy]}
        weight = OTHER if ELEMENT not in what else BOTH if what & {MARKET, CHAIN} else OF_ELEMENT
        moved = {links[row].other: links[row].note for row in rows if row in links}
        if moved and all(
            _of_others(note, selection.rows(other, ELEMENT), details)
            for other, note in moved.items()
        ):
            weight = OTHER
        found[act.title] = weight
        for step in act.steps:
            if weight > OTHER and _of_others(step.part, rows, details):
                found[step.row] = OTHER
    return found


def _of_others(text: str, rows: Iterable[str], details: Mapping[str, str]) -> bool:
    """Whether a text names clauses, and each row by which an act touches the element others."""
    named = {*_CLAUSE.findall(text)}
    held = [{*_CLAUSE.findall(details.get(row, ""))} for row in rows]
    return bool(named and held) and all(each and not each & named for each in held)


DAYS = 90  # Of what changed before the day of a brief
_YEAR = 4  # Letters of a date that is only a year
MAX_PLANTS = 9  # Events of plants elsewhere: the last ones, and the next
_DUE = {"suspended": "Suspension ends by its own text", "stated": "Last day, as it was stated"}
_LAST_DAY = "Last day by its own text"
ALSO = ", also of "  # What comes before the rules whose suspension is said to end with an extension
_ASIDE = re.compile(r" \((?:outcome|report date)\b[^()]*\)|; no [\w ]+ was (?:read|found|seen)")
_NOT_STATED = re.compile(r", (?:type|form|grade|mineral) not stated(?: or mixed)?")
_PLANNED = re.compile(r"^Planned(?:, [^:]*)?: ")


class News(Value):
    """What changed before a day, and what is due after it."""

    first: str  #: the first day of what changed
    #: what changed, in order; all steps of one act on one date are one
    events: tuple[DatedEvent, ...]
    due: tuple[DatedEvent, ...]  #: what is to come after the day, the same way
    now: Mapping[str, str]  #: the status of each act on the day in a word or two, by its name
    reasons: Mapping[str, str]  #: why, as the end of a sentence, by its name
    #: how much of the question an act touches, by its name, and a step that touches less than its
    #: act, by its row: 3 the element and the market or the chain, 2 the element, 1 another
    weights: Mapping[str, int]
    left_out: int  #: events of plants elsewhere that are not told
    #: plans of plants whose time is over, and of which no record tells what came
    passed: tuple[DatedEvent, ...] = ()


def days_before(day: str, count: int = DAYS) -> str:
    """Return the day some days before an ISO day."""
    return (date.fromisoformat(day) - timedelta(days=count)).isoformat()


def read_news(
    facts: Facts,
    schema: Schema,
    selection: PolicySelection,
    stage: str,
    sites: frozenset[str],
    *,
    named: bool = False,
) -> News:
    """Read what changed in the ninety days before the day of the facts, and what is due."""
    day, first = facts.date, days_before(facts.date)
    known, statuses = read_acts(facts.store), read_statuses(facts.store, facts.date)
    acts = known.acts
    told = sorted(selection.touched.keys() - selection.of_other_goods)
    past, coming = Days(first, day), Days(days_before(day, -1), NEVER_ENDS)
    ends = [end for name in told for end in own_ends(acts[name], known, first, day)]
    ended = {end.policy for end in ends}
    touching = [acts[x] for x in told if x in ended or happened(acts[x], first, day)]
    steps = {
        step.row for act in touching for step in act.steps if past.meet(step.earliest, step.latest)
    }
    plants = plants_within(facts, past, selection.places, stage, sites)
    firms = firms_within(facts, past, named=named)
    last = plants.elsewhere[-MAX_PLANTS:]
    events = _read(facts, schema, past, (*steps, *plants.here, *last, *firms))
    events = [each for each in events if len(each.date) > _YEAR or known_by(each) >= first]
    for end in ends:
        act, dates, what = acts[end.policy], (end.date,) * 3, (end.what,) * 2
        events.append(DatedEvent("policy", *dates, act.title, *what, end.rows, act=act.kind))
    due, to_come = _due(coming, [acts[name] for name in told], known)
    plans = plants_within(facts, coming, selection.places, stage, sites, plans=True)
    soon = plans.elsewhere[:MAX_PLANTS]
    planned = _read(facts, schema, coming, (*due, *plans.here, *soon))
    later = _read(facts, schema, coming, firms_within(facts, coming, named=named))
    planned += [each for each in later if each.earliest > day]
    by_end = attrgetter("latest", "earliest", "rows")  # a year ends after its months
    left = len(plants.elsewhere) + len(plans.elsewhere) - 2 * MAX_PLANTS
    return News(
        first=first,
        events=tuple(sorted(joined(events), key=order)),
        due=tuple(sorted(joined([*planned, *to_come]), key=by_end)),
        now={acts[name].title: statuses[name].short for name in told},
        reasons={acts[name].title: dates_in_words(statuses[name].reason) for name in told},
        weights=weights_of(selection, known, told),
        left_out=max(0, left),
        passed=tuple(_read(facts, schema, Days("", NEVER_ENDS), plans.passed)),
    )


def known_by(event: DatedEvent) -> str:
    """Return the last day by which a source had told what happened; no day where none is dated."""
    told = []
    for source in event.sources:
        with suppress(BadDateError):  # a source may print whatever it likes
            told.append(date_bounds(source.published)[1])
    return min(told, default=NEVER_ENDS)


def weight_of(event: DatedEvent, weights: Mapping[str, int]) -> int:
    """Return how much of the question an event touches; what is no act touches its element."""
    return weights.get(event.rows[0], weights.get(event.subject, OF_ELEMENT))


def _read(facts: Facts, schema: Schema, days: Days, rows: Iterable[str]) -> list[DatedEvent]:
    events, _ = read_dated_events(facts.store, schema, {*rows})
    return [_in_words(event) for event in events if days.meet(event.earliest, event.latest)]


def _due(days: Days, acts: Iterable[Act], known: Acts) -> tuple[list[str], list[DatedEvent]]:
    steps: list[str] = []
    ends: list[DatedEvent] = []
    for act in acts:
        for step in act.steps:
            if step.earliest >= days.first:
                steps.append(step.row)
            elif step.until and days.meet(step.until_earliest, step.until_latest):
                ends.append(_of_last_day(act, step, known))
    return steps, ends


def _of_last_day(act: Act, step: Step, known: Acts) -> DatedEvent:
    """The last day that a step sets, as an event, with suspensions that it is said to extend."""
    within = f" in part ({step.part})" if step.part else ""
    said = known.of(act.id, "says-extends")
    # An agreement stops rules by what it brings about, and is none itself.
    rules = [x for x in said if known.acts[x.other].kind != "agreement"]
    moved = [each for each in rules if known.of(each.other, "suspends")]
    also = listed(f'"{known.acts[link.other].title}"' for link in moved)
    what = f"{_DUE.get(step.event, _LAST_DAY)}{within}{f'{ALSO}{also}' if also else ''}"
    dates = (step.until, step.until_earliest, step.until_latest)
    rows = (step.row, *(link.row for link in moved))
    return DatedEvent("policy", *dates, act.title, what, what, rows, act=act.kind)


def _in_words(event: DatedEvent) -> DatedEvent:
    """What happened, with what was stated, and without what an editor says of the record."""
    what = event.what
    if event.kind == "policy" and event.event == "Stated" and not event.until and event.note:
        what = f"{what}: {event.note.rstrip('.')}"
    if event.kind == "plan":
        what = _PLANNED.sub("", what)
        earliest, latest = status.target_days(event.date, what)
        event = replace(event, earliest=earliest, latest=latest)
    return replace(event, what=dates_in_words(_NOT_STATED.sub("", _ASIDE.sub("", what))))


def joined(events: Iterable[DatedEvent]) -> list[DatedEvent]:
    """Join the steps of one act on one date to one event."""
    found: dict[tuple[str, ...], DatedEvent] = {}
    for each in events:
        own = each.kind == "policy"
        key = (each.subject, each.date) if own else (each.subject, each.date, *each.rows)
        known = found.get(key)
        if known is None:
            found[key] = each
            continue
        more = "" if each.what in known.what else f", {each.what[0].lower()}{each.what[1:]}"
        found[key] = replace(
            known,
            what=f"{known.what}{more}",
            rows=(*known.rows, *each.rows),
            until=known.until or each.until,
            until_earliest=known.until_earliest or each.until_earliest,
            until_latest=known.until_latest or each.until_latest,
            sources=tuple(dict.fromkeys((*known.sources, *each.sources))),
        )
    return list(found.values())


class EventGroup(Value):
    """What happened to several on one date."""

    date: str
    what: str
    subjects: tuple[str, ...]
    rows: tuple[str, ...]
    weight: int
    latest: str
    of_act: bool
    of_border: bool


def grouped(events: Iterable[DatedEvent], weights: Mapping[str, int]) -> Iterator[EventGroup]:
    """Gather events of one date that say the same of several, in the order of the first of them."""
    found: dict[tuple[str, str], list[DatedEvent]] = {}
    for event in events:
        what = event.what if event.edge not in (BEGIN, END) else event.sentence()
        found.setdefault((event.date, what), []).append(event)
    for (day, what), same in found.items():
        by_weight = sorted(
            same, key=lambda each: (-weight_of(each, weights), each.act not in BORDER_KINDS)
        )
        lasting = any(each.edge for each in same)
        yield EventGroup(
            day,
            what,
            () if lasting else tuple(dict.fromkeys(each.subject for each in by_weight)),
            tuple(dict.fromkeys(row for each in same for row in each.rows)),
            OTHER if same[0].edge == END else weight_of(by_weight[0], weights),
            same[0].latest,
            same[0].kind == "policy",
            by_weight[0].act in BORDER_KINDS,
        )
