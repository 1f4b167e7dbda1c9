"""The card of an entity: its rows by table, events in order, each with its sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from monazite.tables import csv_lines, markdown_text
from monazite.triples.cards import RowCard, SourceLine
from monazite.triples.names import Entity


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
                "perhaps": card.perhaps,
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
    entity: Entity, cards: Mapping[str, RowCard], fmt: str, *, limit: int, view: str = ""
) -> str:
    """Return the card as ``table``, ``markdown`` or ``csv``.

    Rows carry the numbers of their sources, which are listed at the end; a table of more than
    ``limit`` rows is cut and says so. ``view`` is the line that records the view, at the end.
    """
    groups = _groups(cards)
    if fmt == "csv":
        columns = ("table", "when", "what", "sources", "row")
        rows = [
            [
                card.table,
                card.time,
                _what(entity, card),
                "; ".join(map(str, card.sources)),
                card.row,
            ]
            for group in groups.values()
            for card in group
        ]
        return "".join(csv_lines(columns, rows))
    marked = fmt == "markdown"
    numbers: dict[SourceLine, int] = {}
    heading = f"{entity.label} ({entity.id})"
    lines = [f"# {markdown_text(heading)}" if marked else heading]
    for name, group in groups.items():
        title = name.replace("_", " ")
        lines += ["", f"## {title}\n" if marked else title]
        lines += [_line(entity, card, numbers, marked=marked) for card in group[:limit]]
        if len(group) > limit:
            lines.append(f"  ... {len(group) - limit:,} more; raise --limit, or --format json")
    lines += ["", "## sources\n" if marked else "sources"]
    lines += [
        f"{number}. {markdown_text(str(source))}" if marked else f"  [{number}] {source}"
        for source, number in numbers.items()
    ]
    lines += ["", markdown_text(view) if marked else view] if view else []
    return "\n".join(lines) + "\n"


def _groups(cards: Mapping[str, RowCard]) -> dict[str, list[RowCard]]:
    """Rows by table, identity first; inside a table by time, then key."""
    found: dict[str, list[RowCard]] = defaultdict(list)
    for card in cards.values():
        found[card.table].append(card)
    for group in found.values():
        group.sort(key=lambda card: (card.time or "9999", card.row))
    return dict(sorted(found.items(), key=lambda pair: (not pair[1][0].identity, pair[0])))


def _line(entity: Entity, card: RowCard, numbers: dict[SourceLine, int], *, marked: bool) -> str:
    refs = "".join(f"[{numbers.setdefault(source, len(numbers) + 1)}]" for source in card.sources)
    what = _what(entity, card)
    if marked:
        when = f"**{card.time}** " if card.time else ""
        return f"- {when}{markdown_text(what)} {refs}"
    return f"  {card.time:<24}{what} {refs}" if card.time else f"  {what} {refs}"


def _what(entity: Entity, card: RowCard) -> str:
    """The row's text without what the card's heading and its date say already."""
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
    return f"perhaps: {text}" if card.perhaps else text
