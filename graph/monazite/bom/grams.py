"""Grams of each rare earth in the lines of a bill, and in the product: parts add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from monazite.bom.bill import Bill
from monazite.bom.contents import KINDS, ElementContent, MaterialContents
from monazite.core.formats import figures, grouped, whole

_KILO = 10_000.0  # grams from which they are shown as kilograms
_KINDS = {
    "tested": "tested",
    "declared": "declared",
    "datasheet": "datasheet",
    "not stated": "bill, evidence not stated",
    "grade": "by grade",
    "family": "by material",
}


def evidence_words(kind: str) -> str:
    """Return by what a content is known."""
    return _KINDS[kind]


def grams_words(low: float, high: float | None = None) -> str:
    """Return a range of grams in one unit, with three digits that count.

    >>> grams_words(2.841, 6.39), grams_words(51_978, 116_951), grams_words(5)
    ('2.84 to 6.39 g', '52 to 117 kg', '5 g')
    """
    most = low if high is None else high
    if most >= _KILO:
        return f"{_range(low / 1000, most / 1000)} kg"
    return f"{_range(low, most)} g"


def _range(low: float, high: float) -> str:
    first, last = number_words(low), number_words(high)
    return first if first == last else f"{first} to {last}"


def number_words(number: float) -> str:
    """Return a number with three digits that count; whole ones below a million as they are.

    >>> number_words(3456), number_words(0.04567), number_words(1234.5)
    ('3,456', '0.0457', '1,234')
    """
    if number == int(number) and abs(number) < 1_000_000:
        return grouped(int(number))
    return whole(number) if abs(number) >= 100 else figures(number, 3)


@dataclass(frozen=True)
class ElementGrams:
    """Grams of an element in all pieces of a line in one product.

    Attributes:
        element: symbol.
        low: grams.
        high: grams.
        percent_low: of the mass of a piece.
        percent_high: of the mass of a piece.
        evidence: tested, declared, datasheet, not stated, grade or family.
        rows: that say so; none where the bill does.
    """

    element: str
    low: float
    high: float
    percent_low: float
    percent_high: float
    evidence: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceGrams:
    """Grams that one kind of evidence gives.

    Attributes:
        evidence: the kind.
        low: grams.
        high: grams.
    """

    evidence: str
    low: float
    high: float


@dataclass(frozen=True)
class ElementTotal:
    """Grams of an element in one product, as far as its lines are known.

    Attributes:
        element: symbol.
        low: grams.
        high: grams.
        lines: that hold it.
        by_evidence: the same grams, by kind of evidence, the surest first.
    """

    element: str
    low: float
    high: float
    lines: int
    by_evidence: tuple[EvidenceGrams, ...]


def grams_of(
    contents: Iterable[ElementContent], mass: float, pieces: float
) -> tuple[ElementGrams, ...]:
    """Return the grams of each element in so many pieces."""
    total = mass * pieces
    found = []
    for x in contents:
        low, high = total * x.low / 100, total * x.high / 100
        found.append(ElementGrams(x.element, low, high, x.low, x.high, x.evidence, x.rows))
    return tuple(found)


def totals(lines: Iterable[Sequence[ElementGrams]]) -> tuple[ElementTotal, ...]:
    """Add up the grams of lines, by element."""
    found: dict[str, list[ElementGrams]] = defaultdict(list)
    for line in lines:
        for each in line:
            found[each.element].append(each)
    return tuple(
        ElementTotal(element, *_sums(parts), len(parts), _by_evidence(parts))
        for element, parts in sorted(found.items())
    )


def _sums(parts: Sequence[ElementGrams]) -> tuple[float, float]:
    return fsum(each.low for each in parts), fsum(each.high for each in parts)


def _by_evidence(parts: Sequence[ElementGrams]) -> tuple[EvidenceGrams, ...]:
    by_kind = {kind: [each for each in parts if each.evidence == kind] for kind in KINDS}
    return tuple(EvidenceGrams(kind, *_sums(same)) for kind, same in by_kind.items() if same)


def counted_in_parts(bill: Bill, matched: Sequence[bool]) -> tuple[bool, ...]:
    """Tell of each line whether its parts are counted, and not the line itself."""
    inside = [False] * len(bill.lines)
    for place in reversed(bill.top_down):
        inside[place] = any(matched[each] or inside[each] for each in bill.below[place])
    return tuple(inside)


def share_below(bill: Bill, place: int) -> Mapping[int, float]:
    """Return how many pieces of each line are in all pieces of one line of the product."""
    found: dict[int, float] = {place: bill.quantities[place]}
    for each in bill.top_down:
        if each != place:
            pieces = fsum(found.get(above, 0.0) for above in bill.lines[each].above)
            if pieces:
                found[each] = bill.lines[each].quantity * pieces
    return found


def most_together(contents: MaterialContents) -> float:
    """Return what a material holds of all its rare earths together, at most."""
    high = {each.element: each.high for each in contents.elements}
    stated = fsum(each.low for each in contents.elements)
    total, narrowed = fsum(high.values()), set[str]()
    for bound in contents.bounds:
        if bound.elements and not bound.elements & narrowed:
            own = fsum(high.get(name, 0.0) for name in bound.elements)
            total -= max(0.0, own - bound.high)
            narrowed |= bound.elements
    wholes = [bound.high for bound in contents.bounds if not bound.elements]
    return max(stated, min([total, *wholes]))  # what a bill states stands, whatever rows bound


def together_note(counted: Iterable[tuple[MaterialContents, float]]) -> str:
    """Return what all lines hold of all rare earths together, in a sentence."""
    low, most, each_most = 0.0, 0.0, 0.0
    for contents, grams in counted:
        low += grams * fsum(each.low for each in contents.elements) / 100
        most += grams * most_together(contents) / 100
        each_most += grams * fsum(each.high for each in contents.elements) / 100
    if most >= each_most * 0.99:
        return ""
    return (
        f"All rare earths together: {grams_words(low, most)}. The most of each element cannot all "
        "be there at once."
    )
