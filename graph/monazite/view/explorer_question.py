"""The explorer of a view: which elements, markets, tiers and cards it holds, as a file or live."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.spoken_commands import for_page
from monazite.data import parameters
from monazite.store.names import Entity, entity_names, find_entity
from monazite.view.explorer_parts import (
    BATCH,
    USUAL,
    AskedLosses,
    at_tier,
    cached_part,
    card_parts,
    element_part,
    family_of,
    is_kept,
    markets_of,
    rules_part,
    source_lines,
)
from monazite.view.prefetch_process import AheadPart, work_ahead

if TYPE_CHECKING:
    from monazite import View
    from monazite.report.explorer.entity_cards import NamedCard
    from monazite.report.explorer.page import ElementPart, ExplorerParts
    from monazite.store.cards import SourceLine


Share = Callable[[float], object]
GROUPS = ("MREE", "NdPr")
"""Groups that have a chain of their own."""
CLASSES = ("Facility", "Organisation", "Policy", "Deposit", "Person", "Country", "Area")
"""Classes of what has a card, beside the elements."""
_VIEWS = 0.8
"""The part of the work that views are; the rest is cards."""
ELEMENTS = ("ChemicalElement", "ElementGroup")


class ExplorerQuestion:
    """What an explorer is asked to hold, with names read and defaults filled in."""

    def __init__(self, view: View, elements: Iterable[str], markets: Iterable[str]) -> None:
        self.view = view
        self.asked = tuple(_symbol(view, each) for each in elements)
        self.buyers = tuple(_market(view, each).id for each in markets)
        self.elements = tuple(dict.fromkeys(self.asked)) or tuple(all_elements(view))
        worst = view.tier if view.tier is not None else max(parameters.TIERS)
        self.tiers = (view.tier, *(each for each in reversed(parameters.TIERS) if each < worst))

    def markets(self, element: str) -> tuple[str, ...]:
        """The markets that an element is shown for."""
        return tuple(dict.fromkeys(self.buyers)) or markets_of(self.view, element)

    @property
    def first(self) -> tuple[str, str]:
        """Element and market of the first view."""
        element = self.asked[0] if self.asked else parameters.ELEMENT
        element = element if element in self.elements else self.elements[0]
        return element, self.buyers[0] if self.buyers else parameters.MARKET


def explorer_parts(question: ExplorerQuestion, share: Share) -> ExplorerParts:
    """Work out all that an explorer holds."""
    from monazite.report.explorer.entity_cards import cards_markup, search_lines, sources_markup
    from monazite.report.explorer.page import ALL, ExplorerParts

    view, share = question.view, _rising(share)
    asked = {
        element: ("element", element, *question.markets(element)) for element in question.elements
    }
    parts = [
        AheadPart(tier, each, family_of(view, element))
        for tier in question.tiers
        for element, each in asked.items()
    ]
    work_ahead(view, parts, lambda part: share(_VIEWS * part))
    done = 0
    tiers: dict[str, list[ElementPart]] = {}
    for tier in question.tiers:
        seen = at_tier(view, tier)
        found = tiers.setdefault(str(tier or ALL), [])
        for element in question.elements:
            found.append(element_part(seen, element, asked[element][2:]))
            done += 1
            share(_VIEWS * done / len(parts))
    whole = next(iter(tiers.values()))
    rules = {str(tier or ALL): rules_part(at_tier(view, tier)) for tier in question.tiers}
    cards = _cards(question, whole, lambda part: share(_VIEWS + (1 - _VIEWS) * part))
    cited = {each for held in tiers.values() for part in held for each in part.sources}
    cited |= {each for part in rules.values() for each in part.sources}
    sources = _sources(question, cards, cited)
    places = entity_names(view.store, "Country", "Area")
    labels = {entity.id: entity.label for _, entity in places}
    codes = dict.fromkeys(code for part in whole for code in part.views)
    return ExplorerParts(
        first=question.first,
        markets={code: labels[code] for code in sorted(codes, key=lambda code: labels[code])},
        tiers=tiers,
        cards=cards_markup(cards) | sources_markup(sources, cards),
        names=search_lines(cards, sources),
        rules={tier: (part.markup, part.count) for tier, part in rules.items()},
        day=view.valid,
        data={str(tier or ALL): at_tier(view, tier).line() for tier in question.tiers},
    )


def _rising(share: Share) -> Share:
    """Say a part of the work only where it is more than was said."""
    said = [0.0]

    def say(part: float) -> None:
        if part > said[0]:
            said[0] = part
            share(part)

    return say


def _cards(
    question: ExplorerQuestion, parts: Sequence[ElementPart], share: Share
) -> list[NamedCard]:
    """The cards of what stands in the chains; of everything, where all elements are asked for."""
    view, names = question.view, names_of_cards(question.view)
    chains: dict[str, list[str]] = {}
    for part in parts:
        for place in part.cards:
            chains.setdefault(place, []).append(part.element)
    wanted = {*chains, *(f"country/{code}" for part in parts for code in part.views)}
    if question.asked:
        wanted |= {*_near(question, parts)}
    else:
        wanted |= {place for place in names if not place.startswith(("country/", "area/"))}
    wanted |= {f"country/{line.country}" for line in view.policies()}
    entities = {place.replace("country/", "area/") for place in wanted} | wanted
    chosen = {place for place in entities if place in names}
    told = _read_cards(view, chosen, share)
    more = {
        place
        for card in told
        if card.kind == "facility"
        for place in _named_by(card)
        if not place.startswith("facility/")  # which would want firms of its own
    }
    told += _read_cards(view, (more & names.keys()) - chosen, lambda _: None)
    labels = {card.place: card.name for card in told}
    found: list[NamedCard] = []
    for card in sorted(told, key=lambda card: card.place):
        own = tuple(name for name in names[card.place] if name not in {card.name})
        held = tuple(chains.get(card.place, ())) if "country/" not in card.place else ()
        found.append(replace(with_deposit(card, labels), names=own, chains=held))
    return found


def with_deposit(card: NamedCard, labels: Mapping[str, str]) -> NamedCard:
    """Return the card of a mine with the deposit that it works, which has its id."""
    from monazite.store.entity_card import CardFact, CardLine

    deposit = f"deposit/{card.place.partition('/')[2]}"
    if card.kind != "facility" or deposit not in labels:
        return card
    name = labels[deposit]
    told = CardLine("Deposit", (CardFact(name, named=((name, deposit),)),))
    return replace(card, card=replace(card.card, lines=(*card.card.lines, told)))


def _read_cards(view: View, places: Iterable[str], share: Share) -> list[NamedCard]:
    """The cards of some things, in batches that are kept."""
    ordered = sorted(places)
    batches = [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]
    work_ahead(view, [AheadPart(None, ("cards", *batch)) for batch in batches], share)
    found: list[NamedCard] = []
    for number, batch in enumerate(batches, start=1):
        found += card_parts(view, batch)
        share(number / len(batches))
    return found


def _named_by(card: NamedCard) -> Iterable[str]:
    """What a card names: a reader of a site asks next for its holders, buyers and country."""
    yield from (place for _, place in card.card.named)
    yield from (x[1] for line in card.card.lines for fact in line.facts for x in fact.named)


def _near(question: ExplorerQuestion, parts: Iterable[ElementPart]) -> Iterable[str]:
    """Who held or ran the sites of some chains, all acts, and the elements."""
    from monazite.model.facilities.status import read_lives

    view = question.view
    lives = read_lives(view.store)
    for part in parts:
        for place in part.cards:
            kind, _, name = place.partition("/")
            if kind == "facility" and name in lives.facilities:
                life = lives.on(name, view.valid)
                yield from (f"organisation/{x.id}" for x in (*life.owners, *life.owners_before))
                runs = lives.operations.get(name, ())  # whenever: a card says until when
                yield from (f"organisation/{row['operator']}" for row in runs if row["operator"])
                yield f"deposit/{name}"
    for element in question.elements:
        yield find_entity(view.store, element, *ELEMENTS).place
    yield from (f"policy/{line.policy}" for line in view.policies())


def names_of_cards(view: View) -> Mapping[str, list[str]]:
    """Return all names of what may have a card, by kind and id; ids are none of them."""
    found: dict[str, list[str]] = {}
    for name, entity in entity_names(view.store, *CLASSES, *ELEMENTS):
        held = found.setdefault(entity.place, [])
        if name != entity.id or entity.is_a(*ELEMENTS):
            held.append(name)
    return found


def _sources(
    question: ExplorerQuestion, cards: Iterable[NamedCard], cited: Iterable[str]
) -> list[SourceLine]:
    """All sources; where some elements are asked for, those that anything of the page rests on."""
    every = source_lines(question.view)
    if not question.asked:
        return every
    said = {
        x.id for card in cards for line in card.card.lines for y in line.facts for x in y.sources
    }
    said |= {*cited}
    return [source for source in every if source.id in said]


def all_elements(view: View) -> Iterable[str]:
    """Yield the groups with a chain of their own, and all rare earths by their symbols."""
    known: set[str] = set()
    for group in ("LREE", "HREE"):
        try:
            known |= view.facts(group).members
        except UnknownNameError:
            continue
    for element in (*GROUPS, *sorted(known)):
        try:
            yield view.facts(element).symbol
        except UnknownNameError:
            continue


def _symbol(view: View, element: str) -> str:
    from monazite.model.chain.base_year import chain_elements

    facts = view.facts(element)
    try:
        chain_elements(facts)
    except NotKnownError as several:
        raise UnknownNameError(str(several)) from None
    return facts.symbol


def _market(view: View, market: str) -> Entity:
    return find_entity(view.store, market, "Country", "Area", what="market")


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
    horizon, told = str(given.get("horizon") or parameters.HORIZON), str(given.get("draws") or "0")
    parameters.Contingency(horizon=horizon)
    if not (told.isascii() and told.isdigit() and len(told) < 6):
        raise UnknownNameError(f'Random trials are counted: "{told[:20]}" is no number of them.')
    if int(told):
        parameters.check_draws(int(told), parameters.SEED)
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
                horizons={
                    each: each.replace("-", " ")
                    for each in sorted(
                        parameters.horizons(), key=lambda each: each != parameters.HORIZON
                    )
                },
                day=view.valid,
                data=view.line(),
            )
        )

    return _json(cached_part(view, ("index",), work))


def _labels(view: View) -> dict[str, str]:
    """Names of all that has a card, by kind and id."""

    def read() -> dict[str, str]:
        found = entity_names(view.store, *CLASSES, *ELEMENTS)
        return {each.place: each.label for _, each in found}

    return view.store.derive("labels of cards", read)


def _json(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)
