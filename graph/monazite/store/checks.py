"""Everything that can be wrong with the tables, in one report of sentences with file and line.

Three steps: the reader (each cell), and if it finds no fault the SHACL shapes (each record in the
graph) and the queries of ``ontology/checks`` (records against each other).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from monazite.core.columns import bare_table
from monazite.core.errors import Fault, Faults, FaultyTablesError, QueryError, did_you_mean
from monazite.core.formats import counted, grouped
from monazite.core.package import ontology_folder
from monazite.core.results import Frozen, Result, Struct
from monazite.core.tables import Table, to_json, write_tables
from monazite.data.columns import Schema, read_schema
from monazite.data.iris import BASE, EVIDENCE, entity_iri, local_name, row_iri
from monazite.data.own_files import find_own_files
from monazite.data.parameters import read_path
from monazite.data.reader import Row, Tables, read_tables
from monazite.store.quads import to_nquads, vocabulary_nquads
from monazite.store.sparql_text import kind_of
from monazite.store.store import Store, store_of

_SH, _COMPONENT = "http://www.w3.org/ns/shacl#", "ConstraintComponent"


class Violation(Struct, order=True):
    """One thing of a graph that breaks a shape: IRIs without brackets, literals as bare text."""

    focus: str
    path: str
    component: str
    value: str


def find_violations(shapes: str, triples: str) -> set[Violation]:
    """Validate N-Triples with the fast validator."""
    import shacl

    def bare(term: str) -> str:
        return term[1:-1] if term.startswith("<") else term

    report = shacl.Shapes.from_turtle(shapes).validate_text(triples, format="ntriples")
    return {
        Violation(
            focus=bare(result.focus_node),
            path=bare(result.path or ""),
            component=result.component.removesuffix(_COMPONENT),
            # what has no name two validators could not share
            value=re.sub(r"\A(?:_:|\[).*", "", result.value_plain or "", flags=re.DOTALL),
        )
        for result in report.results
    }


def find_violations_again(shapes: str, triples: str) -> set[Violation]:
    """Validate N-Triples with pySHACL in rdflib's own memory: slow, and the referee."""
    import pyshacl
    from rdflib import Graph, URIRef
    from rdflib.namespace import RDF

    data = Graph().parse(data=triples, format="nt")
    rules = Graph().parse(data=shapes, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=rules, inference="none")
    assert isinstance(report, Graph)

    names = ("focusNode", "resultPath", "sourceConstraintComponent", "value")
    told = (
        [str(report.value(result, URIRef(_SH + name)) or "") for name in names]
        for result in report.subjects(RDF.type, URIRef(_SH + "ValidationResult"))
    )
    return {
        Violation(focus, path, kind.removeprefix(_SH).removesuffix(_COMPONENT), value)
        for focus, path, kind, value in told
    }


_EXCEPTIONS = "exceptions.csv"


class Report(Result):
    """What a check found; it has a length and iterates over the faults."""

    records_key = "faults"
    _json = "faults(file,line=line_text,what,fix)"

    #: all of them, in the order of files and lines; of a kind that a file has many times, the
    #: first, of which the last says how many more
    faults: tuple[Fault, ...]
    #: how many rows each table has; of a reader's own tables, those
    counts: Mapping[str, int] = field(default_factory=Frozen)
    beside: int = 0  #: how many rows of ours they were checked together with; 0 where none
    #: facts on which a reader's own rows differ from ours, which is no fault; None where there are
    #: faults or no own rows
    conflicts: Result | None = None

    def __len__(self) -> int:
        return len(self.faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults

    def headline(self) -> str:
        """Return how many rows were checked, and how many faults they have."""
        rows, faults = sum(self.counts.values()), sum(fault.count for fault in self.faults)
        said = f"{counted(rows, 'row')} in {counted(len(self.counts), 'table')}"
        said += f", checked together with {grouped(self.beside)} of ours" if self.beside else ""
        if faults:
            return f"{said}: {counted(faults, 'fault')}"
        if self.conflicts is None:
            return f"{said}: no faults found"
        differ = counted(len(self.conflicts.records), "fact differs", "facts differ")
        return f"{said}: no faults found; {differ} from others"

    def tables(self) -> list[Table]:
        """Return one table of faults."""
        return [bare_table(self.faults, "file line what fix")]

    def to_json(self) -> str:
        """Return the list of faults that ``--format json`` prints; it has no view."""
        return to_json(self.content()["faults"])

    def to_text(self, fmt: str = "table", *, width: int | None = None, full: bool = False) -> str:
        """Return a line ``file:line: what; what to do`` for each fault, or a Markdown table.

        Facts on which own rows differ from ours follow.

        Args:
            fmt: table or markdown.
            width: of the tables of conflicts; what is wrong is never cut.
            full: all columns of the conflicts.
        """
        if self.conflicts is not None and self.conflicts.records:
            return self.conflicts.to_text(fmt, width=width, full=full)
        if fmt == "markdown":
            return write_tables(self.tables(), fmt)
        return "".join(f"{fault}\n" for fault in self.faults)


def check(
    folder: Path | str | None = None, *, reference: bool = False, home: Path | None = None
) -> Report:
    """Check tables with the reader, the shapes and the queries of ``ontology/checks``."""
    home = home or ontology_folder()
    place = read_path(folder, "folder of tables") or home
    try:
        ontology, tables_folder, own = _find_tables(place, home)
        schema = read_schema(ontology)
        tables = read_tables(tables_folder, schema, own)
        notes = find_own_files(own).notes() if own is not None else ()
    except FaultyTablesError as error:
        return Report(tuple(error.faults))
    faults = Faults(tables.faults)
    if own is None:
        for file in find_own_files(tables_folder).tables:
            if file.suffix != ".csv":  # it looks like a table, and is none of a full set
                what = "a full set of tables is read from files that end in .csv"
                faults.append(Fault(file.name, 0, what, "save it so, or take it out"))
    if not faults:
        quads = [*to_nquads(tables.rows, schema)]
        places: dict[str, Row] = {}  # by the IRI of a row
        for row in tables.rows:
            places[row_iri(row.table, row.key)] = row
            if id_path := schema.tables[row.table].id_path:  # and by that of what they describe
                places[entity_iri(id_path, row.key)] = row
        found = set(_check_shapes(ontology, tables, quads, places, reference=reference))
        shipped = own is None and tables_folder == ontology / "tables"
        found.update(_check_queries(ontology, schema, quads, places, whole=shipped))
        faults += sorted(found)
    beside = len(tables.rows) - tables.own if own is not None else 0
    counts = Counter(row.table for row in tables.rows[beside:])
    listed = {} if own is not None else dict.fromkeys(schema.tables, 0)
    return Report(tuple(faults.gathered()), {**listed, **counts}, beside, notes=notes)


def _find_tables(place: Path, ontology: Path) -> tuple[Path, Path, Path | None]:
    """Return the ontology, the folder with a full set of tables, and those of the reader's own."""
    try:
        if (place / "shapes").is_dir():
            return place, place / "tables", None
        names = {file.stem.lower() for file in place.iterdir() if file.suffix.lower() == ".csv"}
    except (OSError, ValueError):
        names = set()  # whoever reads it says why not
    known = {file.stem for file in (ontology / "tables").glob("*.csv")}
    if 2 * len(names & known) >= len(known):  # a full set may lack some by mistake
        return ontology, place, None
    return ontology, ontology / "tables", place


def _check_shapes(
    ontology: Path, tables: Tables, quads: list[str], places: dict[str, Row], *, reference: bool
) -> Iterator[Fault]:
    files = sorted((ontology / "shapes").glob("*.ttl"))
    shapes = "\n".join(file.read_text(encoding="utf-8") for file in files)
    try:
        violations = find_violations(shapes, to_ntriples(quads, tables.schema))
    except (RuntimeError, ValueError) as error:
        yield Fault("shapes", 0, f"they cannot be applied: {error}", "mend the shape")
        return
    for violation in violations:
        yield _fault_of(violation, places, tables.schema)
    if reference:
        size = Counter(row.table for row in tables.rows)
        rows = [x for at, x in enumerate(tables.rows) if size[x.table] <= 1500 or at % 20 == 0]
        sample = to_ntriples(to_nquads(rows, tables.schema), tables.schema)
        fast, slow = find_violations(shapes, sample), find_violations_again(shapes, sample)
        for violation in fast ^ slow:
            by, row = "shacl" if violation in fast else "pySHACL", places.get(violation.focus)
            what = f"only {by} reports sh:{violation.component} of {local_name(violation.path)}"
            fix = "find out which validator is right, and write the shape so that both agree"
            yield Fault(row.file if row else "shapes", row.line if row else 0, what, fix)


def to_ntriples(quads: Iterable[str], schema: Schema) -> str:
    """Return the flat union of rows and vocabulary as N-Triples, for a validator."""
    lines = []
    for quad in quads:
        triple, graph, _ = quad.rsplit(" ", 2)
        if graph != f"<{EVIDENCE}>" or triple.startswith(f"<{BASE}source/"):
            lines.append(triple)
    lines += [str(triple) for triple in schema.vocabulary]
    return "".join(f"{line} .\n" for line in lines)


def _fault_of(violation: Violation, places: dict[str, Row], schema: Schema) -> Fault:
    row, broken = places.get(violation.focus), f"sh:{violation.component}"
    if row is None:
        what = f"<{violation.focus}> breaks {broken}, but stands in no table"
        return Fault("shapes", 0, what, "check the target of the shape")
    columns = schema.tables[row.table].columns
    column = next((column for column in columns if column.path == violation.path), None)
    if column is None:
        what = f"the row breaks {broken} of {violation.path or 'its shape'}"
        return Fault(row.file, row.line, what, "check that its class is that of one table only")
    where = f'in column "{column.name}", "{violation.value}"'
    classes = " or ".join(map(local_name, column.classes))
    example = f"write it, for example {column.example}" if column.example else "write it"
    no_class = f"{where} is no {classes}", "take another, or add it to its table"
    sentences = {
        "MinCount": (f'the column "{column.name}" is blank', example),
        "MaxCount": (f'the column "{column.name}" has more than one value', "leave one"),
        "Datatype": (f"{where} is no {column.kind}", example),
        "Class": no_class,
        "Or": no_class,
        "NodeKind": (f"{where} is text where a thing is to stand", "write an identifier"),
        "MinInclusive": (f"{where} is below {column.minimum}", "check the number and its sign"),
        "MaxInclusive": (f"{where} is above {column.maximum}", "check the number and its unit"),
    }
    other = (f"{where} breaks {broken}", "read the shape of the table")
    what, fix = sentences.get(violation.component, other)
    return Fault(row.file, row.line, what, fix, kind=f"{violation.component} {column.name}")


def _check_queries(
    ontology: Path, schema: Schema, quads: list[str], places: dict[str, Row], *, whole: bool
) -> Iterator[Fault]:
    store = store_of("".join([*quads, *vocabulary_nquads(schema)]))
    checks = sorted((ontology / "checks").glob("*.rq"))
    excepted, faults = _read_exceptions(ontology, {file.stem for file in checks})
    yield from faults
    hits = set()
    for file in checks:
        for name, fault in _ask(file, store, places):
            hits.add((file.stem, name))
            if (file.stem, name) not in excepted:
                yield fault
    for hit in excepted.keys() - hits if whole else ():
        what = f'the check "{hit[0]}" no longer finds the row "{hit[1]}"'
        yield Fault(f"checks/{_EXCEPTIONS}", excepted[hit], what, "take the line out")


def _ask(file: Path, store: Store, places: dict[str, Row]) -> Iterator[tuple[str, Fault]]:
    """Yield what one query finds, each with the name of its row."""
    place = f"checks/{file.name}"
    try:
        text = file.read_text(encoding="utf-8")
        if kind_of(text) != "SELECT":
            raise QueryError("it is no SELECT")
        solutions = store.select(text)
    except (QueryError, RuntimeError, ValueError, OSError) as error:
        yield "", Fault(place, 0, str(error).rstrip("."), "mend the query")
        return
    for solution in solutions:
        iri, what, fix = (
            str(getattr(solution[name], "value", "")) for name in ("row", "what", "fix")
        )
        row = places.get(iri)
        if row is None or not what:
            missing = f"it finds something that is no row or has no sentence: {iri or 'nothing'}"
            yield "", Fault(place, 0, missing, "bind ?row, ?what and ?fix")
        else:
            fix = f"{fix} (check {file.stem})"
            fault = Fault(row.file, row.line, what, fix, kind=file.stem)
            yield f"{row.table}/{row.key}", fault


def _read_exceptions(
    ontology: Path, checks: set[str]
) -> tuple[dict[tuple[str, str], int], list[Fault]]:
    """Return the line of each excepted hit, by check and row."""
    file, place = ontology / "checks" / _EXCEPTIONS, f"checks/{_EXCEPTIONS}"
    excepted: dict[tuple[str, str], int] = {}
    faults: list[Fault] = []
    if not file.is_file():
        return excepted, faults
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        if next(reader, []) != ["check", "row", "why"]:
            return excepted, [Fault(place, 1, "the header is not check,row,why", "write it so")]
        for fields in filter(None, reader):
            if len(fields) != 3 or not all(fields):
                faults.append(Fault(place, reader.line_num, "a cell is missing", "fill all three"))
            elif fields[0] not in checks:
                fix = did_you_mean(fields[0], checks) or "name a file of this folder"
                what = f'there is no check "{fields[0]}"'
                faults.append(Fault(place, reader.line_num, what, fix))
            else:
                excepted[fields[0], fields[1]] = reader.line_num
    return excepted, faults
