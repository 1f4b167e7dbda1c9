"""The card of a firm, a ministry or whoever else acts."""

from __future__ import annotations

from monazite.findings.cards.card_view import CardView
from monazite.findings.cards.phrases import best, day_words, fact, lasts, line, of_table
from monazite.findings.cards.shared_lines import how_much, owners, rules, trade_lines
from monazite.findings.plants.lives import read_lives
from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.policies import lines_of
from monazite.safe_text import NOT_KNOWN
from monazite.triples.cards import RowCard
from monazite.triples.entity_card import EntityCard
from monazite.triples.names import Entity
from monazite.triples.short_card import CardFact, CardLine, ShortCard


def firm_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of a firm: what it runs and holds, owners, buyers, rules.

    Of a ministry it says what it issued, and not who owns it.

    Args:
        found: the firm with its rows.
        view: what the card is made from.
    """
    entity, cards = found.entity, found.cards
    own = next((card for card in cards if card.identity), None)
    cells = {} if own is None else own.cells
    kind, country = cells.get("kind", ""), cells.get("country", "")
    status = f"{', '.join(part for part in (entity.label, country) if part)}. {kind}".rstrip(". ")
    is_public = entity.is_a("Ministry") or kind in {"Ministry", "Agency"}
    lines = [
        _runs(cards, view),
        how_much(of_table(cards, "organisation_capacity"), view.day),
        *([] if is_public else [owners(entity, view)]),
        _holds(entity, cards, view.day),
        *trade_lines(entity, of_table(cards, "supply_links"), view.day),
        _issued(entity, view),
        rules(entity, {}, view),
    ]
    return ShortCard(f"{status}, {day_words(view.day)}", tuple(lines))


def _runs(cards: tuple[RowCard, ...], view: CardView) -> CardLine:
    """Which plants it runs on the day, what it does there, and in which state they are."""
    lives = read_lives(view.store)
    states = {
        label: lives.on(plant, view.day).state for plant, (label, _) in lives.facilities.items()
    }
    running: dict[str, list[RowCard]] = {}
    for card in of_table(cards, "operations"):
        if lasts(card, view.day, "from", "until"):
            running.setdefault(card.cells.get("facility", ""), []).append(card)
    facts = [
        fact(_run(plant, states.get(plant, NOT_KNOWN), own), *own)
        for plant, own in running.items()
        if plant
    ]
    return line("Runs", facts)


def _run(plant: str, state: str, rows: list[RowCard]) -> str:
    stages = ", ".join(dict.fromkeys(_stage(card) for card in rows))
    known = "state not known" if state == NOT_KNOWN else state
    return f"{plant}: {stages}; {known}"


def _stage(card: RowCard) -> str:
    return card.cells.get("stage", "stage not told").casefold()


def _holds(entity: Entity, cards: tuple[RowCard, ...], day: str) -> CardLine:
    held = [
        card
        for card in of_table(cards, "ownership")
        if card.cells.get("owner") == entity.label and lasts(card, day)
    ]
    return line("Holds", [fact(_share(card), card) for card in held])


def _share(card: RowCard) -> str:
    percent = card.cells.get("share_percent", "")
    return f"{card.cells.get('owned', '')}{f' {percent} %' if percent else ''}"


def _issued(entity: Entity, view: CardView) -> CardLine:
    """The acts that it issued, those in force first."""
    acts = [each.id for each in read_acts(view.store).acts.values() if entity.label in each.issuers]
    facts = [
        CardFact(f"{each.title}, {each.status.short}", best(each.sources))
        for each in lines_of(view.store, view.tables, view.day, acts)
    ]
    return line("Issued", facts, f"monazite query policies-by-issuer -p ministry={entity.id}")
