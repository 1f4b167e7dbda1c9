"""A plant or mine that could stand in for a country, and the question that it answers."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.findings.chain.chain import Chain
from monazite.findings.chain.elements import ChainElements
from monazite.findings.plants.states import OPERATING
from monazite.findings.replacements.slips import Plan
from monazite.network.facts import Facts
from monazite.quantities.chemistry import Chemistry
from monazite.result import Value

RAMPING, PLANNED = "ramping up", "planned"


@dataclass(frozen=True)
class Tonnage(Value):
    """Tonnes a year of the element, with the ends of their range, and what a row counts.

    Attributes:
        value: tonnes of the element.
        low: the least.
        high: the most.
        printed: tonnes a year of what the row counts.
        kind: actual-output, nameplate, planned or target.
        quarter: whether it is a quarter, four times.
        joint: the other elements that are in the same number: how much of it is of which no row
            tells, the value is split as ore holds them, and the range is all of it.
        product: what the row counts, by its materials.
        row: that prints it.
    """

    value: float
    low: float
    high: float
    printed: float
    kind: str
    quarter: bool
    joint: tuple[str, ...]
    product: str
    row: str


@dataclass(frozen=True)
class ReplacementSite(Value):
    """A stage of a plant outside the country.

    Attributes:
        facility: id.
        label: its name.
        country: its code.
        stage: of the network.
        status: operating, ramping up, under construction, planned or suspended.
        certainty: of the state: surely or perhaps.
        in_base: whether the base year holds the tonnes.
        tonnes: of the element a year.
        plan: when it is to begin; None for what runs, or where no row says.
        first: the first date that was given for it since an earlier plan was met, given up or of
            another owner, by which its odds are told; None where it is that of the plan.
        since: when it began to run, as printed; empty where no row says.
        rows: that state and tonnes rest on.
    """

    facility: str
    label: str
    country: str
    stage: str
    status: str
    certainty: str
    in_base: bool
    tonnes: Tonnage
    plan: Plan | None
    first: Plan | None
    since: str
    rows: tuple[str, ...]

    @property
    def runs(self) -> bool:
        """Whether it makes something on the day."""
        return self.status in (OPERATING, RAMPING)


@dataclass(frozen=True)
class ReplacementCase(Value):
    """What is asked about, and the base year it is measured against.

    Attributes:
        without: code of the country that is to be replaced.
    """

    facts: Facts
    elements: ChainElements
    chemistry: Chemistry
    chain: Chain
    name: str
    without: str
    last: int

    @property
    def span(self) -> tuple[str, str]:
        """The end of the base year, and the last day asked about."""
        return f"{self.chain.year}-12-31", f"{self.last}-12-31"
