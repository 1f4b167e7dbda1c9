"""How much of each rare earth a material holds, by rows, and the grams of it in a bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from math import fsum

from monazite.bom.bill import EVIDENCE, Bill, ElementContent
from monazite.bom.grades import GradeName, GradeNames, folded
from monazite.core.formats import figures, grouped, whole
from monazite.core.results import Assumption, Struct
from monazite.store.queries import QueryRecord

BY_GRADE, BY_FAMILY = "grade", "family"
EVIDENCE_WORDS = {
    "tested": "tested",
    "declared": "declared",
    "datasheet": "datasheet",
    "not stated": "bill, evidence not stated",
    BY_GRADE: "by grade",
    BY_FAMILY: "by material",
}
KINDS = tuple(EVIDENCE_WORDS)  # kinds of evidence of a content, the surest first
_ALL = "ree"  # the group of all rare earths
_KILO = 10_000.0  # grams from which they are shown as kilograms


class SharedBound(Struct):
    """What several elements hold together at most."""

    elements: frozenset[str]
    high: float
    rows: tuple[str, ...]


class MaterialContents(Struct):
    """What rows say of a material."""

    elements: tuple[ElementContent, ...]
    bounds: tuple[SharedBound, ...] = ()
    contradicts: bool = False  # whether what a bill states is more than the bounds allow


class _ContentRow(Struct):
    """A share that a row gives: of one element, of several together, or of all."""

    elements: frozenset[str]
    low: float
    high: float
    row: str


class Materials:
    """The materials of the tables: names, what is wider, and what they hold."""

    def __init__(
        self,
        materials: Iterable[QueryRecord],
        contents: Iterable[QueryRecord],
        grades: Iterable[GradeName] = (),
    ) -> None:
        self.grades = GradeNames(grades)
        self.labels: dict[str, str] = {}
        self._broader: dict[str, str] = {}
        self._names: dict[str, set[str]] = defaultdict(set)
        for answer in materials:
            self.labels[answer["id"]] = answer["label"]
            self._broader[answer["id"]] = answer["broader"]
            self._names[folded(answer["name"])].add(answer["id"])
        self._contents = tuple(contents)
        self._known: dict[tuple[object, ...], MaterialContents] = {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Ids of materials by their folded names; a name of two is left out."""
        return {name: next(iter(ids)) for name, ids in self._names.items() if len(ids) == 1}

    @cached_property
    def _rows(self) -> Mapping[str, tuple[_ContentRow, ...]]:
        grouped: dict[tuple[str, str], list[QueryRecord]] = defaultdict(list)
        for answer in self._contents:
            grouped[answer["material"], answer.row()].append(answer)
        found: dict[str, list[_ContentRow]] = defaultdict(list)
        for (material, row), answers in sorted(grouped.items()):
            first = answers[0]
            point = first.maybe_number("percent")
            low, high = first.maybe_number("low"), first.maybe_number("high")
            top = high if high is not None else point
            if top is not None:  # a row that only says at least bounds nothing
                least = low if low is not None else point if high is None else 0
                elements = frozenset(answer["element"] for answer in answers)
                found[material].append(_ContentRow(elements, least or 0, top, row))
        return {material: tuple(rows) for material, rows in found.items()}

    def assumptions(self, rows: Iterable[str]) -> tuple[Assumption, ...]:
        """Return the assumptions among some rows, by row key."""
        wanted, found = set(rows), []
        for answer in sorted(self._contents, key=lambda each: each["row"]):
            if answer["reason"] and answer.row() in wanted:
                text = f"{answer['element']} in {self.labels.get(answer['material'], '')}"
                value, low, high = map(answer.maybe_number, ("percent", "low", "high"))
                said = (answer.row(), text, value, low, high, "per cent of mass", answer["reason"])
                found.append(Assumption(*said))
        return tuple(found)

    def line_up(self, material: str) -> tuple[str, ...]:
        """Return a material and all that are wider, the nearest first."""
        found: dict[str, None] = {}
        while material and material not in found:
            found[material] = None
            material = self._broader.get(material, "")
        return tuple(found)

    def contents(
        self, material: str, *, by_grade: bool = False, stated: Sequence[ElementContent] = ()
    ) -> MaterialContents:
        """Return what a material holds: what the bill states, then its rows, then the wider's."""
        key = (material, by_grade, *stated)
        if key in self._known:
            return self._known[key]
        found = {each.element: each for each in stated}
        bounds: dict[frozenset[str], SharedBound] = {}
        for step, one in enumerate(self.line_up(material)):
            kind = BY_GRADE if by_grade and not step else BY_FAMILY
            rows = self._rows.get(one, ())
            for element in sorted({name for row in rows for name in row.elements} - {_ALL}):
                if element not in found:
                    found[element] = _widest(element, rows, kind)
            for bound in _bounds(rows):
                bounds.setdefault(bound.elements, bound)
        self._known[key] = bounded(found.values(), tuple(bounds.values()))
        return self._known[key]


def _widest(element: str, rows: Sequence[_ContentRow], kind: str) -> ElementContent:
    """The range that all rows of an element span: sources that differ widen it."""
    own = [row for row in rows if element in row.elements]
    # of several together another element may stand for it
    low = min(row.low if len(row.elements) == 1 else 0.0 for row in own)
    high = max(row.high for row in own)
    return ElementContent(element, low, high, kind, tuple(sorted(row.row for row in own)))


def _bounds(rows: Sequence[_ContentRow]) -> Iterable[SharedBound]:
    """What rows bound together; a whole is at least the largest content that a row prints."""
    wholes = [row for row in rows if row.elements == {_ALL}]
    if wholes:
        most = max(row.high for row in rows)
        keys = {row.row for row in rows if row in wholes or row.high == most}
        yield SharedBound(frozenset(), most, tuple(sorted(keys)))
    joint = {row.elements for row in rows if len(row.elements) > 1}
    for elements in sorted(joint, key=sorted):
        same = [row for row in rows if row.elements == elements]
        keys = {row.row for row in same}
        yield SharedBound(elements, max(row.high for row in same), tuple(sorted(keys)))


def bounded(elements: Iterable[ElementContent], bounds: Sequence[SharedBound]) -> MaterialContents:
    """Narrow contents to what is left to each where all others are at their least.

    Where the least of all is more than a bound, the weaker evidence gives way; a bill never does.
    """
    ranked = sorted(elements, key=lambda each: (KINDS.index(each.evidence), each.element))
    contradicts = False
    for bound in bounds:
        inside = [each for each in ranked if not bound.elements or each.element in bound.elements]
        stated = [each for each in inside if each.evidence in EVIDENCE]
        contradicts = contradicts or fsum(each.low for each in stated) > bound.high
        narrowed = {each.element: each for each in _within(inside, bound.high)}
        ranked = [narrowed.get(each.element, each) for each in ranked]
    order = sorted(ranked, key=lambda each: each.element)
    return MaterialContents(tuple(order), tuple(bounds), contradicts)


def _within(inside: Sequence[ElementContent], most: float) -> Iterable[ElementContent]:
    lows: list[float] = []
    for each in inside:
        left = max(0.0, most - fsum(lows))
        lows.append(each.low if each.evidence in EVIDENCE else min(each.low, left))
    for place, each in enumerate(inside):
        if each.evidence in EVIDENCE:
            yield each
            continue
        others = fsum(lows[:place] + lows[place + 1 :])
        high = min(each.high, max(0.0, most - others))
        yield replace(each, low=lows[place], high=max(high, lows[place]))


def grams_words(low: float, high: float | None = None) -> str:
    """Return a range of grams in one unit, with three digits that count.

    >>> grams_words(2.841, 6.39), grams_words(51_978, 116_951), grams_words(5)
    ('2.84 to 6.39 g', '52 to 117 kg', '5 g')
    """
    most = low if high is None else high
    unit, by = ("kg", 1000) if most >= _KILO else ("g", 1)
    ends = dict.fromkeys(number_words(each / by) for each in (low, most))
    return f"{' to '.join(ends)} {unit}"


def number_words(number: float) -> str:
    """Return a number with three digits that count; whole ones below a million as they are.

    >>> number_words(3456), number_words(0.04567), number_words(1234.5)
    ('3,456', '0.0457', '1,234')
    """
    if number == int(number) and abs(number) < 1_000_000:
        return grouped(int(number))
    return whole(number) if abs(number) >= 100 else figures(number, 3)


class ElementGrams(Struct):
    """Grams of an element in all pieces of a line in one product."""

    element: str  #: symbol
    low: float  #: grams
    high: float  #: grams
    percent_low: float  #: of the mass of a piece
    percent_high: float  #: of the mass of a piece
    evidence: str  #: tested, declared, datasheet, not stated, grade or family
    rows: tuple[str, ...]  #: that say so; none where the bill does


class EvidenceGrams(Struct):
    """Grams that one kind of evidence gives."""

    evidence: str  #: the kind
    low: float  #: grams
    high: float  #: grams


class ElementTotal(Struct):
    """Grams of an element in one product, as far as its lines are known."""

    element: str  #: symbol
    low: float  #: grams
    high: float  #: grams
    lines: int  #: that hold it
    by_evidence: tuple[EvidenceGrams, ...]  #: the same grams, by kind of evidence, the surest first


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
    sums = []
    for element, parts in sorted(found.items()):
        by_kind = {kind: [each for each in parts if each.evidence == kind] for kind in KINDS}
        told = [EvidenceGrams(kind, *_sums(same)) for kind, same in by_kind.items() if same]
        sums.append(ElementTotal(element, *_sums(parts), len(parts), tuple(told)))
    return tuple(sums)


def _sums(parts: Sequence[ElementGrams]) -> tuple[float, float]:
    return fsum(each.low for each in parts), fsum(each.high for each in parts)


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
