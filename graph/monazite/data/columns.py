"""Tables and their columns, read from the SHACL shapes; closed lists, read from the schemes.

The shape is the schema: this module knows the annotations of the shapes and names no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from monazite.core.errors import Fault, FaultyTablesError
from monazite.core.results import Struct, Value
from monazite.data.iris import NS, PREFIXES, Statements, local_name

Triple: TypeAlias = ox.Triple
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_SH = "http://www.w3.org/ns/shacl#"
_XSD, _RDF, _RDFS, _SKOS = (PREFIXES[name] for name in ("xsd", "rdf", "rdfs", "skos"))


class Column(Struct):
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


class TableShape(Struct):
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


def read_shape(folder: Path, name: str) -> TableShape:
    """Read one table, which takes a tenth of the time of all where its shape has a file."""
    faults: list[Fault] = []
    files = (folder / "shapes" / f"{each}.ttl" for each in (name, "evidence"))
    own, evidence = (_parse_all(_read_all([file], folder, faults), faults) for file in files)
    found = _read_tables(Statements(own), _read_shared(Statements(evidence)))
    return read_schema(folder).tables[name] if faults or name not in found else found[name]


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
    shapes, schemes = Statements(shape), Statements(listed)
    tables, words = _read_tables(shapes, _read_shared(shapes)), (*vocabulary, *listed)
    class_of = {each: schemes.text(each, NS + "conceptClass") for each in schemes.of}
    codes: dict[str, dict[str, str]] = {name: {} for name in class_of.values() if name}
    for concept in schemes.of:
        for scheme in schemes.all(concept, _SKOS + "inScheme"):
            if name := class_of.get(scheme):
                code = schemes.text(concept, _SKOS + "notation") or local_name(concept)
                codes[name][code] = concept
    entails = {each: schemes.all(each, NS + "entails") for each in schemes.of}
    entails = {concept: classes for concept, classes in entails.items() if classes}
    marks = (_marked(schemes, "isPlan"), _marked(schemes, "isContract"))
    return Schema(tables, codes, entails, words, tuple(aligned), *marks), []


def _parse_all(files: Iterable[_File], faults: list[Fault]) -> Iterator[ox.Triple]:
    for name, content in files:
        try:
            for quad in ox.parse(content, format=ox.RdfFormat.TURTLE):
                yield quad.triple
        except SyntaxError as error:
            what = str(error.msg).split("\n", maxsplit=1)[0]
            faults.append(Fault(name, error.lineno or 0, f"broken Turtle: {what}", "mend the file"))


def _read_shared(about: Statements) -> tuple[Column, ...]:
    """The columns that say who says so: those of the evidence shape."""
    shape = next((each for each, said in about.of.items() if NS + "about" in said), "")
    return tuple(replace(column, about_row=True) for column in _read_columns(about, shape))


def _read_tables(about: Statements, shared: tuple[Column, ...]) -> dict[str, TableShape]:
    shapes = (each for each, said in about.of.items() if NS + "table" in said)
    tables: dict[str, TableShape] = {}
    for shape in sorted(shapes, key=lambda iri: f"<{iri}>"):
        kind = about.text(shape, NS + "rowKind")
        # an entity is its own key, and a source is not derived from a source
        more = (
            x for x in shared if (kind == "record" if x.key else kind != "source" or not x.classes)
        )
        table = TableShape(
            name=about.text(shape, NS + "table"),
            class_iri=about.text(shape, _SH + "targetClass"),
            kind=kind,
            id_path=about.text(shape, NS + "idPath"),
            time=about.text(shape, NS + "time") or "none",
            time_columns=tuple(filter(None, about.text(shape, NS + "timeColumns").split(","))),
            columns=(*_read_columns(about, shape), *more),
            description=about.text(shape, _RDFS + "comment"),
            in_every_view=about.text(shape, NS + "inEveryView") == "true",
        )
        tables[table.name] = table
    return tables


def _read_columns(about: Statements, shape: str) -> tuple[Column, ...]:
    def order(node: str) -> int:
        return int(about.text(node, _SH + "order") or 0)

    nodes = sorted(about.all(shape, _SH + "property"), key=order)
    return tuple(_read_column(about, node) for node in nodes)


def _read_column(about: Statements, node: str) -> Column:
    def told(name: str) -> str:
        return about.text(node, name)

    classes = [*about.all(node, _SH + "class")]
    for head in about.all(node, _SH + "or"):
        while options := about.all(head, _RDF + "first"):
            classes += [each for option in options for each in about.all(option, _SH + "class")]
            head = about.text(head, _RDF + "rest")
    kind = told(_SH + "datatype").removeprefix(_XSD)
    kind = kind or ("reference" if classes else "in-table" if told(NS + "tableIn") else "text")
    minimum, maximum = told(_SH + "minInclusive"), told(_SH + "maxInclusive")
    return Column(
        name=told(_SH + "name"),
        path=told(_SH + "path"),
        kind="date" if told(NS + "partialDate") == "true" else kind,
        classes=tuple(classes),
        table_in=told(NS + "tableIn"),
        required=told(_SH + "minCount") not in {"", "0"},
        many=not told(_SH + "maxCount"),
        key=told(NS + "key") == "true",
        minimum=Decimal(minimum) if minimum else None,
        maximum=Decimal(maximum) if maximum else None,
        description=told(_SH + "description"),
        example=told(_SKOS + "example"),
    )


def _marked(about: Statements, name: str) -> frozenset[str]:
    """The concepts of which a scheme says that they are so: they state a plan, or a contract."""
    return frozenset(each for each in about.of if "true" in about.all(each, NS + name))
