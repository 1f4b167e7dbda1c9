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
    """How far trade and output can exceed those of the base year.

    Attributes:
        throughput: times the base year's output of what a country has at a stage.
        new_pairs: what pairs of countries that did not trade may, as a part of the buyer's intake.
        thrift: the part of an element that its magnets can do without, by element.
        added: tonnes of an element or a product that plants under construction make more, by
            stage, pool and what they make.
        before: the horizon before this one: nobody is served less here than there. Before the
            first one stand the contracts of the base year.
        bids: whether anything is bid for; without, the contracts are all that is served.
        ceilings: what bounds output in place of ``throughput``, where rows tell of it: quotas,
            nameplates.
    """

    name: str
    trade: float
    throughput: float
    new_pairs: float = 0.0
    thrift: Mapping[str, float] = field(default_factory=dict)
    added: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    before: Horizon | None = None
    bids: bool = True
    ceilings: frozenset[str] = frozenset()

    def times(self, ceiling: Ceiling | None) -> float:
        """Return how many times its output of the base year a pool can make.

        >>> year = Horizon("a year", 1.25, 1.1, ceilings=frozenset({"quota", "nameplate"}))
        >>> [year.times(x) for x in (None, Ceiling(1.0, "quota", ()), Ceiling(2.0, "quota", ()))]
        [1.1, 1.0, 1.1]
        >>> plate = Ceiling(1.7, "nameplate", ())
        >>> year.times(plate), BASE_YEAR.times(plate)
        (1.7, 1.0)
        """
        if ceiling is None or ceiling.by not in self.ceilings:
            return self.throughput
        return min(ceiling.times, self.throughput) if ceiling.by == QUOTA else ceiling.times


BASE_YEAR = Horizon("base year", 1.0, 1.0)


@dataclass(frozen=True)
class Event:
    """The parts of output and sales of the base year that an event leaves, 0 to 1.

    Attributes:
        output: by stage and pool, or by stage, pool and what it makes there: an element, a product,
            the ore of a country that mines several; 1 where nothing is said.
        sales: by stage, seller, buyer and what is sold (an element, a product); ``*`` is any.
            Ore is sold with all that it holds: what is sold of it is its name, or ``*`` where the
            seller mines one kind.
        added: tonnes of an element, or of a product, that a pool can make more at a stage.
        moved: what is left of a capacity or of a flow across a border moves by so much, in the
            unit of its column: by stage, pool, buyer (empty for what is made) and what.
    """

    output: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    sales: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)
    added: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    moved: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)

    def left_of(self, stage: str, pool: str, what: str = "") -> float:
        """Return the part of a pool's output that is left.

        >>> event = Event({("mine", "A"): 0.7, ("mine", "A", "pit"): 0.5})
        >>> event.left_of("mine", "A"), round(event.left_of("mine", "A", "pit"), 9)
        (0.7, 0.2)
        """
        whole = self.output.get((stage, pool), 1.0)
        part = self.output.get((stage, pool, what), 1.0)
        return whole if part == 1 else max(0.0, whole + part - 1)

    def left_of_sale(self, stage: str, seller: str, buyer: str, what: str = ANY) -> float:
        """Return the part of a flow that is left: the least of all restrictions that bind it.

        >>> Event(sales={("*", "CHN", "*", "*"): 0.5}).left_of_sale("metal", "CHN", "JPN", "Dy")
        0.5
        """
        if not self.sales:
            return 1.0
        keys = product((stage, ANY), (seller, ANY), (buyer, ANY), (what, ANY))
        return min((self.sales[key] for key in keys if key in self.sales), default=1.0)

    def more_of(self, stage: str, pool: str, what: str) -> float:
        """Return how much more of something a pool can make."""
        return more_of(self.added, stage, pool, what)

    def together_with(self, other: Event) -> Event:
        """Return the event that both happen.

        Losses of output of one pool add up, down to 0; of restrictions on one flow the tighter
        counts.

        >>> one, two = Event({("mine", "A"): 0.7}), Event({("mine", "A"): 0.6})
        >>> round(one.together_with(two).left_of("mine", "A"), 9)
        0.3
        """
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
    """Return what is added to something that a pool makes, by itself and with all that it makes.

    >>> more_of({("mine", "A", "*"): 0.1, ("mine", "A", "pit"): 0.2}, "mine", "A", "lode")
    0.1
    """
    return sum(added.get((stage, pool, each), 0.0) for each in {what, ANY})


def _both(one: Iterable[Key], other: Iterable[Key]) -> list[Key]:
    return list(dict.fromkeys((*one, *other)))


NO_EVENT = Event()
