"""``monazite new-table``: the table to stdout or a file, its help beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_the_header_is_the_data_and_the_help_is_talk(run: Run) -> None:
    done = run("new-table", "persons")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert done.out.startswith("id,name,names,source,")
    assert "What stands in it" in done.err or "what stands in it" in done.err
    assert run("new-table", "PERSONS", "-o", "-").out == done.out


def test_a_file_gets_the_table_and_stdout_the_help(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "persons.csv"
    talk = run("new-table", "persons", "-o", str(tmp_path / "talk.csv")).out
    assert talk.startswith("persons: A person"), "the name is that of the table, not of the help"
    done = run("new-table", "persons", "-o", str(file), "-f", "csv")
    assert file.read_text(encoding="utf-8").startswith("id,name,names,source,")
    assert done.out.splitlines()[0] == "column,must,what stands in it,example"
    assert done.err == f"{file}: fill it in, and ask: monazite check {tmp_path}.\n"


def test_an_empty_table_with_its_help_checks_clean(
    run: Run, tmp_path: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("view.tables.chosen_tables", "triples.checks"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: small_ontology)
    (tmp_path / "own").mkdir()
    for name in ("capacity.xlsx", "persons.csv"):
        run("new-table", name.partition(".")[0], "-o", str(tmp_path / "own" / name))
    done = run("check", str(tmp_path / "own"))
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("no faults found; 0 facts differ from others.\n")


def test_the_help_as_json_is_that_of_the_result(run: Run) -> None:
    from monazite import new_table

    printed = json.loads(run("new-table", "capacity", "-f", "json").out)
    assert printed == new_table("capacity").to_dict()
    assert [each["given"] for each in printed["columns"] if each["column"] == "source"] == ["yes"]


def test_what_cannot_be_written_is_refused_and_nothing_is_left(run: Run, tmp_path: Path) -> None:
    said = run("new-table", "persons", "-o", str(tmp_path / "persons.ods")).assert_refused()
    assert said.startswith("An empty table is .csv or .xlsx")
    assert [*tmp_path.iterdir()] == []
    assert "did you mean" in run("new-table", "prises").assert_refused()
