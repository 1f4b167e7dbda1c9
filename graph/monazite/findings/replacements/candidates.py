"""Plants and mines outside a country that make an element, or are to, in tonnes of the element.

Each stands once for what it makes already, which the base year holds, and once for what it adds:
the newest output or nameplate since, or the least that is planned. A quarter counts four times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.findings.chain.chain import Chain
from monazite.findings.chain.elements import ChainElements
from monazite.findings.chain.site_capacity import STEPS, Capacity, read_capacities
from monazite.findings.events.under_construction import Choice, added_figure, choices_of_site
from monazite.findings.plants.lives import Lives
from monazite.findings.plants.states import (
    BEGINS,
    BUILDING,
    CLOSED,
    OPERATING,
    PARTLY,
    SUSPENDED,
    StageState,
    state_on,
)
from monazite.findings.replacements.slips import Plan, years
from monazite.network.facts import Facts
from monazite.parameters import MAGNET
from monazite.quantities.amount import exactly
from monazite.quantities.chemistry import Chemistry
from monazite.result import Value

RAMPING, PLANNED = "ramping up", "planned"
RAMP_YEARS = 3
"""A plant that began so many years ago at the most is ramping up."""
QUARTERS = 4.0
_OUTPUT, _NAMEPLATE = "actual-output", "nameplate"
_FOR_YEAR = {"t-per-quarter": QUARTERS}


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
        joint: the other elements that are in the same number.
        row: that prints it.
    """

    value: float
    low: float
    high: float
    printed: float
    kind: str
    quarter: bool
    joint: tuple[str, ...]
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
        facts: rows about the element up to the day.
        elements: the element chains.
        chemistry: what goods hold.
        chain: of the base year.
        name: of the element chain.
        without: code of the country that is to be replaced.
        last: the last year that is asked about.
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


def find_sites(
    asked: ReplacementCase, lives: Lives, plans: Iterable[Plan]
) -> tuple[tuple[ReplacementSite, ...], tuple[str, ...]]:
    """Find what is made, or to be made, of an element outside a country.

    Args:
        asked: the question.
        lives: of all plants.
        plans: starts that rows foresee.

    Returns:
        Stages of plants, by stage and name, and remarks on what is left out.
    """
    by_place, quarters = _figures(asked)
    latest: dict[tuple[str, str], Plan] = {}
    for plan in plans:
        latest[plan.facility, plan.stage] = plan
    found: list[ReplacementSite] = []
    remarks: list[str] = []
    untold: list[str] = []
    for (facility, stage), figures in sorted(by_place.items(), key=lambda x: (x[0][1], x[0][0])):
        reader = _SiteReader(asked, lives, latest, quarters, facility, stage, figures)
        state = reader.now
        own = tuple(reader.sites())
        if own and state.state in (CLOSED, SUSPENDED):
            remarks.append(f"{reader.label} is {state.state}: it is left out.")
            continue
        found += own
        if not own and reader.names_element():
            untold.append(f"{reader.label} ({stage})")
    if untold:
        remarks.append(
            f"No tonnes of {asked.name} can be read from the rows of these, which are left out: "
            f"{', '.join(untold)}."
        )
    return tuple(sorted(found, key=lambda x: (_place(x.stage), x.label, not x.in_base))), tuple(
        remarks
    )


def _figures(
    asked: ReplacementCase,
) -> tuple[dict[tuple[str, str], list[Capacity]], frozenset[str]]:
    """The rows on capacity outside by plant and stage, and which of them are of a quarter."""
    facts = asked.facts
    quarters = {
        x.row(): x.number("value") * _FOR_YEAR[x["unit"]]
        for x in facts.ask("network-planned-capacity", date=facts.date)
        if x["unit"] in _FOR_YEAR and x["value"] and x["kind"] == _OUTPUT
    }
    found: dict[tuple[str, str], list[Capacity]] = defaultdict(list)
    for figure in read_capacities(facts):
        if figure.country != asked.without:
            year = quarters.get(figure.row)
            told = figure.tonnes if year is None else exactly(year, figure.row)
            found[figure.facility, figure.stage].append(replace(figure, tonnes=told))
    return found, frozenset(quarters)


def _place(stage: str) -> int:
    return [*STEPS].index(stage)


@dataclass(frozen=True)
class _SiteReader:
    """What the rows of a stage of a plant tell."""

    asked: ReplacementCase
    lives: Lives
    latest: Mapping[tuple[str, str], Plan]
    quarters: frozenset[str]
    facility: str
    stage: str
    figures: list[Capacity]

    @property
    def label(self) -> str:
        return self.lives.facilities[self.facility][0]

    @property
    def now(self) -> StageState:
        return self._state(self.asked.facts.date)

    def _state(self, day: str) -> StageState:
        events = self.lives.events.get(self.facility, ())
        return state_on(self.stage, events, self.lives.versions, day)

    def names_element(self) -> bool:
        """Whether a row names the element, though no tonnes of it can be read."""
        members = {*self.asked.elements.members[self.asked.name]}
        return any(members & {*part} for x in self.figures for part in x.materials if len(part) < 5)

    def sites(self) -> Iterable[ReplacementSite]:
        """What it makes already, and what it adds."""
        asked = self.asked
        choices_of, _ = choices_of_site(self.figures, asked.elements, asked.chemistry, asked.span)
        content = {
            product: asked.chain.recipe.get((product, asked.name), 0.0)
            for product in asked.chain.products
            if self.stage == MAGNET
        }
        if self.stage != MAGNET:
            told = choices_of.get(asked.name, [])
            yield from self._of(told)
            return
        whole: dict[str, Choice] = {}
        for product, told in choices_of.items():
            for figure, amount in told:
                held = amount.times(content.get(product, 0.0))
                known = whole.get(figure.row)
                whole[figure.row] = (figure, held if known is None else known[1] + held)
        yield from self._of([x for x in whole.values() if x[1].value > 0])

    def _of(self, choices: list[Choice]) -> Iterable[ReplacementSite]:
        end, day = self.asked.span[0], self.asked.facts.date
        if not choices:
            return
        ran = self._state(end).state in (OPERATING, PARTLY)
        before = [x for x in choices if x[0].latest <= end and x[0].kind in (_OUTPUT, _NAMEPLATE)]
        outputs = [x for x in choices if x[0].kind == _OUTPUT and x[0].latest <= day]
        newest = max(outputs, key=lambda x: (x[0].latest, x[0].row), default=None)
        in_base = ran and bool(before)
        runs = self.now.state in (OPERATING, PARTLY) or (not self.events and bool(outputs))
        if in_base or (not self.events and outputs):
            shown = newest or max(before, key=lambda x: (x[0].latest, x[0].row))
            yield self._site(shown, in_base=True)
        added = added_figure(choices, self.figures, self.asked.span, ran=ran)
        made = newest if not in_base and newest is not None and self.events else None
        if added is None and made is not None:
            yield self._site(made, in_base=False)
        elif added is not None and added[1].value > 0:
            low = made[1].low if made is not None else (0.0 if runs else added[1].low)
            amount = replace(added[1], low=min(low, added[1].value))
            yield self._site((added[0], amount), in_base=False)

    @property
    def events(self) -> bool:
        """Whether the state is known from events."""
        return bool(self.lives.events.get(self.facility, ()))

    def _site(self, choice: Choice, *, in_base: bool) -> ReplacementSite:
        figure, amount = choice
        state, day = self.now, self.asked.facts.date
        status, since = self._status(figure, in_base=in_base)
        plan = None if status in (OPERATING, RAMPING) else self._plan(figure)
        members = {*self.asked.elements.members[self.asked.name]}
        others = {*frozenset().union(*figure.materials)} - members
        return ReplacementSite(
            facility=self.facility,
            label=self.label,
            country=figure.country,
            stage=self.stage,
            status=status,
            certainty=state.certainty,
            in_base=in_base,
            tonnes=Tonnage(
                value=amount.value,
                low=amount.low,
                high=amount.high,
                printed=figure.tonnes.value if figure.tonnes is not None else 0.0,
                kind=figure.kind,
                quarter=figure.row in self.quarters,
                joint=tuple(sorted(others)) if self.stage != MAGNET else (),
                row=figure.row,
            ),
            plan=plan if day else None,
            since=since,
            rows=tuple(
                sorted({*amount.rows, figure.row, *state.rows, *((plan.row,) if plan else ())})
            ),
        )

    def _status(self, figure: Capacity, *, in_base: bool) -> tuple[str, str]:
        """The status of what a row tells, and since when it runs."""
        state, day = self.now.state, self.asked.facts.date
        begun = [
            x
            for x in self.lives.events.get(self.facility, ())
            if x.event in BEGINS
            and x.earliest <= day
            and x.stage in ("", self.stage)
            and not x.part
        ]
        last = max(begun, key=lambda x: (x.earliest, x.row), default=None)
        running = state in (OPERATING, PARTLY) or (in_base and not self.events)
        if running and (in_base or figure.kind in (_OUTPUT, _NAMEPLATE)):
            new = last is not None and years(last.earliest, day) <= RAMP_YEARS
            return (RAMPING if new and not in_base else OPERATING), (
                last.printed if last is not None else ""
            )
        if running and last is not None and last.earliest > self.asked.span[0]:
            return RAMPING, last.printed  # of its first tonnes, which are still a plan
        return (BUILDING if state == BUILDING else PLANNED), ""

    def _plan(self, figure: Capacity) -> Plan | None:
        """The start that the latest row foresees, or the date of a figure that lies ahead."""
        own = [
            each
            for (facility, stage), each in self.latest.items()
            if facility == self.facility and stage in ("", self.stage)
        ]
        told = max(own, key=lambda x: (x.said, bool(x.stage), x.latest, x.row), default=None)
        day, date = self.asked.facts.date, figure.earliest
        if date <= day or (told is not None and date <= told.latest):
            return told
        place = (self.facility, self.stage, figure.step, "")
        return Plan(*place, date[:4], date, figure.latest, day, figure.row)
