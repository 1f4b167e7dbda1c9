"""A scenario month by month: firms order, contracts are served, the flow model shares the rest.

A month is a twelfth of the base year. Each step before a product was taken some months earlier
(``leads``), under the shocks of that month; over a border goods arrive later. Nobody knows what
comes. How far trade stretches or goods travel does not depend on what is hit: a wider shock
loosens no bound of any month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from monazite.analysis.scenarios.firms import FirmClass, MarketStock
from monazite.analysis.scenarios.month_programme import (
    MONTHS,
    STEPS,
    Conditions,
    Key,
    MonthProgramme,
    MonthState,
)
from monazite.data.parameters import METAL
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.event import NO_EVENT, Event, Horizon
from monazite.model.flow.programme import Contracts, Programme, UnlimitedSupply

NEGLIGIBLE = 1e-6  # a part of a month's use that rounding takes away
FELT = 0.005  # the part of what the world wants from which on something is said to run short
BRINGS_BACK, MOST = 0.1, 0.5
"""What limits brings back this part of what is missing, and half of what the first limit does."""
BORDERS, PLANTS_LIMIT = "borders", "plants"
Amounts = Mapping[Key, float]
Sent = Mapping[Key, tuple[float, float]]  # from abroad, and from at home


@dataclass(frozen=True)
class TimeAndStocks:
    """What is assumed of time and stocks.

    Attributes:
        leads: months from the product of a stage to the magnets that are made of it.
        transit: months from a maker to a user in another country.
        cover: months of normal use that plants keep, by the stage whose product it is.
        horizon: how far trade and plants stretch, by months from the first of the scenario.
    """

    leads: Mapping[str, int]
    transit: int
    cover: Mapping[str, float]
    classes: tuple[FirmClass, ...]
    horizon: Callable[[int], Horizon]


@dataclass
class MonthsRun:
    """What was found month by month, in tonnes; of stopped the part of each class of firms."""

    wanted: dict[Key, list[float]] = field(default_factory=dict)
    used: dict[Key, list[float]] = field(default_factory=dict)
    stopped: dict[Key, list[tuple[float, ...]]] = field(default_factory=dict)
    held: dict[Key, list[float]] = field(default_factory=dict)
    under_way: dict[Key, list[float]] = field(default_factory=dict)
    kept: dict[int, list[float]] = field(default_factory=dict)
    sent: dict[Key, list[float]] = field(default_factory=dict)
    limits: list[tuple[str, ...]] = field(default_factory=list)


class MonthEngine:
    """The chain of a base year, ready to be run through any scenario."""

    def __init__(self, chain: Chain, settings: TimeAndStocks, *, steps: int = STEPS) -> None:
        """Build the programme of a normal month, once."""
        self.chain, self.settings = chain, settings
        served = Programme(chain, steps=steps).serve().amounts
        self.programme = MonthProgramme(chain, served, steps=steps, cover=settings.cover)
        self.contracts = Contracts(self.programme)
        self.demand = {key: tonnes for key, tonnes in sorted(served.items()) if tonnes > 0}
        self.normal = self._normal()
        """What a user gets in a normal month: from abroad, and from its own country."""

    def _normal(self) -> dict[Key, tuple[float, float]]:
        abroad, home = dict.fromkeys(self.demand, 0.0), dict.fromkeys(self.demand, 0.0)
        for (product, pool, user), tonnes in sorted(self.chain.sold.items()):
            key = (product, user)
            if key in self.demand:
                (home if pool == user else abroad)[key] += tonnes / MONTHS
        found = {}
        for key, tonnes in self.demand.items():
            part = tonnes / MONTHS / max(abroad[key] + home[key], 1e-12)
            found[key] = (abroad[key] * part, home[key] * part)
        return found

    def run(
        self,
        conditions: Conditions,
        months: int,
        *,
        home_first: bool = False,
        explain: bool = False,
    ) -> MonthsRun:
        """Run through the months."""
        walk = _Walk(self, conditions, home_first, explain)
        for month in range(months):
            walk.go(month)
        return walk.found

    def sent(self, values: Sequence[float]) -> dict[Key, tuple[float, float]]:
        """Return the tonnes that leave for users in a month: from abroad, and from at home.

        Who serves a user is taken to be as in a normal month, as the flow model does not settle it.
        """
        programme, found = self.programme, {}
        for key in self.demand:
            columns = (*programme.served[key], *programme.refill[key])
            whole = max(0.0, fsum(values[x] for x in columns)) / MONTHS
            abroad, at_home = self.normal[key]
            part = abroad / (abroad + at_home) if abroad + at_home > 0 else 1.0
            found[key] = (whole * part, whole * (1 - part))
        return found


class _Walk:
    """One way through the months."""

    def __init__(
        self, engine: MonthEngine, conditions: Conditions, home_first: bool, explain: bool
    ) -> None:
        self.engine, self.conditions = engine, conditions
        self.home_first, self.explain = home_first, explain
        settings = engine.settings
        self.kept = {row: place.target for row, place in engine.programme.places.items()}
        self.markets = {
            key: MarketStock(
                settings.classes, tonnes / MONTHS, [engine.normal[key][0]], settings.transit
            )
            for key, tonnes in engine.demand.items()
        }
        self.found = MonthsRun()

    def go(self, month: int) -> None:
        """Run through one month."""
        event = self.conditions.event(month, self.engine.settings.leads)
        factors = self.conditions.demand(month)
        for key, tonnes in self.conditions.reserves(month).items():
            if tonnes > 0:
                self.markets[key].release(tonnes)
            else:
                self.markets[key].build(-tonnes)
        use = {key: x / MONTHS * factors.get(key, 1.0) for key, x in self.engine.demand.items()}
        sent: Sent = self.engine.normal
        limits: tuple[str, ...] = ()
        if event != NO_EVENT or factors or not self._at_rest():
            sent, limits = self._send(month, event, use)
        self._record(use, sent, limits)

    def _at_rest(self) -> bool:
        places = self.engine.programme.places
        full = all(self.kept[row] >= x.target * (1 - NEGLIGIBLE) for row, x in places.items())
        return full and all(market.at_rest() for market in self.markets.values())

    def _send(self, month: int, event: Event, use: Amounts) -> tuple[Sent, tuple[str, ...]]:
        engine = self.engine
        programme = engine.programme
        horizon = engine.settings.horizon(month)
        ordered = {
            key: market.wanted(use[key], engine.normal[key][1])
            for key, market in self.markets.items()
        }
        wanted = {key: order[0] for key, order in ordered.items()}
        programme.now = MonthState(
            stock=self.kept,
            demand={key: MONTHS * tonnes for key, tonnes in wanted.items()},
            refill={key: self._steps(order[1], order[2]) for key, order in ordered.items()},
        )
        by_contract = engine.contracts.serve(event, home_first=self.home_first).amounts
        floors = {x: min(y, MONTHS * wanted[x]) for x, y in by_contract.items() if x in wanted}
        values = programme.values(programme.bounds(horizon, event, floors=floors))
        sent = engine.sent(values)
        limits = self._limits(horizon, event, floors, wanted, sent) if self.explain else ()
        for row, place in programme.places.items():
            self.kept[row] = max(0.0, fsum(values[x] for x in (*place.steps, place.unsold)))
        return sent, limits

    def _steps(self, order: float, filled: float) -> tuple[float, ...]:
        """What is ordered for stock, cut where the steps of a normal stock are."""
        count = self.engine.programme.order_steps
        if order <= 0 or filled >= 1:
            return (0.0,) * count
        whole = order / (1 - filled)
        ends = [min(1.0, max(filled, (step + 1) / count)) for step in range(count)]
        starts = [filled, *ends[:-1]]
        return tuple(
            MONTHS * whole * max(0.0, end - start) for start, end in zip(starts, ends, strict=True)
        )

    def _limits(
        self, horizon: Horizon, event: Event, floors: Amounts, wanted: Amounts, sent: Sent
    ) -> tuple[str, ...]:
        """What would bring back most of what is missing, were it there without limit."""
        main = self.engine.chain.main
        in_all = fsum(tonnes for key, tonnes in wanted.items() if key[0] in main)

        def served(whole: Sent) -> float:
            return fsum(min(sum(x), wanted[key]) for key, x in whole.items() if key[0] in main)

        missing = in_all - served(sent)
        if missing <= FELT * in_all:
            return ()
        programme = self.engine.programme

        def gained(other: Event, unlimited: UnlimitedSupply = frozenset()) -> float:
            bounds = programme.bounds(horizon, other, unlimited=unlimited, floors=floors)
            return served(self.engine.sent(programme.values(bounds))) - served(sent)

        names = self.engine.chain.element_chains
        gains = {name: gained(event, frozenset({(name, METAL)})) for name in names}
        if event.sales:
            gains[BORDERS] = gained(Event(output=event.output, added=event.added))
        most = max(gains.values())
        if most < BRINGS_BACK * missing:
            return (PLANTS_LIMIT,)
        return tuple(name for name, x in sorted(gains.items()) if x >= MOST * most)

    def _record(self, use: Amounts, sent: Sent, limits: tuple[str, ...]) -> None:
        found = self.found
        found.limits.append(limits)
        for key, market in self.markets.items():
            arrives = market.send(*sent[key])
            consumed = market.use(arrives, use[key])
            for of, value in (
                (found.wanted, use[key]),
                (found.used, consumed.used),
                (found.held, market.stock),
                (found.under_way, fsum(market.under_way)),
                (found.sent, fsum(sent[key])),
            ):
                of.setdefault(key, []).append(value)
            found.stopped.setdefault(key, []).append(consumed.stopped)
        for row, tonnes in self.kept.items():
            found.kept.setdefault(row, []).append(tonnes)
