"""JSON-LD: a small part compacted with the shipped context, the whole graph expanded.

The context stands in the file itself, so that nobody has to fetch it. It shortens the terms of
the vocabulary; what is spoken of keeps its whole IRI, one text wherever it is named.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from monazite.core.errors import UnreadableError
from monazite.core.formats import escape_hidden
from monazite.core.package import ontology_folder
from monazite.core.results import do_nothing
from monazite.data.iris import NS, PREFIXES
from monazite.export.rdf import serialise
from monazite.export.selection import Progress, Selection, subjects_of

if TYPE_CHECKING:
    from rdflib import Literal
    from rdflib.term import IdentifiedNode

    from monazite.data.columns import Column, Schema

COMPACTED_QUADS = 20_000
"""More quads than these are written expanded: compacting takes 20 times as long."""
_OWL = "http://www.w3.org/2002/07/owl#"
_PREFIXES = {
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
    terms |= sorted(_PREFIXES.items())
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
    for name, namespace in _PREFIXES.items():
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
