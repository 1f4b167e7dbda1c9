"""What changed between two days, worked out by hand from rows, and what changed in knowledge."""

from __future__ import annotations

from functools import cache

import pytest

import monazite as mz
from monazite.findings.changes.changes import Changes, find_changes
from monazite.findings.changes.comparison import GROUPS, Change, ComparedView
from monazite.view import View

MINE = "Mountain Pass mine and processing facility"


@cache
def _changes(view: View, before: str, after: str, element: str = "MREE") -> Changes:
    old, new = (ComparedView(view.store, view.schema, day, day) for day in (before, after))
    return find_changes(old, new, element)


def _by_subject(found: Changes, group: str) -> dict[str, Change]:
    return {change.subject: change for change in found.changes if change.group == group}


@pytest.mark.parametrize("day", ["1998-12-31", "2026-11-24"])
def test_nothing_changes_in_no_time(view: View, day: str) -> None:
    found = _changes(view, day, day)
    assert found.changes == ()
    assert found.counts == {}


@pytest.mark.parametrize(
    ("before", "after", "kind", "was", "now", "rows"),
    [
        (
            "2012-12-31",
            "2016-06-30",
            "suspended",
            "partly operating",
            "suspended",
            "2015-suspended",
        ),
        (
            "2016-06-30",
            "2019-06-30",
            "restarted",
            "suspended",
            "partly operating",
            "2018-restarted",
        ),
        ("2019-06-30", "2025-06-11", "commissioned", "partly operating", "operating", "2023-commi"),
    ],
)
def test_a_facility_changes_by_its_last_event(
    view: View, before: str, after: str, kind: str, was: str, now: str, rows: str
) -> None:
    change = _by_subject(_changes(view, before, after), "facilities")[MINE]
    assert change.kind == kind
    assert f"{was}, now {now}" in change.text
    assert any(row.startswith(f"facility_events/mountain-pass-{rows}") for row in change.rows)


def test_a_facility_without_an_event_between_is_not_told(view: View) -> None:
    found = _by_subject(_changes(view, "2025-06-11", "2026-11-24"), "facilities")
    assert MINE not in found


def test_the_october_rules_come_and_are_suspended(view: View) -> None:
    """Announcements 61 and 62 of 2025: from 2025-10-09, suspended on 2025-11-07."""
    title = "Export controls on rare earth items made abroad (0.1% rule)"
    early = _by_subject(_changes(view, "2025-05-15", "2025-10-20"), "policies")[title]
    assert early.kind == "begun"
    late = _by_subject(_changes(view, "2025-10-20", "2026-01-15"), "policies")[title]
    assert late.kind == "suspended"
    assert "policy_events/mofcom-2025-61-suspended-2025-11-07" in late.rows
    assert late.text.endswith("suspended since 2025-11-07, until 2026-11-10.")


def test_a_pause_that_ran_out_is_in_doubt(view: View) -> None:
    found = _by_subject(_changes(view, "2026-01-15", "2026-11-24"), "policies")
    pause = found["Export controls on rare earth items made abroad (0.1% rule)"]
    assert pause.kind == "in doubt"
    assert "now may be in force or suspended: its suspension ended on 2026-11-10" in pause.text


def test_holdings_begin_end_and_change(view: View) -> None:
    found = _by_subject(_changes(view, "2021-06-30", "2026-01-31"), "ownership")
    shenghe = found["Shenghe Resources Holding Co., Ltd. in MP Materials Corp."]
    assert (shenghe.kind, "8 %, now 3.1 %" in shenghe.text) == ("changed", True)
    assert shenghe.rows == (
        "ownership/shenghe-resources-mp-materials",
        "ownership/shenghe-resources-mp-materials-2025-12",
    )
    defence = found["US Department of Defense in MP Materials Corp."]
    assert defence.kind == "begun"
    assert defence.text == "2025-07: US Department of Defense holds 15 % of MP Materials Corp."
    merged = _by_subject(_changes(view, "2006-06-30", "2008-06-30"), "ownership")
    assert merged[f"Molycorp in {MINE}"].text == f"2007: Molycorp no longer controls {MINE}."
    assert merged[f"Chevron Corporation in {MINE}"].kind == "begun"


def test_an_ended_supply_link_is_told(view: View) -> None:
    found = _by_subject(_changes(view, "2025-01-31", "2026-01-31"), "supply")
    ended = found[f"{MINE} to Shenghe Resources Holding Co., Ltd."]
    assert (ended.kind, ended.text[:24]) == ("ended", "2025-04-17: Supply ends:")


def test_shares_leader_and_index_move(view: View) -> None:
    """BGS 2010 against USGS 2024: China 98 % to 70 %, HHI 9,653 to 5,192, and another series."""
    found = _changes(view, "2010-12-31", "2025-06-11", "TREO")
    texts = [change.text for change in found.changes if change.group == "shares"]
    mine = [text for text in texts if text.startswith("mine (rare earths, 2010 to 2024)")]
    assert "HHI 9,653, now 5,192" in mine[0]
    assert "Not one series: rare earths, reo, by bgs, then" in mine[0]
    assert any("China 98 %, now 70 % (rank 1)" in text for text in mine)
    assert any("United States 0 %, now 12 % (rank none, now 2)" in text for text in mine)


def test_one_printed_share_has_no_index_to_move(view: View) -> None:
    found = _changes(view, "2025-05-15", "2026-01-15")
    kinds = {(change.subject, change.kind) for change in found.changes if change.group == "shares"}
    assert ("magnet", "share") in kinds
    assert ("magnet", "hhi") not in kinds


def test_a_new_leader_is_told(view: View) -> None:
    """GAO prints no leader of magnets before 2010; nothing is compared where one side has none."""
    found = _changes(view, "1993-12-31", "2010-12-31", "TREO")
    assert any(note.startswith("separation: no shares of one kind") for note in found.notes)
    assert all(change.kind != "leader" for change in found.changes)  # China led in 1993 already


def test_groups_stand_in_order_with_their_counts(view: View) -> None:
    found = _changes(view, "2025-05-15", "2026-01-15")
    groups = [change.group for change in found.changes]
    assert groups == sorted(groups, key=list(GROUPS).index)
    assert sum(sum(kinds.values()) for kinds in found.counts.values()) == len(found.changes)
    assert all(change.rows for change in found.changes)
    assert all(change.text.endswith(".") for change in found.changes)
    assert not any(change.text.endswith("..") for change in found.changes)


def test_what_is_undone_the_other_way_round_is_the_same_subject(view: View) -> None:
    """Whatever lasts and begins forward, ends backward."""
    forward = _changes(view, "2021-06-30", "2026-01-31")
    backward = _changes(view, "2026-01-31", "2021-06-30")
    for group in ("ownership", "supply"):
        begun, ended = (
            {c.subject for c in found.changes if c.group == group and c.kind == kind}
            for found, kind in ((forward, "begun"), (backward, "ended"))
        )
        assert begun == ended


@pytest.mark.whole
def test_between_two_days_of_knowledge_sources_and_conclusions_arrive(
    cache_of_the_tests: object,
) -> None:
    views = {day: mz.load(known=day) for day in ("2025-05-20", "2026-11-24")}
    old, new = (
        ComparedView(known.store, known.schema, known.valid, f"known by {day}")
        for day, known in views.items()
    )
    found = find_changes(old, new)
    assert found.before == "known by 2025-05-20"
    arrived = {c.subject: c.text for c in found.changes if c.kind == "rows"}
    assert "records became known" in arrived["policy_events"]
    assert any(change.kind == "source" for change in found.changes)
    policies = _by_subject(found, "policies")
    assert "Export controls on rare earth items made abroad (0.1% rule)" in policies
    assert not any(change.group == "sources" for change in find_changes(new, old).changes)
