"""Parts of the explorer for a server, each as JSON: what a file holds, of any view and market."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from monazite.core.errors import UnknownNameError
from monazite.core.spoken_commands import for_page
from monazite.data.parameters import HORIZON, SEED, Contingency, check_draws, horizons
from monazite.store.names import entity_names
from monazite.view.explorer_parts import (
    USUAL,
    AskedLosses,
    cached_part,
    card_parts,
    element_part,
    is_kept,
    markets_of,
    rules_part,
    source_lines,
)
from monazite.view.explorer_question import (
    CLASSES,
    ELEMENTS,
    ExplorerQuestion,
    names_of_cards,
    with_deposit,
)

if TYPE_CHECKING:
    from monazite import View

Given = Mapping[str, object]
"""What a request asks for, by the names that stand in the address of the page."""


def ready_part(view: View, given: Given) -> bytes:
    """Return an element for a market if it was worked out before; nothing if it was not."""
    element, market = str(given["element"]), str(given["market"])
    every = markets_of(view, element)
    known = [(market,), every] if market in every else [(market,)]
    is_there = any(is_kept(view, ("element", element, *each)) for each in known)
    return view_part(view, given) if is_there else b""


def view_part(view: View, given: Given) -> bytes:
    """Return an element for a market, as a file holds it."""
    from monazite.report.explorer.page import part_markup

    question = ExplorerQuestion(view, [str(given["element"])], [str(given["market"])])
    [element], [market] = question.elements, question.buyers
    losses = losses_of(given)
    markets: tuple[str, ...] = (market,)
    every = markets_of(view, element)
    if losses == USUAL and market in every and is_kept(view, ("element", element, *every)):
        markets = every  # a file was drawn of this view before
    found = part_markup(element_part(view, element, markets, losses), market)
    return _json({name: for_page(held, markup=True) for name, held in found.items()})


def losses_of(given: Given) -> AskedLosses:
    """Return how losses are asked for."""
    horizon, told = str(given.get("horizon") or HORIZON), str(given.get("draws") or "0")
    Contingency(horizon=horizon)
    if not (told.isascii() and told.isdigit() and len(told) < 6):
        raise UnknownNameError(f'Random trials are counted: "{told[:20]}" is no number of them.')
    if int(told):
        check_draws(int(told), SEED)
    return AskedLosses(horizon, int(told))


def acts_part(view: View, given: Given) -> bytes:
    """Return the acts of a view, how many are in force, and which data were used."""
    from monazite.report.explorer.page import as_of

    del given
    part = rules_part(view)
    told = {"about": as_of(view.valid), "data": view.line()}
    return _json({"markup": part.markup, "count": part.count, **told})


def card_part(view: View, given: Given) -> bytes:
    """Return the card of an entity or a source; ``null`` where there is none."""
    from monazite.report.explorer.entity_cards import cards_markup, sources_markup

    place = str(given["card"])
    kind, _, name = place.partition("/")
    if kind == "source":
        told = sources_markup([each for each in source_lines(view) if each.id == name])
        return _json({"markup": told.get(place)})
    labels = _labels(view)
    if place not in labels:
        return _json({"markup": None})
    [card] = card_parts(view, [place])
    names = tuple(each for each in names_of_cards(view)[place] if each != card.name)
    shown = with_deposit(replace(card, names=names), labels)
    told = cards_markup([shown], labels.keys())
    return _json({"markup": told[place]})


def names_part(view: View, given: Given) -> bytes:
    """Return what a search looks in: all that has a card, and all sources."""
    from monazite.report.explorer.entity_cards import NamedCard, search_lines
    from monazite.store.entity_card import ShortCard

    del given
    labels, unread = _labels(view), ShortCard("", ())
    cards = [
        NamedCard(place, labels[place], tuple(x for x in names if x != labels[place]), unread)
        for place, names in names_of_cards(view).items()
    ]
    return _json(search_lines(cards, source_lines(view)))


def index_part(view: View, given: Given) -> bytes:
    """Return what there is to choose from."""
    from monazite.model.network.market import known_markets
    from monazite.report.explorer.page import ALL, LiveIndex

    del given

    def work() -> dict[str, object]:
        question = ExplorerQuestion(view, (), ())
        places = {each.id: each.label for _, each in entity_names(view.store, "Country", "Area")}
        ordered = sorted(places, key=lambda code: (places[code], code))
        return asdict(
            LiveIndex(
                first=question.first,
                elements={each: view.facts(each).title for each in question.elements},
                markets={
                    each: places[each]
                    for each in known_markets(view.facts(question.first[0]), ordered)
                },
                tiers=[str(tier or ALL) for tier in question.tiers],
                horizons={each: each.replace("-", " ") for each in _usual_first()},
                day=view.valid,
                data=view.line(),
            )
        )

    return _json(cached_part(view, ("index",), work))


def _usual_first() -> list[str]:
    return sorted(horizons(), key=lambda each: each != HORIZON)


def _labels(view: View) -> dict[str, str]:
    """Names of all that has a card, by kind and id."""

    def read() -> dict[str, str]:
        found = entity_names(view.store, *CLASSES, *ELEMENTS)
        return {each.place: each.label for _, each in found}

    return view.store.derive("labels of cards", read)


def _json(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)
