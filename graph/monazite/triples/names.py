"""From what a reader types to the entity that is meant: by id, by name, in any language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monazite.errors import UnknownNameError
from monazite.parameters import check_text
from monazite.rows.iris import BASE, NS, PREFIXES, local_name
from monazite.triples.answers import quoted
from monazite.triples.store import Store

_PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
_BY_ID = """SELECT DISTINCT ?entity ?class ?label WHERE {
  VALUES ?id { $ID }
  ?entity mz:id ?id ; a ?class ; rdfs:label ?label . ?row mz:describes ?entity }"""
_BY_CODE = """SELECT DISTINCT ?entity ?class ?label WHERE {
  VALUES ?code { $ID }
  ?entity mz:iso2 ?code ; a ?class ; rdfs:label ?label . ?row mz:describes ?entity }"""
_ALL_NAMES = """SELECT DISTINCT ?entity ?class ?label ?name WHERE {
  ?row mz:describes ?entity . ?entity a ?class ; rdfs:label ?label .
  { ?entity rdfs:label ?name } UNION { ?entity skos:altLabel ?name } UNION { ?entity mz:id ?name }
}"""
_NEAR, _LISTED = 0.7, 5
_WITH_ARTICLE = ("United ", "European ", "Rest of ", "Democratic ")
_ENDS_WITH_ARTICLE = ("Republic", "Islands", "Netherlands", "Philippines", "Emirates", "Union")


@dataclass(frozen=True, order=True)
class Entity:
    """An entity: its IRI, id, classes and label."""

    iri: str
    label: str
    classes: frozenset[str]

    @property
    def id(self) -> str:
        """The last part of the IRI."""
        return local_name(self.iri)

    def is_a(self, *classes: str) -> bool:
        """Tell whether the entity is of one of some classes, by local name."""
        return any(NS + name in self.classes for name in classes)


def find_entity(store: Store, text: str, *classes: str, what: str = "name") -> Entity:
    """Find the one entity a text means, among some classes (by local name; none is any).

    An id wins over a name, an exact name over the two letters of a country, these over a near
    name: ``La`` is lanthanum, and Laos where a country is asked for.

    Raises:
        UnknownNameError: nothing, or more than one thing, is meant; near matches are listed.

    >>> from monazite.triples.store import open_store
    >>> find_entity(open_store(), "mountain pass", "Facility").id
    'mountain-pass'
    >>> find_entity(open_store(), "白云鄂博", "Facility").id
    'bayan-obo'
    >>> [find_entity(open_store(), word, "Country", "Area").id for word in ("us", "UK", "eu")]
    ['USA', 'GBR', 'EUE']
    """
    check_text(text, what)
    text = text.strip()
    found = _with(_BY_ID, store, text, classes)
    if len(found) == 1:
        return found[0]
    names = _names(store, classes)
    exact = _mines({entity for name, entity in names if _fold(name) == _fold(text)})
    if not exact:
        exact = _with(_BY_CODE, store, text, classes)
    if len(exact) == 1:
        return exact[0]
    near = exact or _mines(_near(text, names))
    if len(near) == 1 and not exact:
        best = near[0]
        if any(_fold(text) in _fold(name) for name, entity in names if entity == best):
            return best
    raise UnknownNameError(_unknown(text, near, what, several=bool(exact)))


def _mines(found: Iterable[Entity]) -> list[Entity]:
    """Leave a deposit out that has the id of its mine: the mine is meant."""
    kept = list(found) if isinstance(found, list) else sorted(found)
    mines = {entity.id for entity in kept if entity.is_a("Facility")}
    return [entity for entity in kept if not (entity.is_a("Deposit") and entity.id in mines)]


def _with(query: str, store: Store, text: str, classes: tuple[str, ...]) -> list[Entity]:
    """The entities of an id or a code, as it is written, in small letters or in capitals."""
    ids = " ".join(sorted({quoted(text), quoted(text.casefold()), quoted(text.upper())}))
    return _mines(
        sorted(
            entity
            for entity in _collect(store, query.replace("$ID", ids))
            if not classes or entity.is_a(*classes)
        )
    )


def _collect(store: Store, query: str) -> list[Entity]:
    found: dict[str, tuple[str, set[str]]] = {}
    for row in store.select(_PREFIX + query):
        _, kinds = found.setdefault(row["entity"].value, (row["label"].value, set()))
        kinds.add(row["class"].value)
    return [Entity(iri, label, frozenset(kinds)) for iri, (label, kinds) in found.items()]


def _names(store: Store, classes: tuple[str, ...]) -> list[tuple[str, Entity]]:
    kinds: dict[str, set[str]] = {}
    labels: dict[str, str] = {}
    names: set[tuple[str, str]] = set()
    for row in store.select(_PREFIX + _ALL_NAMES):
        iri = row["entity"].value
        kinds.setdefault(iri, set()).add(row["class"].value)
        labels[iri] = min(labels.get(iri, row["label"].value), row["label"].value)
        names.add((row["name"].value, iri))
    entities = {iri: Entity(iri, labels[iri], frozenset(kinds[iri])) for iri in labels}
    return sorted(
        (name, entities[iri]) for name, iri in names if not classes or entities[iri].is_a(*classes)
    )


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


def _unknown(text: str, near: list[Entity], what: str, *, several: bool) -> str:
    listed = ", ".join(
        f"{entity.id} ({entity.label}, {_kind(entity)})" for entity in near[:_LISTED]
    )
    if several:
        return f'"{text}" names more than one {what}: {listed}; write the id of one.'
    if near:
        return f'There is no {what} "{text}"; near matches: {listed}.'
    return f'There is no {what} "{text}"; search with: monazite query entities-named.'


def _kind(entity: Entity) -> str:
    return entity.iri.removeprefix(BASE + "id/").split("/")[0]


def named(country: str) -> str:
    """Return the name of a country as it stands inside a sentence, with its article.

    Args:
        country: its name, or ``WLD``.

    Returns:
        The name.

    >>> named("United States"), named("China"), named("World")
    ('the United States', 'China', 'the world')
    """
    if country in {"World", "WLD"}:
        return "the world"
    article = country.startswith(_WITH_ARTICLE) or country.endswith(_ENDS_WITH_ARTICLE)
    return (
        f"the {country[0].lower() + country[1:] if country.startswith('Rest') else country}"
        if (article)
        else country
    )
