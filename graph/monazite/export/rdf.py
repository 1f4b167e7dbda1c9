"""RDF as text: Turtle, TriG, N-Quads, RDF/XML and JSON-LD; the rows that a page carries too.

All is sorted. Of JSON-LD a small part is compacted with the shipped context, the whole graph
expanded. The context stands in the file itself, so that nobody has to fetch it. It shortens the
terms of the vocabulary; what is spoken of keeps its whole IRI, one text wherever it is named.
"""

from __future__ import annotations

import json
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyoxigraph as ox

from monazite.core.errors import UnreadableError
from monazite.core.formats import escape_hidden, escape_hidden_turtle, xml_text
from monazite.core.package import ontology_folder
from monazite.core.results import do_nothing
from monazite.data.iris import BASE, DIRECT_EVIDENCE, EVIDENCE, NS, PREFIXES, SCHEME, row_name
from monazite.export.selection import (
    READ,
    VIEW_GRAPH,
    Exported,
    Progress,
    Selection,
    in_order,
    iri_of,
    part,
    subjects_of,
    watched,
)
from monazite.store.quads import canonical_lines

if TYPE_CHECKING:
    from rdflib import Literal
    from rdflib.term import IdentifiedNode

    from monazite.data.columns import Column, Schema


_COMMON = {
    **{name: iri for name, iri in PREFIXES.items() if not iri.startswith(SCHEME)},
    **{name: f"{BASE}cube/{name}/" for name in ("attribute", "dimension", "measure")},
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "graph": BASE + "graph/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "qb": "http://purl.org/linked-data/cube#",
    "schema": "https://schema.org/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
}


_Statement = TypeVar("_Statement", ox.Quad, ox.Triple)


def _write(fmt: ox.RdfFormat, selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return every row as its named graph where a format has graphs, else the union of them."""
    schema = None if fmt in _WITHOUT_PREFIXES else selection.view.schema
    if fmt.supports_datasets:
        return serialise(selection.quads(progress), fmt, schema, progress)
    return serialise(selection.triples(progress), fmt, schema, progress)


_WITHOUT_PREFIXES = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
write_turtle = partial(_write, ox.RdfFormat.TURTLE)
write_trig = partial(_write, ox.RdfFormat.TRIG)
write_ntriples = partial(_write, ox.RdfFormat.N_TRIPLES)
write_nquads = partial(_write, ox.RdfFormat.N_QUADS)


def convert(turtle: bytes, form: str, about: str = "") -> bytes:
    """Return a file of Turtle in another form of RDF, sorted; blank nodes have canonical names."""
    if form == "turtle" and not about:
        return turtle
    found = ox.Dataset(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = in_order(x.triple for x in found if not about or iri_of(x.subject) == about)
    return ox.serialize(triples, format=_FORMS[form], prefixes=_COMMON) or b""


_FORMS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def write_canonical(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the statements in canonical form (RDFC-1.0), whose hash tells two copies apart."""
    if selection.names is None:
        return canonical_lines(selection.view.store.text())
    return canonical_lines(
        "".join(f"{quad} .\n" for quad in selection.statements(progress)).encode()
    )


def write_rdfxml(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the union of all graphs as RDF/XML; what XML cannot hold becomes U+FFFD."""
    triples = [_for_xml(triple) for triple in selection.triples(progress)]
    return serialise(triples, ox.RdfFormat.RDF_XML, selection.view.schema, progress)


def serialise(
    statements: Sequence[_Statement], fmt: ox.RdfFormat, schema: Schema | None, progress: Progress
) -> bytes:
    """Write quads or triples in their order, with the prefixes that occur in them."""
    prefixes = {} if schema is None else _used(prefixes_of(schema), statements)
    items = watched(statements, len(statements), part(progress, READ, 1))
    written = ox.serialize(items, format=fmt, prefixes=prefixes or None)
    assert written is not None
    return (
        written if fmt == ox.RdfFormat.RDF_XML else escape_hidden_turtle(written.decode()).encode()
    )


def prefixes_of(schema: Schema) -> dict[str, str]:
    """Return a prefix for every namespace: vocabularies, entities, sources, rows and schemes."""
    found = dict(_COMMON)
    for table in schema.tables.values():
        found[f"row-{table.name}"] = f"{BASE}row/{table.name}/"
        if table.id_path:
            found[table.id_path.rstrip("/").rsplit("/", 1)[-1]] = BASE + table.id_path
    for codes in schema.codes.values():
        for concept in codes.values():
            namespace = _namespace(concept)
            name = namespace.rstrip("/").rsplit("/", 1)[-1]
            found[name if found.get(name, namespace) == namespace else f"{name}-code"] = namespace
            break
    return found


def _used(prefixes: dict[str, str], statements: Iterable[ox.Quad | ox.Triple]) -> dict[str, str]:
    seen: set[str] = set()
    for statement in statements:
        for term in statement:  # subject, predicate, object, and of a quad its graph
            if isinstance(term, ox.NamedNode):
                seen.add(_namespace(term.value))
            elif isinstance(term, ox.Literal):
                seen.add(_namespace(term.datatype.value))
    return {name: iri for name, iri in sorted(prefixes.items()) if iri in seen}


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _for_xml(triple: ox.Triple) -> ox.Triple:
    value = triple.object
    if not isinstance(value, ox.Literal) or xml_text(value.value) == value.value:
        return triple
    kind = {"language": value.language} if value.language else {"datatype": value.datatype}
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(xml_text(value.value), **kind))


_REIFIES = ox.NamedNode(PREFIXES["rdf"] + "reifies")
_PARTS = tuple(PREFIXES["rdf"] + name for name in ("subject", "predicate", "object"))
_FACTS = ox.NamedNode(DIRECT_EVIDENCE)
_ROW = BASE + "row/"


def write_annotations(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the union of all graphs, and which row says each triple, as Turtle 1.2."""
    quads = selection.quads(progress)
    plain = (quad.triple for quad in quads if not _is_part(quad))
    triples = in_order([*plain, *_annotations(quads)])
    return serialise(triples, ox.RdfFormat.TURTLE, selection.view.schema, progress)


def _annotations(quads: list[ox.Quad]) -> Iterator[ox.Triple]:
    facts: dict[Any, dict[str, Any]] = defaultdict(dict)
    for quad in quads:
        row = quad.graph_name
        if isinstance(row, ox.NamedNode) and row.value.startswith(_ROW):
            yield ox.Triple(row, _REIFIES, quad.triple)
        elif _is_part(quad):
            facts[quad.subject][quad.predicate.value] = quad.object
    for node, parts in facts.items():
        subject, predicate, value = (parts[name] for name in _PARTS)
        yield ox.Triple(node, _REIFIES, ox.Triple(subject, predicate, value))


def _is_part(quad: ox.Quad) -> bool:
    """Tell whether a quad says what the subject, predicate or object of a direct fact is."""
    return quad.predicate.value in _PARTS and quad.graph_name == _FACTS


class Enclosed(Selection):
    """Some rows of a view, by name, and the sources that speak for them."""

    chosen: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        """The rows as ``table/key``, their sources among them."""
        return self.chosen | self.sources_of(self.chosen)


def enclose(view: Exported, rows: Iterable[str]) -> str:
    """Return rows of a view as TriG: each its named graph, with its sources."""
    tables = view.schema.tables  # names may come from a page from elsewhere, and go into a query
    chosen = (row for row in rows if "/" in row and row.split("/", 1)[0] in tables)
    return write_trig(Enclosed(view, chosen=frozenset(chosen))).decode()


def read_enclosed(trig: str, page: str = "The page") -> dict[str, frozenset[str]]:
    """Read rows back: what each says and who says it, as sorted statements by its name."""
    found: dict[str, set[str]] = defaultdict(set)
    try:
        for quad in ox.parse(trig.encode("utf-8", "replace"), format=ox.RdfFormat.TRIG):
            graph, subject = iri_of(quad.graph_name), iri_of(quad.subject)
            if graph == VIEW_GRAPH:
                continue
            about = subject if graph == EVIDENCE else graph
            name = row_name(about) if about.startswith(_ROW) else about.removeprefix(BASE)
            found[name].add(f"{quad.triple}")
    except (SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(f"{page} carries rows that are no TriG: {error}.") from None
    return {about: frozenset(said) for about, said in found.items()}


COMPACTED_QUADS = 20_000
"""More quads than these are written expanded: compacting takes 20 times as long."""
_OWL = "http://www.w3.org/2002/07/owl#"
_SHORTENED = {
    **{name: iri for name, iri in PREFIXES.items() if name != "stage"},
    "dcterms": "http://purl.org/dc/terms/",
    "void": "http://rdfs.org/ns/void#",
}
_TYPES = {"decimal": "xsd:decimal", "integer": "xsd:integer", "anyURI": "xsd:anyURI"}
_LINKS = {"reference", "in-table"}


def write_jsonld(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return named graphs as JSON-LD: compacted where they are few, else expanded."""
    quads = selection.quads(progress)
    if len(quads) > COMPACTED_QUADS:
        return serialise(quads, ox.RdfFormat.JSON_LD, None, progress) + b"\n"
    return _compact(quads, read_context())


def write_context(selection: Selection, progress: Progress = do_nothing) -> bytes:
    """Return the context of the vocabulary; it is shipped as ``ontology/context.jsonld``."""
    del progress
    context = make_context(selection.view.schema)
    return (
        escape_hidden(json.dumps({"@context": context}, ensure_ascii=False, indent=1)) + "\n"
    ).encode()


def read_context(ontology: Path | None = None) -> dict[str, object]:
    """Return the shipped context."""
    file = (ontology or ontology_folder()) / "context.jsonld"
    try:
        found = json.loads(file.read_bytes())["@context"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UnreadableError(f"{file} is missing or broken; install monazite again.") from None
    assert isinstance(found, dict)
    return found


def make_context(schema: Schema) -> dict[str, object]:
    """Return the context for a schema: prefixes, then the terms of vocabulary and shapes."""
    terms: dict[str, object] = {"@version": 1.1}
    terms |= sorted(_SHORTENED.items())
    terms |= sorted(_vocabulary(schema, "Class").items())
    links = _vocabulary(schema, "ObjectProperty")
    found: dict[str, object] = {
        name: {"@id": iri, "@type": "@id"} for name, iri in links.items()
    } | dict(_vocabulary(schema, "DatatypeProperty"))
    for table in schema.tables.values():
        for column in table.columns:
            found.update(_terms_of(column, schema))
    day = (NS + "firstPossibleDay", NS + "lastPossibleDay")  # above what holds one day
    for iri in sorted(subjects_of(schema, PREFIXES["rdfs"] + "subPropertyOf", *day)):
        found[iri.removeprefix(NS)] = {"@id": _short(iri), "@type": "xsd:date"}
    return terms | dict(sorted(found.items()))


def _vocabulary(schema: Schema, kind: str) -> dict[str, str]:
    iris = subjects_of(schema, PREFIXES["rdf"] + "type", _OWL + kind)
    return {iri.removeprefix(NS): _short(iri) for iri in iris if iri.startswith(NS)}


def _terms_of(column: Column, schema: Schema) -> dict[str, object]:
    name, short = column.path.rsplit("/", 1)[-1].rsplit("#", 1)[-1], _short(column.path)
    kinds = {
        other.kind
        for table in schema.tables.values()
        for other in table.columns
        if other.path == column.path
    }
    if kinds <= _LINKS:
        return {name: {"@id": short, "@type": "@id"}}
    if kinds == {"date"}:
        return {name: short}
    found: dict[str, object] = {name: short}
    if len(kinds) == 1 and column.kind in _TYPES:
        found[name] = {"@id": short, "@type": _TYPES[column.kind]}
    if kinds & {"decimal", "integer"}:
        found[name + "AsWritten"] = short + "AsWritten"
    return found


def _short(iri: str) -> str:
    for name, namespace in _SHORTENED.items():
        if iri.startswith(namespace):
            return f"{name}:{iri.removeprefix(namespace)}"
    return iri


def _compact(quads: list[ox.Quad], context: dict[str, object]) -> bytes:
    from rdflib import Dataset

    dataset = Dataset()
    for quad in quads:
        graph = dataset.graph(_to_rdflib(quad.graph_name))
        graph.add((_to_rdflib(quad.subject), _to_rdflib(quad.predicate), _to_rdflib(quad.object)))
    with warnings.catch_warnings():  # rdflib's serialiser calls names that rdflib deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        text = dataset.serialize(format="json-ld", context=context)
    content = _sorted(json.loads(text))
    return (escape_hidden(json.dumps(content, ensure_ascii=False, indent=1)) + "\n").encode()


def _to_rdflib(term: object) -> IdentifiedNode | Literal:
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    if term.datatype.value == PREFIXES["xsd"] + "string":
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def _sorted(content: object) -> object:
    """Sort objects by name and arrays by content: rdflib's order depends on hashes."""
    if isinstance(content, dict):
        return {name: _sorted(value) for name, value in sorted(content.items())}
    if isinstance(content, list):
        return sorted((_sorted(item) for item in content), key=_text_of)
    return content


def _text_of(content: object) -> str:
    return escape_hidden(json.dumps(content, ensure_ascii=False))
