"""What is exported: a view, or the rows of it that speak of one entity; folders and data bases."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.core.errors import UnknownNameError
from monazite.core.results import do_nothing
from monazite.core.tables import safe_cell
from monazite.data.iris import BASE, EVIDENCE, NS, PREFIXES, row_iri
from monazite.data.reader import Row, read_tables
from monazite.export.formats import EXPORT_FORMATS, find_format
from monazite.export.selection import VIEW_GRAPH, Selection, iri_of
from monazite.export.tables import (
    cell_text,
    header_of,
    typed_tables,
    write_folder,
    write_parquet,
    write_sqlite,
)
from monazite.store.cards import rows_about
from monazite.store.names import find_entity
from monazite.view.view import View
from tests.conftest import view_in_memory

DERIVED = PREFIXES["prov"] + "wasDerivedFrom"


def objects(quads: list[ox.Quad], predicate: str, graph: str | None = None) -> list[str]:
    return [
        iri_of(quad.object)
        for quad in quads
        if quad.predicate.value == predicate and graph in (None, iri_of(quad.graph_name))
    ]


def subjects(quads: list[ox.Quad], predicate: str) -> set[str]:
    return {iri_of(quad.subject) for quad in quads if quad.predicate.value == predicate}


def row_graphs(quads: list[ox.Quad]) -> set[str]:
    graphs = {iri_of(quad.graph_name) for quad in quads}
    return {graph for graph in graphs if graph.startswith(BASE + "row/")}


def claims(selection: Selection) -> set[str]:
    rows = selection.rows()
    return {row_iri(row.table, row.key) for row in rows if row.table != "sources"}


def test_a_view_is_all_its_quads_and_three_that_describe_it(
    whole: Selection, primary: View
) -> None:
    quads, own = whole.quads(), set(whole.view.store.quads())
    added = [quad for quad in quads if quad not in own]
    assert len(quads) == len(own) + len(added)
    title = "http://purl.org/dc/terms/title"
    told = [PREFIXES["rdf"] + "type", title, NS + "view"]
    assert sorted(quad.predicate.value for quad in added) == sorted(told)
    of_primary = Selection(primary).quads()
    (text,) = objects(of_primary, NS + "view")
    assert json.loads(text) == primary.describe()
    assert objects(of_primary, title, VIEW_GRAPH) == [primary.line()]


def test_rows_of_a_filtered_view_name_only_its_sources(primary: View) -> None:
    selection = Selection(primary)
    rows = selection.rows()
    sources = {row.key for row in rows if row.table == "sources"}
    cited = {cell.text for row in rows for cell in row.cells.get("source", ())}
    assert cited <= sources
    linked = set(objects(selection.quads(), DERIVED))
    assert linked == {f"{BASE}source/{key}" for key in cited}


def test_rows_and_quads_are_the_same_rows(primary: View, mine: Selection) -> None:
    for selection in (Selection(primary), mine):
        assert row_graphs(selection.quads()) == claims(selection)
    assert {f"{row.table}/{row.key}" for row in mine.rows()} == set(mine.names or ())
    assert mine.about()["entity"] == "mountain-pass"


def test_an_entity_takes_its_rows_and_what_they_name(mine: Selection) -> None:
    assert mine.entity is not None
    assert mine.names is not None
    assert set(rows_about(mine.view.store, mine.entity)) < mine.names
    assert mine.names > {
        "facilities/mountain-pass",
        "organisations/mp-materials",
        "countries/USA",
        "ownership/mp-materials-mountain-pass-2017",
        "sources/sbc-2021-08",  # who says so
    }
    assert "facilities/bayan-obo" not in mine.names


def test_what_the_rows_of_an_entity_name_has_a_label_and_each_source_a_title(
    mine: Selection,
) -> None:
    assert mine.entity is not None
    quads = mine.quads()
    own = {row_iri(*name.split("/", 1)) for name in rows_about(mine.view.store, mine.entity)}
    named = {iri_of(quad.object) for quad in quads if iri_of(quad.graph_name) in own}
    named = {iri for iri in named if iri.startswith(BASE + "id/")}
    assert len(named) > 10
    assert named <= subjects(quads, PREFIXES["rdfs"] + "label")
    evidence = [quad for quad in quads if iri_of(quad.graph_name) == EVIDENCE]
    cited = set(objects(evidence, DERIVED))
    assert len(cited) > 10
    assert cited <= subjects(evidence, NS + "title")


def test_an_entity_that_no_claim_names_is_its_identity(small: View) -> None:
    selection = Selection(small, find_entity(small.store, "NAM"))
    assert selection.names == frozenset({"countries/NAM", "sources/digest"})


def write_all(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def texts(row: Row) -> dict[str, list[str]]:
    return {name: [safe_cell(cell.text) for cell in cells] for name, cells in row.cells.items()}


def test_the_reader_of_tables_reads_all_rows_back(view: View, tmp_path: Path) -> None:
    files = write_folder(Selection(view))
    assert set(files) == {"view.json", *(f"{name}.csv" for name in view.schema.tables)}
    read = read_tables(write_all(files, tmp_path), view.schema)
    assert read.faults == []
    rows = Selection(view).rows()
    assert [(row.table, row.key) for row in read.rows] == [(row.table, row.key) for row in rows]
    assert [texts(row) for row in read.rows] == [texts(row) for row in rows]


def test_a_filtered_folder_reads_back_and_says_what_it_is(primary: View, tmp_path: Path) -> None:
    files = write_folder(Selection(primary))
    read = read_tables(write_all(files, tmp_path), primary.schema)
    left_out = 'the column "source" is blank'  # or a row that another names
    assert all(f.what.startswith(left_out) or " is not in " in f.what for f in read.faults)
    about = json.loads(files["view.json"])
    assert (about["view"], about["line"]) == (primary.describe(), primary.line())
    counts = Counter(row.table for row in Selection(primary).rows())
    assert {name: count for name, count in about["tables"].items() if count} == counts
    assert Counter(row.table for row in read.rows) == counts


def test_no_cell_is_a_formula(view: View) -> None:
    files = write_folder(Selection(view))
    cells = [
        cell
        for name, content in files.items()
        if name.endswith(".csv")
        for line in csv.reader(io.StringIO(content.decode(), newline=""))
        for cell in line
    ]
    assert [cell for cell in cells if cell != safe_cell(cell)] == []
    assert "'-90 %" in cells  # statements/c15-samarium


Table = list[dict[str, str]]


@pytest.fixture(scope="module")
def expected(mine: Selection) -> dict[str, Table]:
    """The cells of each table as CSV has them, sorted by key."""
    found: dict[str, list[Row]] = {name: [] for name in mine.view.schema.tables}
    for row in mine.rows():
        found[row.table].append(row)
    return {
        name: [
            {column: cell_text(row, column) for column in header_of(mine.view.schema.tables[name])}
            for row in sorted(rows, key=lambda row: row.key)
        ]
        for name, rows in found.items()
    }


def as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def plain(text: str, kind: str) -> str:
    return as_text(Decimal(text)) if text and kind == "decimal" else text


def test_sqlite_holds_every_cell_with_types_and_keys(
    mine: Selection, expected: dict[str, Table], tmp_path: Path
) -> None:
    content = write_sqlite(mine)
    assert content == write_sqlite(mine)
    file = tmp_path / "mine.sqlite"
    file.write_bytes(content)
    with closing(sqlite3.connect(file)) as base:
        base.row_factory = sqlite3.Row
        assert base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        for name, rows in expected.items():
            found = map(dict, base.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall())
            assert [{key: as_text(each) for key, each in row.items()} for row in found] == rows
            first = base.execute(f'PRAGMA table_info("{name}")').fetchone()
            key = mine.view.schema.tables[name].key_column
            assert (first["name"], first["pk"]) == (key, 1)
        columns = base.execute("PRAGMA table_info(production)").fetchall()
        types = {each["name"]: each["type"] for each in columns}
        assert types["year"] == "INTEGER"
        assert types["value"] == "DECIMAL_TEXT"
        assert types["material"] == "TEXT"
        refers = {(e["from"], e["table"]) for e in base.execute("PRAGMA foreign_key_list(trade)")}
        assert {("exporter", "countries"), ("importer", "countries")} <= refers
        assert dict(base.execute("SELECT name, value FROM view"))["line"] == mine.line()


NUMBERS = [None, 7, "7", "-0.50", 2.5, "0.000000000000000001"]
NO_NUMBERS = ["abc", "", " ", "-", ".5", "5.", "1.2.3", "--1", "1-2", "1e5", "1,5", "NaN", b"1"]
NO_YEARS = ["abc", "", 2024.5, "2024-06", b"1"]


@pytest.mark.parametrize(
    ("table", "column", "taken", "refused"),
    [
        ("capacity", "value", NUMBERS, NO_NUMBERS),
        ("production", "year", [None, 2024, "2024"], NO_YEARS),
    ],
)
def test_a_column_of_numbers_refuses_what_is_none(
    mine: Selection, table: str, column: str, taken: list[object], refused: list[object]
) -> None:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(write_sqlite(mine))
        key = mine.view.schema.tables[table].key_column
        add = f'INSERT INTO "{table}" ("{key}", "{column}") VALUES (?, ?)'
        base.executemany(add, [(f"taken-{at}", value) for at, value in enumerate(taken)])
        for value in refused:
            with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
                base.execute(add, ("refused", value))
            with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
                base.execute(f'UPDATE "{table}" SET "{column}" = ?', (value,))


def test_parquet_holds_every_cell_with_types(
    mine: Selection, expected: dict[str, Table], tmp_path: Path
) -> None:
    duckdb = pytest.importorskip("duckdb")
    files = write_parquet(mine)
    assert files == write_parquet(mine)
    assert {*files} == {f"{name}.parquet" for name in (*expected, "view")}
    kinds = {table.name: table.columns for table in typed_tables(mine)}
    with duckdb.connect() as base:
        for name, rows in expected.items():
            file = tmp_path / f"{name}.parquet"
            file.write_bytes(files[file.name])
            read = base.read_parquet(str(file))
            found = [
                dict(zip(read.columns, map(as_text, row), strict=True)) for row in read.fetchall()
            ]
            assert found == [
                {column: plain(text, kinds[name][column]) for column, text in row.items()}
                for row in rows
            ]
        production = base.read_parquet(str(tmp_path / "production.parquet"))
        types = dict(zip(production.columns, map(str, production.types), strict=True))
        assert (types["year"], types["value"]) == ("BIGINT", "DECIMAL(36,18)")


def digests(view: View) -> Iterator[str]:
    """What every format makes of a part of a view, in short."""
    part = Selection(view, find_entity(view.store, "mountain-pass"))
    network = view.network("Dy", "USA")
    for name, form in EXPORT_FORMATS.items():
        if form.kind == "network":
            content = form.writer(network)
        elif form.kind == "folder":
            content = b"".join(form.writer(part, do_nothing).values())
        else:
            content = form.writer(part, do_nothing)
        yield f"{name} {hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("TTL", 'There is no format "TTL"; did you mean "turtle"?'),
        ("json-ld", 'There is no format "json-ld"; did you mean "jsonld"?'),
        ("../x", 'There is no format "../x"; formats are turtle, trig, nquads, canonical, '),
    ],
)
def test_an_unknown_format_is_told(word: str, said: str) -> None:
    with pytest.raises(UnknownNameError) as told:
        find_format(word)
    assert str(told.value).startswith(said)


@pytest.mark.whole
def test_the_same_bytes_whatever_the_seed() -> None:
    there = (
        "from tests.export.test_selection import digests; import monazite;"
        "print(*digests(monazite.load()), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", there],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    here = list(digests(view_in_memory()))
    assert done.stdout.splitlines() == here
    assert len(here) == len(EXPORT_FORMATS)
