"""The concentration of stages, year by year, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

from monazite.safe_text import bounded_percent, index_words
from monazite.tables import NOT_KNOWN, Table, percent

if TYPE_CHECKING:
    from monazite.findings.shares.by_year import ConcentrationYear

OTHER_FIGURE = "other figure"
"""What a printed share is called beside that of the reconciled year."""
_COLUMNS = (
    *("stage", "year", "leader", "share", "then", "HHI", "range", "top 3", "countries alone"),
    *("countries", "of", "basis", "series", "break", "row"),
)
_RIGHT = ("year", "HHI", "countries alone", "top 3", "share", "countries")
_SPARE = ("of", "series", "countries alone", "basis", "countries", "top 3", "range")


def concentration_tables(
    lines: Sequence[ConcentrationYear],
    element: str,
    *,
    series: bool,
    notes: Sequence[str] = (),
) -> list[Table]:
    """Return one table of the newest years, or one of each stage and its materials."""
    if not series:
        heading = f"{element}: concentration by stage, newest year"
        return [_table(heading, lines, notes, dated=True)]
    return [
        _table(f"{element}: {_materials(found)} at stage {stage}", found, notes, dated=False)
        for (stage, _), group in groupby(lines, key=lambda line: (line.stage, line.rank))
        for found in [list(group)]
    ]


def _materials(lines: Iterable[ConcentrationYear]) -> str:
    names = dict.fromkeys(line.material.replace("-", " ") for line in lines if line.shares)
    return ", ".join(names) or "shares not known"


def _table(
    heading: str, lines: Sequence[ConcentrationYear], notes: Sequence[str], *, dated: bool
) -> Table:
    columns = [column for column in _COLUMNS if dated or column != "stage"]
    columns = [column for column in columns if not dated or column != "break"]
    return Table(
        heading=heading,
        columns=tuple(columns),
        rows=[[_cells(line)[column] for column in columns] for line in lines],
        remarks=(*_remarks(lines, dated=dated), *notes),
        right=_RIGHT,
        keys=("row",),
        spare=_SPARE,
    )


def _remarks(lines: Sequence[ConcentrationYear], *, dated: bool) -> Iterable[str]:
    for line in lines:
        what = f"{f'{line.stage} ' if dated else ''}{line.year}"
        if line.why:
            yield f"{what}, {OTHER_FIGURE}: {line.why}. {line.note}".strip()
        elif line.note:
            yield f"{what}: {line.note}"
        if line.range_rows and dated:
            yield f"{what}: the range is set by {', '.join(line.range_rows)}."
    for line in lines:
        if line.broken and not dated:
            yield f"{line.year} breaks the series; {line.broken}."


def _cells(line: ConcentrationYear) -> dict[str, str]:
    first = line.rows[0] if line.rows else ""
    return {
        "stage": OTHER_FIGURE if line.why else line.stage,
        "year": str(line.year),
        "HHI": _index(line.hhi),
        "range": _range(line),
        "countries alone": _index(line.hhi_countries),
        "top 3": percent(line.top3),
        "leader": line.leader_label or NOT_KNOWN,
        "share": bounded_percent(line.share, line.leader_figure, narrow=True),
        "then": ", ".join(f"{name} {percent(share)}" for name, share in line.then.items()),
        "countries": str(line.countries),
        "of": line.denominator,
        "basis": line.basis,
        "series": " + ".join(line.series),
        "break": "break" if line.broken else "",
        "row": f"{first} +{len(line.rows) - 1}" if len(line.rows) > 1 else first,
    }


def _range(line: ConcentrationYear) -> str:
    if line.hhi_low is None or line.hhi_high is None:
        return index_words(None, line.hhi_low, line.hhi_high)
    low, high = _index(line.hhi_low), _index(line.hhi_high)
    return low if low == high else f"{low} to {high}"


def _index(number: float | None) -> str:
    return NOT_KNOWN if number is None else f"{number:,.0f}"


def concentration_dict(lines: Iterable[ConcentrationYear]) -> list[dict[str, object]]:
    """Return the lines as JSON takes them: shares 0 to 1, HHI 0 to 10,000, null is not known."""
    return [asdict(line) for line in lines]


CSV_COLUMNS = (
    *("stage", "rank", "material", "year", "hhi", "hhi_low", "hhi_high", "hhi_countries", "top3"),
    *("leader", "leader_label", "share", "countries", "rest", "denominator", "basis", "series"),
    *("rows", "note", "broken", "figure", "why", "range_rows"),
)


def concentration_csv(lines: Iterable[ConcentrationYear]) -> Table:
    """Return the lines as one table of plain values, for CSV: an empty cell is not known."""
    rows = [[_plain(getattr(line, name)) for name in CSV_COLUMNS] for line in lines]
    return Table("", CSV_COLUMNS, rows)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)
