"""Cuts from the command line: the tables, the curve, formats and bad input."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import Run
from tests.cli.contract import check_result
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_the_tables_name_the_sets_and_end_with_the_view(run: Run) -> None:
    done = run("cuts", "--full", "-e", "Dy", "-m", "USA", "--k", "1", "--left", "50")
    assert done.code == 0
    lines = [line for line in done.out.splitlines() if "China separation" in line]
    assert any(line.startswith("up to 1, leaves at most 50 %") for line in lines)
    assert "Routes that share no country: 1." in done.out
    assert "The rest of the world is not one country" in done.out
    assert "the smallest suppliers of the United States, together under 2 %" in done.out
    assert "India mining" not in done.out
    assert "Data: release of 24 Nov 2026" in done.out


@pytest.mark.whole
def test_json_and_csv_keep_the_plain_numbers(run: Run) -> None:
    words = ("cuts", "-e", "Dy", "-m", "USA", "--fix", "separation/CHN", "-f")
    found = json.loads(run(*words, "json").out)
    assert (found["element"], found["market"]) == ("Dy", "USA")
    assert found["cuts"]["complete"] is True
    assert found["cuts"]["fewest"]["left"] == 0
    standing = {one["id"]: one for one in found["structure"]["standings"]}
    assert standing["separation/CHN"]["dominator"] is True
    assert standing["mine/RUS"]["left_out"] is True
    fix = found["fix"]
    assert (fix["id"], fix["horizon"]) == ("separation/CHN", "short-run")
    assert fix["fixes"][0]["stage"] == "separation"
    points = [(each["pool"], point) for each in fix["fixes"] for point in each["points"]]
    lines = list(csv.DictReader(io.StringIO(run(*words, "csv").out)))
    assert [line["pool"] for line in lines] == [pool for pool, _ in points]
    for name, column in (("tonnes", "tonnes"), ("loss", "loss"), ("unbound", "loss_free_trade")):
        assert [float(line[column]) for line in lines] == pytest.approx(
            [point[name] for _, point in points], rel=1e-5
        )


@pytest.mark.whole
def test_the_cheapest_fixes_of_what_costs_most_are_told(run: Run) -> None:
    out = run("cuts", "--full", "-e", "Dy", "--k", "1", "--fix", "first").out
    assert "Dy for the world: the cheapest fixes if China stopped separating" in out
    assert "separation, rest of the world, new for Dy, NdPr, Tb" in out
    assert "Dy, Tb at separation" in out
    assert "tonnes added" in out
    assert "money and years to build are not modelled" in out


def test_a_horizon_changes_what_there_is_to_fix(run: Run) -> None:
    out = run(
        "cuts", "--full", "-e", "Dy", "--k", "1", "--fix", "mine/ROW", "--horizon", "free"
    ).out
    assert "there is nothing to fix." in out


def test_a_market_without_rows_is_not_known(run: Run) -> None:
    out = run("cuts", "-e", "Dy", "-m", "LAO").out
    assert "What cuts Laos off is not known: no records reach it." in out


@pytest.mark.whole
def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    words = ("cuts", "-e", "Dy", "-m", "USA", "--left", "50", "-f", "json")
    view = view_in_memory()
    cuts = view.cuts("Dy", "USA", left=0.5)
    assert_is_what_the_command_prints(cuts, run(*words).out)
    fixes = view.fixes("Dy", "USA", what="mine/MMR")
    both = fixes.beside(cuts)
    assert_is_what_the_command_prints(both, run(*words, "--fix", "mine/MMR").out)
    assert (fixes.view, both.view) == (cuts.view, cuts.view)
    assert hash(fixes) == hash(view.fixes("Dy", "USA", what="mine/MMR"))
    assert repr(fixes).startswith("<Fixes Dy for USA 2024, short run: ")
    check_result("fixes", fixes)
    assert json.loads(fixes.to_json())["element"] == "Dy"
    assert {*fixes.row_keys} > {*fixes.rows}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-e", "Dy", "--fix", "separation/CHM"], 'did you mean "separation/CHN"?'),
        (["-e", "Dy", "--fix", "x"], "name one by its stage and country"),
        (["-f", "yaml"], 'There is no format "yaml"'),
        (["--horizon", "long"], 'There is no horizon "long"'),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], said: str, run: Run) -> None:
    assert said in run("cuts", *words).assert_refused()


@pytest.mark.parametrize(
    ("word", "code"), [("US", "USA"), ("uk", "GBR"), ("European Union", "EUE"), ("eu", "EUE")]
)
def test_a_market_may_be_named_as_people_name_it(run: Run, word: str, code: str) -> None:
    words = ("cuts", "-e", "Dy", "-f", "json", "-m")
    assert json.loads(run(*words, word).out)["market"] == code


def test_a_word_for_two_countries_proposes_both(run: Run) -> None:
    done = run("cuts", "-e", "Dy", "-m", "Korea")
    assert done.code == 2
    assert "KOR (South Korea, country), PRK (North Korea, country)" in done.err
