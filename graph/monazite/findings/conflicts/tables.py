"""Conflicts as tables and as the documented JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.findings.conflicts.kinds import KINDS
from monazite.safe_text import counted
from monazite.tables import Table, percent

if TYPE_CHECKING:
    from monazite.findings.conflicts.conflicts import Conflict, ConflictLine

HEADINGS = {
    "real": "Sources that disagree",
    "basis": "Records that differ because they count on another basis",
    "definition": "Records that differ because they mean another thing by it",
    "year": "Records that differ because they speak of another year",
    "edition": "Records that a later edition, or the original of a copy, revises",
    "rounding": "Records that agree within the digits, days or kilometres printed",
}
COLUMNS = ("fact", "differ by", "says", "basis", "year", "stands", "source", "remark", "row")
_BY = re.compile(r" (?:by|of|from) [a-z_]+/\S+")
"""Which record stands instead, by its key."""
_CSV_COLUMNS = (
    "kind",
    "fact",
    "difference",
    "measure",
    "says",
    "value",
    "low",
    "high",
    "basis",
    "defined",
    "year",
    "stands",
    "remark",
    "source",
    "row",
)
_UNITS = {"days": " days", "kilometres": " km"}


def conflict_tables(
    conflicts: Sequence[Conflict], counts: Mapping[str, int], about: str = ""
) -> list[Table]:
    """Return one table a kind, each row of a conflict on a line of its own."""
    listed = [kind for kind in KINDS if any(conflict.kind == kind for conflict in conflicts)]
    tables = []
    for kind in listed:
        of_kind = [conflict for conflict in conflicts if conflict.kind == kind]
        tables.append(
            Table(
                heading=_heading(kind, len(of_kind), about),
                columns=COLUMNS,
                rows=[line for conflict in of_kind for line in _lines(conflict)],
                right=("differ by",),
                keys=("remark", "row"),
                spare=("basis", "year"),
            )
        )
    others = remark(counts, listed)
    if not tables:
        none = f"No sources disagree{' on ' + about if about else ''}"
        return [Table(none, ("fact",), [], remarks=(others,) if others else ())]
    tables[-1] = replace(tables[-1], remarks=(others,) if others else ())
    return tables


def remark(counts: Mapping[str, int], listed: Sequence[str]) -> str:
    """Say how many conflicts of other kinds there are.

    >>> remark({"real": 3, "basis": 2, "year": 1}, ["real"])
    'Not listed: 2 by basis, 1 by year; --kind all lists them.'
    """
    left_out = [kind for kind in KINDS if kind not in listed and counts.get(kind)]
    others = [f"{counts[kind]} by {kind}" for kind in left_out]
    return f"Not listed: {', '.join(others)}; --kind all lists them." if others else ""


def _heading(kind: str, count: int, about: str) -> str:
    facts = counted(count, "fact")
    return f"{HEADINGS[kind]}{': ' + about if about else ''} ({facts})"


def _lines(conflict: Conflict) -> list[list[str]]:
    found = []
    for place, line in enumerate(conflict.lines):
        first = place == 0
        found.append(
            [
                conflict.fact if first else "",
                differ_by(conflict) if first else "",
                line.text,
                "; ".join(filter(None, (line.basis, line.defined))),
                line.year,
                "yes" if line.stands else f"no, {_BY.sub('', line.remark)}",
                "; ".join(dict.fromkeys(source.in_words for source in line.sources)),
                line.remark,
                line.row,
            ]
        )
    return found


def differ_by(conflict: Conflict) -> str:
    """Return the difference as text: whole percent, days or kilometres; empty for names."""
    if conflict.difference is None:
        return ""
    size = conflict.difference
    if conflict.measure == "part":
        return percent(size)
    return (f"{size:.1f}" if 0 < size < 1 else f"{size:.0f}") + _UNITS[conflict.measure]


def conflict_dict(conflict: Conflict) -> dict[str, object]:
    """Return a conflict as the JSON contract has it; null is not known."""
    return {
        "kind": conflict.kind,
        "table": conflict.table,
        "fact": conflict.fact,
        "difference": conflict.difference,
        "measure": conflict.measure,
        "rows": [_line_dict(line) for line in conflict.lines],
    }


def _line_dict(line: ConflictLine) -> dict[str, object]:
    return {
        "row": line.row,
        "says": line.text,
        "value": line.value,
        "low": line.low,
        "high": line.high,
        "basis": line.basis,
        "defined": line.defined,
        "year": line.year,
        "stands": line.stands,
        "remark": line.remark,
        "sources": [
            {
                "id": source.id,
                "publisher": source.publisher,
                "published": source.published,
                "tier": source.tier,
                "root": source.root,
            }
            for source in line.sources
        ],
    }


def csv_table(conflicts: Sequence[Conflict]) -> Table:
    """Return one line a row of a conflict, every cell filled: for spreadsheets."""
    rows = [
        [
            conflict.kind,
            conflict.fact,
            _text(conflict.difference),
            conflict.measure,
            line.text,
            *map(_text, (line.value, line.low, line.high)),
            line.basis,
            line.defined,
            line.year,
            "true" if line.stands else "false",
            line.remark,
            "; ".join(dict.fromkeys(str(source) for source in line.sources)),
            line.row,
        ]
        for conflict in conflicts
        for line in conflict.lines
    ]
    return Table("", _CSV_COLUMNS, rows)


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:.10g}"
