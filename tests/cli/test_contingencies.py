"""``monazite contingencies``: the report, its forms, and what it refuses."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import Run


def test_the_report_names_event_horizon_and_view(run: Run) -> None:
    done = run("contingencies", "-e", "Dy", "-m", "USA", "--year", "2024")
    assert done.code == 0
    assert "magnets with Dy or Tb that United States loses" in done.out
    assert "Trade up to 1.25 times the base year" in done.out
    assert "no row explains" in done.out
    assert done.out.splitlines()[-1].startswith("View: ")


def test_json_and_csv_hold_the_same_lines(run: Run) -> None:
    words = ("contingencies", "-e", "Dy", "--year", "2024", "--event", "embargo")
    found = json.loads(run(*words, "-f", "json").out)
    rows = list(csv.DictReader(io.StringIO(run(*words, "-f", "csv").out)))
    assert [each["id"] for each in found["contingencies"]] == [row["id"] for row in rows]
    assert found["event"] == "embargo"
    assert {"baci/mmr-chn-2846.90-2024", "production/chn-magnet-ndfeb-magnet-2024-argus"} < {
        *found["rows"]
    }
    assert found["horizon"] == {"name": "short-run", "trade": 1.25, "throughput": 1.1}


def test_draws_stand_beside_the_report_in_every_form(run: Run) -> None:
    words = ("contingencies", "-e", "NdPr", "--year", "2024", "--draws", "5")
    done = run(*words, "--line", "China at magnet", "-f", "json")
    assert (done.code, done.err) == (0, "")  # no terminal, no bar
    found = json.loads(done.out)
    draws = found["draws"]
    assert (draws["count"], draws["seed"], draws["limit"]) == (5, 0, 0.2)
    assert [each["id"] for each in draws["lines"]] == [
        each["id"] for each in found["contingencies"]
    ]
    moved = [each for each in draws["sensitivities"] if each["id"] == "magnet/CHN"]
    sizes = [round(100 * abs(each["loss_at_high"] - each["loss_at_low"])) for each in moved]
    assert sizes == sorted(sizes, reverse=True)
    assert 0 < len(sizes) <= 10


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--event", "outrage"], 'did you mean "outage"?'),
        (["--horizon", "long"], 'There is no horizon "long"'),
        (["-e", "Y"], "follows the elements of NdFeB magnets"),
        (["-e", "Dy", "-m", "JPN"], "what it loses is not known"),
        (["--year", "2010"], "take another --year"),
        (["--draws", "0"], "--draws takes a number from 1 on"),
        (["--draws", "5", "--seed", "-1"], "--seed one from 0 on"),
        (["--seed", "3"], "take --draws N as well"),
        (["--line", "China at mine"], "take --draws N as well"),
        (["-e", "NdPr", "--draws", "2", "--line", "China at min"], 'did you mean "China at mine"?'),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], sentence: str, run: Run) -> None:
    assert sentence in run("contingencies", *words).assert_refused()
