"""Centrality as a value: the nodes, how far they agree with losses, and the very graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Self

from monazite.findings.centrality.cells import edges_in
from monazite.findings.centrality.measures import (
    MEASURES,
    WEIGHTS,
    CentralityMeasure,
    measure_named,
)
from monazite.findings.centrality.tables import (
    centrality_csv,
    centrality_dict,
    centrality_tables,
)
from monazite.findings.losses.result import DrawsMade
from monazite.findings.uncertainty.sampling import Percentiles
from monazite.parameters import FLOW
from monazite.result import Result, Value
from monazite.tables import Table

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True)
class CentralNode(Value):
    """A country at a stage, a user, a firm or a state, and what it is to the graph.

    Attributes:
        id: of the node in the graph.
        label: its name.
        stage: of the chain; empty where a node has none.
        role: its stage, or what it does on the edges: sells ore, supplies, buys, acts on others, is
            bound.
        country: its code; empty where a node has none.
        measures: by measure; tonnes, counts, or parts of 1.
        loss: the part of what the market takes that it loses without it, as ``chokepoints``
            prints it; None where that is not known, or it is no line there: too small, or not
            known to mine.
        loss_low: a twentieth of the drawn losses lies below; None where the range was not drawn.
        loss_high: a twentieth of them lies above.
        alone: the loss of the element itself; None for a group.
        ranges: where nine in ten draws of a measure lie; empty where they were not drawn.
        rows: keys of the rows of its output, its links or its acts.
    """

    id: str
    label: str
    stage: str
    role: str
    country: str
    measures: Mapping[str, float]
    loss: float | None = None
    loss_low: float | None = None
    loss_high: float | None = None
    alone: float | None = None
    ranges: Mapping[str, Percentiles] = field(default_factory=dict)
    rows: tuple[str, ...] = ()

    @property
    def ranking(self) -> int | None:
        """The whole percents of the loss that lines are ranked by."""
        lost = self.loss if self.alone is None else self.alone
        return None if lost is None or self.loss is None else round(100 * lost)


@dataclass(frozen=True)
class Agreement(Value):
    """How far a measure and the losses put places in the same order.

    Attributes:
        measure: its code.
        spearman: the rank correlation of Spearman, -1 to 1, with the loss that lines are ranked
            by, in whole percents; None where a side has no order.
        places: how many places have both.
        first: id of the place with the most of the measure; of several the one of least loss.
        first_loss: what the market loses without it.
        spread: where nine in ten draws of the correlation lie; None where they were not drawn.
    """

    measure: str
    spearman: float | None
    places: int
    first: str
    first_loss: float | None
    spread: Percentiles | None = None


@dataclass(frozen=True)
class Centrality(Result):
    """What lies in the middle of a chain, beside what its failure costs.

    Attributes:
        element: symbol or group.
        title: its name.
        market: code of the market.
        market_label: its name.
        kind: of the graph: flow, firms or policy.
        by: the measure that nodes are ordered by.
        year: of the flows; None for a graph of a day.
        day: of the view.
        graph: the very ``networkx.DiGraph`` that was measured, frozen: a copy can be changed.
        nodes: most of the measure first, then by loss.
        agreements: a line for each measure.
        said: where centrality and losses disagree, in sentences.
        draws: how ranges were drawn; None where they were not.
    """

    records_key: ClassVar[str] = "nodes"

    element: str
    title: str
    market: str
    market_label: str
    kind: str
    by: str
    year: int | None
    day: str
    graph: nx.DiGraph[str] = field(compare=False)
    nodes: tuple[CentralNode, ...]
    agreements: tuple[Agreement, ...]
    said: tuple[str, ...]
    draws: DrawsMade | None = None

    @property
    def measure(self) -> CentralityMeasure:
        """The measure that nodes are ordered by."""
        return measure_named(self.kind, self.by)

    @property
    def edges(self) -> tuple[tuple[str, str, float], ...]:
        """The edges of the graph: from, to, and tonnes, links or acts in force."""
        return tuple(edges_in(self.graph, WEIGHTS[self.kind]))

    @property
    def measures(self) -> tuple[CentralityMeasure, ...]:
        """The measures that were taken; of thin records no paths are."""
        taken = {name for node in self.nodes for name in node.measures}
        return tuple(each for each in MEASURES[self.kind] if each.code in taken)

    def node(self, name: str) -> CentralNode:
        """Return the node of an id.

        Args:
            name: such as ``separation/CHN``.

        Raises:
            KeyError: the graph has no such node.
        """
        return {each.id: each for each in self.nodes}[name]

    def with_ranges(
        self,
        nodes: Mapping[str, Mapping[str, Percentiles]],
        spreads: Mapping[str, Percentiles],
        draws: DrawsMade,
    ) -> Self:
        """Return the same with ranges.

        Args:
            nodes: by node and measure.
            spreads: of the rank correlations, by measure.
            draws: how they were drawn.
        """
        return replace(
            self,
            nodes=tuple(replace(each, ranges=nodes.get(each.id, {})) for each in self.nodes),
            agreements=tuple(
                replace(each, spread=spreads.get(each.measure)) for each in self.agreements
            ),
            draws=draws,
        )

    def content(self) -> dict[str, object]:
        """Return what ``--format json`` prints: nodes, edges, agreements; null is not known."""
        return centrality_dict(self)

    def tables(self) -> list[Table]:
        """Return the nodes with their losses, and how far each measure agrees with these."""
        return centrality_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return all nodes as one table of plain values."""
        return [centrality_csv(self)]

    def headline(self) -> str:
        """Return what was measured, and what has the most of the measure."""
        when = self.year or self.day
        whose = f" for {self.market}" if self.kind == FLOW else ""
        where = f"{self.element}{whose} {when}, {self.kind}"
        return f"{where}: {self.nodes[0].label} first by {self.measure.words}"
