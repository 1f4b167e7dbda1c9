"""What follows a failure, what a tonne more is then worth, and which failures cost more together.

Pairs are found by N-2 contingency screening: only those at one stage, or at stages that sell to
each other, are solved, where their single losses leave room; never two names of one thing, nor a
thing and its part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import field, replace
from itertools import combinations, product
from math import fsum, isinf
from typing import ClassVar

from monazite.analysis.chokepoints.headline import ONE_BALANCE, stops
from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.mitigation.rerouting import (
    NOT_UNIQUE,
    Flow,
    Shift,
    find_shifts,
    flows_of,
    ore_of,
    place_columns,
    shift_table,
)
from monazite.core.columns import Column, table
from monazite.core.errors import NotKnownError
from monazite.core.formats import NOT_KNOWN, exact, figures, tonnes, whole
from monazite.core.results import Frozen, Listing, Result, Struct
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import MINE
from monazite.model.chain.base_year import assumed_in
from monazite.model.contingencies.failure_points import Candidate, Event, named_together
from monazite.model.flow.constraints import STEPS
from monazite.model.flow.study import Study

PART, LEAST = 0.01, 1.0  # the step: this part of the base year, and at least so many tonnes
COLUMNS = 5000
"""Steps in all that the users' demands may be cut into where differences of losses are read."""
_PRECISION = 1e-6  # of the solver: a smaller difference is none


class MarginalValue(Struct):
    """The marginal value of a capacity, or of a flow across a border."""

    stage: str  #: of what is made or sold
    pool: str  #: that makes or sells it
    buyer: str  #: that it is sold to; empty for what is made
    what: str  #: an element, the ore or a product
    base: float  #: tonnes in the base year
    step: float  #: tonnes that are added, or taken away; fewer are taken where fewer are left
    right: float  #: tonnes of all products that the world is served more, for a tonne more
    #: the same that it is served less, for a tonne less; None where nothing is left
    left: float | None
    unit: str  #: of ``right`` and ``left``
    #: of the product asked for, to the market; None where that is the total
    market_right: float | None = None
    market_left: float | None = None  #: the same for a tonne less
    resolution: float | None = None  #: within which the market's numbers are known
    market_unit: str = ""  #: of the market's numbers


def find_marginal_values(study: Study, event: Event) -> tuple[MarginalValue, ...]:
    """Find the marginal value of every capacity and border flow at its bound after an event."""
    if study.costs_nothing(event):
        raise NotKnownError(
            "Everybody is served in full: what a tonne more is worth is not known where nothing is "
            "short; name something whose loss is not nothing."
        )
    total = _ServedMeter(study, event, 1)
    market = None
    if study.user is not None or study.products != study.chain.products.keys():
        market = _ServedMeter(study, event, fine(study), study.user, study.products)
    flows = (flow for flow, (_, tonnes, base) in total.flows.items() if tonnes * base > 0)
    found = [margin for flow in flows for margin in _marginal_values(study, flow, total, market)]
    found.sort(key=lambda x: (-x.right, -(x.left or 0.0), x.stage, x.pool, x.buyer, x.what))
    return tuple(found)


def fine(study: Study) -> int:
    """Return into how many steps each demand is cut, so that marginal values are read finely."""
    return max(STEPS, COLUMNS // len(study.demand))


class _ServedMeter:
    """Reads what is served with one bound moved: contracts, and what is bid for above them."""

    def __init__(
        self,
        study: Study,
        event: Event,
        steps: int,
        user: str | None = None,
        products: Set[str] | None = None,
    ) -> None:
        self._study, self._event, self.steps = study, event, steps
        programme = study.programme(study.horizon, steps)
        self.flows = flows_of(programme)
        floors = study.floors(event, study.horizon).amounts
        self._bounds = programme.bounds(study.horizon, event, floors=floors)
        self._values = programme.values(self._bounds)
        worth = study.chain.products
        self._worth = {
            (what, who): worth[what].worth if products is None else 1.0
            for what, who in study.demand
            if user in (None, who) and (products is None or what in products)
        }
        self.demand = fsum(study.demand[key] for key in self._worth)
        self._base = self._sum(event)

    def left(self, flow: Flow) -> float:
        """Tonnes of its bound."""
        column, tonnes, _ = self.flows[flow]
        return self._bounds.upper[column] * tonnes

    def binds(self, flow: Flow) -> bool:
        """Whether it is at its bound; where nobody bids every flow is at that of its contract."""
        place = self.flows[flow][0]
        bound = self._bounds.upper[place]
        if isinf(bound):
            return False
        at_bound = self._values[place] >= bound - _PRECISION * max(1.0, bound)
        return at_bound or not self._study.horizon.bids

    def change(self, flow: Flow, tonnes: float) -> float:
        """What is served more, for each tonne that a bound is moved by."""
        moved = replace(self._event, moved={flow: tonnes / self.flows[flow][1]})
        found = (self._sum(moved) - self._base) / tonnes
        return 0.0 if abs(found) < _PRECISION else found

    def _sum(self, event: Event) -> float:
        amounts = self._study.served(event, steps=self.steps).amounts
        return fsum(worth * amounts[key] for key, worth in self._worth.items())


def _marginal_values(
    study: Study, flow: Flow, total: _ServedMeter, market: _ServedMeter | None
) -> Iterable[MarginalValue]:
    meters = [meter for meter in (total, market) if meter is not None]
    if not any(meter.binds(flow) for meter in meters):
        return
    stage, pool, buyer, what = flow
    _, tonnes_of_one, level = total.flows[flow]
    base = tonnes_of_one * level
    step = max(LEAST, PART * base)
    less = min(step, total.left(flow))
    ends = [
        (meter.change(flow, step), meter.change(flow, -less) if less > _PRECISION else None)
        for meter in meters
    ]
    if not any(end for pair in ends for end in pair):
        return
    kind = _kind(study, flow)
    others = " and other uses" if len(study.chain.products) > len(study.chain.main) else ""
    margin = MarginalValue(
        *(stage, pool, buyer, ore_of(stage, what), base, step),
        right=ends[0][0],
        left=ends[0][1],
        unit=f"t of {study.chain.title}{others} per t of {kind}",
    )
    if market is not None:
        margin = replace(
            margin,
            market_right=ends[1][0],
            market_left=ends[1][1],
            resolution=market.demand / market.steps / step,
            market_unit=f"t of {study.title} per t of {kind}",
        )
    yield margin


def _kind(study: Study, flow: Flow) -> str:
    """What a tonne of the flow is a tonne of."""
    stage, pool, buyer, what = flow
    if stage != MINE:
        return what
    held: Mapping[str, float] = {
        name: (
            each.ore_sold.get((pool, what, buyer), 0.0)
            if buyer
            else each.mined(pool).get(what, 0.0)
        )
        for name, each in sorted(study.chain.element_chains.items())
    }
    return f"{' + '.join(name for name, tonnes in held.items() if tonnes > 0)} in ore"


_STEP = (
    f"Worked out with a step of {percent_cell(PART)} of that year, at least {exact(LEAST)} t. "
    "What is not here is not at its bound, or a tonne of it is worth nothing."
)


def margin_table(
    margins: Sequence[MarginalValue], what: str = "", names: Mapping[str, str] = Frozen()
) -> Table:
    """Return margins as a table."""
    market = any(each.market_right is not None for each in margins)
    remarks = [_STEP, ONE_BALANCE, "A tonne less: not known where nothing is left."]
    if market:
        remarks.append(
            "Market: of the product asked for. What one market gets is known give or take what "
            "stands beside it."
        )
    columns = (
        *place_columns("pool", names),
        Column("that year, t", "base", tonnes, right=True),
        Column("a tonne more", "right", _tonnes, right=True),
        Column("a tonne less", "left", _tonnes, right=True),
        Column("market: more", "market_right", _tonnes, right=True, when=market),
        Column("market: less", "market_left", _tonnes, right=True, when=market),
        Column("known to", "resolution", lambda x: f"+-{_tonnes(x)}", True, spare=1, when=market),
        Column("unit", "unit"),
    )
    none = ["Nothing that is at its bound is worth anything."]
    heading = f"What one tonne changes{f' if {what}' if what else ''}"
    return table(heading, margins, columns, remarks if margins else none)


def _tonnes(amount: float | None) -> str:
    return NOT_KNOWN if amount is None else figures(amount + 0, 3)


class AfterFailure(Result):
    """What output and trade become after one line of the report, and what is then short."""

    records_key = "shifts"
    _json = (
        "id first_year loss least_move shifts.shifts shifts.notes=notes_of_shifts margins.margins "
        "margins.notes=notes_of_margins"
    )
    _parts: ClassVar = {
        "shifts": "What is made and sold otherwise",
        "margins": "What a tonne more or less is worth",
    }

    id: str  #: of the line
    label: str  #: its names
    clause: str  #: what happens, as the clause of an if
    event: str  #: outage, embargo or licence
    first_year: float | None  #: the part lost in the first year; None is not known
    loss: float | None  #: the part lost for good, once stocks are gone
    least_move: float | None  #: the same of the one balance that the shifts are of
    #: the least changes of output and trade that serve what can be served
    shifts: tuple[Shift, ...]
    #: what a tonne more, or less, of each capacity or flow at its bound is worth
    margins: tuple[MarginalValue, ...]
    rows: tuple[str, ...]  #: of the base year that all of it rests on
    names: Mapping[str, str] = field(default_factory=dict)  #: of countries, areas and ores, by code

    @property
    def notes_of_shifts(self) -> tuple[str, ...]:
        """What shifts do not tell."""
        return (NOT_UNIQUE,)

    @property
    def notes_of_margins(self) -> tuple[str, ...]:
        """How marginal values were worked out."""
        return (_STEP,)

    def tables(self) -> list[Table]:
        """Return who makes and sells what, and what a tonne is worth."""
        parts = (self.first_year, self.loss, self.least_move)
        first, for_good, single = map(percent_cell, parts)
        lost = (
            f"Lost: {first} in the first year, {for_good} for good. Told here is the state for "
            f"good of one balance: {single}."
        )
        shifts = shift_table(self.shifts, self.clause, self.names)
        return [
            replace(shifts, remarks=(lost, *shifts.remarks)),
            margin_table(self.margins, self.clause, self.names),
        ]

    def headline(self) -> str:
        """Return what happens, and how much changes."""
        return f"if {self.clause}: {len(self.shifts)} shifts, {len(self.margins)} marginal values"

    @property
    def records(self) -> tuple[Mapping[str, object], ...]:
        """The shifts of output and trade."""
        return tuple(vars(each) for each in self.shifts)


def find_after(model: LossModel, report: Chokepoints, word: str) -> AfterFailure:
    """Find what output and trade become after one line of the report, and what is then short."""
    line = report.line(word)
    event = model.event_of(line.id)
    ores = {ore: known.name for (_, ore), known in model.year.ores.items()}
    return AfterFailure(
        id=line.id,
        label=line.label,
        clause=stops(line, report.base),
        event=line.event,
        first_year=line.told_at_first,
        loss=line.told,
        least_move=line.single,
        shifts=find_shifts(model.study, event),
        margins=find_marginal_values(model.study, event),
        rows=model.accounts.rows,
        names={**model.facts.country_labels, **ores},
        assumptions=assumed_in(model.base, model.facts),
    )


PERCENTAGE_POINT = 0.01  # the least excess that is told: one point


_PAIRS = (
    Column("one", lambda x: x.labels[0]),
    Column("other", lambda x: x.labels[1]),
    Column("loss", "loss", percent_cell, right=True),
    Column("apart", "apart", percent_cell, right=True),
    Column("excess, points", lambda x: whole(100 * x.excess), right=True),
    Column("row", lambda x: "".join(x.rows[:1]), full=True),
)


class JointFailure(Struct):
    """Two things that may fail, whose loss together exceeds the sum of their single losses."""

    one: str  #: id of a thing
    other: str  #: id of the other
    labels: tuple[str, str]  #: of both
    loss: float  #: of both together, in parts of 1; below 0 where others stop bidding
    apart: float  #: the sum of the single losses, at most 1; a gain by one of them lowers it
    excess: float  #: ``loss`` less ``apart``
    rows: tuple[str, ...]  #: keys of the rows that give what the two make


class JointFailures(Listing[JointFailure]):
    """The pairs that cost more together than apart, and of how many they are."""

    records_key = "pairs"

    #: largest excess first, then largest loss; where a part of a thing has the same effect as the
    #: whole, the part stands for both
    pairs: tuple[JointFailure, ...]
    things: int  #: how many may fail, each counted once
    screened: int  #: how many pairs can be more than their parts
    solved: int  #: how many of them had room above their single losses
    superadditive: int  #: how many exceed them, counting things and their parts

    def headline(self) -> str:
        """Return how many pairs cost more together, of how many that could."""
        return f"{len(self)} of {self.screened} pairs cost more together than apart"

    def tables(self) -> list[Table]:
        """Return the pairs as a table."""
        part = f" ({percent_cell(self.superadditive / self.screened)})" if self.screened else ""
        counted = (
            f"Of {self.things} things that may fail, pairs that stand at one stage or sell to each "
            f"other: {self.screened}; {self.superadditive}{part} of them cost "
            f"{percent_cell(PERCENTAGE_POINT)} or more beyond apart. Where a part of a thing "
            "does as much, it stands for the whole."
        )
        remarks = (counted, "Apart: the two single losses added up, at most 100 %.", ONE_BALANCE)
        return [table("Pairs that lose more than their two losses added", self, _PAIRS, remarks)]


def find_pairs(model: LossModel) -> JointFailures:
    """Find the pairs of all that may fail whose loss exceeds the sum of the single losses."""
    found = pairs_in(model.study, model.candidates)
    return replace(found, assumptions=assumed_in(model.base, model.facts))


def pairs_in(study: Study, candidates: Iterable[Candidate]) -> JointFailures:
    """Find the pairs whose loss exceeds the sum of the single losses."""
    programme = study.programme(study.horizon)
    things: dict[str, Candidate] = {}
    events: dict[str, Event] = {}
    before = programme.bounds(study.horizon, Event()).upper
    for each in sorted(named_together(candidates), key=lambda each: each.id):
        event = study.event_of(each)
        after = programme.bounds(study.horizon, event).upper
        if any(after[column] < bound for column, bound in before.items()):
            things[each.id], events[each.id] = each, event
    single = {name: _loss(study, event) for name, event in events.items()}
    screened = [
        (one, other)
        for one, other in combinations(things.values(), 2)
        if not _in(one, other) and not _in(other, one) and _touch(study, one, other)
    ]
    solved, more = 0, []
    for one, other in screened:
        apart = min(1.0, single[one.id] + single[other.id])
        if apart > 1 - PERCENTAGE_POINT:
            continue
        solved += 1
        loss = _loss(study, events[one.id].together_with(events[other.id]))
        if loss - apart >= PERCENTAGE_POINT - 1e-9:
            rows, labels = dict.fromkeys((*one.rows, *other.rows)), (one.label, other.label)
            losses = (loss, apart, loss - apart)
            more.append(JointFailure(one.id, other.id, labels, *losses, tuple(rows)))
    found = [pair for pair in more if not _done_by_parts(pair, more, things)]
    found.sort(key=lambda pair: (-pair.excess, -pair.loss, pair.one, pair.other))
    return JointFailures(
        pairs=tuple(found),
        things=len(things),
        screened=len(screened),
        solved=solved,
        superadditive=len(more),
    )


def _loss(study: Study, event: Event) -> float:
    """The loss in finer steps than a report's: an excess is a difference of three losses."""
    if study.costs_nothing(event):
        return 0.0
    after = study.served(event, steps=fine(study))
    return 1 - after.of(study.user, study.products) / study.base


def _done_by_parts(
    pair: JointFailure, more: Sequence[JointFailure], things: Mapping[str, Candidate]
) -> bool:
    """Whether parts of two things, or one of them and a part of the other, lose as much."""

    def is_same_or_in(part: str, whole: str) -> bool:
        return part == whole or _in(things[part], things[whole])

    return any(
        (is_same_or_in(found.one, pair.one) and is_same_or_in(found.other, pair.other))
        or (is_same_or_in(found.one, pair.other) and is_same_or_in(found.other, pair.one))
        for found in more
        if found is not pair and abs(pair.loss - found.loss) < PERCENTAGE_POINT
    )


def _in(part: Candidate, whole: Candidate) -> bool:
    """Whether a thing is part of another: of a whole pool, or a site of its firm."""
    of_firm = {*part.rows} <= {*whole.rows} and whole.kind == "firm"
    return part.within(whole, 0.0 if of_firm else 1 - 1e-9)


def _touch(study: Study, one: Candidate, other: Candidate) -> bool:
    """Whether two things stand at one stage, or the stage of one sells to that of the other."""
    following = dict(zip(study.stages, study.stages[1:], strict=False))

    def sells(seller: tuple[str, str], buyer: tuple[str, str]) -> bool:
        (stage, own), (after, others) = seller, buyer
        if following.get(stage) != after:
            return False
        for each in study.chain.element_chains.values():
            pools = each.pool(stage, own), each.pool(stage, others)
            if pools[0] == pools[1] or each.flows.get((stage, *pools), 0.0) > 0:
                return True
        return False

    ones, others = (
        [(at, country) for at, country, *_ in thing.places if at in study.stages]
        for thing in (one, other)
    )
    return any(
        first[0] == second[0] or sells(first, second) or sells(second, first)
        for first, second in product(ones, others)
    )
