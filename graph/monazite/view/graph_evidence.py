"""What the picture of a network says beside its numbers, and the evidence that its page brings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.core.formats import amount
from monazite.data.parameters import ALLOY, MAGNET, METAL, USE
from monazite.model.network.attributes import about, arcs_of, nodes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.countries_of_chain import Backbone
    from monazite.model.network.attributes import Network
    from monazite.view.view import View

OF_MAGNETS = frozenset({ALLOY, MAGNET})
"""Stages that make nothing of an element that is used as an oxide; then metal makes nothing too."""
SERIES_SINCE = 2010
"""The first year of the earlier shares that a page can show."""


def with_annotations(view: View, chosen: Network, *, series: bool = False) -> Network:
    """Return a network with states, policies, Chinese names, and the evidence of its rows."""
    from monazite.analysis.annotations import annotate
    from monazite.analysis.concentration.by_year import concentration_series
    from monazite.model.network.facts import read_facts

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


def backbone_of(view: View, whole: Network, findings: Chokepoints) -> Backbone | None:
    """Return the backbone of a network; None where it is a part that a caller has cut out."""
    from monazite.analysis.countries_of_chain import find_backbone
    from monazite.model.network.facts import read_facts

    if set(view.network(about(whole).element_id, about(whole).market)) != set(whole):
        return None
    facts = read_facts(view.store, about(whole).element_id, view.valid)
    return find_backbone(with_annotations(view, whole), facts, findings)


def with_report(shown: Network, report: Chokepoints, *, asked: Sequence[str] = ()) -> Network:
    """Return a network that tells what its losses tell: how much magnet or oxide is used."""
    from monazite.analysis.chokepoints.headline import of_oxide
    from monazite.analysis.concentration.by_year import OTHER_FIGURE

    base = report.base
    if of_oxide(report) and not asked:
        _leave_out(shown, OF_MAGNETS if base is None else OF_MAGNETS | {METAL})
    if base is None:
        return shown
    for node in [node for node in nodes_of(shown) if node.kind == "market"]:
        other, unit = amount(node.quantity, node.unit), use_words(base.product)
        note = node.note
        if other != amount(base.served, unit):
            # A use that trade does not tell is told by the balance: its note would deny it.
            said = f"{OTHER_FIGURE.capitalize()}, {other}, not that of the losses. {note}"
            note = said if other else ""
        shown.nodes[node.id].update(
            quantity=base.served, unit=unit, year=base.year, basis="used", note=note
        )
    return shown


def use_words(product: str) -> str:
    """Return the unit of what a market uses, as its card has room for it."""
    from monazite.analysis.chokepoints.headline import product_names

    short = product if product.endswith(" in oxide") else product_names(product, "")[1]
    return f"t {short.partition(' (')[0]}"


def _leave_out(shown: Network, stages: frozenset[str]) -> None:
    """Leave out stages with all that stands at them, and what is not known of their goods."""
    gone = [
        node.id
        for node in nodes_of(shown)
        if node.stage in stages or (node.kind == "gap" and node.stage == USE)
    ]
    shown.remove_nodes_from(gone)
    shown.graph["stages"] = [pair for pair in about(shown).stages if pair[0] not in stages]
    shown.graph["splits"] = {
        stage: split for stage, split in about(shown).splits.items() if stage not in stages
    }
    shown.graph["series"] = tuple(x for x in about(shown).series if x.stage not in stages)
