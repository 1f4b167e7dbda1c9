"""The card of a mine or plant."""

from __future__ import annotations

from monazite.findings.cards.card_view import CardView
from monazite.findings.cards.phrases import day_words, fact, line, named_in, of_table
from monazite.findings.cards.shared_lines import how_much, owners, rules, trade_lines
from monazite.findings.plants.lives import Life, read_lives
from monazite.findings.plants.states import CLOSED, SUSPENDED
from monazite.findings.wording import capital
from monazite.rows.filters import SURELY
from monazite.safe_text import NOT_KNOWN
from monazite.triples.cards import RowCard
from monazite.triples.entity_card import EntityCard
from monazite.triples.short_card import CardLine, ShortCard


def plant_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of a mine or plant: state, products, amounts, owner, buyers, rules."""
    lives = read_lives(view.store)
    life = lives.on(found.entity.id, view.day)
    above = {f"organisation/{each.id}": "the owner" for each in life.owners}
    above |= {
        f"organisation/{each.id}": "the operator"
        for each in life.operators
        if f"organisation/{each.id}" not in above
    }
    lines = [
        _makes(found.cards),
        how_much(of_table(found.cards, "capacity"), view.day),
        owners(found.entity, view),
        *trade_lines(found.entity, of_table(found.cards, "supply_links"), view.day),
        rules(found.entity, above, view),
    ]
    change = lives.last_state_change(found.entity.id, view.day)
    since = ""
    if life.state in {CLOSED, SUSPENDED} and change is not None:
        since = f" since {day_words(change.printed)}"
    own = [card for card in found.cards if card.identity]
    return ShortCard(_status(found, life, since), tuple(lines), named_in(life.country, *own))


def _status(found: EntityCard, life: Life, since: str) -> str:
    region = next((card.cells.get("region", "") for card in found.cards if card.identity), "")
    place = ", ".join(part for part in (life.label, region, life.country) if part)
    sure = "" if life.certainty == SURELY or life.state == NOT_KNOWN else "perhaps "
    state = f"state {NOT_KNOWN}" if life.state == NOT_KNOWN else f"{sure}{life.state}{since}"
    return f"{place}. {capital(state)}, {day_words(life.day)}"


def _makes(cards: tuple[RowCard, ...]) -> CardLine:
    """What leaves the plant, in the words of the sources; what goes in is left to all rows."""
    made = [card for card in cards if card.cells.get("direction") == "Output"]
    names = dict.fromkeys(card.cells.get("text") or card.cells["material"] for card in made)
    return line("Makes", [fact(", ".join(names), *made)] if names else [])
