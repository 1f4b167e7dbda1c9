"""Everything that can be wrong with the tables, in one report of sentences with file and line.

Three steps: the reader (each cell), the SHACL shapes (each record in the graph), and the queries
of ``ontology/checks`` (records against each other). The later steps run on tables that the
reader has no complaint about: a fault of a cell would only come back in other words.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from monazite.errors import Fault, FaultyTablesError, QueryError, did_you_mean
from monazite.rows.columns import Column, Schema, read_schema
from monazite.rows.iris import BASE, EVIDENCE, entity_iri, local_name, row_iri
from monazite.rows.reader import Row, Tables, read_tables
from monazite.shipped import ontology_folder
from monazite.triples.quads import to_nquads, vocabulary_nquads
from monazite.triples.store import Store, store_of
from monazite.triples.validators import Violation, find_violations, find_violations_again

_BIG = 1500
_STEP = 20
_MANY = 20
_EXCEPTIONS = "exceptions.csv"


@dataclass(frozen=True)
class Report:
    """What a check found: all faults in order, and how many rows each table has."""

    faults: tuple[Fault, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


def check(folder: Path | None = None, *, reference: bool = False) -> Report:
    """Check tables with the reader, the shapes and the queries of ``ontology/checks``.

    Args:
        folder: a folder of tables, checked by the shipped ontology; or a whole ontology folder;
            or nothing for the shipped tables.
        reference: let pySHACL validate as well, on all small tables and a sample of the big
            ones, and report where it does not agree (some ten seconds).

    Returns:
        The report; ``report.ok`` says whether there was no fault.

    Raises:
        UnreadableError: the folder does not exist or cannot be listed.

    >>> from monazite.shipped import ontology_folder
    >>> report = check(ontology_folder())
    >>> report.ok, report.counts["persons"]
    (True, 5)
    """
    ontology, tables_folder = _find_folders(folder)
    try:
        schema = read_schema(ontology)
    except FaultyTablesError as error:
        return Report(tuple(error.faults))
    tables = read_tables(tables_folder, schema)
    counts = dict.fromkeys(schema.tables, 0) | Counter(row.table for row in tables.rows)
    if tables.faults:
        return Report(_gather(tables.faults), counts)
    faults = set(_check_shapes(ontology, tables, reference=reference))
    faults.update(_check_queries(ontology, tables, own=tables_folder == ontology / "tables"))
    return Report(_gather(faults), counts)


def _gather(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Sort faults, and let one line stand for a fault that many lines of a file share."""
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in sorted(faults):
        groups.setdefault((fault.file, fault.what, fault.fix), []).append(fault)
    gathered: list[Fault] = []
    for group in groups.values():
        first, more = group[0], len(group) - 1
        if more < _MANY:
            gathered += group
        else:
            what = f"{first.what} (and so on {more:,} more lines)"
            gathered.append(Fault(first.file, first.line, what, first.fix))
    return tuple(sorted(gathered))


def _find_folders(folder: Path | None) -> tuple[Path, Path]:
    ontology = ontology_folder() if folder is None else folder
    if (ontology / "shapes").is_dir():
        return ontology, ontology / "tables"
    return ontology_folder(), ontology


# Shapes


def _check_shapes(ontology: Path, tables: Tables, *, reference: bool) -> Iterator[Fault]:
    shapes = "\n".join(
        file.read_text(encoding="utf-8") for file in sorted((ontology / "shapes").glob("*.ttl"))
    )
    places = _places_of(tables)
    for violation in find_violations(shapes, to_ntriples(tables.rows, tables.schema)):
        yield _fault_of(violation, places, tables.schema)
    if reference:
        sample = to_ntriples(_sample(tables), tables.schema)
        fast, slow = find_violations(shapes, sample), find_violations_again(shapes, sample)
        for violation in fast ^ slow:
            yield _disagreement(violation, places, by="shacl" if violation in fast else "pySHACL")


def to_ntriples(rows: Iterable[Row], schema: Schema) -> str:
    """Return the flat union of rows and vocabulary as N-Triples, for a validator.

    Which sources a row rests on is left out; the sources themselves are in.

    >>> from monazite.rows.columns import TableShape
    >>> schema = Schema({"persons": TableShape("persons", BASE + "ns#Person", "entity",
    ...     "id/person/", "none", (), ())})
    >>> print(to_ntriples([Row("persons", "jim", "persons.csv", 2, {})], schema), end="")
    ... # doctest: +ELLIPSIS
    <https://w3id.org/monazite/id/person/jim> <...#type> <https://w3id.org/monazite/ns#Person> .
    """
    lines = []
    for quad in to_nquads(rows, schema):
        triple, graph, _ = quad.rsplit(" ", 2)
        if graph != f"<{EVIDENCE}>" or triple.startswith(f"<{BASE}source/"):
            lines.append(triple)
    lines += [str(triple) for triple in schema.vocabulary]
    return "".join(f"{line} .\n" for line in lines)


def _sample(tables: Tables) -> list[Row]:
    counts = Counter(row.table for row in tables.rows)
    return [
        row
        for place, row in enumerate(tables.rows)
        if counts[row.table] <= _BIG or place % _STEP == 0
    ]


def _places_of(tables: Tables) -> dict[str, Row]:
    """Return each row by its own IRI and, for an entity, by that of the entity."""
    places = {}
    for row in tables.rows:
        id_path = tables.schema.tables[row.table].id_path
        places[row_iri(row.table, row.key)] = row
        if id_path:
            places[entity_iri(id_path, row.key)] = row
    return places


def _fault_of(violation: Violation, places: dict[str, Row], schema: Schema) -> Fault:
    row = places.get(violation.focus)
    if row is None:
        what = f"<{violation.focus}> breaks sh:{violation.component}, but stands in no table"
        return Fault("shapes", 0, what, "check the target of the shape")
    columns = schema.tables[row.table].columns
    column = next((column for column in columns if column.path == violation.path), None)
    if column is None:
        what = f"the row breaks sh:{violation.component} of {violation.path or 'its shape'}"
        return Fault(row.file, row.line, what, "check that its class is that of one table only")
    what, fix = _sentence(violation, column)
    return Fault(row.file, row.line, what, fix)


def _sentence(violation: Violation, column: Column) -> tuple[str, str]:
    value, classes = violation.value, " or ".join(local_name(name) for name in column.classes)
    where = f'in column "{column.name}", "{value}"'
    example = f"write it, for example {column.example}" if column.example else "write it"
    sentences = {
        "MinCount": (f'the column "{column.name}" is blank', example),
        "MaxCount": (f'the column "{column.name}" has more than one value', "leave one"),
        "Datatype": (f"{where} is no {column.kind}", example),
        "Class": (f"{where} is no {classes}", "take another, or add it to its table"),
        "Or": (f"{where} is no {classes}", "take another, or add it to its table"),
        "NodeKind": (f"{where} is text where a thing is to stand", "write an identifier"),
        "MinInclusive": (f"{where} is below {column.minimum}", "check the number and its sign"),
        "MaxInclusive": (f"{where} is above {column.maximum}", "check the number and its unit"),
    }
    other = (f"{where} breaks sh:{violation.component}", "read the shape of the table")
    return sentences.get(violation.component, other)


def _disagreement(violation: Violation, places: dict[str, Row], *, by: str) -> Fault:
    row = places.get(violation.focus)
    what = f"only {by} reports sh:{violation.component} of {local_name(violation.path)}"
    fix = "find out which validator is right, and write the shape so that both agree"
    return Fault(row.file if row else "shapes", row.line if row else 0, what, fix)


# Queries


def _check_queries(ontology: Path, tables: Tables, *, own: bool) -> Iterator[Fault]:
    lines = [*to_nquads(tables.rows, tables.schema), *vocabulary_nquads(tables.schema)]
    store = store_of("".join(lines))
    places = _places_of(tables)
    checks = sorted((ontology / "checks").glob("*.rq"))
    excepted, faults = _read_exceptions(ontology, {file.stem for file in checks})
    yield from faults
    hits = set()
    for file in checks:
        for name, fault in _ask(file, store, places):
            hits.add((file.stem, name))
            if (file.stem, name) not in excepted:
                yield fault
    for hit in excepted.keys() - hits if own else ():
        what = f'the check "{hit[0]}" no longer finds the row "{hit[1]}"'
        yield Fault(f"checks/{_EXCEPTIONS}", excepted[hit], what, "take the line out")


def _ask(file: Path, store: Store, places: dict[str, Row]) -> Iterator[tuple[str, Fault]]:
    """Yield what one query finds, each with the name of its row."""
    place = f"checks/{file.name}"
    try:
        solutions = store.select(file.read_text(encoding="utf-8"))
    except QueryError as error:
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
            fault = Fault(row.file, row.line, what, f"{fix} (check {file.stem})")
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
