"""Tables and their columns, read from the SHACL shapes; closed lists, read from the schemes.

The shape is the schema: this module knows the annotations of the shapes and names no table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from monazite.core.errors import Fault, FaultyTablesError
from monazite.core.results import Value
from monazite.data.iris import NS, PREFIXES, Statements, local_name

Triple: TypeAlias = ox.Triple
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_SH = "http://www.w3.org/ns/shacl#"
_XSD, _RDF, _RDFS, _SKOS = (PREFIXES[name] for name in ("xsd", "rdf", "rdfs", "skos"))


@dataclass(frozen=True)
class Column:
    """One column: its property, the type of its cells, and what they must obey."""

    name: str
    path: str
    kind: str  # string | integer | decimal | boolean | anyURI | date | text | reference | in-table
    classes: tuple[str, ...] = ()
    table_in: str = ""
    required: bool = False
    many: bool = False
    key: bool = False
    about_row: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    description: str = ""
    example: str = ""


_NOT_COUNTED = frozenset({NS + "figureKind", NS + "restsOn"})  # not what a number is of


@dataclass(frozen=True)
class TableShape:
    """One table: a class, its columns in order, and what its time is."""

    name: str
    class_iri: str
    kind: str  # entity | record | source
    id_path: str
    time: str
    time_columns: tuple[str, ...]
    columns: tuple[Column, ...]
    description: str = ""
    in_every_view: bool = False

    @property
    def key_column(self) -> str:
        """Name of the column that holds the key of a row."""
        return next((column.name for column in self.columns if column.key), "row")

    @property
    def joint_columns(self) -> tuple[Column, ...]:
        """The columns of which several cells share the numbers of their row: joint figures."""
        if self.kind != "record" or not any(column.kind == "decimal" for column in self.columns):
            return ()
        named = (each for each in self.columns if each.many and each.kind == "reference")
        return tuple(each for each in named if not each.about_row and each.path not in _NOT_COUNTED)

    def column(self, name: str) -> Column:
        """Return a column by name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Schema(Value):
    """All tables and all closed lists of one ontology folder."""

    tables: dict[str, TableShape]
    codes: dict[str, dict[str, str]] = field(default_factory=dict)  # class -> code -> concept IRI
    entails: dict[str, tuple[str, ...]] = field(default_factory=dict)  # concept -> classes
    vocabulary: tuple[ox.Triple, ...] = ()
    alignments: tuple[ox.Triple, ...] = ()  # what terms and things correspond to elsewhere
    plans: frozenset[str] = frozenset()  # concepts that state a plan
    contracts: frozenset[str] = frozenset()  # concepts of what is agreed before it begins

    @cached_property
    def english(self) -> Statements:
        """What the vocabulary says in English or in no language."""
        return Statements(
            each
            for each in self.vocabulary
            if getattr(each.object, "language", None) in (None, "en")
        )

    def tables_of(self, class_iri: str) -> list[TableShape]:
        """Return the tables whose rows are of a class."""
        return [table for table in self.tables.values() if table.class_iri == class_iri]


def read_schema(folder: Path) -> Schema:
    """Read the shapes, schemes and vocabulary of an ontology folder."""
    faults: list[Fault] = []
    parts = (
        folder.glob("shapes/*.ttl"),
        folder.glob("schemes/*.ttl"),
        [folder / "monazite.ttl", *folder.glob("dataset.ttl")],
        folder.glob("alignments.ttl"),
    )
    read = (tuple(_read_all(sorted(files), folder, faults)) for files in parts)
    schema, broken = _parse_schema(*read)
    if schema is None or faults:
        raise FaultyTablesError([*faults, *broken])
    return schema


class TableShapes(Mapping[str, TableShape]):
    """The tables of a folder by name, each read when asked for: a tenth of the time of them all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, TableShape] = {}

    def __getitem__(self, name: str) -> TableShape:
        if name not in self._read:
            self._read |= self._of(name) or read_schema(self._folder).tables
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(read_schema(self._folder).tables)

    def __len__(self) -> int:
        return len(read_schema(self._folder).tables)

    def _of(self, name: str) -> dict[str, TableShape]:
        """A table whose shape stands in the file of its name; nothing where it does not."""
        faults: list[Fault] = []
        file = self._folder / "shapes" / f"{name}.ttl"
        own = _parse_all(_read_all([file], self._folder, faults), faults)
        found = _read_tables(list(own), self._shared)
        return {} if faults or name not in found else found

    @cached_property
    def _shared(self) -> tuple[Column, ...]:
        faults: list[Fault] = []
        file = self._folder / "shapes" / "evidence.ttl"
        return _read_shared(list(_parse_all(_read_all([file], self._folder, faults), faults)))


def read_scheme(folder: Path, name: str) -> tuple[Triple, ...]:
    """Read one closed list of an ontology folder, which is quicker than to read all."""
    faults: list[Fault] = []
    files = _read_all([folder / "schemes" / f"{name}.ttl"], folder, faults)
    found = tuple(_parse_all(files, faults))
    if faults:
        raise FaultyTablesError(faults)
    return found


_File: TypeAlias = tuple[str, bytes]  # its name, and what is in it


def _read_all(files: Iterable[Path], folder: Path, faults: list[Fault]) -> Iterator[_File]:
    for file in files:
        name = file.relative_to(folder).as_posix()
        try:
            yield name, file.read_bytes()
        except OSError as error:
            faults.append(Fault(name, 0, f"cannot be read: {error.strerror}", "restore the file"))


@lru_cache(maxsize=4)
def _parse_schema(*parts: tuple[_File, ...]) -> tuple[Schema | None, list[Fault]]:
    """Parse shapes, schemes, terms and alignments; the same bytes are the same schema."""
    faults: list[Fault] = []
    shape, listed, vocabulary, aligned = (list(_parse_all(files, faults)) for files in parts)
    if faults:
        return None, faults
    codes, entails = _read_schemes(listed)
    tables = _read_tables(shape, _read_shared(shape))
    words = (*vocabulary, *listed)
    marks = (_marked(listed, "isPlan"), _marked(listed, "isContract"))
    return Schema(tables, codes, entails, words, tuple(aligned), *marks), []


def _parse_all(files: Iterable[_File], faults: list[Fault]) -> Iterator[ox.Triple]:
    for name, content in files:
        try:
            for quad in ox.parse(content, format=ox.RdfFormat.TURTLE):
                yield quad.triple
        except SyntaxError as error:
            what = str(error.msg).split("\n", maxsplit=1)[0]
            faults.append(Fault(name, error.lineno or 0, f"broken Turtle: {what}", "mend the file"))


class _Graph:
    """Triples by subject and predicate."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.by: dict[tuple[object, str], list[Term]] = defaultdict(list)
        for triple in triples:
            self.by[triple.subject, triple.predicate.value].append(triple.object)

    def all(self, subject: object, predicate: str) -> list[Term]:
        return self.by.get((subject, predicate), [])

    def text(self, subject: object, predicate: str, default: str = "") -> str:
        found = self.all(subject, predicate)
        return str(getattr(found[0], "value", default)) if found else default

    def list_of(self, subject: object, predicate: str) -> list[Term]:
        items: list[Term] = []
        for head in self.all(subject, predicate):
            while self.all(head, _RDF + "first"):
                items += self.all(head, _RDF + "first")
                head = self.all(head, _RDF + "rest")[0]
        return items


def _read_shared(triples: list[ox.Triple]) -> tuple[Column, ...]:
    """The columns that say who says so: those of the evidence shape."""
    shapes = [triple.subject for triple in triples if triple.predicate.value == NS + "about"]
    columns = _read_columns(_Graph(triples), shapes[0]) if shapes else ()
    return tuple(replace(column, about_row=True) for column in columns)


def _read_tables(triples: list[ox.Triple], shared: tuple[Column, ...]) -> dict[str, TableShape]:
    graph = _Graph(triples)
    shapes = {triple.subject for triple in triples if triple.predicate.value == NS + "table"}
    tables: dict[str, TableShape] = {}
    for shape in sorted(shapes, key=str):
        kind = graph.text(shape, NS + "rowKind")
        own = _read_columns(graph, shape)
        # an entity is its own key, and a source is not derived from a source
        more = (
            x for x in shared if (kind == "record" if x.key else kind != "source" or not x.classes)
        )
        table = TableShape(
            name=graph.text(shape, NS + "table"),
            class_iri=graph.text(shape, _SH + "targetClass"),
            kind=kind,
            id_path=graph.text(shape, NS + "idPath"),
            time=graph.text(shape, NS + "time", "none"),
            time_columns=tuple(filter(None, graph.text(shape, NS + "timeColumns").split(","))),
            columns=(*own, *more),
            description=graph.text(shape, _RDFS + "comment"),
            in_every_view=graph.text(shape, NS + "inEveryView") == "true",
        )
        tables[table.name] = table
    return tables


def _read_columns(graph: _Graph, shape: object) -> tuple[Column, ...]:
    nodes = graph.all(shape, _SH + "property")
    nodes = sorted(nodes, key=lambda node: int(graph.text(node, _SH + "order", "0")))
    return tuple(_read_column(graph, node) for node in nodes)


def _read_column(graph: _Graph, node: object) -> Column:
    classes = [_value(term) for term in graph.all(node, _SH + "class")]
    for option in graph.list_of(node, _SH + "or"):
        classes += [_value(term) for term in graph.all(option, _SH + "class")]
    table_in = graph.text(node, NS + "tableIn")
    datatype = graph.text(node, _SH + "datatype").removeprefix(_XSD)
    kind = datatype or ("reference" if classes else "in-table" if table_in else "text")
    if graph.text(node, NS + "partialDate") == "true":
        kind = "date"
    minimum = graph.text(node, _SH + "minInclusive")
    maximum = graph.text(node, _SH + "maxInclusive")
    return Column(
        name=graph.text(node, _SH + "name"),
        path=graph.text(node, _SH + "path"),
        kind=kind,
        classes=tuple(classes),
        table_in=table_in,
        required=graph.text(node, _SH + "minCount", "0") != "0",
        many=not graph.all(node, _SH + "maxCount"),
        key=graph.text(node, NS + "key") == "true",
        minimum=Decimal(minimum) if minimum else None,
        maximum=Decimal(maximum) if maximum else None,
        description=graph.text(node, _SH + "description"),
        example=graph.text(node, _SKOS + "example"),
    )


def _value(term: Term) -> str:
    return str(getattr(term, "value", term))


def _marked(triples: list[ox.Triple], name: str) -> frozenset[str]:
    """The concepts of which a scheme says that they are so: they state a plan, or a contract."""
    said = [triple for triple in triples if triple.predicate.value == NS + name]
    return frozenset(_value(each.subject) for each in said if _value(each.object) == "true")


def _read_schemes(
    triples: list[ox.Triple],
) -> tuple[dict[str, dict[str, str]], dict[str, tuple[str, ...]]]:
    graph = _Graph(triples)
    class_of = {
        _value(triple.subject): _value(triple.object)
        for triple in triples
        if triple.predicate.value == NS + "conceptClass"
    }
    codes: dict[str, dict[str, str]] = {name: {} for name in class_of.values()}
    entails: dict[str, tuple[str, ...]] = {}
    for triple in triples:
        concept = _value(triple.subject)
        if triple.predicate.value == _SKOS + "inScheme":
            scheme_class = class_of.get(_value(triple.object))
            if scheme_class is not None:
                code = graph.text(triple.subject, _SKOS + "notation", local_name(concept))
                codes[scheme_class][code] = concept
        elif triple.predicate.value == NS + "entails":
            entails[concept] = (*entails.get(concept, ()), _value(triple.object))
    return codes, entails
