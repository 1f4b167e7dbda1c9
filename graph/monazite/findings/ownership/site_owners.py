"""Who owns the sites of a network on a day: ultimate parents, so that a firm fails with its sites.

A site's ultimate parent is that of the plant, or of the firm that runs it where the plant has no
owner on record. Several parents, or none, are nobody's: half a plant does not fail with its owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monazite.findings.ownership.parents import OwnershipLink, Parents, links_on, trace
from monazite.network.attributes import node_of
from monazite.network.facts import Facts
from monazite.network.graph import Network


@dataclass(frozen=True)
class Owner:
    """An ultimate parent, and the rows that say so."""

    id: str
    label: str
    rows: tuple[str, ...]


Owners = Mapping[str, Owner]
"""By node of the site."""


def owners_of(network: Network, facts: Facts) -> dict[str, Owner]:
    """Return the ultimate parent of each site that has one on record.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "NdPr", "2026-11-24")
    >>> owners_of(build_network(facts), facts)["separation/lynas-malaysia-kuantan"].label
    'Lynas Rare Earths Ltd'
    """
    found = {}
    for node in sorted(network):
        site = node_of(network, node)
        if site.kind == "site":
            plant, runs = parents_on(facts, node.partition("/")[2]), site.operators
            if not plant.tops and len(runs) == 1:
                plant = parents_on(facts, runs[0][0])
            if len(plant.tops) == 1:
                found[node] = _owner(plant)
    return found


def parents_on(facts: Facts, entity: str) -> Parents:
    """Return the parents of a plant or firm on the day of the facts, without its label."""
    day = facts.date

    def links() -> Mapping[str, list[OwnershipLink]]:
        return links_on(facts.ask("network-holdings"), day)

    return facts.derive(
        ("parents", day, entity),
        lambda: trace(entity, "", facts.derive(("holdings", day), links), day),
    )


def _owner(parents: Parents) -> Owner:
    firm, label = parents.tops[0]
    rows = (row for chain in parents.chains for link in chain.links for row in link.rows)
    return Owner(firm, label, tuple(dict.fromkeys(rows)))
