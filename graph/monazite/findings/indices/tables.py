"""The indices people quote, as tables, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from monazite.safe_text import index_words
from monazite.tables import NOT_KNOWN, Table, percent

if TYPE_CHECKING:
    from monazite.findings.indices.quoted_index import QuotedIndex

LABELS = {
    "hhi": "HHI",
    "top-3": "three largest",
    "hhi-wgi": "HHI weighted by governance, six dimensions",
    "hhi-political-stability": "HHI weighted by political stability only",
    "eu-supply-risk-2017": "EU supply risk, from the inputs printed in 2017",
    "eu-supply-risk-political-stability": "EU supply risk of 2017, political stability only",
    "usgs-supply-risk-2020": "USGS supply risk, method of 2020",
    "geopolrisk": "GeoPolRisk, imports alone",
    "n-1-of-world-demand": "N-1 of world demand",
    "n-1-of-demand-outside": "N-1 of demand outside the largest supplier",
    "union-65-percent": "largest third country (EU limit 65 %)",
}
PRINTED = "Indices are of shares as records print them: other figures than a reconciled year has."
_COLUMNS = (
    *("index", "value", "range", "scale", "figure", "for", "year", "basis", "of", "equation"),
    *("not known for want of", "row"),
)
_RIGHT = ("value", "year")
_SPARE = ("equation", "of", "basis", "range")


def quoted_tables(lines: Sequence[QuotedIndex], element: str) -> list[Table]:
    """Return one table of indices for each stage."""
    return [
        Table(
            heading=f"{element} at stage {stage}: indices that people quote",
            columns=_COLUMNS,
            rows=[_cells(line) for line in found],
            remarks=(
                *(f"{LABELS[line.index]}: {line.note}" for line in found if line.note),
                PRINTED,
            ),
            right=_RIGHT,
            keys=("row",),
            spare=_SPARE,
        )
        for stage, group in groupby(lines, key=lambda line: line.stage)
        for found in [list(group)]
    ]


def _cells(line: QuotedIndex) -> list[str]:
    first = line.rows[0] if line.rows else ""
    return [
        LABELS[line.index],
        number(line.value, line.unit),
        _range(line),
        line.unit,
        line.figure or "measured",
        line.market or "world",
        str(line.year or NOT_KNOWN),
        line.basis,
        line.denominator,
        line.equation,
        ", ".join(line.missing),
        f"{first} +{len(line.rows) - 1}" if len(line.rows) > 1 else first,
    ]


def _range(line: QuotedIndex) -> str:
    if line.unit == "0 to 10,000" and (line.low is None) != (line.high is None):
        return index_words(None, line.low, line.high)
    low, high = number(line.low, line.unit), number(line.high, line.unit)
    return low if low == high else f"{low} to {high}"


def number(value: float | None, unit: str) -> str:
    """Return a value with the digits that its scale bears.

    >>> number(5054.4, "0 to 10,000"), number(0.862, "part"), number(4.95, "0 to 10")
    ('5,054', '86 %', '4.95')
    """
    if value is None:
        return NOT_KNOWN
    if unit == "0 to 10,000":
        return f"{value:,.0f}"
    return percent(value) if unit == "part" else f"{value:.2f}"


def quoted_dict(lines: Iterable[QuotedIndex]) -> list[dict[str, object]]:
    """Return the lines as JSON takes them: parts run from 0 to 1, null is not known."""
    return [asdict(line) for line in lines]


CSV_COLUMNS = (
    *("stage", "index", "value", "low", "high", "unit", "year", "market", "basis", "denominator"),
    *("equation", "missing", "rows", "note", "figure"),
)


def quoted_csv(lines: Iterable[QuotedIndex]) -> Table:
    """Return the lines as one table of plain values, for CSV: an empty cell is not known."""
    return Table(
        "",
        CSV_COLUMNS,
        [[_plain(getattr(line, name)) for name in CSV_COLUMNS] for line in lines],
    )


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    return "" if value is None else str(value)
