"""A bill of materials as it was read: lines, what stands above them, and who supplies them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from monazite.result import Frozen, Value


@dataclass(frozen=True)
class SourceAnswers(Value):
    """What a source of a part answered, beyond what a bill has columns for.

    Attributes:
        facts: what is so or not, by codes of the scheme ``case-fact``.
        stages: codes of the countries of a stage, by codes of the scheme ``stage``.
        recycled: per cent of the mass that is recycled; None where it is not known.
    """

    facts: Mapping[str, bool] = field(default_factory=Frozen)
    stages: Mapping[str, tuple[str, ...]] = field(default_factory=Frozen)
    recycled: float | None = None


NO_ANSWERS = SourceAnswers()


@dataclass(frozen=True)
class BillSupplier:
    """Who supplies a line, as the bill writes it.

    Attributes:
        tier: 1 sells to whoever wrote the bill, 2 to tier 1, and so on.
        country: where the firm is, as written; empty where the bill does not say.
        made_in: where it is made, as written: that may be another country.
        split: the part of the need that it covers, 0 to 1; None where the bill does not say.
    """

    name: str
    tier: int = 1
    country: str = ""
    made_in: str = ""
    split: float | None = None
    answers: SourceAnswers = NO_ANSWERS

    @property
    def countries(self) -> tuple[str, ...]:
        """Where it is made, as written: one text for each country."""
        return countries_in(self.made_in)


@dataclass(frozen=True)
class StatedContent:
    """How much of an element a line holds, as the bill says.

    Attributes:
        high: per cent of the mass; as low where one number is given.
    """

    element: str
    low: float
    high: float
    evidence: str


@dataclass(frozen=True)
class BillLine:
    """A line of a bill; texts are as written, numbers are read.

    Attributes:
        position: number of the line, which may say by its points what it is a part of.
        mass: grams of one piece; None where the bill does not say.
        value: of one piece; None where the bill does not say.
        classes: keys of the classes of products that the text of the class names.
        above: places of the lines that it is a part of, from 0; none at the top.
        made_in: where it is made, as written, of a line that names no supplier.
        answers: to what was asked about a line that names no supplier.
        coating: of a magnet, as answered; empty where it is not known.
        seat: where in the product a magnet sits, as answered; empty where it is not known.
    """

    row: int
    position: str
    part_number: str
    description: str
    quantity: float
    mass: float | None
    material: str
    grade: str
    suppliers: tuple[BillSupplier, ...]
    value: float | None
    currency: str
    stock: float | None
    use_per_day: float | None
    product_class: str
    contents: tuple[StatedContent, ...]
    classes: tuple[str, ...] = ()
    above: tuple[int, ...] = ()
    made_in: str = ""
    answers: SourceAnswers = NO_ANSWERS
    coating: str = ""
    seat: str = ""

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
    """Take a text apart that may name several countries.

    >>> countries_in("China; Japan"), countries_in("")
    (('China', 'Japan'), ('',))
    """
    parts = tuple(filter(None, map(str.strip, text.split(";"))))
    return parts or ("",)


@dataclass(frozen=True)
class ReadColumn:
    """A column of a bill, and what it was taken for.

    Attributes:
        header: as written.
        meaning: in a few words; empty where it was not read.
    """

    header: str
    meaning: str


@dataclass(frozen=True)
class Bill:
    """A bill of materials.

    Attributes:
        sheet: where it stands in the file; empty for a text.
    """

    name: str
    sheet: str
    lines: tuple[BillLine, ...]
    columns: tuple[ReadColumn, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def quantities(self) -> tuple[float, ...]:
        """Pieces of each line in one product.

        >>> top, part = line("motor", 1), line("magnet", 8, above=(0,))
        >>> Bill("m.csv", "", (top, part)).quantities
        (1, 8)
        """
        found: dict[int, float] = {}
        for place in self.top_down:
            one = self.lines[place]
            whole = sum(found[each] for each in one.above) if one.above else 1
            found[place] = one.quantity * whole
        return tuple(found[place] for place in range(len(self.lines)))

    @cached_property
    def top_down(self) -> tuple[int, ...]:
        """Places of all lines, each after those that it is a part of."""
        return top_down([line.above for line in self.lines])[0]

    @cached_property
    def below(self) -> tuple[tuple[int, ...], ...]:
        """Places of the parts of each line."""
        found: list[list[int]] = [[] for _ in self.lines]
        for place, one in enumerate(self.lines):
            for each in one.above:
                found[each].append(place)
        return tuple(map(tuple, found))

    @property
    def product(self) -> str:
        """The name of what all is a part of; that of the file where there is no one such line."""
        tops = [one for one in self.lines if not one.above]
        return tops[0].name if len(tops) == 1 else self.name


def top_down(above: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Put lines in an order in which each follows what it is a part of.

    >>> top_down([(1,), ()]), top_down([(0,)])
    (((1, 0), ()), ((), (0,)))
    """
    waits = [len(each) for each in above]
    below: list[list[int]] = [[] for _ in above]
    for place, those in enumerate(above):
        for one in those:
            below[one].append(place)
    order = [place for place, count in enumerate(waits) if not count]
    for place in order:  # grows while it is walked
        for each in below[place]:
            waits[each] -= 1
            if not waits[each]:
                order.append(each)
    placed = set(order)
    return tuple(order), tuple(place for place in range(len(above)) if place not in placed)


def line(
    description: str,
    quantity: float = 1,
    *,
    mass: float | None = None,
    material: str = "",
    grade: str = "",
    suppliers: tuple[BillSupplier, ...] = (),
    contents: tuple[StatedContent, ...] = (),
    above: tuple[int, ...] = (),
) -> BillLine:
    """Return a line of which little is said, as examples and tests need it."""
    return BillLine(
        row=0,
        position="",
        part_number="",
        description=description,
        quantity=quantity,
        mass=mass,
        material=material,
        grade=grade,
        suppliers=suppliers,
        value=None,
        currency="",
        stock=None,
        use_per_day=None,
        product_class="",
        contents=contents,
        above=above,
    )
