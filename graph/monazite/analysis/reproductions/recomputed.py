"""How each measure is worked out again: ours with its rows, None where an input has no row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from math import fsum

from monazite.analysis.concentration.formulas import top_shares, without_largest
from monazite.analysis.concentration.inputs import IndexInputs, PrintedIndex
from monazite.analysis.concentration.supply_risks import RELIANCE, risk_of
from monazite.model.network.facts import Facts, read_facts
from monazite.model.network.shares import OutputFigure, Split, split_stage
from monazite.store.queries import QueryRecord
from monazite.store.store import Store

AFTER_ALL_PROJECTIONS = "2100-12-31"  # these are printed like others: no year is too late
SCENARIO = "iea-steps"  # its demand stands beside the base case of supply


@dataclass(frozen=True)
class Recomputation:
    """What a row of the table asks to work out again."""

    element: str
    stage: str
    series: str
    place: str
    year: int | None
    assessed: str
    printed_row: str


@dataclass(frozen=True)
class RecomputedValue:
    """Our number, parts from 0 to 1; low and high are what rounded inputs leave open."""

    value: float
    low: float
    high: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class RecomputationInputs:
    """The rows of a view, asked once for each element."""

    store: Store
    _inputs: dict[str, IndexInputs] = field(default_factory=dict)

    def inputs(self, element: str) -> IndexInputs:
        """Return the rows about an element, of all years."""
        if element not in self._inputs:
            facts = read_facts(self.store, element, AFTER_ALL_PROJECTIONS)
            self._inputs[element] = IndexInputs(facts, "USA")
        return self._inputs[element]

    def facts(self, element: str) -> Facts:
        """Return the facts about an element, of all years."""
        return self.inputs(element).facts

    def figure(self, element: str, rows: Iterable[str]) -> str:
        """Say what the numbers of rows are where they are not measured of one thing alone."""
        facts = self.facts(element)
        own = {figure.row: figure.figure for figure in facts.own_figures}
        told = {own.get(row) or facts.marks.get(row, "") for row in rows}
        return ", ".join(sorted(told - {""}))

    def split(self, request: Recomputation) -> Split | None:
        """Split the asked stage and year into countries, by the asked series alone."""
        if request.year is None:
            return None
        here = [replace(figure, own_rule=False) for figure in self.own_figures(request)]
        return split_stage(here, request.stage, request.year)

    def own_figures(self, request: Recomputation) -> list[OutputFigure]:
        """Return the figures of the asked series, stage and year."""
        asked = (request.series, request.stage, request.year)
        figures = self.facts(request.element).own_figures
        return [x for x in figures if (x.series, x.stage, x.year) == asked]


def share(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return the part of the printed row's country in the series."""
    split = inputs.split(request)
    if split is None or request.place not in split.shares:
        return None
    return _exact(split.shares[request.place].share, split.rows)


def three_largest(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return the three largest countries of the series together."""
    split = inputs.split(request)
    if split is None:
        return None
    return _exact(top_shares(part.share for part in split.shares.values()), split.rows)


def sum_of_lines(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return countries and others of the series added up, in tonnes."""
    here = [
        figure
        for figure in inputs.own_figures(request)
        if not figure.is_share and figure.place != "WLD" and figure.rank == 1
    ]
    if not here:
        return None
    total = fsum(figure.tonnes[0] or 0.0 for figure in here)
    return _exact(total, tuple(sorted(figure.row for figure in here)))


def left_without_largest(
    inputs: RecomputationInputs, request: Recomputation, *, outside: bool = False
) -> RecomputedValue | None:
    """Return what all but the largest supplier give, over the demand of the world or of the rest.

    Demand is of the scenario.
    """
    split = inputs.split(request)
    if split is None or split.world_tonnes is None or request.year is None:
        return None
    world = split.world_tonnes
    supply = {place: part.share * world for place, part in split.shares.items()}
    largest = max(supply, key=lambda place: (supply[place], place))
    found = [
        inputs.inputs(request.element).demand(request.stage, place, request.year, SCENARIO)
        for place in ("WLD", *([largest] if outside else []))
    ]
    needs = [need for need in found if need is not None]
    if len(needs) < len(found):
        return None
    demand = needs[0][0] - fsum(tonnes for tonnes, _ in needs[1:])
    left = without_largest(supply, demand, rest=split.rest * world)
    return _exact(left, (*split.rows, *(row for _, row in needs)))


def net_import_reliance(
    inputs: RecomputationInputs, request: Recomputation
) -> RecomputedValue | None:
    """Return imports over imports and output, in the edition that prints the reliance.

    Exports are printed for ores and compounds together, and cannot be taken off: an upper end.
    """
    answers = inputs.inputs(request.element).reliance
    editions = {
        x["source"] for x in answers if (x.row(), x["of"]) == (request.printed_row, RELIANCE)
    }
    year = str(request.year)
    here = [x for x in answers if x["source"] in editions and x["year"] == year]
    imports = _tonnes(here, "imports", ("rare-earth compounds", "rare-earth metals"))
    output = _tonnes(here, "output", ("rare-earth compounds",))
    bought, made = fsum(imports.values()), fsum(output.values())
    if not imports or not output or not bought + made:
        return None
    return _exact(bought / (bought + made), (*sorted(imports), *sorted(output)))


def _tonnes(answers: list[QueryRecord], what: str, named: tuple[str, ...]) -> dict[str, float]:
    return {
        answer.row(): answer.number("number")
        for answer in answers
        if answer["what"] == what and answer["of"].startswith(named)
    }


def eu_risk(
    inputs: RecomputationInputs,
    request: Recomputation,
    *,
    world: str = "hhi-wgi-t-global-supply",
    union: str = "hhi-wgi-t-eu-supply",
) -> RecomputedValue | None:
    """Return the European supply risk by printed inputs; an empty metric leaves that out."""
    metrics = (world, union, "ir-import-reliance", "eol-rir", "si-sr-substitution-index")
    found = [_printed(inputs, request, metric) if metric else None for metric in metrics]
    known = [number for number in found if number is not None]
    if len(known) < sum(map(bool, metrics)):
        return None
    value, low, high = risk_of(found[0], found[1], *known[-3:])
    return RecomputedValue(value, low, high, tuple(sorted(number.row for number in known)))


def _printed(
    inputs: RecomputationInputs, request: Recomputation, metric: str
) -> PrintedIndex | None:
    if request.year is None:
        return None
    return inputs.inputs(request.element).printed(metric, request.year, request.assessed)


def group_mean(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return the mean of the printed supply risks of the members of our group."""
    found = []
    for member in sorted(inputs.facts(request.element).members):
        for stage in ("extraction", "processing"):
            each = replace(request, element=member, assessed=stage)
            number = _printed(inputs, each, "sr-supply-risk")
            found += [number] if number else []
    if not found:
        return None
    mean = fsum(number.value for number in found) / len(found)
    return _exact(mean, tuple(sorted(number.row for number in found)))


def weighted_by_stability(
    inputs: RecomputationInputs, request: Recomputation
) -> RecomputedValue | None:
    """Return the concentration of the series weighted by political stability alone."""
    split = inputs.split(request)
    if split is None:
        return None
    shares = {place: part.share for place, part in split.shares.items()}
    found = inputs.inputs(request.element).weigh(shares, split.rest, split.year)
    if found.value is None:
        return None
    return RecomputedValue(found.value, found.low, found.high, (*split.rows, *found.rows))


def nothing(inputs: RecomputationInputs, request: Recomputation) -> RecomputedValue | None:
    """Return nothing: there are no rows that this could be worked out from."""
    del inputs, request
    return None


def _exact(value: float, rows: tuple[str, ...]) -> RecomputedValue:
    return RecomputedValue(value, value, value, rows)


MEASURES: dict[str, Callable[[RecomputationInputs, Recomputation], RecomputedValue | None]] = {
    "share": share,
    "three-largest": three_largest,
    "sum-of-lines": sum_of_lines,
    "without-largest": left_without_largest,
    "without-largest-outside": partial(left_without_largest, outside=True),
    "net-import-reliance": net_import_reliance,
    "eu-supply-risk": eu_risk,
    "eu-supply-risk-world": partial(eu_risk, union=""),
    "eu-supply-risk-union": partial(eu_risk, world=""),
    "group-mean": group_mean,
    "hhi-political-stability": weighted_by_stability,
    "loss-rank": nothing,
}
"""By the codes of the scheme of measures."""
