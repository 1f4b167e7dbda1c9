"""Cards of entities and of sources, as parts of the page, and the names by which they are found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence

from monazite.core.formats import visible, web_address
from monazite.core.results import Struct
from monazite.data.dates import dates_in_words
from monazite.report.drawing.templates import fill_template, page_source
from monazite.store.cards import SourceLine
from monazite.store.entity_card import CardFact, ShortCard

Part = dict[str, str]  # text, and its card if any
_ASKED = re.compile(r"[a-z-]+/\S+ \((.+)\)")  # as a terminal names a thing


def linked_parts(
    text: str, named: Iterable[tuple[str, str]], held: Container[str] | None, own: str = ""
) -> list[Part]:
    """Return a text as parts with the cards they link to, of all things or of those that have one.

    Of overlapping names the longest counts.
    """
    places: dict[str, str] = {}
    meant: dict[str, set[str]] = {}
    for shown, place in named:
        words = visible(shown)
        meant.setdefault(words, set()).add(place)
        if words and place != own and (held is None or place in held):
            places[words] = place
    links = {words: place for words, place in places.items() if len(meant[words]) == 1}
    plain = visible(text)
    asked = _ASKED.fullmatch(plain)
    if asked and plain in links:
        return [{"text": asked[1], "card": links[plain]}]
    spans: list[tuple[int, int, str]] = []
    for words in sorted(links, key=lambda each: (-len(each), each)):
        for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", plain):
            if all(found.end() <= first or last <= found.start() for first, last, _ in spans):
                spans.append((*found.span(), links[words]))
    parts: list[tuple[str, str]] = []
    at = 0
    for first, last, place in sorted(spans):
        parts += [(plain[at:first], ""), (plain[first:last], place)]
        at = last
    return [{"text": told, "card": card} for told, card in (*parts, (plain[at:], "")) if told]


KINDS = {  # Kinds of things that have a card, and what a reader calls them
    "facility": "Mine or plant",
    "organisation": "Firm or body",
    "policy": "Act",
    "deposit": "Deposit",
    "country": "Country",
    "area": "Union",
    "element": "Element",
    "element-group": "Group of elements",
    "material": "Material",
    "person": "Person",
    "source": "Source",
}
_END = "\x1e"
_COMMAND = re.compile(r"^(\d+ more): monazite .*$")  # a page has no commands


class NamedCard(Struct):
    """A card with what its entity is called."""

    place: str
    name: str
    names: tuple[str, ...]
    card: ShortCard
    chains: tuple[str, ...] = ()  # symbols of the elements in whose chain it stands

    @property
    def kind(self) -> str:
        """What it is."""
        return self.place.partition("/")[0]


def cards_markup(
    cards: Sequence[NamedCard], places: Container[str] | None = None
) -> dict[str, str]:
    """Return cards as parts of a page, by kind and id; each links to those that it names."""
    held = {each.place for each in cards} if places is None else places
    return _filled([each.place for each in cards], [_card(each, held) for each in cards])


def sources_markup(
    sources: Sequence[SourceLine], cards: Iterable[NamedCard] = ()
) -> dict[str, str]:
    """Return the cards of sources, by kind and id; each links to the cards that cite it."""
    citing: dict[str, list[dict[str, object]]] = defaultdict(list)
    for card in sorted(cards, key=lambda card: (visible(card.name), card.place)):
        link = {"text": visible(card.name), "card": card.place}
        for source in dict.fromkeys(each.id for each in card.card.sources):
            fact = {"number": 0, "url": "", "publisher": "", "parts": [link]}
            citing[source].append(fact)
    shown = [
        {
            "kind": KINDS["source"],
            "name": visible(source.title) or "Untitled",
            "status": [],
            "names": [],
            "lines": [{"heading": "Cited by", "facts": citing[source.id]}]
            if source.id in citing
            else [],
            "chains": [],
            "sources": [page_source(source)],
        }
        for source in sources
    ]
    return _filled([f"source/{source.id}" for source in sources], shown)


def search_lines(
    cards: Iterable[NamedCard], sources: Iterable[SourceLine]
) -> list[tuple[str, str, str]]:
    """Return what a search looks in: a card, the name that is shown, and other names."""
    found = [
        (each.place, visible(each.name), " | ".join(map(visible, each.names))) for each in cards
    ]
    found += [
        (f"source/{each.id}", visible(each.title) or "Untitled", visible(each.publisher))
        for each in sources
    ]
    return sorted(found)


def _filled(places: Sequence[str], cards: Sequence[Mapping[str, object]]) -> dict[str, str]:
    text = fill_template("explorer_cards.html", {"cards": cards, "end": _END}, trimmed=True)
    parts = [part.strip() for part in text.split(_END)][: len(places)]
    return dict(zip(places, parts, strict=True))


def _card(held: NamedCard, places: Container[str]) -> dict[str, object]:
    card, name = held.card, visible(held.name)
    numbers = {source: number for number, source in enumerate(card.sources, start=1)}
    status = visible(card.status).removeprefix(f"{name}, ")

    def fact(each: CardFact) -> dict[str, object]:
        source = each.sources[0] if each.sources else None
        return {
            "number": numbers[source] if source else 0,
            "url": web_address(source.url) or "" if source else "",
            "publisher": visible(source.publisher) if source else "",
            "parts": linked_parts(plain_text(each.text), each.named, places, held.place),
        }

    return {
        "kind": KINDS.get(held.kind, held.kind),
        "name": name,
        "status": linked_parts(status, card.named, places, held.place),
        "names": [visible(each) for each in held.names],
        "lines": [
            {"heading": visible(line.heading), "facts": [*map(fact, line.facts)]}
            for line in card.lines
        ],
        "chains": list(held.chains),
        "sources": [{**page_source(source), "card": f"source/{source.id}"} for source in numbers],
    }


def plain_text(text: str) -> str:
    """Return what a card says as a page says it: dates in words, and no command."""
    return dates_in_words(_COMMAND.sub(r"\1", visible(text)))
