"""Printed numbers beside ours, as tables, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.safe_text import bounded_percent, marked
from monazite.tables import NOT_KNOWN, Table

if TYPE_CHECKING:
    from monazite.findings.reproductions.reproductions import Reproduction, Reproductions

_COLUMNS = (
    *("what", "of", "stage", "year", "printed", "ours", "rounding", "difference", "unit"),
    *("outcome", "why", "series", "printed by", "our rows"),
)
_RIGHT = ("year", "printed", "ours", "difference")
_SPARE = ("our rows", "printed by", "series", "rounding", "unit")
_PLACES = {"t": 0, "%": 1, "rank": 0}


def reproduce_tables(found: Reproductions) -> list[Table]:
    """Return the printed numbers as one table, and mine output by edition as another."""
    return [_numbers(found), _editions(found)]


def _numbers(found: Reproductions) -> Table:
    return Table(
        heading="Printed numbers, and what our rows make of them",
        columns=_COLUMNS,
        rows=[_cells(line) for line in found.lines],
        remarks=tuple(_remarks(found)),
        right=_RIGHT,
        spare=_SPARE,
    )


def _remarks(found: Reproductions) -> Iterable[str]:
    yield found.summary()
    for order in found.orders:
        yield (
            f"Order of {order.what}: {order.kept} of {order.pairs} pairs whose "
            "printed numbers differ stand in the same order in ours."
        )
    for line in found.lines:
        if line.note and line.outcome != "reproduces":
            yield f"{_what(line)} ({line.printed_row}): {line.note}"
    if found.left_out:
        count = len(found.left_out)
        told = "number out, which is" if count == 1 else "numbers out, which are"
        yield f"The view leaves {count} printed {told} not compared."


def _what(line: Reproduction) -> str:
    return f"{line.what} {line.place}".strip()


def _cells(line: Reproduction) -> list[str]:
    low, high = _number(line.low, line.unit), _number(line.high, line.unit)
    first = line.rows[0] if line.rows else ""
    printed = _number(line.printed_low, line.unit)
    if line.printed_low != line.printed_high:
        printed = f"{printed} to {_number(line.printed_high, line.unit)}"
    return [
        _what(line),
        line.element,
        line.stage,
        str(line.year or NOT_KNOWN),
        marked(printed, line.figure),
        marked(_number(line.ours, line.unit), line.our_figure),
        "" if low == high else f"{low} to {high}",
        _number(line.difference, line.unit, sign="+"),
        line.unit,
        f"{line.outcome}, against what is expected" if line.broken else line.outcome,
        line.reason,
        line.series,
        line.printed_row,
        f"{first} +{len(line.rows) - 1}" if len(line.rows) > 1 else first,
    ]


def _number(value: float | None, unit: str, *, sign: str = "") -> str:
    if value is None:
        return NOT_KNOWN
    places = _PLACES.get(unit, 2)
    return f"{round(value, places) + 0.0:{sign},.{places}f}"


def _editions(found: Reproductions) -> Table:
    return Table(
        heading="Mine output of one year by edition: HHI (no row prints one)",
        columns=(
            *("year", "series", "HHI", "over the total", "of", "leader", "share", "countries"),
            "row",
        ),
        rows=[
            [
                str(line.year),
                line.series,
                f"{line.index:,.0f}",
                f"{line.of_total:,.0f}",
                line.denominator,
                line.leader,
                marked(bounded_percent(line.share, line.figure), line.figure),
                str(line.countries),
                f"{line.rows[0]} +{len(line.rows) - 1}",
            ]
            for line in found.editions
        ],
        right=("year", "HHI", "over the total", "share", "countries"),
        spare=("row", "of", "countries"),
    )


def reproduce_dict(found: Reproductions) -> dict[str, object]:
    """Return the report as JSON takes it: percentages as printed, null is not known.

    Args:
        found: the printed numbers, worked out again.

    Returns:
        The keys that ``reproduce --format json`` prints after ``view``.
    """
    return {
        "reproductions": [{**asdict(line), "broken": line.broken} for line in found.lines],
        "orders": [asdict(order) for order in found.orders],
        "editions": [asdict(line) for line in found.editions],
        "left_out": list(found.left_out),
    }


CSV_COLUMNS = (
    *("row", "measure", "what", "element", "stage", "place", "year", "printed", "printed_low"),
    *("printed_high", "figure", "ours", "low", "high", "our_figure", "difference", "unit"),
    *("tolerance", "expected", "outcome", "reason", "series", "printed_row", "rows", "note"),
)


def reproduce_csv(found: Reproductions) -> Table:
    """Return the printed numbers as one table of plain values, for CSV.

    Args:
        found: the printed numbers, worked out again.

    Returns:
        One table, a line for each printed number.
    """
    return Table(
        "",
        CSV_COLUMNS,
        [[_plain(getattr(line, name)) for name in CSV_COLUMNS] for line in found.lines],
    )


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else str(value)
