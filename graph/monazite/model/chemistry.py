"""Element content of ores, traded goods and magnets: assays, oxide factors, recipes, yields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import field, replace
from decimal import Decimal
from functools import cached_property
from math import fsum, inf
from statistics import median
from typing import Any, TypeVar

from monazite.core.errors import NotKnownError
from monazite.core.formats import percent
from monazite.core.results import Struct
from monazite.model.network.facts import Facts
from monazite.model.network.shares import REST
from monazite.store.queries import QueryRecord

Key = TypeVar("Key", bound=Any)
WHOLE = 0.98, 1.02
"""What the elements of an assay add up to. Outside these ends elements are missing or the rows
contradict each other, and each share of the ore would be too high or too low: it is not used."""


class Amount(Struct):
    """A non-negative number with the ends of its range, and the rows and assumptions it rests on.

    Operations combine the ends so that all errors point the same way (interval arithmetic): the
    ranges are outer bounds, not confidence intervals.
    """

    value: float  #: the number
    low: float  #: the lower end of its range
    high: float  #: the upper end of its range
    rows: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()  #: keys of the rows of the assumptions on which it rests

    def __post_init__(self) -> None:
        assert self.low <= self.value <= self.high, self

    @property
    def name(self) -> str:
        """The rows that a number was read from, joined; it identifies an input of the model."""
        return "; ".join((*self.rows, *self.assumptions))

    def at(self, drawn: Mapping[str, Amount]) -> Amount:
        """Replace the amount by the value drawn for it, if there is one."""
        return drawn.get(self.name, self)

    def _with(self, other: Amount, value: float, low: float, high: float) -> Amount:
        assumptions = _joined(self.assumptions, other.assumptions)
        return Amount(value, low, high, _joined(self.rows, other.rows), assumptions)

    def __add__(self, other: Amount) -> Amount:
        value, low, high = self.value + other.value, self.low + other.low, self.high + other.high
        return self._with(other, value, low, high)

    def __mul__(self, other: Amount) -> Amount:
        value, low, high = self.value * other.value, self.low * other.low, self.high * other.high
        return self._with(other, value, low, high)

    def __truediv__(self, other: Amount) -> Amount:
        if other.low <= 0:
            raise NotKnownError(
                f"A number is divided by what {other.name or 'no row'} gives, which is or may be "
                "0: give the row a value and a range above 0, or take it out of the view."
            )
        value, low, high = self.value / other.value, self.low / other.high, self.high / other.low
        return self._with(other, value, low, high)

    def less(self, other: Amount) -> Amount:
        """Subtract an amount; a difference below 0 counts as 0."""
        return Amount(
            max(0.0, self.value - other.value),
            max(0.0, self.low - other.high),
            max(0.0, self.high - other.low),
            tuple(sorted({*self.rows, *other.rows})),
            tuple(sorted({*self.assumptions, *other.assumptions})),
        )

    def times(self, factor: float) -> Amount:
        """Multiply by an exact number."""
        return self * exactly(factor)


NOTHING = Amount(0.0, 0.0, 0.0)


class DrawnNumbers(dict[str, Amount]):
    """Numbers of one draw by name, and the text from which all else of it is taken by chance."""

    chance: str = ""


def exactly(value: float, *rows: str) -> Amount:
    """Return an amount whose range is its value."""
    return Amount(value, value, value, rows)


def total(amounts: Iterable[Amount]) -> Amount:
    """Add amounts up; their ranges add up too."""
    found = list(amounts)
    value, low, high = (fsum(getattr(x, end) for x in found) for end in ("value", "low", "high"))
    rows = tuple(sorted({row for each in found for row in each.rows}))
    return Amount(value, low, high, rows, tuple(sorted({y for x in found for y in x.assumptions})))


def summed(parts: Iterable[tuple[Key, float]], least: float = -inf) -> dict[Key, float]:
    """Return the sums of numbers by key, in order of the keys; of no more than ``least``, none."""
    found: dict[Key, float] = defaultdict(float)
    for key, number in parts:
        found[key] += number
    return {key: number for key, number in sorted(found.items()) if number > least}


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if not one or not other or one == other:
        return one or other
    return tuple(sorted({*one, *other}))


class Chemistry(Struct):
    """The composition of ores and goods: mass fractions, 0 to 1.

    An assay is the share of an oxide in the total rare-earth oxide (TREO); what it omits is 0.
    """

    factors: Mapping[str, Amount]  # Kilograms of oxide per kilogram of the element
    ores: Mapping[str, tuple[tuple[str, Amount], ...]]  # deposits and the part each is
    assays: Mapping[str, Mapping[str, Amount]]
    materials: Mapping[str, frozenset[str]]
    assumed: Mapping[tuple[str, str, str], Amount]  # Assumptions by property, subject and element
    reasons: Mapping[str, tuple[str, Amount, str]]  # text, value and reason by row
    unused: Mapping[str, str] = field(default_factory=dict)  # assays left out, and why

    def inputs(self, elements: Set[str]) -> dict[str, Amount]:
        """Return every number of the chemistry that bears on some elements."""
        other = self.factors.keys() - elements
        found = [part for parts in self.ores.values() for _, part in parts]
        found += [amount for key, amount in self.assumed.items() if key[-1] not in other]
        for shares in self.assays.values():
            found += [share for element, share in shares.items() if element not in other]
        return {amount.name: amount for amount in sorted(found, key=lambda each: each.name)}

    def about(self, elements: Set[str]) -> Chemistry:
        """Return what the chemistry says of some elements, and of no element, without reasons."""
        other = self.factors.keys() - elements
        return replace(
            self,
            factors={x: factor for x, factor in self.factors.items() if x not in other},
            assays={
                ore: {x: share for x, share in shares.items() if x not in other}
                for ore, shares in self.assays.items()
            },
            assumed={key: amount for key, amount in self.assumed.items() if key[-1] not in other},
            reasons={},
        )

    def at(self, drawn: Mapping[str, Amount]) -> Chemistry:
        """Return the chemistry with drawn values in place of some numbers."""
        return replace(
            self,
            factors={element: factor.at(drawn) for element, factor in self.factors.items()},
            ores={
                country: tuple((ore, part.at(drawn)) for ore, part in parts)
                for country, parts in self.ores.items()
            },
            assays={
                ore: {element: share.at(drawn) for element, share in elements.items()}
                for ore, elements in self.assays.items()
            },
            assumed={key: amount.at(drawn) for key, amount in self.assumed.items()},
        )

    def oxide_share(self, country: str, element: str) -> Amount:
        """Return the mass fraction of an element's oxide in the TREO of a country's ore."""
        if (country, element) not in self._oxide_shares:
            ores = self.ores.get(country) or self.ores.get(REST, ())
            parts = (part * self.assays.get(ore, {}).get(element, NOTHING) for ore, part in ores)
            whole = fsum(part.value for _, part in ores) or 1.0
            self._oxide_shares[country, element] = total(parts).times(1 / whole)
        return self._oxide_shares[country, element]

    @cached_property
    def _oxide_shares(self) -> dict[tuple[str, str], Amount]:
        """What was worked out before: flows and figures ask for the same shares many times."""
        return {}

    def in_oxide(self, country: str, element: str) -> Amount:
        """Return the mass fraction of an element in the rare-earth oxide of a country's ore."""
        return self.oxide_share(country, element) / self.factors[element]

    def in_material(self, material: str, basis: str, country: str, element: str) -> Amount:
        """Return the mass fraction of an element in a material, mixed as the ore of the country."""
        members = sorted(self.materials.get(material, frozenset()))
        if element not in members:
            return NOTHING
        own = exactly(1.0) if basis != "oxide" else exactly(1.0) / self.factors[element]
        if len(members) == 1:
            return own
        mixed = {each: self.oxide_share(country, each).value for each in members}
        if basis != "oxide":
            mixed = {each: mixed[each] / self.factors[each].value for each in members}
        whole = fsum(mixed.values())
        return own.times(mixed[element] / whole) if whole else NOTHING

    def of(self, name: str, subject: str, element: str = "") -> Amount | None:
        """Return the value of an assumption."""
        return self.assumed.get((name, subject, element))


def read_chemistry(facts: Facts) -> Chemistry:
    """Read assays, oxide factors, materials and assumptions of a view."""
    assays = facts.ask("balance-assays")
    assumed: dict[tuple[str, str, str], Amount] = {}
    reasons: dict[str, tuple[str, Amount, str]] = {}
    ores: dict[str, list[tuple[str, Amount]]] = defaultdict(list)
    for answer in facts.ask("balance-assumptions"):
        amount = _amount(answer)
        name, element, subject, text = (
            answer[x] for x in ("property", "element", "subject", "text")
        )
        assumed[name, subject or text, element] = amount
        if name == "ore-share":
            ores[text].append((subject, amount))
        told = ", ".join(filter(None, (name, element, subject, text)))
        reasons[answer.row()] = told, amount, answer["reason"]
    for answer in assays:
        told = f"oxide-distribution, {answer['element']}, {answer['deposit']}"
        reasons[answer.row()] = told, _assay([answer]), answer["reason"]
    found = _assays(assays, assumed)
    unused = _unused(found)
    materials: dict[str, set[str]] = defaultdict(set)
    for answer in facts.ask("balance-materials"):
        materials[answer["material"].rsplit("/", 1)[-1]].add(answer["element"])
    return Chemistry(
        factors={
            answer["element"]: exactly(answer.number("factor"), answer.row())
            for answer in facts.ask("network-factors")
        },
        ores={
            country: tuple(part for part in parts if part[0] not in unused)
            for country, parts in ores.items()
        },
        assays={ore: shares for ore, shares in found.items() if ore not in unused},
        materials={material: frozenset(elements) for material, elements in materials.items()},
        assumed=assumed,
        reasons=reasons,
        unused=unused,
    )


def _amount(answer: QueryRecord) -> Amount:
    """An assumption as an amount; percentages are parts of a whole, and become shares."""
    percent = "percent" in answer["unit"]
    scale = 0.01 if percent else 1.0
    value = answer.number("value") * scale
    low = answer.number("low") * scale if answer["low"] else value
    high = answer.number("high") * scale if answer["high"] else value
    if percent and not 0 <= min(low, value) <= max(high, value) <= 1:
        raise NotKnownError(
            f"{answer.row()} gives a part below 0 or above 100 percent of its whole: give "
            "the row another value and range, or take it out of the view."
        )
    return Amount(value, min(low, value), max(high, value), assumptions=(answer.row(),))


def _assays(
    answers: Iterable[QueryRecord], assumed: Mapping[tuple[str, str, str], Amount]
) -> dict[str, dict[str, Amount]]:
    """The median of what is printed, with its ends; a bound counts only where nothing else does.

    As far as the ore that it stands for may lie from it, where this is assumed.
    """
    grouped: dict[tuple[str, str], list[QueryRecord]] = defaultdict(list)
    for answer in answers:
        grouped[answer["deposit"], answer["element"]].append(answer)
    found: dict[str, dict[str, Amount]] = defaultdict(dict)
    for (deposit, element), group in grouped.items():
        printed = [each for each in group if not each.flag("assumed")]
        stated = [x for x in printed if x["percent"] or bool(x["low"]) == bool(x["high"])]
        guessed = [each for each in group if each.flag("assumed")]
        spreads = [assumed.get(("assay-spread", deposit, each)) for each in (element, "")]
        spread = next(filter(None, spreads), exactly(1.0))
        found[deposit][element] = _assay(stated or guessed or printed) * spread
    return dict(found)


def _unused(assays: Mapping[str, Mapping[str, Amount]]) -> dict[str, str]:
    """Assays that add up to too little or too much, with the sentence why they are not used."""
    sums = {ore: fsum(share.value for share in shares.values()) for ore, shares in assays.items()}
    return {
        ore: f"The elements in the assay of {ore} add up to {percent(whole)} of its oxide; an "
        f"assay that does not add up to {' to '.join(map(percent, WHOLE))} is not used."
        for ore, whole in sorted(sums.items())
        if not WHOLE[0] <= whole <= WHOLE[1]
    }


def _assay(group: list[QueryRecord]) -> Amount:
    points: list[float] = []
    ends: list[float] = []
    for answer in group:
        if answer["percent"]:
            number = Decimal(answer["percent"])
            exponent = number.as_tuple().exponent
            half = Decimal(5).scaleb(int(exponent) - 1)
            points.append(float(number))
            ends += [float(max(Decimal(0), number - half)), float(number + half)]
        ends += [answer.number(end) for end in ("low", "high") if answer[end]]
    value = float(median(points)) if points else (min(ends) + max(ends)) / 2
    rows = tuple(sorted(each.row() for each in group))
    assumed = group[0].flag("assumed")
    printed, guessed = ((), rows) if assumed else (rows, ())
    return Amount(value / 100, min(ends) / 100, max(ends) / 100, printed, guessed)
