"""A reader's own tables: more rows, as CSV or a workbook, with every fault at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import UnreadableError
from monazite.rows.columns import read_schema
from monazite.rows.reader import Tables, read_tables

SOURCES = "id,publisher,title,published,accessed,kind,tier\nours,We,A note,2026-01,,company,3\n"
OWNERSHIP = "row,owner,owned,share_percent,status,valid_from,source\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def read(ontology: Path, data: Path) -> Tables:
    return read_tables(ontology / "tables", read_schema(ontology), data)


def test_own_rows_stand_beside_the_shipped_and_may_name_them(
    small_ontology: Path, own: Path
) -> None:
    (own / "sources.csv").write_text(SOURCES, encoding="utf-8")
    row = "us-kuantan,lynas,kuantan-east,51,stated,2026-02,ours;annual\n"
    (own / "ownership.csv").write_text(OWNERSHIP + row, encoding="utf-8")
    tables = read(small_ontology, own)
    assert tables.faults == []
    assert [found.key for found in tables.of("ownership")] == ["lynas-kuantan", "us-kuantan"]
    assert tables.rows[-1].file == str(own / "sources.csv")


def test_own_faults_name_the_file_of_the_reader(small_ontology: Path, own: Path) -> None:
    rows = "lynas-kuantan,lynas,nowhere,x,stated,2026-02,annual\n"
    (own / "ownership.csv").write_text(OWNERSHIP + rows, encoding="utf-8")
    (own / "owners.csv").write_text("a\n", encoding="utf-8")
    file = own / "ownership.csv"
    said = [str(fault) for fault in read(small_ontology, own).faults]
    assert said.pop(1).startswith(f'{file}:2: in column "owned", "nowhere" is not in ')
    assert said == [
        f'{own / "owners.csv"}: there is no table of that name; did you mean "ownership"?',
        f'{file}:2: in column "share_percent", "x" is not a number; '
        "write digits and one point, or leave the cell blank",
        f'{file}:2: the key "lynas-kuantan" stands in ownership.csv:2 already; '
        "give the row a key of its own; monazite contribute changes one of ours",
    ]


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_tables_is_a_sentence(
    small_ontology: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableError, match=r"cannot be read: No such file|holds no table"):
        read(small_ontology, tmp_path / name)
