"""A case: what is known of one item, its way and its buyer; whatever is not known is left out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monazite.core.errors import BadCellError
from monazite.core.results import Frozen, Value

Truth = int
"""``NO``, ``YES``, or ``OPEN`` with the bits of its reasons."""
NO, YES, OPEN = 0, 1, 2
STRADDLES, MISSING, STATUS, UNREAD, DIFFERS = 4, 8, 16, 32, 64
REASONS = {
    STRADDLES: "range straddles",
    MISSING: "fact missing",
    STATUS: "status unknown",
    UNREAD: "text unread",
    DIFFERS: "guidance differs",
}
"""Why an outcome is open, or differs from that of the text: the closed list."""
CAUGHT, MAY, NOT, NOT_JUDGED = "caught", "may", "not", "not judged"
OUTCOMES = (CAUGHT, MAY, NOT_JUDGED, NOT)


def open_for(*reasons: int) -> Truth:
    """Return what is open, for some reasons."""
    return OPEN | sum(reasons)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return whether all of some truths hold; of none it is yes."""
    held = YES
    for truth in truths:
        if truth == NO:
            return NO
        if truth != YES:
            held = truth if held == YES else held | truth
    return held


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return whether one of some truths holds; of none it is no."""
    held = NO
    for truth in truths:
        if truth == YES:
            return YES
        held |= truth
    return held


def negated(truth: Truth) -> Truth:
    """Return the contrary; what is open stays open."""
    return YES - truth if truth in (YES, NO) else truth


def outcome_of(truth: Truth) -> str:
    """Return the outcome: what is open only because a text was not read is not judged.

    >>> outcome_of(YES), outcome_of(open_for(UNREAD)), outcome_of(open_for(UNREAD, MISSING))
    ('caught', 'not judged', 'may')
    """
    truth &= ~DIFFERS
    if truth in (YES, NO):
        return CAUGHT if truth == YES else NOT
    return NOT_JUDGED if truth == open_for(UNREAD) else MAY


def reasons_of(truth: Truth) -> tuple[str, ...]:
    """Return why it is open, or differs from the text, in the order of the list."""
    return tuple(words for bit, words in REASONS.items() if truth & bit)


Possible = frozenset[str] | None
"""What something may be; None where nothing is known."""


@dataclass(frozen=True, slots=True)
class Between:
    """A number of which the two ends are known."""

    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse what is no range."""
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low >= 0):
            raise BadCellError(
                f"A range has two finite ends, none below 0: {self.low}, {self.high}",
                "write two numbers",
            )
        if self.low > self.high:
            raise BadCellError(
                f"the low end {self.low} lies above the high end {self.high}", "turn them round"
            )

    def times(self, other: Between) -> Between:
        """Return the product of two ranges."""
        return Between(self.low * other.low, self.high * other.high)

    def per(self, other: Between) -> Between:
        """Return one range by another."""
        if other.low <= 0:
            raise BadCellError("what one divides by must be above 0", "give it a least value")
        return Between(self.low / other.high, self.high / other.low)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """In which countries a stage lies, and in which it can, these among them; None for any."""

    surely: frozenset[str] = frozenset()
    perhaps: Possible = None

    def __post_init__(self) -> None:
        """Refuse what is sure and impossible at once."""
        if self.perhaps is not None and not self.surely <= self.perhaps:
            raise BadCellError(
                "a country that is sure is not among those that are possible", "add it to them"
            )

    @classmethod
    def only(cls, *countries: str) -> Whereabouts:
        """Return that a stage lies in some countries, in each of them, and nowhere else."""
        return cls(frozenset(countries), frozenset(countries))


@dataclass(frozen=True)
class Case(Value):
    """What is known of one item; what is named is a code of the scheme of that name.

    Attributes:
        magnet_types: types that it may hold; ``none`` for an item without a magnet.
        content: mass of an element by mass of the magnet, or of the material, by symbol.
        tested: symbols of the elements whose content was tested; of others it is not known.
        value_share: value of an element in the item by the value of the item, by symbol.
        stages: where a stage lies, by its code and the symbol of an element; of all elements where
            the symbol is empty.
        through_unknown: whether it may stop in other countries between the two.
        classes: keys of the classes of products that it is known to belong to; of none where
            there is none, or where ``none`` is among them beyond those named.
        listed_on: ids of the acts on whose list a buyer or user stands; empty where none does.
        owned_by_listed: share of a buyer or user that listed firms own together.
    """

    magnet_types: Possible = None
    forms: Possible = None
    shipped_as: Possible = None
    content: Mapping[str, Between] = field(default_factory=Frozen)
    tested: frozenset[str] = frozenset()
    value_share: Mapping[str, Between] = field(default_factory=Frozen)
    stages: Mapping[tuple[str, str], Whereabouts] = field(default_factory=Frozen)
    made_in: Whereabouts | None = None
    ships_from: Possible = None
    destination: Possible = None
    through_unknown: bool = False
    facts: Mapping[str, bool] = field(default_factory=Frozen)
    classes: Possible = None
    parties: frozenset[str] = frozenset()
    listed_on: Possible = None
    owned_by_listed: Between | None = None
    staff: Between | None = None
    turnover: Between | None = None
    magnet_mass: Between | None = None
    item_mass: Between | None = None

    def where(self, stage: str, element: str = "") -> Whereabouts | None:
        """Return where a stage lies for an element, as far as it is known."""
        return self.stages.get((stage, element)) or self.stages.get((stage, ""))

    def all_where(self, stage: str) -> Iterable[Whereabouts | None]:
        """Return where a stage lies for all elements; None among them where of some not known."""
        found = [where for (name, _), where in self.stages.items() if name == stage]
        return found if (stage, "") in self.stages else [*found, None]


def value_shares(
    content: Mapping[str, Between], prices: Mapping[str, Between], item_price: Between
) -> dict[str, Between]:
    """Work out which share of the value of an item its content makes up.

    >>> dy = {"Dy": Between(0.0005, 0.0005)}
    >>> share = value_shares(dy, {"Dy": Between(250, 1000)}, Between(60, 60))["Dy"]
    >>> round(share.low, 5), round(share.high, 5)
    (0.00208, 0.00833)
    """
    found = {}
    for element in filter(prices.__contains__, content):
        share = content[element].times(prices[element]).per(item_price)
        found[element] = Between(min(share.low, 1.0), min(share.high, 1.0))
    return found
