"""The card of a firm, a ministry or whoever else acts."""

from __future__ import annotations

from monazite.findings.cards.card_view import CardView
from monazite.findings.cards.phrases import day_words, fact, lasts, line, named_in, of_table
from monazite.findings.cards.shared_lines import act_fact, how_much, owners, rules, trade_lines
from monazite.findings.plants.lives import read_lives
from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.policies import lines_of
from monazite.rows.dates import date_bounds
from monazite.safe_text import NOT_KNOWN
from monazite.triples.cards import RowCard
from monazite.triples.entity_card import EntityCard
from monazite.triples.names import Entity
from monazite.triples.short_card import CardFact, CardLine, ShortCard


def firm_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of a firm: what it runs and holds, owners, buyers, rules.

    Of a ministry it says what it issued, and not who owns it.
    """
    entity, cards = found.entity, found.cards
    own = next((card for card in cards if card.identity), None)
    cells = {} if own is None else own.cells
    kind, country = cells.get("kind", ""), cells.get("country", "")
    status = f"{', '.join(part for part in (entity.label, country) if part)}. {kind}".rstrip(". ")
    lands = () if own is None else named_in(country, own)
    is_public = entity.is_a("Ministry") or kind in {"Ministry", "Agency"}
    lines = [
        *(_past(cards, view.day) or [_runs(cards, view)]),
        how_much(of_table(cards, "organisation_capacity"), view.day),
        *([] if is_public else [owners(entity, view)]),
        _holds(entity, cards, view.day),
        *trade_lines(entity, of_table(cards, "supply_links"), view.day),
        _issued(entity, view),
        rules(entity, {}, view),
    ]
    return ShortCard(f"{status}, {day_words(view.day)}", tuple(lines), lands)


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


def _past(cards: tuple[RowCard, ...], day: str) -> list[CardLine]:
    """What a firm ran, of which nothing dated goes on, and when its records end; else nothing.

    A row without dates does not tell that a firm whose dated rows have ended still runs a plant.
    """
    operations = of_table(cards, "operations")
    ended = [card for card in operations if not lasts(card, day, "from", "until")]
    ended = [card for card in ended if card.cells.get("until")]
    dated = [card for card in operations if card not in ended and card.time]
    if not ended or dated:
        return []
    ran: dict[tuple[str, str], list[RowCard]] = {}
    undated = [card for card in operations if card not in ended]
    for card in [*sorted(ended, key=lambda card: card.cells["until"], reverse=True), *undated]:
        plant = card.cells.get("facility", "plant not told")
        ran.setdefault((plant, card.cells.get("until", "")), []).append(card)
    facts = [
        fact(f"{plant}: {_stages(own)}; {_until(until)}", *own)
        for (plant, until), own in ran.items()
    ]
    dates = [date for card in cards if card.time for date in card.time.split(" to ")]
    last = max((date for date in dates if date_bounds(date)[1] <= day), key=_end)
    return [
        line("Ran", facts),
        line("Records", [CardFact(f"We found no dated record of it after {day_words(last)}.")]),
    ]


def _until(date: str) -> str:
    return f"until {day_words(date)}" if date else "we found no dates"


def _end(date: str) -> str:
    return date_bounds(date)[1]


def _run(plant: str, state: str, rows: list[RowCard]) -> str:
    known = "state not known" if state == NOT_KNOWN else state
    return f"{plant}: {_stages(rows)}; {known}"


def _stages(rows: list[RowCard]) -> str:
    return ", ".join(dict.fromkeys(_stage(card) for card in rows))


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
        act_fact(each, f"{each.title}, {each.status.short}")
        for each in lines_of(view.store, view.tables, view.day, acts)
    ]
    return line("Issued", facts, f"monazite query policies-by-issuer -p ministry={entity.id}")
