"""What users get in the twelve months after an event, with stocks, transit and lead times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from math import fsum
from typing import TypeVar

from monazite.core.results import Struct
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ANY
from monazite.model.contingencies.failure_points import NO_EVENT, Event, Horizon
from monazite.model.flow.programme import Served
from monazite.model.months.engine import MONTHS, Key, MonthEngine, TimeAndStocks
from monazite.model.months.firms import IMMEDIATE

Of = TypeVar("Of", bound=tuple[str, ...])
FIRST_STEPS = 12  # of a user's demand: a year lost lies within half a point of that by 100


class FromFirstDay:
    """An event that begins on the first day and stays; each stage is felt after its lead time."""

    def __init__(self, event: Event, leads: Iterable[str]) -> None:
        """Take an event; a border that is closed for goods of any stage is closed for each."""
        stages = {ANY: (*leads,)}
        self._sales = {
            (stage, *key[1:]): left
            for key, left in sorted(event.sales.items(), key=lambda x: x[0][0] != ANY)
            for stage in stages.get(key[0], (key[0],))
        }
        self._event = event

    def breaks(self, leads: Mapping[str, float]) -> Iterable[float]:
        """Return the times at which it is felt."""
        event = self._event
        keys = (*event.output, *self._sales, *event.added, *event.moved)
        return {leads.get(key[0], 0.0) for key in keys}

    def event(self, begins: float, ends: float, leads: Mapping[str, float]) -> Event:
        """Return what is felt of it in a period."""

        def felt(parts: Mapping[Of, float], normal: float = 1.0) -> dict[Of, float]:
            middle = (begins + ends) / 2
            return {k: x for k, x in parts.items() if leads.get(k[0], 0.0) < middle and x != normal}

        found = Event(
            output=felt(self._event.output),
            sales=felt(self._sales),
            added=felt(self._event.added, 0.0),
            moved=felt(self._event.moved, 0.0),
        )
        return found if any(vars(found).values()) else NO_EVENT

    def demand(self, begins: float, ends: float) -> Mapping[Key, float]:
        """Users want what they wanted."""
        del begins, ends
        return {}

    reserves = demand


class FirstYear(Struct):
    """The first twelve months after any event, of one chain, for all users at once."""

    chain: Chain
    settings: TimeAndStocks
    demand: Mapping[Key, float]
    """What the base year serves, of which a part is lost."""
    steps: int = FIRST_STEPS

    @cached_property
    def _engine(self) -> MonthEngine:
        return MonthEngine(self.chain, self.settings, self.demand, steps=self.steps)

    def served(self, event: Event) -> Served:
        """Return what users use in the twelve months."""
        run = self._engine.run(FromFirstDay(event, self.settings.leads), MONTHS)
        return Served({key: fsum(months) for key, months in sorted(run.used.items())})

    @property
    def assumed(self) -> tuple[object, ...]:
        """What its numbers rest on beside the chain and its horizons: time and stocks."""
        given = self.settings
        return (given.leads, given.transit, given.cover, given.classes, self.steps)

    @property
    def horizons(self) -> tuple[Horizon, ...]:
        """How far trade stretches, first and then."""
        return (self.settings.horizon(0), self.settings.horizon(IMMEDIATE))
