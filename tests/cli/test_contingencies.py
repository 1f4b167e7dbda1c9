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
    assert found["horizon"] == {"name": "short-run", "trade": 1.25, "throughput": 1.1}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--event", "outrage"], 'did you mean "outage"?'),
        (["--horizon", "long"], 'There is no horizon "long"'),
        (["-e", "Y"], "follows the elements of NdFeB magnets"),
        (["-e", "Dy", "-m", "JPN"], "what it loses is not known"),
        (["--year", "2010"], "take another --year"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], sentence: str, run: Run) -> None:
    assert sentence in run("contingencies", *words).assert_refused()
