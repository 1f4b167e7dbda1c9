"""What the picture of a network says beside its numbers, and the evidence that its page brings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.network.attributes import about, arcs_of, nodes_of

if TYPE_CHECKING:
    from monazite.findings.backbone.result import Backbone
    from monazite.findings.losses.result import Chokepoints
    from monazite.network.graph import Network
    from monazite.view.filtered_rows import FilteredRows

SERIES_SINCE = 2010
"""The first year of the earlier shares that a page can show."""


def with_annotations(view: FilteredRows, chosen: Network, *, series: bool = False) -> Network:
    """Return a network with states, policies, Chinese names, and the evidence of its rows.

    Args:
        view: whose rows it was built from.
        chosen: the network, or the part of it that is drawn.
        series: whether to add the shares of earlier years.
    """
    from monazite.findings.annotations.annotations import annotate
    from monazite.findings.shares.by_year import concentration_series
    from monazite.network.facts import read_facts

    facts = read_facts(view.store, about(chosen).element_id, view.valid)
    years = concentration_series(facts, since=SERIES_SINCE) if series else ()
    return annotate(chosen, view.store, view.valid, members=facts.members, series=years)


def cited_rows(network: Network, findings: Chokepoints | None) -> set[str]:
    """The rows that the page of a network cites, or judges by their tier."""
    rows = {row for node in nodes_of(network) for row in node.rows}
    rows |= {row for arc in arcs_of(network) for row in arc.rows}
    rows |= {*about(network).more_rows}
    rows |= {row for split in about(network).splits.values() for row in split.rows}
    if findings is not None:
        rows |= {row for point in findings.chokepoints for row in point.rows}
        rows |= {assumption.row for assumption in findings.assumptions}
    return rows


def with_left_out(findings: Chokepoints, chosen: Network) -> Chokepoints:
    """Return findings that say how many sites and firms the picture leaves out."""
    left = about(chosen).left_out
    if not left:
        return findings
    note = f"{left} more sites and firms are in the network and not in the picture."
    return replace(findings, notes=(*findings.notes, note))


def backbone_of(view: FilteredRows, whole: Network, findings: Chokepoints) -> Backbone | None:
    """Return the backbone of a network; None where it is a part that a caller has cut out.

    Args:
        view: whose rows it was built from.
        whole: the network of an element and a market.
        findings: chokepoints of the same.
    """
    from monazite.findings.backbone.backbone import find_backbone
    from monazite.network.facts import read_facts

    if set(view.network(about(whole).element_id, about(whole).market)) != set(whole):
        return None
    facts = read_facts(view.store, about(whole).element_id, view.valid)
    return find_backbone(with_annotations(view, whole), facts, findings)
