"""Horizons (how far trade and output can stretch) and events (what is left of them)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from operator import add
from typing import TypeVar

from monazite.model.chain.chain import QUOTA, Ceiling
from monazite.model.chain.element_chain import ANY

Key = TypeVar("Key")


@dataclass(frozen=True)
class Horizon:
    """How far trade and output can exceed those of the base year."""

    name: str
    trade: float
    throughput: float  # times the base year's output of what a country has at a stage
    new_pairs: float = 0.0  # as a part of the buyer's intake
    # what magnets can do without, by element
    thrift: Mapping[str, float] = field(default_factory=dict)
    # by stage, pool and what is made
    added: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    before: Horizon | None = None  # nobody is served less here than there
    bids: bool = True  # whether anything is bid for; without, the contracts are all that is served
    ceilings: frozenset[str] = frozenset()  # in place of `throughput`

    def times(self, ceiling: Ceiling | None) -> float:
        """Return how many times its output of the base year a pool can make."""
        if ceiling is None or ceiling.by not in self.ceilings:
            return self.throughput
        return min(ceiling.times, self.throughput) if ceiling.by == QUOTA else ceiling.times


BASE_YEAR = Horizon("base year", 1.0, 1.0)


@dataclass(frozen=True)
class Event:
    """The parts of output and sales of the base year that an event leaves, 0 to 1."""

    # by stage, pool and perhaps what is made
    output: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    # by stage, seller, buyer, goods; `*` is any
    sales: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)
    added: Mapping[tuple[str, str, str], float] = field(default_factory=dict)  # tonnes
    # how much what is left moves: by stage, pool, buyer (empty for what is made) and goods
    moved: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)

    def left_of(self, stage: str, pool: str, what: str = "") -> float:
        """Return the part of a pool's output that is left."""
        whole = self.output.get((stage, pool), 1.0)
        part = self.output.get((stage, pool, what), 1.0)
        return whole if part == 1 else max(0.0, whole + part - 1)

    def left_of_sale(self, stage: str, seller: str, buyer: str, what: str = ANY) -> float:
        """Return the part of a flow that is left: the least of all restrictions that bind it."""
        if not self.sales:
            return 1.0
        keys = product((stage, ANY), (seller, ANY), (buyer, ANY), (what, ANY))
        return min((self.sales[key] for key in keys if key in self.sales), default=1.0)

    def more_of(self, stage: str, pool: str, what: str) -> float:
        """Return how much more of something a pool can make."""
        return more_of(self.added, stage, pool, what)

    def together_with(self, other: Event) -> Event:
        """Return both events: losses of one pool add up, the tighter restriction counts."""
        return Event(
            output=_merged(self.output, other.output, 1.0, lambda a, b: max(0.0, a + b - 1)),
            sales=_merged(self.sales, other.sales, 1.0, min),
            added=_merged(self.added, other.added, 0.0, add),
            moved=_merged(self.moved, other.moved, 0.0, add),
        )


def more_of(added: Mapping[tuple[str, str, str], float], stage: str, pool: str, what: str) -> float:
    """Return what is added to something that a pool makes, by itself and with all that it makes."""
    return sum(added.get((stage, pool, each), 0.0) for each in {what, ANY})


def _merged(
    one: Mapping[Key, float],
    other: Mapping[Key, float],
    none: float,
    join: Callable[[float, float], float],
) -> dict[Key, float]:
    """Join the numbers of two events; what one does not speak of is `none` there."""
    return {
        key: join(one.get(key, none), other.get(key, none)) for key in dict.fromkeys((*one, *other))
    }


NO_EVENT = Event()
