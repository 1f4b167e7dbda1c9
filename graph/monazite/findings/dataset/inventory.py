"""Inventory of a view: rows by table, sources by tier and age, and coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from monazite.findings.dataset.tables import dataset_dict, dataset_tables, dataset_turtle
from monazite.findings.shares.concentration import StageShares
from monazite.result import Result
from monazite.rows.columns import Schema, TableShape
from monazite.rows.vocabulary import DatasetTitle
from monazite.safe_text import counted
from monazite.tables import Table
from monazite.triples.statistics import Statistics

SPAN = 5
UNDATED = "undated"


@dataclass(frozen=True)
class TableCount:
    """The rows of one table; ``kind`` is fact, identity, source, or in every view (rules)."""

    table: str
    class_iri: str
    kind: str
    rows: int


@dataclass(frozen=True)
class SourceCount:
    """Sources of a tier or age, and the facts whose best or newest source is one of them."""

    group: str
    sources: int
    facts: int


@dataclass(frozen=True)
class StageCoverage:
    """Share of the national tonnage of a stage that known facilities explain, 0 to 1."""

    stage: str
    coverage: float | None
    basis: str
    year: int | None


@dataclass(frozen=True)
class Inventory:
    """What a view holds."""

    tables: tuple[TableCount, ...]
    tiers: tuple[SourceCount, ...]
    ages: tuple[SourceCount, ...]
    coverage: tuple[StageCoverage, ...]
    statistics: Statistics

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    @property
    def sources(self) -> int:
        """Sources of the view."""
        return len(self.statistics.sources)


@dataclass(frozen=True)
class DatasetDescription(Result):
    """The data set, or a view of it, described.

    Attributes:
        title: title, description, licence and day of release.
        inventory: what the view holds.
        element: of which the coverage speaks.
        tiers: the label of each tier of sources.
    """

    records_key: ClassVar[str] = "tables"

    title: DatasetTitle
    inventory: Inventory
    element: str
    tiers: Mapping[str, str]

    @property
    def view_record(self) -> Mapping[str, object]:
        """The view, as ``View.describe()`` gives it; empty where there is none."""
        return {} if self.view is None else self.view.record

    def headline(self) -> str:
        """Return how many rows and sources there are, and when they were released."""
        held = self.inventory
        of_sources = f"{counted(held.rows, 'record')} of {counted(held.sources, 'source')}"
        return f"{of_sources}, released {self.title.issued}"

    def content(self) -> dict[str, object]:
        """Return counts, sources by tier and age, and coverage from 0 to 1."""
        return dataset_dict(self)

    def tables(self) -> list[Table]:
        """Return the overview, rows by table, sources by tier and age, and the coverage."""
        return dataset_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return the same tables with the names that programs know."""
        return dataset_tables(self, "rows")

    def to_turtle(self) -> str:
        """Return the description as DCAT 3 and VoID, for catalogues."""
        return dataset_turtle(self)


def take_inventory(
    statistics: Statistics, schema: Schema, stages: Iterable[StageShares] = ()
) -> Inventory:
    """Sort the counts of a view's store.

    >>> from monazite.rows.columns import read_schema
    >>> from monazite.shipped import ontology_folder
    >>> from monazite.triples.statistics import read_statistics
    >>> from monazite.triples.opening import open_store
    >>> counts = read_statistics(open_store())
    >>> inventory = take_inventory(counts, read_schema(ontology_folder()))
    >>> inventory.sources == sum(tier.sources for tier in inventory.tiers)
    True
    """
    rows = {**statistics.tables}
    for table in schema.tables.values():
        if table.kind == "source":
            rows[table.name] = statistics.classes.get(table.class_iri, 0)
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
        ages=_group(age, facts, _newest),
        coverage=tuple(
            StageCoverage(each.stage, each.coverage, each.basis, each.year) for each in stages
        ),
        statistics=statistics,
    )


def five_years(published: str) -> str:
    """Return the five-year period in which a source was published.

    >>> five_years("2024-10"), five_years("1988"), five_years("")
    ('2020 to 2024', '1985 to 1989', 'undated')
    """
    if not published:
        return UNDATED
    first = int(published[:4]) // SPAN * SPAN
    return f"{first} to {first + SPAN - 1}"


def _kind(table: TableShape) -> str:
    if table.kind == "record":
        return "in every view" if table.in_every_view else "fact"
    return "identity" if table.kind == "entity" else table.kind


def _newest(groups: Iterable[str]) -> str:
    return max(groups, key=lambda group: (group != UNDATED, group))


def _group(
    of: dict[str, str], facts: Iterable[tuple[str, ...]], best: Callable[[Iterable[str]], str]
) -> tuple[SourceCount, ...]:
    sources = Counter(of.values())
    held = Counter(best([of[source] for source in found]) for found in facts)
    return tuple(SourceCount(group, sources[group], held[group]) for group in sorted(sources))
