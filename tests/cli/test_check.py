"""``monazite check``: 0 clean, 1 faults, 2 could not read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_clean_tables_exit_0(run: Run, small_ontology: Path) -> None:
    done = run("check", str(small_ontology))
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith(": 0 faults.\n")


@pytest.fixture
def faulty(small_ontology: Path) -> Path:
    """Tables with one fault, whose text a spreadsheet would run."""
    file = small_ontology / "tables" / "facilities.csv"
    with file.open("a", encoding="utf-8") as lines:
        lines.write("new-plant,New plant,,=1+1,,,annual,\n")
    return small_ontology


def test_faults_exit_1_with_file_and_line(run: Run, faulty: Path) -> None:
    done = run("check", str(faulty))
    assert done.code == 1
    assert done.out.startswith("facilities.csv:4: ")
    assert done.out.count("\n") == 1
    assert done.err.endswith(": 1 faults.\n")


def test_faults_as_json_csv_and_markdown(run: Run, faulty: Path) -> None:
    (fault,) = json.loads(run("check", str(faulty), "-f", "json").out)
    assert (fault["file"], fault["line"]) == ("facilities.csv", "4")
    header, row = csv.reader(io.StringIO(run("check", str(faulty), "-f", "csv").out))
    assert dict(zip(header, row, strict=True)) == fault
    assert "| facilities.csv" in run("check", str(faulty), "-f", "markdown").out


def test_a_folder_that_is_not_there_exits_2(run: Run, tmp_path: Path) -> None:
    assert "cannot be read" in run("check", str(tmp_path / "none")).assert_refused()


def test_a_folder_without_tables_names_each_missing_one(run: Run, tmp_path: Path) -> None:
    done = run("check", str(tmp_path))
    assert done.code == 1
    assert "facilities.csv: the table is missing" in done.out
