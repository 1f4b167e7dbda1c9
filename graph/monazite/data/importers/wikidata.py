"""Wikidata: answers of its query service, as JSON or CSV, on things that have a row here.

Columns: ``item``, and any of ``coord``, ``lei``, ``isin``, ``ticker``, ``cik``; ``monazite`` names
our id where the item is not yet known. Traps: points are written longitude first; a question with
several values repeats lines; points of other worlds; items that nobody here knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from monazite.core.formats import counted
from monazite.core.package import ontology_folder
from monazite.data.importers.collected import Collected, rows_of
from monazite.data.importers.source_file import SourceFile, SourceRecord

_POINT = re.compile(
    r"(?:<(?P<globe>[^>]+)> )?Point\((?P<lon>-?[0-9.]+) (?P<lat>-?[0-9.]+)\)", re.IGNORECASE
)
_SCHEMES = {"lei": "lei", "isin": "isin", "ticker": "ticker", "cik": "sec-cik"}


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read answers of the query service."""
    reading = _WikidataReading(taken)
    for source in sources:
        for record in taken.records(source, "item"):
            reading.take(record)
    if reading.unknown:
        names = ", ".join(sorted(reading.unknown)[:5])
        taken.notes.append(
            f"{counted(len(reading.unknown), 'item has', 'items have')} no row here ({names}): "
            'name our id in a column "monazite", as in SELECT ?item ("mountain-pass" AS ?monazite).'
        )


class _WikidataReading:
    """Lines as they are read."""

    def __init__(self, taken: Collected) -> None:
        self._taken = taken
        self._tables, self._items = _known()
        self._seen: set[tuple[str, ...]] = set()
        self.unknown: set[str] = set()

    def take(self, record: SourceRecord) -> None:
        found = re.fullmatch(
            r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9][0-9]*)", record.text("item")
        )
        if found is None:
            self._taken.wrong(record, f'"{record.text("item")}" is no item', "select ?item")
            return
        item = found[1]
        told = record.text("monazite")
        entity = told or self._items.get(item, "")
        if told and told not in self._tables:
            what = f'"{told}" is neither in facilities.csv nor in organisations.csv'
            self._taken.wrong(record, what, "take another id, or add it there first")
        elif not entity:
            self.unknown.add(item)
            self._taken.leave("lines of items that have no row here")
        else:
            self._identify(record, entity, item)
            self._place(record, entity, item)

    def _identify(self, record: SourceRecord, entity: str, item: str) -> None:
        others = [(scheme, record.text(column)) for column, scheme in _SCHEMES.items()]
        for scheme, value in (("wikidata", item), *others):
            if value and self._is_new(entity, scheme, value):
                bare = scheme == "ticker" and ":" not in value
                note = "The exchange is not in the answer" if bare else ""
                cells = {"entity": entity, "scheme": scheme, "value": value, "note": note}
                self._taken.add("identifiers", f"{entity}-{scheme}-{value}", cells)

    def _place(self, record: SourceRecord, entity: str, item: str) -> None:
        text = record.text("coord") or record.text("coordinates")
        if not text:
            return
        found = _POINT.fullmatch(text)
        if found is None:
            self._taken.wrong(record, f'"{text}" is no point', "select the value of P625 as it is")
            return
        if self._tables[entity] != "facilities":
            self._taken.leave("points of firms, which have no place here")
            return
        if found["globe"] not in {None, "http://www.wikidata.org/entity/Q2"}:
            self._taken.leave("points of other worlds")
            return
        lat, lon = (Decimal(found[name]) for name in ("lat", "lon"))
        if abs(lat) > 90 or abs(lon) > 180:
            what = f'"{text}" is on no map: longitude stands first'
            self._taken.wrong(record, what, "select the value of P625 as it is")
        elif self._is_new(entity, found["lat"], found["lon"]):
            cells = {"facility": entity, "lat": found["lat"], "lon": found["lon"]}
            note = f"P625 of {item}; how near it is, it does not say"
            self._taken.add("coordinates", f"{entity}-{item}", {**cells, "note": note})

    def _is_new(self, *said: str) -> bool:
        if said in self._seen:
            return False
        self._seen.add(said)
        return True


def _known() -> tuple[dict[str, str], dict[str, str]]:
    """Tables by entity, and entities by item."""
    tables: dict[str, str] = {}
    items: dict[str, str] = {}
    home = ontology_folder()
    for table in ("organisations", "facilities"):
        for row in rows_of(home / "tables" / f"{table}.csv"):
            tables[row["id"]] = table
            if row.get("wikidata"):
                items[row["wikidata"]] = row["id"]
    for row in rows_of(home / "tables" / "identifiers.csv"):
        if row["scheme"] == "wikidata":
            items[row["value"]] = row["entity"]
    return tables, {item: entity for item, entity in items.items() if entity in tables}
