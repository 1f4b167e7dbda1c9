"""Differences from the command line: both clocks, formats, nothing changed, bad input."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from monazite.errors import UnknownNameError
from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_groups_with_counts_sentences_and_rows(run: Run) -> None:
    done = run("diff", "--full", "2014-12-31", "2016-06-30")
    assert done.code == 0
    assert "Facilities: 1 suspended, " in done.out
    line = next(line for line in done.out.splitlines() if "Mountain Pass" in line)
    assert line.startswith("suspended")
    assert "partly operating, now suspended" in line
    assert "facility_events/mountain-pass-2015-suspended" in line
    assert "Data: release of" in done.out


def test_the_json_counts_what_it_lists(run: Run) -> None:
    found = json.loads(run("diff", "2025-05-15", "2026-01-15", "-f", "json").out)
    names = "view before after element market counts changes notes"
    assert list(found) == names.split()
    assert (found["before"], found["after"]) == ("2025-05-15", "2026-01-15")
    total = sum(sum(kinds.values()) for kinds in found["counts"].values())
    assert total == len(found["changes"])
    assert all(change["rows"] for change in found["changes"])


def test_csv_is_one_table(run: Run) -> None:
    out = run("diff", "2019", "2020", "-e", "TREO", "-f", "csv").out
    lines = list(csv.DictReader(io.StringIO(out)))
    assert {"group", "kind", "market", "subject", "text", "rows"} == set(lines[0])
    assert {line["group"] for line in lines} >= {"shares", "policies"}


def test_what_changes_for_the_market_comes_first(run: Run) -> None:
    words = ("diff", "2025-11-24", "2026-11-24", "-e", "Dy", "-m", "JPN", "-f", "json")
    found = json.loads(run(*words).out)
    assert found["market"] == "JPN"
    for group in found["counts"]:
        here = [each["market"] for each in found["changes"] if each["group"] == group]
        assert here == sorted(here, reverse=True)
    first = next(each for each in found["changes"] if each["group"] == "policies")
    assert first["market"]
    titles = {each["subject"] for each in found["changes"]}
    assert "Dual-use export ban to Japanese military users and uses" in titles
    assert "Export controls on lithium batteries and graphite anode materials" not in titles


def test_the_same_day_twice(run: Run) -> None:
    done = run("diff", "2020-02-02", "2020-02-02")
    assert done.code == 0
    assert "Nothing changed from 2020-02-02 to 2020-02-02." in done.err


@pytest.mark.whole
def test_what_became_known(run: Run) -> None:
    done = run("diff", "--known", "2025-05-20", "2026-11-24", "-f", "json")
    assert done.code == 0
    found = json.loads(done.out)
    assert found["before"] == "what was known by 2025-05-20"
    tables = {c["subject"] for c in found["changes"] if c["kind"] == "rows"}
    assert {"policy_events", "production"} <= tables
    assert found["view"]["known"] == "2026-11-24"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2026-01-01", "2025-01-01"], "2026-01-01 comes after 2025-01-01; write the earlier day"),
        (["--known", "2026", "2025"], "2026 comes after 2025; write the earlier day first."),
        (["2025-01-01"], "Name two days: monazite diff 2025-05-15 2026-01-15."),
        (["2025-13-01", "2026"], '"2025-13-01" is not a date; write 2025, 2025-06 or'),
        (["2025", "2026", "--valid", "2025"], "A comparison of two days takes no --valid"),
        (["2025", "2026", "-e", "Xx"], 'There is no element "Xx"'),
        (["2025", "2026", "-m", "Xx"], 'There is no market "Xx"'),
        (["2025", "2026", "-f", "yaml"], 'There is no format "yaml"'),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], said: str, run: Run) -> None:
    assert run("diff", *words).assert_refused().startswith(said)


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    found = view_in_memory().diff("2014-12-31", "2016-06-30", element="Dy")
    words = ("diff", "2014-12-31", "2016-06-30", "-e", "Dy")
    assert_is_what_the_command_prints(found, run(*words, "-f", "json").out)
    assert repr(found).startswith("<Changes 2014-12-31 to 2016-06-30: ")
    assert found.to_csv() == run(*words, "-f", "csv").out
    assert sum(sum(kinds.values()) for kinds in found.counts.values()) == len([*found])


def test_the_view_compares_what_was_known(run: Run) -> None:
    found = view_in_memory(known="2025-05-20", tier=1).diff("2026-11-24")
    words = ("diff", "--known", "2025-05-20", "2026-11-24", "--tier", "1", "-f", "json")
    assert_is_what_the_command_prints(found, run(*words).out)
    assert found.view is not None
    assert (found.view.record["known"], found.view.record["tier"]) == ("2026-11-24", 1)
    with pytest.raises(UnknownNameError, match="Name two days"):
        view_in_memory().diff("2026-11-24")


def test_two_folders_are_two_releases(run: Run, cut: Path, on_cut: None, tmp_path: Path) -> None:
    newer = Path(shutil.copytree(cut / "tables", tmp_path / "newer"))
    persons = newer / "persons.csv"
    persons.write_text(persons.read_text("utf-8").replace("Howard Lutnick", "Howard W. Lutnick"))
    words = ("diff", str(cut / "tables"), str(newer))
    found = json.loads(run(*words, "-f", "json").out)
    assert [(each["group"], each["kind"], each["text"]) for each in found["changes"]] == [
        (
            "records",
            "changed",
            "persons/howard-lutnick: name: Howard Lutnick, now Howard W. Lutnick.",
        )
    ]
    shown = run(*words)
    assert "Records of the tables: 1 changed" in shown.out
    assert f"Tables of {newer}: no release, as they stand." in shown.err
    said = run("diff", str(newer), "2026-11-24").assert_refused()
    assert "is a folder, and what it is compared with is none" in said
