"""Centrality as a value: the nodes, how far they agree with losses, and the very graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

import networkx as nx

from monazite.analysis.centrality.graphs import BuiltGraph, build_graph
from monazite.analysis.centrality.measures import (
    DIGITS,
    MEASURES,
    WEIGHTS,
    CentralityMeasure,
    GraphEdge,
    Numbers,
    edges_in,
    measure_named,
)
from monazite.analysis.chokepoints.figures import DrawsMade
from monazite.analysis.rank_correlation import places
from monazite.core.columns import Column, bare, table
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.formats import (
    NOT_KNOWN,
    between,
    fixed,
    percent,
    supported,
    tonnes,
    two_decimals,
    with_ends,
)
from monazite.core.results import Percentiles, Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import FLOW, USE, YEARS
from monazite.model.network.attributes import plain_copy
from monazite.model.network.facts import Facts, read_facts
from monazite.model.network.shares import WORLD
from monazite.model.wording import STAGES, listed
from monazite.store.names import named

_WHAT = {"flow": "flows", "firms": "firms that supply each other", "policy": "acts of states"}


def title_of(found: Centrality) -> str:
    """Return what was measured, of what, for whom and when, as a heading."""
    when = found.year or found.day
    return f"{_of(found)}: centrality of {_WHAT[found.kind]}, {when}"


def _of(found: Centrality | CentralityOverYears) -> str:
    """The element, and the market where the graph knows one: firms and acts are of the world."""
    return f"{found.title} for {named(found.market_label)}" if found.kind == FLOW else found.title


def _nodes(found: Centrality) -> Table:
    lost = any(node.loss is not None for node in found.nodes)
    at_first = any(node.first_year is not None for node in found.nodes)
    shown = [
        node
        for node in found.nodes
        if node.loss is not None or found.kind != FLOW or (not lost and node.stage != USE)
    ]
    spans = found.draws is not None
    others = [each for each in reversed(found.measures) if each.code != found.by]
    hidden = len(found.nodes) - len(shown)
    others_are = "more without a loss, users among them," if lost else "users"
    more = f"{hidden} {others_are} stand in JSON and CSV."
    columns = [
        Column("what", "label"),
        *(x for each in found.measures for x in _of_measure(each, others, spans=spans)),
        Column("first year", _first_year, right=True, when=at_first),
        Column("for good", _loss, right=True, when=lost),
    ]
    remarks = (*found.said, *([more] if hidden else ()))
    ranges = "In brackets: 5 to 95 %. Centrality: range not drawn; --draws N draws it."
    if made := found.draws:
        kept = f"{made.count - made.rejected} of {made.count} random trials"
        ranges = f"Ranges: 5 to 95 % of {kept} (seed {made.seed})."
    details = (ranges, *found.notes) if found.draws or found.kind == FLOW else found.notes
    return table(title_of(found), shown, columns, remarks, details=details)


def _of_measure(
    measure: CentralityMeasure, others: Sequence[CentralityMeasure], *, spans: bool
) -> Iterator[Column]:
    """The column of a measure, and that of its range where ranges were drawn."""

    def value(node: CentralNode) -> str:
        held = node.measures.get(measure.code)
        return NOT_KNOWN if held is None else number(held, measure)

    def span(node: CentralNode) -> str:
        held = node.ranges.get(measure.code)
        if held is None or measure.code not in node.measures:
            return NOT_KNOWN
        low, high = number(held.low, measure), number(held.high, measure)
        return low if low == high else f"{low} to {high}"

    turn = others.index(measure) + 1 if measure in others else 0
    yield Column(measure.column, value, right=True, spare=turn)
    yield Column(f"{measure.column} 5-95 %", span, right=True, when=spans)


def number(value: float, measure: CentralityMeasure) -> str:
    """Return a measure as a cell has it."""
    if measure.unit == "t":
        return tonnes(value)
    if measure.code == "on_paths":
        return percent(value, narrow=True)
    return fixed(value, 0) if value >= 1 else "0" if not value else fixed(value, 3)


def _agreements(found: Centrality) -> Table:
    words = {each.code: each.words for each in found.measures}
    return table(
        "Is what is central what costs most? Rank correlation (Spearman), -1 to 1",
        found.agreements,
        (
            Column("measure", "measure", words.__getitem__),
            Column("correlation", "spearman", _correlation, right=True),
            Column("5-95 %", "spread", _spread, right=True, when=found.draws is not None),
            Column("places", "places", right=True, spare=1),
            Column("most central", lambda line: _first(found, line)),
            Column("its loss for good", "first_loss", percent_cell, right=True),
        ),
        ("Most central: of places with a known loss; of those that tie, the least loss.",),
    )


def _correlation(number: float | None) -> str:
    return "no order" if number is None else two_decimals(number)


def _loss(node: CentralNode) -> str:
    told = supported(node.loss, node.loss_low, node.loss_high)
    return with_ends(told, node.loss_low, node.loss_high)


def _first_year(node: CentralNode) -> str:
    """What is lost in the first year; nothing of what costs nothing."""
    lost = 0.0 if node.first_year is None and not node.ranking else node.first_year
    told = supported(None if node.loss is None else lost, node.first_year_low, node.first_year_high)
    return with_ends(told, node.first_year_low, node.first_year_high)


def _spread(span: Percentiles | None) -> str:
    return NOT_KNOWN if span is None else between(span.low, span.high, two_decimals)


def _first(found: Centrality, line: Agreement) -> str:
    """The most central place, and how many others share that with it."""
    first = found.node(line.first)
    most = round(first.measures[line.measure], DIGITS)
    known = (node for node in found.nodes if node.ranking is not None)
    tied = [node for node in known if round(node.measures[line.measure], DIGITS) == most]
    return first.label if len(tied) == 1 else f"{first.label} (of {len(tied)} that tie)"


MOST_YEARS = 50  # years that are measured at a time


class CentralityLine(Value):
    """The ranks of a node over the years."""

    id: str  #: of the node in the graphs
    label: str
    stage: str  #: of the chain; empty where a node has none
    #: by measure one rank for each year, most of it first; equal ones share the first place that
    #: they have; no rank where the year does not have the node
    ranks: Mapping[str, tuple[int | None, ...]]
    rows: tuple[str, ...] = ()  #: keys of the rows of the last year that has it


class YearLeftOut(NamedTuple):
    """A year that cannot be measured."""

    year: int  #: the year
    why: str  #: why, in a sentence


class CentralityOverYears(Result):
    """Who was how central in which year, by ranks."""

    records_key = "lines"
    _json = "element market kind by years lines stages left_out notes"

    element: str
    title: str
    market: str
    market_label: str
    kind: str  #: of the graphs: flow, firms or policy
    by: str  #: the measure that lines are ordered by
    years: tuple[int, ...]  #: that were measured, in order
    #: the very ``networkx.DiGraph`` of each year that was measured, frozen
    graphs: Mapping[int, nx.DiGraph[str]] = field(compare=False)
    lines: tuple[CentralityLine, ...]  #: the best rank of the last year first
    #: which stages the graph of each year has; empty for graphs without stages
    stages: Mapping[int, tuple[str, ...]]
    left_out: tuple[YearLeftOut, ...]  #: years that cannot be measured, and why

    @property
    def measure(self) -> CentralityMeasure:
        """The measure that lines are ordered by."""
        return measure_named(self.kind, self.by)

    def tables(self) -> list[Table]:
        """Return the rank of each node in each year, by the measure that was asked for."""
        ranks = [line.ranks[self.by] for line in self.lines]
        last = [max(rank or 0 for rank in year) for year in zip(*ranks, strict=True)]
        shown = [
            line
            for line, of_line in zip(self.lines, ranks, strict=True)
            if any(rank is not None and rank < x for rank, x in zip(of_line, last, strict=True))
        ]
        hidden = len(self.lines) - len(shown)
        more = f"{hidden} more share the last place in every year: JSON and CSV have them."
        years = tuple(map(str, self.years))
        return [
            Table(
                heading=f"{_of(self)}: rank by {self.measure.words}",
                columns=("what", *years),
                rows=[[line.label, *map(bare, line.ranks[self.by])] for line in shown],
                remarks=(*([more] if hidden else ()), *self.notes),
                right=years,
            )
        ]

    def csv_tables(self) -> list[Table]:
        """Return all ranks as one table of plain values."""
        columns = ("id", "label", "stage", "measure", *map(str, self.years))
        rows = [
            [line.id, line.label, line.stage, name, *map(bare, ranks)]
            for line in self.lines
            for name, ranks in line.ranks.items()
        ]
        return [Table("", columns, rows)]

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
    """Rank what lies in the middle of an element's flows, firms or acts, year by year."""
    measure = measure_named(kind, by)
    first, last = years
    YEARS.check(first)
    YEARS.check(last)
    if first > last or last - first >= MOST_YEARS:
        raise UnknownNameError(
            f"Years are the first and the last, at most {MOST_YEARS}, as 2018:2024, "
            f"not {first}:{last}."
        )
    built, left_out = {}, []
    for year in range(first, last + 1):
        try:
            built[year] = _of_year(facts, kind, market, label, year)
        except NotKnownError as unknown:
            left_out.append(YearLeftOut(year, str(unknown)))
    built = {year: each for year, each in built.items() if measure.code in each.values}
    if not built:
        why = left_out[-1][1] if left_out else f"records are too thin for {measure.words}."
        raise NotKnownError(f"No year from {first} to {last} can be measured: {why}")
    stages = {}
    for year, each in built.items() if kind == FLOW else ():
        held = {cells["stage"] for _, cells in each.graph.nodes(data=True)}
        stages[year] = tuple(stage for stage in STAGES if stage in held)
    return CentralityOverYears(
        element=facts.symbol,
        title=facts.title,
        market=market,
        market_label=label,
        kind=kind,
        by=measure.code,
        years=tuple(built),
        graphs={year: plain_copy(each.graph) for year, each in built.items()},
        lines=tuple(_lines([*built.values()], measure)),
        stages=stages,
        left_out=tuple(left_out),
        notes=tuple(_notes(stages, left_out)),
    )


def _of_year(facts: Facts, kind: str, market: str, label: str, year: int) -> BuiltGraph:
    if kind == FLOW:
        return build_graph(facts, kind, market, label, year)
    day = min(f"{year}-12-31", facts.date)
    if not day.startswith(str(year)):
        raise NotKnownError(f"{year} lies after {facts.date}.")
    return build_graph(read_facts(facts.store, facts.symbol, day), kind, market, label)


def _lines(built: Sequence[BuiltGraph], measure: CentralityMeasure) -> Iterator[CentralityLine]:
    ranked = [
        {name: _ranks(each, values) for name, values in each.values.items()} for each in built
    ]
    cells = {node: held for each in built for node, held in each.graph.nodes(data=True)}
    names = list(built[-1].values)
    nodes = {node for each in ranked for node in each[measure.code]}
    last = ranked[-1][measure.code]
    for node in sorted(nodes, key=lambda each: (last.get(each, len(nodes) + 1), each)):
        yield CentralityLine(
            id=node,
            label=cells[node]["label"],
            stage=cells[node].get("stage", ""),
            ranks={name: tuple(each.get(name, {}).get(node) for each in ranked) for name in names},
            rows=cells[node]["rows"],
        )


def _ranks(built: BuiltGraph, values: Numbers) -> dict[str, int]:
    """Ranks by a measure; users of flows have none."""
    nodes = built.graph.nodes(data=True)
    kept = sorted(node for node, cells in nodes if cells.get("stage") != USE)
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
    why: dict[str, list[str]] = defaultdict(list)
    for year, text in left_out:
        why[text].append(str(year))
    for text, found in why.items():
        yield f"Not measured, {listed(found)}: {text}"


LOSSES = (*("loss", "loss_low", "loss_high"), *("first_year", "first_year_low", "first_year_high"))
"""What a node has of its line of losses."""


class CentralNode(Value):
    """A country at a stage, a user, a firm or a state, and what it is to the graph."""

    id: str  #: of the node in the graph
    label: str
    stage: str  #: of the chain; empty where a node has none
    #: its stage, or what it does on the edges: sells ore, supplies, buys, acts on others, is bound
    role: str
    country: str  #: its code; empty where a node has none
    measures: Mapping[str, float]  #: by measure; tonnes, counts, or parts of 1
    #: the part of what the market takes that it loses without it, as ``chokepoints`` prints it;
    #: None where that is not known, or it is no line there: too small, or not known to mine
    loss: float | None = None
    #: a twentieth of the drawn losses lies below; None where the range was not drawn
    loss_low: float | None = None
    #: a twentieth of them lies above; None where the range was not drawn
    loss_high: float | None = None
    #: the part of a year's use that is lost in the first twelve months, as ``chokepoints`` has it
    first_year: float | None = None
    first_year_low: float | None = None  #: as ``loss_low`` of it
    first_year_high: float | None = None  #: as ``loss_high`` of it
    #: where nine in ten draws of a measure lie; empty where they were not drawn
    ranges: Mapping[str, Percentiles] = field(default_factory=dict)
    rows: tuple[str, ...] = ()  #: keys of the rows of its output, its links or its acts

    @property
    def ranking(self) -> int | None:
        """The whole percents of the loss that lines are ranked by."""
        return None if self.loss is None else round(100 * self.loss)


class Agreement(Value):
    """How far a measure and the losses put places in the same order."""

    measure: str  #: its code
    #: the rank correlation of Spearman, -1 to 1, with the loss that lines are ranked by, in whole
    #: percents; None where a side has no order
    spearman: float | None
    places: int  #: how many places have both
    first: str  #: id of the place with the most of the measure; of several the one of least loss
    first_loss: float | None  #: what the market loses without it; None where that is not known
    #: where nine in ten draws of the correlation lie; None where they were not drawn
    spread: Percentiles | None = None


class Centrality(Result):
    """What lies in the middle of a chain, beside what its failure costs."""

    records_key = "nodes"
    _json = (
        "element market kind by year day nodes edges agreements disagreements=said ranges=draws "
        "notes"
    )

    element: str
    title: str
    market: str
    market_label: str
    kind: str  #: of the graph: flow, firms or policy
    by: str  #: the measure that nodes are ordered by
    year: int | None  #: of the flows; None for a graph of a day
    day: str  #: of the view
    #: the very ``networkx.DiGraph`` that was measured, frozen: a copy can be changed
    graph: nx.DiGraph[str] = field(compare=False)
    nodes: tuple[CentralNode, ...]  #: most of the measure first, then by loss
    agreements: tuple[Agreement, ...]  #: a line for each measure
    said: tuple[str, ...]  #: where centrality and losses disagree, in sentences
    draws: DrawsMade | None = None  #: how ranges were drawn; None where they were not

    @property
    def measure(self) -> CentralityMeasure:
        """The measure that nodes are ordered by."""
        return measure_named(self.kind, self.by)

    @property
    def edges(self) -> tuple[GraphEdge, ...]:
        """The edges of the graph: from, to, and tonnes, links or acts in force."""
        return tuple(edges_in(self.graph, WEIGHTS[self.kind]))

    @property
    def measures(self) -> tuple[CentralityMeasure, ...]:
        """The measures that were taken; of thin records no paths are."""
        taken = {name for node in self.nodes for name in node.measures}
        return tuple(each for each in MEASURES[self.kind] if each.code in taken)

    def node(self, name: str) -> CentralNode:
        """Return the node of an id, such as ``separation/CHN``."""
        return {each.id: each for each in self.nodes}[name]

    def tables(self) -> list[Table]:
        """Return the nodes with their losses, and how far each measure agrees with these."""
        return [_nodes(self), *([_agreements(self)] if self.agreements else [])]

    def csv_tables(self) -> list[Table]:
        """Return all nodes as one table of plain values."""
        names = [each.code for each in self.measures]
        columns = (
            *("id", "label", "stage", *LOSSES),
            *(column for name in names for column in (name, f"{name}_low", f"{name}_high")),
        )
        rows = []
        for node in self.nodes:
            held = [getattr(node, name) for name in LOSSES]
            for name in names:
                span = node.ranges.get(name)
                ends = (span.low, span.high) if span else (None, None)
                held += [node.measures.get(name), *ends]
            rows.append([node.id, node.label, node.stage, *(bare(each, 12) for each in held)])
        return [Table("", columns, rows)]

    def headline(self) -> str:
        """Return what was measured, and what has the most of the measure."""
        when = self.year or self.day
        whose = f" for {self.market}" if self.kind == FLOW else ""
        where = f"{self.element}{whose} {when}, {self.kind}"
        return f"{where}: {self.nodes[0].label} first by {self.measure.words}"
