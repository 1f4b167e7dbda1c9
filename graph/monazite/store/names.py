"""From what a reader types to the entity that is meant: by id, by name, in any language.

What is looked up of things is written beside the store, and answered without the engine; for a
view, the store is asked of what is wanted.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeAlias
from zlib import crc32

from monazite.core.errors import SeveralMeantError, UnknownNameError
from monazite.core.formats import first_rows
from monazite.core.results import Struct
from monazite.data.columns import Column, TableShape, read_schema, read_shape
from monazite.data.iris import BASE, NS, PREFIXES, local_name
from monazite.data.parameters import check_text
from monazite.store.answers import full, quoted
from monazite.store.store import FACTS, Store

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
Found: TypeAlias = list[dict[str, str]]
"""The solutions for one thing: texts by variable, IRIs whole."""
_BUCKETS = 1 << 8  # texts in which a lookup is packed


class Lookup(Struct):
    """A question of things, answered one by one: ``$THINGS`` names what ``?thing`` can be."""

    name: str
    text: str

    def read(self, store: Store, things: Iterable[str]) -> dict[str, Found]:
        """Return what is found of things; one of which nothing is found is not among the keys."""
        things = tuple(things)
        packed = store.read_packed(FACTS, {self._bucket(thing) for thing in things})
        if packed is None:
            return self._ask(store, things)
        known: dict[str, dict[str, list[str]]] = {}
        for text in packed.values():
            known |= json.loads(text)
        return {thing: _to_rows(known[thing]) for thing in things if thing in known}

    def kept(self, store: Store) -> dict[str, Found]:
        """Return all that is packed beside the store; nothing where nothing is."""
        keys = [f"{self.name} {number}" for number in range(_BUCKETS)]
        known = (json.loads(text) for text in (store.read_packed(FACTS, keys) or {}).values())
        return {thing: _to_rows(found) for each in known for thing, found in each.items()}

    def pack(self, found: Mapping[str, Found]) -> dict[str, bytes]:
        """Return what is packed of things, by its keys."""
        buckets: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(dict)
        for thing, answers in found.items():
            columns = answers[0] if answers else ()  # an entity may be named by thousands of rows
            by_column = {name: [each[name] for each in answers] for name in columns}
            buckets[self._bucket(thing)][thing] = by_column
        return {key: json.dumps(bucket).encode() for key, bucket in buckets.items()}

    def _bucket(self, thing: str) -> str:
        """The key under which a thing is packed with others: a text for each costs a build more."""
        return f"{self.name} {crc32(thing.encode()) % _BUCKETS}"

    def _ask(self, store: Store, things: tuple[str, ...]) -> dict[str, Found]:
        found: dict[str, Found] = {}
        if not things:
            return found
        values = f"VALUES ?thing {{ {' '.join(things)} }}"
        solutions = store.select(PREFIX + self.text.replace("$THINGS", values))
        names = [each.value for each in solutions.variables if each.value != "thing"]
        for row in solutions:
            answer = {name: full(row[name]) for name in names}
            found.setdefault(str(row["thing"]), []).append(answer)
        return found


def _to_rows(columns: dict[str, list[str]]) -> Found:
    return [dict(zip(columns, each, strict=True)) for each in zip(*columns.values(), strict=True)]


LABELS = Lookup(
    "label",
    """SELECT DISTINCT ?thing ?label WHERE {
  $THINGS
  ?thing rdfs:label|skos:prefLabel ?label . FILTER(LANG(?label) IN ("", "en"))
}""",
)
SOURCES = Lookup(
    "source",
    """SELECT DISTINCT ?thing ?publisher ?title ?published ?tier ?url ?original WHERE {
  $THINGS
  ?thing mz:publisher ?publisher ; mz:title ?title ;
    mz:tier ?tierConcept . ?tierConcept skos:notation ?tier .
  OPTIONAL { ?thing mz:published ?published } OPTIONAL { ?thing mz:url ?url }
  OPTIONAL { ?thing mz:root ?root . ?root mz:url ?original }
}""",
)
ABOUT = Lookup(
    "about",
    """SELECT DISTINCT ?thing ?row WHERE {
  $THINGS
  { ?row mz:describes ?thing } UNION { GRAPH ?row { ?row ?p ?thing } }
}""",
)
BY_IRI = Lookup(
    "iri",
    """SELECT DISTINCT ?thing ?entity ?class ?label WHERE {
  $THINGS
  ?row mz:describes ?thing . GRAPH ?row { ?thing a ?class ; rdfs:label ?label }
  BIND(?thing AS ?entity) }""",
)
_ENTITIES = """SELECT DISTINCT ?thing ?entity ?class ?label WHERE {
  $THINGS
  $NAMED
  ?row mz:describes ?entity . GRAPH ?row { ?entity a ?class ; rdfs:label ?label } }"""
_LABELLED = "{ ?entity rdfs:label ?thing } UNION { ?entity skos:altLabel ?thing }"
BY_ID = Lookup("id", _ENTITIES.replace("$NAMED", "?entity mz:id ?thing ."))
BY_CODE = Lookup("code", _ENTITIES.replace("$NAMED", "?entity mz:iso2 ?thing ."))
BY_NAME = Lookup("name", _ENTITIES.replace("$NAMED", _LABELLED))
BY_FIRST_WORD = Lookup(
    "word",
    """SELECT DISTINCT ?thing ?entity ?name WHERE {
  { ?entity rdfs:label ?written } UNION { ?entity skos:altLabel ?written }
  BIND(LCASE(STR(?written)) AS ?name) BIND(STRBEFORE(?name, " ") AS ?thing)
  { $THINGS } }""",
)


class StoredShapes(Mapping[str, TableShape]):
    """The tables of an ontology folder by name, each read from the store when it is asked for."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._read: dict[str, TableShape] = {}

    def __getitem__(self, name: str) -> TableShape:
        if name not in self._read:
            key = shape_key(name)
            text = (self._store.read_packed(FACTS, [key]) or {}).get(key)
            self._read[name] = _unpack(text) if text else read_shape(self._folder, name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(read_schema(self._folder).tables)

    def __len__(self) -> int:
        return len(read_schema(self._folder).tables)


def shape_key(table: str) -> str:
    """Return the key of the packed shape of a table."""
    return f"shape {table}"


def pack_shape(table: TableShape) -> bytes:
    """Return what is packed of a shape."""
    columns = [vars(column) for column in table.columns]
    return json.dumps({**vars(table), "columns": columns}, default=str).encode()


def _unpack(text: bytes) -> TableShape:
    content = json.loads(text)
    for column in content["columns"]:
        column["classes"] = tuple(column["classes"])
        for bound in ("minimum", "maximum"):
            column[bound] = None if column[bound] is None else Decimal(column[bound])
    columns = tuple(Column(**column) for column in content.pop("columns"))
    return TableShape(columns=columns, time_columns=tuple(content.pop("time_columns")), **content)


_YEAR = r"(?P<year>(?:19|20)\d{2})"
_NUMBER = r"(?:(?:no\.?|number|#)\s*)?(?P<number>\d{1,3})"
_WRITTEN = (
    rf"(?:mofcom )?announcement {_NUMBER}(?:(?: of |\s?/\s?|, ?| ?\(| ){_YEAR}\)?)?",
    rf"(?:mofcom )?announcement (?:no\.? )?{_YEAR}[ /]{_NUMBER}",
    r"(?:商务部)?[\s、,]*(?:海关总署)?\s*(?:公告)?\s*"
    rf"(?:{_YEAR}\s*年)?\s*第?\s*(?P<number>\d{{1,3}})\s*号\s*(?:公告)?",
)


class Announcement(NamedTuple):
    """The number of an announcement, and its year; the year is empty where none is written."""

    number: int
    year: str

    def is_that_of(self, policy: str, names: Iterable[str] = ()) -> bool:
        """Tell whether a policy may be the announcement."""
        held = [read for read in map(read_announcement, names) if read is not None]
        found = re.fullmatch(r"mofcom(?:-gac)?-(?P<year>\d{4})-(?P<number>\d{1,3})", policy)
        if not held and found:
            held = [Announcement(int(found["number"]), found["year"])]
        return any(self.number == each.number and self.year in ("", each.year) for each in held)


def read_announcement(text: str) -> Announcement | None:
    """Return the announcement that an English or Chinese text numbers; None for any other."""
    plain = " ".join(text.casefold().replace("-", " ").split())
    for pattern in _WRITTEN:
        if found := re.fullmatch(pattern, plain):
            return Announcement(int(found["number"]), found["year"] or "")
    return None


_PLACES = ("Facility", "Organisation", "Deposit")
_ALL_NAMES = """SELECT DISTINCT ?entity ?class ?label ?name WHERE {
  ?row mz:describes ?entity . ?entity a ?class ; rdfs:label ?label .
  { ?entity rdfs:label ?name } UNION { ?entity skos:altLabel ?name } UNION { ?entity mz:id ?name }
}"""
_NEAR, _LISTED = 0.7, 5
_WITH_ARTICLE = ("United ", "European ", "Rest of ", "Democratic ")
_ENDS_WITH_ARTICLE = ("Republic", "Islands", "Netherlands", "Philippines", "Emirates", "Union")


class Entity(Struct, order=True):
    """An entity."""

    iri: str  #: its address in RDF
    label: str
    classes: frozenset[str]  #: the IRIs of its classes

    @property
    def id(self) -> str:
        """The last part of the IRI."""
        return local_name(self.iri)

    @property
    def kind(self) -> str:
        """What it is, by the path of its IRI: facility, organisation, deposit, policy."""
        return self.iri.removeprefix(BASE + "id/").split("/")[0]

    @property
    def place(self) -> str:
        """Its kind and id, which name it and nothing else: ``deposit/mountain-pass``."""
        return f"{self.kind}/{self.id}"

    def is_a(self, *classes: str) -> bool:
        """Tell whether the entity is of one of some classes, by local name."""
        return any(NS + name in self.classes for name in classes)


def find_entity(store: Store, text: str, *classes: str, what: str = "name") -> Entity:
    """Find the one entity a text means, among some classes (by local name; none is any).

    An id wins over a name, an exact name over the two letters of a country, these over a near
    name: ``La`` is lanthanum, and Laos where a country is asked for. ``deposit/mountain-pass`` is
    the deposit, of that id, ``mountain-pass`` its mine.
    """
    check_text(text, what)
    text = text.strip()
    found = _mines(_with(BY_ID, store, text, classes))
    kind, _, rest = text.partition("/")
    if not found and kind and rest:
        placed = _with(BY_ID, store, rest, classes)
        found = [entity for entity in placed if entity.kind == kind.casefold()]
    if len(found) == 1:
        return found[0]
    names = entity_names(store, *classes)
    exact = {entity for name, entity in names if _fold(name) == _fold(text)}
    exact |= _announced(text, names)
    meant = _mines(exact) or _mines(_with(BY_CODE, store, text, classes))
    if len(meant) == 1:
        return meant[0]
    if meant:
        listed = [f"{entity.place} ({entity.label})" for entity in sorted(exact) or meant]
        thing = "thing" if what == "name" else what
        raise SeveralMeantError(
            f'"{text}" names more than one {thing}: {first_rows(listed, 20)}; write one of these.',
            tuple((entity.kind, entity.id, entity.label) for entity in sorted(exact) or meant),
        )
    near = _mines(_near(text, names))
    if len(near) == 1:
        best = near[0]
        if any(_fold(text) in _fold(name) for name, entity in names if entity == best):
            return best
    raise UnknownNameError(_unknown(store, text, near, what))


def cached_entities(store: Store, *kinds: str) -> list[Entity]:
    """Return the entities of some kinds (any if none) kept beside a store, by kind and id."""
    found = _collect(BY_ID.kept(store).values())
    chosen = (entity for entity in found if not kinds or entity.kind in kinds)
    return sorted(chosen, key=lambda entity: entity.place)


def cached_names(store: Store, *kinds: str) -> list[tuple[str, Entity]]:
    """Return the names and ids of the entities kept beside a store, with what they name."""
    found = (*BY_NAME.kept(store).items(), *BY_ID.kept(store).items())
    return sorted(
        {
            (term[1 : term.rindex('"')], entity)
            for term, answers in found
            for entity in _collect([answers])
            if not kinds or entity.kind in kinds
        }
    )


def entity_names(store: Store, *classes: str) -> list[tuple[str, Entity]]:
    """Return names and ids of all entities of some classes (any if none), with what they name."""
    kinds: dict[str, set[str]] = {}
    labels: dict[str, str] = {}
    names: set[tuple[str, str]] = set()
    for row in store.select(PREFIX + _ALL_NAMES):
        iri = row["entity"].value
        kinds.setdefault(iri, set()).add(row["class"].value)
        labels[iri] = min(labels.get(iri, row["label"].value), row["label"].value)
        names.add((row["name"].value, iri))
    entities = {iri: Entity(iri, labels[iri], frozenset(kinds[iri])) for iri in labels}
    return sorted(
        (name, entities[iri]) for name, iri in names if not classes or entities[iri].is_a(*classes)
    )


def near_entities(store: Store, text: str, *kinds: str) -> tuple[Entity, ...]:
    """Return the entities whose names or ids come near to a text, the nearest first."""
    names = [(name, each) for name, each in entity_names(store) if not kinds or each.kind in kinds]
    return tuple(_near(text, names)[:_LISTED])


def named_alike(store: Store, text: str, but: Entity) -> tuple[Entity, ...]:
    """Return what else a text fits: by id or name, and plants, firms and deposits that begin so."""
    text = text.strip()
    if text.casefold() == but.place.casefold():
        return ()
    written = {text, text.casefold(), text.upper(), text.capitalize()}
    tagged = sorted(
        quoted(word) + tag for word in written for tag in ("", "@en", "@zh", "@ja", "@ko")
    )
    found = {*_with(BY_ID, store, text, ()), *_with(BY_ID, store, but.id, ())}
    found |= {*_collect(BY_NAME.read(store, tagged).values())}
    if but.is_a(*_PLACES):
        start = f"{_fold(text)} "  # and goes on with another word
        word = quoted(start.partition(" ")[0])
        begun = BY_FIRST_WORD.read(store, [word]).get(word, [])
        iris = {f"<{each['entity']}>" for each in begun if each["name"].startswith(start)}
        kinds, known = {NS + name for name in _PLACES}, {entity.iri for entity in found}
        read = BY_IRI.read(store, sorted(iris)).values()
        places = _collect([each for each in answers if each["class"] in kinds] for answers in read)
        found |= {entity for entity in places if entity.iri not in known}
    return tuple(
        sorted((each for each in found if each.iri != but.iri), key=lambda each: each.place)
    )


def announced(store: Store, text: str) -> tuple[Entity, ...]:
    """Return the policies that a text means as the number of an announcement; none for others."""
    return tuple(sorted(_announced(text, entity_names(store, "Policy"))))


def _announced(text: str, names: Iterable[tuple[str, Entity]]) -> set[Entity]:
    """The policies that the number of an announcement names."""
    asked = read_announcement(text)
    if asked is None:
        return set()
    policies: dict[Entity, list[str]] = {}
    for name, each in names:
        if each.is_a("Policy"):
            policies.setdefault(each, []).append(name)
    return {each for each, own in policies.items() if asked.is_that_of(each.id, own)}


def _mines(found: Iterable[Entity]) -> list[Entity]:
    """Leave a deposit out that has the id of its mine: the mine is meant."""
    kept = list(found) if isinstance(found, list) else sorted(found)
    mines = {entity.id for entity in kept if entity.is_a("Facility")}
    return [entity for entity in kept if not (entity.is_a("Deposit") and entity.id in mines)]


def _with(lookup: Lookup, store: Store, text: str, classes: tuple[str, ...]) -> list[Entity]:
    """The entities of an id or a code, as it is written, in small letters or in capitals."""
    ids = sorted({quoted(text), quoted(text.casefold()), quoted(text.upper())})
    return sorted(
        entity
        for entity in _collect(lookup.read(store, ids).values())
        if not classes or entity.is_a(*classes)
    )


def _collect(answers: Iterable[Found]) -> list[Entity]:
    found: dict[str, tuple[str, set[str]]] = {}
    for each in chain.from_iterable(answers):
        _, kinds = found.setdefault(each["entity"], (each["label"], set()))
        kinds.add(each["class"])
    return [Entity(iri, label, frozenset(kinds)) for iri, (label, kinds) in found.items()]


def _near(text: str, names: list[tuple[str, Entity]]) -> list[Entity]:
    from difflib import SequenceMatcher  # only a name that is no id pays for it

    wanted = _fold(text)
    scores: dict[Entity, float] = {}
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    for name, entity in names:
        folded = _fold(name)
        score = 0.95 if wanted and wanted in folded else 0.0
        matcher.set_seq1(folded)
        if not score and matcher.quick_ratio() >= _NEAR:
            score = matcher.ratio()
        scores[entity] = max(scores.get(entity, 0.0), score)
    ranked = sorted((entity for entity in scores if scores[entity] >= _NEAR), key=lambda e: e.iri)
    return sorted(ranked, key=lambda entity: -scores[entity])


def _fold(text: str) -> str:
    return text.casefold().replace("-", " ").strip()


def _unknown(store: Store, text: str, near: list[Entity], what: str) -> str:
    """Say that nothing is meant here, and what the text names elsewhere or is near to."""
    fix = "try Dy, NdPr or MREE" if what == "element" else ""
    found = {entity for name, entity in entity_names(store) if _fold(name) == _fold(text)}
    if found:
        listed = ", ".join(f"{each.place} ({each.label})" for each in sorted(found))
        said = f'"{text}" is no {what} that can be asked about here; it names {listed}'
        return f"{said}; {fix}." if fix else f"{said}."
    if near:
        listed = ", ".join(f"{each.id} ({each.label}, {each.kind})" for each in near[:_LISTED])
        return f'There is no {what} "{text}"; near matches: {listed}.'
    return f'There is no {what} "{text}"; {fix or "search with: monazite query entities-named"}.'


def named(country: str) -> str:
    """Return the name of a country as it stands inside a sentence, with its article."""
    if country in {"World", "WLD"}:
        return "the world"
    if not country.startswith(_WITH_ARTICLE) and not country.endswith(_ENDS_WITH_ARTICLE):
        return country
    return "the " + (country[0].lower() + country[1:] if country.startswith("Rest") else country)
