"""What Articles 28 and 29 of the Critical Raw Materials Act ask to be told of each magnet.

Type, mass and content come from the bill and from records; coating, place in the product and
recycled share only from the bill or from answers. What nobody says is not known, and stays blank.

References:
    Regulation (EU) 2024/1252, Articles 28 and 29, read at
    https://gesetze.legal/eu/vo_eu_2024_1252/28 and https://gesetze.legal/eu/vo_eu_2024_1252/29
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from monazite.bills.bill import Bill
from monazite.findings.exposure.borders import Borders
from monazite.findings.exposure.contents import Materials
from monazite.findings.exposure.exposure import Exposure
from monazite.findings.exposure.grams import ElementGrams
from monazite.findings.exposure.line_cases import line_type
from monazite.findings.rules.truth import NOT
from monazite.result import Value

RULES = ("crma-28", "crma-29")


@dataclass(frozen=True)
class MagnetPassport(Value):
    """What is known of a magnet of a product.

    Attributes:
        sheet_row: of the line.
        name: of the part, as the line shows it.
        pieces: in one product.
        kind: type of magnet, a code of the scheme ``magnet-type``.
        material: its name.
        mass: grams of a piece; None where it is not known.
        contents: of each element, with ranges, kind of evidence and rows.
        coating: empty where it is not known.
        seat: where in the product it sits: by an answer, or by what the bill builds it into.
        recycled: per cent of its rare earths; None where it is not known.
        asked: whether each of the two articles asks for it, by the code of the rule.
    """

    sheet_row: int
    name: str
    pieces: float
    kind: str
    material: str
    mass: float | None
    contents: tuple[ElementGrams, ...]
    coating: str
    seat: str
    recycled: float | None
    asked: Mapping[str, str]


def passports_of(
    found: Exposure, bill: Bill, materials: Materials, borders: Borders
) -> tuple[MagnetPassport, ...]:
    """Return what is known of each magnet of a product."""
    return tuple(_passports(found, bill, materials, borders))


def _passports(
    found: Exposure, bill: Bill, materials: Materials, borders: Borders
) -> Iterator[MagnetPassport]:
    outcomes = {
        (each.sheet_row, each.rule): [*each.outcomes.values()][-1]
        for each in found.judgements
        if each.layer == "text"
    }
    for place, (one, line) in enumerate(zip(bill.lines, found.lines, strict=True)):
        kind = line_type(line, materials)
        if not kind:
            continue
        ways = [borders.names(way, lambda at: found.lines[at].name) for way in borders.ways(place)]
        yield MagnetPassport(
            sheet_row=line.sheet_row,
            name=line.name,
            pieces=line.pieces,
            kind=kind,
            material=line.material_label,
            mass=line.mass,
            contents=line.grams,
            coating=one.coating,
            seat=one.seat or "; ".join(filter(None, ways)),
            recycled=_recycled([each.answers.recycled for each in one.sources]),
            asked={rule: outcomes.get((line.sheet_row, rule), NOT) for rule in RULES},
        )


def _recycled(shares: Collection[float | None]) -> float | None:
    """The least share of all sources; not known where one of them does not say."""
    known = [each for each in shares if each is not None]
    return min(known) if known and len(known) == len(shares) else None
