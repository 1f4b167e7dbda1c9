"""Which dated rows of plants, holdings and supplies fall within some days, and touch a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from monazite.findings.plants.lives import read_lives
from monazite.findings.plants.plans import PASSED, TO_COME, came_of
from monazite.findings.plants.states import PLANNED, FacilityEvent
from monazite.findings.policies.selection import chain_of
from monazite.network.facts import Facts
from monazite.result import Value
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord

_ENDS = ("from", "until")
"""The two dates of what lasts."""


@dataclass(frozen=True)
class Days(Value):
    """Some days, the first and the last among them; either is an ISO day."""

    first: str
    last: str

    def meet(self, earliest: str, latest: str) -> bool:
        """Whether a date that can mean these days may lie within."""
        return bool(earliest) and earliest <= self.last and latest >= self.first


@dataclass(frozen=True)
class PlantRows(Value):
    """Rows of events of plants: those in the market, and those elsewhere, by time.

    ``passed`` are plans whose time is over, and of which no record tells what came.
    """

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
    lives = read_lives(facts.store)
    labels = {facts.country_labels[place] for place in places if place in facts.country_labels}
    names = {line["label"].lower(): line["element"] for line in ask(facts.store, "element-labels")}
    here: list[FacilityEvent] = []
    elsewhere: list[FacilityEvent] = []
    passed: list[FacilityEvent] = []
    for plant, events in lives.events.items():
        at_stage = any(row["stage"] == stage for row in lives.operations.get(plant, ()))
        of_market = lives.facilities[plant][1] in labels
        for event in events:
            if not _asked(event, days, plans=plans) or _is_of_others(event, names, facts.members):
                continue
            if not of_market and not (at_stage and plant in sites and event.stage in ("", stage)):
                continue
            came = came_of(event, events, facts.date) if plans else TO_COME
            if came == PASSED:
                passed.append(event)
            elif came == TO_COME:
                (here if of_market else elsewhere).append(event)
    return PlantRows(
        tuple(event.row for event in here),
        tuple(event.row for event in sorted(elsewhere, key=_by_time)),
        tuple(event.row for event in sorted(passed, key=_by_time)),
    )


def firms_within(facts: Facts, days: Days, *, named: bool = False) -> tuple[str, ...]:
    """Return the rows of holdings and supplies that begin or end within some days.

    A holding counts where a firm or plant of the chain is held or holds; a supply where one sells
    or buys, and its goods hold the element or name none.
    """
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
        dates = [(line[f"{end}Earliest"], line[f"{end}Latest"]) for end in _ENDS]
        if {line[end] for end in ends} & chain and any(days.meet(*date) for date in dates):
            yield line.row()


def _by_time(event: FacilityEvent) -> tuple[str, str, str]:
    return event.earliest, event.latest, event.row


def _asked(event: FacilityEvent, days: Days, *, plans: bool) -> bool:
    """Whether an event may lie within the days, and is a plan or, if it is due later, none."""
    if not days.meet(event.earliest, event.latest):
        return False
    planned = event.state == PLANNED
    return planned if plans else not planned or event.latest <= days.last


def _is_of_others(event: FacilityEvent, names: Mapping[str, str], members: frozenset[str]) -> bool:
    """Tell whether an event concerns a part that is named for other elements only."""
    named = {names[word] for word in re.findall(r"[a-z]+", event.part.lower()) if word in names}
    return bool(named) and not named & members
