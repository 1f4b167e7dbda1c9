"""A case, what is known of one item, and whether it meets a condition: yes, no, or open why.

What is not known is left out. Each test asks the known ends of a range, or what is possible:
knowing more never turns it round.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from operator import ge, gt

from monazite.analysis.rules.conditions import NO_CLASS, RuleCondition
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
    """Return the outcome: what is open only because a text was not read is not judged."""
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


class Case(Value):
    """What is known of one item; what is named is a code of the scheme of that name."""

    magnet_types: Possible = None  #: types that it may hold; ``none`` for an item without a magnet
    forms: Possible = None
    shipped_as: Possible = None
    #: mass of an element by mass of the magnet, or of the material, by symbol
    content: Mapping[str, Between] = field(default_factory=Frozen)
    #: symbols of the elements whose content was tested; of others it is not known
    tested: frozenset[str] = frozenset()
    #: value of an element in the item by the value of the item, by symbol
    value_share: Mapping[str, Between] = field(default_factory=Frozen)
    #: where a stage lies, by its code and the symbol of an element; of all elements where the
    #: symbol is empty
    stages: Mapping[tuple[str, str], Whereabouts] = field(default_factory=Frozen)
    made_in: Whereabouts | None = None
    ships_from: Possible = None
    destination: Possible = None
    through_unknown: bool = False  #: whether it may stop in other countries between the two
    facts: Mapping[str, bool] = field(default_factory=Frozen)
    #: keys of the classes of products that it is known to belong to; of none where there is none,
    #: or where ``none`` is among them beyond those named
    classes: Possible = None
    parties: frozenset[str] = frozenset()
    #: ids of the acts on whose list a buyer or user stands; empty where none does
    listed_on: Possible = None
    #: share of a buyer or user that listed firms own together
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
    """Work out which share of the value of an item its content makes up."""
    found = {}
    for element in filter(prices.__contains__, content):
        share = content[element].times(prices[element]).per(item_price)
        found[element] = Between(min(share.low, 1.0), min(share.high, 1.0))
    return found


Weigher = Callable[[Case], Truth]
_DIGITS = 12  # to which sums of shares are compared: 0.0006 and 0.0004 make 0.001
_UNKNOWN = open_for(MISSING)


def weigher(condition: RuleCondition) -> Weigher:
    """Return what holds a case against a condition."""
    return partial(_TESTS[condition.test], condition)


def compared(
    low: float, high: float, comparison: str, limit: float, *, known: bool = True
) -> Truth:
    """Compare a range with a limit."""
    low, high = round(low, _DIGITS), round(high, _DIGITS)
    if comparison in ("at-most", "below"):
        beyond = "above" if comparison == "at-most" else "at-least"
        return negated(compared(low, high, beyond, limit, known=known))
    reaches = gt if comparison == "above" else ge
    least, most = reaches(low, limit), reaches(high, limit)
    if least:
        return YES
    return open_for(STRADDLES if known else MISSING) if most else NO


def among(possible: Possible, wanted: frozenset[str]) -> Truth:
    """Whether something is of some kinds, by what it may be."""
    if possible is None:
        return _UNKNOWN
    if possible <= wanted:
        return YES
    return NO if possible.isdisjoint(wanted) else _UNKNOWN


def lies_in(where: Whereabouts | None, places: frozenset[str]) -> Truth:
    """Tell whether some of a stage lies in some places."""
    if where is None:
        return _UNKNOWN
    if where.surely & places:
        return YES
    outside = where.perhaps is not None and where.perhaps.isdisjoint(places)
    return NO if outside else _UNKNOWN


Shares = tuple[float, float, bool]
"""The two ends of a share, and whether all of it is known."""


def together(numbers: Mapping[str, Between], elements: Iterable[str]) -> Shares:
    """Add up shares of some elements, 1 at most."""
    low = high = 0.0
    known = True
    for element in elements:
        number = numbers.get(element)
        if number is None:
            known, high = False, 1.0
        else:
            low, high = low + number.low, high + number.high
    return min(low, 1.0), min(high, 1.0), known


def _share(asked: RuleCondition, share: Shares) -> Truth:
    low, high, known = share
    return compared(low, high, asked.comparison, asked.limit, known=known)


def _number(asked: RuleCondition, number: Between | None) -> Truth:
    if number is None:
        return _UNKNOWN
    return compared(number.low, number.high, asked.comparison, asked.limit)


def value_from(asked: RuleCondition, case: Case) -> Shares:
    """Add up the share of value from some places; what may come from there is in the upper end."""
    places, low, high, known = asked.places, 0.0, 0.0, True
    for element in asked.elements:
        wheres = [case.where(stage, element) for stage in asked.stages]
        held = case.content.get(element)
        if held is not None and held.high == 0:
            continue
        if all(lies_in(where, places) == NO for where in wheres):
            continue
        value = case.value_share.get(element)
        whole = any(x is not None and x.perhaps and x.perhaps <= places for x in wheres)
        known &= value is not None and (whole or None not in wheres)
        high += value.high if value else 1.0
        low += value.low if value and whole else 0.0
    return min(low, 1.0), min(high, 1.0), known


def magnet_share(case: Case) -> Shares:
    """Return the mass of the magnets by that of the item, and whether it is known."""
    magnets, item = case.magnet_mass, case.item_mass
    if magnets is None or item is None or item.high <= 0:
        return 0.0, 1.0, False
    high = magnets.high / item.low if item.low > 0 else 1.0
    return min(magnets.low / item.high, 1.0), min(high, 1.0), True


def _onward(asked: RuleCondition, case: Case) -> Truth:
    start, end = case.ships_from, case.destination
    crosses = _UNKNOWN
    if start is not None and end is not None and not case.through_unknown:
        if start.isdisjoint(end):
            crosses = YES
        elif start == end and len(start) == 1:
            crosses = NO
    outside = (negated(among(start, asked.places)), negated(among(end, asked.places)))
    return all_of((*outside, crosses))


def _made_in(asked: RuleCondition, case: Case) -> Truth:
    wheres = [where for stage in asked.stages for where in case.all_where(stage)]
    made = wheres if asked.stages else [case.made_in]
    truth = any_of(lies_in(where, asked.places) for where in made)
    return negated(truth) if asked.comparison == "is-not" else truth


def _party(asked: RuleCondition, case: Case) -> Truth:
    if case.parties & asked.ids("party"):
        return YES
    if case.listed_on is None:
        return _UNKNOWN
    return YES if asked.policy in case.listed_on else NO


def _product_class(asked: RuleCondition, case: Case) -> Truth:
    if case.classes is None:
        return _UNKNOWN
    if case.classes & asked.ids("class"):
        return YES
    # a class of one list says nothing about other lists
    return NO if not case.classes or NO_CLASS in case.classes else _UNKNOWN


_TESTS: Mapping[str, Callable[[RuleCondition, Case], Truth]] = {
    "family": lambda asked, case: among(case.magnet_types, asked.ids("type")),
    "form": lambda asked, case: among(case.forms, asked.ids("form")),
    "content": lambda asked, case: _share(asked, together(case.content, asked.elements)),
    "tested": lambda asked, case: YES if case.tested.issuperset(asked.elements) else _UNKNOWN,
    "value-share": lambda asked, case: _share(asked, value_from(asked, case)),
    "magnet-share": lambda asked, case: _share(asked, magnet_share(case)),
    "magnet-mass": lambda asked, case: _number(asked, case.magnet_mass),
    "shipped-as": lambda asked, case: among(case.shipped_as, asked.ids("shipped-as")),
    "leaves": lambda asked, case: all_of(
        (among(case.ships_from, asked.places), negated(among(case.destination, asked.places)))
    ),
    "goes-to": lambda asked, case: among(case.destination, asked.places),
    "onward": _onward,
    "made-in": _made_in,
    "party": _party,
    "owned-share": lambda asked, case: _number(asked, case.owned_by_listed),
    "staff": lambda asked, case: _number(asked, case.staff),
    "turnover": lambda asked, case: _number(asked, case.turnover),
    "product-class": _product_class,
    "fact": lambda asked, case: {None: _UNKNOWN, True: YES, False: NO}[case.facts.get(asked.fact)],
    "unread": lambda _, __: open_for(UNREAD),
}
"""What each test of the scheme does; ``goods-of`` joins those of another rule."""
