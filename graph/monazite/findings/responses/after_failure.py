"""What follows a failure: who makes and sells what, and what a tonne more of each is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from monazite.findings.chain.base_year import assumed_in
from monazite.findings.losses.headline import stops
from monazite.findings.losses.model import LossModel
from monazite.findings.losses.result import Chokepoints
from monazite.findings.responses.marginal_value_tables import margin_table, margins_dict
from monazite.findings.responses.marginal_values import MarginalValue, find_marginal_values
from monazite.findings.responses.rerouting import Shift, find_shifts
from monazite.findings.responses.rerouting_tables import shift_table, shifts_dict
from monazite.result import Result
from monazite.tables import Table


@dataclass(frozen=True)
class AfterFailure(Result):
    """What output and trade become after one line of the report, and what is then short.

    Attributes:
        id: of the line.
        label: its names.
        clause: what happens, as the clause of an if.
        event: outage, embargo or licence.
        shifts: the least changes of output and trade that serve what can be served.
        margins: what a tonne more, or less, of each capacity or flow at its bound is worth.
        rows: of the base year that all of it rests on.
        names: of countries, areas and ores, by code.
    """

    records_key: ClassVar[str] = "shifts"

    id: str
    label: str
    clause: str
    event: str
    shifts: tuple[Shift, ...]
    margins: tuple[MarginalValue, ...]
    rows: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def content(self) -> dict[str, object]:
        """Return what was found, as JSON has it: tonnes, and tonnes served for a tonne."""
        return {
            "id": self.id,
            "shifts": shifts_dict(self.shifts),
            "margins": margins_dict(self.margins),
        }

    def tables(self) -> list[Table]:
        """Return who makes and sells what, and what a tonne is worth."""
        return [
            shift_table(self.shifts, self.clause, self.names),
            margin_table(self.margins, self.clause, self.names),
        ]

    def headline(self) -> str:
        """Return what happens, and how much changes."""
        return f"if {self.clause}: {len(self.shifts)} shifts, {len(self.margins)} marginal values"

    @property
    def records(self) -> tuple[Mapping[str, object], ...]:
        """The shifts of output and trade."""
        return tuple(vars(each) for each in self.shifts)


def find_after(model: LossModel, report: Chokepoints, word: str) -> AfterFailure:
    """Find what output and trade become after one line of the report, and what is then short."""
    line = report.line(word)
    event = model.event_of(line.id)
    return AfterFailure(
        id=line.id,
        label=line.label,
        clause=stops(line, report.base),
        event=line.event,
        shifts=find_shifts(model.study, event),
        margins=find_marginal_values(model.study, event),
        rows=model.accounts.rows,
        names=_names(model),
        assumptions=assumed_in(model.base, model.facts),
    )


def _names(model: LossModel) -> Mapping[str, str]:
    ores = {ore: known.name for (_, ore), known in model.year.ores.items()}
    return {**model.facts.country_labels, **ores}
