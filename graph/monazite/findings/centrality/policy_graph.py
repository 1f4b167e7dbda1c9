"""Acts that touch an element as a graph of states: who issued them, and at whom they are aimed.

An edge leads from the state or union that issued acts to one at which they are aimed: by name, or
as the seat of a firm or plant that is. An act that guards a border and names nobody is aimed at all
destinations, which are a node of their own. An act counts once on an edge.

Only acts that restrict count: benefits, agreements and lists bind nobody, nor does an act that ends
another of its own kind, such as the end of a duty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import networkx as nx

from monazite.findings.centrality.cells import rows_around
from monazite.findings.policies.acts import Act, Acts, read_acts
from monazite.findings.policies.reach import ReachRow, read_reach
from monazite.findings.policies.selection import ALL_PLACES, BORDER_KINDS, ELEMENT, select
from monazite.findings.policies.status import IN_FORCE, MAY_BE, read_statuses
from monazite.network.facts import Facts

EVERYWHERE = "All destinations"
RESTRICTIONS = BORDER_KINDS | {
    *("sanction", "tariff", "procurement-ban"),
    *("production-quota", "consolidation", "environment-closure"),
}
"""Kinds of acts that restrict somebody; of other kinds their rows do not say that they do."""
_ENDED_BY = "ended-by"
_PLANTS_AND_FIRMS = ("organisation", "facility")


@dataclass(frozen=True)
class PolicyGraph:
    """The graph of a day, and what it leaves out.

    Attributes:
        graph: a ``networkx.DiGraph`` of codes of states and unions; an edge has ``in_force``, how
            many acts are in force on the day, ``perhaps``, how many may be, and ``acts``, their
            ids; a node has ``label``, ``role`` and ``rows``, those of its acts.
        nobody: ids of acts, in force or perhaps, that are aimed at no other state.
        no_restriction: acts in force, or perhaps, of kinds that restrict nobody.
    """

    graph: nx.DiGraph[str]
    nobody: tuple[str, ...]
    no_restriction: tuple[Act, ...] = ()
    endings: tuple[Act, ...] = ()


def policy_graph(facts: Facts) -> PolicyGraph:
    """Return who binds whom by acts that touch an element on a day.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> found = policy_graph(read_facts(open_store(), "Dy", "2026-11-24")).graph
    >>> found.edges["CHN", "USA"]["in_force"] > 0
    True
    """
    statuses, read = read_statuses(facts.store, facts.date), read_acts(facts.store)
    reach, names = read_reach(facts.store), facts.country_labels
    in_force, perhaps = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    nobody: list[str] = []
    touching = sorted(select(facts.store, facts.element.id).touching(ELEMENT))
    standing = [read.acts[each] for each in touching if statuses[each].value in (IN_FORCE, MAY_BE)]
    binding, no_restriction, endings = _sorted_out(standing, read)
    for act in binding:
        policy, value = act.id, statuses[act.id].value
        edges = [(act.country, to) for to in sorted(set(_aimed_at(act, reach)) - {act.country})]
        nobody += [] if edges else [policy]
        for edge in edges:
            held[edge].append(policy)
        (in_force if value == IN_FORCE else perhaps).update(edges)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for node in sorted({end for edge in held for end in edge}):
        graph.add_node(node, label=EVERYWHERE if node == ALL_PLACES else names.get(node, node))
    for edge, policies in sorted(held.items()):
        tail, head = edge
        graph.add_edge(
            tail, head, in_force=in_force[edge], perhaps=perhaps[edge], acts=tuple(policies)
        )
    for node in graph:
        rows = tuple(f"policies/{act}" for act in rows_around(graph, node, "acts"))
        graph.nodes[node].update(role=_role(graph, node), rows=rows)
    return PolicyGraph(graph, tuple(nobody), no_restriction, endings)


def _sorted_out(
    acts: Iterable[Act], read: Acts
) -> tuple[tuple[Act, ...], tuple[Act, ...], tuple[Act, ...]]:
    """Acts that restrict somebody, those of kinds that do not, and those that end one of theirs."""
    binding: list[Act] = []
    no_restriction: list[Act] = []
    endings: list[Act] = []
    for act in acts:
        ended = (read.acts[link.policy] for link in read.onto(act.id, _ENDED_BY))
        if act.kind not in RESTRICTIONS:
            no_restriction.append(act)
        elif any(each.kind == act.kind for each in ended):
            endings.append(act)
        else:
            binding.append(act)
    return tuple(binding), tuple(no_restriction), tuple(endings)


def _aimed_at(act: Act, reach: Mapping[str, tuple[ReachRow, ...]]) -> Iterator[str]:
    """Codes of the states that an act is aimed at, or in which those are."""
    aims = [thing for row in reach.get(act.id, ()) for thing in row.named_as("targets")]
    for thing in aims:
        if thing.id == ALL_PLACES or thing.kind == "country":
            yield thing.id
        elif thing.kind in _PLANTS_AND_FIRMS and thing.country:
            yield thing.country
    if not aims and act.kind in BORDER_KINDS:
        yield ALL_PLACES


def _role(graph: nx.DiGraph[str], node: str) -> str:
    """Whether a state acts on others, is bound, or both."""
    if not graph.in_degree(node):
        return "acts on others"
    return "both" if graph.out_degree(node) else "is bound"
