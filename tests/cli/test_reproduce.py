"""Printed numbers beside ours from the command line: formats, the exit code, bad input."""

from __future__ import annotations

import csv
import io
import json

import pytest

from monazite.findings.reproductions import recomputed as workings
from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_the_table_says_what_comes_out_and_why_not(run: Run) -> None:
    done = run("reproduce", "--full")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    mean = [line for line in lines if line.startswith("EU supply risk, mean of the group  ")]
    light = next(line for line in mean if " LREE " in line and " 2017 " in line)
    assert "4.73" in light
    assert "differs" in light
    assert "grouping" in light
    assert "Order of EU supply risk: 108 of 108 pairs" in done.out
    assert "Mine output of one year by edition" in done.out
    assert "over 14 elements" in done.out
    lutetium = next(line for line in lines if "usgs-2025-1047-usa-lutetium" in line)
    assert "2,059" in lutetium
    assert "1 to 11" in lutetium
    assert "come out again" in done.out
    assert "Data: release of 24 Nov 2026" in done.prose


def test_json_and_csv_keep_the_plain_numbers(run: Run) -> None:
    found = json.loads(run("reproduce", "-f", "json").out)
    lines = {line["row"]: line for line in found["reproductions"]}
    assert lines["reproductions/share-mine-china-2024-iea"]["outcome"] == "reproduces"
    assert lines["reproductions/usgs-2025-samarium"]["ours"] is None
    assert {line["broken"] for line in lines.values()} == {False}
    plain = list(csv.DictReader(io.StringIO(run("reproduce", "-f", "csv").out)))
    places = [line for line in plain if line["unit"] == "place"]
    assert {line["row"] for line in plain if line not in places} == set(lines)
    assert all(line["rows"] or line["outcome"] in {"not-known", ""} for line in plain)
    assert len(places) == sum(len(each["places"]) for each in found["orders"] if each["market"])
    lutetium = next(line for line in places if line["row"].endswith("usa-lutetium"))
    assert (lutetium["printed_low"], lutetium["low"], lutetium["high"]) == ("1", "1", "11")


@pytest.mark.whole
def test_a_number_that_no_longer_comes_out_ends_with_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(workings.MEASURES, "three-largest", workings.nothing)
    done = run("reproduce", "-f", "markdown")
    assert done.code == 1
    assert "against what is expected" in done.out
    assert "not as expected: reproductions/three-largest-mine-2024-iea" in done.err


def test_bad_input_is_one_sentence(run: Run) -> None:
    assert run("reproduce", "-f", "yaml").assert_refused().startswith('There is no format "yaml"')


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    found = view_in_memory().reproduce()
    assert_is_what_the_command_prints(found, run("reproduce", "-f", "json").out)
    assert repr(found).endswith("printed numbers come out again>")
    assert found.to_text(full=True) == run("reproduce", "--full").out
    assert [*found] == [*found.lines]
    assert len(found) == sum(map(found.count, ("reproduces", "differs", "not-known")))
    assert {line.printed_row for line in found} <= {*found.row_keys}
