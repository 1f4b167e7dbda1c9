"""A bill of materials as it was read: lines, what stands above them, and who supplies them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class BillSupplier:
    """Who supplies a line, as the bill writes it.

    Attributes:
        name: of the firm.
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


@dataclass(frozen=True)
class StatedContent:
    """How much of an element a line holds, as the bill says.

    Attributes:
        element: its symbol.
        low: per cent of the mass.
        high: per cent of the mass; as low where one number is given.
        evidence: tested, declared, datasheet, or not stated.
    """

    element: str
    low: float
    high: float
    evidence: str


@dataclass(frozen=True)
class BillLine:
    """A line of a bill; texts are as written, numbers are read.

    Attributes:
        row: of the sheet.
        position: number of the line, which may say by its points what it is a part of.
        part_number: of the part.
        description: of the part.
        quantity: pieces in one piece of what stands above.
        mass: grams of one piece; None where the bill does not say.
        material: as written.
        grade: as written.
        suppliers: of all tiers.
        value: of one piece; None where the bill does not say.
        currency: of the value.
        stock: pieces; None where the bill does not say.
        use_per_day: pieces; None where the bill does not say.
        product_class: as written.
        contents: of elements, as the bill says.
        above: places of the lines that it is a part of, from 0; none at the top.
        made_in: where it is made, as written, of a line that names no supplier.
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
    above: tuple[int, ...] = ()
    made_in: str = ""

    @property
    def name(self) -> str:
        """What a reader knows the line by."""
        return self.description or self.part_number or self.position or f"row {self.row}"


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
        name: of its file.
        sheet: where it stands in the file; empty for a text.
        lines: in the order of the file.
        columns: what each was taken for.
        notes: what was passed over, in sentences.
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

    Args:
        above: places of what each line is a part of.

    Returns:
        The order, and the places that have none, for they lie in a circle or below one.

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
