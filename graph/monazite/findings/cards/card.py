"""The short card of an entity, by what it is: nothing is worked out here that another room has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from monazite.findings.cards.act_card import act_card
from monazite.findings.cards.card_view import CardView
from monazite.findings.cards.firm_card import firm_card
from monazite.findings.cards.matter_cards import element_card, material_card
from monazite.findings.cards.phrases import MOST, fact, line, of_table
from monazite.findings.cards.place_card import place_card
from monazite.findings.cards.plant_card import plant_card
from monazite.triples.entity_card import EntityCard
from monazite.triples.short_card import CardFact, CardLine, ShortCard

_CARDS: Mapping[str, Callable[[EntityCard, CardView], ShortCard]] = MappingProxyType(
    {
        "facility": plant_card,
        "organisation": firm_card,
        "policy": act_card,
        "country": place_card,
        "area": place_card,
        "element": element_card,
        "element-group": element_card,
        "material": material_card,
    }
)
"""Which card a kind of entity has; any other has that of its rows."""
_BEHIND = frozenset({"assumptions", "data_gaps", "statements", "responses"})
"""Tables that only all rows have: they are told with what they bear on."""


def find_short_card(found: EntityCard, view: CardView) -> ShortCard:
    """Find what a reader should know first of an entity."""
    made = _CARDS.get(found.entity.kind, _other_card)(found, view)
    lines = (*made.lines, _disputed(found, view), _see_also(found))
    return replace(made, lines=tuple(each for each in lines if each.facts))


def _see_also(found: EntityCard) -> CardLine:
    """What else has the name, written so that it can be asked for."""
    told = [
        CardFact(text, named=((text, other.place),))
        for other in found.others
        for text in [f"{other.place} ({other.label})"]
    ]
    return line("See also", told, f"monazite show {found.entity.id} --full")


def _other_card(found: EntityCard, view: CardView) -> ShortCard:
    """What is said of a thing that has no card of its own: its rows, the newest of each table."""
    del view
    own, *rest = found.cards or (None,)
    lines: list[CardLine] = []
    if own is not None:
        cells = [text for name, text in own.cells.items() if name not in {"name", "id"}]
        lines.append(line("Is", [fact("; ".join(cells), own)]))
    for table in dict.fromkeys(card.table for card in rest if card is not None):
        if table in _BEHIND:
            continue
        newest = of_table(found.cards, table)[-MOST:]
        name = table.replace("_", " ").capitalize()
        lines.append(line(name, [fact(_without_name(card.text, found), card) for card in newest]))
    return ShortCard(f"{found.entity.label} ({found.entity.kind})", tuple(lines))


def _without_name(text: str, found: EntityCard) -> str:
    return "; ".join(part for part in text.split("; ") if part != found.entity.label)


def _disputed(found: EntityCard, view: CardView) -> CardLine:
    """On what the rows of the entity differ, and what each says."""
    told = []
    for conflict in view.conflicts():
        said = dict.fromkeys(each.text for each in conflict.lines)
        told.append(CardFact(f"{_without_name(conflict.fact, found)}: {' or '.join(said)}"))
    return line("Disputed", told, f"monazite conflicts {found.entity.place}")
