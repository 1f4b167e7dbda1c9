"""Lines that cards of plants and firms share: how much, owners, buyers, suppliers, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monazite.findings.cards.card_view import CardView
from monazite.findings.cards.phrases import amount, best, day_words, fact, lasts, line, plain_name
from monazite.findings.ownership.parents import OwnershipLink, find_parents
from monazite.findings.policies.on_sites import acts_on_sites
from monazite.findings.policies.policies import PolicyLine, lines_of
from monazite.rows.dates import date_bounds
from monazite.rows.filters import SURELY
from monazite.triples.cards import RowCard, SourceLine, read_sources
from monazite.triples.names import Entity
from monazite.triples.short_card import CardFact, CardLine

_OUTPUT, _NAMEPLATE = "Actual output", "Nameplate"
_COMING = ("Planned", "Target")
_ENDED = "Ended"


def how_much(cards: Iterable[RowCard], day: str) -> CardLine:
    """Tell the newest output, what the plant is built for, and what is planned after the day."""
    rows = [card for card in cards if card.cells.get("value") or card.cells.get("value_high")]
    facts = [*_newest(rows, _OUTPUT, ""), *_newest(rows, _NAMEPLATE, "Built for ")]
    made = bool(facts)
    for kind in _COMING:
        coming = [card for card in rows if card.cells.get("kind") == kind]
        facts += [
            fact(f"{kind}: {amount(card)}{_for(card)}", card)
            for card in coming
            if not card.time or date_bounds(card.time)[1] >= day
        ][-2:]
    if facts and not made:
        facts.append(CardFact("We found no output."))
    return line("How much", facts)


def _newest(rows: list[RowCard], kind: str, words: str) -> Iterator[CardFact]:
    """The newest year of a kind, all materials together; a quarter where no year is told."""
    own = [card for card in rows if card.cells.get("kind") == kind and card.time]
    yearly = [card for card in own if "year" in card.cells.get("unit", "")] or own
    if yearly:
        last = yearly[-1].time
        told = [card for card in yearly if card.time == last]
        said = ", ".join(dict.fromkeys(amount(card).replace(" t/yr", " t") for card in told))
        yield fact(f"{day_words(last)}: {words}{said}", *told)


def _for(card: RowCard) -> str:
    return f", {day_words(card.time)}" if card.time else ""


def owners(entity: Entity, view: CardView) -> CardLine:
    """Tell who stands above a plant or firm on the day, and who else holds a part."""
    found = find_parents(view.store, entity.place.partition("/")[2], view.day)
    sources = read_sources(view.store, found.rows)
    links = list(dict.fromkeys(link for chain in found.chains for link in chain.links))
    facts = [_holding(link, entity, sources) for link in links]
    if found.tops:
        tops = tuple((label, f"organisation/{firm}") for firm, label in found.tops)
        text = f"no majority holder of {' or '.join(label for label, _ in tops)} found"
        facts.append(CardFact(text, named=tops))
    facts += [_holding(link, entity, sources) for link in found.others]
    if not facts:
        runs = dict.fromkeys(each.label for each in found.operators)
        said = {each for by in found.operators for each in sources.get(by.row, ())}
        firms = tuple((each.label, f"organisation/{each.id}") for each in found.operators)
        facts = [CardFact(f"run by {', '.join(runs)}", best(said), firms)] if runs else []
        facts.append(CardFact("We found no owner."))
    return line("Owner", facts, f"monazite parents {entity.id}")


def _holding(
    link: OwnershipLink, entity: Entity, sources: Mapping[str, tuple[SourceLine, ...]]
) -> CardFact:
    shares = " or ".join(f"{percent:g} %" for percent in link.percents)
    of = "" if link.owned == entity.id else f" of {link.owned_label}"
    if shares:
        text = f"{link.owner_label} {shares}{of}"
    elif link.control:
        text = f"{link.owner_label} controls {link.owned_label}, share not found"
    else:
        text = f"{link.owner_label} holds a part{of}, share not found"
    perhaps = "" if link.certainty == SURELY else "perhaps "
    said = {each for row in link.rows for each in sources.get(row, ())}
    held = (entity.place if link.owned == entity.id else f"organisation/{link.owned}",)
    things = ((link.owner_label, f"organisation/{link.owner}"), (link.owned_label, *held))
    return CardFact(f"{perhaps}{text}", best(said), tuple(x for x in things if x[0] in text))


def trade_lines(entity: Entity, cards: Iterable[RowCard], day: str) -> list[CardLine]:
    """Tell who buys from a plant or firm, and who sells to it; what has ended says so."""
    rows = list(cards)
    sold = [card for card in rows if card.cells.get("supplier") == entity.label]
    bought = [card for card in rows if card.cells.get("customer") == entity.label]
    return [
        line("Buyers", [_link(card, "customer", day) for card in _standing_first(sold, day)]),
        line("Suppliers", [_link(card, "supplier", day) for card in _standing_first(bought, day)]),
    ]


def _standing_first(cards: list[RowCard], day: str) -> list[RowCard]:
    return sorted(cards, key=lambda card: _is_over(card, day))


def _is_over(card: RowCard, day: str) -> bool:
    return card.cells.get("kind") == _ENDED or (not lasts(card, day) and not card.to_come)


def _link(card: RowCard, who: str, day: str) -> CardFact:
    cells = card.cells
    text = f"{cells.get(who, 'not named')}, {plain_name(cells.get('material', ''))}".rstrip(", ")
    begin, end = cells.get("valid_from", ""), cells.get("valid_until", "")
    kind = cells.get("kind", "").casefold()
    if _is_over(card, day):
        text += f", until {day_words(end)}" if end else ", ended"
    elif card.to_come:
        text += f", from {day_words(begin)}"
    elif kind == "planned":
        text += ", planned"
    return fact(text, card)


def rules(entity: Entity, above: Mapping[str, str], view: CardView) -> CardLine:
    """Tell which acts that stand are aimed at a plant or firm, or at who owns or runs it."""
    facts: list[tuple[str, CardFact]] = []
    told: set[str] = set()
    for place, words in {entity.place: "", **above}.items():
        acts = acts_on_sites(view.store, [place], ()) - told
        told |= acts
        for act in lines_of(view.store, view.tables, view.day, acts):
            if act.status.stands:
                on = f"On {words}: " if words else ""
                since = f" since {day_words(act.status.since)}" if act.status.since else ""
                text = f"{on}{act.title}, {act.status.short}{since}"
                facts.append((act.status.since or act.last, act_fact(act, text)))
    newest = sorted(facts, key=lambda pair: pair[0], reverse=True)
    return line("Rules", [each for _, each in newest], f"monazite show {entity.id} --full")


def act_fact(act: PolicyLine, text: str) -> CardFact:
    """Return a phrase on an act, which it names by its title."""
    return CardFact(text, best(act.sources), ((act.title, f"policy/{act.policy}"),))
