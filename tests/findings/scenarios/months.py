"""Small chains run through months, with shocks by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import NO_EVENT, Event, Horizon
from monazite.findings.scenarios.engine import MonthEngine, MonthsRun, TimeAndStocks
from monazite.findings.scenarios.firms import DAYS, FirmClass
from monazite.findings.scenarios.month_programme import Key
from tests.findings.small_chains import MAGNETS, small_chain

TIGHT, SPARE = Horizon("tight", 1.0, 1.0), Horizon("spare", 2.0, 1.5)
NO_LEADS = {"mine": 0, "separation": 0, "metal": 0, "magnet": 0}
NO_STOCKS = {"mine": 0.0, "separation": 0.0, "metal": 0.0, "magnet": 0.0}


def one_market() -> Chain:
    """A makes 1,200 t of magnets a year, B uses them all: 100 t a month."""
    whole = {"A": 24.0}
    made = {"mine": whole, "separation": whole, "metal": whole, "magnet": whole}
    chain = small_chain(made, {})
    return replace(chain, sold={(MAGNETS, "A", "B"): 1200.0})


def two_markets() -> Chain:
    """A makes 1,200 t of magnets a year: A uses 480, B 420 and C 300."""
    whole = {"A": 24.0}
    made = {"mine": whole, "separation": whole, "metal": whole, "magnet": whole}
    sold = {(MAGNETS, "A", user): x for user, x in (("A", 480.0), ("B", 420.0), ("C", 300.0))}
    return replace(small_chain(made, {}), sold=sold)


def settings(
    *,
    months_of_stock: float = 1.0,
    classes: tuple[FirmClass, ...] | None = None,
    leads: Mapping[str, int] | None = None,
    transit: int = 0,
    cover: Mapping[str, float] | None = None,
    horizon: Horizon = TIGHT,
) -> TimeAndStocks:
    """What is assumed of a small chain; one class of firms, and nothing at plants if not said."""
    return TimeAndStocks(
        leads=leads or NO_LEADS,
        transit=transit,
        cover=cover or NO_STOCKS,
        classes=classes or (FirmClass(months_of_stock * DAYS, 1.0),),
        horizon=lambda _: horizon,
    )


@dataclass
class Shock:
    """An event in some months, from ``begins`` on and before ``ends``."""

    begins: int
    ends: int
    sales: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)
    output: Mapping[tuple[str, ...], float] = field(default_factory=dict)

    def event(self, month: int, leads: Mapping[str, int]) -> Event:
        """What is left when products are made."""
        sales = {k: x for k, x in self.sales.items() if self._on(month - leads.get(k[0], 0))}
        output = {k: x for k, x in self.output.items() if self._on(month - leads.get(k[0], 0))}
        return Event(output=output, sales=sales) if sales or output else NO_EVENT

    def _on(self, month: int) -> bool:
        return self.begins <= month < self.ends

    def demand(self, month: int) -> Mapping[tuple[str, str], float]:
        """Users want what they always do."""
        del month
        return {}

    def reserves(self, month: int) -> Mapping[tuple[str, str], float]:
        """No reserve gives anything."""
        del month
        return {}


class Undisturbed:
    """Nothing happens."""

    def event(self, month: int, leads: Mapping[str, int]) -> Event:
        """Return that nothing happens."""
        del month, leads
        return NO_EVENT

    def demand(self, month: int) -> Mapping[Key, float]:
        """Return nothing."""
        del month
        return {}

    def reserves(self, month: int) -> Mapping[Key, float]:
        """Return nothing."""
        del month
        return {}


def short(run: MonthsRun, user: str) -> list[float]:
    """Tonnes that a user does without, month by month."""
    keys = [key for key in run.used if key[1] == user]
    months = range(len(run.used[keys[0]]))
    return [sum(run.wanted[key][at] - run.used[key][at] for key in keys) for at in months]


def world_used(run: MonthsRun) -> float:
    """Tonnes that all users use over all months."""
    return sum(map(sum, run.used.values()))


def engine_of(chain: Chain, **given: object) -> MonthEngine:
    """An engine of a small chain."""
    return MonthEngine(chain, settings(**given))  # type: ignore[arg-type]
