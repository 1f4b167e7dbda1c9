"""The vocabulary, its schemes and shapes: declared, described, led to, free of contradiction."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import owlrl  # type: ignore[import-untyped]  # it ships no types
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, PROV, VANN, VOID
from rdflib.term import Node

from monazite.analysis.inventory import view_iri
from monazite.core.package import ontology_folder
from monazite.data.columns import Column, Schema, TableShape
from monazite.data.iris import BASE, NS, PREFIXES, SCHEME
from monazite.data.reader import Row, Tables
from monazite.store.checks import to_ntriples
from monazite.store.quads import to_nquads
from monazite.store.store import Store
from tests.sharing import only_whole

FOLDER = ontology_folder()
GOLDEN = Path(__file__).parent / "golden"
PARAMETERS = ("horizon", "contingency-event")
"""Closed lists that no column takes: what a reader may ask for."""
DIRECT = "certainty"  # The closed list that no column takes and direct facts use
SCHEMES = sorted((FOLDER / "schemes").glob("*.ttl"))
MZ = Namespace(NS)
OUTSIDE = (
    *(str(RDF), str(RDFS), str(OWL), str(SKOS), str(PROV), str(DCTERMS), str(DCAT), str(VOID)),
    *(str(ORG), str(FOAF), str(VANN), PREFIXES["geo"]),
)
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    return Graph().parse(FOLDER / "monazite.ttl")


@pytest.fixture(scope="module")
def schemes() -> Graph:
    graph = Graph()
    for file in SCHEMES:
        graph.parse(file)
    return graph


def own_terms(graph: Graph) -> Iterator[URIRef]:
    for subject in set(graph.subjects(RDF.type)):
        if isinstance(subject, URIRef) and str(subject).startswith(NS):
            yield subject


@pytest.mark.whole
def test_rdflib_and_oxigraph_read_the_same_number_of_triples() -> None:
    for file in sorted(FOLDER.glob("**/*.ttl")):
        parsed = {(q.subject, q.predicate, q.object) for q in ox.parse(path=str(file))}
        assert len(parsed) == len(Graph().parse(file)) > 0, file


def test_the_ontology_has_a_version_and_a_licence(vocabulary: Graph) -> None:
    ontology = URIRef(NS.removesuffix("#"))
    assert (ontology, RDF.type, OWL.Ontology) in vocabulary
    version = str(vocabulary.value(ontology, OWL.versionInfo))
    assert vocabulary.value(ontology, OWL.versionIRI) == URIRef(f"{ontology}/{version}")
    assert "apache.org/licenses" in str(vocabulary.value(ontology, DCTERMS.license))


def test_every_term_is_declared_once_and_described(vocabulary: Graph) -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    for term in own_terms(vocabulary):
        assert len(kinds & set(vocabulary.objects(term, RDF.type))) == 1, term
        assert len(list(vocabulary.objects(term, RDFS.label))) == 1, term
        assert vocabulary.value(term, RDFS.comment), term
        assert vocabulary.value(term, SKOS.example), term


def test_what_was_published_stays_or_names_its_successor(vocabulary: Graph, schemes: Graph) -> None:
    known = vocabulary + schemes
    published = (GOLDEN / "published-terms.txt").read_text(encoding="utf-8").split()
    assert len(published) > 1_000
    for path in published:
        term = URIRef(BASE + path)
        assert (term, RDF.type, None) in known, path
        if (term, OWL.deprecated, None) in known:
            assert known.value(term, DCTERMS.isReplacedBy), path


OF_OWL = {f"{XSD}{name}" for name in ("string", "integer", "decimal", "boolean", "anyURI")}
OF_OWL |= {f"{XSD}dateTime", f"{RDFS}Literal"}
"""The datatypes of OWL 2 that are used here; it has none for days, months and years."""
PLACES = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)
BUILT_IN = (str(RDF), str(RDFS), str(OWL), str(XSD))


def test_the_vocabulary_takes_only_datatypes_of_owl_2(vocabulary: Graph) -> None:
    typed = {
        str(term.datatype)
        for term in vocabulary.objects()
        if isinstance(term, Literal) and term.datatype
    }
    ranges = {str(term) for term in vocabulary.objects(None, RDFS.range)}
    assert typed <= OF_OWL
    assert {term for term in ranges if term.startswith(str(XSD))} <= OF_OWL


def test_every_outside_term_that_the_vocabulary_uses_is_declared(vocabulary: Graph) -> None:
    places = (*PLACES, OWL.inverseOf, RDF.first)
    used = set(vocabulary.predicates()) | {
        term for place in places for term in vocabulary.objects(None, place)
    }
    outside = {
        term
        for term in used
        if isinstance(term, URIRef) and not str(term).startswith((NS, *BUILT_IN))
    }
    assert URIRef(f"{SKOS}Concept") in outside
    assert {term for term in outside if (term, RDF.type, None) not in vocabulary} == set()
    declared = {
        term
        for term in vocabulary.subjects(RDF.type)
        if isinstance(term, URIRef) and not str(term).startswith(BASE)
    }
    of_rules = {
        *(ORG[name] for name in ("ChangeEvent", "resultedFrom", "resultingOrganization")),
        *(ORG[name] for name in ("originalOrganization", "changedBy")),
    }
    assert declared - outside == {SKOS.scopeNote, PROV.wasDerivedFrom, *of_rules}


def test_whatever_the_shapes_and_schemes_name_is_declared(
    vocabulary: Graph, schemes: Graph
) -> None:
    declared = set(own_terms(vocabulary))
    graph = Graph()
    graph += schemes
    for file in sorted((FOLDER / "shapes").glob("*.ttl")):
        graph.parse(file)
    named = {
        term
        for triple in graph
        for term in triple
        if isinstance(term, URIRef) and str(term).startswith(NS)
    }
    assert named - declared == set()


def test_whatever_the_quads_use_is_declared(store: Store, vocabulary: Graph) -> None:
    declared = {str(term) for term in own_terms(vocabulary)}
    query = "SELECT DISTINCT ?term { { ?s ?term ?o } UNION { ?s a ?term } }"
    used = {solution["term"].value for solution in store.select(query)}
    assert {term for term in used - declared if not term.startswith(OUTSIDE)} == set()


def test_every_closed_column_has_a_scheme(shipped: Tables, schemes: Graph) -> None:
    schema = shipped.schema
    of_tables = {table.class_iri for table in schema.tables.values()}
    closed = {
        name
        for table in schema.tables.values()
        for column in table.columns
        for name in column.classes
        if name not in of_tables
    }
    asked = {
        str(schemes.value(URIRef(SCHEME + name), MZ.conceptClass)) for name in (*PARAMETERS, DIRECT)
    }
    assert closed | asked == set(schema.codes)
    assert all(schema.codes[name] for name in closed | asked)
    assert {str(term) for term in schemes.objects(None, MZ.conceptClass)} == closed | asked


def test_terms_that_count_records_count_those_that_are_held(shipped: Tables) -> None:
    """UN Comtrade lets fewer than 100,000 records in all be given on."""
    licences = {row.key: row.text("licence") for row in shipped.rows if row.table == "sources"}
    said = {
        source: int(found[1])
        for source, text in licences.items()
        if (found := re.search(r"(\d+) records are held here", text))
    }
    held = Counter(
        cell.text
        for row in shipped.rows
        for cell in row.cells.get("source", ())
        if cell.text in said
    )
    assert held == said
    assert {"comtrade-2023", "comtrade-us-via-akashok1"} <= said.keys()
    assert sum(said.values()) < 100_000


def test_what_words_name_is_linked_where_it_has_a_row(shipped: Tables) -> None:
    """The printed words stay; beside them stands the thing that they name exactly."""

    def named(table: str) -> dict[str, str]:
        rows = shipped.of(table)
        names = {row.text("name") or row.text("title"): row.key for row in rows}
        return {name.casefold(): key for name, key in names.items()}

    def linked(row: Row, column: str) -> set[str]:
        return {cell.text for cell in row.cells.get(column, ())}

    symbols = {row.key for row in shipped.of("elements")}
    for row in shipped.of("minerals"):
        assert symbols & linked(row, "contains") <= linked(row, "elements"), row.key
    titles = named("policies")
    for row in shipped.of("policies"):
        parts = [part.strip().casefold() for part in row.text("legal_basis").split(";")]
        wanted = {titles[part] for part in parts if part in titles} - {row.key}
        assert wanted <= linked(row, "based_on"), row.key
    goods, minerals = named("materials"), named("minerals")
    for row in shipped.of("facility_materials"):
        text = row.text("text").casefold()
        assert text not in goods or row.text("material"), row.key
        assert text not in minerals or linked(row, "minerals") or row.text("material"), row.key


def test_every_class_of_a_table_is_of_one_table(shipped: Tables, vocabulary: Graph) -> None:
    """A subclass of it would fall under the shapes of two tables."""
    classes = [URIRef(table.class_iri) for table in shipped.schema.tables.values()]
    assert len(set(classes)) == len(classes)
    for one in classes:
        assert not set(vocabulary.transitive_objects(one, RDFS.subClassOf)) & set(classes) - {one}


def columns_of(schema: Schema) -> dict[URIRef, list[tuple[TableShape, Column]]]:
    """The columns that use each property of ours, whichever the table."""
    found: dict[URIRef, list[tuple[TableShape, Column]]] = defaultdict(list)
    for table in schema.tables.values():
        for column in table.columns:
            if column.path.startswith(NS) and not column.about_row:
                found[URIRef(column.path)].append((table, column))
    return found


def test_comments_say_what_holds_in_every_column(
    shipped: Tables, vocabulary: Graph, schemes: Graph
) -> None:
    for path, columns in columns_of(shipped.schema).items():
        comment = str(vocabulary.value(path, RDFS.comment))
        said = {column.description for _, column in columns}
        assert comment not in said or said == {comment} or len(columns) == 1, path
        named = {SCHEME + name for name in re.findall(r"\(scheme ([a-z0-9-]+)\)", comment)}
        classes = {name for _, column in columns for name in column.classes}
        closed = {str(schemes.value(None, MZ.conceptClass, URIRef(name))) for name in classes}
        assert named in (set(), closed), path
        for _, column in columns:
            told = re.findall(r"\(scheme ([a-z0-9-]+)\)", column.description)
            assert {SCHEME + name for name in told} <= closed, path


def test_domain_and_range_hold_for_every_shape_that_uses_a_property(
    shipped: Tables, vocabulary: Graph
) -> None:
    def above(name: str) -> set[Node | None]:
        return set(vocabulary.transitive_objects(URIRef(name), RDFS.subClassOf))

    for path, columns in columns_of(shipped.schema).items():
        domain = set(vocabulary.objects(path, RDFS.domain))
        wanted = vocabulary.value(path, RDFS.range)
        for table, column in columns:
            assert domain <= above(table.class_iri), (path, table.name)
            if isinstance(wanted, URIRef) and str(wanted).startswith(NS):
                assert all(wanted in above(name) for name in column.classes), (path, table.name)
            elif wanted is not None and column.kind != "date":
                assert str(wanted).endswith(f"#{column.kind}"), (path, table.name)


def test_what_each_table_means_by_a_shared_property_is_in_the_store(
    shipped: Tables, store: Store
) -> None:
    ask = f"SELECT ?note {{ <{NS}country> <{SKOS.scopeNote}> ?note }}"
    notes = [solution["note"].value for solution in store.select(ask)]
    tables = [table.name for table, _ in columns_of(shipped.schema)[MZ.country]]
    assert sorted(note.partition(".")[0] for note in notes) == sorted(tables)
    assert "organisations.country: Seat." in notes


def test_a_row_is_editorial_or_a_claim_as_the_views_take_it(
    shipped: Tables, vocabulary: Graph
) -> None:
    for table in shipped.schema.tables.values():
        above = set(vocabulary.transitive_objects(URIRef(table.class_iri), RDFS.subClassOf))
        claim = table.kind == "record" and not table.in_every_view
        assert (MZ.Claim in above) == claim, table.name
        assert (MZ.EditorialRow in above) == table.in_every_view, table.name


@pytest.mark.parametrize("file", SCHEMES, ids=lambda file: str(file.stem))
def test_every_concept_is_described_and_stands_in_its_scheme(file: Path) -> None:
    graph = Graph().parse(file)
    (scheme,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    assert str(scheme) == SCHEME + file.stem
    assert graph.value(scheme, SKOS.prefLabel)
    assert graph.value(scheme, SKOS.definition)
    concepts = list(graph.subjects(RDF.type, SKOS.Concept))
    assert concepts
    for concept in concepts:
        assert graph.value(concept, SKOS.inScheme) == scheme
        code = str(graph.value(concept, SKOS.notation))
        assert str(concept) == f"{scheme}/{code}"
        assert (concept, RDF.type, graph.value(scheme, MZ.conceptClass)) in graph
        for wanted in (SKOS.prefLabel, SKOS.definition, SKOS.example):
            texts = [text for text in graph.objects(concept, wanted) if text.language == "en"]  # type: ignore[attr-defined]  # literals only
            assert len(texts) == 1, (concept, wanted)
    codes = list(graph.objects(None, SKOS.notation))
    assert len(codes) == len(set(codes))
    below = set(graph.subjects(SKOS.broader, None))
    assert set(graph.objects(scheme, SKOS.hasTopConcept)) == set(concepts) - below


def test_every_scheme_has_a_concept_that_some_row_uses(store: Store, schemes: Graph) -> None:
    ask = (
        "SELECT DISTINCT ?scheme { ?s ?p ?o . ?o a <%s> ; <%s> ?scheme . FILTER(?p NOT IN (<%s>)) }"
    )
    query = ask % (SKOS.Concept, SKOS.inScheme, f"{SKOS.broader}>, <{SKOS.hasTopConcept}")
    used = {solution["scheme"].value for solution in store.select(query)}
    every = {str(term) for term in schemes.subjects(RDF.type, SKOS.ConceptScheme)}
    assert every - {SCHEME + name for name in PARAMETERS} == used


# Redirects

SITE = "%{ENV:SITE}/"
PAGE = "ontology.html"


@dataclass(frozen=True)
class Rule:
    """A line of the map; ``for_pages`` where it is for who asks for HTML."""

    pattern: re.Pattern[str]
    target: str
    for_pages: bool


def read_rules() -> list[Rule]:
    """The map of redirects at w3id.org."""
    found, for_pages = [], False
    for line in (FOLDER / "w3id.htaccess").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:1] == ["RewriteCond"]:
            assert words[1:] == ["%{HTTP_ACCEPT}", "text/html"]
            for_pages = True
        elif words[:1] == ["RewriteRule"] and words[2] != "-":
            assert words[2].startswith(SITE)
            assert words[3].startswith("[R=303,")
            found.append(Rule(re.compile(words[1]), words[2].removeprefix(SITE), for_pages))
            for_pages = False
    return found


RULES = read_rules()


def led(iri: str, *, page: bool = False) -> set[str]:
    """Where the rules lead an IRI, of which a server sees no fragment, and unquoted."""
    path = unquote(iri.removeprefix(BASE).partition("#")[0])
    return {
        found.expand(rule.target.replace("$", "\\"))
        for rule in RULES
        if rule.for_pages == page and (found := rule.pattern.match(path))
    }


@pytest.mark.whole
def test_every_iri_of_the_store_leads_to_one_file_that_is_there(store: Store) -> None:
    terms = {
        term
        for quad in store.quads()
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
    }
    named = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    iris = {iri for iri in named if iri.startswith(BASE)}
    assert len(iris) > 20_000
    targets = {iri: led(iri) for iri in iris}
    assert {iri: found for iri, found in targets.items() if len(found) != 1} == {}
    files = {file for found in targets.values() for file in found}
    assert {file for file in files if not (FOLDER / file).is_file()} == set()


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("ns#country", "monazite.ttl"),
        ("ns/0.1.0", "monazite.ttl"),
        ("file/examples/dysprosium-usa.svg", "../examples/dysprosium-usa.svg"),
        ("id/facility/mt-weld", "tables/facilities.csv"),
        ("row/prices/a%2Fb", "tables/prices.csv"),
        ("shape/prices", "shapes/prices.ttl"),
        ("alignments", "alignments.ttl"),
        ("graph/alignments", "alignments.ttl"),
        ("graph/direct-evidence", "dataset.ttl"),
        ("cube/production/value/structure", "dataset.ttl"),
        ("cube/dimension/country", "dataset.ttl"),
        ("observation/production/a/value", "dataset.ttl"),
        (view_iri({"valid": "2025-05-15"}).removeprefix(BASE), "dataset.ttl"),
        ("nothing/of/ours", None),
    ],
)
def test_what_only_exports_name_leads_there_too(path: str, file: str | None) -> None:
    assert led(BASE + path) == ({file} if file else set())


def test_things_lead_to_their_table_and_who_asks_for_pages_to_the_anchor(shipped: Tables) -> None:
    for table in shipped.schema.tables.values():
        path = f"{table.id_path}a" if table.id_path else f"row/{table.name}/a"
        assert led(BASE + path) == {f"tables/{table.name}.csv"}
    assert led(f"{BASE}ns#country", page=True) == {PAGE}
    assert led(f"{BASE}scheme/stage", page=True) == {f"{PAGE}#scheme-stage"}
    assert led(f"{BASE}scheme/stage/mine", page=True) == {f"{PAGE}#scheme-stage-mine"}


# Reasoning


def contradictions(graph: Graph) -> set[Node]:
    """Close a graph under OWL 2 RL, and return what is in no possible world."""
    closure = owlrl.DeductiveClosure(owlrl.OWLRL_Semantics)
    closure.expand(graph)
    return set(graph.subjects(RDF.type, OWL.Nothing)) | set(graph.subjects(RDF.type, ERROR))


def members(vocabulary: Graph) -> Graph:
    """One nameless member of each class: without it no reasoner sees that a class is empty."""
    graph = Graph()
    for one in own_terms(vocabulary):
        if (one, RDF.type, OWL.Class) in vocabulary:
            graph.add((BNode(), RDF.type, one))
    return graph


@pytest.mark.whole
def test_no_class_is_impossible_and_no_row_contradicts(vocabulary: Graph, shipped: Tables) -> None:
    rows = shipped.rows[::60]
    text = to_ntriples(to_nquads(rows, shipped.schema), shipped.schema).splitlines()
    own = [line for line in text if not line.startswith((f"<{NS}", f"<{SCHEME}", "_:"))]
    graph = vocabulary + members(vocabulary)
    graph.parse(data="\n".join(own), format="nt")
    assert len(graph) > len(vocabulary) + 500
    assert contradictions(graph) == set()


SEEDED = {
    "an element both light and heavy": f"""
        <{BASE}id/element/Dy> a mz:HeavyRareEarth, mz:LightRareEarth .""",
    "an organisation both ministry and company": f"""
        <{BASE}id/organisation/mofcom> a mz:Ministry, mz:Company .""",
    "a row both ownership and production": f"""
        <{BASE}row/ownership/a> a mz:Ownership, mz:Production .""",
    "a price with the event of a plant": f"""
        <{BASE}row/prices/a> a mz:Price ; mz:event <{SCHEME}facility-event/closed> .""",
    "a material that lies in a mine": f"""
        <{BASE}id/facility/a> mz:hasPart <{BASE}id/material/b> .
        <{BASE}id/material/b> a mz:Material .""",
    "a facility that is an organisation": f"<{BASE}id/a> a mz:Facility, mz:Organisation .",
    "a country that is an area": f"<{BASE}id/a> a mz:Country, mz:Area .",
    "a capacity that is a facility": f"<{BASE}id/a> a mz:Capacity, mz:Facility .",
}


@pytest.fixture(scope="module")
def axioms(vocabulary: Graph) -> Graph:
    """What a reasoner reads of the vocabulary, without its words."""
    of_owl = {*PLACES, OWL.inverseOf, OWL.members, RDF.first, RDF.rest, RDF.type}
    graph = Graph()
    for subject, predicate, value in vocabulary:
        if predicate in of_owl:
            graph.add((subject, predicate, value))
    return graph


def sound_things(store: Store) -> Graph:
    """Two things of each class of the shipped rows, with all that their rows say of things."""
    graph = Graph()
    ask = (
        "SELECT ?class (MIN(?s) AS ?one) (MAX(?s) AS ?other) "
        "{ ?s a ?class . FILTER(%s) } GROUP BY ?class"
    )
    kept = f"STRSTARTS(STR(?class), '{NS}') && !STRSTARTS(STR(?s), '{SCHEME}')"
    for found in store.select(ask % kept):
        for thing in {found["one"].value, found["other"].value}:
            told = f"SELECT ?p ?o {{ <{thing}> ?p ?o . FILTER(isIRI(?o)) }}"
            for each in store.select(told):
                triple = (URIRef(thing), URIRef(each["p"].value), URIRef(each["o"].value))
                graph.add(triple)
    return graph


@pytest.mark.whole
def test_no_two_of_each_class_contradict_the_vocabulary(axioms: Graph, store: Store) -> None:
    things = sound_things(store)
    assert len(things) > 500
    assert contradictions(axioms + things) == set()


FIRST, *OTHERS = SEEDED


@pytest.mark.parametrize("seeded", [FIRST, *only_whole(*OTHERS)])
def test_the_reasoner_finds_a_seeded_contradiction(axioms: Graph, seeded: str) -> None:
    graph = axioms + Graph().parse(data=f"@prefix mz: <{NS}> . {SEEDED[seeded]}", format="ttl")
    assert contradictions(graph)
