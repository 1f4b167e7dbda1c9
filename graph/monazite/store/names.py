"""From what a reader types to the entity that is meant: by id, by name, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from monazite.core.errors import SeveralMeantError, UnknownNameError
from monazite.core.formats import first_rows
from monazite.data.iris import BASE, NS, local_name
from monazite.data.parameters import check_text
from monazite.store import lookups
from monazite.store.answers import quoted
from monazite.store.lookups import PREFIX, Found, Lookup
from monazite.store.store import Store

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


@dataclass(frozen=True, order=True)
class Entity:
    """An entity.

    Attributes:
        iri: its address in RDF.
        label: its name.
        classes: the IRIs of its classes.
    """

    iri: str
    label: str
    classes: frozenset[str]

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
    found = _mines(_with(lookups.BY_ID, store, text, classes))
    kind, _, rest = text.partition("/")
    if not found and kind and rest:
        placed = _with(lookups.BY_ID, store, rest, classes)
        found = [entity for entity in placed if entity.kind == kind.casefold()]
    if len(found) == 1:
        return found[0]
    names = entity_names(store, *classes)
    exact = {entity for name, entity in names if _fold(name) == _fold(text)}
    exact |= _announced(text, names)
    meant = _mines(exact) or _mines(_with(lookups.BY_CODE, store, text, classes))
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
    found = _collect(lookups.BY_ID.kept(store).values())
    chosen = (entity for entity in found if not kinds or entity.kind in kinds)
    return sorted(chosen, key=lambda entity: entity.place)


def cached_names(store: Store, *kinds: str) -> list[tuple[str, Entity]]:
    """Return the names and ids of the entities kept beside a store, with what they name."""
    found = (*lookups.BY_NAME.kept(store).items(), *lookups.BY_ID.kept(store).items())
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
    found = {*_with(lookups.BY_ID, store, text, ()), *_with(lookups.BY_ID, store, but.id, ())}
    found |= {*_collect(lookups.BY_NAME.read(store, tagged).values())}
    if but.is_a(*_PLACES):
        start = f"{_fold(text)} "  # and goes on with another word
        word = quoted(start.partition(" ")[0])
        begun = lookups.BY_FIRST_WORD.read(store, [word]).get(word, [])
        iris = {f"<{each['entity']}>" for each in begun if each["name"].startswith(start)}
        kinds, known = {NS + name for name in _PLACES}, {entity.iri for entity in found}
        read = lookups.BY_IRI.read(store, sorted(iris)).values()
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
