"""Small chains run through months, with shocks by hand, and pairs of which one holds the other."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import NO_EVENT, Event, Horizon
from monazite.model.months.engine import Key, MonthEngine, MonthsRun, TimeAndStocks
from monazite.model.months.firms import DAYS, FirmClass
from tests.model.small_chains import MAGNETS, STAGES, small_chain

TIGHT, SPARE = Horizon("tight", 1.0, 1.0), Horizon("spare", 2.0, 1.5)
NO_LEADS = {"mine": 0, "separation": 0, "metal": 0, "magnet": 0}
NO_STOCKS = {"mine": 0.0, "separation": 0.0, "metal": 0.0, "magnet": 0.0}


def one_market() -> Chain:
    whole = {"A": 24.0}
    made = {"mine": whole, "separation": whole, "metal": whole, "magnet": whole}
    chain = small_chain(made, {})
    return replace(chain, sold={(MAGNETS, "A", "B"): 1200.0})


def two_markets() -> Chain:
    whole = {"A": 24.0}
    made = {"mine": whole, "separation": whole, "metal": whole, "magnet": whole}
    sold = {(MAGNETS, "A", user): x for user, x in (("A", 480.0), ("B", 420.0), ("C", 300.0))}
    return replace(small_chain(made, {}), sold=sold)


def settings(
    *,
    months_of_stock: float = 1.0,
    classes: tuple[FirmClass, ...] | None = None,
    leads: Mapping[str, float] | None = None,
    transit: float = 0,
    cover: Mapping[str, float] | None = None,
    horizon: Horizon = TIGHT,
) -> TimeAndStocks:
    return TimeAndStocks(
        leads=leads or NO_LEADS,
        transit=transit,
        cover=cover or NO_STOCKS,
        classes=classes or (FirmClass(months_of_stock * DAYS, 1.0),),
        horizon=lambda _: horizon,
    )


class Undisturbed:
    def breaks(self, leads: Mapping[str, float]) -> Iterable[float]:
        del leads
        return ()

    def event(self, begins: float, ends: float, leads: Mapping[str, float]) -> Event:
        del begins, ends, leads
        return NO_EVENT

    def demand(self, begins: float, ends: float) -> Mapping[Key, float]:
        del begins, ends
        return {}

    reserves = demand


Of = TypeVar("Of", bound=tuple[str, ...])


@dataclass
class Shock(Undisturbed):
    begins: float
    ends: float
    sales: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)
    output: Mapping[tuple[str, ...], float] = field(default_factory=dict)

    def breaks(self, leads: Mapping[str, float]) -> Iterable[float]:
        stages = {key[0] for key in (*self.sales, *self.output)}
        return {day + leads.get(x, 0) for day in (self.begins, self.ends) for x in stages}

    def event(self, begins: float, ends: float, leads: Mapping[str, float]) -> Event:
        def left(parts: Mapping[Of, float]) -> dict[Of, float]:
            on = {key: self._on(begins, ends, leads.get(key[0], 0)) for key in parts}
            return {key: 1 - (1 - x) * on[key] for key, x in parts.items() if on[key] > 0}

        sales, output = left(self.sales), left(self.output)
        return Event(output=output, sales=sales) if sales or output else NO_EVENT

    def _on(self, begins: float, ends: float, lead: float) -> float:
        """The part of a period that it lasts, to a billionth."""
        both = min(self.ends, ends - lead) - max(self.begins, begins - lead)
        return round(max(0.0, both) / (ends - begins), 9)


def short(run: MonthsRun, user: str) -> list[float]:
    keys = [key for key in run.used if key[1] == user]
    months = range(len(run.used[keys[0]]))
    return [sum(run.wanted[key][at] - run.used[key][at] for key in keys) for at in months]


def world_used(run: MonthsRun) -> float:
    return sum(map(sum, run.used.values()))


def engine_of(chain: Chain, **given: object) -> MonthEngine:
    return MonthEngine(chain, settings(**given))  # type: ignore[arg-type]


MORE, LONGER, EARLIER, DEEPER = "more", "longer", "earlier", "deeper"
WIDER_BY = (*((each,) for each in (MORE, LONGER, EARLIER, DEEPER)), (MORE, LONGER, EARLIER, DEEPER))


@dataclass(frozen=True)
class ShockPart:
    key: tuple[str, ...]
    left: float
    begins: int
    ends: int


class SeveralShocks(Undisturbed):
    def __init__(self, parts: Iterable[ShockPart]) -> None:
        self.parts = tuple(parts)
        self.month = 0
        """The last that was asked about."""

    def breaks(self, leads: Mapping[str, float]) -> Iterable[float]:
        return {x + leads.get(y.key[0], 0) for y in self.parts for x in (y.begins, y.ends)}

    def event(self, begins: float, ends: float, leads: Mapping[str, float]) -> Event:
        self.month = month = int(begins)
        sales: dict[tuple[str, str, str, str], float] = {}
        output: dict[tuple[str, ...], float] = {}
        for part in self.parts:
            if part.begins <= month - leads.get(part.key[0], 0) < part.ends:
                if len(part.key) == 4:
                    stage, seller, buyer, what = part.key
                    key = (stage, seller, buyer, what)
                    sales[key] = min(sales.get(key, 1.0), part.left)
                else:
                    output[part.key] = min(output.get(part.key, 1.0), part.left)
        return Event(output=output, sales=sales) if sales or output else NO_EVENT


def nested_pair(chain: Chain, seed: int) -> tuple[SeveralShocks, SeveralShocks]:
    """Draw one to three shocks, and the same made wider."""
    rng = random.Random(f"pair {seed}")
    narrow = [part for _ in range(rng.randint(1, 3)) for part in _drawn(chain, rng)]
    ways, wide = rng.choice(WIDER_BY), [*narrow]
    if LONGER in ways:
        more = rng.randint(1, 3)
        wide = [replace(part, ends=part.ends + more) for part in wide]
    if EARLIER in ways:
        before = rng.randint(1, 3)
        wide = [replace(part, begins=max(0, part.begins - before)) for part in wide]
    if DEEPER in ways:
        times = rng.choice([0.0, 0.5])
        wide = [replace(part, left=part.left * times) for part in wide]
    if MORE in ways:
        wide += [part for _ in range(rng.randint(1, 2)) for part in _drawn(chain, rng)]
    return SeveralShocks(narrow), SeveralShocks(wide)


def _drawn(chain: Chain, rng: random.Random) -> list[ShockPart]:
    made = {pool for each in chain.element_chains.values() for _, pool in each.made}
    pools = sorted(made | {pool for _, pool in chain.made})
    pool, buyer = rng.choice(pools), rng.choice(pools)
    stage = rng.choice(STAGES)
    what = rng.choice(sorted(chain.products if stage == "magnet" else chain.element_chains))
    begins = rng.randint(0, 4)
    ends, left = begins + rng.randint(1, 5), rng.choice([0.0, 0.0, 0.3, 0.7])
    keys: list[tuple[str, ...]] = rng.choice(
        [
            [(each, pool, "*", "*") for each in STAGES],
            [(each, pool, buyer, "*") for each in STAGES],
            [(stage, pool, "*", "*")],
            [(stage, pool, "*", "*" if stage == "mine" else what)],
            [(stage, pool)],
            [(stage, pool) if stage == "mine" else (stage, pool, what)],
            [(each, pool) for each in STAGES],
        ]
    )
    return [ShockPart(key, left, begins, ends) for key in keys]


def bounds_met(engine: MonthEngine, shock: SeveralShocks, months: int) -> list[dict[int, float]]:
    programme = engine.programme
    ordered = {
        column
        for columns in (*programme.served.values(), *programme.refill.values())
        for column in columns
    }
    found: list[dict[int, float]] = [{} for _ in range(months)]
    solve: Callable[..., list[float]] = programme.values

    def noting(bounds):  # type: ignore[no-untyped-def]
        found[shock.month] = {x: y for x, y in bounds.upper.items() if x not in ordered}
        return solve(bounds)

    programme.values = noting  # type: ignore[method-assign]
    try:
        engine.run(shock, months)
    finally:
        programme.values = solve  # type: ignore[method-assign]
    return found
