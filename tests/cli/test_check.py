"""``monazite check``: 0 clean, 1 faults, 2 could not read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from monazite.triples import checks
from monazite.view.tables import chosen_tables
from tests.cli.conftest import Run


def test_clean_tables_exit_0(run: Run, small_ontology: Path) -> None:
    done = run("check", str(small_ontology))
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith(": no faults found.\n")


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
    assert done.err.endswith(": 1 fault.\n")


def test_faults_as_json_csv_and_markdown(run: Run, faulty: Path) -> None:
    (fault,) = json.loads(run("check", str(faulty), "-f", "json").out)
    assert (fault["file"], fault["line"]) == ("facilities.csv", "4")
    header, row = csv.reader(io.StringIO(run("check", str(faulty), "-f", "csv").out))
    assert dict(zip(header, row, strict=True)) == fault
    assert "| facilities.csv" in run("check", str(faulty), "-f", "markdown").out


def test_a_folder_that_is_not_there_exits_2(run: Run, tmp_path: Path) -> None:
    assert "cannot be read" in run("check", str(tmp_path / "none")).assert_refused()


def test_a_folder_without_tables_exits_2(run: Run, tmp_path: Path) -> None:
    assert run("check", str(tmp_path)).assert_refused() == (
        f"{tmp_path} holds no table; a table is a file that ends in .csv or .xlsx and begins "
        "with no . or ~$: save each table as CSV or XLSX."
    )


@pytest.fixture
def own(cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of the reader's own, beside a cut of ours, with a file that is none."""
    for module in (checks, chosen_tables):
        monkeypatch.setattr(module, "ontology_folder", lambda: cut)
    folder = tmp_path / "own"
    folder.mkdir()
    header = "row,owner,owned,share_percent,status,valid_from,source\n"
    rows = "own-1,mp-materials,lynas,1,stated,2026,monazite-compilation\n"
    (folder / "ownership.csv").write_text(header + rows, encoding="utf-8")
    (folder / "prices.ods").touch()
    return folder


def test_own_tables_are_checked_together_with_ours(run: Run, own: Path) -> None:
    done = run("check", str(own))
    assert (done.code, done.out) == (0, "")
    unread, said = done.err.splitlines()
    assert unread.startswith("Not read: prices.ods; ")
    assert said.startswith("1 row in 1 table, checked together with ")


def test_many_faults_are_counted_in_every_format(run: Run, own: Path) -> None:
    with (own / "ownership.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"many-{n},lynas,o{n},x,stated,2026,monazite-compilation\n" for n in range(500)
        )
    done = run("check", str(own))
    assert done.code == 1
    assert done.out.count("\n") == 22
    assert "(and so on 479 more lines)" in done.out
    assert done.err.endswith(" of ours: 1,000 faults.\n")
    for fmt in ("json", "csv", "markdown"):
        assert "(and so on 479 more lines)" in run("check", str(own), "-f", fmt).out
