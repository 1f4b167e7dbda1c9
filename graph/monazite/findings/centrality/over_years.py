"""Centrality over years: ranks only, as graphs of years with other stages cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.centrality.cells import nodes_in
from monazite.findings.centrality.kinds import BuiltGraph, build_graph
from monazite.findings.centrality.measures import DIGITS, CentralityMeasure, Numbers, measure_named
from monazite.findings.centrality.tables import years_csv, years_dict, years_tables
from monazite.findings.rank_correlation import places
from monazite.findings.wording import STAGES, listed
from monazite.network.facts import Facts, read_facts
from monazite.network.shares import WORLD
from monazite.parameters import FLOW, USE, YEARS
from monazite.result import Result, Value
from monazite.tables import Table

if TYPE_CHECKING:
    import networkx as nx

MOST_YEARS = 50
"""Years that are measured at a time."""


@dataclass(frozen=True)
class CentralityLine(Value):
    """The ranks of a node over the years.

    Attributes:
        id: of the node in the graphs.
        label: its name.
        stage: of the chain; empty where a node has none.
        ranks: by measure one rank for each year, most of it first; equal ones share the first
            place that they have; None where the year does not have the node.
        rows: keys of the rows of the last year that has it.
    """

    id: str
    label: str
    stage: str
    ranks: Mapping[str, tuple[int | None, ...]]
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class CentralityOverYears(Result):
    """Who was how central in which year, by ranks.

    Attributes:
        element: symbol or group.
        title: its name.
        market: code of the market.
        market_label: its name.
        kind: of the graphs: flow, firms or policy.
        by: the measure that lines are ordered by.
        years: that were measured, in order.
        graphs: the very ``networkx.DiGraph`` of each year that was measured, frozen.
        lines: the best rank of the last year first.
        stages: which stages the graph of each year has; empty for graphs without stages.
        left_out: years that cannot be measured, and why.
    """

    records_key: ClassVar[str] = "lines"

    element: str
    title: str
    market: str
    market_label: str
    kind: str
    by: str
    years: tuple[int, ...]
    graphs: Mapping[int, nx.DiGraph[str]] = field(compare=False)
    lines: tuple[CentralityLine, ...]
    stages: Mapping[int, tuple[str, ...]]
    left_out: tuple[tuple[int, str], ...]

    @property
    def measure(self) -> CentralityMeasure:
        """The measure that lines are ordered by."""
        return measure_named(self.kind, self.by)

    def content(self) -> dict[str, object]:
        """Return what ``--format json`` prints: ranks by node, measure and year."""
        return years_dict(self)

    def tables(self) -> list[Table]:
        """Return the rank of each node in each year, by the measure that was asked for."""
        return years_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return all ranks as one table of plain values."""
        return [years_csv(self)]

    def headline(self) -> str:
        """Return what was measured in which years, and who leads the last."""
        whose = f" for {self.market}" if self.kind == FLOW else ""
        asked = f"{self.element}{whose}, {self.kind}"
        return f"{asked}: {self.years[0]} to {self.years[-1]}, {self.lines[0].label} first"


def find_centrality_over_years(
    facts: Facts,
    years: tuple[int, int],
    *,
    market: str = WORLD,
    label: str = "World",
    kind: str = FLOW,
    by: str | None = None,
) -> CentralityOverYears:
    """Rank what lies in the middle of an element's flows, firms or acts, year by year.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> found = find_centrality_over_years(facts, (2023, 2024))
    >>> found.years, found.lines[0].id, found.lines[0].ranks["betweenness"]
    ((2023, 2024), 'separation/CHN', (1, 1))
    """
    measure = measure_named(kind, by)
    built, left_out = {}, []
    for year in _checked(years):
        try:
            built[year] = _of_year(facts, kind, market, label, year)
        except NotKnownError as unknown:
            left_out.append((year, str(unknown)))
    built = {year: each for year, each in built.items() if measure.code in each.values}
    if not built:
        why = left_out[-1][1] if left_out else f"records are too thin for {measure.words}."
        raise NotKnownError(f"No year from {years[0]} to {years[1]} can be measured: {why}")
    stages = {year: _stages(each) for year, each in built.items() if kind == FLOW}
    return CentralityOverYears(
        element=facts.symbol,
        title=facts.title,
        market=market,
        market_label=label,
        kind=kind,
        by=measure.code,
        years=tuple(built),
        graphs={year: each.graph for year, each in built.items()},
        lines=tuple(_lines([*built.values()], measure)),
        stages=stages,
        left_out=tuple(left_out),
        notes=tuple(_notes(stages, left_out)),
    )


def _checked(years: tuple[int, int]) -> range:
    first, last = years
    YEARS.check(first)
    YEARS.check(last)
    if first > last or last - first >= MOST_YEARS:
        raise UnknownNameError(
            f"Years are the first and the last, at most {MOST_YEARS}, as 2018:2024, "
            f"not {first}:{last}."
        )
    return range(first, last + 1)


def _of_year(facts: Facts, kind: str, market: str, label: str, year: int) -> BuiltGraph:
    if kind == FLOW:
        return build_graph(facts, kind, market, label, year)
    day = min(f"{year}-12-31", facts.date)
    if not day.startswith(str(year)):
        raise NotKnownError(f"{year} lies after {facts.date}.")
    return build_graph(read_facts(facts.store, facts.symbol, day), kind, market, label)


def _stages(built: BuiltGraph) -> tuple[str, ...]:
    held = {node.stage for node in nodes_in(built.graph)}
    return tuple(stage for stage in STAGES if stage in held)


def _lines(built: Sequence[BuiltGraph], measure: CentralityMeasure) -> Iterator[CentralityLine]:
    ranked = [
        {name: _ranks(each, values) for name, values in each.values.items()} for each in built
    ]
    cells = {node.id: node for each in built for node in nodes_in(each.graph)}
    names = list(built[-1].values)
    nodes = {node for each in ranked for node in each[measure.code]}
    last = ranked[-1][measure.code]
    for node in sorted(nodes, key=lambda each: (last.get(each, len(nodes) + 1), each)):
        yield CentralityLine(
            id=node,
            label=cells[node].label,
            stage=cells[node].stage,
            ranks={name: tuple(each.get(name, {}).get(node) for each in ranked) for name in names},
            rows=cells[node].rows,
        )


def _ranks(built: BuiltGraph, values: Numbers) -> dict[str, int]:
    """Ranks by a measure; users of flows have none."""
    graph = built.graph
    kept = sorted(node.id for node in nodes_in(graph) if node.stage != USE)
    found = places([round(float(values[node]), DIGITS) for node in kept])
    return {node: first for node, (first, _) in zip(kept, found, strict=True)}


def _notes(
    stages: Mapping[int, tuple[str, ...]], left_out: Iterable[tuple[int, str]]
) -> Iterator[str]:
    yield "Ranks only: measures of graphs of other years have other sizes, and do not compare."
    every = [stage for stage in STAGES if any(stage in held for held in stages.values())]
    gaps = {year: [x for x in every if x not in held] for year, held in stages.items()}
    if stages:
        yield "A stage of which a year has no figure is skipped: paths there are shorter."
    for year, missing in gaps.items():
        if missing:
            yield f"{year} skips {listed(STAGES[stage] for stage in missing)}."
    why: dict[str, list[str]] = {}
    for year, text in left_out:
        why.setdefault(text, []).append(str(year))
    for text, found in why.items():
        yield f"Not measured, {listed(found)}: {text}"
