"""Timelines from the command line: formats, files, cuts and bad input."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.timeline.consequential import MOST
from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_the_table_has_date_certainty_sentence_source_and_row(run: Run) -> None:
    done = run("timeline", "--full", "mountain-pass", "--until", "1998")
    assert done.code == 0
    head, _, columns, *lines = done.out.splitlines()
    assert head == "Mountain Pass mine and processing facility: timeline"
    assert columns.split()[:3] == ["date", "certainty", "kind"]
    first = lines[0]
    assert first.startswith("1949  year known  event")
    assert "Discovered: Found by uranium prospectors" in first
    assert "weak" in first
    assert "facility_events/mountain-pass-1949-discovered" in first
    assert "On 2026-11-24: operating. Owner: MP Materials Corp. 100 %." in done.out
    assert "lines outside the days asked for are left out." in done.out
    assert "Data: release of 24 Nov 2026" in done.out


def test_a_valid_day_tells_the_state_on_it(run: Run, on_cut: None) -> None:
    out = run("timeline", "mountain-pass", "--valid", "2015-12-31").out
    assert "On 2015-12-31: suspended. Owner: Molycorp." in out
    assert "2018" not in {line[:4] for line in out.splitlines()}
    assert "List of 35 critical minerals" not in out  # of 2018


def test_the_json_has_bounds_rows_and_sources(run: Run) -> None:
    found = json.loads(run("timeline", "--policy", "mofcom-2025-61", "-f", "json").out)
    keys = ["view", "title", "entity", "stage", "day", "life", "finding", "lines", "left_out"]
    assert list(found) == keys
    suspended = next(line for line in found["lines"] if "Suspended" in line["what"])
    assert suspended["date"] == suspended["earliest"] == suspended["latest"] == "2025-11-07"
    assert suspended["until"] == "2026-11-10"
    assert suspended["rows"] == ["policy_events/mofcom-2025-61-suspended-2025-11-07"]
    assert {"publisher", "tier"} <= set(suspended["sources"][0])


def test_without_full_it_prints_the_few_events_and_says_what_shows_the_rest(run: Run) -> None:
    """A mine with hundreds of lines: its life as read in the tables, on less than two screens."""
    done = run("timeline", "Mountain Pass")
    dated = re.compile(r"(19|20)\d\d(-\d\d){0,2}  ")
    table = [line for line in done.out.splitlines() if dated.match(line)]
    assert len(table) == MOST
    assert len(done.out.splitlines()) < 80
    for year, turn in (("1952", "Opening"), ("1997", "Stop"), ("2018", "Restart")):
        assert [line for line in table if line.startswith(year) and turn in line]
    whole = json.loads(run("timeline", "Mountain Pass", "-f", "json").out)["lines"]
    assert len([line for line in whole if line["turn"]]) == MOST
    assert f"{len(whole) - MOST} more lines: --full lists them." in " ".join(done.out.split())
    full = run("timeline", "Mountain Pass", "--full").out
    assert len([line for line in full.splitlines() if dated.match(line)]) == len(whole)


def test_csv_and_markdown(run: Run) -> None:
    done = run("timeline", "--stage", "magnet", "-f", "csv", "--from", "2003", "--until", "2006")
    lines = list(csv.DictReader(io.StringIO(done.out)))
    assert any(line["rows"].endswith("magnequench-anderson-2004-closed") for line in lines)
    assert "Data:" in done.err
    assert run("timeline", "Dy", "-f", "markdown").out.startswith(
        "**Newest rule on the trade of dysprosium: "
    )
    full = run("timeline", "Dy", "-f", "markdown", "--full").out
    assert full.startswith("**dysprosium: timeline**")
    assert full.count("\n|") > 300


def test_strip_and_page_are_written_whole(run: Run, tmp_path: Path) -> None:
    svg, html = tmp_path / "strip.svg", tmp_path / "page.html"
    done = run(
        "timeline", "--full", "bukit-merah", "--svg", str(svg), "--html", str(html), "-f", "json"
    )
    assert done.code == 0
    assert done.err.count("The timeline is in ") == 2
    root = ElementTree.parse(svg).getroot()
    assert root.tag.endswith("svg")
    assert str(root[-1].text).startswith("Data: ")
    page = html.read_text(encoding="utf-8")
    assert "Asian Rare Earth plant, Bukit Merah" in page
    assert "Data: release of 24 Nov 2026" in page
    before = svg.read_bytes()
    run("timeline", "--full", "bukit-merah", "--svg", str(svg))
    assert svg.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html", "strip.svg"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name an entity, a policy (--policy) or a stage (--stage)."),
        (["Dy", "--policy", "x"], "Name an entity or a policy, not both."),
        (["Dy", "--from", "spring"], '"spring" is not a date; write 2025, 2025-06 or 2025-06-11.'),
        (["Dy", "-f", "yaml"], 'There is no format "yaml"'),
        (["nowhere-at-all"], 'There is no name "nowhere-at-all"'),
        (["--policy", "nothing-like-it"], 'There is no policy "nothing-like-it"'),
        (["--stage", "minin"], 'There is no stage "minin" in the network; did you mean "mine"?'),
        (["bukit-merah", "--svg", "/nowhere/a.svg"], "/nowhere/a.svg cannot be written"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], said: str, run: Run) -> None:
    assert run("timeline", *words).assert_refused().startswith(said)


def test_what_no_row_of_the_view_speaks_of(run: Run) -> None:
    refused = run("timeline", "bastnaesite").assert_refused()
    assert refused.endswith("take a facility, organisation, element, country, policy or material.")
    emptied = run("timeline", "ford-chicago-assembly", "--known", "2005-01-01")
    assert (
        emptied.assert_refused()
        == "No dated record of the data used speaks of Ford Chicago Assembly Plant."
    )


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    view = view_in_memory()
    plant = view.timeline("mountain-pass", from_="1998", until="2015-06")
    words = ("timeline", "mountain-pass", "--from", "1998", "--until", "2015-06")
    assert_is_what_the_command_prints(plant, run(*words, "-f", "json").out)
    assert repr(plant).startswith("<Timeline Mountain Pass mine and processing facility: ")
    assert plant.to_csv() == run(*words, "-f", "csv").out
    assert view.timeline_svg(plant) == run(*words, "--svg", "-").out
    assert view.timeline_html(plant) == run(*words, "--html", "-").out
    stage = view.timeline(stage="magnet", all_=True)
    whole = run("timeline", "--stage", "magnet", "--all", "-f", "json").out
    assert_is_what_the_command_prints(stage, whole)
    steps = view.timeline(policy="mofcom-2025-61")
    printed = run("timeline", "--policy", "mofcom-2025-61", "-f", "json").out
    assert_is_what_the_command_prints(steps, printed)
    with pytest.raises(UnknownNameError, match="Name an entity or a policy, not both"):
        view.timeline("Dy", policy="mofcom-2025-61")
