"""Which sources and rows one view has and an earlier one had not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monazite.findings.changes.comparison import Change, ComparedView
from monazite.safe_text import counted
from monazite.triples.queries import ask

_LISTED, _SHOWN = 10, 5


def source_changes(before: ComparedView, after: ComparedView) -> list[Change]:
    """Sources that one side has and the other has not, and how many rows rest on them."""
    old, new = _rows_by_source(before), _rows_by_source(after)
    fresh = sorted(set(new) - set(old), key=lambda name: (-len(new[name].rows), name))
    found = []
    tables = _by_table(new.values())
    before_tables = _by_table(old.values())
    for table in sorted(tables, key=lambda t: (before_tables.get(t, 0) - tables[t], t)):
        more = tables[table] - before_tables.get(table, 0)
        if more > 0:
            earlier = f"{before_tables.get(table, 0):,} before"
            text = f"{table}: {counted(more, 'record')} became known ({earlier})."
            found.append(Change("sources", "rows", table, text, ()))
    for name in fresh[:_LISTED]:
        source = new[name]
        text = f"{source.title}: {counted(len(source.rows), 'record')} (tier {source.tier})."
        found.append(Change("sources", "source", name, text, source.rows[:_SHOWN]))
    if len(fresh) > _LISTED:
        text = f"{counted(len(fresh) - _LISTED, 'more source')} became known."
        found.append(Change("sources", "source", "more", text, ()))
    return found


@dataclass(frozen=True)
class _NewSource:
    title: str
    tier: str
    rows: tuple[str, ...]


def _rows_by_source(side: ComparedView) -> dict[str, _NewSource]:
    rows: dict[str, list[str]] = defaultdict(list)
    about: dict[str, tuple[str, str]] = {}
    for answer in ask(side.store, "network-evidence"):
        row = answer.row()
        table = side.schema.tables[row.split("/", 1)[0]]
        if table.kind == "record" and not table.in_every_view:
            rows[answer["source"]].append(row)
            about[answer["source"]] = (f"{answer['publisher']}: {answer['title']}", answer["tier"])
    return {
        name.removeprefix("source/"): _NewSource(*about[name], tuple(found))
        for name, found in rows.items()
    }


def _by_table(sources: Iterable[_NewSource]) -> dict[str, int]:
    rows = {row for source in sources for row in source.rows}
    return dict(Counter(row.split("/", 1)[0] for row in rows))
