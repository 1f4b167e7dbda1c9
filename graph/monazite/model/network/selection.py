"""Select the part of a network that a picture can show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import networkx as nx

from monazite.core.errors import NotKnownError, UnknownNameError, did_you_mean
from monazite.data.parameters import HOP_COUNTS, HOPS, SITE_COUNTS, SITES, check_text
from monazite.model.network.attributes import Network, about, arcs_from, arcs_to, node_of, nodes_of

LINKS = {"observed", "captive"}
_OWN = {"site", "firm", "rest"}
_LISTED = 6
PATH_ENDS = 2


def select(
    network: Network,
    *,
    top: int = SITES,
    around: str | None = None,
    hops: int = HOPS,
    path: Sequence[str] | None = None,
    stages: Iterable[str] = (),
) -> Network:
    """Return the part of a network that was asked for, with at most ``top`` sites and firms."""
    HOP_COUNTS.check(hops)
    SITE_COUNTS.check(top)
    kept = set(network)
    named: set[str] = set()
    if path is not None:
        if isinstance(path, str) or not isinstance(path, Sequence) or len(path) != PATH_ENDS:
            raise UnknownNameError(f"A path has two names, from and to, not {path!r}.")
        found, ends = _between(network, path[0], path[1])
        kept &= found
        named |= ends
    if around is not None:
        centre = find_nodes(network, around)
        either_way = network.to_undirected(as_view=True)
        paths = (nx.single_source_shortest_path_length(either_way, x, cutoff=hops) for x in centre)
        kept &= {*centre}.union(*paths)
        named |= centre
    codes = find_stages(network, stages)
    kept = {node for node in kept if node_of(network, node).stage in codes}
    if not kept:
        raise NotKnownError("Nothing in the network is all that was asked for; ask for less.")
    ranked = sorted(
        (node for node in kept - named if node_of(network, node).kind in _OWN),
        key=lambda node: _weight(network, node),
    )
    chosen: Network = network.subgraph(kept - set(ranked[top:])).copy()
    chosen.graph["left_out"] = len(ranked[top:])
    if kept != set(network):
        present = {found.stage for found in nodes_of(chosen)}
        chosen.graph["stages"] = tuple(
            (code, label) for code, label in about(network).stages if code in present
        )
    return chosen


def find_nodes(network: Network, name: str) -> set[str]:
    """Return the nodes of an id, a label in English or Chinese, or part of one label only."""
    check_text(name, "name")
    wanted = _fold(name)
    names: dict[str, set[str]] = {}
    labels: dict[str, set[str]] = {}
    for found in nodes_of(network):
        code = found.country if found.kind in {"country", "market"} else None
        for each in (found.id, code, found.label, found.label_zh, found.facility, found.firm):
            if each:
                names.setdefault(_fold(str(each)), set()).add(found.id)
        labels.setdefault(str(found.label or found.id), set()).add(found.id)
    if wanted in names:
        return names[wanted]
    partly = sorted(label for label in labels if wanted and wanted in _fold(label))
    if len(partly) == 1:
        return labels[partly[0]]
    if partly:
        listed = "; ".join(partly[:_LISTED]) + ("; ..." if len(partly) > _LISTED else "")
        raise UnknownNameError(f'"{name}" may be several in the network: {listed}; write one.')
    fix = did_you_mean(name, labels) or "its table of nodes lists all that are."
    raise UnknownNameError(f'There is no "{name}" in the network; {fix}')


def _fold(name: str) -> str:
    return name.casefold().replace("-", " ").strip()


def find_stages(network: Network, names: Iterable[str]) -> set[str]:
    """Return the codes of stages, given as codes or labels."""
    codes = {code.casefold(): code for code, _ in about(network).stages}
    known = codes | {label.casefold(): code for code, label in about(network).stages}
    wanted = [names] if isinstance(names, str) else list(names)
    for name in wanted:
        check_text(name, "stage")
        if name.casefold() not in known:
            fix = did_you_mean(name, known) or f"stages are {', '.join(codes)}."
            raise UnknownNameError(f'There is no stage "{name}" in the network; {fix}')
    if wanted:
        return {known[name.casefold()] for name in wanted}
    return {found.stage for found in nodes_of(network)}


def _between(network: Network, first: str, last: str) -> tuple[set[str], set[str]]:
    starts, goals = find_nodes(network, first), find_nodes(network, last)
    found = _reached(network, starts, forward=True) & _reached(network, goals, forward=False)
    if not found & starts or not found & goals or starts & goals:
        raise NotKnownError(
            f'No known route leads from "{first}" to "{last}"; ask --around one of them instead.'
        )
    return found, found & (starts | goals)


def _reached(network: Network, nodes: Iterable[str], *, forward: bool) -> set[str]:
    along = network if forward else network.reverse(copy=False)
    return {*nodes}.union(*(nx.descendants(along, node) for node in nodes))


def _weight(network: Network, node: str) -> tuple[object, ...]:
    found = node_of(network, node)
    arcs = (*arcs_to(network, node), *arcs_from(network, node))
    links = sum(1 for arc in arcs if arc.kind in LINKS)
    tonnes = found.quantity or 0.0
    return (found.kind == "firm", not tonnes, -links, -tonnes, node)
