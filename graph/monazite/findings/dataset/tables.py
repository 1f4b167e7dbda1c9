"""The data set, described: tables for people, JSON, and DCAT with VoID for catalogues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING

from monazite.rows.iris import BASE, NS, PREFIXES
from monazite.safe_text import counted
from monazite.tables import NOT_KNOWN, Table, percent
from monazite.triples.alignments import curie, literal

if TYPE_CHECKING:
    from monazite.findings.dataset.inventory import DatasetDescription
    from monazite.rows.vocabulary import DatasetTitle

_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "mz": NS,
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": PREFIXES["prov"],
    "rdf": PREFIXES["rdf"],
    "rdfs": PREFIXES["rdfs"],
    "skos": PREFIXES["skos"],
    "void": "http://rdfs.org/ns/void#",
    "xsd": PREFIXES["xsd"],
}
CREATOR = "The Monazite developers"
KEYWORDS = ("rare earths", "critical minerals", "supply chain")
MEDIA = "https://www.iana.org/assignments/media-types/"
_FILTERS = ("filtered_by_valid", "known", "tier", "without", "data")
_DISTRIBUTIONS = (
    ("Tables, one CSV file each", "text/csv"),
    ("RDF, one named graph a record", "application/trig"),
    ("RDF, one quad a line", "application/n-quads"),
)


def dataset_tables(described: DatasetDescription, records: str = "records") -> list[Table]:
    """Return the description as tables."""
    inventory = described.inventory
    return [
        _overview(described, records),
        Table(
            "Records by table",
            ("table", "class", "kind", "rows"),
            [
                [each.table, curie(each.class_iri, _PREFIXES), each.kind, f"{each.rows:,}"]
                for each in inventory.tables
            ],
            right=("rows",),
            long=True,
        ),
        Table(
            "Sources by tier",
            ("tier", "label", "sources", "facts"),
            [
                [each.group, described.tiers.get(each.group, ""), *_both(each.sources, each.facts)]
                for each in inventory.tiers
            ],
            remarks=("A fact counts with its best source.",),
            right=("tier", "sources", "facts"),
        ),
        Table(
            "Sources by age",
            ("published", "sources", "facts"),
            [[each.group, *_both(each.sources, each.facts)] for each in inventory.ages],
            remarks=("A fact counts with its newest source.",),
            right=("sources", "facts"),
        ),
        Table(
            f"Coverage of {described.element}: national tonnage that known facilities explain",
            ("stage", "coverage", "basis", "year"),
            [
                [each.stage, percent(each.coverage), each.basis, str(each.year or NOT_KNOWN)]
                for each in inventory.coverage
            ],
            remarks=() if inventory.coverage else ("No record splits any stage: not known.",),
            right=("coverage", "year"),
        ),
    ]


def dataset_dict(described: DatasetDescription) -> dict[str, object]:
    """Return the description as the documented JSON."""
    inventory = described.inventory
    counts = inventory.statistics
    return {
        "dataset": asdict(described.title),
        "counts": {
            "rows": inventory.rows,
            "tables": len(inventory.tables),
            "sources": inventory.sources,
            "quads": counts.quads,
            "triples": counts.triples,
        },
        "tables": [asdict(each) for each in inventory.tables],
        "classes": dict(counts.classes),
        "properties": dict(counts.properties),
        "sources_by_tier": [asdict(each) for each in inventory.tiers],
        "sources_by_age": [asdict(each) for each in inventory.ages],
        "coverage": {
            "element": described.element,
            "stages": [asdict(each) for each in inventory.coverage],
        },
    }


def dataset_turtle(described: DatasetDescription) -> str:
    """Return the description as DCAT 3 and VoID; a filtered view is a subset of the data set."""
    title, record = described.title, described.view_record
    whole = is_whole(record)
    iri = title.iri if whole else view_iri(record)
    blocks = [_turtle_of(iri, described)]
    if not whole:
        blocks.append(f"<{title.iri}> a dcat:Dataset, void:Dataset ;\n  void:subset <{iri}> .\n")
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in sorted(_PREFIXES.items()))
    return head + "\n" + "\n".join(blocks)


def is_whole(view: Mapping[str, object]) -> bool:
    """Tell whether a view leaves nothing out and adds nothing.

    >>> is_whole({"tier": None}), is_whole({"tier": 1})
    (True, False)
    """
    return not any(view.get(name) for name in _FILTERS)


def view_iri(view: Mapping[str, object]) -> str:
    """Return an IRI for a filtered view, made of the filters that repeat it.

    >>> view_iri({"valid": "2025-05-15"}).rpartition("/")[0]
    'https://w3id.org/monazite/view'
    """
    plain = {
        name: list(value) if isinstance(value, tuple) else value for name, value in view.items()
    }
    text = repr(sorted((name, repr(value)) for name, value in plain.items()))
    return f"{BASE}view/{sha256(text.encode()).hexdigest()[:16]}"


def _overview(described: DatasetDescription, records: str) -> Table:
    title, inventory, record = described.title, described.inventory, described.view_record
    counts = inventory.statistics
    rows = [
        ["title", title.title],
        ["released", title.issued],
        ["version", str(record.get("version", NOT_KNOWN))],
        ["content hash", str(record.get("tables", NOT_KNOWN))],
        ["licence", f"{title.licence}; each source has its own terms"],
        [records, f"{inventory.rows:,} in {counted(len(inventory.tables), 'table')}"],
        ["sources", f"{inventory.sources:,}"],
        ["RDF", f"{counted(counts.quads, 'quad')}, {counted(counts.triples, 'triple')}"],
    ]
    return Table("", ("what", "value"), rows)


def _both(sources: int, facts: int) -> list[str]:
    return [f"{sources:,}", f"{facts:,}"]


def _turtle_of(iri: str, described: DatasetDescription) -> str:
    title, counts, record = (
        described.title,
        described.inventory.statistics,
        described.view_record,
    )
    line = "" if described.view is None else described.view.text
    pairs = [
        "a dcat:Dataset, void:Dataset",
        f"dcterms:title {literal(title.title)}",
        f"dcterms:description {literal(f'{title.description} {line}')}",
        f'dcterms:issued "{title.issued}"^^xsd:date',
        f"dcterms:license <{title.licence}>",
        f"dcterms:creator [ a foaf:Agent ; foaf:name {literal(CREATOR, '')} ]",
        f"dcterms:identifier {literal(str(record.get('tables', '')), '')}",
        f"dcat:version {literal(str(record.get('version', '')), '')}",
        f"dcterms:conformsTo <{NS.removesuffix('#')}>",
        f"dcat:keyword {', '.join(map(literal, KEYWORDS))}",
        f"void:vocabulary <{NS.removesuffix('#')}>",
        f'void:uriSpace "{BASE}"',
        f"void:triples {counts.triples}",
        f"void:distinctSubjects {counts.subjects}",
        f"void:classes {len(counts.classes)}",
        f"void:properties {len(counts.properties)}",
        *_partitions("classPartition", "class", "entities", counts.classes),
        *_partitions("propertyPartition", "property", "triples", counts.properties),
        *(_distribution(title, iri, *each) for each in _DISTRIBUTIONS),
    ]
    return f"<{iri}> " + " ;\n  ".join(pairs) + " .\n"


def _partitions(kind: str, of: str, number: str, counts: Mapping[str, int]) -> Sequence[str]:
    return [
        f"void:{kind} [ void:{of} {curie(iri, _PREFIXES)} ; void:{number} {count} ]"
        for iri, count in counts.items()
    ]


def _distribution(title: DatasetTitle, iri: str, name: str, media: str) -> str:
    parts = [
        "a dcat:Distribution",
        f"dcterms:title {literal(name)}",
        f"dcat:mediaType <{MEDIA}{media}>",
        f"dcat:accessURL <{iri}>",
        f"dcterms:license <{title.licence}>",
    ]
    return f"dcat:distribution [ {' ; '.join(parts)} ]"
