"""The vocabulary as values: classes, properties, schemes and concepts; and classes of products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from monazite.core.formats import escaped, in_brief
from monazite.core.results import Struct
from monazite.data.iris import BASE, NS, PREFIXES, SCHEME, Statements, local_name

if TYPE_CHECKING:
    from monazite.data.columns import Schema, Triple

_OWL = "http://www.w3.org/2002/07/owl#"
_DCTERMS = "http://purl.org/dc/terms/"
_RDF, _RDFS, _SKOS = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["skos"]
_KINDS = {
    _OWL + "Class": "class",
    _OWL + "ObjectProperty": "object property",
    _OWL + "DatatypeProperty": "datatype property",
    _OWL + "AnnotationProperty": "annotation property",
}
_TOLD = {_SKOS + name for name in ("notation", "prefLabel", "altLabel", "definition", "example")}
_TOLD |= {_RDF + "type", _SKOS + "inScheme"}


class Term(Struct):
    """A class or property; ``above`` are its superclasses, ``domain`` and ``range`` are IRIs."""

    iri: str
    kind: str  # class | object property | datatype property | annotation property
    label: str
    comment: str
    example: str
    above: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    transitive: bool = False
    inverse_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The local name, which is also the anchor of the term in the reference."""
        return local_name(self.iri)


class Concept(Struct):
    """A concept of a closed list; ``more`` are its other properties, as IRI and value."""

    iri: str
    code: str
    label: str
    names: tuple[str, ...]
    definition: str
    example: str
    more: tuple[tuple[str, str], ...]


class Scheme(Struct):
    """A closed list: the concepts that a column of its class takes."""

    iri: str
    label: str
    definition: str
    class_iri: str
    concepts: tuple[Concept, ...]

    @property
    def name(self) -> str:
        """The last part of the IRI, which is also the name of the file."""
        return local_name(self.iri)


class Vocabulary(Struct):
    """All terms by name, and all schemes, with what the ontology says of itself."""

    title: str
    description: str
    version: str
    licence: str
    remark: str
    terms: tuple[Term, ...]
    schemes: tuple[Scheme, ...]

    def label(self, iri: str) -> str:
        """Return the label of a concept, or the last part of the IRI."""
        concepts = (concept for scheme in self.schemes for concept in scheme.concepts)
        return next((each.label for each in concepts if each.iri == iri), local_name(iri))


def read_vocabulary(schema: Schema) -> Vocabulary:
    """Return the terms and schemes that a schema was read with."""
    about, ontology = Statements(schema.vocabulary), NS.removesuffix("#")
    title, description, licence = (
        about.text(ontology, _DCTERMS + name) for name in ("title", "description", "license")
    )
    version, remark = (about.text(ontology, x) for x in (_OWL + "versionInfo", _RDFS + "comment"))
    return Vocabulary(title, description, version, licence, remark, _terms(about), _schemes(about))


def scope_notes(schema: Schema) -> Mapping[str, tuple[str, ...]]:
    """Return what each table means by a property that several share, by the IRI of the property."""
    found: dict[str, list[str]] = defaultdict(list)
    for _, table in sorted(schema.tables.items()):
        for column in table.columns:
            if column.path.startswith(NS) and not column.about_row:
                found[column.path].append(f"{table.name}.{column.name}: {column.description}")
    return {path: tuple(notes) for path, notes in sorted(found.items()) if len(notes) > 1}


class DatasetTitle(Struct):
    """What the tables say of themselves as a data set."""

    iri: str  #: its address in RDF
    title: str
    description: str  #: what it is
    issued: str  #: day of the release
    licence: str  #: address of the licence


def read_title(schema: Schema) -> DatasetTitle:
    """Return the title, release date and licence of the tables."""
    about = Statements(schema.vocabulary)
    iri = BASE + "dataset"
    names = ("title", "description", "issued", "license")
    return DatasetTitle(iri, *(about.text(iri, _DCTERMS + name) for name in names))


def concepts_in(triples: Iterable[Triple]) -> tuple[Concept, ...]:
    """Return the concepts that some triples describe, in the order of the triples."""
    about = Statements(triples)
    return tuple(
        _concept(about, iri) for iri in list(about.of) if about.all(iri, _SKOS + "inScheme")
    )


def _terms(about: Statements) -> tuple[Term, ...]:
    types = {iri: about.all(iri, _RDF + "type") for iri in sorted(about.of) if iri.startswith(NS)}
    kinds = {iri: [_KINDS[kind] for kind in own if kind in _KINDS] for iri, own in types.items()}
    return tuple(
        Term(
            iri=iri,
            kind=own[0],
            label=about.text(iri, _RDFS + "label"),
            comment=about.text(iri, _RDFS + "comment"),
            example=about.text(iri, _SKOS + "example"),
            above=about.all(iri, _RDFS + "subClassOf") + about.all(iri, _RDFS + "subPropertyOf"),
            domain=about.all(iri, _RDFS + "domain"),
            range=about.all(iri, _RDFS + "range"),
            transitive=_OWL + "TransitiveProperty" in types[iri],
            inverse_of=about.all(iri, _OWL + "inverseOf"),
        )
        for iri, own in kinds.items()
        if own
    )


def _schemes(about: Statements) -> tuple[Scheme, ...]:
    concepts: dict[str, list[Concept]] = defaultdict(list)
    for iri in list(about.of):
        for scheme in about.all(iri, _SKOS + "inScheme"):
            concepts[scheme].append(_concept(about, iri))
    return tuple(
        Scheme(
            iri=iri,
            label=about.text(iri, _SKOS + "prefLabel"),
            definition=about.text(iri, _SKOS + "definition"),
            class_iri=about.text(iri, NS + "conceptClass"),
            concepts=tuple(concepts[iri]),
        )
        for iri in sorted(about.of)
        if _SKOS + "ConceptScheme" in about.all(iri, _RDF + "type") and iri.startswith(SCHEME)
    )


def _concept(about: Statements, iri: str) -> Concept:
    told = ((name, values) for name, values in about.of[iri].items() if name not in _TOLD)
    more = [(name, value) for name, values in told for value in values]
    code, label, definition, example = (
        about.text(iri, _SKOS + name) for name in ("notation", "prefLabel", "definition", "example")
    )
    names = about.all(iri, _SKOS + "altLabel")
    return Concept(iri, code, label, names, definition, example, tuple(sorted(more)))


# Classes of products, as rules list them: found by key or by name, in one or in many.

ClassWords = Mapping[str, tuple[str, ...]]  # keys of classes by their :func:`class_word`
_NEAR, _SHOWN = 3, 60


def class_word(text: str) -> str:
    """Return the name of a class in one form: small letters, each word in the singular.

    >>> class_word("Traction  motors"), class_word("batteries")
    ('traction motor', 'battery')
    """
    return " ".join(_singular(each) for each in text.casefold().split())


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def class_words(labels: Iterable[tuple[str, str]]) -> ClassWords:
    """Return the keys of classes by key and by name; several where lists have the same name."""
    found: dict[str, tuple[str, ...]] = {}
    for key, label in sorted(labels):
        for name in dict.fromkeys(map(class_word, (key, label, label.partition(",")[0]))):
            found[name] = (*found.get(name, ()), key)
    return found


def classes_named(text: str, words: ClassWords) -> tuple[str, ...]:
    """Return the keys of the classes that a text names, parted by semicolons."""
    named = [words.get(class_word(each), ()) for each in _parts(text)]
    return tuple(dict.fromkeys(key for keys in named for key in keys))


def no_class(text: str, words: ClassWords) -> tuple[str, str] | None:
    """Return what is wrong with a text that should name classes, and what to write; else None."""
    from difflib import get_close_matches  # only what is no class pays for it

    odd = next((each for each in _parts(text) if class_word(each) not in words), None)
    if odd is None:
        return None
    near = get_close_matches(class_word(odd[:_SHOWN]), sorted(words), n=_NEAR, cutoff=0.5)
    said = ", ".join(f'"{each}"' for each in near)
    fix = f"did you mean {said}?" if near else "write a name of the table product_classes, or none"
    return f'"{in_brief(escaped(odd), _SHOWN)}" is no class of products that rules list', fix


def _parts(text: str) -> list[str]:
    return [word for each in text.split(";") if (word := each.strip())]
