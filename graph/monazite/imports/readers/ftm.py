"""FollowTheMoney entities, one JSON object a line: firms, persons, holdings and sanctions.

Traps: links name entities that stand further down, or not at all; firms that hold each other;
shares as words; dates of a year or a month; the same firm under our own id or name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from monazite.errors import BadCellError, BadDateError, BadFileError, Fault, UnreadableError
from monazite.imports.collected import Cells, Collected, as_note, key_of
from monazite.imports.json_items import json_lines
from monazite.imports.numbers import number_of, plain
from monazite.imports.source_file import SourceFile, SourceRecord, open_text
from monazite.rows.dates import date_bounds
from monazite.shipped import ontology_folder

_FIRMS = {
    "Company": ("company", ""),
    "LegalEntity": ("company", "whether it is a firm is not said"),
    "Organization": ("industry-body", "an organisation of a kind that is not said"),
    "PublicBody": ("agency", ""),
}
_OURS = re.compile(r"monazite-(organisations|facilities|persons)-(.+)")
_STATUSES = {"stated", "controlling", "joint"}
_LOOPS_NAMED = 3
_ALL = 100


@dataclass(frozen=True)
class _Link:
    """A holding or a sanction, until all entities are read."""

    record: SourceRecord
    id: str
    properties: Mapping[str, tuple[str, ...]]

    def one(self, *names: str) -> str:
        """The first value of the first of some properties."""
        return next((self.properties[name][0] for name in names if self.properties.get(name)), "")


@dataclass
class _Entities:
    """What entities are called here."""

    ids: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def read(sources: Sequence[SourceFile], taken: Collected) -> None:
    """Read files of entities.

    Args:
        sources: the files.
        taken: what takes the rows.
    """
    reading = _FtmReading(taken)
    for source in sources:
        for schema, link in _lines(source, taken):
            taken.take_up(link.record)
            reading.take(schema, link)
        taken.take_up(None)
    reading.end()


def _lines(source: SourceFile, taken: Collected) -> Iterator[tuple[str, _Link]]:
    """Yield the schema of each entity, and the entity."""
    place = str(source.path)
    try:
        with open_text(source) as text:
            for line, found in json_lines(text):
                if isinstance(found, dict) and isinstance(found.get("properties"), dict):
                    schema, entity = str(found.get("schema", "")), str(found.get("id", ""))
                    held = _properties(found["properties"])
                    said = {name: "\n".join(texts) for name, texts in held.items()}
                    cells = {**said, "id schema": f"{entity}\n{schema}"}
                    yield schema, _Link(SourceRecord(place, line, cells), entity, held)
                else:
                    what = "the line is no entity with id, schema and properties"
                    record = SourceRecord(place, line, {})
                    taken.wrong(record, what, "export entities.ftm.json")
    except BadFileError as bad:
        taken.faults.append(Fault(place, bad.line, bad.what, bad.fix))
    except OSError as error:
        raise UnreadableError(f"{place} cannot be read: {error.strerror}.") from None


class _FtmReading:
    """Entities as they are read; links wait until all are."""

    def __init__(self, taken: Collected) -> None:
        self._taken = taken
        self._entities = _Entities()
        self._holdings: list[_Link] = []
        self._sanctions: list[_Link] = []
        self._shipped = _shipped_names()
        self._held: dict[str, set[str]] = {}

    def take(self, schema: str, link: _Link) -> None:
        if not link.id:
            self._taken.wrong(link.record, "the entity has no id", "export entities.ftm.json")
        elif ours := _OURS.fullmatch(link.id):
            self._know(link, ours[1], ours[2])
            self._taken.leave("entities that are ours")
        elif schema in _FIRMS:
            self._firm(link, schema)
        elif schema == "Person":
            self._person(link)
        elif schema in {"Ownership", "Sanction"}:
            links = self._holdings if schema == "Ownership" else self._sanctions
            if not self._taken.repeats():
                links.append(link)
        else:
            self._taken.leave("entities of other kinds")

    def _know(self, link: _Link, table: str, entity: str) -> None:
        self._entities.ids[link.id] = (table, entity)
        self._entities.names[link.id] = link.one("name") or entity

    def _firm(self, link: _Link, schema: str) -> None:
        kind, note = _FIRMS[schema]
        name = link.one("name")
        if not name:
            self._taken.wrong(link.record, "the firm has no name", "take it out")
            return
        code = link.one("country", "mainCountry", "jurisdiction").upper()
        place = self._taken.places.coded("iso", code) if code else None
        same = self._shipped.get((name.casefold(), place.id)) if place else None
        if same is not None:
            self._know(link, "organisations", same)
            self._taken.leave("firms that a row of ours names alike, in the same country")
            return
        if "gov.soe" in link.properties.get("topics", ()):
            kind = "state-enterprise"
        key = self._key(link)
        self._know(link, "organisations", key)
        unknown = f'its country "{code}" is not known here' if code and place is None else ""
        self._taken.add(
            "organisations",
            key,
            {
                "name": name,
                "names": ";".join(_others(link, name)),
                "kind": kind,
                "country": place.id if place else "",
                "wikidata": link.one("wikidataId"),
                "cik": link.one("cikCode"),
                "website": link.one("website"),
                "note": as_note(note, unknown),
            },
        )

    def _person(self, link: _Link) -> None:
        name = link.one("name")
        if not name:
            self._taken.wrong(link.record, "the person has no name", "take it out")
            return
        key = self._key(link)
        self._know(link, "persons", key)
        cells = {"name": name, "names": ";".join(_others(link, name))}
        self._taken.add("persons", key, cells)

    @staticmethod
    def _key(link: _Link) -> str:
        return key_of(f"ftm-{link.id}").lower()

    def end(self) -> None:
        """Make rows of the links."""
        for link in self._holdings:
            self._holding(link)
        for link in self._sanctions:
            self._sanction(link)
        loops = _loops(self._held)
        if loops:
            told = "; ".join(" and ".join(loop) for loop in loops[:_LOOPS_NAMED])
            self._taken.notes.append(
                f"{len(loops):,} groups of firms hold each other in a loop ({told}): the rows "
                "stand as the source has them, and nobody is above all of a loop."
            )

    def _holding(self, link: _Link) -> None:
        owner = self._entities.ids.get(link.one("owner"))
        asset = self._entities.ids.get(link.one("asset"))
        if owner is None or asset is None or asset[0] == "persons":
            self._taken.leave("links to entities that are not in the file")
            return
        if owner[1] == asset[1]:
            self._taken.leave("holdings of a firm in itself")
            return
        dates, undated = self._dates(link, ("startDate",), ("endDate",))
        if dates is None:
            return
        printed = link.one("percentage")
        share = self._share(link, printed)
        status = link.one("ownershipType")
        self._held.setdefault(owner[1], set()).add(asset[1])
        self._taken.add(
            "ownership",
            f"{owner[1]}-{asset[1]}",
            {
                "owner": owner[1],
                "owned": asset[1],
                "share_percent": "" if share is None else plain(share),
                "status": status if status in _STATUSES else "stated",
                "valid_from": dates[0],
                "valid_until": dates[1],
                "value_as_printed": printed if share is None or plain(share) != printed else "",
                "note": as_note(link.one("description"), *undated),
            },
        )

    def _share(self, link: _Link, printed: str) -> Decimal | None:
        """A share in per cent; what is no number is kept as it is printed."""
        try:
            share = number_of(printed.removesuffix("%").strip())
        except BadCellError:
            return None
        if share is not None and share > _ALL:
            what = f'the share "{printed}" is above 100 percent'
            self._taken.wrong(link.record, what, "check it at its source")
            return None
        return share

    def _dates(
        self, link: _Link, begins: tuple[str, ...], ends: tuple[str, ...]
    ) -> tuple[tuple[str, str] | None, list[str]]:
        """The first and the last day of a link, and what is said of days that are none."""
        found, undated = [], []
        for names in (begins, ends):
            text = link.one(*names)[:10]
            try:
                bounds = date_bounds(text) if text else ("", "")
            except BadDateError:
                undated.append(f'the date "{text}" is none')
                text, bounds = "", ("", "")
            found.append((text, bounds))
        (begin, first), (end, last) = found
        if begin and end and first[0] > last[1]:
            what = f"it ends ({end}) before it begins ({begin})"
            self._taken.wrong(link.record, what, "check the dates at their source")
            return None, undated
        return (begin, end), undated

    def _sanction(self, link: _Link) -> None:
        target = self._entities.ids.get(link.one("entity"))
        if target is None:
            self._taken.leave("links to entities that are not in the file")
            return
        if target[0] == "persons":
            self._taken.leave("sanctions of persons")
            return
        authority, program = link.one("authority"), link.one("program")
        code = link.one("country").upper()
        place = self._taken.places.coded("iso", code) if code else None
        if place is None or not (authority or program):
            self._taken.leave("sanctions that do not say whose they are")
            return
        policy = key_of(f"ftm-{place.id}-{program or authority}").lower()
        dates, undated = self._dates(link, ("listingDate", "startDate"), ("endDate",))
        if dates is None:
            return
        if policy not in self._taken.rows.get("policies", {}):
            self._taken.add("policies", policy, _policy(program or authority, authority, place.id))
        facility = target[0] == "facilities"
        self._taken.add(
            "policy_scope",
            f"{policy}-{target[1]}",
            {
                "policy": policy,
                "kind": "target-facility" if facility else "target-organisation",
                "text": self._entities.names[link.one("entity")],
                "table": target[0],
                "targets": target[1],
                "from": dates[0],
                "until": dates[1],
                "detail": link.one("provisions", "reason"),
                "note": as_note(*undated),
            },
        )


def _policy(title: str, authority: str, country: str) -> Cells:
    told = f"Listed by {authority}" if authority and authority != title else ""
    note = as_note(told, "when it began to bind is not known")
    return {"title": title, "kind": "sanction", "country": country, "note": note}


def _properties(held: object) -> dict[str, tuple[str, ...]]:
    """Texts by property; what is nested is its id."""
    found: dict[str, tuple[str, ...]] = {}
    for name, values in held.items() if isinstance(held, dict) else ():
        listed = values if isinstance(values, list) else [values]
        texts = [
            str(each.get("id", "")) if isinstance(each, dict) else str(each) for each in listed
        ]
        found[str(name)] = tuple(" ".join(text.split()) for text in texts if text.strip())
    return found


def _others(link: _Link, name: str) -> list[str]:
    told = (*link.properties.get("name", ()), *link.properties.get("alias", ()))
    return [each.replace(";", ",") for each in dict.fromkeys(told) if each != name]


def _shipped_names() -> dict[tuple[str, str], str]:
    """Our firms by name and country."""
    file = ontology_folder() / "tables" / "organisations.csv"
    found: dict[tuple[str, str], str] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for name in (row["name"], *row["names"].split(";")):
                found[name.partition("@")[0].casefold(), row["country"]] = row["id"]
    return found


def _loops(held: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """Groups of firms that hold each other, each sorted.

    Who holds nothing, or is held by nobody, is in no loop and goes first; of the few that are left,
    those that reach each other are a group.
    """
    left = {owner: {*below} for owner, below in held.items()}
    while True:
        owned = {each for below in left.values() for each in below}
        kept = {
            owner: {each for each in below if each in left}
            for owner, below in left.items()
            if owner in owned
        }
        kept = {owner: below for owner, below in kept.items() if below}
        if kept == left:
            break
        left = kept
    reach = {owner: _below(owner, left) for owner in left}
    return sorted(
        {
            tuple(sorted(each for each in below if owner in reach.get(each, ())))
            for owner, below in reach.items()
            if owner in below
        }
    )


def _below(owner: str, held: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [owner]
    while waiting:
        for each in held.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
