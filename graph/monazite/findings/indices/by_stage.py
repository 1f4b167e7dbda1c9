"""The indices people quote, worked out for the stages of an element with the rows of each.

Every stage has every index: where an input has no row, the index is not known and says which
input is missing. Nothing is interpolated, and no year stands for another without saying so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from monazite.findings.indices.formulas import top_shares
from monazite.findings.indices.inputs import IndexInputs
from monazite.findings.indices.n_minus_1 import supply_without_largest, union_limit
from monazite.findings.indices.quoted_index import QuotedIndex, of_line
from monazite.findings.indices.supply_risks import eu_supply_risks, geopolitical_risk, usgs_risk
from monazite.findings.indices.tables import quoted_csv, quoted_dict, quoted_tables
from monazite.findings.shares.by_year import ConcentrationYear, concentration_series
from monazite.network.facts import Facts
from monazite.parameters import IMPORTER
from monazite.result import Result
from monazite.tables import Table

OTHER_DIMENSIONS = (
    "voice and accountability",
    "government effectiveness",
    "regulatory quality",
    "rule of law",
    "control of corruption",
)


@dataclass(frozen=True)
class Indices(Result):
    """The indices that people quote, of the newest year of each stage of an element.

    Attributes:
        element: symbol or group.
        market: code of the country whose imports count for the geopolitical supply risk.
        indices: in the order of the chain; every stage has every index.
    """

    records_key: ClassVar[str] = "indices"

    element: str
    market: str
    indices: tuple[QuotedIndex, ...]

    def __len__(self) -> int:
        """Count the indices."""
        return len(self.indices)

    def __iter__(self) -> Iterator[QuotedIndex]:
        """Go through the indices."""
        return iter(self.indices)

    def content(self) -> dict[str, object]:
        """Return what JSON has: parts run from 0 to 1, null is not known."""
        return {
            "element": self.element,
            "market": self.market,
            "indices": quoted_dict(self.indices),
        }

    def tables(self) -> list[Table]:
        """Return one table of indices for each stage."""
        return quoted_tables(self.indices, self.element)

    def csv_tables(self) -> list[Table]:
        """Return the indices as one table of plain values."""
        return [quoted_csv(self.indices)]

    def headline(self) -> str:
        """Return whose indices they are, and how many of them are known."""
        known = sum(line.value is not None for line in self.indices)
        stages = ", ".join(dict.fromkeys(line.stage for line in self.indices))
        return f"{self.element} for {self.market}: {known} of {len(self)} known at {stages}"


def find_indices(facts: Facts, stage: str | None = None, *, market: str = IMPORTER) -> Indices:
    """Return the quoted indices of the newest year of each stage of an element.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "MREE", "2026-11-24")
    >>> found = {line.index: line for line in find_indices(facts, "mine")}
    >>> round(found["top-3"].low, 3), found["hhi-wgi"].value
    (0.862, None)
    """
    inputs = IndexInputs(facts, market)
    found: list[QuotedIndex] = []
    for line in concentration_series(facts, stage, newest=True):
        found += _of_stage(inputs, line)
    return Indices(facts.symbol, market, tuple(found))


def _of_stage(inputs: IndexInputs, line: ConcentrationYear) -> Iterator[QuotedIndex]:
    rest = line.rest if line.rest is not None else 1.0
    known = line.hhi is not None
    weighted = inputs.weigh(line.shares, rest, line.year)
    yield of_line(line, "hhi", line.hhi, line.hhi_low, line.hhi_high, "0 to 10,000", note=line.note)
    yield _top_three(line, rest)
    yield replace(
        of_line(line, "hhi-wgi", None, None, None, "0 to 10"),
        missing=OTHER_DIMENSIONS,
        note="Five of the six dimensions of governance have no records.",
    )
    yield replace(
        of_line(line, "hhi-political-stability", weighted.value if known else None, None, None, ""),
        low=weighted.low,
        high=weighted.high,
        unit="0 to 10",
        rows=(*line.rows, *weighted.rows),
        missing=weighted.missing,
        note=weighted.note,
    )
    yield from eu_supply_risks(inputs, line, weighted)
    yield usgs_risk(inputs, line)
    yield geopolitical_risk(inputs, line)
    yield from supply_without_largest(inputs, line)
    yield union_limit(inputs, line)


def _top_three(line: ConcentrationYear, rest: float) -> QuotedIndex:
    """The three largest; not known where the rest may hide a larger one, which is the high end."""
    if not line.shares:
        return of_line(line, "top-3", None, None, None, "part")
    low = top_shares(line.shares.values())
    high = top_shares([*line.shares.values(), rest])
    value = line.top3
    return of_line(line, "top-3", value, low, high if value is None else value, "part")
