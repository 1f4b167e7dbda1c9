"""``monazite conflicts``: by entity, by kind, in every format, in a view."""

from __future__ import annotations

import csv
import io
import json

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.conflicts.kinds import KINDS
from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints

MINED = "production/mys-mine-rare-earths-2024-wmd"


def test_the_closing_dates_of_bukit_merah(run: Run) -> None:
    done = run("conflicts", "--full", "Bukit Merah")
    assert done.code == 0
    assert "384 days" in done.out
    assert "The New York Times 2011, news" in done.out
    assert "\nData: release of " in done.out


def test_json_counts_every_kind_and_lists_what_was_asked(run: Run) -> None:
    found = json.loads(run("conflicts", "China", "--kind", "edition", "-f", "json").out)
    assert list(found) == ["view", "entity", "kind", "counts", "conflicts"]
    assert (found["entity"], found["kind"]) == ("CHN", "edition")
    assert len(found["conflicts"]) == found["counts"]["edition"] > 0
    assert {conflict["kind"] for conflict in found["conflicts"]} == {"edition"}


def test_csv_is_bare_and_its_view_is_on_stderr(run: Run) -> None:
    done = run("conflicts", "-f", "csv", "-k", "all")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert {row["kind"] for row in rows} >= {"real", "basis", "rounding"}
    assert done.err.startswith("Data: ")


@pytest.mark.whole
def test_what_a_view_leaves_out_contradicts_nobody(run: Run) -> None:
    every = json.loads(run("conflicts", "Malaysia", "-f", "json").out)
    less = json.loads(run("conflicts", "Malaysia", "-f", "json", "--without", "wmd-2026").out)
    assert MINED in json.dumps(every)
    assert "wmd-2026" not in json.dumps(less["conflicts"])
    assert less["counts"]["real"] < every["counts"]["real"]


def test_a_tier_leaves_out_sources_of_rows_that_stay(run: Run) -> None:
    found = json.loads(run("conflicts", "-k", "all", "-f", "json", "--tier", "1").out)
    tiers = {
        source["tier"]
        for conflict in found["conflicts"]
        for row in conflict["rows"]
        for source in row["sources"]
    }
    assert tiers == {1}


def test_a_thing_without_conflicts(run: Run) -> None:
    done = run("conflicts", "Luxembourg")
    assert (done.code, done.out.splitlines()[0]) == (
        0,
        "No sources disagree on Luxembourg",
    )


def test_wrong_words_are_one_sentence(run: Run) -> None:
    assert run("conflicts", "--kind", "bases").assert_refused() == (
        'There is no kind of conflict "bases"; did you mean "basis"?'
    )
    assert "no name" in run("conflicts", "xyzzy").assert_refused()
    assert "no format" in run("conflicts", "-f", "xml").assert_refused()


@pytest.mark.whole
def test_same_question_same_bytes(run: Run, run_process: Run) -> None:
    words = ["conflicts", "-k", "all", "-f", "json"]
    assert run_process(*words, PYTHONHASHSEED="2") == run(*words)


def test_the_kinds_that_are_offered_are_those_there_are(run: Run) -> None:
    shown = run("conflicts", "--help").out.replace("│", " ")  # the frame of its panel
    offered = " ".join(shown.split())
    assert f"{', '.join(KINDS)} or all." in offered


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    view = view_in_memory()
    real = view.conflicts("China")
    assert_is_what_the_command_prints(real, run("conflicts", "China", "-f", "json").out)
    assert repr(real) == f"<Conflicts real on CHN: {len(real)} facts>"
    every = view.conflicts("China", kind="all")
    words = ("conflicts", "China", "-k", "all")
    assert_is_what_the_command_prints(every, run(*words, "-f", "json").out)
    assert every.to_csv() == run(*words, "-f", "csv").out
    assert len(every) == sum(every.counts.values())
    assert [conflict for conflict in every if conflict.kind == "real"] == [*real]
    with pytest.raises(UnknownNameError, match="There is no kind of conflict"):
        view.conflicts(kind="reel")
