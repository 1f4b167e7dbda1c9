"""Horizons (how far trade and output can stretch) and events (what is left of them)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
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
    # by stage, pool, buyer, goods
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
            output={
                key: max(0.0, self.output.get(key, 1.0) + other.output.get(key, 1.0) - 1)
                for key in _both(self.output, other.output)
            },
            sales={
                key: min(self.sales.get(key, 1.0), other.sales.get(key, 1.0))
                for key in _both(self.sales, other.sales)
            },
            added={
                key: self.added.get(key, 0.0) + other.added.get(key, 0.0)
                for key in _both(self.added, other.added)
            },
            moved={
                key: self.moved.get(key, 0.0) + other.moved.get(key, 0.0)
                for key in _both(self.moved, other.moved)
            },
        )


def more_of(added: Mapping[tuple[str, str, str], float], stage: str, pool: str, what: str) -> float:
    """Return what is added to something that a pool makes, by itself and with all that it makes."""
    return sum(added.get((stage, pool, each), 0.0) for each in {what, ANY})


def _both(one: Iterable[Key], other: Iterable[Key]) -> list[Key]:
    return list(dict.fromkeys((*one, *other)))


NO_EVENT = Event()
