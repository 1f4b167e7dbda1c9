"""``monazite balance``: tables, JSON, pictures and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_the_table_says_whether_it_closes_and_why_not(run: Run) -> None:
    done = run("balance", "--full", "-e", "NdPr", "--year", "2024")
    assert done.code == 0
    assert "supply against use" in done.out
    assert "printed magnets are finished ones" in done.out
    assert "short; perhaps" in done.out
    assert "\nData: release of " in done.out
    assert "Assumptions" not in done.out


def test_json_has_the_view_and_csv_is_bare(run: Run) -> None:
    found = json.loads(run("balance", "-e", "Dy", "--year", "2024", "-f", "json").out)
    assert found["view"]["valid"] == "2026-11-24"
    assert found["unit"] == "t of the element"
    table = run("balance", "-e", "Dy", "--year", "2024", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(table.out)))
    assert len(rows) == len(found["lines"])
    assert table.err.startswith("Data: ")


def test_pictures_are_written_and_go_to_stdout(run: Run, tmp_path: Path) -> None:
    svg, html = tmp_path / "a.svg", tmp_path / "a.html"
    done = run(
        "balance", "--full", "-e", "Dy", "-y", "2024", "--svg", str(svg), "--html", str(html)
    )
    assert done.code == 0
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    assert root.tag.endswith("svg")
    assert str(root[-1].text).startswith("Data: ")
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    bare = run("balance", "--full", "-e", "Dy", "-y", "2024", "--svg", "-")
    assert bare.out.encode() == svg.read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["-e", "Xx"], 'There is no element "Xx"'),
        (["-e", "Dy", "--year", "1900"], "No record of 1900 says"),
        (["-e", "Dy", "--year", "2031"], "No record up to 2025 gives the trade"),
        (["--html", "/nowhere/a.html"], "cannot be written"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], sentence: str, run: Run) -> None:
    assert sentence in run("balance", *words).assert_refused()


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    found = view_in_memory().balance("Dy", year=2024)
    words = ("balance", "-e", "Dy", "-y", "2024")
    assert_is_what_the_command_prints(found, run(*words, "-f", "json").out)
    assert repr(found).startswith("<Balance Dy 2024, left over: mine ")
    assert found.to_csv() == run(*words, "-f", "csv").out
    assert found.to_text(full=True) == run(*words, "--full").out
    assert found.to_text(width=80) == run(*words).out
    assert {each.row for each in found.assumptions} <= {*found.row_keys}


def test_the_view_draws_what_the_command_writes(run: Run) -> None:
    view = view_in_memory()
    found = view.balance("Dy", year=2024)
    words = ("balance", "-e", "Dy", "-y", "2024")
    assert view.balance_svg(found) == run(*words, "--svg", "-").out
    assert view.balance_html(found) == run(*words, "--html", "-").out
    tables = found.tables(top=1, assumptions=True)
    shown = run(*words, "--html", "-", "--top", "1", "--assumptions").out
    assert view.balance_html(found, tables) == shown
