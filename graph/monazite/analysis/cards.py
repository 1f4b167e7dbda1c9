"""The short card of an entity, by what it is: nothing is worked out here that another room has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.conflicts.conflicts import Conflict
from monazite.analysis.policies.acts import read_acts
from monazite.analysis.policies.policies import (
    Policies,
    PolicyLine,
    acts_on_sites,
    find_policies,
    lines_of,
)
from monazite.core.errors import MonaziteError
from monazite.core.formats import NOT_KNOWN, exact, grouped_figures, percent, whole
from monazite.core.results import Struct
from monazite.data.columns import TableShape
from monazite.data.dates import date_bounds, day_words
from monazite.data.filters import SURELY
from monazite.model.facilities.status import CLOSED, OPERATING, PARTLY, SUSPENDED, read_lives
from monazite.model.ownership import OwnershipLink, find_parents
from monazite.model.wording import STAGES, capital
from monazite.store.cards import Names, RowCard, SourceLine, read_sources
from monazite.store.entity_card import CardFact, CardLine, EntityCard, ShortCard
from monazite.store.names import Entity
from monazite.store.store import Store


class CardView(Struct):
    """What a card is made from: facts on which rows differ, who leads each stage of an element."""

    store: Store
    tables: Mapping[str, TableShape]
    day: str
    conflicts: Callable[[], Sequence[Conflict]]
    leaders: Callable[[str], Sequence[ConcentrationYear]]


MOST = 4  # facts that a line tells before it counts the rest
_REMARK = re.compile(r",? (form not stated|mineral not stated or mixed|together)|\s*\([^)]*\)")
_FORM = re.compile(r",? form not stated")
"""A remark on a material that is not the point where it is told what holds, covers or uses it."""
_UNITS = {"tonnes per ": "t/", "tonnes": "t", "tonne": "t", "t/year": "t/yr", "percent": "%"}
_WHOLE = 100  # from here on a number is told without a fraction


def plain_name(name: str) -> str:
    """Return the name of a material without what is remarked of it."""
    return _REMARK.sub("", name).replace("neodymium-praseodymium", "NdPr").strip()


def amount(card: RowCard) -> str:
    """Return the number of a row with its unit and what it is of; nothing where it has none."""
    cells = card.cells
    value, low, high = (
        cells.get(f"value{end}") or cells.get(f"percent{end}", "") for end in ("", "_low", "_high")
    )
    if not (value or low or high):
        return ""
    unit = cells.get("unit", "")
    for long, short in _UNITS.items():
        unit = unit.replace(long, short)
    if value:
        number = _number(value)
    elif low and high:
        number = f"{_number(low)} to {_number(high)}"
    else:
        number = f"up to {_number(high)}" if high else f"at least {_number(low)}"
    basis = " REO" if cells.get("basis") == "Rare-earth oxide content" else ""
    return f"{number} {unit}{basis} {plain_name(cells.get('material', ''))}".strip()


def _number(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    return whole(value) if value >= _WHOLE or value.is_integer() else grouped_figures(value, 3)


def best(sources: Iterable[SourceLine]) -> tuple[SourceLine, ...]:
    """Return sources, the best first; of equal ones that with an address, the newest, by id."""
    by_id = sorted(sources, key=lambda each: each.id)
    newest = sorted(by_id, key=lambda each: each.published, reverse=True)
    return tuple(sorted(newest, key=lambda each: (each.tier, not each.url)))


def fact(text: str, *cards: RowCard) -> CardFact:
    """Return a phrase with the sources of its rows; it says so where all only perhaps hold."""
    if cards and all(card.perhaps for card in cards):
        text = f"perhaps {text}"
    said = best({source for card in cards for source in card.sources})
    return CardFact(text, said, named_in(text, *cards))


def named_in(text: str, *cards: RowCard) -> Names:
    """Return the things that some rows name and a phrase shows."""
    return tuple(dict.fromkeys(x for card in cards for x in card.named if x[0] in text))


def line(heading: str, facts: Sequence[CardFact], more: str = "") -> CardLine:
    """Return a line of the first facts; of the rest it says how many there are."""
    plain = [replace(each, text=_FORM.sub("", each.text)) for each in facts]
    told = list({each.text: each for each in reversed(plain)}.values())[::-1]
    rest = len(told) - MOST
    if rest > 0:
        told = [*told[:MOST], CardFact(f"{rest} more: {more}" if more else f"{rest} more")]
    return CardLine(heading, tuple(told))


def of_table(cards: Iterable[RowCard], *tables: str) -> list[RowCard]:
    """Return the rows of some tables, in the order of time."""
    return sorted((card for card in cards if card.table in tables), key=_when)


def _when(card: RowCard) -> tuple[str, str]:
    begin = card.time.partition(" to ")[0]
    try:
        return (date_bounds(begin)[0] if begin else "9999", card.row)
    except ValueError:
        return ("9999", card.row)


def lasts(card: RowCard, day: str, first: str = "valid_from", last: str = "valid_until") -> bool:
    """Tell whether what a row says may hold on a day, by its own dates."""
    begin, end = card.cells.get(first, ""), card.cells.get(last, "")
    return not (begin and date_bounds(begin)[0] > day) and not (end and date_bounds(end)[1] < day)


def act_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of an act: whether it is in force and why, what it covers, its steps."""
    (act,) = lines_of(view.store, view.tables, view.day, [found.entity.id])
    says = best(act.sources)
    steps, links = (of_table(found.cards, x) for x in ("policy_events", "policy_links"))
    told = [card for card in found.cards if card.identity or card.table == "policy_scope"]

    def naming(text: str) -> CardFact:
        return CardFact(text, named=named_in(text, *told))

    lines = [
        line("Status", [CardFact(capital(act.status.text), says)]),
        line("Issued by", [naming(", ".join(act.issuers) or act.country_label)]),
        line("Covers", [naming(act.covers)]),
        line("Aimed at", [naming(act.aimed_at)]),
        CardLine("Steps", tuple(fact(_step(card), card) for card in steps)),
        line("Bears on", [fact(_other(found.entity, card), card) for card in links]),
    ]
    state = capital(act.status.short)
    return ShortCard(f"{act.title}. {state}, {day_words(view.day)}", tuple(lines))


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
    return f"It {relation} {other}" if one == entity.label else f"{one} {relation} it"


def how_much(cards: Iterable[RowCard], day: str) -> CardLine:
    """Tell the newest output, what the plant is built for, and what is planned after the day."""
    rows = [card for card in cards if card.cells.get("value") or card.cells.get("value_high")]
    output = _newest_rows(rows, "Actual output", "")
    facts = [*output, *_newest_rows(rows, "Nameplate", "Built for ")]
    made = bool(facts)
    for kind in ("Planned", "Target"):
        coming = [
            card
            for card in rows
            if card.cells.get("kind") == kind
            and (not card.time or date_bounds(card.time)[1] >= day)
        ]
        for card in coming[-2:]:
            when = f", {day_words(card.time)}" if card.time else ""
            facts.append(fact(f"{kind}: {amount(card)}{when}", card))
    if facts and not made:
        facts.append(CardFact("We found no output."))
    return line("How much", facts)


def _newest_rows(rows: list[RowCard], kind: str, words: str) -> Iterator[CardFact]:
    """The newest year of a kind, all materials together; a quarter where no year is told."""
    own = [card for card in rows if card.cells.get("kind") == kind and card.time]
    yearly = [card for card in own if "year" in card.cells.get("unit", "")] or own
    if yearly:
        last = yearly[-1].time
        told = [card for card in yearly if card.time == last]
        said = ", ".join(dict.fromkeys(amount(card).replace(" t/yr", " t") for card in told))
        yield fact(f"{day_words(last)}: {words}{said}", *told)


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
    shares = " or ".join(f"{exact(percent)} %" for percent in link.percents)
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
    rows = sorted(cards, key=lambda card: _is_over(card, day))
    sold = [card for card in rows if card.cells.get("supplier") == entity.label]
    bought = [card for card in rows if card.cells.get("customer") == entity.label]
    return [
        line("Buyers", [_link(card, "customer", day) for card in sold]),
        line("Suppliers", [_link(card, "supplier", day) for card in bought]),
    ]


def _is_over(card: RowCard, day: str) -> bool:
    return card.cells.get("kind") == "Ended" or (not lasts(card, day) and not card.to_come)


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
                facts.append((act.status.since or act.last, _act(act, on, since)))
    newest = sorted(facts, key=lambda pair: pair[0], reverse=True)
    return line("Rules", [each for _, each in newest], f"monazite show {entity.id} --full")


def _act(act: PolicyLine, before: str = "", after: str = "") -> CardFact:
    """A phrase on an act, which it names by its title."""
    text = f"{before}{act.title}, {act.status.short}{after}"
    return CardFact(text, best(act.sources), ((act.title, f"policy/{act.policy}"),))


def firm_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of a firm: what it runs and holds, owners, buyers, rules, acts issued."""
    entity, cards = found.entity, found.cards
    own, cells = _own(found)
    kind, country = cells.get("kind", ""), cells.get("country", "")
    status = f"{', '.join(part for part in (entity.label, country) if part)}. {kind}".rstrip(". ")
    lands = () if own is None else named_in(country, own)
    is_public = entity.is_a("Ministry") or kind in {"Ministry", "Agency"}
    held = []
    for card in of_table(cards, "ownership"):
        if card.cells.get("owner") == entity.label and lasts(card, view.day):
            part = f" {x} %" if (x := card.cells.get("share_percent", "")) else ""
            held.append(fact(f"{card.cells.get('owned', '')}{part}", card))
    acts = [each.id for each in read_acts(view.store).acts.values() if entity.label in each.issuers]
    issued = [_act(each) for each in lines_of(view.store, view.tables, view.day, acts)]
    more = f"monazite query policies-by-issuer -p ministry={entity.id}"
    lines = [
        *(_past(cards, view.day) or [_runs(cards, view)]),
        how_much(of_table(cards, "organisation_capacity"), view.day),
        *([] if is_public else [owners(entity, view)]),
        line("Holds", held),
        *trade_lines(entity, of_table(cards, "supply_links"), view.day),
        line("Issued", issued, more),
        rules(entity, {}, view),
    ]
    return ShortCard(f"{status}, {day_words(view.day)}", tuple(lines), lands)


def _own(found: EntityCard) -> tuple[RowCard | None, Mapping[str, str]]:
    """The row that says what the entity is, and its cells."""
    own = next((card for card in found.cards if card.identity), None)
    return own, {} if own is None else own.cells


def _runs(cards: tuple[RowCard, ...], view: CardView) -> CardLine:
    """Which plants it runs on the day, what it does there, and in which state they are."""
    lives = read_lives(view.store)
    plants = {label: plant for plant, (label, _) in lives.facilities.items()}
    running: dict[str, list[RowCard]] = {}
    for card in of_table(cards, "operations"):
        if lasts(card, view.day, "from", "until"):
            running.setdefault(card.cells.get("facility", ""), []).append(card)
    facts = []
    for label, own in running.items():
        state = lives.on(plants[label], view.day).state if label in plants else NOT_KNOWN
        known = "state not known" if state == NOT_KNOWN else state
        if label:
            facts.append(fact(f"{label}: {_stages(own)}; {known}", *own))
    return line("Runs", facts)


def _past(cards: tuple[RowCard, ...], day: str) -> list[CardLine]:
    """What a firm ran, of which nothing dated goes on, and when its records end; else nothing."""
    operations = of_table(cards, "operations")
    over = [card for card in operations if not lasts(card, day, "from", "until")]
    ended = [card for card in over if card.cells.get("until")]
    others = [card for card in operations if card not in ended]
    if not ended or any(card.time for card in others):
        return []
    ran: dict[tuple[str, str], list[RowCard]] = {}
    for card in [*sorted(ended, key=lambda card: card.cells["until"], reverse=True), *others]:
        plant = card.cells.get("facility", "plant not told")
        ran.setdefault((plant, card.cells.get("until", "")), []).append(card)
    facts = []
    for (plant, until), own in ran.items():
        end = f"until {day_words(until)}" if until else "we found no dates"
        facts.append(fact(f"{plant}: {_stages(own)}; {end}", *own))
    dates = [date for card in cards if card.time for date in card.time.split(" to ")]
    past = [date for date in dates if date_bounds(date)[1] <= day]
    last = max(past, key=lambda date: date_bounds(date)[1])
    return [
        line("Ran", facts),
        line("Records", [CardFact(f"We found no dated record of it after {day_words(last)}.")]),
    ]


def _stages(rows: list[RowCard]) -> str:
    stages = (card.cells.get("stage", "stage not told").casefold() for card in rows)
    return ", ".join(dict.fromkeys(stages))


def element_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of an element: what it is for, who leads each stage, acts that cover it."""
    entity = found.entity
    own, cells = _own(found)
    kind = cells.get("class", "Group of elements")
    name = entity.label if entity.label == entity.id else f"{entity.label} ({entity.id})"
    acts = find_policies(view.store, view.tables, view.day, entity.place.partition("/")[2])
    uses = cells.get("key_uses", "")
    lines = [
        line("Used for", [fact(uses, own)] if own and uses else []),
        line("Consists", [fact(cells["members"], own)] if own and cells.get("members") else []),
        _leaders(entity.id, view),
        _acts("Rules", acts, f"-e {entity.id}"),
    ]
    return ShortCard(f"{capital(name)}. {kind}, {day_words(view.day)}", tuple(lines))


def _leaders(element: str, view: CardView) -> CardLine:
    """Who leads each stage in the newest year, by the figure that leads a report."""
    first: dict[str, ConcentrationYear] = {}
    with suppress(MonaziteError):  # no row splits a stage
        for each in view.leaders(element):
            first.setdefault(each.stage, each)
    known = {  # none of a wider group
        x: each for x, each in first.items() if each.leader_label and each.share and each.rank == 1
    }
    if not known:
        return line("Leads", [CardFact("We found no country shares.")])
    says = read_sources(view.store, {row for each in known.values() for row in each.rows})
    facts = []
    for stage, each in known.items():
        who, place = each.leader_label, f"country/{each.leader}"
        text = f"{capital(STAGES.get(stage, stage))}: {who} {percent(each.share)}, {each.year}"
        said = {source for row in each.rows for source in says.get(row, ())}
        facts.append(CardFact(text, best(said), ((who, place),)))
    return CardLine("Leads", tuple(facts))


def material_card(found: EntityCard, view: CardView) -> ShortCard:
    """Return the card of a material: elements, plants, price, output, rules."""
    own, cells = _own(found)
    made = [
        card
        for card in of_table(found.cards, "facility_materials")
        if card.cells.get("direction") == "Output"
    ]
    prices = [  # a multiple of a price that is not told says nothing
        card
        for card in of_table(found.cards, "prices")
        if amount(card) and card.cells.get("unit") not in {"times", "percent"}
    ]
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
    status = name if stage in {"", "Any stage"} else f"{name}. {stage}"
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
    total = cells.get("basis", "").removeprefix("Share ").partition(", ")[0]
    about = [cells.get("stage", "").casefold(), card.figure.removeprefix("upper bound, ")]
    told = "; ".join(part for part in about if part and part != "upper bound")
    return f"{said} {total}".rstrip() + (f" ({told})" if told else "")


def _newest_most(card: RowCard) -> tuple[str, float]:
    """Where output stands: by its year, and within one by its number."""
    cells = card.cells
    names = (f"{kind}{end}" for end in ("", "_high", "_low") for kind in ("value", "percent"))
    return cells.get("year", ""), next((float(cells[x]) for x in names if cells.get(x)), 0)


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
    facts = [CardFact(f"{len(running)} of {len(here)} recorded as running; records incomplete")]
    facts += [CardFact(x.label, named=((x.label, f"facility/{x.facility}"),)) for x in running]
    return line("Plants", facts, f"monazite query facilities-in -p country={found.entity.id}")


def _newest(heading: str, cards: tuple[RowCard, ...], table: str, day: str) -> CardLine:
    """The numbers of the last year up to the day; what is to come is a forecast."""
    rows = [
        card
        for card in of_table(cards, table)
        if card.cells.get("value") and card.cells.get("year", "") <= day[:4] and not card.figure
    ]
    last = max((card.cells.get("year", "") for card in rows), default="")
    facts = []
    for card in rows:
        if card.cells.get("year", "") == last:
            stage = card.cells.get("stage", "").casefold()
            said = f"{amount(card)}, {stage}" if stage else amount(card)
            facts.append(fact(f"{last}: {said}".lstrip(": "), card))
    return line(heading, facts)


def _acts(heading: str, found: Policies, option: str) -> CardLine:
    facts = [_act(each) for each in found if each.status.stands]
    return line(heading, facts, f"monazite policies {option}")


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
    made = [card for card in found.cards if card.cells.get("direction") == "Output"]
    names = dict.fromkeys(card.cells.get("text") or card.cells["material"] for card in made)
    lines = [
        line("Makes", [fact(", ".join(names), *made)] if names else []),
        how_much(of_table(found.cards, "capacity"), view.day),
        owners(found.entity, view),
        *trade_lines(found.entity, of_table(found.cards, "supply_links"), view.day),
        rules(found.entity, above, view),
    ]
    change = lives.last_state_change(found.entity.id, view.day)
    state = life.state if life.certainty == SURELY else f"perhaps {life.state}"
    if life.state == NOT_KNOWN:
        state = f"state {NOT_KNOWN}"
    elif life.state in {CLOSED, SUSPENDED} and change is not None:
        state += f" since {day_words(change.printed)}"
    place = ", ".join(filter(None, (life.label, _own(found)[1].get("region"), life.country)))
    status = f"{place}. {capital(state)}, {day_words(life.day)}"
    own = [card for card in found.cards if card.identity]
    return ShortCard(status, tuple(lines), named_in(life.country, *own))


_CARDS: Mapping[str, Callable[[EntityCard, CardView], ShortCard]] = {
    "facility": plant_card,
    "organisation": firm_card,
    "policy": act_card,
    "country": place_card,
    "area": place_card,
    "element": element_card,
    "element-group": element_card,
    "material": material_card,
}
"""Which card a kind of entity has; any other has that of its rows."""
_BEHIND = frozenset({"assumptions", "data_gaps", "statements", "responses"})
"""Tables that only all rows have: they are told with what they bear on."""


def find_short_card(found: EntityCard, view: CardView) -> ShortCard:
    """Find what a reader should know first of an entity."""
    card_of = _CARDS.get(found.entity.kind)
    made = card_of(found, view) if card_of else _other_card(found)
    disputed = []
    for conflict in view.conflicts():
        said = dict.fromkeys(each.text for each in conflict.lines)
        disputed.append(CardFact(f"{_without_name(conflict.fact, found)}: {' or '.join(said)}"))
    others = [(f"{each.place} ({each.label})", each.place) for each in found.others]
    lines = (
        *made.lines,
        line("Disputed", disputed, f"monazite conflicts {found.entity.place}"),
        line(
            "See also",
            [CardFact(text, named=((text, place),)) for text, place in others],
            f"monazite show {found.entity.id} --full",
        ),
    )
    return replace(made, lines=tuple(each for each in lines if each.facts))


def _other_card(found: EntityCard) -> ShortCard:
    """What is said of a thing that has no card of its own: its rows, the newest of each table."""
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
