"""How late plants have begun, by the first date given for each, and what that says of others.

A plant, or a stage of one, counts once: it began with the first event after its first plan with
which it made something, else it is awaited. Plants alike are those of a stage, or all for too few.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from math import exp, fsum, log, prod, sqrt
from statistics import NormalDist

from monazite.core.results import Value
from monazite.model.facilities.status import (
    BEGINS,
    CLOSED,
    SUSPENDED,
    FacilityEvent,
    FacilityStatuses,
    state_on,
)
from monazite.store.queries import ask
from monazite.store.store import Store


class Delay(Value):
    """How long one thing took from its date (less than 0 is early), or has been awaited."""

    years: float
    happened: bool


class ValueRange(Value):
    """A number with the ends of its range."""

    value: float  #: the number
    low: float  #: its least
    high: float  #: its most

    def times(self, factor: float) -> ValueRange:
        """The same, scaled."""
        return ValueRange(self.value * factor, self.low * factor, self.high * factor)


class ProductLimit(Value):
    """What part of some things has begun by which time: Kaplan and Meier, 1958."""

    delays: tuple[Delay, ...]

    @cached_property
    def steps(self) -> list[tuple[float, int, int]]:
        """The times of beginnings, how many began then, and how many were awaited until then."""
        began = Counter(each.years for each in self.delays if each.happened)
        return [
            (time, count, sum(each.years >= time for each in self.delays))
            for time, count in sorted(began.items())
        ]

    def begun(self, by: float, after: float | None = None) -> ValueRange | None:
        """Return the probability that something has begun some years after its date.

        It had not begun ``after`` so many years; None where nothing was awaited so long.
        """
        awaited = sum(after is None or each.years > after for each in self.delays)
        if not awaited:
            return None
        if after is not None and by <= after:
            return ValueRange(0.0, 0.0, 0.0)
        met = [x[1:] for x in self.steps if (after is None or x[0] > after) and x[0] <= by]
        left = prod(1 - began / waiting for began, waiting in met)
        tail = (1 - 0.9) / 2  # nine times in ten it lies between the ends
        if left >= 1:
            return ValueRange(0.0, 0.0, 1 - tail ** (1 / awaited))
        if left <= 0:
            return ValueRange(1.0, tail ** (1 / awaited), 1.0)
        spread = sqrt(fsum(began / (waiting * (waiting - began)) for began, waiting in met))
        scaled = NormalDist().inv_cdf(1 - tail) * spread / abs(log(left))
        ends = sorted(1 - exp(log(left) * exp(sign * scaled)) for sign in (-1, 1))
        return ValueRange(1 - left, min(ends[0], 1 - left), max(ends[1], 1 - left))


ENOUGH, ENOUGH_BEGUN = 8, 3
"""Plans of a stage, and how many of them have to have led to something, for odds of its own."""
ALL_STAGES = ""
_YEAR = 365.2425


class Plan(Value):
    """A start that a row foresees."""

    facility: str
    stage: str  #: of the network; empty for the whole plant
    step: str  #: the stage as the row has it
    part: str  #: of it; empty for the whole
    printed: str  #: as printed
    earliest: str  #: the first day that this may mean
    latest: str  #: the last day that this may mean
    said: str  #: the last day on which it may have been said
    row: str


class Slip(Value):
    """What became of the first plan of a plant."""

    facility: str
    label: str
    stage: str  #: of the network; empty for the whole plant
    said: str  #: when it was said, an ISO day
    planned: str  #: the start, as printed
    began: str  #: when it began, as printed; empty where it has not
    given_up: bool  #: whether it was given up
    #: from the middle of the planned date to that of the beginning, or to the day asked about
    years: float
    rows: tuple[str, ...]  #: keys of the rows that say so


class Slips(Value):
    """How the plants of the past slipped.

    ``curves`` has the estimate by stage, by the empty text that of all; ``first`` the first plan of
    each plant and stage since something of it began, was given up or changed hands.
    """

    found: tuple[Slip, ...]
    curves: Mapping[str, ProductLimit]
    first: Mapping[tuple[str, str], Plan]

    def first_plan(self, facility: str, stage: str) -> Plan | None:
        """Return the plan by which a stage of a plant, or the whole plant, is late or not."""
        return self.first.get((facility, stage)) or self.first.get((facility, ""))

    def kind(self, stage: str) -> str:
        """Return the stage whose plants say how one slips; empty where all of them have to."""
        return stage if stage in self.curves else ALL_STAGES

    def odds(self, plan: Plan, stage: str, day: str, by: str) -> ValueRange | None:
        """Return the probability that a plant which has not begun on a day has by another ISO day.

        None where no plan of the past was awaited so long.
        """
        start = middle(plan.earliest, plan.latest)
        return self.curves[self.kind(stage)].begun(years(start, by), years(start, day))


def middle(earliest: str, latest: str) -> str:
    """Return the middle day of what a date may mean."""
    first, last = date.fromisoformat(earliest), date.fromisoformat(latest)
    return (first + (last - first) / 2).isoformat()


def years(since: str, until: str) -> float:
    """Return the years between two days, less than 0 where the second is the earlier."""
    return (date.fromisoformat(until) - date.fromisoformat(since)).days / _YEAR


def read_plans(store: Store, day: str) -> tuple[Plan, ...]:
    """Return the starts that rows foresee which were said by a day, and were to come then."""
    told: dict[str, Plan] = {}
    for answer in ask(store, "network-plans"):
        said = answer["saidLatest"] or answer["datedLatest"]
        known = told.get(answer.row())
        if known is None or known.said > said:
            told[answer.row()] = answer.to(Plan, said=said)
    plans = [x for x in told.values() if x.said and x.said <= day and x.said <= x.latest]
    return tuple(sorted(plans, key=lambda x: (x.facility, x.said, x.latest, x.row)))


def find_slips(plans: Sequence[Plan], lives: FacilityStatuses, day: str) -> Slips:
    """Find how late the plants of the past began."""
    first: dict[tuple[str, str], Plan] = {}
    for plan in plans:
        known = {stage for facility, stage in first if facility == plan.facility}
        if not plan.part and not known & {plan.stage, ""} and (plan.stage or not known):
            first[plan.facility, plan.stage] = plan
    found = []
    by_stage: dict[str, list[Delay]] = defaultdict(list)
    for (facility, own), plan in sorted(first.items()):
        stage = own or _only_stage(lives, facility, day)
        slip = _slip(plan, stage, lives, day)
        found.append(slip)
        for place in {ALL_STAGES, stage}:
            by_stage[place].append(Delay(slip.years, bool(slip.began)))
    curves = {
        stage: ProductLimit(tuple(delays))
        for stage, delays in sorted(by_stage.items())
        if stage == ALL_STAGES
        or (len(delays) >= ENOUGH and sum(x.happened for x in delays) >= ENOUGH_BEGUN)
    }
    clocks = {}
    for facility, stage in sorted({(x.facility, x.stage) for x in plans}):
        begun = first.get((facility, stage)) or first.get((facility, ""))
        if begun is not None:
            clocks[facility, stage] = _clock(begun, stage, plans, lives, day)
    return Slips(tuple(found), curves or {ALL_STAGES: ProductLimit(())}, clocks)


def _clock(
    plan: Plan, stage: str, plans: Iterable[Plan], lives: FacilityStatuses, day: str
) -> Plan:
    """The first plan after all that an earlier one led to; none for a later day than the newest."""
    later = [
        x for x in plans if x.facility == plan.facility and x.stage in ("", stage) and not x.part
    ]
    while True:
        place = plan.stage or _only_stage(lives, plan.facility, day)
        events = _events_since(plan, place, lives, day)
        ends = (  # its beginning, another owner, or its end
            _first(x for x in events if x.event in _begins(plan, lives)),
            _first(x for x in events if x.event in ("sold", "nationalised")),
            _first(x for x in events if x.state == CLOSED),
        )
        ended = [max(plan.said, end.latest) for end in ends if end is not None]
        newer = [x for x in later if any(day_of_end < x.said for day_of_end in ended)]
        if not newer:
            return plan
        plan = next(x for x in newer if x.latest <= newer[-1].latest)


def _events_since(plan: Plan, stage: str, lives: FacilityStatuses, day: str) -> list[FacilityEvent]:
    """The events of a stage of a plant since a plan for it was said."""
    return [
        x
        for x in lives.events.get(plan.facility, ())
        if not x.part
        and plan.said <= x.latest
        and x.earliest <= day
        and x.stage in ("", stage or x.stage)
        and (not plan.step or x.step in ("", plan.step))
    ]


def _slip(plan: Plan, stage: str, lives: FacilityStatuses, day: str) -> Slip:
    """What became of a plan of a stage; of the whole plant where the stage is not known."""
    at_stage = _events_since(plan, stage, lives, day)
    begins = _begins(plan, lives)
    began = _first(x for x in at_stage if x.event in begins)
    gone = None if began else _first(x for x in at_stage if x.state == CLOSED)
    end = middle(began.earliest, began.latest) if began else day
    ended = began or gone
    return Slip(
        facility=plan.facility,
        label=lives.facilities[plan.facility][0],
        stage=stage,
        said=plan.said,
        planned=plan.printed,
        began=began.printed if began else "",
        given_up=gone is not None,
        years=years(middle(plan.earliest, plan.latest), end),
        rows=(plan.row, *((ended.row,) if ended else ())),
    )


def _begins(plan: Plan, lives: FacilityStatuses) -> frozenset[str]:
    """Events that are a beginning; of what stood still when its start was said, a restart too."""
    events = lives.events.get(plan.facility, ())
    stood = state_on(plan.stage, events, lives.versions, plan.said).state in (SUSPENDED, CLOSED)
    return BEGINS | {"restarted"} if stood else BEGINS


def _first(events: Iterable[FacilityEvent]) -> FacilityEvent | None:
    """The first of some events; of those that may be of one day the most exactly dated."""
    known = sorted(events, key=lambda x: (x.latest, x.row))
    return max(
        (x for x in known if x.earliest <= known[0].latest and x.latest == known[0].latest),
        key=lambda x: (x.earliest, x.row),
        default=None,
    )


def _only_stage(lives: FacilityStatuses, facility: str, day: str) -> str:
    """The stage of a plant that has only one; a magnet plant that makes its alloy is one."""
    stages = [each.stage for each in lives.on(facility, day).stages if each.stage]
    return stages[-1] if len(stages) == 1 or stages[-1:] == ["magnet"] else ""
