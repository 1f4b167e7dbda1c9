"""Which rows say what other rows say already: the same fact is never written twice."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

FACTS = {
    "baci": ("exporter", "importer", "code", "year"),
    "governance": ("country", "indicator", "year"),
    "production": ("country", "stage", "material", "year", "series"),
    "production_totals": ("area", "stage", "material", "year", "series"),
    "reserves": ("country", "year", "series"),
    "reserve_totals": ("area", "year", "series"),
    "identifiers": ("entity", "scheme", "value"),
}
"""Tables of which two rows would be added up or answer twice, and what makes their fact."""
_FLOW = ("exporter", "importer", "code", "year", "period_from", "period_until")
_FLOWS = ("trade", "trade_totals")
"""Tables whose rows are compared with those of other imports alone.

What is shipped of a flow is of other sources, and often of a part of its goods.
"""
_SAYS = {"baci": ("usd", "tonnes")}
_PART = Decimal("0.005")
"""Two numbers that differ by less are one, rounded."""


class KnownFacts:
    """Facts of tables in a folder, each table read when it is asked for.

    >>> from monazite.shipped import ontology_folder
    >>> known = KnownFacts(ontology_folder() / "tables")
    >>> row = {"country": "AGO", "indicator": "political-stability-estimate", "year": "1996"}
    >>> known.has("governance", row), known.differs("governance", {**row, "value": "1.5"})
    (True, True)
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, dict[tuple[str, ...], Mapping[str, str]]] = {}

    def has(self, table: str, cells: Mapping[str, str]) -> bool:
        """Tell whether a row of the folder says the same fact."""
        return table in FACTS and fact_of(table, cells) in self._of(table)

    def differs(self, table: str, cells: Mapping[str, str]) -> bool:
        """Tell whether the row of the folder says another number, or none."""
        there = self._of(table)[fact_of(table, cells)]
        columns = _SAYS.get(table, ("value",))
        return any(_apart(cells.get(name, ""), there.get(name, "")) for name in columns)

    def _of(self, table: str) -> dict[tuple[str, ...], Mapping[str, str]]:
        if table not in self._read:
            file = self._folder / f"{table}.csv"
            self._read[table] = {fact_of(table, row): row for row in rows_of(file)}
        return self._read[table]


def fact_of(table: str, cells: Mapping[str, str]) -> tuple[str, ...]:
    """Return what makes the fact of a row."""
    return tuple(cells.get(name, "") for name in FACTS[table])


def facts_of(table: str, cells: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return what a row of an import says: a flow its weight and its value, others one fact.

    >>> facts_of("prices", {})
    []
    """
    if table in FACTS:
        return [fact_of(table, cells)]
    if table not in _FLOWS:
        return []
    flow = tuple(cells.get(name, "") for name in _FLOW)
    measures = (cells.get("unit", ""), "usd" if cells.get("value_usd") else "")
    return [(*flow, measure) for measure in measures if measure]


def rows_of(file: Path) -> Iterable[dict[str, str]]:
    """Yield the rows of a table; none where there is no file."""
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def _apart(one: str, other: str) -> bool:
    if one == other:
        return False
    try:
        first, second = Decimal(one), Decimal(other)
    except InvalidOperation:
        return True
    return abs(first - second) > _PART * max(abs(first), abs(second))
