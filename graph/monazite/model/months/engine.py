"""A scenario period by period: firms order, contracts are served, the flow model shares the rest.

A month is a twelfth of the base year. Periods end with months, and at each time at which a shock
begins, is felt or ends. Each step before a product was taken some months earlier (``leads``), under
the shocks of that time; over a border goods arrive later. Nobody knows what comes. How far trade
stretches or goods travel does not depend on what is hit: a wider shock loosens no bound of any
month.

The flow model of a period is that of the base year, with stocks at plants and what users order.
Tonnes are a year's. Columns are added for what plants keep (a tonne weighs twelve in a row, and
more in a period shorter than a month), for what is made beyond the base year, which costs more than
goods beyond a normal stock are worth, and for what users order for stock. Every tonne that is used
is worth more than any that is kept, and one for users' stocks more than one for plants'; the value
of a stock falls step by step: who holds it is then no accident of the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from math import floor, fsum
from types import MappingProxyType
from typing import Protocol

from monazite.core.results import Struct, Value
from monazite.data.parameters import METAL, MINE, SEPARATION, USE
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import BASE_YEAR, NO_EVENT, Event, Horizon
from monazite.model.flow.constraints import GOLDEN
from monazite.model.flow.programme import (
    NO_FLOORS,
    Contracts,
    EventBounds,
    Programme,
    UnlimitedSupply,
)
from monazite.model.months.firms import FirmClass, MarketStock

MONTHS = 12
STEPS = 50
"""Equal steps of a user's demand; stocks of users have twice as many, those of plants half."""
REFILL = (0.5, 0.3)
"""Value of the first and the last tonne of a user's stock; what is used is worth 0.7 or more."""
KEPT = (0.2, 0.02)
"""Value of the first and the last tonne of a stock at plants, as the product that it would make;
what all elements of a product are worth in stock is less than the product in use."""
UNSOLD = 0.001  # value of a product that is kept beyond a normal stock
UNSOLD_UNMADE: Mapping[str, float] = MappingProxyType(
    {MINE: 0.1 * UNSOLD, SEPARATION: 0.15 * UNSOLD, METAL: 0.2 * UNSOLD}
)
"""The same of an element, by stage: all elements of a product are worth less than the product."""
UNSOLD_MONTHS = 3.0  # months of normal use that plants keep beyond a normal stock, whatever happens
MORE_MADE = 1.2 * UNSOLD / MONTHS
"""Cost of a tonne a year beyond the output of the base year, as the product that it would make."""
Key = tuple[str, str]
Numbers = Mapping[int, float]


class PlantStock(Struct):
    """Where plants keep a product; month is what they take and sell of it in one, in tonnes."""

    stage: str
    pool: str
    what: str
    month: float
    target: float
    steps: range
    unsold: int


class MonthState(Struct):
    """What a period begins with: tonnes in stock; tonnes a year that users want, and order."""

    length: float = 1.0
    """Of the period, in months."""
    stock: Numbers = field(default_factory=dict)
    demand: Mapping[Key, float] = field(default_factory=dict)
    refill: Mapping[Key, tuple[float, ...]] = field(default_factory=dict)


def _falling(values: tuple[float, float], place: int, worth: float, steps: int) -> list[float]:
    """Values of steps; those of different places take turns, so that all differ."""
    first, last = values
    fall, later = (first - last) / steps, place * place * GOLDEN % 1.0 / 2
    return [worth * (first - fall * (step + later)) for step in range(steps)]


class Conditions(Protocol):
    """What shocks leave of a chain in a period; times are months from the first day."""

    def breaks(self, leads: Mapping[str, float]) -> Iterable[float]:
        """Return the times at which a shock is felt at once, each stage so many months later."""

    def event(self, begins: float, ends: float, leads: Mapping[str, float]) -> Event:
        """Return what is left when products are made, each stage so many months before."""

    def demand(self, begins: float, ends: float) -> Mapping[Key, float]:
        """Return the factor on what users want, where it is not 1."""

    def reserves(self, begins: float, ends: float) -> Mapping[Key, float]:
        """Return the tonnes that reserves give to users, or take where they are negative."""


class MonthProgramme(Programme):
    """The flow model of a period, solved again and again as time goes by."""

    def __init__(
        self,
        chain: Chain,
        demand: Mapping[Key, float] | None = None,
        *,
        steps: int = STEPS,
        cover: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self.places: dict[int, PlantStock] = {}
        """By row."""
        self.refill: dict[Key, range] = {}
        self.more_made: dict[int, int] = {}
        """Columns of what is made beyond the base year, by the column of what is made in it."""
        self.now = MonthState()
        self._cover, self._kept_steps = cover, max(1, steps // 2)
        self.order_steps = 2 * steps  # one step of China's stock is many of Japan's
        super().__init__(chain, demand, steps=steps)

    def _column(self, base: float, *name: str) -> int:
        """A column of a base year; beside what plants make in it, what they make beyond."""
        column = super()._column(base, *name)
        if name[0] == "made":
            self.more_made[column] = self.columns.column(
                upper=0.0, cost=-MORE_MADE * self._worth_made(*name[1:]), name=("more", *name)
            )
        return column

    def _worth_made(self, stage: str, pool: str, what: str) -> float:
        """Tonnes of main products that a unit of an output makes; of a mine, with all it holds."""
        if stage != MINE:
            return self._worth(stage, what)
        return fsum(
            each.mined(pool).get(what, 0.0) * self._worth(MINE, element)
            for element, each in self.chain.element_chains.items()
        )

    def _at_most(self, terms: Mapping[int, float], bound: float, *name: str) -> int:
        """A row; what is kept where it is a place of stocks, what is ordered where it is a user."""
        more: dict[int, float] = {}
        place = None
        if name[0] == "taken_of":
            _, stage, pool, what = name
            of = self.chain.element_chains[what]
            sold = fsum(x for (at, who, _), x in of.flows.items() if (at, who) == (stage, pool))
            place = self._place(stage, pool, what, of.taken.get((stage, pool), 0.0) + sold)
        elif name[0] == "sold_of_made":
            _, pool, what = name
            stage = self.chain.products[what].stage
            place = self._place(stage, pool, what, self.chain.made[what, pool])
        elif name[0] == "oxide_of_ore":
            _, pool, what = name
            of = self.chain.element_chains[what]
            year = of.made.get((SEPARATION, pool), 0.0) - of.scrap.get(pool, 0.0)
            place = self._place(MINE, pool, what, year)
        elif name[0] == "served_of_sold":
            more = dict.fromkeys(self._orders((name[1], name[2])), 1.0)
        if place is not None:
            more = dict.fromkeys((*place.steps, place.unsold), float(MONTHS))
        more |= {self.more_made[x]: y for x, y in terms.items() if x in self.more_made}
        row = super()._at_most({**terms, **more}, bound, *name)
        if place is not None:
            self.places[row] = place
        return row

    def _place(self, stage: str, pool: str, what: str, year: float) -> PlantStock | None:
        """The columns of a stock; none where nothing is normally kept."""
        months = self._cover.get(f"{stage} in {pool}", self._cover.get(stage, 0.0))
        target = months * year / MONTHS
        if target <= 0 or stage == USE:
            return None
        worth = self._worth(stage, what)
        columns = self.columns.columns(
            _falling(KEPT, len(self.places), worth, self._kept_steps),
            upper=target / self._kept_steps,
            name=("kept", stage, pool, what),
        )
        unsold = self.columns.column(
            upper=UNSOLD_MONTHS * year / MONTHS,
            cost=worth * (UNSOLD if what in self.chain.products else UNSOLD_UNMADE[stage]),
            name=("unsold", stage, pool, what),
        )
        return PlantStock(stage, pool, what, year / MONTHS, target, columns, unsold)

    def _worth(self, stage: str, what: str) -> float:
        """Tonnes of main products that a tonne makes."""
        chain = self.chain
        if what in chain.products:
            return chain.products[what].worth
        of = chain.element_chains[what]
        at_stage = SEPARATION if stage == MINE else stage
        taken = fsum(x for (at, _), x in of.taken.items() if at == at_stage)
        made = fsum(
            x
            for (name, _), x in chain.made.items()
            if name in chain.main and (name, what) in chain.recipe
        )
        return made / taken if taken > 0 and made > 0 else 1.0

    def _orders(self, key: Key) -> range:
        worth = self.chain.products[key[0]].worth
        self.refill[key] = self.columns.columns(
            _falling(REFILL, len(self.refill), worth, self.order_steps),
            upper=0.0,
            name=("refill", *key),
        )
        return self.refill[key]

    def bounds(
        self,
        horizon: Horizon = BASE_YEAR,
        event: Event = NO_EVENT,
        *,
        unlimited: UnlimitedSupply = frozenset(),
        floors: Mapping[Key, float] = NO_FLOORS,
    ) -> EventBounds:
        """Return the bounds that a horizon, an event and the period (``now``) change.

        A tonne of stock weighs more in a shorter period: rows are rates, tonnes a year.
        """
        found = super().bounds(horizon, event, unlimited=unlimited, floors=floors)
        upper, rows, now = dict(found.upper), dict(found.row_upper), self.now
        for row, tonnes in now.stock.items():
            rows[row] = rows.get(row, self.columns.row_upper[row]) + MONTHS * tonnes / now.length
        if now.length != 1:
            for place in self.places.values():
                for column in (*place.steps, place.unsold):
                    upper[column] = self.columns.upper[column] / now.length
        for output, column in self.outputs.items():
            beyond = max(0.0, horizon.times(self.chain.ceilings.get(output)) - 1)
            more = self.base[column] * beyond * event.left_of(*output)
            upper[column] = max(0.0, upper[column] - more)
            upper[self.more_made[column]] = more
        for key, tonnes in now.demand.items():
            columns = self.served[key]
            upper |= dict.fromkeys(columns, tonnes / len(columns))
        for key, steps in now.refill.items():
            upper |= dict(zip(self.refill[key], steps, strict=True))
        return EventBounds(upper, rows)


SHORTEST = 1e-3  # months of a period
NEGLIGIBLE = 1e-6  # a part of a month's use that rounding takes away
FELT = 0.005  # the part of what the world wants from which on something is said to run short
BRINGS_BACK, MOST = 0.1, 0.5
"""What limits brings back this part of what is missing, and half of what the first limit does."""
BORDERS, PLANTS_LIMIT = "borders", "plants"
Amounts = Mapping[Key, float]
Sent = Mapping[Key, tuple[float, float]]  # from abroad, and from at home


class TimeAndStocks(Value):
    """What is assumed of time and stocks."""

    #: months from the product of a stage to the magnets that are made of it
    leads: Mapping[str, float]
    transit: float  #: months from a maker to a user in another country
    #: months of normal use that plants keep, by the stage whose product it is
    cover: Mapping[str, float]
    classes: tuple[FirmClass, ...]
    #: how far trade and plants stretch, by months from the first of the scenario
    horizon: Callable[[int], Horizon]

    @property
    def without_stocks(self) -> TimeAndStocks:
        """The same where no plant and no firm holds anything."""
        return replace(self, cover={}, classes=(FirmClass(0.0, 1.0),))


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

    def __init__(
        self,
        chain: Chain,
        settings: TimeAndStocks,
        demand: Mapping[Key, float] | None = None,
        *,
        steps: int = STEPS,
    ) -> None:
        self.chain, self.settings = chain, settings
        served = Programme(chain, steps=steps).serve().amounts if demand is None else demand
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
        """Run through the months; what is found is that of each month."""
        walk = _Walk(self, conditions, home_first, explain)
        for begins, ends in pairwise(self._times(conditions, months)):
            walk.go(begins, ends)
        return walk.found

    def _times(self, conditions: Conditions, months: int) -> list[float]:
        """Ends of months, and when a shock is felt at a border or a plant, and by who is abroad."""
        felt = {*conditions.breaks(self.settings.leads)}
        inside = felt | {x + self.settings.transit for x in felt}
        found = [0.0]
        for time in sorted({x for x in inside if 0 < x < months} | {*range(1, months + 1)}):
            whole = time == floor(time)
            if time - found[-1] >= SHORTEST:
                found.append(time)
            elif whole:
                found[-1] = time
        return found

    def sent(self, values: Sequence[float], length: float = 1.0) -> dict[Key, tuple[float, float]]:
        """Return the tonnes that leave for users in a period: from abroad, and from at home.

        Who serves a user is taken to be as in a normal month, as the flow model does not settle it.
        """
        programme, found = self.programme, {}
        for key in self.demand:
            columns = (*programme.served[key], *programme.refill[key])
            whole = max(0.0, fsum(values[x] for x in columns)) / MONTHS * length
            abroad, at_home = self.normal[key]
            part = abroad / (abroad + at_home) if abroad + at_home > 0 else 1.0
            found[key] = (whole * part, whole * (1 - part))
        return found


class _Walk:
    """One way through the periods."""

    def __init__(
        self, engine: MonthEngine, conditions: Conditions, home_first: bool, explain: bool
    ) -> None:
        self.engine, self.conditions = engine, conditions
        self.home_first, self.explain = home_first, explain
        settings = engine.settings
        self.kept = {row: place.target for row, place in engine.programme.places.items()}
        self.markets = {
            key: MarketStock(
                settings.classes, tonnes / MONTHS, engine.normal[key][0], settings.transit
            )
            for key, tonnes in engine.demand.items()
        }
        self.found = MonthsRun()
        self._most_missing: tuple[float, Callable[[], tuple[str, ...]]] = (0.0, tuple)

    def go(self, begins: float, ends: float) -> None:
        """Run through one period."""
        length = ends - begins
        event = self.conditions.event(begins, ends, self.engine.settings.leads)
        factors = self.conditions.demand(begins, ends)
        for key, tonnes in self.conditions.reserves(begins, ends).items():
            if tonnes > 0:
                self.markets[key].release(tonnes)
            else:
                self.markets[key].build(-tonnes)
        use = {
            key: x / MONTHS * length * factors.get(key, 1.0)
            for key, x in self.engine.demand.items()
        }
        sent: Sent = {key: (x * length, y * length) for key, (x, y) in self.engine.normal.items()}
        if event != NO_EVENT or factors or not self._at_rest():
            sent = self._send(begins, length, event, use)
        self._record(floor(begins), length, use, sent)
        if self.explain and ends == floor(ends):
            self.found.limits.append(self._most_missing[1]())
            self._most_missing = (0.0, tuple)

    def _at_rest(self) -> bool:
        places = self.engine.programme.places
        full = all(self.kept[row] >= x.target * (1 - NEGLIGIBLE) for row, x in places.items())
        return full and all(market.at_rest() for market in self.markets.values())

    def _send(self, begins: float, length: float, event: Event, use: Amounts) -> Sent:
        engine = self.engine
        programme, year = engine.programme, MONTHS / length
        horizon = engine.settings.horizon(floor(begins))
        ordered = {
            key: market.wanted(use[key], length * engine.normal[key][1], length)
            for key, market in self.markets.items()
        }
        wanted = {key: order[0] for key, order in ordered.items()}
        programme.now = MonthState(
            length=length,
            stock={**self.kept},  # as it is now: what limits is asked at the end of the month
            demand={key: year * tonnes for key, tonnes in wanted.items()},
            refill={key: self._steps(order[1], order[2], year) for key, order in ordered.items()},
        )
        by_contract = engine.contracts.serve(event, home_first=self.home_first).amounts
        floors = {x: min(y, year * wanted[x]) for x, y in by_contract.items() if x in wanted}
        values = programme.values(programme.bounds(horizon, event, floors=floors))
        sent = engine.sent(values, length)
        if self.explain:
            self._note(partial(self._limits, horizon, event, floors, programme.now), wanted, sent)
        for row, place in programme.places.items():
            kept = fsum(values[x] for x in (*place.steps, place.unsold))
            self.kept[row] = max(0.0, kept * length)
        return sent

    def _steps(self, order: float, filled: float, year: float) -> tuple[float, ...]:
        """What is ordered for stock, cut where the steps of a normal stock are."""
        count = self.engine.programme.order_steps
        if order <= 0 or filled >= 1:
            return (0.0,) * count
        whole = order / (1 - filled)
        ends = [min(1.0, max(filled, (step + 1) / count)) for step in range(count)]
        starts = [filled, *ends[:-1]]
        return tuple(
            year * whole * max(0.0, end - start) for start, end in zip(starts, ends, strict=True)
        )

    def _served(self, whole: Sent, wanted: Amounts) -> float:
        main = self.engine.chain.main
        return fsum(min(sum(x), wanted[key]) for key, x in whole.items() if key[0] in main)

    def _note(
        self,
        limits: Callable[[Amounts, float, float], tuple[str, ...]],
        wanted: Amounts,
        sent: Sent,
    ) -> None:
        """Keep the period of a month in which most is missing: it is asked what limits."""
        main = self.engine.chain.main
        in_all = fsum(tonnes for key, tonnes in wanted.items() if key[0] in main)
        served = self._served(sent, wanted)
        missing = in_all - served
        if missing > max(FELT * in_all, self._most_missing[0]):
            self._most_missing = (missing, partial(limits, wanted, served, missing))

    def _limits(
        self,
        horizon: Horizon,
        event: Event,
        floors: Amounts,
        now: MonthState,
        wanted: Amounts,
        before: float,
        missing: float,
    ) -> tuple[str, ...]:
        """What would bring back most of what is missing, were it there without limit."""
        programme = self.engine.programme
        programme.now = now

        def gained(other: Event, unlimited: UnlimitedSupply = frozenset()) -> float:
            bounds = programme.bounds(horizon, other, unlimited=unlimited, floors=floors)
            sent = self.engine.sent(programme.values(bounds), now.length)
            return self._served(sent, wanted) - before

        names = self.engine.chain.element_chains
        gains = {name: gained(event, frozenset({(name, METAL)})) for name in names}
        if event.sales:
            gains[BORDERS] = gained(Event(output=event.output, added=event.added))
        most = max(gains.values())
        if most < BRINGS_BACK * missing:
            return (PLANTS_LIMIT,)
        return tuple(name for name, x in sorted(gains.items()) if x >= MOST * most)

    def _record(self, month: int, length: float, use: Amounts, sent: Sent) -> None:
        """Add a period to its month; what lies at its end takes the place of what lay before."""
        found = self.found
        for key, market in self.markets.items():
            arrives = market.send(*sent[key], length)
            used, stopped = market.use(arrives, use[key])
            for of, value in (
                (found.wanted, use[key]),
                (found.used, used),
                (found.sent, fsum(sent[key])),
            ):
                months = of.setdefault(key, [])
                if len(months) <= month:
                    months.append(0.0)
                months[month] += value
            found.held.setdefault(key, [])[month:] = [market.stock]
            found.under_way.setdefault(key, [])[month:] = [market.under_way]
            parts = found.stopped.setdefault(key, [])
            before = parts[month] if len(parts) > month else (0.0,) * len(stopped)
            parts[month:] = [tuple(x + length * y for x, y in zip(before, stopped, strict=True))]
        for row, tonnes in self.kept.items():
            found.kept.setdefault(row, [])[month:] = [tonnes]
