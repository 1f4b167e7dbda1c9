"""What follows a failure: who makes and sells what, and what a tonne more of each is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from math import fsum, isinf
from typing import ClassVar, NamedTuple

from monazite.analysis.chokepoints.headline import stops
from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.mitigation.rerouting import (
    NOT_UNIQUE,
    Shift,
    find_shifts,
    flows_of,
    ore_of,
    place_columns,
    shift_table,
)
from monazite.core.columns import Column, table
from monazite.core.errors import NotKnownError
from monazite.core.formats import NOT_KNOWN, exact, figures, tonnes
from monazite.core.results import Frozen, Result
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import MINE
from monazite.model.chain.base_year import assumed_in
from monazite.model.contingencies.event import Event
from monazite.model.flow.constraints import STEPS
from monazite.model.flow.study import Study

PART, LEAST = 0.01, 1.0  # the step: this part of the base year, and at least so many tonnes
COLUMNS = 5000
"""Steps in all that the users' demands may be cut into where differences of losses are read."""
_PRECISION = 1e-6  # of the solver: a smaller difference is none


@dataclass(frozen=True)
class MarginalValue:
    """The marginal value of a capacity, or of a flow across a border.

    Attributes:
        stage: of what is made or sold.
        pool: that makes or sells it.
        buyer: that it is sold to; empty for what is made.
        what: an element, the ore or a product.
        base: tonnes in the base year.
        step: tonnes that are added, or taken away; fewer are taken where fewer are left.
        right: tonnes of all products that the world is served more, for a tonne more.
        left: the same that it is served less, for a tonne less; None where nothing is left.
        unit: of ``right`` and ``left``.
        market_right: of the product asked for, to the market; None where that is the total.
        market_left: the same for a tonne less.
        resolution: within which the market's numbers are known.
        market_unit: of the market's numbers.
    """

    stage: str
    pool: str
    buyer: str
    what: str
    base: float
    step: float
    right: float
    left: float | None
    unit: str
    market_right: float | None = None
    market_left: float | None = None
    resolution: float | None = None
    market_unit: str = ""


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
    flows = (
        _PricedFlow(*flow, tonnes, tonnes * base)
        for flow, (_, tonnes, base) in flows_of(total.programme).items()
        if tonnes * base > 0
    )
    found = [margin for flow in flows for margin in _marginal_values(study, flow, total, market)]
    found.sort(key=lambda x: (-x.right, -(x.left or 0.0), x.stage, x.pool, x.buyer, x.what))
    return tuple(found)


class _PricedFlow(NamedTuple):
    """Something made, or sold across a border; a column of 1 stands for ``tonnes``."""

    stage: str
    pool: str
    buyer: str
    what: str
    tonnes: float
    base: float


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
        self.programme = study.programme(study.horizon, steps)
        floors = study.floors(event, study.horizon).amounts
        self._bounds = self.programme.bounds(study.horizon, event, floors=floors)
        self._values = self.programme.values(self._bounds)
        worth = study.chain.products
        self._worth = {
            (what, who): worth[what].worth if products is None else 1.0
            for what, who in study.demand
            if user in (None, who) and (products is None or what in products)
        }
        self.demand = fsum(study.demand[key] for key in self._worth)
        self._base = self._sum(event)

    def _place(self, flow: _PricedFlow) -> int:
        key = (flow.stage, flow.pool)
        if flow.buyer:
            return self.programme.sales[(*key, flow.buyer, flow.what)]
        return self.programme.outputs[(*key, flow.what)]

    def left(self, flow: _PricedFlow) -> float:
        """Tonnes of its bound."""
        return self._bounds.upper[self._place(flow)] * flow.tonnes

    def binds(self, flow: _PricedFlow) -> bool:
        """Whether it is at its bound; where nobody bids every flow is at that of its contract."""
        place = self._place(flow)
        bound = self._bounds.upper[place]
        if isinf(bound):
            return False
        at_bound = self._values[place] >= bound - _PRECISION * max(1.0, bound)
        return at_bound or not self._study.horizon.bids

    def change(self, flow: _PricedFlow, tonnes: float) -> float:
        """What is served more, for each tonne that a bound is moved by."""
        key = (flow.stage, flow.pool, flow.buyer, flow.what)
        moved = replace(self._event, moved={key: tonnes / flow.tonnes})
        found = (self._sum(moved) - self._base) / tonnes
        return 0.0 if abs(found) < _PRECISION else found

    def _sum(self, event: Event) -> float:
        amounts = self._study.served(event, steps=self.steps).amounts
        return fsum(worth * amounts[key] for key, worth in self._worth.items())


def _marginal_values(
    study: Study, flow: _PricedFlow, total: _ServedMeter, market: _ServedMeter | None
) -> Iterable[MarginalValue]:
    meters = [meter for meter in (total, market) if meter is not None]
    if not any(meter.binds(flow) for meter in meters):
        return
    step = max(LEAST, PART * flow.base)
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
        *(flow.stage, flow.pool, flow.buyer, ore_of(flow.stage, flow.what)),
        *(flow.base, step),
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


def _kind(study: Study, flow: _PricedFlow) -> str:
    """What a tonne of the flow is a tonne of."""
    if flow.stage != MINE:
        return flow.what
    held: Mapping[str, float] = {
        name: (
            each.ore_sold.get((flow.pool, flow.what, flow.buyer), 0.0)
            if flow.buyer
            else each.mined(flow.pool).get(flow.what, 0.0)
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
    remarks = [_STEP, "A tonne less: not known where nothing is left."]
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


@dataclass(frozen=True)
class AfterFailure(Result):
    """What output and trade become after one line of the report, and what is then short.

    Attributes:
        id: of the line.
        label: its names.
        clause: what happens, as the clause of an if.
        event: outage, embargo or licence.
        shifts: the least changes of output and trade that serve what can be served.
        margins: what a tonne more, or less, of each capacity or flow at its bound is worth.
        rows: of the base year that all of it rests on.
        names: of countries, areas and ores, by code.
    """

    records_key: ClassVar[str] = "shifts"
    _json = (
        "id shifts.shifts shifts.notes=notes_of_shifts margins.margins "
        "margins.notes=notes_of_margins"
    )
    _parts: ClassVar = {
        "shifts": "What is made and sold otherwise",
        "margins": "What a tonne more or less is worth",
    }

    id: str
    label: str
    clause: str
    event: str
    shifts: tuple[Shift, ...]
    margins: tuple[MarginalValue, ...]
    rows: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)

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
        return [
            shift_table(self.shifts, self.clause, self.names),
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
        shifts=find_shifts(model.study, event),
        margins=find_marginal_values(model.study, event),
        rows=model.accounts.rows,
        names={**model.facts.country_labels, **ores},
        assumptions=assumed_in(model.base, model.facts),
    )
