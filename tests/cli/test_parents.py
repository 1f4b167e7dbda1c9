"""Parents from the command line: a table with records and sources, the JSON, CSV, bad input."""

from __future__ import annotations

import csv
import io
import json

from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_the_table_names_each_step_with_row_and_source(run: Run) -> None:
    done = run("parents", "--full", "mountain-pass", "--valid", "1998-12-31")
    assert done.code == 0
    first, _, head, *steps = done.out.splitlines()
    assert first.endswith("ultimate parent on record Union Oil Company of California (Unocal)")
    assert head.split()[:4] == ["step", "held", "parent", "country"]
    assert "ownership/molycorp-mountain-pass-1952" in steps[0]
    assert "weak" in steps[0]
    assert "ownership/unocal-molycorp-1977" in steps[1]
    assert "Data: release of 24 Nov 2026, valid on 31 Dec 1998" in done.out


def test_the_json_tells_the_same(run: Run) -> None:
    found = json.loads(run("parents", "ngualla", "-f", "json", "--valid", "2025-12-31").out)
    names = "view entity label day ultimate_parents certainty chains other_holders circles"
    assert list(found) == [*names.split(), "operators", "remarks", "rows"]
    (chain,) = found["chains"]
    assert chain["percent_low"] == chain["percent_high"] == 84
    assert [step["holder"]["id"] for step in chain["steps"]][-1] == "shenghe-resources"
    assert found["day"] == found["view"]["valid"] == "2025-12-31"


def test_csv_lists_parents_and_holders(run: Run) -> None:
    done = run("parents", "mp-materials", "-f", "csv")
    way, others = done.out.split("\n\n")
    assert list(csv.DictReader(io.StringIO(way))) == []
    holders = {line["holder"]: line["share"] for line in csv.DictReader(io.StringIO(others))}
    assert holders["US Department of Defense"] == "15 %"
    assert "Data:" in done.err


def test_a_view_without_the_rows_knows_no_parent(run: Run, on_cut: None) -> None:
    done = run("parents", "--full", "mountain-pass", "--without", "table:ownership")
    assert done.code == 0
    assert "ultimate parent on record not known" in done.out
    assert "who runs it is not ownership" in done.out


def test_bad_words_are_refused_in_a_sentence(run: Run) -> None:
    assert "mountain-pass" in run("parents", "mountain-pas").assert_refused()
    assert "no format" in run("parents", "mountain-pass", "-f", "xml").assert_refused()
    assert "not a date" in run("parents", "mountain-pass", "--valid", "1998-13").assert_refused()


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    found = view_in_memory().parents("ngualla")
    assert_is_what_the_command_prints(found, run("parents", "ngualla", "-f", "json").out)
    assert repr(found).startswith("<Parents Ngualla")
    assert found.to_csv() == run("parents", "ngualla", "-f", "csv").out
