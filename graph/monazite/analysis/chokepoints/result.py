"""The chokepoint report as a value."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar

from monazite.analysis.chokepoints.figures import ChokepointFigures
from monazite.analysis.chokepoints.headline import LINES, first_screen
from monazite.analysis.chokepoints.tables import (
    assumption_table,
    chokepoint_tables,
    chokepoints_csv,
    signed,
)
from monazite.analysis.concentration.shares import StageShares
from monazite.core.formats import counted
from monazite.core.tables import Table


@dataclass(frozen=True)
class Chokepoints(ChokepointFigures):
    """What a market cannot do without: who leads each stage, and what is lost by each failure.

    Attributes:
        element: symbol of what was asked about.
        title: its name.
        market: code of the market.
        market_label: its name.
        stages: who leads each stage, and how concentrated it is.
        chokepoints: what may fail, largest loss first.
        base: what losses are measured against; None where no loss is known, and then the first
            note says why.
        stocks: what the market is known to hold.
        built: plants under construction that the horizon counts.
        built_remarks: what of them does not count, and why.
        draws: how the ranges of the losses were drawn; None where they were not.
        evidence: how good the figures are that it rests on; None where nobody asked.
    """

    records_key: ClassVar[str] = "chokepoints"

    def content(self) -> dict[str, object]:
        """Return what was found, as JSON has it: parts of 1, null is not known."""
        return {
            "element": self.element,
            "title": self.title,
            "market": self.market,
            "base": None if self.base is None else asdict(self.base),
            "stages": [_stage(stage) for stage in self.stages],
            "chokepoints": [asdict(point) for point in self.chokepoints],
            "built": [asdict(each) for each in self.built],
            "built_remarks": list(self.built_remarks),
            "stocks": [asdict(stock) for stock in self.stocks],
            "ranges": None if self.draws is None else asdict(self.draws),
            "assumptions": [asdict(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
        }

    def tables(self, *, assumptions: bool = False) -> list[Table]:
        """Return who leads each stage and what is lost, and on demand what is assumed."""
        return chokepoint_tables(self, assumptions=assumptions)

    def short_tables(self, *, lines: int = LINES, assumptions: bool = False) -> list[Table]:
        """Return the answer with the largest losses, and on demand what is assumed."""
        more = [assumption_table(self)] if assumptions else []
        return [*first_screen(self, lines), *more]

    def csv_tables(self) -> list[Table]:
        """Return all lines as one table for a spreadsheet."""
        return [chokepoints_csv(self)]

    def headline(self) -> str:
        """Return element, market, year, horizon, the number of lines, and the first."""
        where = f"{self.element} for {self.market}"
        if self.base is not None:
            where += f" {self.base.year}, {self.base.horizon.replace('-', ' ')}"
        lines = counted(len(self.chokepoints), "line")
        if not self.chokepoints:
            return f"{where}: {lines}"
        first = self.chokepoints[0]
        return f"{where}: {lines}, {first.label.split(' = ')[0]} {signed(first.loss)}"


def _stage(stage: StageShares) -> dict[str, object]:
    """A stage as JSON has it: its other figures have no others."""
    others = [asdict(each) for each in stage.others]
    for other in others:
        del other["others"]
    return {**asdict(stage), "others": others}
