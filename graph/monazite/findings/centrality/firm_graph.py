"""Who supplies whom, as a graph of firms: each plant and firm is drawn as who controls it.

A plant is its ultimate parent on the day, or that of the one firm that runs it where nobody owns it
on record; a firm is its ultimate parent. Where records name several at the top, it is the highest
that all ways up lead over; with none on record it stands for itself.
A link to or from a country is no edge: it says nothing of a firm, and no path may lead over a
country.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from monazite.findings.centrality.cells import rows_around
from monazite.findings.ownership.parents import Parents
from monazite.findings.ownership.site_owners import parents_on
from monazite.network.facts import Facts
from monazite.rows.filters import SURELY
from monazite.triples.records import QueryRecord

PLACES = frozenset({"country", "area"})
"""Kinds of ends that are no firm."""


@dataclass(frozen=True)
class FirmGraph:
    """The graph of a day, and what it leaves out.

    Attributes:
        graph: a ``networkx.DiGraph`` from who supplies to whom; an edge has ``links``, how many
            rows say so, ``surely``, how many of them surely hold on the day, and ``rows``; a node
            has ``label``, ``kind`` (firm or plant), ``role`` and ``rows``, those of its links.
        to_places: links left out, one end of which is a country.
        inside: links left out, both ends of which one firm controls.
        split: names of those that stand for ends of links and above whom records name several
            controllers.
    """

    graph: nx.DiGraph[str]
    to_places: int
    inside: int
    split: tuple[str, ...] = ()


def firm_graph(facts: Facts) -> FirmGraph:
    """Return who supplies whom of an element on a day, by who controls them.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> found = firm_graph(read_facts(open_store(), "NdPr", "2026-11-24")).graph
    >>> {kind for _, kind in found.nodes(data="kind")} <= {"firm", "plant"}
    True
    """
    control, links = _Control(facts), list(links_of(facts))
    sure = {
        each.row()
        for each in facts.ask("supplies-certainty", date=facts.date)
        if each["certainty"] == SURELY
    }
    edges: dict[tuple[str, str], list[QueryRecord]] = defaultdict(list)
    labels: dict[str, tuple[str, str]] = {}
    left_out = inside = 0
    for link in links:
        if PLACES & {link["supplierKind"], link["customerKind"]}:
            left_out += 1
            continue
        tail, head = (_end(control, link, end, labels) for end in ("supplier", "customer"))
        if tail == head:
            inside += 1
        else:
            edges[tail, head].append(link)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for node in sorted({end for edge in edges for end in edge}):
        label, kind = labels[node]
        graph.add_node(node, label=label, kind=kind)
    for (tail, head), rows in sorted(edges.items()):
        surely = sum(row.row() in sure for row in rows)
        named = tuple(sorted(row.row() for row in rows))
        graph.add_edge(tail, head, links=len(rows), surely=surely, rows=named)
    for node in graph:
        graph.nodes[node].update(role=_role(graph, node), rows=rows_around(graph, node, "rows"))
    split = sorted(label for node, (label, _) in labels.items() if len(control.tops(node)) > 1)
    return FirmGraph(graph, left_out, inside, tuple(split))


def links_of(facts: Facts) -> list[QueryRecord]:
    """Return the links of a day that may carry the element, each row once, by row."""
    by_row: dict[str, list[QueryRecord]] = defaultdict(list)
    for answer in facts.links:
        by_row[answer.row()].append(answer)
    return [
        group[0]
        for _, group in sorted(by_row.items())
        for held in [{answer["element"] for answer in group} - {""}]
        if not held or held & facts.members
    ]


def _end(control: _Control, link: QueryRecord, end: str, labels: dict[str, tuple[str, str]]) -> str:
    """The node of an end of a link, whose name is kept."""
    node, *said = control.of(link[f"{end}Kind"], link[end], link[f"{end}Label"])
    labels.setdefault(node, (said[0], said[1]))
    return node


def _role(graph: nx.DiGraph[str], node: str) -> str:
    """What a firm does on the links."""
    if not graph.in_degree(node):
        return "supplies"
    return "supplies and buys" if graph.out_degree(node) else "buys"


@dataclass(frozen=True)
class _Control:
    """Who controls plants and firms on a day."""

    facts: Facts

    @cached_property
    def _operators(self) -> Mapping[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for site in self.facts.sites:
            found[site.facility].update(site.operators)
        return found

    def of(self, kind: str, who: str, label: str) -> tuple[str, str, str]:
        """Return id, name and kind of who controls a plant or firm; itself where that is open."""
        above = self._above(who)
        highest = _highest(above)
        if highest is not None:
            return (*highest, "firm")
        if kind != "facility":
            return who, label, "firm"
        runs = self._operators.get(who, {})
        if not above.tops and len(runs) == 1:
            ((firm, name),) = runs.items()
            return self.of("organisation", firm, name)
        return who, label, "plant"

    def tops(self, who: str) -> tuple[tuple[str, str], ...]:
        """Return ids and names of the last parents of a plant or firm on record."""
        return self._above(who).tops

    def _above(self, who: str) -> Parents:
        return parents_on(self.facts, who)


def _highest(above: Parents) -> tuple[str, str] | None:
    """Id and name of the last parent that all ways up lead over; None where there is none."""
    ways = [[(link.owner, link.owner_label) for link in chain.links] for chain in above.chains]
    shared = [firm for firm in ways[0] if all(firm in way for way in ways)] if ways else []
    return shared[-1] if shared else None
