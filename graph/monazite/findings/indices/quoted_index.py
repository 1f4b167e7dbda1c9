"""One index that people quote, of one stage, with the rows it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.findings.shares.by_year import ConcentrationYear

READ, RECALLED = "read", "recalled"


@dataclass(frozen=True)
class QuotedIndex:
    """One index of one stage; None is not known, and ``missing`` names the inputs without rows.

    ``equation`` says whether it was read in a text or is recalled from the literature.
    ``market`` is whose index it is, the world's where blank.
    """

    stage: str
    index: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    year: int | None
    basis: str
    denominator: str
    rows: tuple[str, ...]
    equation: str
    market: str = ""
    missing: tuple[str, ...] = ()
    note: str = ""


def of_line(
    line: ConcentrationYear,
    index: str,
    value: float | None,
    low: float | None,
    high: float | None,
    unit: str,
    *,
    equation: str = READ,
    note: str = "",
) -> QuotedIndex:
    """Return an index that rests on the shares of a stage and year."""
    return QuotedIndex(
        stage=line.stage,
        index=index,
        value=value,
        low=low,
        high=high,
        unit=unit,
        year=line.year,
        basis=line.basis,
        denominator=line.denominator,
        rows=line.rows,
        equation=equation,
        missing=("shares of the rest",) if value is None and index in {"hhi", "top-3"} else (),
        note=note,
    )
