"""What the world can stretch to, and what happens to it: horizons and events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TypeVar

ANY = "*"
Key = TypeVar("Key")


@dataclass(frozen=True)
class Horizon:
    """How far the world can stretch.

    Attributes:
        name: of the horizon.
        trade: times the base year's flow between two countries.
        throughput: times the base year's output of what a country has at a stage.
        new_pairs: what pairs of countries that did not trade may, as a part of the buyer's intake.
        thrift: the part of an element that its magnets can do without, by element.
        added: tonnes of an element or a product that plants under construction make more, by
            stage, pool and what they make.
    """

    name: str
    trade: float
    throughput: float
    new_pairs: float = 0.0
    thrift: Mapping[str, float] = field(default_factory=dict)
    added: Mapping[tuple[str, str, str], float] = field(default_factory=dict)


BASE_YEAR = Horizon("base year", 1.0, 1.0)


@dataclass(frozen=True)
class Event:
    """What happens, as the part of the base year's capacity that is left.

    Attributes:
        output: by stage and pool; 1 where nothing is said.
        sales: by stage, seller, buyer and what is sold (an element, a product); ``*`` is any.
            Ore is sold with all that it holds: what is sold of it is ``*``.
        added: tonnes of an element, or of a product, that a pool can make more at a stage.
    """

    output: Mapping[tuple[str, str], float] = field(default_factory=dict)
    sales: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)
    added: Mapping[tuple[str, str, str], float] = field(default_factory=dict)

    def left_of(self, stage: str, pool: str) -> float:
        """The part of a pool's output that is left."""
        return self.output.get((stage, pool), 1.0)

    def left_of_sale(self, stage: str, seller: str, buyer: str, what: str = ANY) -> float:
        """The part of a flow that is left: the least of all that binds it.

        >>> Event(sales={("*", "CHN", "*", "*"): 0.5}).left_of_sale("metal", "CHN", "JPN", "Dy")
        0.5
        """
        if not self.sales:
            return 1.0
        keys = product((stage, ANY), (seller, ANY), (buyer, ANY), (what, ANY))
        return min((self.sales[key] for key in keys if key in self.sales), default=1.0)

    def more_of(self, stage: str, pool: str, what: str) -> float:
        """Tonnes that a pool can make more of an element or a product."""
        return self.added.get((stage, pool, what), 0.0)

    def together_with(self, other: Event) -> Event:
        """Both happen: what they take of one pool's output adds up, the closer border counts.

        >>> one, two = Event({("mine", "A"): 0.7}), Event({("mine", "A"): 0.6})
        >>> round(one.together_with(two).left_of("mine", "A"), 9)
        0.3
        """
        return Event(
            output={
                key: max(0.0, self.left_of(*key) + other.left_of(*key) - 1)
                for key in _both(self.output, other.output)
            },
            sales={
                key: min(self.sales.get(key, 1.0), other.sales.get(key, 1.0))
                for key in _both(self.sales, other.sales)
            },
            added={
                key: self.more_of(*key) + other.more_of(*key)
                for key in _both(self.added, other.added)
            },
        )


def _both(one: Iterable[Key], other: Iterable[Key]) -> list[Key]:
    return list(dict.fromkeys((*one, *other)))


NO_EVENT = Event()
