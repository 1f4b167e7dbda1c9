"""FollowTheMoney entities, one JSON object a line, for people who check firms.

https://followthemoney.tech: ownership is ``Ownership``, a listed or sanctioned firm has a
``Sanction``; operators, suppliers and announced owners are ``UnknownLink``. Links to countries are
left out: a country is a property there and no entity.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from monazite.core.formats import escape_hidden
from monazite.core.results import Struct, do_nothing
from monazite.data.iris import NS, entity_iri
from monazite.data.reader import Row
from monazite.export.selection import Progress, Selection, subjects_of

Properties: TypeAlias = dict[str, Iterable[str]]
_Made: TypeAlias = "tuple[str, Properties] | None"
_ORGANISATIONS = {
    "company": "Company",
    "state-enterprise": "Company",
    "ministry": "PublicBody",
    "agency": "PublicBody",
    "government": "PublicBody",
    "legislature": "PublicBody",
    "fund": "Organization",
    "industry-body": "Organization",
    "armed-force": "Organization",
}
_OTHERS = {"facilities": "Asset", "persons": "Person"}
_LEGAL = {"Company", "Organization", "PublicBody", "Person"}
_ASSETS = {"Company", "Asset"}
_NOT_ID = re.compile(r"[^0-9A-Za-z.-]+")


def write_entities(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the entities of a view, or of the rows that speak of one, as lines of JSON."""
    del progress  # a second at most
    lines = sorted(_entities(selection), key=lambda entity: str(entity["id"]))
    text = "".join(
        escape_hidden(json.dumps(line, ensure_ascii=False, sort_keys=True)) + "\n" for line in lines
    )
    return text.encode()


def entity_id(table: str, key: str) -> str:
    """Return the stable id of an entity; the model allows letters, digits, points and hyphens.

    >>> entity_id("policy_scope", "a-5.7+b")
    'monazite-policy-scope-a-5.7-b'
    """
    return _NOT_ID.sub("-", f"monazite-{table}-{key}").strip("-.")


class _End(Struct):
    """An entity that may stand at one end of a link: its id and its schema."""

    id: str
    schema: str


class _RowIndex(Struct):
    """The rows by table and key, the entities by their IRI, the statuses of what exists."""

    rows: dict[str, dict[str, Row]]
    ends: dict[str, _End]
    in_place: frozenset[str]

    def end(self, row: Row, column: str, allowed: Iterable[str] = ()) -> str:
        """The id of the entity a cell names; an empty text if it may not stand there."""
        cells = row.cells.get(column, ())
        end = self.ends.get(cells[0].iri) if cells else None
        return end.id if end is not None and (not allowed or end.schema in allowed) else ""

    def iso2(self, row: Row) -> list[str]:
        """The code of a row's country, as the model writes it."""
        country = self.rows["countries"].get(row.text("country"))
        return [] if country is None else [country.text("iso2").lower()]


def _entities(selection: Selection) -> Iterator[dict[str, object]]:
    index = _index(selection)
    for table in ("organisations", *_OTHERS):
        for row in index.rows[table].values():
            schema = _schema_of(row)
            facts = {**_thing(row, schema, index), **_evidence(row, index)}
            yield _line(entity_id(table, row.key), schema, facts)
    for table, make in _MAKERS.items():
        for row in index.rows[table].values():
            if made := make(row, index):
                facts = {**made[1], "recordId": [f"{table}/{row.key}"], **_evidence(row, index)}
                yield _line(entity_id(table, row.key), made[0], facts)
    for row in index.rows["sources"].values():
        yield _line(entity_id("sources", row.key), "Document", _document(row))
    about = json.dumps(selection.about(), ensure_ascii=False, sort_keys=True)  # makes it again
    title = [selection.line()]
    view: Properties = {"fileName": ["view.json"], "title": title, "summary": [about]}
    yield _line("monazite-view", "Document", view)


def _index(selection: Selection) -> _RowIndex:
    tables = selection.view.schema.tables
    rows: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in selection.rows():
        rows[row.table][row.key] = row
    ends = {
        entity_iri(tables[table].id_path, key): _End(entity_id(table, key), _schema_of(row))
        for table in ("organisations", *_OTHERS)
        for key, row in rows[table].items()
    }
    in_place = frozenset(subjects_of(selection.view.schema, NS + "inPlace", "true"))
    return _RowIndex(rows, ends, in_place)


def _schema_of(row: Row) -> str:
    return _OTHERS.get(row.table) or _ORGANISATIONS.get(row.text("kind"), "Organization")


def _line(own: str, schema: str, facts: Properties) -> dict[str, object]:
    """One entity; what is blank is left out."""
    clean = {name: sorted({text for text in texts if text}) for name, texts in facts.items()}
    properties = {name: texts for name, texts in clean.items() if texts}
    return {"id": own, "schema": schema, "properties": properties}


def _evidence(row: Row, index: _RowIndex) -> Properties:
    known = index.rows["sources"]
    sources = [known[cell.text] for cell in row.cells.get("source", ()) if cell.text in known]
    return {
        "sourceUrl": [_web(source.text("url")) for source in sources],
        "publisher": [source.text("publisher") for source in sources],
        "retrievedAt": [source.text("accessed") for source in sources],
        "proof": [entity_id("sources", source.key) for source in sources],
    }


def _web(address: str) -> str:
    """An address that a browser opens, as the model writes it; one of a package is none."""
    if not address.startswith(("https://", "http://")):
        return ""
    return f"{address}/" if address.count("/") == len("//") else address


def _thing(row: Row, schema: str, index: _RowIndex) -> Properties:
    facts: Properties = {
        "name": [row.text("name")],
        "alias": [cell.text for cell in row.cells.get("names", ())],
        "country": index.iso2(row),
        "wikidataId": [row.text("wikidata")],
        "notes": [row.text("note")],
        "address": [", ".join(filter(None, (row.text("place"), row.text("region"))))],
    }
    if schema in _LEGAL - {"Person"}:
        facts["website"] = [_web(row.text("website"))]
        facts["topics"] = ["gov.soe"] if row.text("kind") == "state-enterprise" else []
    if schema == "Company":
        facts["ticker"] = [cell.text for cell in row.cells.get("ticker", ())]
        facts["cikCode"] = [row.text("cik")]
    return facts


def _interval(row: Row, begins: str, ends: str) -> Properties:
    return {
        "startDate": [row.text(begins)],
        "endDate": [row.text(ends)],
        "description": [row.text("note")],
    }


def _ownership(row: Row, index: _RowIndex) -> _Made:
    owner = index.end(row, "owner", _LEGAL)
    owned = index.end(row, "owned", _ASSETS)
    if not owner or not owned:
        return None
    status = row.cells["status"][0]
    if status.iri not in index.in_place:  # announced: must not be drawn as ownership
        return _link(row, owner, owned, f"{status.text} owner")
    share = row.text("value_as_printed") or row.text("share_percent")
    ends: Properties = {"owner": [owner], "asset": [owned], "percentage": [share]}
    dates = _interval(row, "valid_from", "valid_until")
    return "Ownership", {**ends, "ownershipType": [status.text], **dates}


def _link(
    row: Row, subject: str, target: str, role: str, dates: str = "valid_from valid_until"
) -> tuple[str, Properties]:
    ends: Properties = {"subject": [subject], "object": [target], "role": [role]}
    return "UnknownLink", {**ends, **_interval(row, *dates.split())}


def _operation(row: Row, index: _RowIndex) -> _Made:
    operator, facility = index.end(row, "operator"), index.end(row, "facility")
    if not operator or not facility:
        return None
    return _link(row, operator, facility, f"operator ({row.text('stage')})", "from until")


def _supply(row: Row, index: _RowIndex) -> _Made:
    supplier, customer = index.end(row, "supplier"), index.end(row, "customer")
    if not supplier or not customer:
        return None
    goods = row.text("material_as_printed") or row.text("material")
    schema, facts = _link(row, supplier, customer, f"supplier of {goods}" if goods else "supplier")
    return schema, {**facts, "status": [row.text("kind")]}


def _listing(row: Row, index: _RowIndex) -> _Made:
    """A firm that a measure of the kind ``sanction`` names: control lists and sanctions."""
    policy = index.rows["policies"].get(row.text("policy"))
    target = index.end(row, "targets")
    if policy is None or policy.text("kind") != "sanction" or not target:
        return None
    issuer = index.rows["organisations"].get(policy.text("issuer"))
    dates: dict[str, list[str]] = defaultdict(list)
    for event in index.rows["policy_events"].values():
        if event.text("policy") == policy.key and not event.text("part"):  # of the whole measure
            dates[event.text("event")].append(event.text("date"))
    return "Sanction", {
        "entity": [target],
        "authority": [issuer.text("name") if issuer is not None else ""],
        "country": index.iso2(policy),
        "program": [policy.text("title")],
        "authorityId": [policy.key],
        "provisions": [row.text("detail")],
        "listingDate": [row.text("from")] if row.text("from") else dates["announced"],
        "startDate": [row.text("from")] if row.text("from") else dates["effective"],
        "endDate": [row.text("until")] if row.text("until") else dates["ended"],
        "reason": [policy.text("legal_basis")],
        "description": [row.text("note")],
    }


_MAKERS: dict[str, Callable[[Row, _RowIndex], _Made]] = {
    "ownership": _ownership,
    "operations": _operation,
    "supply_links": _supply,
    "policy_scope": _listing,
}


def _document(row: Row) -> Properties:
    return {
        "fileName": [row.key],
        "title": [row.text("title")],
        "sourceUrl": [_web(row.text("url"))],
        "publisher": [row.text("publisher")],
        "publishedAt": [row.text("published")],
        "retrievedAt": [row.text("accessed")],
        "notes": [row.text("note")],
    }
