"""Wikidata: answers of its query service, as JSON or CSV, on things that have a row here.

Columns: ``item``, and any of ``coord``, ``lei``, ``isin``, ``ticker``, ``cik``; ``monazite`` names
our id where the item is not yet known. Traps: points are written longitude first; a question with
several values repeats lines; points of other worlds; items that nobody here knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from monazite.core.formats import counted
from monazite.core.package import ontology_folder
from monazite.data.importers.collected import Cells, Collected
from monazite.data.importers.source_file import SourceFile, SourceRecord
from monazite.data.own_files import rows_of

_POINT = re.compile(
    r"(?:<(?P<globe>[^>]+)> )?Point\((?P<lon>-?[0-9.]+) (?P<lat>-?[0-9.]+)\)", re.IGNORECASE
)
_SCHEMES = {"lei": "lei", "isin": "isin", "ticker": "ticker", "cik": "sec-cik"}


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read answers of the query service."""
    folder = ontology_folder() / "tables"
    tables: dict[str, str] = {}
    items: dict[str, str] = {}  # ids of things that have a row here, by item
    for table in ("organisations", "facilities"):
        for row in rows_of(folder / f"{table}.csv"):
            tables[row["id"]] = table
            items |= {row["wikidata"]: row["id"]} if row.get("wikidata") else {}
    for row in rows_of(folder / "identifiers.csv"):
        if row["scheme"] == "wikidata" and row["entity"] in tables:
            items[row["value"]] = row["entity"]
    unknown: set[str] = set()
    seen: set[tuple[str, ...]] = set()
    for record in taken.records(sources, "item"):
        text, told = record.text("item"), record.text("monazite")
        found = re.fullmatch(
            r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9][0-9]*)", text
        )
        entity = told or (items.get(found[1], "") if found else "")
        if found is None:
            taken.wrong(record, f'"{text}" is no item', "select ?item")
        elif told and told not in tables:
            what = f'"{told}" is neither in facilities.csv nor in organisations.csv'
            taken.wrong(record, what, "take another id, or add it there first")
        elif not entity:
            unknown.add(found[1])
            taken.leave("lines of items that have no row here")
        else:
            identifiers = _identifiers(record, entity, found[1])
            places = _places(record, entity, found[1], tables[entity], taken)
            for table, key, fact, note in (*identifiers, *places):
                if (said := (*fact.values(),)) not in seen:
                    seen.add(said)
                    taken.add(table, key, {**fact, "note": note})
    if unknown:
        names = ", ".join(sorted(unknown)[:5])
        taken.notes.append(
            f"{counted(len(unknown), 'item has', 'items have')} no row here ({names}): "
            'name our id in a column "monazite", as in SELECT ?item ("mountain-pass" AS ?monazite).'
        )


_Fact = tuple[str, str, Cells, str]  # table, key, cells that make the fact, and a note


def _identifiers(record: SourceRecord, entity: str, item: str) -> Iterator[_Fact]:
    others = [(scheme, record.text(column)) for column, scheme in _SCHEMES.items()]
    for scheme, value in (("wikidata", item), *others):
        if value:
            bare = scheme == "ticker" and ":" not in value
            fact = {"entity": entity, "scheme": scheme, "value": value}
            note = "The exchange is not in the answer" if bare else ""
            yield "identifiers", f"{entity}-{scheme}-{value}", fact, note


def _places(
    record: SourceRecord, entity: str, item: str, table: str, taken: Collected
) -> Iterator[_Fact]:
    """Where a facility is, on a map of this world."""
    text = record.text("coord", "coordinates")
    found = _POINT.fullmatch(text)
    if not text:
        return
    if found is None:
        taken.wrong(record, f'"{text}" is no point', "select the value of P625 as it is")
    elif table != "facilities":
        taken.leave("points of firms, which have no place here")
    elif found["globe"] not in {None, "http://www.wikidata.org/entity/Q2"}:
        taken.leave("points of other worlds")
    elif abs(Decimal(found["lat"])) > 90 or abs(Decimal(found["lon"])) > 180:
        what = f'"{text}" is on no map: longitude stands first'
        taken.wrong(record, what, "select the value of P625 as it is")
    else:
        fact = {"facility": entity, "lat": found["lat"], "lon": found["lon"]}
        note = f"P625 of {item}; how near it is, it does not say"
        yield "coordinates", f"{entity}-{item}", fact, note
