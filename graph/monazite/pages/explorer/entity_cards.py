"""Cards of entities and of sources, as parts of the page, and the names under which they are found.

Each has the texts of the short card that ``monazite show`` prints, with who says so.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monazite.pages.drawing.templates import fill_template
from monazite.pages.explorer.linking import linked_parts
from monazite.rows.dates import dates_in_words, day_words
from monazite.rows.roots import tier_word
from monazite.safe_text import visible, web_address
from monazite.triples.cards import SourceLine
from monazite.triples.short_card import CardFact, ShortCard

KINDS = {
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
"""Kinds of things that have a card, and what a reader calls them."""
_END = "\x1e"
_COMMAND = re.compile(r"^(\d+ more): monazite .*$")
"""What a terminal adds to what is left out; a page has no commands."""


@dataclass(frozen=True)
class NamedCard:
    """A card with what its entity is called.

    Attributes:
        chains: symbols of the elements in whose chain it stands.
    """

    place: str
    name: str
    names: tuple[str, ...]
    card: ShortCard
    chains: tuple[str, ...] = ()

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
    citing: dict[str, dict[str, str]] = {}
    for card in sorted(cards, key=lambda card: (visible(card.name), card.place)):
        for source in card.card.sources:
            citing.setdefault(source.id, {})[card.place] = visible(card.name)
    shown = [
        {
            "kind": KINDS["source"],
            "name": visible(source.title) or "Untitled",
            "status": [],
            "names": [],
            "lines": _cited_by(citing.get(source.id, {})),
            "chains": [],
            "sources": [_source(source)],
        }
        for source in sources
    ]
    return _filled([f"source/{source.id}" for source in sources], shown)


def _cited_by(cards: Mapping[str, str]) -> list[dict[str, object]]:
    """A line of the cards that cite a source, by kind; none where no card does."""
    facts = [
        {"number": 0, "url": "", "publisher": "", "parts": [{"text": name, "card": place}]}
        for place, name in cards.items()
    ]
    return [{"heading": "Cited by", "facts": facts}] if facts else []


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
    numbers = {source: number for number, source in enumerate(held.card.sources, start=1)}
    name = visible(held.name)
    status = visible(held.card.status).removeprefix(f"{name}, ")
    return {
        "kind": KINDS.get(held.kind, held.kind),
        "name": name,
        "status": linked_parts(status, held.card.named, places, held.place),
        "names": [visible(each) for each in held.names],
        "lines": [
            {
                "heading": visible(line.heading),
                "facts": [
                    {
                        **_fact(each, numbers),
                        "parts": linked_parts(
                            plain_text(each.text), each.named, places, held.place
                        ),
                    }
                    for each in line.facts
                ],
            }
            for line in held.card.lines
        ],
        "chains": list(held.chains),
        "sources": [{**_source(source), "card": f"source/{source.id}"} for source in numbers],
    }


def _fact(fact: CardFact, numbers: Mapping[SourceLine, int]) -> dict[str, object]:
    source = fact.sources[0] if fact.sources else None
    return {
        "number": numbers[source] if source else 0,
        "url": web_address(source.url) or "" if source else "",
        "publisher": visible(source.publisher) if source else "",
    }


def plain_text(text: str) -> str:
    """Return what a card says as a page says it: dates in words, and no command.

    >>> plain_text("2 more: monazite parents mountain-pass")
    '2 more'
    """
    return dates_in_words(_COMMAND.sub(r"\1", visible(text)))


def _source(source: SourceLine) -> dict[str, object]:
    original = web_address(source.original)
    return {
        "publisher": visible(source.publisher),
        "title": visible(source.title) or "Untitled",
        "published": day_words(visible(source.published)) or "undated",
        "tier": visible(tier_word(source.tier)),
        "url": web_address(source.url) or "",
        "original": original if original and original != source.url else "",
    }
