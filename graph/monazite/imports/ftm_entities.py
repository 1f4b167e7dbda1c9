"""Entities of FollowTheMoney files: what several lines say of one, and what is nested in one."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monazite.errors import BadFileError, Fault, UnreadableError
from monazite.imports.collected import TOO_MANY, Collected
from monazite.imports.json_items import json_lines
from monazite.imports.source_file import SourceFile, SourceRecord, open_text
from monazite.rows.bounds import ROWS, SMALLER
from monazite.safe_text import counted

_WIDER = {
    "Organization": {"LegalEntity"},
    "Company": {"LegalEntity", "Organization"},
    "PublicBody": {"LegalEntity", "Organization"},
    "Person": {"LegalEntity"},
}
"""What an entity of a kind is as well."""
_NESTED = {"ownershipOwner": "owner", "ownershipAsset": "asset", "sanctions": "entity"}
"""Which end of a link the entity is that the link is nested in."""
_ENDS = frozenset(_NESTED.values())
_USED = _ENDS.union(
    ("name", "alias", "country", "mainCountry", "jurisdiction", "topics", "wikidataId", "cikCode"),
    ("website", "percentage", "ownershipType", "startDate", "endDate", "listingDate"),
    ("description", "authority", "program", "provisions", "reason"),
)
_TABLES = 2
"""Firms and persons: as many entities as both may hold are read."""
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


def read_entities(sources: Sequence[SourceFile], taken: Collected) -> list[FtmEntity]:
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
            if count > _TABLES * ROWS:
                raise BadFileError(TOO_MANY, SMALLER)
        taken.take_up(None)
    if united:
        told = counted(united, "line speaks", "lines speak")
        taken.notes.append(
            f"{told} of an entity that stands above: what is said of one is taken together."
        )
    return [*found.values()]


def _lines(source: SourceFile, taken: Collected) -> Iterator[list[FtmEntity]]:
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
        entity = FtmEntity(record, _id_of(said), _written(said.get("schema")), {})
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


def _id_of(held: Mapping[str, object]) -> str:
    """The id of an entity, letter for letter."""
    return _written(held.get("id"))


def _text(name: str, value: object) -> str:
    """The text of a value; what is nested is its id, and ids are whole."""
    if isinstance(value, dict):
        return _id_of(value)
    text = _written(value)
    return text if name in _ENDS else " ".join(text.split())


def _written(value: object) -> str:
    """A text or a number as it is written; what is neither says nothing."""
    return str(value) if isinstance(value, str | int | float) else ""


def _is_new(entities: Sequence[FtmEntity], taken: Collected) -> bool:
    """Whether a line says what none said before; of those that are left out all count."""
    if not any(each.schema in (*ENTITIES, *LINKS) for each in entities):
        return True
    cells = {
        f"{number} {name}": "\n".join(texts)
        for number, each in enumerate(entities)
        for name, texts in [*each.properties.items(), ("id schema", (each.id, each.schema))]
    }
    record = entities[0].record
    taken.take_up(SourceRecord(record.place, record.line, cells))
    return not taken.repeats()


def _take(entity: FtmEntity, found: dict[str, FtmEntity], taken: Collected) -> bool:
    """Take an entity or what is said of it, and tell whether it was taken."""
    if not entity.id:
        taken.wrong(entity.record, "the entity has no id", _FIX)
        return False
    if entity.schema not in (*ENTITIES, *LINKS) and not OURS.fullmatch(entity.id):
        taken.leave(OTHERS)
        return False
    held = entity.properties.items()
    entity.properties = {name: texts for name, texts in held if name in _USED}
    if found.setdefault(entity.id, entity).unite(entity):
        return True
    taken.leave(OF_TWO_KINDS)
    return False
