"""Whether an item meets a condition: yes, no, or open for a reason.

Each test asks the known ends of a range, or what is possible: knowing more never turns it round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import ge, gt

from monazite.analysis.rules.case import (
    MISSING,
    NO,
    STRADDLES,
    UNREAD,
    YES,
    Between,
    Case,
    Possible,
    Truth,
    Whereabouts,
    all_of,
    any_of,
    negated,
    open_for,
)
from monazite.analysis.rules.conditions import NO_CLASS, RuleCondition

Weigher = Callable[[Case], Truth]
_DIGITS = 12  # to which sums of shares are compared: 0.0006 and 0.0004 make 0.001
_UNKNOWN = open_for(MISSING)


def weigher(condition: RuleCondition) -> Weigher:
    """Return what holds a case against a condition."""
    return partial(_TESTS[condition.test], condition)


def compared(
    low: float, high: float, comparison: str, limit: float, *, known: bool = True
) -> Truth:
    """Compare a range with a limit.

    >>> compared(0.0, 0.002, "at-most", 0.001) == open_for(STRADDLES)
    True
    >>> compared(0.0006 + 0.0004, 0.001, "at-most", 0.001)
    1
    """
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
    """Add up shares of some elements, 1 at most.

    >>> together({"Dy": Between(0.01, 0.02)}, ["Dy", "Tb"])
    (0.01, 1.0, False)
    """
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
    """Add up the share of value that comes from some places.

    What comes wholly from there counts, what surely does not is left out, and what may or does in
    part counts at its upper end.
    """
    places, low, high, known = asked.places, 0.0, 0.0, True
    for element in asked.elements:
        wheres = [case.where(stage, element) for stage in asked.stages]
        held = case.content.get(element)
        if held is not None and held.high == 0:
            continue
        if all(lies_in(where, places) == NO for where in wheres):
            continue
        value = case.value_share.get(element)
        whole = any(_wholly(where, places) for where in wheres)
        known &= value is not None and (whole or None not in wheres)
        high += value.high if value else 1.0
        low += value.low if value and whole else 0.0
    return min(low, 1.0), min(high, 1.0), known


def _wholly(where: Whereabouts | None, places: frozenset[str]) -> bool:
    return where is not None and bool(where.perhaps) and (where.perhaps or frozenset()) <= places


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
