"""Supply links in the network: observed and captive arcs, and the possible ones."""

from __future__ import annotations

from collections import defaultdict

from monazite.network.attributes import arcs_from, node_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.sites import Site
from monazite.parameters import USE
from monazite.triples.records import QueryRecord


def add_links(network: Network, facts: Facts) -> None:
    """Add an arc for each supply link that concerns the element, then the possible arcs.

    An end that is a firm resolves to the firm's only plant at the stage, else to a firm node;
    the stages follow from the material: its maker's stage, and the next one the customer has.
    """
    finder = _LinkEnds(network, facts)
    for row, group in sorted(_by_row(facts).items()):
        if not _concerns(group, facts.members):
            continue
        first = group[0]
        made_at = next((answer["stage"] for answer in group if answer["stage"]), "")
        source = finder.supplier(first, made_at)
        target = finder.customer(first, made_at)
        if source is None or target is None or source == target:
            continue
        materials = sorted({answer["materialLabel"] for answer in group} - {""})
        network.add_edge(
            source,
            target,
            key=row,
            kind="captive" if first["kind"] == "captive" else "observed",
            link=first["kind"],
            material=", ".join(materials),
            elements=tuple(sorted({answer["element"] for answer in group} & facts.members)),
            certain=first.flag("certain"),
            rows=(row,),
        )
    _add_possible(network, [stage for stage, _ in facts.stages])


def _by_row(facts: Facts) -> dict[str, list[QueryRecord]]:
    grouped: dict[str, list[QueryRecord]] = defaultdict(list)
    for answer in facts.links:
        grouped[answer.row()].append(answer)
    return grouped


def _concerns(group: list[QueryRecord], members: frozenset[str]) -> bool:
    """Whether a link's material may hold the element; a material without elements may."""
    elements = {answer["element"] for answer in group} - {""}
    return not elements or bool(elements & members)


class _LinkEnds:
    """Finds the node that an end of a supply link means."""

    def __init__(self, network: Network, facts: Facts) -> None:
        self._network = network
        self._order = [stage for stage, _ in facts.stages]
        self._by_facility: dict[str, list[Site]] = defaultdict(list)
        self._by_firm: dict[str, list[Site]] = defaultdict(list)
        for site in facts.sites:
            self._by_facility[site.facility].append(site)
            for firm, _ in site.operators:
                self._by_firm[firm].append(site)

    def supplier(self, link: QueryRecord, made_at: str) -> str | None:
        """Return the node that delivers."""
        kind, who, label = link["supplierKind"], link["supplier"], link["supplierLabel"]
        return self._end(kind, who, label, made_at)

    def customer(self, link: QueryRecord, made_at: str) -> str | None:
        """Return the node that receives: the customer's first stage after the material's."""
        kind, who, label = link["customerKind"], link["customer"], link["customerLabel"]
        stages = self._stages_of(kind, who)
        after = self._order[self._order.index(made_at) + 1 :] if made_at in self._order else []
        onward = [stage for stage in after if stage in stages] or after[:1]
        return self._end(kind, who, label, onward[0] if onward else "")

    def _stages_of(self, kind: str, who: str) -> set[str]:
        sites = self._by_facility[who] if kind == "facility" else self._by_firm[who]
        return {site.stage for site in sites}

    def _end(self, kind: str, who: str, label: str, stage: str) -> str | None:
        if kind in {"country", "area"}:
            node = f"{'market' if stage == USE else stage}/{who}"
            return node if node in self._network else None
        sites = self._by_facility[who] if kind == "facility" else self._by_firm[who]
        here = [site for site in sites if site.stage == stage]
        if len(sites) == 1 and not here:
            here = sites
        if len(here) == 1:
            node = f"{here[0].stage}/{here[0].facility}"
            if node in self._network:
                return node
        return self._firm(who, label, stage) if stage in self._order else None

    def _firm(self, who: str, label: str, stage: str) -> str:
        node = f"{stage}/firm-{who}"
        self._network.add_node(
            node, kind="firm", stage=stage, label=label, country=None, firm=who, rows=()
        )
        return node


def _add_possible(network: Network, order: list[str]) -> None:
    """A site that no link leaves may feed its own country's next stage: possible, not known."""
    for node in sorted(network):
        site = node_of(network, node)
        if site.kind != "site" or _leads_on(network, node):
            continue
        for stage in order[order.index(site.stage) + 1 :]:
            target = f"{stage}/{site.country}"
            if target in network:
                network.add_edge(node, target, key="possible", kind="possible", rows=())
                break


def _leads_on(network: Network, node: str) -> bool:
    return any(arc.kind in {"observed", "captive"} for arc in arcs_from(network, node))
