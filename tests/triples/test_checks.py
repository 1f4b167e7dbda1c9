"""The checks: each finds what was planted for it and nothing else, and says where it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import Graph

from monazite.errors import Fault
from monazite.rows.cells import Cell
from monazite.rows.columns import Column, Schema, read_schema
from monazite.rows.iris import NS, entity_iri, row_iri, row_name
from monazite.rows.reader import Row, Tables, read_tables
from monazite.shipped import ontology_folder
from monazite.triples import checks
from monazite.triples.checks import Report, check, to_ntriples
from monazite.triples.quads import to_nquads, vocabulary_nquads
from monazite.triples.store import store_of
from monazite.triples.validators import Violation, find_violations, find_violations_again
from tests.triples.planted import PLANTED, WORDS

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
def names(shipped: Tables) -> str:
    """Vocabulary, entities, sources and boxes: what planted rows speak of."""
    tables = shipped.schema.tables
    rows = [
        row
        for row in shipped.rows
        if tables[row.table].kind != "record" or row.table == "country_boxes"
    ]
    return "".join([*to_nquads(rows, shipped.schema), *vocabulary_nquads(shipped.schema)])


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_a_check_finds_the_planted_row_and_no_neighbour(
    name: str, planter: Planter, names: str
) -> None:
    rows, expected = planter.plant(PLANTED[name])
    store = store_of(names + "".join(to_nquads(rows, planter.schema)))
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
    assert all("\n*" in text and "\n  " in text for text in PLANTED.values())


@pytest.mark.parametrize("file", CHECKS, ids=lambda file: str(file.stem))
def test_a_check_has_a_title_and_speaks_only_of_what_is_declared(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.match(r"# title: [A-Z].{5,60}\n# about: [A-Z].{30,}\.\n", text)
    vocabulary = Graph().parse(FOLDER / "monazite.ttl")
    declared = {str(term).removeprefix(NS) for term in vocabulary.subjects()}
    assert set(re.findall(r"\bmz:(\w+)", text)) <= declared
    for scheme, code in re.findall(r"\b([a-z-]+):([a-z-]+)", text):
        concepts = FOLDER / "schemes" / f"{scheme}.ttl"
        if concepts.is_file():
            assert f"{scheme}:{code} a skos:Concept" in concepts.read_text(encoding="utf-8")
    dates = set(re.findall(r"FILTER\(\?(\w+) <=? \?(\w+)\)", text))
    assert not any(name in {"date", "from", "until"} for pair in dates for name in pair) or (
        "ownership" in file.stem  # there ?from and ?until are bounds
    )
