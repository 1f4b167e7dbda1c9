"""Inventory of a view: rows by table, sources by tier and age, and coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import ClassVar

from monazite.analysis.concentration.shares import StageShares
from monazite.core.columns import Column, table
from monazite.core.formats import NOT_KNOWN, counted, grouped, whole
from monazite.core.results import Result, Struct
from monazite.core.tables import Table, percent_cell
from monazite.data.alignments import curie, literal
from monazite.data.columns import Schema, TableShape
from monazite.data.iris import BASE, NS, PREFIXES
from monazite.data.vocabulary import DatasetTitle
from monazite.store.store import Statistics

_PREFIXES = {
    **{name: PREFIXES[name] for name in ("mz", "prov", "rdf", "rdfs", "skos", "xsd")},
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "void": "http://rdfs.org/ns/void#",
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


def is_whole(view: Mapping[str, object]) -> bool:
    """Tell whether a view leaves nothing out and adds nothing."""
    return not any(view.get(name) for name in _FILTERS)


def view_iri(view: Mapping[str, object]) -> str:
    """Return an IRI for a filtered view, made of the filters that repeat it."""
    plain = [(name, list(x) if isinstance(x, tuple) else x) for name, x in view.items()]
    text = repr(sorted((name, repr(value)) for name, value in plain))
    return f"{BASE}view/{sha256(text.encode()).hexdigest()[:16]}"


def _partitions(kind: str, of: str, number: str, counts: Mapping[str, int]) -> Sequence[str]:
    return [
        f"void:{kind} [ void:{of} {curie(iri, _PREFIXES)} ; void:{number} {count} ]"
        for iri, count in counts.items()
    ]


SPAN = 5
UNDATED = "undated"


class TableCount(Struct):
    """The rows of one table."""

    table: str  #: its table
    class_iri: str  #: class of its rows
    kind: str  #: fact, identity, source, or in every view (rules)
    rows: int  #: how many


class SourceCount(Struct):
    """Sources of a tier or age, and their facts."""

    group: str  #: the tier, or the years of publication
    sources: int  #: how many there are
    facts: int  #: those whose best or newest source is one of them


class Inventory(Struct):
    """What a view holds."""

    tables: tuple[TableCount, ...]  #: those that have rows
    tiers: tuple[SourceCount, ...]  #: sources by tier, 1 primary to 4 weak
    ages: tuple[SourceCount, ...]  #: sources by five years of publication
    coverage: tuple[StageShares, ...]  #: by stage of the chain
    statistics: Statistics

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def table_count(self) -> int:
        """How many tables have rows."""
        return len(self.tables)

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return len(self.statistics.sources)


class DatasetDescription(Result):
    """The data set, or a view of it, described."""

    records_key = "tables"
    _json = (
        "dataset=title counts.rows=inventory.rows counts.tables=inventory.table_count "
        "counts.sources=inventory.sources counts.quads=inventory.statistics.quads "
        "counts.triples=inventory.statistics.triples tables=inventory.tables "
        "classes=inventory.statistics.classes properties=inventory.statistics.properties "
        "sources_by_tier=inventory.tiers sources_by_age=inventory.ages "
        "coverage.element coverage.stages=inventory.coverage(stage,coverage,basis,year)"
    )
    _parts: ClassVar = {
        "counts": "How much there is in all",
        "coverage": "How much of each stage known facilities explain",
    }

    title: DatasetTitle  #: title, licence and release
    inventory: Inventory
    element: str  #: of which the coverage speaks: symbol, name or group as it was asked
    tiers: Mapping[str, str]  #: the label of each tier of sources

    @property
    def view_record(self) -> Mapping[str, object]:
        """The view, as ``View.describe()`` gives it; empty where there is none."""
        return {} if self.view is None else self.view.record

    def headline(self) -> str:
        """Return how many rows and sources there are, and when they were released."""
        held = self.inventory
        of_sources = f"{counted(held.rows, 'record')} of {counted(held.sources, 'source')}"
        return f"{of_sources}, released {self.title.issued}"

    def tables(self) -> list[Table]:
        """Return the overview, rows by table, sources by tier and age, and the coverage."""
        return self._tables("records")

    def csv_tables(self) -> list[Table]:
        """Return the same tables with the names that programs know."""
        return self._tables("rows")

    def _tables(self, records: str) -> list[Table]:
        title, inventory, record = self.title, self.inventory, self.view_record
        counts, found = inventory.statistics, f"{grouped(inventory.rows)} in "
        overview = [
            ["title", title.title],
            ["released", title.issued],
            ["version", str(record.get("version", NOT_KNOWN))],
            ["content hash", str(record.get("tables", NOT_KNOWN))],
            ["licence", f"{title.licence}; each source has its own terms"],
            [records, found + counted(len(inventory.tables), "table")],
            ["sources", whole(inventory.sources)],
            ["RDF", f"{counted(counts.quads, 'quad')}, {counted(counts.triples, 'triple')}"],
        ]
        both = [Column(name, name, whole, right=True) for name in ("sources", "facts")]
        of_tables = (
            Column("table", "table"),
            Column("class", lambda each: curie(each.class_iri, _PREFIXES)),
            Column("kind", "kind"),
            Column("rows", "rows", whole, right=True),
        )
        label = Column("label", lambda each: self.tiers.get(each.group, ""))
        of_tiers = (Column("tier", "group", right=True), label, *both)
        of_stages = (
            Column("stage", "stage"),
            Column("coverage", "coverage", percent_cell, right=True),
            Column("basis", "basis"),
            Column("year", "year", right=True),
        )
        explained = f"Coverage of {self.element}: national tonnage that known facilities explain"
        unknown = () if inventory.coverage else ("No record splits any stage: not known.",)
        best, newest = (f"A fact counts with its {each} source." for each in ("best", "newest"))
        ages = (Column("published", "group"), *both)
        return [
            Table("", ("what", "value"), overview),
            table("Records by table", inventory.tables, of_tables, long=True),
            table("Sources by tier", inventory.tiers, of_tiers, (best,)),
            table("Sources by age", inventory.ages, ages, (newest,)),
            table(explained, inventory.coverage, of_stages, unknown),
        ]

    def to_turtle(self) -> str:
        """Return the description as DCAT 3 and VoID; a filtered view is a subset of the set."""
        whole, base = is_whole(self.view_record), self.title.iri
        iri = base if whole else view_iri(self.view_record)
        title, record = self.title, self.view_record
        counts = self.inventory.statistics
        line = "" if self.view is None else self.view.text
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
            *(
                f"dcat:distribution [ a dcat:Distribution ; dcterms:title {literal(name)} ; "
                f"dcat:mediaType <{MEDIA}{media}> ; dcat:accessURL <{iri}> ; "
                f"dcterms:license <{title.licence}> ]"
                for name, media in _DISTRIBUTIONS
            ),
        ]
        blocks = [f"<{iri}> " + " ;\n  ".join(pairs) + " .\n"]
        if not whole:
            blocks.append(f"<{base}> a dcat:Dataset, void:Dataset ;\n  void:subset <{iri}> .\n")
        prefixes = sorted(_PREFIXES.items())
        head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes)
        return head + "\n" + "\n".join(blocks)


def take_inventory(
    statistics: Statistics, schema: Schema, stages: Iterable[StageShares] = ()
) -> Inventory:
    """Sort the counts of a view's store."""
    rows = {**statistics.tables}
    for each in schema.tables.values():
        if each.kind == "source":
            rows[each.name] = statistics.classes.get(each.class_iri, 0)
    kinds = {table.name: _kind(table) for table in schema.tables.values()}
    tables = [
        TableCount(name, schema.tables[name].class_iri, kinds[name], rows[name])
        for name in sorted(rows)
        if name in kinds and rows[name]
    ]
    facts = [
        sources
        for row, sources in statistics.evidence.items()
        if kinds.get(row.rsplit("/", 2)[-2]) == "fact"
    ]
    tier = {iri: source.tier for iri, source in statistics.sources.items()}
    age = {iri: five_years(source.published) for iri, source in statistics.sources.items()}
    return Inventory(
        tables=tuple(tables),
        tiers=_group(tier, facts, min),
        ages=_group(age, facts, partial(max, key=lambda group: (group != UNDATED, group))),
        coverage=tuple(stages),
        statistics=statistics,
    )


def five_years(published: str) -> str:
    """Return the five-year period in which a source was published, as 2020 to 2024."""
    if not published:
        return UNDATED
    first = int(published[:4]) // SPAN * SPAN
    return f"{first} to {first + SPAN - 1}"


def _kind(table: TableShape) -> str:
    if table.kind == "record":
        return "in every view" if table.in_every_view else "fact"
    return "identity" if table.kind == "entity" else table.kind


def _group(
    of: dict[str, str], facts: Iterable[tuple[str, ...]], best: Callable[[Iterable[str]], str]
) -> tuple[SourceCount, ...]:
    sources = Counter(of.values())
    held = Counter(best([of[source] for source in found]) for found in facts)
    return tuple(SourceCount(group, sources[group], held[group]) for group in sorted(sources))
