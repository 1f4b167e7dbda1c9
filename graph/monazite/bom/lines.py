"""A line of a bill as it is shown: matched, weighed, or with the reason why it is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import fsum

from monazite.bom.bill import Bill, BillLine, reached
from monazite.bom.contents import ElementGrams, ElementTotal, share_below, totals
from monazite.bom.decisions import ASKED, Codes
from monazite.bom.matching import BillMatch
from monazite.core.results import Struct

IN_PARTS = "counted in its parts"
NO_MATERIAL = "no material is named"
NOT_IN_TABLES = "the tables do not have its material"
TO_BE_ASKED = "its material is asked"
NO_CONTENT = "no record gives what its material holds"
NO_MASS = "its mass is not given"
NO_RARE_EARTHS = "no rare earths, you say"
WITHOUT_RARE_EARTHS = "a magnet of a kind without rare earths"


class ExposedSupplier(Struct):
    """A supplier of a line."""

    text: str  #: as the bill writes it
    tier: int  #: 1 sells to whoever wrote the bill
    firm: str  #: id; blank where it is not accepted
    decision: str  #: accepted, asked, unknown or none
    country: str  #: of the firm, as the bill writes it; its code where names are hidden
    made_in: str  #: as the bill writes it; its code where names are hidden
    split: float | None  #: part of the need, 0 to 1; None where the bill does not say


class ExposedLine(Struct):
    """A line of a bill."""

    sheet_row: int  #: of the sheet
    position: str  #: as written
    name: str  #: description, or what else a reader knows it by
    part_number: str  #: as written
    pieces: float  #: in one product
    mass: float | None  #: grams of a piece; None where the bill does not say
    material_text: str  #: by what the bill names the material
    material: str  #: id; blank where it is not accepted
    material_label: str  #: its name
    decision: str  #: on the material
    not_known: str  #: why its grams are not known; blank where they are
    contradicts: bool  #: whether the bill states more than the records of its material allow
    grams: tuple[ElementGrams, ...]  #: of each element in all its pieces
    suppliers: tuple[ExposedSupplier, ...]  #: of all tiers
    value: float | None  #: of a piece
    currency: str  #: of the value
    stock: float | None  #: pieces
    use_per_day: float | None  #: pieces
    product_class: str  #: as written
    magnet_type: str = ""  #: of a magnet whose material the tables do not have; else empty


def exposed_line(
    one: BillLine,
    match: BillMatch,
    firms: Sequence[BillMatch],
    grams: tuple[ElementGrams, ...],
    why: str,
    contradicts: bool,
    pieces: float,
    codes: Codes,
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


MOST_ASSEMBLIES = 100  # parts right below the product whose grams are added up one by one


class AssemblyTotal(Struct):
    """What a part right below the product holds."""

    name: str  #: of the part
    elements: tuple[ElementTotal, ...]  #: grams of each element


def assemblies_of(bill: Bill, lines: Sequence[ExposedLine]) -> Iterator[AssemblyTotal]:
    """Yield the grams below each part that stands right below the product."""
    tops = [place for place, one in enumerate(bill.lines) if not one.above]
    parts = bill.below[tops[0]] if len(tops) == 1 else tops
    if len(parts) > MOST_ASSEMBLIES or not any(bill.below[place] for place in parts):
        return
    for place in dict.fromkeys(parts):
        below = reached([place], bill.below)
        is_shared = any(len(bill.lines[each].above) > 1 for each in below)
        held: list[Sequence[ElementGrams]] = [lines[each].grams for each in below]
        if is_shared:
            pieces = share_below(bill, place)
            shares = [pieces.get(each, 0) / lines[each].pieces for each in below]
            held = [
                [replace(each, low=each.low * part, high=each.high * part) for each in grams]
                for grams, part in zip(held, shares, strict=True)
            ]
        if found := totals(held):
            yield AssemblyTotal(lines[place].name, found)


_OF_UNKNOWN = {
    TO_BE_ASKED: "Which material is it?",
    NO_CONTENT: "Which grade and process has it, or what was tested?",
    NO_MASS: "What does one piece weigh?",
}
_TEST = "What was tested or declared?"


class OpenQuestion(Struct):
    """A question to whoever knows."""

    question: str  #: in a sentence
    about: str  #: the material or the firm, as the bill names it
    #: that the answer settles: of magnets whose content is not known, or between the ends of
    #: ranges; None where not even the mass is known
    grams: float | None
    lines: int  #: that it is about


def rank_questions(lines: Iterable[ExposedLine]) -> tuple[OpenQuestion, ...]:
    """Return the questions of a bill: what has no mass first, then by grams, firms by lines."""
    materials: dict[tuple[str, str], list[ExposedLine]] = defaultdict(list)
    firms: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        question = _OF_UNKNOWN.get(line.not_known, "")
        if not line.not_known and any(each.high > each.low for each in line.grams):
            question = _TEST
        if question:
            materials[question, line.material_text].append(line)
        for supplier in line.suppliers:
            if supplier.decision == ASKED:
                firms["Which firm is it?", supplier.text] += 1
        sources = [each for each in line.suppliers if each.tier == 1]
        if len(sources) > 1 and any(each.split is None for each in sources):
            names = "; ".join(sorted(each.text for each in sources))
            firms["Which share has each of these sources?", names] += 1
    asked = []
    for (question, about), same in materials.items():
        masses = [line.mass and line.mass * line.pieces for line in same]
        grams = None if None in masses else fsum(each or 0.0 for each in masses)
        if question == _TEST:
            grams = fsum(each.high - each.low for line in same for each in line.grams)
        asked.append(OpenQuestion(question, about, grams, len(same)))
    asked.sort(key=lambda each: (each.grams is not None, -(each.grams or 0), each.about))
    named = [OpenQuestion(*key, 0.0, count) for key, count in firms.items()]
    named.sort(key=lambda each: (-each.lines, each.about, each.question))
    return (*asked, *named)
