"""The card of a country or union."""

from __future__ import annotations

from monazite.findings.cards.card_view import CardView
from monazite.findings.cards.phrases import amount, day_words, fact, line, of_table
from monazite.findings.cards.shared_lines import act_fact
from monazite.findings.plants.lives import Life, read_lives
from monazite.findings.plants.states import OPERATING, PARTLY
from monazite.findings.policies.policies import Policies, find_policies
from monazite.triples.cards import RowCard
from monazite.triples.entity_card import EntityCard
from monazite.triples.short_card import CardFact, CardLine, ShortCard


def place_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of a country: plants, output, reserves, its acts, acts aimed at it."""
    own = found.entity.id
    lines = [
        _plants(found, view),
        _newest("How much", found.cards, "production", view.day),
        _newest("Reserves", found.cards, "reserves", view.day),
        _acts("Its acts", find_policies(view.store, view.tables, view.day, by=own), f"--by {own}"),
        _acts("Aimed", find_policies(view.store, view.tables, view.day, to=own), f"--to {own}"),
    ]
    return ShortCard(f"{found.entity.label} ({own}), {day_words(view.day)}", tuple(lines))


def _plants(found: EntityCard, view: CardView) -> CardLine:
    lives = read_lives(view.store)
    here = [
        lives.on(plant, view.day)
        for plant, (_, country) in sorted(lives.facilities.items())
        if country == found.entity.label
    ]
    running = [life for life in here if life.state in {OPERATING, PARTLY}]
    if not here:
        return line("Plants", [])
    of = f"{len(running)} of {len(here)} recorded as running; records incomplete"
    return line(
        "Plants",
        [CardFact(of), *(_plant(life) for life in running)],
        f"monazite query facilities-in -p country={found.entity.id}",
    )


def _plant(life: Life) -> CardFact:
    return CardFact(life.label, named=((life.label, f"facility/{life.facility}"),))


def _newest(heading: str, cards: tuple[RowCard, ...], table: str, day: str) -> CardLine:
    """The numbers of the last year up to the day; what is to come is a forecast."""
    rows = [
        card
        for card in of_table(cards, table)
        if card.cells.get("value") and card.cells.get("year", "") <= day[:4] and not card.figure
    ]
    last = max((card.cells.get("year", "") for card in rows), default="")
    newest = [card for card in rows if card.cells.get("year", "") == last]
    return line(heading, [fact(f"{last}: {_amount(card)}".lstrip(": "), card) for card in newest])


def _amount(card: RowCard) -> str:
    stage = card.cells.get("stage", "").casefold()
    return f"{amount(card)}, {stage}" if stage else amount(card)


def _acts(heading: str, found: Policies, option: str) -> CardLine:
    standing = [each for each in found if each.status.stands]
    facts = [act_fact(each, f"{each.title}, {each.status.short}") for each in standing]
    return line(heading, facts, f"monazite policies {option}")
