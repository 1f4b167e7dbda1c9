"""The cards of elements, groups of them, and materials."""

from __future__ import annotations

from monazite.errors import MonaziteError
from monazite.findings.cards.card_view import CardView
from monazite.findings.cards.phrases import (
    amount,
    best,
    day_words,
    fact,
    line,
    of_table,
    plain_name,
)
from monazite.findings.cards.shared_lines import act_fact
from monazite.findings.policies.policies import find_policies
from monazite.findings.shares.by_year import ConcentrationYear
from monazite.findings.wording import STAGES, capital
from monazite.safe_text import percent
from monazite.triples.cards import RowCard, read_sources
from monazite.triples.entity_card import EntityCard
from monazite.triples.short_card import CardFact, CardLine, ShortCard

_NO_STAGE = "Any stage"
"""The stage of a material that is no product of one."""


def element_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of an element: what it is for, who leads each stage, acts that cover it."""
    entity = found.entity
    own = next((card for card in found.cards if card.identity), None)
    cells = {} if own is None else own.cells
    kind = cells.get("class", "Group of elements")
    name = entity.label if entity.label == entity.id else f"{entity.label} ({entity.id})"
    acts = find_policies(view.store, view.tables, view.day, entity.place.partition("/")[2])
    uses = cells.get("key_uses", "")
    lines = [
        line("Used for", [fact(uses, own)] if own and uses else []),
        line("Consists", [fact(cells["members"], own)] if own and cells.get("members") else []),
        _leaders(entity.id, view),
        line(
            "Rules",
            [
                act_fact(each, f"{each.title}, {each.status.short}")
                for each in acts
                if each.status.stands
            ],
            f"monazite policies -e {entity.id}",
        ),
    ]
    return ShortCard(f"{capital(name)}. {kind}, {day_words(view.day)}", tuple(lines))


def _leaders(element: str, view: CardView) -> CardLine:
    """Who leads each stage in the newest year, by the figure that leads a report."""
    try:
        lines = view.leaders(element)
    except MonaziteError:  # no row splits a stage
        return line("Leads", [CardFact("We found no country shares.")])
    first: dict[str, ConcentrationYear] = {}
    for each in lines:
        first.setdefault(each.stage, each)
    known = {
        stage: each
        for stage, each in first.items()
        if each.leader_label and each.share and each.rank == 1  # none of a wider group
    }
    if not known:
        return line("Leads", [CardFact("We found no country shares.")])
    says = read_sources(view.store, {row for each in known.values() for row in each.rows})
    return CardLine(
        "Leads",
        tuple(
            CardFact(
                f"{capital(STAGES.get(stage, stage))}: {each.leader_label} "
                f"{percent(each.share)}, {each.year}",
                best({source for row in each.rows for source in says.get(row, ())}),
                ((each.leader_label, f"country/{each.leader}"),),
            )
            for stage, each in known.items()
        ),
    )


def material_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of a material: elements, plants, price, output, rules."""
    own = next((card for card in found.cards if card.identity), None)
    cells = {} if own is None else own.cells
    made = [
        card
        for card in of_table(found.cards, "facility_materials")
        if card.cells.get("direction") == "Output"
    ]
    prices = [card for card in of_table(found.cards, "prices") if _is_price(card)]
    output = sorted(
        (card for card in of_table(found.cards, "production") if amount(card)), key=_newest_most
    )
    rules = of_table(found.cards, "policy_scope")
    lines = [
        line("Holds", [fact(cells["elements"], own)] if own and cells.get("elements") else []),
        line("Made at", [fact(card.cells["facility"], card) for card in made]),
        line("Price", [fact(_price(card), card) for card in prices[-1:]]),
        line("How much", [fact(_output(card), card) for card in reversed(output[-3:])]),
        line("Rules", [fact(card.cells["policy"], card) for card in rules]),
    ]
    stage = cells.get("stage", "")
    name = capital(plain_name(found.entity.label))
    status = name if stage in {"", _NO_STAGE} else f"{name}. {stage}"
    return ShortCard(f"{status}, {day_words(view.day)}", tuple(lines))


def _price(card: RowCard) -> str:
    basis = card.cells.get("basis", "")
    return ", ".join(part for part in (day_words(card.time), _bare(card), basis) if part)


def _bare(card: RowCard) -> str:
    return amount(card).removesuffix(plain_name(card.cells.get("material", ""))).strip()


def _output(card: RowCard) -> str:
    """A country's output; of a share also the whole, the stage and what it stands for."""
    cells = card.cells
    said = f"{cells.get('year', '')}: {cells.get('country', '')} {_bare(card)}".strip()
    if cells.get("unit") != "percent":
        return said
    whole = cells.get("basis", "").removeprefix("Share ").partition(", ")[0]
    about = [cells.get("stage", "").casefold(), card.figure.removeprefix("upper bound, ")]
    told = "; ".join(part for part in about if part and part != "upper bound")
    return f"{said} {whole}".rstrip() + (f" ({told})" if told else "")


def _newest_most(card: RowCard) -> tuple[str, float]:
    """Where output stands: by its year, and within one by its number."""
    cells = card.cells
    texts = (
        cells.get(f"{kind}{end}") for end in ("", "_high", "_low") for kind in ("value", "percent")
    )
    return cells.get("year", ""), next((float(text) for text in texts if text), 0)


def _is_price(card: RowCard) -> bool:
    """Whether the number is money: a multiple of a price that is not told says nothing."""
    return bool(amount(card)) and card.cells.get("unit") not in {"times", "percent"}
