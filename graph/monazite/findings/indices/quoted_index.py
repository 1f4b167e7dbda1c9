"""One index that people quote, of one stage, with the rows it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.findings.shares.by_year import ConcentrationYear

READ, RECALLED = "read", "recalled"


@dataclass(frozen=True)
class QuotedIndex:
    """One index of one stage; None is not known.

    Attributes:
        stage: mine, separation ...
        index: its id, as ``hhi`` or ``geopolrisk``.
        value: in its unit.
        low: the least that the rows allow.
        high: the most that they allow.
        unit: its scale: ``0 to 10,000``, ``0 to 10``, ``0 to 1``, or ``part``, which is 0 to 1 too.
        year: of the shares or of the inputs.
        basis: of the shares.
        denominator: of the shares.
        rows: that it rests on.
        equation: whether it was read in a text or is recalled from the literature.
        market: whose index it is, the world's where blank.
        missing: the inputs without rows.
        note: what the number cannot tell.
        figure: what the shares are where they are not measured, or of several materials together.
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
    figure: str = ""


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
        missing=_missing(line) if value is None and index in {"hhi", "top-3"} else (),
        note=note,
        figure=line.figure,
    )


def _missing(line: ConcentrationYear) -> tuple[str, ...]:
    bound = None in (line.hhi_low, line.hhi_high) and bool(line.shares)
    return ("a share that is no bound",) if bound else ("shares of the rest",)
