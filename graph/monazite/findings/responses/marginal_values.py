"""Marginal values: what a tonne more, or less, of a capacity or a border flow is worth.

The value is a finite difference: the bound of the capacity or flow is moved by one per cent of the
base year, at least a tonne, contracts and linear programme are worked out again, and the change of
what is served is divided by the step. The values to the right (a tonne more) and to the left (a
tonne less) differ where another bound begins to hold. Only what is at its bound after the event has
a value. Values at solver precision are not reported.

The world's total counts all products of the chain; oxide that is used beside magnets counts as the
magnets that it would make. What one market gets depends on who is served next, and demand is
served in steps: its value is known no better than one such step over the step of the capacity,
which is the resolution.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from math import fsum, isinf

from monazite.errors import NotKnownError
from monazite.findings.events.event import Event
from monazite.findings.flow_model.programme import STEPS, Programme
from monazite.findings.flow_model.study import Study
from monazite.findings.responses.rerouting import flows_of, ore_of
from monazite.parameters import MINE

PART, LEAST = 0.01, 1.0
"""The step: this part of the base year, and at least so many tonnes."""
COLUMNS = 5000
"""Steps in all that the users' demands may be cut into where differences of losses are read."""
_PRECISION = 1e-6
"""Of the solver: a smaller difference is none."""


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
    flows = _flows(total.programme)
    found = (margin for flow in flows for margin in _marginal_values(study, flow, total, market))
    return tuple(
        sorted(found, key=lambda x: (-x.right, -(x.left or 0.0), x.stage, x.pool, x.buyer, x.what))
    )


@dataclass(frozen=True)
class _PricedFlow:
    """Something made, or sold across a border, and the tonnes that its column stands for."""

    stage: str
    pool: str
    buyer: str
    what: str
    tonnes: float  # of a column of 1
    base: float


def fine(study: Study) -> int:
    """Return into how many steps each demand is cut, so that marginal values are read finely."""
    return max(STEPS, COLUMNS // len(study.demand))


def _flows(programme: Programme) -> Iterable[_PricedFlow]:
    """All that was made or sold in the base year."""
    for (stage, pool, buyer, what), (_, flow, base) in flows_of(programme).items():
        if flow * base > 0:
            yield _PricedFlow(stage, pool, buyer, what, flow, flow * base)


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
    others = len(study.chain.products) > len(study.chain.main)
    whole = f"{study.chain.title}{' and other uses' if others else ''}"
    margin = MarginalValue(
        stage=flow.stage,
        pool=flow.pool,
        buyer=flow.buyer,
        what=ore_of(flow.stage, flow.what),
        base=flow.base,
        step=step,
        right=ends[0][0],
        left=ends[0][1],
        unit=f"t of {whole} per t of {kind}",
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
