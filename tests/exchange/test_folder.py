"""The folder of CSV files: the reader of tables reads it, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from monazite.exchange.folder import write_folder
from monazite.exchange.selection import Selection
from monazite.exchange.tables import header_of
from monazite.rows.reader import Row, read_tables
from monazite.tables import safe_cell
from monazite.view import View


def write(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def texts(row: Row) -> dict[str, list[str]]:
    return {name: [safe_cell(cell.text) for cell in cells] for name, cells in row.cells.items()}


def test_the_reader_of_tables_reads_all_rows_back(view: View, tmp_path: Path) -> None:
    files = write_folder(Selection(view))
    assert set(files) == {"view.json", *(f"{name}.csv" for name in view.schema.tables)}
    read = read_tables(write(files, tmp_path), view.schema)
    assert read.faults == []
    rows = Selection(view).rows()
    assert [(row.table, row.key) for row in read.rows] == [(row.table, row.key) for row in rows]
    assert [texts(row) for row in read.rows] == [texts(row) for row in rows]


def test_a_table_whose_header_is_whole_is_the_shipped_file(view: View) -> None:
    files = write_folder(Selection(view))
    same = 0
    for name, table in view.schema.tables.items():
        shipped = (view.ontology / "tables" / f"{name}.csv").read_bytes()
        header = shipped.decode().split("\n", 1)[0].split(",")
        if header == header_of(table) and b"'" not in files[f"{name}.csv"]:
            same += files[f"{name}.csv"] == shipped
            assert files[f"{name}.csv"] == shipped
    assert same > 15


def test_a_filtered_folder_reads_back_and_says_what_it_is(primary: View, tmp_path: Path) -> None:
    files = write_folder(Selection(primary))
    read = read_tables(write(files, tmp_path), primary.schema)
    left_out = 'the column "source" is blank'  # or a row that another names
    assert all(f.what.startswith(left_out) or " is not in " in f.what for f in read.faults)
    assert len(read.rows) == len(Selection(primary).rows())
    about = json.loads(files["view.json"])
    assert about["view"] == primary.describe()
    assert about["line"] == primary.line()
    for name, count in about["tables"].items():
        lines = list(csv.reader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))
        assert len(lines) == count + 1


def test_the_folder_of_an_entity_has_every_table_be_it_empty(mine: Selection) -> None:
    files = write_folder(mine)
    assert files["facilities.csv"].count(b"\n") > 1
    assert files["magnet_grades.csv"] == (
        ",".join(header_of(mine.view.schema.tables["magnet_grades"])).encode() + b"\n"
    )
    assert json.loads(files["view.json"])["view"]["entity"] == "mountain-pass"


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
