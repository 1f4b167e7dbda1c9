"""What a condition asks, and what an item has to it: the arithmetic as words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from monazite.findings.rules.weighing import Shares, magnet_share, together, value_from
from monazite.safe_text import NOT_KNOWN, exact_percent

if TYPE_CHECKING:
    from monazite.findings.rules.case import Between, Case, Possible
    from monazite.findings.rules.conditions import RuleCondition

_COMPARED = {
    "above": "above",
    "at-least": "at least",
    "at-most": "at most",
    "below": "below",
}
_ANSWERS = {True: "yes", False: "no", None: NOT_KNOWN}
_NAMED = 3
"""Elements that are named as not known before they are counted."""


def asks(condition: RuleCondition) -> str:
    """Say what a condition asks of an item."""
    return _ASKS[condition.test](condition)


def has(condition: RuleCondition, case: Case, places: Mapping[str, str]) -> str:
    """Say what an item has to a condition; nothing where the answer says it all."""
    found = _HAS.get(condition.test)
    return found(condition, case, places) if found else ""


def number_text(number: float) -> str:
    """Write a number with three digits that count, and whole where it is large.

    >>> [number_text(each) for each in (0.0060, 0.1, 12.345, 150000000.0, 0.0)]
    ['0.006', '0.1', '12.3', '150,000,000', '0']
    """
    if number >= 1000 or number == int(number):
        return f"{number:,.0f}"
    text = f"{number:.3g}"
    return f"{number:.9f}".rstrip("0") if "e" in text else text


def share_text(low: float, high: float) -> str:
    """Write the range of a share in percent.

    >>> share_text(0.001, 0.02), share_text(0.001, 0.001)
    ('0.1 to 2 %', '0.1 %')
    """
    least, most = exact_percent(low), exact_percent(high)
    return most if least == most else f"{least.removesuffix(' %')} to {most}"


def _known_share(shares: Shares, missing: str) -> str:
    """Write a share, or what is known of one of which something is missing."""
    low, high, known = shares
    if known:
        return share_text(low, high)
    least = f"at least {exact_percent(low)}, " if low else ""
    return f"{least}{missing}"


def _range_text(number: Between | None, unit: str = "") -> str:
    if number is None:
        return NOT_KNOWN
    ends = dict.fromkeys(number_text(end) for end in (number.low, number.high))
    return " ".join(filter(None, (" to ".join(ends), unit)))


def _or(names: Iterable[str]) -> str:
    """Join alternatives: all of them, for each may be the one that decides."""
    *most, last = list(names) or [NOT_KNOWN]
    return f"{', '.join(most)} or {last}" if most else last


def _and_all(names: list[str]) -> str:
    return " and ".join(names) or "none that we know of"


def _and(names: list[str]) -> str:
    return " and ".join(names) if len(names) < _NAMED else f"{len(names)} of them"


def _labels(condition: RuleCondition, kind: str) -> list[str]:
    return list(condition.named.get(kind, {}).values())


def _elements(condition: RuleCondition) -> str:
    return " + ".join(sorted(condition.ids("element")))


def _limit(condition: RuleCondition) -> str:
    compared = _COMPARED.get(condition.comparison, condition.comparison)
    if condition.percent is not None:
        return f"{compared} {exact_percent(condition.percent / 100)}"
    return f"{compared} {number_text(condition.limit)}"


def _possible(found: Possible, labels: Mapping[str, str]) -> str:
    if found is None:
        return NOT_KNOWN
    return _or(labels.get(each, each) for each in sorted(found))


def _made_words(condition: RuleCondition) -> str:
    stages = [label.lower() for label in _labels(condition, "stage")]
    of = f" ({', '.join(stages)})" if stages else ""
    turned = "not made" if condition.comparison == "is-not" else "made"
    return f"{turned} in {_or(_labels(condition, 'place'))}{of}"


def _made_found(condition: RuleCondition, case: Case, places: Mapping[str, str]) -> str:
    stages = sorted(condition.ids("stage"))
    found = []
    for stage in stages or [""]:
        wheres = case.all_where(stage) if stage else [case.made_in]
        sure = sorted(
            {places.get(place, place) for where in wheres if where for place in where.surely}
        )
        may = [
            where is None or where.perhaps is None or where.perhaps - where.surely
            for where in wheres
        ]
        open_end = " or elsewhere" if sure and any(may) else ""
        place = f"{', '.join(sure)}{open_end}" if sure else ("not settled" if any(may) else "none")
        found.append(f"{stage} {place}".strip())
    return "; ".join(found)


def _content_found(condition: RuleCondition, case: Case, _: object) -> str:
    missing = sorted(condition.ids("element") - case.content.keys())
    shares = together(case.content, condition.ids("element"))
    return _known_share(shares, f"{_and(missing)} {NOT_KNOWN}")


def _tested_found(condition: RuleCondition, case: Case, _: object) -> str:
    return f"tested of {_and_all(sorted(condition.ids('element') & case.tested))}"


def _value_found(condition: RuleCondition, case: Case, _: object) -> str:
    return _known_share(value_from(condition)(case), "the rest not known")


def _magnets_found(case: Case) -> str:
    return _known_share(magnet_share(case), NOT_KNOWN)


def _owned_found(case: Case) -> str:
    owned = case.owned_by_listed
    return share_text(owned.low, owned.high) if owned else NOT_KNOWN


def _way(_: RuleCondition, case: Case, places: Mapping[str, str]) -> str:
    return f"from {_possible(case.ships_from, places)} to {_possible(case.destination, places)}"


_ASKS: Mapping[str, Callable[[RuleCondition], str]] = {
    "family": lambda asked: f"{_or(_labels(asked, 'type'))} magnet",
    "form": lambda asked: _or(label.lower() for label in _labels(asked, "form")),
    "content": lambda asked: f"{_elements(asked)} {_limit(asked)} of mass",
    "tested": lambda asked: f"{_elements(asked)} content was tested",
    "value-share": lambda asked: (
        f"{_elements(asked)} from {_or(_labels(asked, 'place'))} {_limit(asked)} of value"
    ),
    "magnet-share": lambda asked: f"magnets {_limit(asked)} of the mass of the item",
    "magnet-mass": lambda asked: f"magnets {_limit(asked)} g in all",
    "shipped-as": lambda asked: (
        f"crosses the border as {_or(each.lower() for each in _labels(asked, 'shipped-as'))}"
    ),
    "leaves": lambda asked: f"shipped from {_or(_labels(asked, 'place'))} to elsewhere",
    "goes-to": lambda asked: f"shipped to {_or(_labels(asked, 'place'))}",
    "onward": lambda asked: f"sent on abroad, outside {_or(_labels(asked, 'place'))}",
    "made-in": _made_words,
    "party": lambda asked: f"a buyer or user on the list of: {asked.policy_title}",
    "owned-share": lambda asked: f"a buyer or user owned {_limit(asked)} by listed firms",
    "staff": lambda asked: f"staff {_limit(asked)}",
    "turnover": lambda asked: f"turnover {_limit(asked)} EUR a year",
    "product-class": lambda asked: f"a product that {asked.listed_in} lists",
    "fact": lambda asked: asked.fact_label[:1].lower() + asked.fact_label[1:],
    "goods-of": lambda asked: f"goods of {asked.goods_label}",
    "unread": lambda _: "the text was not read",
}
_HAS: Mapping[str, Callable[[RuleCondition, Case, Mapping[str, str]], str]] = {
    "family": lambda asked, case, _: _possible(case.magnet_types, asked.named.get("type", {})),
    "form": lambda _, case, __: _possible(case.forms, {}),
    "content": _content_found,
    "tested": _tested_found,
    "value-share": _value_found,
    "magnet-share": lambda _, case, __: _magnets_found(case),
    "magnet-mass": lambda _, case, __: _range_text(case.magnet_mass, "g"),
    "shipped-as": lambda _, case, __: _possible(case.shipped_as, {}),
    "leaves": _way,
    "goes-to": _way,
    "onward": _way,
    "made-in": _made_found,
    "owned-share": lambda _, case, __: _owned_found(case),
    "staff": lambda _, case, __: _range_text(case.staff),
    "turnover": lambda _, case, __: _range_text(case.turnover, "EUR"),
    "product-class": lambda _, case, __: _possible(case.classes, {}),
    "fact": lambda asked, case, _: _ANSWERS[case.facts.get(asked.fact)],
}
