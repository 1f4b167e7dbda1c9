"""RDF as text: Turtle, TriG, N-Quads and RDF/XML, sorted; the rows that a page carries too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import pyoxigraph as ox

from monazite.core.errors import UnreadableError
from monazite.core.formats import escape_hidden_turtle
from monazite.core.results import do_nothing
from monazite.data.iris import BASE, DIRECT_EVIDENCE, EVIDENCE, PREFIXES, SCHEME, row_name
from monazite.export.selection import (
    READ,
    VIEW_GRAPH,
    Exported,
    Progress,
    Selection,
    in_order,
    iri_of,
    part,
    watched,
    xml_text,
)
from monazite.store.quads import canonical_lines

if TYPE_CHECKING:
    from monazite.data.columns import Schema


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


@dataclass(frozen=True)
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
