"""FollowTheMoney entities, one JSON object a line: firms, persons, holdings and sanctions.

Traps: links name entities that stand further down, or not at all; ids that differ by a letter's
case alone, or by letters that no key has; an entity on several lines, or nested in another; several
owners in one holding; firms that hold each other; shares as words; dates of a year or a month; the
same firm under our own id or name.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from monazite.core.errors import BadCellError, BadDateError, BadFileError, Fault, UnreadableError
from monazite.core.formats import counted, grouped
from monazite.core.package import ontology_folder
from monazite.data.bounds import ROWS, SMALLER
from monazite.data.dates import date_bounds
from monazite.data.importers import collected
from monazite.data.importers.source_file import SourceFile, SourceRecord, json_lines, open_text
from monazite.data.own_files import rows_of

_WIDER = {
    "Organization": {"LegalEntity"},
    "Company": {"LegalEntity", "Organization"},
    "PublicBody": {"LegalEntity", "Organization"},
    "Person": {"LegalEntity"},
}  # what an entity of a kind is as well
_NESTED = {"ownershipOwner": "owner", "ownershipAsset": "asset", "sanctions": "entity"}
"""Which end of a link the entity is that the link is nested in."""
_ENDS = frozenset(_NESTED.values())
_USED = _ENDS.union(
    ("name", "alias", "country", "mainCountry", "jurisdiction", "topics", "wikidataId", "cikCode"),
    ("website", "percentage", "ownershipType", "startDate", "endDate", "listingDate"),
    ("description", "authority", "program", "provisions", "reason"),
)
LINKS = ("Ownership", "Sanction")
ENTITIES = ("LegalEntity", *_WIDER)
OURS = re.compile(r"monazite-(organisations|facilities|persons)-(.+)")
OTHERS = "entities of other kinds"
OF_TWO_KINDS = "entities that are of another kind on a line above"
_FIX = "export entities.ftm.json"


@dataclass
class FtmEntity:
    """An entity as all lines say it that were read."""

    record: SourceRecord
    id: str
    schema: str
    properties: dict[str, dict[str, None]]

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a property."""
        return tuple(self.properties.get(name, ()))

    def one(self, *names: str) -> str:
        """Return the first value of the first of some properties that has one."""
        return next((text for name in names for text in self.properties.get(name, ())), "")

    def unite(self, other: FtmEntity) -> bool:
        """Take what another line says of it, and tell whether it can be of both kinds."""
        if self.schema in _WIDER.get(other.schema, ()):
            self.schema = other.schema
        elif self.schema != other.schema and other.schema not in _WIDER.get(self.schema, ()):
            return False
        for name, texts in other.properties.items():
            self.properties.setdefault(name, {}).update(texts)
        return True


def read_entities(sources: Sequence[SourceFile], taken: collected.Collected) -> list[FtmEntity]:
    """Return the entities of files that are firms, persons or links, each once."""
    found: dict[str, FtmEntity] = {}
    count = united = 0
    for source in sources:
        for entities in _lines(source, taken):
            if not _is_new(entities, taken):
                continue
            for entity in entities:
                known = entity.id in found
                if _take(entity, found, taken):
                    united += known and entity is entities[0]
                    count += not known and entity.schema in ENTITIES
            if count > 2 * ROWS:  # of firms and of persons
                raise BadFileError(collected.TOO_MANY, SMALLER)
        taken.take_up(None)
    if united:
        told = counted(united, "line speaks", "lines speak")
        taken.notes.append(
            f"{told} of an entity that stands above: what is said of one is taken together."
        )
    return [*found.values()]


def _lines(source: SourceFile, taken: collected.Collected) -> Iterator[list[FtmEntity]]:
    """Yield the entity of each line, and behind it what is nested in it."""
    place = str(source.path)
    try:
        with open_text(source) as text:
            for line, found in json_lines(text):
                if isinstance(found, dict) and isinstance(found.get("properties"), dict):
                    yield _unfolded(found, SourceRecord(place, line, {}))
                else:
                    what = "the line is no entity with id, schema and properties"
                    taken.wrong(SourceRecord(place, line, {}), what, _FIX)
    except BadFileError as bad:
        taken.faults.append(Fault(place, bad.line, bad.what, bad.fix))
    except OSError as error:
        raise UnreadableError(f"{place} cannot be read: {error.strerror}.") from None


def _unfolded(line: Mapping[str, object], record: SourceRecord) -> list[FtmEntity]:
    """The entity of a line, and those that are nested in it."""
    found: list[FtmEntity] = []
    waiting = deque([(line, "", "")])
    while waiting:
        said, end, above = waiting.popleft()
        entity = FtmEntity(record, _written(said.get("id")), _written(said.get("schema")), {})
        found.append(entity)
        properties = said["properties"]
        for name, values in properties.items() if isinstance(properties, dict) else ():
            listed = values if isinstance(values, list) else [values]
            texts = entity.properties.setdefault(str(name), {})
            for each in listed:
                if text := _text(name, each):
                    texts[text] = None
                if isinstance(each, dict) and isinstance(each.get("properties"), dict):
                    waiting.append((each, _NESTED.get(name, ""), entity.id))
        if end and not entity.properties.get(end):
            entity.properties[end] = {above: None}
    return found


def _text(name: str, value: object) -> str:
    """A text or a number as it is written; what is nested is its id, and ids are whole."""
    if isinstance(value, dict):
        return _written(value.get("id"))
    return _written(value) if name in _ENDS else " ".join(_written(value).split())


def _written(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _is_new(entities: Sequence[FtmEntity], taken: collected.Collected) -> bool:
    """Whether a line says what none said before; of those that are left out all count."""
    if not any(each.schema in (*ENTITIES, *LINKS) for each in entities):
        return True
    cells = {
        f"{number} {name}": "\n".join(texts)
        for number, each in enumerate(entities)
        for name, texts in [*each.properties.items(), ("id schema", (each.id, each.schema))]
    }
    taken.take_up(replace(entities[0].record, cells=cells))
    return not taken.repeats()


def _take(entity: FtmEntity, found: dict[str, FtmEntity], taken: collected.Collected) -> bool:
    """Take an entity or what is said of it, and tell whether it was taken."""
    held = entity.properties.items()
    entity.properties = {name: texts for name, texts in held if name in _USED}
    if not entity.id:
        taken.wrong(entity.record, "the entity has no id", _FIX)
    elif entity.schema not in (*ENTITIES, *LINKS) and not OURS.fullmatch(entity.id):
        taken.leave(OTHERS)
    elif not found.setdefault(entity.id, entity).unite(entity):
        taken.leave(OF_TWO_KINDS)
    else:
        return True
    return False


_FIRMS = {
    "Company": ("company", ""),
    "LegalEntity": ("company", "whether it is a firm is not said"),
    "Organization": ("industry-body", "an organisation of a kind that is not said"),
    "PublicBody": ("agency", ""),
}
_NOT_HERE = "links to entities that are not in the file"
_Row = tuple[str, str]  # table and key; no table where an entity is not here


def read(sources: Sequence[SourceFile], taken: collected.Collected) -> None:
    """Read files of entities."""
    reading = _FtmReading(taken)
    entities = read_entities(sources, taken)
    for entity in entities:
        reading.name(entity)
    for schema, take in {"Ownership": reading.holding, "Sanction": reading.sanction}.items():
        for entity in entities:
            if entity.schema == schema:
                take(entity)
    import networkx as nx

    graph: nx.DiGraph[_Row] = nx.DiGraph(
        (one, other) for one, held in reading.held.items() for other in held
    )
    groups = nx.strongly_connected_components(graph)  # no firm holds itself
    if loops := sorted(tuple(sorted(group)) for group in groups if len(group) > 1):
        named = "; ".join(" and ".join(key for _, key in loop) for loop in loops[:3])
        more = f"; and {grouped(len(loops) - 3)} more" if len(loops) > 3 else ""
        told = "a loop" if len(loops) == 1 else f"{grouped(len(loops))} loops"
        taken.notes.append(
            f"Firms hold each other in {told} ({named}{more}): the rows stand as the source has "
            "them."
        )


class _FtmReading:
    """Rows of entities, each of which is whole."""

    def __init__(self, taken: collected.Collected) -> None:
        self._taken = taken
        self._ids: dict[str, _Row] = {}  # what entities are called here, by the whole id
        self._names: dict[str, str] = {}
        self._shipped = {  # our firms by name and country
            (name.partition("@")[0].casefold(), row["country"]): row["id"]
            for row in rows_of(ontology_folder() / "tables" / "organisations.csv")
            for name in (row["name"], *row["names"].split(";"))
        }
        self._policies: dict[tuple[str, str, str], str] = {}
        self.held: dict[_Row, set[_Row]] = {}

    def name(self, entity: FtmEntity) -> None:
        """Take a firm or a person, and know it by its id."""
        if ours := OURS.fullmatch(entity.id):
            self._know(entity, ours[1], ours[2])
            self._taken.leave("entities that are ours")
            return
        name, is_firm = entity.one("name"), entity.schema in _FIRMS
        if not is_firm and entity.schema != "Person":
            return
        if not name:
            what = f"the {'firm' if is_firm else 'person'} has no name"
            self._taken.wrong(entity.record, what, "take it out")
            return
        told = dict.fromkeys((*entity.all("name"), *entity.all("alias")))
        others = ";".join(each.replace(";", ",") for each in told if each != name)
        take = self._firm if is_firm else self._add
        take(entity, {"name": name, "names": others})

    def _know(self, entity: FtmEntity, table: str, key: str) -> None:
        self._ids[entity.id] = (table, key)
        self._names[entity.id] = entity.one("name") or key

    def _firm(self, firm: FtmEntity, cells: collected.Cells) -> None:
        kind, note = _FIRMS[firm.schema]
        code = firm.one("country", "mainCountry", "jurisdiction").upper()
        place = self._taken.places.coded("iso", code)
        same = self._shipped.get((cells["name"].casefold(), place.id)) if place else None
        if same is not None:
            self._know(firm, "organisations", same)
            self._taken.leave("firms that a row of ours names alike, in the same country")
            return
        unknown = f'its country "{code}" is not known here' if code and place is None else ""
        cells |= {
            "kind": "state-enterprise" if "gov.soe" in firm.all("topics") else kind,
            "country": place.id if place else "",
            "wikidata": firm.one("wikidataId"),
            "cik": firm.one("cikCode"),
            "website": firm.one("website"),
            "note": collected.as_note(note, unknown),
        }
        self._add(firm, cells, "organisations")

    def _add(self, entity: FtmEntity, cells: collected.Cells, table: str = "persons") -> None:
        key = collected.whole_key(f"ftm-{entity.id}")
        while any(key in self._taken.rows.get(each, ()) for each in ("organisations", "persons")):
            key = collected.whole_key(f"{key}-2")  # somebody's id is spelt as the key of another
        self._know(entity, table, self._taken.add(table, key, cells))

    def _rows(self, ids: Iterable[str]) -> list[_Row]:
        """The rows of some ids, each once."""
        return [*dict.fromkeys(self._ids.get(each, ("", each)) for each in ids)]

    def holding(self, link: FtmEntity) -> None:
        """Take a holding: a row of each owner and each thing that it owns."""
        owners, assets = self._rows(link.all("owner")), self._rows(link.all("asset"))
        holders = [each for each in owners if each[0]]
        held = [each for each in assets if each[0] not in {"", "persons"}]
        pairs, here = max(len(owners) * len(assets), 1), len(holders) * len(held)
        own = len({*holders}.intersection(held))
        self._taken.leave(_NOT_HERE, pairs - here)
        self._taken.leave("holdings of a firm in itself", own)
        cells = self._terms(link, pairs) if here > own else None
        if cells is None:
            return
        for owner, asset in ((owner, asset) for owner in holders for asset in held):
            if owner != asset:
                self.held.setdefault(owner, set()).add(asset)
                key = collected.whole_key(f"{owner[1]}-{asset[1]}")
                self._taken.add("ownership", key, {"owner": owner[1], "owned": asset[1], **cells})

    def _terms(self, link: FtmEntity, pairs: int) -> collected.Cells | None:
        """What a holding says of each of its pairs; none where its dates are wrong."""
        dates, undated = self._dates(link, "startDate")
        if dates is None:
            return None
        shares = {text: self._share(link, text) for text in link.all("percentage")}
        printed = "; ".join(shares)
        share = next(iter(shares.values())) if len({*shares.values()}) == 1 else None
        several = ""
        if pairs > 1:
            told = f'the share "{printed}"' if printed else "the holding"
            several = f"{told} is of {grouped(pairs)} holdings together: what each has is not known"
            share, printed = None, ""
        elif share is None and len(shares) > 1:
            several = "more than one share is printed"
        status = link.one("ownershipType")
        return {
            "share_percent": "" if share is None else collected.plain(share),
            "status": status if status in {"stated", "controlling", "joint"} else "stated",
            "valid_from": dates[0],
            "valid_until": dates[1],
            "value_as_printed": printed
            if share is None or collected.plain(share) != printed
            else "",
            "note": collected.as_note(link.one("description"), *undated, several),
        }

    def _share(self, link: FtmEntity, printed: str) -> Decimal | None:
        """A share in per cent; what is no number is kept as it is printed."""
        try:
            share = collected.number_of(printed.removesuffix("%").strip())
        except BadCellError:
            return None
        if share is not None and share > 100:
            what = f'the share "{printed}" is above 100 percent'
            self._taken.wrong(link.record, what, "check it at its source")
            return None
        return share

    def _dates(self, link: FtmEntity, *begins: str) -> tuple[tuple[str, str] | None, list[str]]:
        """The first and the last day of a link, and what is said of days that are none."""
        found, undated = [], []
        for names in (begins, ("endDate",)):
            name = next(filter(link.one, names), "")
            text, bounds = link.one(name)[:10], ("", "")
            try:
                bounds = date_bounds(text) if text else bounds
            except BadDateError:
                undated.append(f'the date "{text}" is none')
                text = ""
            found.append((text, bounds))
            if others := ", ".join(link.all(name)[1:]):
                undated.append(f"dated {others} too")
        (begin, first), (end, last) = found
        if begin and end and first[0] > last[1]:
            what = f"it ends ({end}) before it begins ({begin})"
            self._taken.wrong(link.record, what, "check the dates at their source")
            return None, undated
        return (begin, end), undated

    def sanction(self, link: FtmEntity) -> None:
        """Take a sanction: a row of each programme and each firm that it names."""
        targets = link.all("entity")
        here = [each for each in targets if each in self._ids]
        listed = [each for each in here if self._ids[each][0] != "persons"]
        self._taken.leave(_NOT_HERE, max(len(targets), 1) - len(here))
        self._taken.leave("sanctions of persons", len(here) - len(listed))
        if not listed:
            return
        titles = link.all("program") or link.all("authority")
        place = self._taken.places.coded("iso", link.one("country"))
        if place is None or not titles:
            self._taken.leave("sanctions that do not say whose they are", len(listed))
            return
        self._taken.leave("further countries of sanctions", len(link.all("country")) - 1)
        dates, undated = self._dates(link, "listingDate", "startDate")
        if dates is None:
            return
        cells = {"from": dates[0], "until": dates[1], "note": collected.as_note(*undated)}
        cells["detail"] = link.one("provisions", "reason")
        for title in titles:
            policy = self._policy(title, " and ".join(link.all("authority")), place.id)
            for each in listed:
                table, key = self._ids[each]
                kind = "target-facility" if table == "facilities" else "target-organisation"
                target = {"text": self._names[each], "table": table, "targets": key}
                row = {"policy": policy, "kind": kind, **target, **cells}
                self._taken.add("policy_scope", collected.whole_key(f"{policy}-{key}"), row)

    def _policy(self, title: str, authority: str, country: str) -> str:
        """The key of the programme of an authority; that of another is another."""
        known = (title, authority, country)
        if known not in self._policies:
            told = f"Listed by {authority}" if authority and authority != title else ""
            note = collected.as_note(told, "when it began to bind is not known")
            cells = {"title": title, "kind": "sanction", "country": country, "note": note}
            key = collected.whole_key(f"ftm-{country.lower()}-{title}", authority)
            self._policies[known] = self._taken.add("policies", key, cells)
        return self._policies[known]
