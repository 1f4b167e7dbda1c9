"""The network, model and report of a question; those that a caller brings must belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.core.errors import UnknownNameError
from monazite.core.formats import exact
from monazite.store.names import find_entity

if TYPE_CHECKING:
    from monazite.analysis.chokepoints.loss_model import LossModel
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.asking.question import Failure
    from monazite.data.parameters import Contingency
    from monazite.model.network.attributes import Network
    from monazite.view.view import View


def network_of(view: View, asked: Failure) -> Network:
    """Return the network of a question: the caller's, if it belongs to it, or else a new one."""
    if asked.network is None:
        return view.network(asked.element, asked.market)
    check_network(view, asked.network, asked.element, asked.market)
    return asked.network


def model_of(view: View, asked: Failure, network: Network) -> LossModel:
    """Return the flow model of the base year, ready to be asked what failures cost."""
    from monazite.analysis.chokepoints.loss_model import LossModel

    return LossModel(network, view.facts(asked.element), asked.contingency, asked.year)


def report_of(
    view: View, asked: Failure, network: Network, report: Chokepoints | None = None
) -> Chokepoints:
    """Return the chokepoints of a question: the caller's, if they belong to it, or new ones."""
    if report is not None:
        check_report(view, report, network, asked.contingency, asked.year)
        return report
    from monazite.analysis.chokepoints.chokepoints import find_chokepoints

    return find_chokepoints(network, view.facts(asked.element), asked.contingency, year=asked.year)


def check_network(view: View, network: Network, element: str, market: str) -> None:
    """Refuse a network of another element, market or view than is asked about."""
    from monazite.model.network.attributes import about

    check_view(view, network)
    held = about(network)
    asked = find_entity(view.store, element, "ChemicalElement", "ElementGroup", what="element")
    place = find_entity(view.store, market, "Country", "Area", what="market")
    if (held.element_id, held.market) != (asked.id, place.id):
        raise UnknownNameError(
            f"The network is of {held.element} for {held.market}, the question of {asked.label} "
            f"for {place.label}; bring the network of the same element and market."
        )


def check_view(view: View, network: Network) -> None:
    """Refuse what is no network of an element, and one that another view has built."""
    from monazite.model.network.attributes import (
        Network,  # networkx: a look-up does without it
        about,
    )

    if not isinstance(network, Network) or not about(network).element:
        raise UnknownNameError(
            f"The network is one that View.network has built, not a {type(network).__name__}."
        )
    built_in = about(network).view.get("text")
    if built_in is not None and built_in != view.summary.text:
        raise UnknownNameError(
            "The network was built from other data; bring one that this view has built."
        )


def check_report(
    view: View,
    report: Chokepoints,
    network: Network,
    contingency: Contingency | None = None,
    year: int | None = None,
) -> None:
    """Refuse chokepoints of another element, market, view, contingency or year."""
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.model.network.attributes import about

    if not isinstance(report, Chokepoints):
        raise UnknownNameError(
            f"The report is what View.chokepoints returned, not a {type(report).__name__}."
        )
    held = about(network)
    if (report.element, report.market) != (held.element, held.market):
        raise UnknownNameError(
            f"The report is of {report.element} for {report.market}, the question of "
            f"{held.element} for {held.market}; bring the report of the same question."
        )
    if report.view is not None and report.view.text != view.summary.text:
        raise UnknownNameError(
            "The report was found in other data; bring one that this view has found."
        )
    if contingency is not None and report.base is not None:
        _check_base(report, contingency, year)


def _check_base(report: Chokepoints, contingency: Contingency, year: int | None) -> None:
    base = report.known_base()
    asked = [contingency.event, contingency.horizon]
    held = [base.event, base.horizon]
    if base.approval is not None:
        asked.append(f"approval {exact(contingency.approval)}")
        held.append(f"approval {exact(base.approval)}")
    if year is not None:
        asked.append(f"year {year}")
        held.append(f"year {base.year}")
    if asked != held:
        raise UnknownNameError(
            f"The report is of {', '.join(held)}, the question of {', '.join(asked)}; bring the "
            "report of the same question."
        )
