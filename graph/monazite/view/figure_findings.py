"""What pictures and briefings are drawn from: findings of a view, with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import is_dataclass, replace
from typing import TYPE_CHECKING

from monazite.core.errors import NotKnownError
from monazite.core.formats import amount
from monazite.core.results import Struct
from monazite.data.parameters import ALLOY, MAGNET, METAL, USE, Contingency
from monazite.model.network.attributes import about, arcs_of, nodes_of
from monazite.report.drawing.lettering import in_sentence
from monazite.report.drawing.plotting import Drawable
from monazite.report.figures.figure import WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.countries_of_chain import Backbone
    from monazite.analysis.scenarios.released import ReleasedOutcome
    from monazite.bom.result import Exposure
    from monazite.model.network.attributes import Network
    from monazite.model.network.facts import Facts
    from monazite.report.brief.briefing import BriefQuestion
    from monazite.report.brief.document import Brief
    from monazite.report.brief.gathered import BriefFindings
    from monazite.view.view import View


def write_findings(
    view: View, question: BriefQuestion, bill: Exposure | None = None
) -> tuple[Brief, BriefFindings, Network]:
    """Return a brief, what it was written from, and the network of its question."""
    from dataclasses import replace

    from monazite.report.brief.brief import bill_rows, write_brief
    from monazite.report.brief.briefing import command_of
    from monazite.report.brief.gathered import read_found
    from monazite.store.cards import read_cards

    network = view.network(question.element, question.market)
    chosen = Contingency(question.event, question.horizon, question.approval)
    facts = view.facts(question.element)
    found = read_found(
        network, facts, view.schema, chosen, year=question.year, released=view.released
    )
    found = replace(found, outcomes=outcomes_of(view, facts, found.report.market))
    asked = None
    if bill is not None:
        cards = read_cards(view.store, view.schema.tables, bill_rows(bill))
        found, asked = replace(found, cards={**cards, **found.cards}), bill.asked
    command = command_of(question, view.summary, asked)
    written = write_brief(found, command=command, view=view.line(), bill=bill)
    return written, found, network


def outcomes_of(view: View, facts: Facts, market: str) -> tuple[ReleasedOutcome, ...]:
    """Return what the shipped scenarios lead to for a market, by the release; else none."""
    from monazite.model.chain.base_year import chain_elements

    if view.released_outcomes is None:
        return ()
    try:
        names = chain_elements(facts).names
    except NotKnownError:
        return ()
    return view.released_outcomes.of(names, market)


OF_MAGNETS = frozenset({METAL, ALLOY, MAGNET})
"""Stages that make nothing of an element that is used as an oxide."""
SERIES_SINCE = 2010
"""The first year of the earlier shares that a page can show."""


def with_annotations(view: View, chosen: Network, *, series: bool = False) -> Network:
    """Return a network with states, policies, Chinese names, and the evidence of its rows."""
    from monazite.analysis.annotations import annotate
    from monazite.analysis.concentration.by_year import concentration_series

    facts = view.facts(about(chosen).element_id)
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

    if set(view.network(about(whole).element_id, about(whole).market)) != set(whole):
        return None
    facts = view.facts(about(whole).element_id)
    return find_backbone(with_annotations(view, whole), facts, findings)


def with_report(shown: Network, report: Chokepoints, *, asked: Sequence[str] = ()) -> Network:
    """Return a network that tells what its losses tell: how many magnets are used."""
    from monazite.analysis.chokepoints.headline import in_no_magnet, product_names
    from monazite.analysis.concentration.by_year import OTHER_FIGURE

    base = report.base
    if in_no_magnet(report) and not asked:
        _leave_out(shown, OF_MAGNETS)
    if base is None:
        return shown
    for node in [node for node in nodes_of(shown) if node.kind == "market"]:
        unit = f"t {product_names(base.product)[1].partition(' (')[0]}"  # a card has room for it
        other = amount(node.quantity, node.unit)
        note = node.note
        if other != amount(base.served, unit):
            # A use that trade does not tell is told by the balance: its note would deny it.
            said = f"{OTHER_FIGURE.capitalize()}, {other}, not that of the losses. {note}"
            note = said if other else ""
        shown.nodes[node.id].update(
            quantity=base.served, unit=unit, year=base.year, basis="used", note=note
        )
    return shown


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


Drawn = tuple[Drawable, object]
"""A drawing, and the finding that it shows."""


class FigureRequest(Struct):
    """What a kind of figure is asked to draw."""

    view: View
    element: str
    market: str
    year: int | None
    horizon: str
    event: str
    width: float | None
    by: str | None = None
    flows: bool = False

    @property
    def wide(self) -> float:
        """The width of a figure that is laid out to it."""
        return float(self.width or WIDTH)


def _concentration(request: FigureRequest) -> Drawn:
    from monazite.analysis.concentration.standing import read_known_year, stage_standings
    from monazite.model.network.attributes import about
    from monazite.report.figures.concentration import concentration_drawing

    network = request.view.network(request.element, request.market)
    facts = request.view.facts(request.element)
    model, _ = read_known_year(facts, year=request.year)
    found = stage_standings(network, facts, model, request.year)
    labels = dict(about(network).stages)
    title = in_sentence(about(network).element_label)
    return concentration_drawing(found, labels, title, request.wide), found


def _hhi(request: FigureRequest) -> Drawn:
    from monazite.analysis.concentration.by_year import concentration_series
    from monazite.analysis.policies.acts import read_acts
    from monazite.analysis.timeline.timeline import timeline_of
    from monazite.report.figures.concentration import hhi_drawing

    view = request.view
    facts = view.facts(request.element)
    lines = concentration_series(facts)
    try:
        told = timeline_of(view.store, view.schema, view.valid, facts.element).events
    except NotKnownError:
        told = ()
    kinds = {act.title: act.kind_label for act in read_acts(view.store).acts.values()}
    title = in_sentence(facts.title)
    drawing = hhi_drawing(lines, dict(facts.stages), told, kinds, title, view.valid, request.wide)
    return drawing, (lines, told)


def _losses(request: FigureRequest) -> Drawn:
    from monazite.report.figures.losses import losses_drawing

    Contingency(event=request.event, horizon=request.horizon)
    found = request.view.chokepoints(
        request.element,
        request.market,
        horizon=request.horizon,
        event=request.event,
        year=request.year,
    )
    return losses_drawing(found, request.wide), found


def _map(request: FigureRequest) -> Drawn:
    from monazite.model.facilities.mapped_sites import find_mapped_flows, find_mapped_sites
    from monazite.model.network.shares import WORLD
    from monazite.report.figures.sites_map import WIDTH as MAP_WIDTH
    from monazite.report.figures.sites_map import map_drawing
    from monazite.store.names import find_entity

    facts = request.view.facts(request.element)
    found = find_mapped_sites(facts)
    code = find_entity(request.view.store, request.market, "Country", "Area", what="market").id
    if code != WORLD:
        lands = facts.areas.get(code, frozenset({code}))
        labels = facts.country_labels
        home = frozenset(labels[land] for land in lands if land in labels)
        found = replace(found, market=labels.get(code, code), home=home)
    if request.flows:
        network = request.view.network(request.element, request.market)
        flows, unplaced = find_mapped_flows(network, found.found)
        found = replace(found, flows=flows, unplaced=unplaced)
    width = request.width or MAP_WIDTH
    return map_drawing(found, dict(facts.stages), facts.date, width), found


def _balance(request: FigureRequest) -> Drawn:
    from monazite.model.balance.balance import find_balance
    from monazite.report.figures.from_svg import balance_figure

    found = find_balance(request.view.store, request.element, request.view.valid, request.year)
    return balance_figure(found, request.width), found


def _timeline(request: FigureRequest) -> Drawn:
    from monazite.analysis.timeline.timeline import timeline_of
    from monazite.report.figures.from_svg import timeline_figure
    from monazite.store.names import find_entity

    view = request.view
    entity = find_entity(
        view.store, request.element, "ChemicalElement", "ElementGroup", what="element"
    )
    found = replace(timeline_of(view.store, view.schema, view.valid, entity), view=view.summary)
    return timeline_figure(found, request.width), found


def _centrality(request: FigureRequest) -> Drawn:
    from monazite.report.figures.centrality import centrality_drawing

    found = request.view.centrality(
        request.element, request.market, by=request.by, year=request.year
    )
    return centrality_drawing(found, request.wide), found


def _replacement(request: FigureRequest) -> Drawn:
    from monazite.report.figures.losses import replacement_drawing

    found = request.view.replace(request.element, request.market, year=request.year)
    return replacement_drawing(found, request.wide), found


def _fixes(request: FigureRequest) -> Drawn:
    from monazite.report.figures.fixes import fixes_drawing

    found = request.view.fixes(
        request.element, request.market, horizon=request.horizon, year=request.year
    )
    return fixes_drawing(found, request.wide), found


def _backtest(request: FigureRequest) -> Drawn:
    from monazite.report.figures.losses import backtest_drawing

    found = request.view.backtest()
    return backtest_drawing(found, request.wide), found


def credited(view: View, picture: Drawable, rows: Iterable[str]) -> Drawable:
    """Return a picture with the line that says who says so, of which day."""
    from collections import Counter

    from monazite.report.drawing.templates import credit_line
    from monazite.store.cards import read_cards

    if not is_dataclass(picture) or getattr(picture, "source", None) is None:
        return picture  # it names its own
    publishers: Counter[str] = Counter()
    for card in read_cards(view.store, view.schema.tables, rows).values():
        publishers.update({source.publisher for source in card.sources})
    return replace(picture, source=credit_line(publishers, view.valid, view.describe()))


FIGURES: dict[str, Callable[[FigureRequest], Drawn]] = {
    "concentration": _concentration,
    "hhi": _hhi,
    "balance": _balance,
    "losses": _losses,
    "timeline": _timeline,
    "map": _map,
    "centrality": _centrality,
    "replacement": _replacement,
    "fixes": _fixes,
    "backtest": _backtest,
}
"""How each kind of figure is drawn."""
