"""The back-test from the command line: the report, JSON, CSV, and what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path

import monazite
from tests.cli.conftest import Run
from tests.results import assert_is_what_the_command_prints

ORIGIN = ("--fit-until", "2025-07-21")


def test_the_report_begins_with_its_verdict(run: Run) -> None:
    done = run("backtest", "2025", *ORIGIN)
    assert done.code == 0
    first, _, head, *_ = done.out.splitlines()
    assert first.startswith("China's licences on magnets, April 2025: no skill")
    assert head.split()[:4] == ["base", "method", "n", "MAPE"]
    assert "Pseudo-out-of-sample: by what was published on 2025-07-21" in done.out
    for heading in ("Cross-episode", "What April's text alone", "Which rule of allocation"):
        assert heading in done.out


def test_the_json_is_what_the_verb_found(run: Run) -> None:
    view = monazite.load()
    done = run("backtest", "2025", *ORIGIN, "-f", "json")
    assert_is_what_the_command_prints(view.backtest("2025", fit_until=ORIGIN[1]), done.out)
    done = run("backtest", "2010", "-f", "json")
    assert_is_what_the_command_prints(view.backtest("2010"), done.out)
    assert json.loads(done.out)["verdict"] == "no skill"


def test_what_cannot_be_asked_is_a_sentence(run: Run) -> None:
    done = run("backtest", "2010", *ORIGIN)
    assert (done.code, done.out) == (2, "")
    assert "leave --fit-until" in done.err
    done = run("backtest", "2024")
    assert (done.code, done.out) == (2, "")
    assert 'no episode "2024"' in done.err


def test_a_file_is_written_as_its_name_ends_or_not_at_all(run: Run, tmp_path: Path) -> None:
    wrong, right = tmp_path / "bt.html", tmp_path / "bt.json"
    done = run("backtest", "2010", "-o", str(wrong))
    assert (done.code, done.out) == (2, "")
    assert "ends in .html; name a file that ends in .txt, .json, .csv, .tsv or .md" in done.err
    assert not wrong.exists()
    assert run("backtest", "2010", "-o", str(right)).code == 0
    assert json.loads(right.read_text("utf-8"))["verdict"] == "no skill"
