"""Doubt from the command line: the tables, plain numbers and bad input."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import Run

WORDS = ("doubt", "-e", "MREE", "-m", "WLD", "--exact", "1")


def test_the_tables_name_the_sets_and_end_with_the_view(run: Run) -> None:
    done = run(*WORDS, "--top", "4")
    assert done.code == 0
    assert "MREE for the world: what overturns China at metal as first" in done.out
    assert "Smallest sets of rows: exact up to 1" in done.out
    assert "production/chn-metal-rare-earth-metal-2022-news" in done.out
    assert "tier 3, tier 4 and assumptions rest" in done.out
    assert "View: asked of 2026-11-24" in done.out
    assert done.err == ""


def test_json_and_csv_keep_the_plain_numbers(run: Run) -> None:
    found = json.loads(run(*WORDS, "-f", "json").out)
    assert (found["element"], found["market"], found["exact"]) == ("MREE", "WLD", 1)
    assert found["threshold"] == pytest.approx(found["loss"] / 2)
    assert found["view"]["without"] == []
    lines = list(csv.DictReader(io.StringIO(run(*WORDS, "-f", "csv").out)))
    told = [
        (";".join(line["rows"]), one["how"]) for line in found["lines"] for one in line["outcomes"]
    ]
    assert [(line["rows"], line["how"]) for line in lines] == told


def test_a_threshold_in_percent(run: Run) -> None:
    found = json.loads(run(*WORDS, "--threshold", "93.7", "-f", "json").out)
    assert found["threshold"] == pytest.approx(0.937)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-e", "Xx"], "Xx"),
        (["-m", "Atlantis"], "Atlantis"),
        (["-f", "yaml"], 'There is no format "yaml"'),
        (["--without", "nothing-like-this"], "nothing-like-this"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], said: str, run: Run) -> None:
    assert said in run("doubt", *words).assert_refused()
