"""Outcomes of a release: kept and read back where tables and files fit, and told in lines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import monazite
from monazite.analysis.robustness.sampling import MonthSpan, Span
from monazite.analysis.scenarios.released import (
    FILE,
    MAX_LINES,
    ReleasedOutcome,
    ReleasedOutcomes,
    hash_of_scenario,
    outcome_table,
)
from monazite.core.results import NotKnown
from monazite.report.scenario import picture_notes
from tests.conftest import view_in_memory
from tests.draw_scenarios import FOLDER, to_lines
from tests.report.outcomes import HEAVY, LIGHT, MONTHS, PATH, small_outcome
from tests.results import records_in

DAY = "2026-11-24"
HARD = ReleasedOutcome(
    *("closed", "A border closes", "USA", "magnets with Dy or Tb", ("Dy",)),
    ("2027-01", "2027-02"),
    400.0,
    Span(0.35, 0.3, 0.4),
    (Span(0.2, 0.1, 0.4), Span(0.5, 0.4, 0.6)),
    Span(0.5, 0.4, 0.7),
    MonthSpan("2027-02", "2027-01", "2027-02"),
    20,
)
SPARED = replace(
    HARD,
    scenario="mild",
    title="A mine closes",
    over=Span(0, 0, 0),
    parts=(Span(0, 0, 0),) * 2,
    most=Span(0, 0, 0),
    until=MonthSpan("", "", ""),
)


def test_a_line_says_how_much_of_what_is_lacking_when() -> None:
    found = outcome_table([HARD, SPARED], DAY)
    assert records_in(found) == [
        {
            "If this happens": "A border closes",
            "Lacking": "50 %",
            "Range": "40 to 70 %",
            "In the worst month": "Feb 2027",
            "Until": "Feb 2027 (Jan 2027 to Feb 2027)",
            "Of": "heavy magnets",
        }
    ]
    assert "Nothing is short while assumed stocks last: A mine closes." in found.remarks
    assert "Ranges rest on 20 random trials." in found.remarks


def test_what_is_set_before_the_day_has_no_line_and_is_said_to_be_past() -> None:
    old = replace(HARD, title="The quota of 2010", months=("2010-07", "2010-08"))
    found = outcome_table([old, HARD], DAY)
    assert [line["If this happens"] for line in records_in(found)] == ["A border closes"]
    assert found.remarks[-1] == "Set before Nov 2026, not listed: The quota of 2010."


def test_a_range_that_does_not_hold_its_number_says_so() -> None:
    outside = replace(HARD, parts=(Span(0.7, 0.4, 0.6),) * 2, most=Span(0.7, 0.4, 0.6))
    (line,) = records_in(outcome_table([outside], DAY))
    assert line["Range"] == "40 to 60 %, number outside"


def test_what_is_too_long_is_counted() -> None:
    many = [replace(HARD, scenario=str(x)) for x in range(MAX_LINES + 2)]
    spared = [replace(SPARED, title=f"Mine {x}") for x in range(MAX_LINES + 3)]
    found = outcome_table([*many, *spared], DAY)
    assert len(found.rows) == MAX_LINES
    assert "2 more scenarios would cost less." in found.remarks
    assert found.remarks[-1].endswith("Mine 5 and 3 more.")


HOLD = {HEAVY: ("Dy", "NdPr", "Tb"), LIGHT: ("NdPr",)}
NAME = "licence-shock"


def write(folder: Path, **changes: object) -> None:
    (folder / f"{NAME}.toml").write_text('title = "A"\n', encoding="utf-8")
    found = small_outcome()
    about = {
        "tables": "abc",
        "scenarios": {
            NAME: {
                "title": found.title,
                "hash": hash_of_scenario(folder, NAME),
                "months": list(MONTHS),
            }
        },
        "outcomes": to_lines(found, HOLD),
    }
    (folder / FILE).write_text(json.dumps({**about, **changes}), encoding="utf-8")


def test_what_is_kept_is_what_was_found(tmp_path: Path) -> None:
    write(tmp_path)
    (found,) = ReleasedOutcomes(tmp_path, "abc").of(["Dy"], "JPN")
    assert (found.title, found.product, found.over.middle) == (
        "Licences for heavy magnets from April 2025", HEAVY, 0.285,
    )  # fmt: skip
    assert [each.middle for each in found.parts] == [round(1 - part, 4) for part in PATH]
    month, part = found.worst
    assert month == "2025-06"
    assert part == found.most == Span(0.75, 0.525, 0.9375)
    assert found.until == MonthSpan("2025-11", "2025-11", "2025-11")


def test_of_several_products_the_worst_is_taken_and_none_that_does_not_hold_it(
    tmp_path: Path,
) -> None:
    write(tmp_path)
    released = ReleasedOutcomes(tmp_path, "abc")
    assert [x.product for x in released.of(["NdPr"], "JPN")] == [HEAVY]
    assert released.of(["Y"], "JPN") == ()
    assert released.of(["Dy"], "FRA") == ()


def test_what_is_shipped_is_of_these_tables_and_these_files() -> None:
    about = json.loads((FOLDER / FILE).read_text("utf-8"))
    told = "draw the outcomes again: python -m tests.draw_scenarios --workers 2"
    assert about["tables"] == monazite.load().describe()["tables"], told
    names = {file.stem for file in FOLDER.glob("*.toml")}
    assert about["scenarios"].keys() == names, told
    for name, each in about["scenarios"].items():
        assert each["hash"] == hash_of_scenario(FOLDER, name), told


def test_of_other_tables_or_another_scenario_nothing_holds(tmp_path: Path) -> None:
    write(tmp_path)
    assert ReleasedOutcomes(tmp_path, "other").outcomes == ()
    (tmp_path / f"{NAME}.toml").write_text('title = "B"\n', encoding="utf-8")
    assert ReleasedOutcomes(tmp_path, "abc").outcomes == ()


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "null", "[" * 100_000, '{"tables": "abc"}'),
        '{"tables": "abc", "scenarios": [], "outcomes": []}',
        '{"tables": "abc", "scenarios": {"../x": {"title": "", "hash": "", "months": []}}, '
        '"outcomes": []}',
    ],
)
def test_a_file_that_is_none_is_no_outcome(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert ReleasedOutcomes(tmp_path, "abc").outcomes == ()


@pytest.mark.parametrize("key", ["most", "until"])
def test_an_outcome_without_worst_month_or_end_of_each_trial_is_none(
    tmp_path: Path, key: str
) -> None:
    lines = [
        {k: x for k, x in each.items() if k != key} for each in to_lines(small_outcome(), HOLD)
    ]
    write(tmp_path, outcomes=lines)
    assert ReleasedOutcomes(tmp_path, "abc").outcomes == ()


def test_a_scenario_is_past_where_it_begins_before_the_month_of_the_day() -> None:
    released = monazite.load().released_outcomes
    assert released is not None
    past = {each.scenario for each in released.outcomes if each.is_past("2026-11-24")}
    assert {"japan-2010-quota", "price-flood-2015", "licence-2025-text"} <= past
    assert "china-halt-12" not in past


def test_a_scenario_that_ran_without_trials_has_the_ranges_that_a_brief_prints() -> None:
    view = view_in_memory()
    ran, kept = view.scenario("china-halt-1", markets=["USA"]), view.released_outcomes
    assert not isinstance(ran, NotKnown)
    assert kept is not None
    (line,) = (x for x in kept.of(["Dy"], "USA") if x.scenario == ran.id)
    total = next(x for x in ran.totals if (x.market, x.product) == ("USA", line.product))
    assert (total.most_short.low, total.most_short.high) == (line.most.low, line.most.high)
    assert "100 random trials" in ran.to_text()
    told = " ".join(picture_notes(ran))
    assert "Band: 5 to 95 % of the random trials of the release" in told
    held = view.scenario("china-halt-1", markets=["USA"], months=12)
    assert not isinstance(held, NotKnown)
    assert {x.most_short.low for x in held.totals} == {None}
