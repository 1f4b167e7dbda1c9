"""When two rows speak of one fact: what the vocabulary says of each class of records.

``mz:sameFactBy`` names the properties in which rows of one fact agree, ``mz:definedBy`` those in
which they may mean another thing by it, ``mz:samePeriodBy`` its period (else the time columns),
``mz:says`` what it says. Basis and unit count in every table. Sources that copy one another have
one root, which says a row in the end, and count once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from monazite.core.results import Struct
from monazite.data.columns import Column, Schema, TableShape
from monazite.data.dates import date_bounds
from monazite.data.iris import NS, PREFIXES, entity_iri, local_name
from monazite.data.reader import Row

_SKOS = PREFIXES["skos"]
_LABELS = (PREFIXES["rdfs"] + "label", NS + "title")
LONGEST = 60  # characters of a name that stands for a thing; a customs code is known by its digits
_ONE = ("basis", "unit", "series", "precision")  # properties that a table has one column for


class ComparedColumns(Struct):
    """The columns of one table by what they are for; ``says`` is empty where rows say nothing."""

    table: str
    fact: tuple[Column, ...]
    defined: tuple[Column, ...]
    period: tuple[Column, ...]
    says: tuple[tuple[str, ...], ...]  # value, low and high of a number
    says_what: str  # number, date, name or place
    basis: str
    unit: str
    series: str
    precision: str


class Concepts:
    """What the vocabulary says of concepts, by IRI."""

    def __init__(self, schema: Schema) -> None:
        self._said = schema.english

    def all(self, iri: str, name: str) -> tuple[str, ...]:
        """Return the values of a property of Monazite, in the order of the files."""
        return self._said.all(iri, NS + name)

    def one(self, iri: str, name: str) -> str:
        """Return the first value of a property, or an empty text."""
        return self._said.text(iri, NS + name)

    def broader(self, iri: str) -> str:
        """Return the broader concept, or an empty text."""
        return self._said.text(iri, _SKOS + "broader")

    def label(self, iri: str) -> str:
        """Return the English label, or the last part of the IRI."""
        return self._said.text(iri, _SKOS + "prefLabel") or local_name(iri)

    def in_base(self, unit: str) -> tuple[str, float]:
        """Return the base of a unit and the factor to it; a base is its own base."""
        factor = 1.0
        while base := self.one(unit, "base"):
            factor *= float(self.one(unit, "toBase") or 1)
            unit = base
        return unit, factor

    def in_base_of_year(self, unit: str) -> tuple[str, float]:
        """Return the base of a unit for what speaks of one year: that of what it counts in it."""
        base, factor = self.in_base(unit)
        if counted := self.one(base, "ofOneYear"):
            base, more = self.in_base(counted)
            factor *= more
        return base, factor


class Sameness:
    """The rules of all tables, the concepts, and the names of entities."""

    def __init__(self, schema: Schema, rows: list[Row]) -> None:
        self.schema = schema
        self.concepts = Concepts(schema)
        self._rows = rows

    @cached_property
    def rules(self) -> dict[str, ComparedColumns]:
        """The rule of each table whose rows can contradict each other."""
        return {
            name: self._rule(table)
            for name, table in self.schema.tables.items()
            if self.concepts.all(table.class_iri, "sameFactBy")
        }

    def _rule(self, table: TableShape) -> ComparedColumns:
        says = self._columns(table, "says")
        named = {column.name for column in says}
        known = {column.name for column in table.columns}
        by_path = {column.path: column.name for column in table.columns}
        ends = ([f"{column.name}{end}" for end in ("", "_low", "_high")] for column in says)
        return ComparedColumns(
            table=table.name,
            fact=self._columns(table, "sameFactBy"),
            defined=self._columns(table, "definedBy"),
            period=self._columns(table, "samePeriodBy")
            or tuple(table.column(name) for name in table.time_columns if name not in named),
            says=tuple(tuple(name for name in names if name in known) for names in ends),
            says_what=_what(says),
            **{name: by_path.get(NS + name, "") for name in _ONE},
        )

    def _columns(self, table: TableShape, annotation: str) -> tuple[Column, ...]:
        """Return the columns that an annotation of the table's class names, in table order."""
        wanted = set(self.concepts.all(table.class_iri, annotation))
        return tuple(column for column in table.columns if column.path in wanted)

    @cached_property
    def entities(self) -> dict[str, Row]:
        """Rows of identity, by the IRI of what they describe."""
        tables = self.schema.tables
        return {
            entity_iri(tables[row.table].id_path, row.key): row
            for row in self._rows
            if tables[row.table].kind == "entity"
        }

    def label(self, iri: str) -> str:
        """Return the name of an entity or concept; its id where that is long or not known."""
        row = self.entities.get(iri)
        if row is None:
            return self.concepts.label(iri)
        columns = self.schema.tables[row.table].columns
        names = (row.text(column.name) for column in columns if column.path in _LABELS)
        return next((name for name in names if 0 < len(name) <= LONGEST), row.key)

    def linked(self, iri: str, name: str) -> tuple[str, ...]:
        """Return what an entity's cells of one property name, as IRIs."""
        row = self.entities.get(iri)
        if row is None:
            return ()
        columns = self.schema.tables[row.table].columns
        return tuple(
            cell.iri
            for column in columns
            if column.path == NS + name
            for cell in row.cells.get(column.name, ())
        )


def _what(says: tuple[Column, ...]) -> str:
    if {column.path for column in says} == {NS + "latitude", NS + "longitude"}:
        return "place"
    kinds = {column.kind for column in says}
    if kinds == {"date"}:
        return "date"
    return "number" if kinds <= {"decimal", "integer"} else "name"


_WORDS = {"1": "official or company", "2": "agency or study", "3": "news", "4": "weak"}


def tier_word(tier: str) -> str:
    """Return a tier of sources in words; what is none stays as it is."""
    return _WORDS.get(tier, tier)


class SourceAttribution(Struct, order=True):
    """A source as a conflict prints it: best tier first, then the newest."""

    _json = "id publisher published tier root"

    tier: int  #: 1 primary to 4 weak
    newest: tuple[int, ...]  #: sorts the newest first
    id: str
    publisher: str  #: who publishes it
    published: str  #: its date as printed; empty where it has none
    root: str  #: id of the source that it repeats in the end, or its own
    author: str  #: the publisher of that root
    known: str  #: the last day on which the root can have been published

    def __str__(self) -> str:
        return f"{self.publisher} {self.published[:4] or 'undated'}, tier {self.tier}"

    @property
    def in_words(self) -> str:
        """The same with its tier in words, as a report has it."""
        year = self.published[:4] or "undated"
        return f"{self.publisher} {year}, {tier_word(str(self.tier))}"


def root_of(source: str, roots: Mapping[str, str]) -> str:
    """Follow the roots of a source to the last one; a circle ends where it closes."""
    seen = {source}
    while (further := roots.get(source, "")) and further not in seen:
        seen.add(further)
        source = further
    return source


def read_attributions(rows: Iterable[Row], schema: Schema) -> dict[str, SourceAttribution]:
    """Return the sources among some typed rows, by id."""
    lines = {row.key: row for row in rows if schema.tables[row.table].kind == "source"}
    roots = {key: row.text("root") for key, row in lines.items()}
    found = {}
    for key, row in lines.items():
        root = root_of(key, roots)
        original = lines.get(root, row)
        day = original.text("published")
        known = date_bounds(day)[1] if day else ""
        found[key] = SourceAttribution(
            tier=int(row.text("tier")),
            newest=tuple(-ord(character) for character in known) or (0,),
            id=key,
            publisher=row.text("publisher"),
            published=row.text("published"),
            root=root,
            author=original.text("publisher"),
            known=known,
        )
    return found
