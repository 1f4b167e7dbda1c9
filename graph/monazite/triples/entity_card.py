"""The card of an entity: its rows by table, events in order, each with its sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monazite.result import Result
from monazite.rows.dates import date_bounds
from monazite.safe_text import one_or_many
from monazite.tables import Table, markdown_text, write_tables
from monazite.triples.cards import RowCard, SourceLine, read_cards, rows_about
from monazite.triples.names import Entity, find_entity, named_alike
from monazite.triples.short_card import ShortCard, write_short
from monazite.triples.store import Store

if TYPE_CHECKING:
    from monazite.rows.columns import TableShape

LIMIT = 20
"""Rows of one table that a card prints where no limit is named."""


@dataclass(frozen=True)
class EntityCard(Result):
    """What the rows say of an entity.

    Attributes:
        entity: a plant, firm, country, element, policy or whatever else has an IRI.
        cards: the rows that describe or name it, with their sources: what says that it exists
            first, then by table, and inside a table by time.
        opening: what is said of it before its rows, such as the status of an act; empty for none.
        others: what else has the name that was asked for, or of plants, firms and deposits one that
            begins so: the deposit of a mine, the plants of a firm.
        short: what a reader sees first of it; all rows are behind it.
    """

    entity: Entity
    cards: tuple[RowCard, ...]
    opening: str = ""
    others: tuple[Entity, ...] = ()
    short: ShortCard | None = None

    records_key = "rows"

    def __len__(self) -> int:
        return len(self.cards)

    def __iter__(self) -> Iterator[RowCard]:
        return iter(self.cards)

    def content(self) -> dict[str, object]:
        """Return the card as JSON has it, all rows in its order."""
        return {
            "id": self.entity.id,
            "iri": self.entity.iri,
            "label": self.entity.label,
            "opening": self.opening or None,
            "card": None if self.short is None else self.short.content(),
            "others": [
                {"kind": other.kind, "id": other.id, "label": other.label} for other in self.others
            ],
            "rows": [_row_dict(card) for card in self.cards],
        }

    def tables(self) -> list[Table]:
        """Return all rows as one table, each with its sources."""
        rows = [
            [
                card.table,
                card.time,
                row_words(self.entity, card),
                "; ".join(map(str, card.sources)),
                card.row,
            ]
            for card in self.cards
        ]
        return [Table("", ("table", "when", "what", "sources", "row"), rows)]

    def to_text(
        self,
        fmt: str = "table",
        *,
        width: int | None = None,
        tables: Sequence[Table] | None = None,
        limit: int = LIMIT,
        full: bool = False,
    ) -> str:
        """Return the card as text, which its sources end: the short one, or all rows.

        Args:
            fmt: table or markdown.
            width: columns of the terminal, of the short card; the lines of rows are never cut.
            tables: tables to write in place of the card.
            limit: of all rows, those a table may show; one that has more says how many.
            full: all rows, by table.
        """
        view = "" if self.view is None else self.view.text
        if tables is not None:
            return write_tables(tables, fmt, width=width, view=view)
        if full or self.short is None:
            return write_card(self, fmt, limit=limit, view=view)
        return write_short(self.short, fmt, width=width, view=view)

    def headline(self) -> str:
        """Return the id of the entity, and how many rows speak of it."""
        return f"{self.entity.id}: {len(self)} {one_or_many(len(self), 'row', 'rows')}"


def find_card(
    store: Store, tables: Mapping[str, TableShape], name: str, day: str = ""
) -> EntityCard:
    """Find what the rows say of an entity.

    >>> from monazite.rows.columns import TableShapes
    >>> from monazite.shipped import ontology_folder
    >>> from monazite.triples.opening import open_store
    >>> found = find_card(open_store(), TableShapes(ontology_folder()), "Mountain Pass")
    >>> found.entity.id, found.cards[0].table
    ('mountain-pass', 'facilities')
    """
    entity = find_entity(store, name)
    groups = _groups(read_cards(store, tables, rows_about(store, entity)).values())
    cards = tuple(_on(day, card, tables) for group in groups.values() for card in group)
    return EntityCard(entity, cards, others=named_alike(store, name, entity))


def _on(day: str, card: RowCard, tables: Mapping[str, TableShape]) -> RowCard:
    """Mark what lasts and begins only after a day."""
    shape = tables[card.table]
    first = card.cells.get(shape.time_columns[0], "") if shape.time == "interval" else ""
    return replace(card, to_come=bool(day and first and date_bounds(first)[0] > day))


def _row_dict(card: RowCard) -> dict[str, object]:
    return {
        "row": card.row,
        "table": card.table,
        "time": card.time,
        "text": card.text,
        "note": card.note,
        "perhaps": card.perhaps,
        "to_come": card.to_come,
        "sources": [
            {
                "id": source.id,
                "text": str(source),
                "url": source.url,
                "original": source.original,
            }
            for source in card.sources
        ],
    }


def write_card(found: EntityCard, fmt: str, *, limit: int, view: str = "") -> str:
    """Return a card as ``table`` or ``markdown`` text."""
    entity, groups = found.entity, _groups(found.cards)
    marked = fmt == "markdown"
    numbers: dict[SourceLine, int] = {}
    heading = f"{entity.label} ({entity.id})"
    lines = [f"# {markdown_text(heading)}" if marked else heading]
    if found.opening:
        lines += ["", markdown_text(found.opening)] if marked else [found.opening]
    if found.others:
        said = f"See also: {_places(found.others)}."
        lines += ["", markdown_text(said)] if marked else [said]
    for name, group in groups.items():
        title = name.replace("_", " ")
        lines += ["", f"## {title}\n" if marked else title]
        lines += [_line(entity, card, numbers, marked=marked) for card in group[:limit]]
        if len(group) > limit:
            lines.append(f"  ... {len(group) - limit:,} more; raise --limit, or --format json")
    lines += ["", "## sources\n" if marked else "sources"]
    lines += [
        f"{number}. {markdown_text(_with_address(source))}"
        if marked
        else f"  [{number}] {_with_address(source)}"
        for source, number in numbers.items()
    ]
    lines += ["", markdown_text(view) if marked else view] if view else []
    return "\n".join(lines) + "\n"


def _with_address(source: SourceLine) -> str:
    return f"{source} {source.addresses}".rstrip()


def _places(others: Sequence[Entity]) -> str:
    listed = ", ".join(f"{other.place} ({other.label})" for other in others[:LIMIT])
    return f"{listed} and {len(others) - LIMIT} more" if len(others) > LIMIT else listed


def _groups(cards: Iterable[RowCard]) -> dict[str, list[RowCard]]:
    """Rows by table, identity first; inside a table by time, then key."""
    found: dict[str, list[RowCard]] = defaultdict(list)
    for card in cards:
        found[card.table].append(card)
    for group in found.values():
        group.sort(key=lambda card: (card.time or "9999", card.row))
    return dict(sorted(found.items(), key=lambda pair: (not pair[1][0].identity, pair[0])))


def _line(entity: Entity, card: RowCard, numbers: dict[SourceLine, int], *, marked: bool) -> str:
    refs = "".join(f"[{numbers.setdefault(source, len(numbers) + 1)}]" for source in card.sources)
    what = row_words(entity, card)
    if marked:
        when = f"**{card.time}** " if card.time else ""
        return f"- {when}{markdown_text(what)} {refs}"
    return f"  {card.time:<24}{what} {refs}" if card.time else f"  {what} {refs}"


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
