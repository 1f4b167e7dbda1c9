"""A line of a bill as it is shown: matched, weighed, or with the reason why it is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monazite.bills.bill import BillLine
from monazite.bills.codes import Codes
from monazite.findings.exposure.grams import ElementGrams
from monazite.findings.exposure.matching import BillMatch

IN_PARTS = "counted in its parts"
NO_MATERIAL = "no material is named"
NOT_IN_TABLES = "the tables do not have its material"
TO_BE_ASKED = "its material is asked"
NO_CONTENT = "no record gives what its material holds"
NO_MASS = "its mass is not given"
NO_RARE_EARTHS = "no rare earths, you say"
WITHOUT_RARE_EARTHS = "a magnet of a kind without rare earths"


@dataclass(frozen=True)
class ExposedSupplier:
    """A supplier of a line.

    Attributes:
        text: as the bill writes it.
        tier: 1 sells to whoever wrote the bill.
        firm: id; blank where it is not accepted.
        decision: accepted, asked, unknown or none.
        country: of the firm, as the bill writes it; its code where names are hidden.
        made_in: as the bill writes it; its code where names are hidden.
        split: part of the need, 0 to 1; None where the bill does not say.
    """

    text: str
    tier: int
    firm: str
    decision: str
    country: str
    made_in: str
    split: float | None


@dataclass(frozen=True)
class ExposedLine:
    """A line of a bill.

    Attributes:
        sheet_row: of the sheet.
        position: as written.
        name: description, or what else a reader knows it by.
        part_number: as written.
        pieces: in one product.
        mass: grams of a piece; None where the bill does not say.
        material_text: by what the bill names the material.
        material: id; blank where it is not accepted.
        material_label: its name.
        decision: on the material.
        not_known: why its grams are not known; blank where they are.
        contradicts: whether the bill states more than the records of its material allow.
        grams: of each element in all its pieces.
        suppliers: of all tiers.
        value: of a piece.
        currency: of the value.
        stock: pieces.
        use_per_day: pieces.
        product_class: as written.
        magnet_type: of a magnet whose material the tables do not have; else empty.
    """

    sheet_row: int
    position: str
    name: str
    part_number: str
    pieces: float
    mass: float | None
    material_text: str
    material: str
    material_label: str
    decision: str
    not_known: str
    contradicts: bool
    grams: tuple[ElementGrams, ...]
    suppliers: tuple[ExposedSupplier, ...]
    value: float | None
    currency: str
    stock: float | None
    use_per_day: float | None
    product_class: str
    magnet_type: str = ""


def exposed_line(
    one: BillLine,
    match: BillMatch,
    firms: Sequence[BillMatch],
    grams: tuple[ElementGrams, ...],
    why: str,
    pieces: float,
    codes: Codes,
    *,
    contradicts: bool,
    country: Callable[[str], str],
) -> ExposedLine:
    """Return a line as it is shown."""
    hidden = codes.hide
    return ExposedLine(
        sheet_row=one.row,
        position="" if hidden else one.position,
        name=codes("part", one.name),
        part_number=codes("number", one.part_number),
        pieces=pieces,
        mass=one.mass,
        material_text=codes("material", match.text),
        material=match.id,
        material_label=match.label,
        decision=match.decision,
        not_known=why,
        contradicts=contradicts,
        grams=grams,
        suppliers=tuple(
            ExposedSupplier(
                text=codes("firm", each.name),
                tier=each.tier,
                firm="" if hidden else firm.id,
                decision=firm.decision,
                country=country(each.country) if hidden else each.country,
                made_in=country(each.made_in) if hidden else each.made_in,
                split=each.split,
            )
            for each, firm in zip(one.suppliers, firms, strict=True)
        ),
        value=one.value,
        currency=one.currency,
        stock=one.stock,
        use_per_day=one.use_per_day,
        product_class="" if hidden else one.product_class,
        magnet_type=match.magnet_type,
    )
