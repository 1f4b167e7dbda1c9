"""Exposures for tests of what is shown of them: the examples, hostile ones, and a long one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from monazite.bom.bill import BillLine, BillSupplier, ElementContent
from monazite.bom.result import Exposure
from monazite.view.opening import load
from tests.report.hostile import HOSTILE

BILLS = Path(__file__).parents[2] / "examples" / "bills"
NAMES = ("petrol-car.csv", "drive-unit.xlsx", "generator.csv")
DAYS = ("2025-10-10", "2026-11-24")


@cache
def example(name: str = "drive-unit.xlsx", *, redact: bool = False) -> Exposure:
    """An example bill on two days, with the file of a licence."""
    return load().exposure(
        BILLS / name, "EUE", days=DAYS, licence="mofcom-gac-2025-18", redact=redact
    )


def with_texts(text: str) -> Exposure:
    """The drive unit with one text wherever a bill has texts of its own."""
    found = example()
    return replace(
        found,
        product=text,
        market_label=text,
        lines=tuple(
            replace(each, name=text, part_number=text, position=text, material_text=text)
            for each in found.lines
        ),
        assemblies=tuple(replace(each, name=text) for each in found.assemblies),
        matches=tuple(replace(each, text=text, why=text) for each in found.matches),
        questions=tuple(replace(each, about=text) for each in found.questions),
        judgements=tuple(replace(each, name=text) for each in found.judgements),
    )


def hostile_exposure() -> Exposure:
    """The drive unit with another hostile text in each line."""
    found = with_texts(HOSTILE[0])
    texts = [HOSTILE[place % len(HOSTILE)] for place in range(len(found.lines))]
    lines = zip(found.lines, texts, strict=True)
    return replace(
        found,
        lines=tuple(replace(each, name=text, material_label=text) for each, text in lines),
        notes=HOSTILE,
        reading=HOSTILE,
    )


def long_exposure(times: int) -> Exposure:
    """The drive unit many times over, each line with a row of its own."""
    found = example()
    rows = max(each.sheet_row for each in found.lines)
    return replace(
        found,
        lines=tuple(
            replace(each, sheet_row=each.sheet_row + rows * time)
            for time in range(times)
            for each in found.lines
        ),
        judgements=tuple(
            replace(each, sheet_row=each.sheet_row + rows * time)
            for time in range(times)
            for each in found.judgements
        ),
    )


def line(
    description: str,
    quantity: float = 1,
    *,
    mass: float | None = None,
    material: str = "",
    grade: str = "",
    suppliers: tuple[BillSupplier, ...] = (),
    contents: tuple[ElementContent, ...] = (),
    above: tuple[int, ...] = (),
) -> BillLine:
    """Return a line of which little is said."""
    said = (description, quantity, mass, material, grade, suppliers)
    return BillLine(0, "", "", *said, None, "", None, None, "", contents, above=above)
