"""What changed between two releases: every row, and what the rows say together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monazite.errors import FaultyTablesError, UnknownNameError
from monazite.rows.columns import read_schema
from monazite.view import load
from monazite.view.tables.release_diff import are_folders, record_changes
from tests.findings.test_changes import turned


@pytest.fixture
def newer(small_ontology: Path, tmp_path: Path) -> Path:
    """The small ontology with a row more, a row less and a row that says another thing."""
    copy = Path(shutil.copytree(small_ontology, tmp_path / "newer"))
    ownership, capacity = (copy / "tables" / f"{name}.csv" for name in ("ownership", "capacity"))
    text = ownership.read_text(encoding="utf-8")
    row = "us-kuantan,lynas,kuantan-east,51,stated,2026,,,annual,,,\n"
    ownership.write_text(text.replace(",100,", ",90,") + row, encoding="utf-8")
    lines = capacity.read_text(encoding="utf-8").splitlines(keepends=True)
    capacity.write_text("".join(lines[:-1]), encoding="utf-8")
    return copy


def test_the_rows_are_told_and_the_way_back_is_the_way_there_turned_round(
    small_ontology: Path, newer: Path
) -> None:
    schema = read_schema(newer)
    there = record_changes(small_ontology, newer, schema)
    assert [(each.kind, each.row) for each in there] == [
        ("removed", "capacity/kuantan-2025"),
        ("changed", "ownership/lynas-kuantan"),
        ("added", "ownership/us-kuantan"),
    ]
    assert there[1].sentences == ("share_percent: 100, now 90",)
    assert [*map(turned, there)] == record_changes(newer, small_ontology, schema)
    assert record_changes(newer, newer, schema) == []


def test_tables_that_cannot_be_read_are_no_difference(small_ontology: Path, newer: Path) -> None:
    (newer / "tables" / "capacity.csv").write_bytes(b"\xff")
    with pytest.raises(FaultyTablesError, match=r"capacity.csv:1: the text is not UTF-8"):
        record_changes(small_ontology, newer, read_schema(small_ontology))


def test_two_folders_are_two_releases_and_one_is_a_mistake(cut: Path) -> None:
    assert are_folders(str(cut), str(cut))
    assert not are_folders("2025", "2026")
    assert not are_folders("2025", None)
    with pytest.raises(UnknownNameError, match="is a folder, and what it is compared with is none"):
        are_folders(str(cut), "2026")


def test_what_rows_say_together_is_compared_on_one_day(cut: Path, tmp_path: Path) -> None:
    newer = Path(shutil.copytree(cut, tmp_path / "newer"))
    persons = newer / "tables" / "persons.csv"
    with persons.open("a", encoding="utf-8") as file:
        header = (cut / "tables" / "persons.csv").read_text("utf-8").partition("\n")[0].split(",")
        cells = {"id": "ann", "name": "Ann", "source": "monazite-compilation"}
        file.write(",".join(cells.get(name, "") for name in header) + "\n")
    view = load(ontology=cut, cache=False)
    found = view.diff(str(cut), str(newer))
    assert [(each.group, each.kind, each.rows) for each in found] == [
        ("records", "added", ("persons/ann",))
    ]
    assert found.view is not None
    assert found.before.endswith(str(cut))
    assert len(view.diff(str(newer), str(newer))) == 0
