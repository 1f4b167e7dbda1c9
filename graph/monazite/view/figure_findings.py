"""What each kind of figure draws: the finding that a view gives, and the drawing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, is_dataclass, replace
from typing import TYPE_CHECKING

from monazite.core.errors import NotKnownError
from monazite.data.parameters import Contingency
from monazite.report.drawing.lettering import in_sentence
from monazite.report.figures.figure import WIDTH, Drawable

if TYPE_CHECKING:
    from monazite import View

Drawn = tuple[Drawable, object]
"""A drawing, and the finding that it shows."""


@dataclass(frozen=True)
class FigureRequest:
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
    from monazite.model.network.facts import read_facts
    from monazite.report.figures.bars import concentration_drawing

    network = request.view.network(request.element, request.market)
    facts = read_facts(request.view.store, request.element, request.view.valid)
    model, _ = read_known_year(facts, year=request.year)
    found = stage_standings(network, facts, model, request.year)
    labels = dict(about(network).stages)
    title = in_sentence(about(network).element_label)
    return concentration_drawing(found, labels, title, request.wide), found


def _hhi(request: FigureRequest) -> Drawn:
    from monazite.analysis.concentration.by_year import concentration_series
    from monazite.analysis.policies.acts import read_acts
    from monazite.analysis.timeline.timeline import timeline_of
    from monazite.model.network.facts import read_facts
    from monazite.report.figures.hhi import hhi_drawing

    view = request.view
    facts = read_facts(view.store, request.element, view.valid)
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
    from monazite.model.network.facts import read_facts
    from monazite.model.network.shares import WORLD
    from monazite.report.figures.worldmap import WIDTH as MAP_WIDTH
    from monazite.report.figures.worldmap import map_drawing
    from monazite.store.names import find_entity

    facts = read_facts(request.view.store, request.element, request.view.valid)
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
    from monazite.report.figures.from_svg import balance_alt, balance_title, framed_figure
    from monazite.report.sankey.balance_picture import balance_picture
    from monazite.report.sankey.page import sankey_svg

    found = find_balance(request.view.store, request.element, request.view.valid, request.year)
    text = sankey_svg(balance_picture(found))
    return framed_figure(
        "balance", balance_title(found), balance_alt(found), text, request.width
    ), found


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


def _backtest(request: FigureRequest) -> Drawn:
    from monazite.report.figures.backtest import backtest_drawing

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
    "backtest": _backtest,
}
"""How each kind of figure is drawn."""
