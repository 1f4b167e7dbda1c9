"""The card of an entity: its rows by table, events in order, each with its sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from monazite.pages.report import Table, write_tables
from monazite.triples.answers import csv_lines
from monazite.triples.cards import RowCard
from monazite.triples.names import Entity

_COLUMNS = ("when", "what", "says who", "row")


def card_dict(entity: Entity, cards: Mapping[str, RowCard]) -> dict[str, object]:
    """Return the card as plain values, rows in the order of the card."""
    return {
        "id": entity.id,
        "iri": entity.iri,
        "label": entity.label,
        "rows": [
            {
                "row": card.row,
                "table": card.table,
                "time": card.time,
                "text": card.text,
                "note": card.note,
                "sources": [
                    {"id": source.id, "text": str(source), "url": source.url}
                    for source in card.sources
                ],
            }
            for group in _groups(cards).values()
            for card in group
        ],
    }


def write_card(
    entity: Entity, cards: Mapping[str, RowCard], fmt: str, *, limit: int, width: int | None
) -> str:
    """Return the card as ``table``, ``markdown`` or ``csv``; long tables are cut and say so."""
    groups = _groups(cards)
    if fmt == "csv":
        rows = [[card.table, *_row(card)] for group in groups.values() for card in group]
        return "".join(csv_lines(("table", *_COLUMNS), rows))
    tables = [Table(f"{entity.label} ({entity.id})", (), ())]
    for name, group in groups.items():
        shown = [_row(card) for card in group[:limit]]
        left = len(group) - len(shown)
        more = (f"... and {left:,} more: raise --limit, or take --format json",) if left else ()
        tables.append(Table(name.replace("_", " "), _COLUMNS, shown, more))
    text = write_tables(tables[1:], fmt, width=width)
    heading = f"{entity.label} ({entity.id})"
    return f"# {heading}\n\n{text}" if fmt == "markdown" else f"{heading}\n\n{text}"


def _groups(cards: Mapping[str, RowCard]) -> dict[str, list[RowCard]]:
    """Rows by table, identity first; inside a table by time, then key."""
    found: dict[str, list[RowCard]] = defaultdict(list)
    for card in cards.values():
        found[card.table].append(card)
    for group in found.values():
        group.sort(key=lambda card: (card.time or "9999", card.row))
    return dict(sorted(found.items(), key=lambda pair: (not _is_identity(pair[1]), pair[0])))


def _is_identity(group: list[RowCard]) -> bool:
    return len(group) == 1 and "id" not in group[0].cells and not group[0].time


def _row(card: RowCard) -> list[str]:
    who = "; ".join(str(source) for source in card.sources)
    text = f"{card.text} ({card.note})" if card.note else card.text
    return [card.time, text, who, card.row]
