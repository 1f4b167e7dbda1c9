"""The card of an act: a law, a control, a deal, or an end of one."""

from __future__ import annotations

from monazite.findings.cards.card_view import CardView
from monazite.findings.cards.phrases import best, day_words, fact, line, named_in, of_table
from monazite.findings.policies.policies import lines_of
from monazite.findings.wording import capital
from monazite.triples.cards import RowCard
from monazite.triples.entity_card import EntityCard
from monazite.triples.names import Entity
from monazite.triples.short_card import CardFact, CardLine, ShortCard


def act_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of an act: whether it is in force and why, what it covers, its steps."""
    (act,) = lines_of(view.store, view.tables, view.day, [found.entity.id])
    says = best(act.sources)
    steps = of_table(found.cards, "policy_events")
    told = [card for card in found.cards if card.identity or card.table == "policy_scope"]

    def naming(text: str) -> CardFact:
        return CardFact(text, named=named_in(text, *told))

    lines = [
        line("Status", [CardFact(capital(act.status.text), says)]),
        line("Issued by", [naming(", ".join(act.issuers) or act.country_label)]),
        line("Covers", [naming(act.covers)]),
        line("Aimed at", [naming(act.aimed_at)]),
        CardLine("Steps", tuple(fact(_step(card), card) for card in steps)),
        line("Bears on", [fact(_other(found.entity, card), card) for card in _links(found)]),
    ]
    state = capital(act.status.short)
    return ShortCard(f"{act.title}. {state}, {day_words(view.day)}", tuple(lines))


def _links(found: EntityCard) -> list[RowCard]:
    return of_table(found.cards, "policy_links")


def _step(card: RowCard) -> str:
    cells = card.cells
    until = f" until {day_words(cells['until'])}" if cells.get("until") else ""
    part = f" ({cells['part']})" if cells.get("part") else ""
    when = f"{day_words(cells['date'])}: " if cells.get("date") else ""
    return f"{when}{cells.get('event', '').casefold()}{until}{part}"


def _other(entity: Entity, card: RowCard) -> str:
    """How this act and another stand to each other, whichever of them the row begins with."""
    one, other = card.cells.get("policy", ""), card.cells.get("other", "")
    relation = card.cells.get("relation", "").casefold()
    if one == entity.label:
        return f"It {relation} {other}"
    return f"{one} {relation} it"
