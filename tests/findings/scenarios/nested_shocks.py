"""Pairs of shocks of which one holds all of the other: wider, longer, earlier or deeper."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import NO_EVENT, Event
from monazite.findings.scenarios.engine import MonthEngine
from monazite.findings.scenarios.month_programme import Key
from tests.findings.small_chains import STAGES

MORE, LONGER, EARLIER, DEEPER = "more", "longer", "earlier", "deeper"
WIDER_BY = (*((each,) for each in (MORE, LONGER, EARLIER, DEEPER)), (MORE, LONGER, EARLIER, DEEPER))


@dataclass(frozen=True)
class ShockPart:
    """What is left of sales (a key of four) or of output, from ``begins`` on, before ``ends``."""

    key: tuple[str, ...]
    left: float
    begins: int
    ends: int


class SeveralShocks:
    """Parts at once: of one key the tightest counts."""

    def __init__(self, parts: Iterable[ShockPart]) -> None:
        self.parts = tuple(parts)
        self.month = 0
        """The last that was asked about."""

    def event(self, month: int, leads: Mapping[str, int]) -> Event:
        """What is left when products are made."""
        self.month = month
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

    def demand(self, month: int) -> Mapping[Key, float]:
        """Users want what they always do."""
        del month
        return {}

    def reserves(self, month: int) -> Mapping[Key, float]:
        """No reserve gives anything."""
        del month
        return {}


def nested_pair(chain: Chain, seed: int) -> tuple[SeveralShocks, SeveralShocks]:
    """Draw one to three shocks, and the same made wider.

    Each touches a seller, some of its buyers, a stage, an element or product, its plants, or all of
    a country. The second has more of them, or lasts longer, begins earlier, leaves less, or all.

    Args:
        chain: that they touch.
        seed: of what is drawn.

    Returns:
        The narrower, and the wider.
    """
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
    """One shock: a seller, a buyer, a stage, an element, plants, or a country."""
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
    """The bounds of columns that the months were solved under, but for those of what is ordered."""
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
