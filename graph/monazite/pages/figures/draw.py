"""Figures for a document: one question, one sentence, one picture, as SVG and as PNG.

Each kind takes a finding of the view and draws it; what the picture says in its title, its alt
text and its labels is written from the same values. The view is recorded in both files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from monazite.errors import NotKnownError, UnknownNameError, did_you_mean
from monazite.pages.drawing.lettering import in_sentence, spoken
from monazite.pages.drawing.plotting import png_of
from monazite.pages.drawing.static_page import record_view

if TYPE_CHECKING:
    from monazite.findings.losses.result import Chokepoints
    from monazite.network.graph import Network
    from monazite.rows.columns import Schema
    from monazite.triples.store import Store

WIDTH, NARROWEST, WIDEST = 760, 600, 2400
DPI, LEAST_DPI, MOST_DPI = 192, 24, 600


class Viewed(Protocol):
    """What a figure asks of a view."""

    @property
    def store(self) -> Store:
        """The rows."""

    @property
    def schema(self) -> Schema:
        """The tables."""

    @property
    def valid(self) -> str:
        """The day asked about."""

    def line(self) -> str:
        """Return the view in one line."""

    def network(self, element: str, market: str) -> Network:
        """Build the network of an element and a market."""

    def chokepoints(
        self, element: str, market: str, *, horizon: str, event: str, year: int | None
    ) -> Chokepoints:
        """Rank what a market cannot do without."""


class Drawable(Protocol):
    """What is drawn: by matplotlib, or by hand as SVG."""

    @property
    def title(self) -> str:
        """What it finds, in a sentence."""

    @property
    def alt(self) -> str:
        """What it shows, in words."""

    def svg(self) -> str:
        """Return it as one SVG document."""

    def pixels(self, dpi: float) -> Any:  # noqa: ANN401 - an image of Pillow
        """Return it as an image."""


@dataclass(frozen=True)
class Figure:
    """A figure of one kind; the same view gives the same bytes.

    Attributes:
        kind: one of :data:`KINDS`.
        picture: what is drawn.
        view_line: the view that it was drawn from, in one line.
    """

    kind: str
    picture: Drawable
    view_line: str

    @property
    def title(self) -> str:
        """What the figure finds, in a sentence."""
        return self.picture.title

    @property
    def alt(self) -> str:
        """The figure in words, for those who do not see it: who leads, numbers, units, years."""
        return alt_text(self)

    @cached_property
    def svg(self) -> str:
        """The figure as one SVG document that needs nothing else."""
        return record_view(self.picture.svg(), self.view_line)

    def png(self, dpi: float = DPI) -> bytes:
        """Return the figure as PNG, with title, alt text and view in its text chunks.

        Args:
            dpi: dots to an inch; 96 gives one dot to a CSS pixel.

        Raises:
            UnknownNameError: the picture would be too large for programs to open.
        """
        check_size(None, dpi)
        words = {"Title": self.title, "Description": self.alt, "Source": self.view_line}
        return png_of(self.picture.pixels(dpi), dpi, words)

    def _repr_svg_(self) -> str:
        """Show the figure in a notebook."""
        return self.svg


def alt_text(figure: Figure) -> str:
    """Return a figure in words, written from the values that it draws."""
    return spoken(figure.picture.alt)


def draw_figure(
    view: Viewed,
    kind: str,
    element: str = "MREE",
    market: str = "WLD",
    *,
    year: int | None = None,
    horizon: str = "short-run",
    event: str = "outage",
    width: float | None = None,
) -> Figure:
    """Draw a figure of a kind.

    Args:
        view: the rows.
        kind: ``concentration``, ``hhi``, ``balance``, ``losses``, ``timeline`` or ``map``.
        element: symbol, name or group.
        market: code or name of a country or aggregate, for losses.
        year: base year of a balance or of losses; the last one with trade rows if None.
        horizon: immediate, short-run, medium-run or free, for losses.
        event: outage, embargo or licence, for losses.
        width: in CSS pixels, 600 to 2,400; balance and timeline are scaled to it.

    Raises:
        UnknownNameError: there is no such kind, element or market, or no such width.
        NotKnownError: no row of the view answers.

    >>> from monazite.view import load
    >>> figure = draw_figure(load(), "concentration", "Dy")
    >>> figure.svg.startswith("<svg"), figure.png(96)[1:4]
    (True, b'PNG')
    """
    check_kind(kind)
    check_size(width, None)
    asked = _Request(view, element, market, year, horizon, event, width)
    return Figure(kind, KINDS[kind](asked), view.line())


def check_kind(kind: str) -> None:
    """Refuse a kind of figure that there is not.

    Raises:
        UnknownNameError: there is no such kind.
    """
    _check_word(kind, KINDS, "figure")


def _check_word(word: str, known: Iterable[str], what: str) -> None:
    if word not in known:
        fix = did_you_mean(word, known) or f"there are {', '.join(known)}."
        raise UnknownNameError(f'There is no {what} "{word}"; {fix}')


def check_size(width: float | None, dpi: float | None) -> None:
    """Refuse a width or a resolution that no program opens.

    Raises:
        UnknownNameError: it is too small or too large.
    """
    if width is not None and not NARROWEST <= width <= WIDEST:
        raise UnknownNameError(
            f"A figure is {NARROWEST:,} to {WIDEST:,} pixels wide, not {width:g}."
        )
    if dpi is not None and not LEAST_DPI <= dpi <= MOST_DPI:
        raise UnknownNameError(
            f"A PNG has {LEAST_DPI} to {MOST_DPI:,} dots to an inch, not {dpi:g}."
        )


@dataclass(frozen=True)
class _Request:
    """What a kind is asked to draw."""

    view: Viewed
    element: str
    market: str
    year: int | None
    horizon: str
    event: str
    width: float | None

    @property
    def wide(self) -> float:
        """The width of a figure that is laid out to it."""
        return float(self.width or WIDTH)


def _concentration(asked: _Request) -> Drawable:
    from monazite.findings.shares.concentration import stage_shares
    from monazite.network.attributes import about
    from monazite.pages.figures.bars import concentration_drawing

    network = asked.view.network(asked.element, asked.market)
    labels = dict(about(network).stages)
    return concentration_drawing(
        stage_shares(network), labels, in_sentence(about(network).element_label), asked.wide
    )


def _hhi(asked: _Request) -> Drawable:
    from monazite.findings.shares.by_year import concentration_series
    from monazite.findings.timeline.timeline import timeline_of
    from monazite.network.facts import read_facts
    from monazite.pages.figures.hhi import hhi_drawing

    view = asked.view
    facts = read_facts(view.store, asked.element, view.valid)
    lines = concentration_series(facts)
    try:
        told = timeline_of(view.store, view.schema, view.valid, facts.element).happenings
    except NotKnownError:
        told = ()
    reach = facts.ask("policies-on-element", element=facts.element.id, date=view.valid, shown="all")
    kinds = {answer["policy_title"]: answer["kind_of_measure"] for answer in reach}
    return hhi_drawing(
        lines, dict(facts.stages), told, kinds, in_sentence(facts.title), view.valid, asked.wide
    )


def _losses(asked: _Request) -> Drawable:
    from monazite.findings.chain.base_year import HORIZONS
    from monazite.findings.flow_model.study import EVENTS
    from monazite.pages.figures.losses import losses_drawing

    _check_word(asked.horizon, HORIZONS, "horizon")
    _check_word(asked.event, EVENTS, "event")
    report = asked.view.chokepoints(
        asked.element, asked.market, horizon=asked.horizon, event=asked.event, year=asked.year
    )
    return losses_drawing(report, asked.wide)


def _map(asked: _Request) -> Drawable:
    from monazite.findings.plants.places import find_spots
    from monazite.network.facts import read_facts
    from monazite.pages.figures.worldmap import map_drawing

    facts = read_facts(asked.view.store, asked.element, asked.view.valid)
    return map_drawing(find_spots(facts), dict(facts.stages), facts.date, asked.wide)


def _balance(asked: _Request) -> Drawable:
    from monazite.findings.balance.balance import find_balance
    from monazite.pages.figures.from_svg import Painted, balance_alt, balance_title
    from monazite.pages.sankey.balance_picture import balance_picture
    from monazite.pages.sankey.page import sankey_svg

    found = find_balance(asked.view.store, asked.element, asked.view.valid, asked.year)
    text = sankey_svg(balance_picture(found))
    return Painted("balance", balance_title(found), balance_alt(found), text, asked.width)


def _timeline(asked: _Request) -> Drawable:
    from monazite.findings.timeline.timeline import timeline_of
    from monazite.pages.figures.from_svg import Painted, timeline_alt, timeline_title
    from monazite.pages.timeline.svg import timeline_svg
    from monazite.triples.names import find_entity

    view = asked.view
    entity = find_entity(
        view.store, asked.element, "ChemicalElement", "ElementGroup", what="element"
    )
    told = timeline_of(view.store, view.schema, view.valid, entity)
    title, alt = timeline_title(told), timeline_alt(told)
    return Painted("timeline", title, alt, timeline_svg(told), asked.width, 8.0)


KINDS: dict[str, Callable[[_Request], Drawable]] = {
    "concentration": _concentration,
    "hhi": _hhi,
    "balance": _balance,
    "losses": _losses,
    "timeline": _timeline,
    "map": _map,
}
"""The figures there are."""
