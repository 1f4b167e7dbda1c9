"""Plants and mines outside a country that make an element, or are to, in tonnes of the element.

Each stands once for what the base year holds, and once for what it adds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from monazite.analysis.replacement.slips import Plan, Slips, ValueRange, years
from monazite.core.results import Value
from monazite.data.parameters import MAGNET
from monazite.model.chain.chain import Chain
from monazite.model.chain.site_capacity import REO, STEPS, Capacity, ChainElements, read_capacities
from monazite.model.chemistry import Amount, Chemistry, exactly
from monazite.model.contingencies.under_construction import (
    Choice,
    added_figure,
    breadth_of,
    choices_of_site,
)
from monazite.model.facilities.status import (
    BEGINS,
    BUILDING,
    CLOSED,
    OPERATING,
    PARTLY,
    SUSPENDED,
    FacilityEvent,
    FacilityStatuses,
    StageState,
    state_on,
)
from monazite.model.facilities.status import PLANNED as IS_PLANNED
from monazite.model.network.facts import Facts

RAMPING, PLANNED = "ramping up", "planned"


class Tonnage(ValueRange):
    """Tonnes a year of the element, and what a row counts."""

    printed: float  #: tonnes a year of what the row counts
    kind: str  #: actual-output, nameplate, planned or target
    quarter: bool  #: whether it is a quarter, four times
    #: the other elements that are in the same number: how much of it is of which no row tells, the
    #: value is split as ore holds them, and the range is all of it
    joint: tuple[str, ...]
    product: str  #: what the row counts, by its materials
    row: str  #: the row that prints it


class ReplacementSite(Value):
    """A stage of a plant outside the country."""

    facility: str
    label: str
    country: str  #: name of its country
    stage: str  #: of the network
    status: str  #: operating, ramping up, under construction, planned or suspended
    certainty: str  #: of the state: surely or perhaps
    in_base: bool  #: whether the base year holds the tonnes
    tonnes: Tonnage  #: tonnes a year of the element
    plan: Plan | None  #: when it is to begin; None for what runs, or where no row says
    #: the first date that was given for it since an earlier plan was met, given up or of another
    #: owner, by which its odds are told; None where it is that of the plan
    first: Plan | None
    since: str  #: when it began to run, as printed; empty where no row says
    rows: tuple[str, ...]  #: keys of the rows that state and tonnes rest on

    @property
    def runs(self) -> bool:
        """Whether it makes something on the day."""
        return self.status in (OPERATING, RAMPING)


class ReplacementCase(Value):
    """What is asked about, and the base year it is measured against."""

    facts: Facts
    elements: ChainElements
    chemistry: Chemistry
    chain: Chain
    name: str
    without: str
    last: int
    lives: FacilityStatuses
    plans: tuple[Plan, ...]
    slips: Slips

    @property
    def span(self) -> tuple[str, str]:
        """The end of the base year, and the last day asked about."""
        return f"{self.chain.year}-12-31", f"{self.last}-12-31"


OUTPUT, _NAMEPLATE = "actual-output", "nameplate"
RAMP_YEARS = 3  # a plant that began so many years ago at the most is ramping up
_FEW = 5  # a material of fewer elements names them


class _Printed(NamedTuple):
    """A row on capacity in tonnes a year, whether it is of a quarter, and what it counts."""

    figure: Capacity
    quarter: bool
    product: str


class SiteReader:
    """What the rows of a stage of a plant tell; plans are starts that rows foresee."""

    def __init__(
        self, asked: ReplacementCase, facility: str, stage: str, figures: list[_Printed]
    ) -> None:
        self.asked, self.facility, self.stage = asked, facility, stage
        self.printed = {each.figure.row: each for each in figures}
        self.figures = [each.figure for each in figures]
        self.label = asked.lives.facilities[facility][0]
        self._events = asked.lives.events.get(facility, ())
        self.now = self._state(asked.facts.date)
        self._runs = self.now.state in (OPERATING, PARTLY)
        self._members = {*asked.elements.members[asked.name]}

    def _state(self, day: str) -> StageState:
        return state_on(self.stage, self._events, self.asked.lives.versions, day)

    @property
    def names_element(self) -> bool:
        """Whether a row speaks of the element, though no tonnes of it may be read."""
        if self.stage == MAGNET:
            return bool(self.asked.elements.magnet) and any("" in x.families for x in self.figures)
        parts = (part for x in self.figures for part in x.materials if len(part) < _FEW)
        return any(self._members & {*part} for part in parts)

    def sites(self) -> Iterable[ReplacementSite]:
        """Return what it makes already, and what it adds."""
        asked = self.asked
        choices_of, _ = choices_of_site(self.figures, asked.elements, asked.chemistry, asked.span)
        if self.stage != MAGNET:
            own = choices_of.get(asked.name, [])
            choices = [(figure, self._joint(figure, amount, choices_of)) for figure, amount in own]
        else:
            whole: dict[str, Choice] = {}
            for product, told in choices_of.items():
                content = asked.chain.recipe.get((product, asked.name), 0.0)
                for figure, amount in told:
                    held, known = amount.times(content), whole.get(figure.row)
                    whole[figure.row] = (figure, held if known is None else known[1] + held)
            choices = [x for x in whole.values() if x[1].value > 0]
        if choices:
            yield from self._of(choices)

    def _joint(
        self, figure: Capacity, amount: Amount, choices_of: Mapping[str, list[Choice]]
    ) -> Amount:
        """A number for several elements may be of any of them: none of it, or all."""
        if not self._others(figure) or figure.basis == REO:
            return amount
        others = [
            held.value
            for name, told in choices_of.items()
            if name != self.asked.name
            for of, held in told
            if of.row == figure.row
        ]
        return replace(amount, low=0.0, high=max(amount.high, amount.value + sum(others)))

    def _others(self, figure: Capacity) -> tuple[str, ...]:
        """Elements that a number is of beside the one asked about."""
        if self.stage == MAGNET:
            return ()
        return tuple(sorted({*frozenset().union(*figure.materials)} - self._members))

    def _of(self, choices: list[Choice]) -> Iterable[ReplacementSite]:
        end, day = self.asked.span[0], self.asked.facts.date
        ran = self._state(end).state in (OPERATING, PARTLY)
        made = [x for x in choices if x[0].kind == OUTPUT and x[0].latest <= day]
        plates = [x for x in choices if x[0].kind == _NAMEPLATE and x[0].latest <= end]
        before = [x for x in made if x[0].latest <= end]
        held = ran and bool(before or plates or not self._begun(after=end))
        held = held or (not self._events and bool(made or plates))
        newest = _newest(made)
        shown = (newest or _newest(plates)) if held else None
        held = shown is not None
        if shown is not None:
            yield self._site(shown, in_base=True)
        more = _growth(_newest(before), newest) if held else None
        added = added_figure(choices, self.figures, self.asked.span, ran=held)
        if more is not None and (added is None or more[1].value > added[1].value):
            yield self._site(more, in_base=False)
        elif added is not None and added[1].value > 0:
            yield self._site(self._with_output(added, choices, newest, held=held), in_base=False)
        elif newest is not None and not held:
            yield self._site(newest, in_base=False)

    def _with_output(
        self, added: Choice, choices: list[Choice], newest: Choice | None, *, held: bool
    ) -> Choice:
        """What is added: of what runs, the least that is aimed at, and at the least its output."""
        figure, amount = added
        if not self._runs or held:
            return added
        if figure.kind not in (OUTPUT, _NAMEPLATE):
            aims = [x for x in choices if x[0].kind in ("planned", "target")]
            figure, amount = min(aims, key=lambda x: (x[1].value, x[0].row))
        least = newest[1].low if newest is not None else 0.0
        return figure, replace(amount, low=min(least, amount.value))

    def _begun(self, after: str = "") -> list[FacilityEvent]:
        """The beginnings of the stage up to the day, the first one first."""
        found = [
            x
            for x in self._events
            if x.event in BEGINS
            and after < x.earliest <= self.asked.facts.date
            and x.stage in ("", self.stage)
            and not x.part
        ]
        return sorted(found, key=lambda x: (x.earliest, x.latest, x.row))

    def _site(self, choice: Choice, *, in_base: bool) -> ReplacementSite:
        figure, amount = choice
        status, since = self._status(figure, in_base=in_base)
        plan, first = (None, None) if status in (OPERATING, RAMPING) else self._plans(figure)
        rows = {*amount.rows, figure.row, *self.now.rows}
        rows |= {each.row for each in (plan, first) if each is not None}
        return ReplacementSite(
            facility=self.facility,
            label=self.label,
            country=figure.country,
            stage=self.stage,
            status=status,
            certainty=self.now.certainty,
            in_base=in_base,
            tonnes=Tonnage(
                value=amount.value,
                low=amount.low,
                high=amount.high,
                printed=figure.tonnes.value if figure.tonnes is not None else 0.0,
                kind=figure.kind,
                quarter=self.printed[figure.row].quarter,
                joint=self._others(figure),
                product=self.printed[figure.row].product,
                row=figure.row,
            ),
            plan=plan,
            first=first,
            since=since,
            rows=tuple(sorted(rows)),
        )

    def _status(self, figure: Capacity, *, in_base: bool) -> tuple[str, str]:
        """The status of what a row tells, and since when it runs."""
        if in_base:
            begun = self._begun()
            return OPERATING, begun[0].printed if begun else ""
        new = self._begun(after=self.asked.span[0])
        if self._runs and new:
            return RAMPING, new[0].printed
        if self._runs and figure.kind in (OUTPUT, _NAMEPLATE):
            last = self._begun()[-1:]
            recent = any(years(x.earliest, self.asked.facts.date) <= RAMP_YEARS for x in last)
            return RAMPING if recent else OPERATING, last[0].printed if last else ""
        return (BUILDING if self.now.state == BUILDING else PLANNED), ""

    def _plans(self, figure: Capacity) -> tuple[Plan | None, Plan | None]:
        """When it is to begin, and the first date that was given for that.

        A figure whose own date lies ahead is of that date. A plan for a part, or for a product, is
        none for others.
        """
        facts = self.asked.facts
        words = {facts.element.label.casefold(), *(x.casefold() for x in facts.members)}
        own = [
            x
            for x in self.asked.plans
            if x.facility == self.facility
            and x.stage in ("", self.stage)
            and (not x.part or words & {*x.part.casefold().split()})
        ]
        told = max(own, key=lambda x: (x.said, bool(x.stage), x.latest, x.row), default=None)
        date = figure.earliest
        if date > facts.date and (told is None or date > told.latest):
            place = (self.facility, self.stage, figure.step, "")
            return Plan(*place, date[:4], date, figure.latest, facts.date, figure.row), None
        if told is None:
            return None, None
        # Overtaken: something was planned or begun to be built after the planned day had passed.
        if told.latest < facts.date and any(
            x.state in (IS_PLANNED, BUILDING) and told.latest < x.earliest <= facts.date
            for x in self._events
            if x.row != told.row
        ):
            return None, None
        return told, None if told.part else self.asked.slips.first_plan(self.facility, self.stage)


def _newest(choices: Iterable[Choice]) -> Choice | None:
    """The newest of the narrowest rows."""
    found = list(choices)
    narrow = min((breadth_of(x[0]) for x in found), default=0)
    alike = sorted((x for x in found if breadth_of(x[0]) == narrow), key=lambda x: x[0].row)
    return max(alike, key=lambda x: x[0].latest, default=None)


def _growth(before: Choice | None, newest: Choice | None) -> Choice | None:
    """What is made beyond the output of the base year, by rows that count the same."""
    if before is None or newest is None or breadth_of(before[0]) != breadth_of(newest[0]):
        return None
    figure, amount = newest
    rise = amount.value - before[1].value
    if figure.row == before[0].row or rise <= 0:
        return None
    return figure, Amount(rise, rise, rise, amount.rows, amount.assumptions)


def find_sites(asked: ReplacementCase) -> tuple[tuple[ReplacementSite, ...], tuple[str, ...]]:
    """Find what is made, or to be made, of an element outside a country; and what is left out."""
    found: list[ReplacementSite] = []
    remarks: list[str] = []
    untold: list[str] = []
    for (stage, facility), figures in sorted(_figures(asked).items()):
        reader = SiteReader(asked, facility, stage, figures)
        state, own = reader.now.state, tuple(reader.sites())
        if own and state in (CLOSED, SUSPENDED):
            remarks.append(f"{reader.label} is {state}: it is left out.")
        elif own:
            found += own
        elif reader.names_element:
            untold.append(f"{reader.label} ({stage})")
    if untold:
        remarks.append(
            f"No tonnes of {asked.name} can be read from the rows of these, which are left out: "
            f"{', '.join(untold)}."
        )
    order = [*STEPS]
    found.sort(key=lambda x: (order.index(x.stage), x.label, not x.in_base))
    return tuple(found), tuple(remarks)


def _figures(asked: ReplacementCase) -> dict[tuple[str, str], list[_Printed]]:
    """Rows on capacity outside by stage and plant."""
    facts = asked.facts
    goods: dict[str, dict[str, None]] = defaultdict(dict)
    quarters = {}
    for x in facts.ask("network-planned-capacity", date=facts.date):
        goods[x.row()][x["material"].replace("-", " ")] = None
        if x["unit"] == "t-per-quarter" and x["value"] and x["kind"] == OUTPUT:
            quarters[x.row()] = exactly(x.number("value") * 4, x.row())
    found: dict[tuple[str, str], list[_Printed]] = defaultdict(list)
    for figure in read_capacities(facts):
        row = figure.row
        if figure.country != asked.without:
            year = replace(figure, tonnes=quarters.get(row, figure.tonnes))
            told = _Printed(year, row in quarters, ", ".join(goods.get(row, ())))
            found[figure.stage, figure.facility].append(told)
    return found
