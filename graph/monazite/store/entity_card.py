"""The card of an entity: its rows by table, events in order, each with its sources."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, replace
from typing import TYPE_CHECKING

from monazite.core.columns import Column, table
from monazite.core.formats import first_rows, grouped, one_or_many, reveal
from monazite.core.results import Result, Value
from monazite.core.spoken_commands import for_view
from monazite.core.tables import Table, markdown_text, wrapped
from monazite.data.dates import date_bounds
from monazite.data.sameness import tier_word
from monazite.store.cards import Names, RowCard, SourceLine, read_cards, rows_about
from monazite.store.names import Entity, find_entity, named_alike
from monazite.store.store import Store

if TYPE_CHECKING:
    from monazite.data.columns import TableShape

WIDTH = 80  # columns of a card where no terminal says otherwise
_MARGIN = 10
_OURS = "Monazite"  # the publisher of lists that we made, which stand at no address


class CardFact(Value):
    """A phrase of a card."""

    _json = "text sources=sources.id"

    text: str  #: the phrase
    sources: tuple[SourceLine, ...] = ()  #: who says it, the best source first
    named: Names = ()  #: the things that it names


class CardLine(Value):
    """A line of a card."""

    heading: str  #: what the line is about, such as makes or owner
    facts: tuple[CardFact, ...]  #: what is told, each a phrase


class ShortCard(Value):
    """The short card of an entity."""

    _json = "status lines"

    status: str  #: name, place and state on the day
    #: what it makes, how much, owner, buyers, rules, what is disputed, in this order
    lines: tuple[CardLine, ...]
    named: Names = ()  #: the things that the status names

    @property
    def sources(self) -> tuple[SourceLine, ...]:
        """The sources that are printed, in the order of their numbers."""
        told = (fact.sources[0] for line in self.lines for fact in line.facts if fact.sources)
        return tuple(dict.fromkeys(told))

    def to_bytes(self) -> bytes:
        """Return the card for :func:`read_short`, in another process."""
        return json.dumps(astuple(self)).encode()


def read_short(content: bytes) -> ShortCard:
    """Read back what :meth:`ShortCard.to_bytes` wrote."""
    status, lines, named = json.loads(content)

    def names(pairs: list[list[str]]) -> Names:
        return tuple((shown, place) for shown, place in pairs)

    def fact(text: str, sources: list[list[str]], things: list[list[str]]) -> CardFact:
        return CardFact(text, tuple(SourceLine(*each) for each in sources), names(things))

    told = (CardLine(heading, tuple(fact(*each) for each in facts)) for heading, facts in lines)
    return ShortCard(status, tuple(told), names(named))


def write_short(card: ShortCard, fmt: str, *, width: int | None = None, view: str = "") -> str:
    """Return a short card as ``table`` or ``markdown`` text."""
    numbers = {source: place for place, source in enumerate(card.sources, 1)}
    told = [
        (
            line.heading,
            [f"{x.text} [{numbers[x.sources[0]]}]" if x.sources else x.text for x in line.facts],
        )
        for line in card.lines
        if line.facts
    ]
    if numbers:
        told.append(("Sources", [f"[{n}] {source_words(each)}" for each, n in numbers.items()]))
    if fmt == "markdown":
        lines = [f"# {markdown_text(reveal(card.status))}", ""]
        lines += [
            f"- **{name}**: {markdown_text(reveal('; '.join(facts)))}" for name, facts in told
        ]
        lines += ["", markdown_text(reveal(view))] if view else []
        return "\n".join(lines) + "\n"
    wide = width or WIDTH
    lines = wrapped(reveal(card.status), wide, whole=True)
    margin = max(_MARGIN, *(len(name) + 1 for name, _ in told), 0)
    for name, facts in told:
        begins = name
        for fact in facts:
            for text in wrapped(reveal(fact), max(wide - margin, _MARGIN), whole=True):
                lines.append(f"{begins:<{margin}}{text}")
                begins = ""
    lines += ["", *wrapped(reveal(view), wide, "  ")] if view else []
    return "\n".join(lines) + "\n"


def source_words(source: SourceLine) -> str:
    """Return a source in a few words: publisher, year, what its tier is called, where it is."""
    when = source.published[:4] or "undated"
    if source.publisher == _OURS and not source.url:
        return f"{_OURS} {when}, our own compilation"
    tier = tier_word(source.tier)
    return f"{source.publisher} {when}, {tier}, {source.url}".rstrip(", ")


LIMIT = 20  # rows of one table that a card prints where no limit is named


class EntityCard(Result):
    """What the rows say of an entity."""

    _json = (
        "id=entity.id iri=entity.iri label=entity.label opening? card=short others(kind,id,label) "
        "rows=cards"
    )

    entity: Entity  #: a plant, firm, country, element, policy or whatever else has an IRI
    #: the rows that describe or name it, with their sources: what says that it exists first, then
    #: by table, and inside a table by time
    cards: tuple[RowCard, ...]
    #: what is said of it before its rows, such as the status of an act; empty for none
    opening: str = ""
    #: what else has the name that was asked for, or of plants, firms and deposits one that begins
    #: so: the deposit of a mine, the plants of a firm
    others: tuple[Entity, ...] = ()
    #: what a reader sees first of it; None where it was not made. All rows are behind it
    short: ShortCard | None = None
    limit: int = LIMIT  #: rows that a table of its text may show; one that has more says how many

    records_key = "rows"

    def __len__(self) -> int:
        return len(self.cards)

    def __iter__(self) -> Iterator[RowCard]:
        return iter(self.cards)

    def tables(self) -> list[Table]:
        """Return all rows as one table, each with its sources."""
        columns = (
            Column("table", "table"),
            Column("when", "time"),
            Column("what", lambda card: row_words(self.entity, card)),
            Column("sources", lambda card: "; ".join(map(str, card.sources))),
            Column("row", "row"),
        )
        return [table("", self.cards, columns)]

    def to_text(self, fmt: str = "table", *, width: int | None = None, full: bool = False) -> str:
        """Return the card as text, which its sources end: the short one, or all rows.

        Args:
            fmt: table or markdown.
            width: columns of the terminal, of the short card; the lines of rows are never cut.
            full: all rows, by table.
        """
        view = "" if self.view is None else self.view.text
        if full or self.short is None:
            return write_card(self, fmt, limit=self.limit, view=view)
        return write_short(self.short, fmt, width=width, view=view)

    def leading(self, options: str) -> EntityCard:
        """Return the card with the options of a view in the commands that its lines lead to."""
        if self.short is None or not options:
            return self

        def led(fact: CardFact) -> CardFact:
            return fact if fact.sources else replace(fact, text=for_view(fact.text, options))

        lines = [replace(x, facts=tuple(map(led, x.facts))) for x in self.short.lines]
        return replace(self, short=replace(self.short, lines=tuple(lines)))

    def headline(self) -> str:
        """Return the id of the entity, and how many rows speak of it."""
        return f"{self.entity.id}: {len(self)} {one_or_many(len(self), 'row', 'rows')}"


def find_card(
    store: Store, tables: Mapping[str, TableShape], name: str, day: str = ""
) -> EntityCard:
    """Find what the rows say of an entity; what lasts and begins after the day is marked."""
    entity = find_entity(store, name)
    cards = []
    for group in _groups(read_cards(store, tables, rows_about(store, entity)).values()).values():
        shape = tables[group[0].table]
        column = shape.time_columns[0] if shape.time == "interval" else ""
        for card in group:
            first = card.cells.get(column, "")
            later = bool(day and first and date_bounds(first)[0] > day)
            cards.append(replace(card, to_come=later))
    return EntityCard(entity, tuple(cards), others=named_alike(store, name, entity))


def write_card(found: EntityCard, fmt: str, *, limit: int, view: str = "") -> str:
    """Return a card as ``table`` or ``markdown`` text."""
    entity, marked = found.entity, fmt == "markdown"
    numbers: dict[SourceLine, int] = {}
    heading = f"{entity.label} ({entity.id})"
    lines = [f"# {markdown_text(heading)}" if marked else heading]
    others = [f"{other.place} ({other.label})" for other in found.others]
    also = f"See also: {first_rows(others, LIMIT)}." if others else ""
    for said in filter(None, (found.opening, also)):
        lines += ["", markdown_text(said)] if marked else [said]
    for name, group in _groups(found.cards).items():
        title = name.replace("_", " ")
        lines += ["", f"## {title}\n" if marked else title]
        for card in group[:limit]:
            numbered = (numbers.setdefault(x, len(numbers) + 1) for x in card.sources)
            refs, what = "".join(f"[{number}]" for number in numbered), row_words(entity, card)
            if marked:
                when = f"**{card.time}** " if card.time else ""
                lines.append(f"- {when}{markdown_text(what)} {refs}")
            else:
                lines.append(f"  {card.time:<24}{what} {refs}" if card.time else f"  {what} {refs}")
        if len(group) > limit:
            more = grouped(len(group) - limit)
            lines.append(f"  ... {more} more; raise --limit, or --format json")
    lines += ["", "## sources\n" if marked else "sources"]
    for source, number in numbers.items():
        told = f"{source} {source.addresses}".rstrip()
        lines.append(f"{number}. {markdown_text(told)}" if marked else f"  [{number}] {told}")
    lines += ["", markdown_text(view) if marked else view] if view else []
    return "\n".join(lines) + "\n"


def _groups(cards: Iterable[RowCard]) -> dict[str, list[RowCard]]:
    """Rows by table, identity first; inside a table by time, then key."""
    found: dict[str, list[RowCard]] = defaultdict(list)
    for card in cards:
        found[card.table].append(card)
    for group in found.values():
        group.sort(key=lambda card: (card.time or "9999", card.row))
    return dict(sorted(found.items(), key=lambda pair: (not pair[1][0].identity, pair[0])))


def row_words(entity: Entity, card: RowCard) -> str:
    """Return the row's text without what the card's heading and its date say already."""
    parts = card.text.split("; ")
    if not card.identity:
        parts = [part for part in parts if part != card.time]
        if card.directed:
            parts = ["this" if part == entity.label else part for part in parts]
            parts = [" to ".join(parts[:2]), *parts[2:]]
        else:
            parts = [part for part in parts if part != entity.label]
    text = "; ".join(parts)
    text = f"{text} ({card.note})" if card.note else text
    text = f"to come: {text}" if card.to_come else text
    return f"perhaps: {text}" if card.perhaps else text
