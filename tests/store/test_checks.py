"""The checks: each finds what was planted for it and nothing else, and says where it stands."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from monazite.core.package import ontology_folder
from monazite.data.columns import Column, Schema, read_schema
from monazite.data.iris import NS, entity_iri, row_iri, row_name
from monazite.data.reader import Cell, Row, Tables, read_tables
from monazite.store import checks
from monazite.store.checks import (
    Report,
    Violation,
    check,
    find_violations,
    find_violations_again,
    to_ntriples,
)
from monazite.store.quads import to_nquads, vocabulary_nquads
from monazite.store.store import Store, store_of
from tests.sharing import THOROUGH
from tests.store.planted import PLANTED, WORDS

CHECKS = sorted((ontology_folder() / "checks").glob("*.rq"))
FOLDER = ontology_folder()


def sentences(report: Report) -> list[str]:
    return [str(fault) for fault in report.faults]


def change(ontology: Path, table: str, old: str, new: str) -> None:
    file = ontology / "tables" / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


class Planter:
    """Makes typed rows of short lines, against the names of the shipped tables."""

    def __init__(self, shipped: Tables) -> None:
        self.schema = shipped.schema
        self._keys = {(row.table, row.key) for row in shipped.rows}
        self._own = set[tuple[str, str]]()

    def plant(self, text: str) -> tuple[list[Row], set[str]]:
        """Return the rows of the lines, and the names of those with a star."""
        lines = [line for line in text.splitlines() if line]
        names = [line[2:].split(maxsplit=1)[0] for line in lines]
        self._own = {(name.split("/")[0], name.split("/")[1]) for name in names}
        rows = [self._row(line[2:]) for line in lines]
        return rows, {name for line, name in zip(lines, names, strict=True) if line[0] == "*"}

    def _row(self, line: str) -> Row:
        place, rest = line.split(maxsplit=1)
        while words := set(rest.split()) & set(WORDS):
            word = words.pop()
            # Cells of the line itself come later, and the last of a name counts.
            own = " ".join(part for part in rest.split() if part != word)
            rest = f"{WORDS[word]} {own}"
        given = dict(part.split("=", 1) for part in rest.split())
        table, key = place.split("/")
        columns = {column.name: column for column in self.schema.tables[table].columns}
        cells = {
            name: tuple(self._cell(part, columns[name], given) for part in text.split(";"))
            for name, text in given.items()
        }
        return Row(table, key, f"{table}.csv", 0, cells)

    def _cell(self, text: str, column: Column, given: dict[str, str]) -> Cell:
        if column.kind == "in-table":
            return Cell(text, iri=self._iri(given[column.table_in], text))
        if column.kind != "reference":
            return Cell(text)
        for name in column.classes:
            if text in self.schema.codes.get(name, {}):
                return Cell(text, iri=self.schema.codes[name][text])
            for table in self.schema.tables_of(name):
                if (table.name, text) in self._keys | self._own:
                    return Cell(text, iri=self._iri(table.name, text))
        raise AssertionError(f"{column.name}={text} names nothing")

    def _iri(self, table: str, key: str) -> str:
        id_path = self.schema.tables[table].id_path
        return entity_iri(id_path, key) if id_path else row_iri(table, key)


@pytest.fixture(scope="module")
def planter(shipped: Tables) -> Planter:
    return Planter(shipped)


@pytest.fixture(scope="module")
def names(shipped: Tables) -> ox.Store:
    """Vocabulary, entities, sources and boxes: what planted rows speak of."""
    tables = shipped.schema.tables
    rows = [
        row
        for row in shipped.rows
        if tables[row.table].kind != "record" or row.table == "country_boxes"
    ]
    text = "".join([*to_nquads(rows, shipped.schema), *vocabulary_nquads(shipped.schema)])
    engine = ox.Store()
    engine.load(text, format=ox.RdfFormat.N_QUADS)
    return engine


@contextmanager
def planted(engine: ox.Store, nquads: str) -> Iterator[Store]:
    """Rows stand in a store for a while."""
    own = [quad for quad in store_of(nquads).quads() if quad not in engine]
    engine.extend(own)
    yield Store(engine)
    for quad in own:
        engine.remove(quad)


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_a_check_finds_the_planted_row_and_no_neighbour(
    name: str, planter: Planter, names: ox.Store
) -> None:
    rows, expected = planter.plant(PLANTED[name])
    with planted(names, "".join(to_nquads(rows, planter.schema))) as store:
        found = list(store.select((FOLDER / "checks" / f"{name}.rq").read_text(encoding="utf-8")))
    # A planted source has no row of its own in the graph: it is named by its IRI.
    assert {
        row_name(hit["row"].value).replace("https://w3id.org/monazite/source", "sources")
        for hit in found
    } == expected
    for hit in found:
        assert hit["what"].value[-1] not in ".;"
        assert hit["fix"].value[-1] not in ".;"


def test_every_check_has_planted_rows() -> None:
    assert sorted(PLANTED) == [file.stem for file in CHECKS]


def test_a_check_has_a_title_and_speaks_only_of_what_is_declared() -> None:
    vocabulary = Graph().parse(FOLDER / "monazite.ttl")
    declared = {str(term).removeprefix(NS) for term in vocabulary.subjects()}
    for file in CHECKS:
        text = file.read_text(encoding="utf-8")
        assert re.match(r"# title: [A-Z].{5,60}\n# about: [A-Z].{30,}\.\n", text), file
        assert set(re.findall(r"\bmz:(\w+)", text)) <= declared, file
        for scheme, code in re.findall(r"\b([a-z-]+):([a-z-]+)", text):
            concepts = FOLDER / "schemes" / f"{scheme}.ttl"
            if concepts.is_file():
                assert f"{scheme}:{code} a skos:Concept" in concepts.read_text(encoding="utf-8")


def test_a_check_compares_bounds_and_only_prints_dates(shipped: Tables) -> None:
    columns = [column for table in shipped.schema.tables.values() for column in table.columns]
    dates = {column.path.removeprefix(NS) for column in columns if column.kind == "date"}
    for file in CHECKS:
        text = file.read_text(encoding="utf-8")
        for variable in re.findall(rf"\bmz:(?:{'|'.join(sorted(dates))}) \?(\w+)", text):
            uses = len(re.findall(rf"\?{variable}\b", text))
            assert uses == 1 + text.count(f"STR(?{variable})"), file


@pytest.mark.whole
def test_shipped_tables_are_clean(shipped: Tables) -> None:
    report = check()
    assert sentences(report) == []
    assert sum(report.counts.values()) == len(shipped.rows)


@pytest.mark.whole
def test_a_folder_of_tables_is_checked_by_the_shipped_ontology(ontology_copy: Path) -> None:
    change(ontology_copy, "countries", "Aruba,", ",")
    assert sentences(check(ontology_copy / "tables")) == [
        'countries.csv:2: the column "name" is blank; write it, for example China'
    ]


OWNERSHIP = "row,owner,owned,share_percent,status,valid_from,source\n"


@pytest.fixture
def beside(small_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the reader's own; the small ontology is the shipped one, with a check."""
    check_file = "ownership-above-hundred.rq"
    shutil.copy(FOLDER / "checks" / check_file, small_ontology / "checks")
    monkeypatch.setattr(checks, "ontology_folder", lambda: small_ontology)
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def test_own_tables_are_checked_together_with_the_shipped(beside: Path) -> None:
    file = beside / "ownership.csv"
    file.write_text(OWNERSHIP + "us-east,lynas,kuantan-east,51,stated,2026,annual\n")
    report = check(beside)
    assert report.ok
    assert report.counts == {"ownership": 1}
    said = f"1 row in 1 table, checked together with {report.beside} of ours: no faults found"
    assert (report.headline(), report.beside > 10) == (said, True)


def test_own_rows_are_held_against_ours(beside: Path) -> None:
    """Ours say that Lynas holds all of the plant; both rows are told, each in its file."""
    file = beside / "ownership.csv"
    file.write_text(OWNERSHIP + "us-kuantan,us,kuantan,51,stated,2012,annual\n")
    (beside / "organisations.csv").write_text("id,name,kind,source\nus,We,company,annual\n")
    said = sentences(check(beside))
    assert {line.split(": ")[0] for line in said} == {f"{file}:2", "ownership.csv:2"}
    assert all("(check ownership-above-hundred)" in line for line in said)


def test_a_folder_with_most_tables_is_meant_to_have_all(beside: Path, small_ontology: Path) -> None:
    """Whoever corrects our tables in a copy is told which of them is lost."""
    shutil.copytree(small_ontology / "tables", beside, dirs_exist_ok=True)
    assert check(beside).ok
    (beside / "codes.csv").unlink()
    assert sentences(check(beside)) == ["codes.csv: the table is missing; add it, header at least"]


def test_faults_of_cells_come_first_and_alone(small_ontology: Path) -> None:
    change(small_ontology, "capacity", "1.50,1,2", "1.50,x,2")
    change(small_ontology, "coordinates", "3.99,103.38", "103.38,3.99")
    assert sentences(check(small_ontology)) == [
        'capacity.csv:2: in column "value_low", "x" is not a number; '
        "write digits and one point, or leave the cell blank",
        'coordinates.csv:2: in column "lat", 103.38 is above 90; check the number and its unit',
    ]


def test_a_shape_that_only_a_validator_reads_gives_file_and_line(small_ontology: Path) -> None:
    for table, old, new in (
        ("countries", 'sh:name "iso2" ;', 'sh:name "iso2" ; sh:pattern "^M" ;'),
        ("capacity", 'sh:name "value" ;', 'sh:name "value" ; sh:maxExclusive 1000 ;'),
    ):
        file = small_ontology / "shapes" / f"{table}.ttl"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
    assert sentences(check(small_ontology)) == [
        'capacity.csv:3: in column "value", "1200" breaks sh:MaxExclusive; '
        "read the shape of the table",
        'countries.csv:3: in column "iso2", "NA" breaks sh:Pattern; read the shape of the table',
    ]


LOW_ABOVE_HIGH = (
    "capacity.csv:2: the lower end 3 is above the upper end 2; "
    "exchange them, or check the numbers (check low-above-high)"
)


@pytest.fixture
def faulty(small_ontology: Path) -> Path:
    """The small ontology with one range the wrong way round, and the shipped check of it."""
    change(small_ontology, "capacity", "1.50,1,2", ",3,2")
    name = "low-above-high.rq"
    text = (FOLDER / "checks" / name).read_text(encoding="utf-8")
    (small_ontology / "checks" / name).write_text(text, encoding="utf-8")
    return small_ontology


def except_lines(ontology: Path, *lines: str) -> None:
    text = "".join(f"{line}\n" for line in lines)
    (ontology / "checks" / "exceptions.csv").write_text(text, encoding="utf-8")


def test_a_hit_that_is_excepted_is_no_fault(faulty: Path) -> None:
    except_lines(faulty, "check,row,why", "low-above-high,capacity/kuantan-2024,as printed")
    assert check(faulty).ok


def test_an_exception_that_no_longer_hits_is_a_fault(faulty: Path) -> None:
    except_lines(faulty, "check,row,why", "low-above-high,capacity/kuantan-2025,as printed")
    assert sentences(check(faulty)) == [
        LOW_ABOVE_HIGH,
        'checks/exceptions.csv:2: the check "low-above-high" no longer finds the row '
        '"capacity/kuantan-2025"; take the line out',
    ]


def test_faults_of_the_exceptions_themselves(faulty: Path) -> None:
    except_lines(faulty, "check,row,why", "low-above-hihg,capacity/x,so", "low-above-high,,", "a")
    assert sentences(check(faulty))[1:] == [
        'checks/exceptions.csv:2: there is no check "low-above-hihg"; '
        'did you mean "low-above-high"?',
        "checks/exceptions.csv:3: a cell is missing; fill all three",
        "checks/exceptions.csv:4: a cell is missing; fill all three",
    ]
    except_lines(faulty, "check,key,why")
    assert sentences(check(faulty))[1:] == [
        "checks/exceptions.csv:1: the header is not check,row,why; write it so"
    ]


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("SELECT ?row {", "checks/mine.rq: The query cannot be parsed: "),
        ("ASK { ?s ?p ?o }", "checks/mine.rq: "),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", "checks/mine.rq: "),
        (
            'SELECT ?row ?what ?fix { ?row a mz:Capacity BIND("x" AS ?fix) }',
            "checks/mine.rq: it finds something that is no row or has no sentence: https://w3id",
        ),
    ],
)
def test_a_bad_check_is_a_fault(small_ontology: Path, query: str, fault: str) -> None:
    text = f"PREFIX mz: <{NS}>\n{query}"
    (small_ontology / "checks" / "mine.rq").write_text(text, encoding="utf-8")
    assert sentences(check(small_ontology))[0].startswith(fault)


def shapes_of(ontology: Path) -> str:
    files = sorted((ontology / "shapes").glob("*.ttl"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def triples_of(ontology: Path) -> tuple[str, Schema]:
    schema = read_schema(ontology)
    rows = read_tables(ontology / "tables", schema).rows
    return to_ntriples(to_nquads(rows, schema), schema), schema


ROW = "<https://w3id.org/monazite/row/capacity/kuantan-2024>"
HOLDING = "<https://w3id.org/monazite/row/ownership/lynas-kuantan>"
POINT = "<https://w3id.org/monazite/row/coordinates/kuantan-site>"
XSD = "http://www.w3.org/2001/XMLSchema#"
BROKEN = [
    ("MinCount", f"{ROW} <{NS}stage> ", ""),
    ("MaxCount", "", f"{ROW} <{NS}stage> <https://w3id.org/monazite/scheme/stage/mine> ."),
    ("Class", f"{ROW} <{NS}stage> ", f"{ROW} <{NS}stage> <https://w3id.org/monazite/id/x> ."),
    ("Class", f"{ROW} <{NS}facility> ", f"{ROW} <{NS}facility> <{NS}Facility> ."),
    ("NodeKind", f"{ROW} <{NS}facility> ", f'{ROW} <{NS}facility> "kuantan" .'),
    ("Or", f"{HOLDING} <{NS}owner> ", f"{HOLDING} <{NS}owner> <{NS}Facility> ."),
    ("Datatype", f"{ROW} <{NS}value> ", f'{ROW} <{NS}value> "much" .'),
    ("Datatype", f"{ROW} <{NS}value> ", f'{ROW} <{NS}value> "much"^^<{XSD}decimal> .'),
    ("Datatype", f"{ROW} <{NS}value> ", f'{ROW} <{NS}value> "2"^^<{XSD}integer> .'),
    ("MinInclusive", f"{ROW} <{NS}value> ", f'{ROW} <{NS}value> "-2"^^<{XSD}decimal> .'),
    ("MaxInclusive", f"{POINT} <{NS}latitude> ", f'{POINT} <{NS}latitude> "91"^^<{XSD}decimal> .'),
]


def break_triples(triples: str, drop: str, add: str) -> str:
    """Leave one triple out, and put another in."""
    lines = [line for line in triples.splitlines() if not (drop and line.startswith(drop))]
    return "\n".join([*lines, add, ""])


@pytest.mark.parametrize(
    ("component", "drop", "add", "again"),
    [(*each, place % 4 == 0 or THOROUGH) for place, each in enumerate(BROKEN)],
)
def test_the_planted_fault_is_found_by_both_validators(
    small_ontology: Path, component: str, drop: str, add: str, again: bool
) -> None:
    triples, _ = triples_of(small_ontology)
    shapes = shapes_of(small_ontology)
    broken = break_triples(triples, drop, add)
    found = find_violations(shapes, broken)
    assert component in {violation.component for violation in found}
    assert find_violations(shapes, triples) == set()
    assert not again or find_violations_again(shapes, broken) == found


@pytest.mark.whole
def test_both_validators_agree_on_a_sample_of_the_shipped_rows(shipped: Tables) -> None:
    """Each fifteenth row, without most of what it speaks of: hundreds of dangling references."""
    shapes = shapes_of(FOLDER)
    triples = to_ntriples(to_nquads(shipped.rows[::15], shipped.schema), shipped.schema)
    fast = find_violations(shapes, triples)
    assert len(fast) > 500
    assert fast == find_violations_again(shapes, triples)


def test_a_disagreement_is_a_fault(small_ontology: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = {Violation(ROW[1:-1], f"{NS}value", "Datatype", "1.5")}
    monkeypatch.setattr(checks, "find_violations_again", lambda shapes, triples: odd)
    assert check(small_ontology).ok
    assert sentences(check(small_ontology, reference=True)) == [
        "capacity.csv:2: only pySHACL reports sh:Datatype of value; "
        "find out which validator is right, and write the shape so that both agree"
    ]


@pytest.mark.whole
def test_a_full_set_names_what_is_beside_it(small_ontology: Path, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    shutil.copytree(FOLDER / "tables", folder)
    (folder / "more.xlsx").write_bytes(b"x")
    (folder / "persons.csv").rename(folder / "PERSONS.CSV")
    said = [str(fault) for fault in check(folder).faults]
    assert "PERSONS.CSV: a full set of tables is read from files that end in .csv; save it so" in (
        " ".join(said)
    )
    assert any(each.startswith("more.xlsx: a full set of tables is read from") for each in said)
    assert any(each.startswith("persons.csv: the table is missing") for each in said)
