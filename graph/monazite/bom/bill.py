"""A bill of materials as it was read: lines, what stands above them, and who supplies them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from math import fsum

from monazite.bom.columns import BillColumns, Number
from monazite.bom.headers import Meaning, plain_words, words_of
from monazite.core.formats import exact, exact_percent, in_brief
from monazite.core.results import Frozen, Struct, Value


class SourceAnswers(Value):
    """What a source of a part answered, beyond what a bill has columns for."""

    facts: Mapping[str, bool] = field(default_factory=Frozen)  # by codes of ``case-fact``
    stages: Mapping[str, tuple[str, ...]] = field(default_factory=Frozen)  # countries by stage
    recycled: float | None = None  # per cent of the mass


NO_ANSWERS = SourceAnswers()


class BillSupplier(Struct):
    """Who supplies a line, as the bill writes it."""

    name: str
    tier: int = 1  # 1 sells to whoever wrote the bill, 2 to tier 1, and so on
    country: str = ""  # where the firm is, as written; empty where the bill does not say
    made_in: str = ""  # where it is made, as written: that may be another country
    split: float | None = None  # of the need, 0 to 1; None where the bill does not say
    answers: SourceAnswers = NO_ANSWERS

    @property
    def countries(self) -> tuple[str, ...]:
        """Where it is made, as written: one text for each country."""
        return countries_in(self.made_in)


class ElementContent(Struct):
    """How much of an element a line or a material holds."""

    element: str
    low: float
    high: float  # per cent of the mass; as low where one number is given
    evidence: str
    rows: tuple[str, ...] = ()  # that say so; none where the bill does


class BillLine(Struct):
    """A line of a bill; texts are as written, numbers are read."""

    row: int
    position: str  # number of the line, which may say by its points what it is a part of
    part_number: str
    description: str
    quantity: float
    mass: float | None  # grams of one piece; None where the bill does not say
    material: str
    grade: str
    suppliers: tuple[BillSupplier, ...]
    value: float | None  # of one piece; None where the bill does not say
    currency: str
    stock: float | None
    use_per_day: float | None
    product_class: str
    contents: tuple[ElementContent, ...]
    classes: tuple[str, ...] = ()
    above: tuple[int, ...] = ()  # places of the lines that it is a part of, from 0; none at the top
    made_in: str = ""  # where it is made, as written, of a line that names no supplier
    answers: SourceAnswers = NO_ANSWERS  # to what was asked about a line that names no supplier
    coating: str = ""  # of a magnet, as answered; empty where it is not known
    seat: str = ""  # where in the product a magnet sits, as answered; empty where it is not known

    @property
    def sources(self) -> tuple[BillSupplier, ...]:
        """Who sells it to whoever wrote the bill; the line itself where no supplier is named."""
        first = tuple(each for each in self.suppliers if each.tier == 1)
        return first or (BillSupplier("", made_in=self.made_in, answers=self.answers),)

    @property
    def name(self) -> str:
        """What a reader knows the line by."""
        return self.description or self.part_number or self.position or f"row {self.row}"


def countries_in(text: str) -> tuple[str, ...]:
    """Take a text apart that may name several countries."""
    parts = tuple(filter(None, map(str.strip, text.split(";"))))
    return parts or ("",)


class ReadColumn(Struct):
    """A column of a bill, and what it was taken for.

    Attributes:
        header: as written.
        meaning: in a few words; empty where it was not read.
    """

    header: str
    meaning: str


class Bill(Struct):
    """A bill of materials."""

    name: str
    sheet: str  # where it stands in the file; empty for a text
    lines: tuple[BillLine, ...]
    columns: tuple[ReadColumn, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def quantities(self) -> tuple[float, ...]:
        """Pieces of each line in one product."""
        found = [0.0] * len(self.lines)
        for place in self.top_down:
            one = self.lines[place]
            found[place] = one.quantity * (sum(found[x] for x in one.above) if one.above else 1)
        return tuple(found)

    @cached_property
    def top_down(self) -> tuple[int, ...]:
        """Places of all lines, each after those that it is a part of."""
        return top_down([line.above for line in self.lines])[0]

    @cached_property
    def below(self) -> tuple[tuple[int, ...], ...]:
        """Places of the parts of each line."""
        return turned_round([one.above for one in self.lines])

    @property
    def product(self) -> str:
        """The name of what all is a part of; that of the file where there is no one such line."""
        tops = [one for one in self.lines if not one.above]
        return tops[0].name if len(tops) == 1 else self.name


def top_down(above: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return lines so that each follows what it is a part of, and those of which none can."""
    waits = [len(each) for each in above]
    below = turned_round(above)
    order = [place for place, count in enumerate(waits) if not count]
    for place in order:  # grows while it is walked
        for each in below[place]:
            waits[each] -= 1
            if not waits[each]:
                order.append(each)
    placed = set(order)
    return tuple(order), tuple(place for place in range(len(above)) if place not in placed)


def turned_round(above: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Return for each place those that lead to it."""
    below: list[list[int]] = [[] for _ in above]
    for place, those in enumerate(above):
        for one in those:
            below[one].append(place)
    return tuple(map(tuple, below))


def reached(starts: Iterable[int], following: Sequence[Sequence[int]]) -> list[int]:
    """Return some places and all that can be reached from them, the nearest first."""
    waiting = list(dict.fromkeys(starts))
    found = set(waiting)
    for place in waiting:  # grows while it is walked
        for each in following[place]:
            if each not in found:
                found.add(each)
                waiting.append(each)
    return waiting


TESTED, NOT_STATED = "tested", "not stated"
EVIDENCE = (TESTED, "declared", "datasheet", NOT_STATED)
"""Kinds of evidence of what a bill says, the surest first."""
_SHARE = re.compile(r"\(?\s*([0-9]{1,3})([.,][0-9]{1,3})?\s*%\s*\)?")
_LISTED = re.compile(r"\s*[;|\n；]\s*")
_AFTER_SHARE = re.compile(r"(%\s*\)?)\s*[,/+]\s*")
"""What parts firms is of the name elsewhere: ``Co., Ltd.``, ``A/S``."""
_ROUNDED = 1e-6


def read_contents(columns: BillColumns) -> list[tuple[ElementContent, ...]]:
    """Return what each line is said to hold; columns of all elements share a kind of evidence."""
    found: list[list[ElementContent]] = [[] for _ in columns.rows]
    evidence, kinds = columns.find("evidence"), []
    for row, text in zip(columns.rows, columns.texts(evidence), strict=True):
        kinds.append(evidence_of(text))
        if kinds[-1] == NOT_STATED and plain_words(text):
            what = f'"{text}" is no kind of evidence'
            columns.tell(row, evidence, what, "write tested, declared or datasheet")
    for meaning in columns.meanings:
        if meaning.field == "content":
            for place, ends in enumerate(columns.per_cent_ranges(meaning, "content", "mass")):
                if ends is not None:
                    found[place].append(ElementContent(meaning.element, *ends, kinds[place]))
    for place, stated in enumerate(found):
        whole = fsum(each.low for each in stated)
        if whole > 100 + _ROUNDED:
            what = f"the contents add up to {exact(whole)} %, more than the whole"
            columns.tell(columns.rows[place], None, what, "check the contents and their units")
    return list(map(tuple, found))


def evidence_of(text: str) -> str:
    """Return the kind of evidence that a text names; not stated where it names none or two."""
    words, kinds = plain_words(text), words_of("evidence")
    named = {kinds[word] for word in words.split() if word in kinds}
    return kinds.get(words) or (named.pop() if len(named) == 1 else NOT_STATED)


def read_suppliers(columns: BillColumns) -> list[tuple[BillSupplier, ...]]:
    """Return the suppliers of each line, those of tier 1 first."""
    found: list[list[BillSupplier]] = [[] for _ in columns.rows]
    wanted = [each for each in columns.meanings if each.field == "supplier"]
    for meaning in sorted(wanted, key=lambda each: (each.tier, each.number)):
        for place, each in enumerate(_of_column(columns, meaning)):
            known = {one.name for one in found[place]}  # who makes a part may sell it as well
            found[place] += [one for one in each if meaning.tier == 1 or one.name not in known]
    for place, suppliers in enumerate(found):
        for tier in sorted({each.tier for each in suppliers}):
            same = [each for each in suppliers if each.tier == tier]
            whole = fsum(each.split or 0.0 for each in same)
            if whole > 1 + _ROUNDED:
                names = ", ".join(in_brief(each.name, 60) for each in same)
                what = f'the shares of "{names}" add up to {exact_percent(whole)}'
                columns.tell(columns.rows[place], None, what, "write shares of 100 %")
    return [tuple(each) for each in found]


def _of_column(columns: BillColumns, meaning: Meaning) -> Iterator[list[BillSupplier]]:
    beside = (meaning.tier, meaning.number)
    countries = columns.texts(columns.find("country", *beside))
    makers = columns.texts(columns.find("made_in", *beside))
    split_column = columns.find("split", *beside)
    splits: Sequence[Number | None] = [None] * len(columns.rows)
    if split_column is not None:
        splits = columns.per_cent(split_column, "share", "need")
    for place, text in enumerate(columns.texts(meaning)):
        names = [each for each in _LISTED.split(_AFTER_SHARE.sub(r"\1;", text)) if each]
        told: list[BillSupplier] = []
        for written in names:
            if len(_SHARE.findall(written)) > 1:
                what = "a name of one firm has more than one share"
                columns.tell(columns.rows[place], meaning, what, "write ; between two firms")
            name, split, beside_it = written, None, splits[place]
            if told_in := _SHARE.search(written):  # it stands behind the firm in the same cell
                name = (written[: told_in.start()] + written[told_in.end() :]).strip(" ,:-")
                split = float(told_in[1] + (told_in[2] or "").replace(",", ".")) / 100
            elif len(names) == 1 and beside_it is not None:
                split = beside_it.value / 100
            told.append(BillSupplier(name, meaning.tier, countries[place], makers[place], split))
        yield told
