"""The main job from the command line: table, JSON contract, CSV, and the graph beside it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import monazite
from monazite.result import Result
from tests.cli.conftest import Run
from tests.cli.contract import check_result


def test_graph_beside_the_report(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dy.html"
    plain = run("chokepoints", "-e", "Dy", "-m", "USA")
    drawn = run("chokepoints", "-e", "Dy", "-m", "USA", "--graph", str(file))
    assert drawn.out == plain.out
    assert drawn.err == f"The graph is in {file}.\n"
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_is_the_documented_contract(run: Run) -> None:
    found = json.loads(run("chokepoints", "-e", "Dy", "-f", "json", "--top", "3").out)
    names = "view element title market base stages chokepoints built built_remarks stocks ranges"
    assert list(found) == [*names.split(), "assumptions", "notes"]
    assert len(found["chokepoints"]) <= 3
    for point in found["chokepoints"]:
        assert point["loss"] <= 1
        assert point["rows"]


@pytest.mark.whole
def test_python_and_the_command_line_find_the_same(run: Run) -> None:
    view = monazite.load()
    words = ("chokepoints", "-e", "Sm", "--year", "2024", "-f", "json")
    plain = run(*words, "--event", "licence", "--approval", "20", "--top", "100").out
    licensed = view.chokepoints("Sm", year=2024, event="licence", approval=0.2)
    assert json.loads(plain) == json.loads(licensed.to_json())
    halved = run(*words, "--event", "licence", "--top", "100").out
    assert halved == view.chokepoints("Sm", year=2024, event="licence").to_json()
    done = run(*words, "--draws", "2", "--pairs", "--after", "China separation")
    found = json.loads(done.out)
    results: dict[str, Result] = {
        "draws": view.draws("Sm", year=2024, count=2),
        "pairs": view.pairs("Sm", year=2024),
        "after": view.after("China separation", "Sm", year=2024),
    }
    for name, result in results.items():
        assert {"view": found["view"], **found[name]} == json.loads(result.to_json())
        check_result(name, result)
        assert result.view == view.summary
        assert hash(result) == hash(result)
        assert len(repr(result)) < 200


def test_csv_has_a_line_a_chokepoint(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("chokepoints", "-f", "csv", "-n", "4").out)))
    assert len(rows) == 4
    assert rows[0]["rank"] == "1"


def test_today_reads_the_clock(run: Run, on_cut: None) -> None:
    found = json.loads(run("parents", "mountain-pass", "-f", "json", "--valid", "today").out)
    assert found["view"]["valid"] >= "2026-11-24"


@pytest.mark.whole
def test_same_question_same_bytes(run: Run, run_process: Run, tmp_path: Path) -> None:
    here, there = tmp_path / "here.html", tmp_path / "there.html"
    words = ("chokepoints", "-e", "Dy", "-m", "USA", "-f", "json", "--graph")
    done = run_process(*words, str(there), PYTHONHASHSEED="4711")
    assert done.code == 0
    assert run(*words, str(here)).out == done.out
    assert here.read_bytes() == there.read_bytes()


def test_the_full_report_names_horizon_event_and_data(run: Run) -> None:
    done = run("chokepoints", "-e", "Dy", "-m", "USA", "--year", "2024", "--full")
    assert done.code == 0
    assert (
        "what the United States loses of 3,331 t (heavy magnets (with Dy or Tb), 2024; 2,556 to "
        "3,866 t), "
        "short run" in done.out
    )
    assert "Trade up to 1.25 times that of 2024" in done.out
    assert "market first" in done.out
    assert "Stock not known" in done.out
    assert done.out.splitlines()[-1].startswith("Data: ")


def test_the_first_screen_answers_in_80_columns(run: Run) -> None:
    lines = run("chokepoints", "-e", "Dy", "-m", "USA", "--year", "2024").out.splitlines()
    assert lines[0].startswith(
        "The United States would lose all of its heavy magnets (with Dy or Tb)"
    )
    assert "monazite doubt -e Dy -m USA." in " ".join(lines[:5])
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 24
    assert "More: --full" in lines


def test_top_lists_so_many_lines_in_either_form(run: Run) -> None:
    for more, first in ((), "If this stops"), (("--full",), "rank "):
        lines = run("chokepoints", "-e", "Dy", "-m", "USA", "-n", "3", *more).out.splitlines()
        heads = [place for place, line in enumerate(lines) if line.startswith(first)]
        assert lines[heads[0] + 4] == ""
        assert "" not in lines[heads[0] : heads[0] + 4]


def test_json_and_csv_hold_the_same_lines(run: Run) -> None:
    words = ("chokepoints", "-e", "Dy", "--year", "2024", "--event", "embargo")
    found = json.loads(run(*words, "-f", "json").out)
    rows = list(csv.DictReader(io.StringIO(run(*words, "-f", "csv").out)))
    assert [each["id"] for each in found["chokepoints"]] == [row["id"] for row in rows]
    base = found["base"]
    assert (base["event"], base["horizon"], base["trade"]) == ("embargo", "short-run", 1.25)
    assert {"baci/mmr-chn-2846.90-2024", "production/chn-magnet-ndfeb-magnet-2024-argus"} < {
        *base["rows"]
    }


def test_a_licence_asks_policies_by_their_scope(run: Run) -> None:
    done = run("chokepoints", "-e", "Dy", "-m", "USA", "--event", "licence", "--approval", "20")
    assert "If this is licensed" in done.out
    assert "Export controls on seven" in done.out
    assert "Assumed: licences cover 20 % of 2024 sales." in done.out


@pytest.mark.whole
def test_draws_stand_beside_the_report_in_every_form(run: Run) -> None:
    words = ("chokepoints", "-e", "Sm", "--year", "2024", "--draws", "5")
    done = run(*words, "--line", "China mining", "-f", "json")
    assert (done.code, done.err) == (0, "")  # no terminal, no bar
    found = json.loads(done.out)
    draws = found["draws"]
    assert (draws["count"], draws["seed"]) == (5, 0)
    assert found["ranges"]["rejected"] == draws["rejected"]
    drawn = {each["id"]: each for each in draws["lines"]}
    for line in found["chokepoints"]:
        if line["loss"] is not None:
            assert line["loss_low"] == drawn[line["id"]]["drawn_loss_p05"]
            assert line["loss_high"] == drawn[line["id"]]["drawn_loss_p95"]
    assert {each["id"] for each in draws["sensitivities"]} <= {"mine/CHN"}
    table = run(*words, "--line", "China mining", "--top", "1", "--full").out
    assert "What moves China mining, one input at a time" in table
    assert "Range: too few (5) for nine in ten of 5 trials" in table
    assert "too few for 5 and 95 %; run more." in table


def test_a_view_that_was_not_drawn_says_so(run: Run) -> None:
    words = ("chokepoints", "-e", "Sm", "--year", "2024", "--horizon", "medium-run")
    table = run(*words).out
    assert "Range not drawn: --draws 200" in table
    point = json.loads(run(*words, "-f", "json").out)["chokepoints"][0]
    assert (point["loss_low"], point["loss_high"], point["moved_by"]) == (None, None, "")


def test_draws_leave_policies_out(run: Run) -> None:
    words = ("chokepoints", "-e", "Dy", "-m", "USA", "--event", "licence", "--draws", "3")
    policy = "policy/mofcom-gac-2025-18"
    assert "and no policy" in run(*words, "--line", policy).assert_refused()


@pytest.mark.whole
def test_pairs_and_what_shifts_stand_below_the_report(run: Run) -> None:
    words = ("chokepoints", "-e", "Dy", "--year", "2024", "--pairs", "--after", "China metal")
    table = run(*words).out
    assert "Pairs that lose more than their two losses added" in table
    assert "Who makes and sells what, if China stopped making metal" in table
    found = json.loads(run(*words, "-f", "json").out)
    assert found["after"]["id"] == "metal/CHN"
    assert found["after"]["shifts"]["shifts"]
    assert found["after"]["margins"]["margins"]
    excess = [round(100 * each["excess"]) for each in found["pairs"]["pairs"]]
    assert excess == sorted(excess, reverse=True)
    assert all(each >= 1 for each in excess)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--event", "outrage"], 'did you mean "outage"?'),
        (["--horizon", "long"], 'There is no horizon "long"'),
        (["--draws", "0"], "--draws takes a number from 1 on"),
        (["--draws", "5", "--seed", "-1"], "--seed one from 0 on"),
        (["--seed", "3"], "take --draws N as well"),
        (["--line", "China mining"], "take --draws N as well"),
        (["-e", "NdPr", "--draws", "2", "--line", "China at min"], 'did you mean "China mining"?'),
        (["-e", "TREO", "--draws", "2"], "No loss is known: The members of TREO"),
        (["-e", "TREO", "--pairs"], "No loss is known: The members of TREO"),
        (["-e", "NdPr", "--after", "China at min"], 'did you mean "China mining"?'),
        (["-e", "NdPr", "--after", "Vietnam mining"], "Everybody is served in full"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], sentence: str, run: Run) -> None:
    assert sentence in run("chokepoints", *words).assert_refused()
