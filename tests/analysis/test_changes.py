"""What changed between two days and in knowledge, and what touches whom."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monazite as mz
from monazite.analysis.changes import (
    Change,
    Changes,
    ComparedView,
    Relevance,
    find_changes,
    read_relevance,
)
from monazite.analysis.row_changes import (
    ADDED,
    CHANGED,
    REMOVED,
    CellChange,
    Cells,
    RowChange,
    row_changes,
)
from monazite.core.errors import UnknownNameError
from monazite.store.opening import open_store
from monazite.view.view import View
from tests.results import records_in
from tests.sharing import only_whole

COLUMNS = ("value", "unit", "note")
STATES = st.dictionaries(
    st.sampled_from("abcd"),
    st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(["1", "2", "t"])),
)
BACK = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}


def turned(change: RowChange) -> RowChange:
    cells = tuple(CellChange(each.column, each.after, each.before) for each in change.cells)
    return RowChange(change.table, change.key, BACK[change.kind], cells)


@given(STATES, STATES)
def test_the_way_back_is_the_way_there_turned_round(
    one: dict[str, Cells], two: dict[str, Cells]
) -> None:
    there = row_changes("t", one, two, COLUMNS)
    assert [turned(each) for each in there] == row_changes("t", two, one, COLUMNS)


@given(STATES, STATES)
def test_the_changes_make_the_one_state_of_the_other(
    one: dict[str, Cells], two: dict[str, Cells]
) -> None:
    made = {key: dict(cells) for key, cells in one.items()}
    for change in row_changes("t", one, two, COLUMNS):
        row = made.setdefault(change.key, {})
        row.update({each.column: each.after for each in change.cells})
    said = {key: {name: text for name, text in row.items() if text} for key, row in made.items()}
    assert {key: row for key, row in said.items() if row} == {k: r for k, r in two.items() if r}


def test_a_change_is_said_a_sentence_a_cell_and_a_new_row_in_one() -> None:
    before = {"old": {"value": "1", "note": "n"}}
    after = {"old": {"value": "2"}, "new": {"value": "3", "unit": "t"}}
    new, old = row_changes("prices", before, after, COLUMNS)
    assert (new.row, new.kind, new.sentences) == ("prices/new", "added", ("value 3; unit t",))
    assert old.sentences == ("value: 1, now 2", "note: n, now blank")


MINE = "Mountain Pass mine and processing facility"


@cache
def between(view: View, before: str, after: str, element: str = "MREE") -> Changes:
    old, new = (ComparedView(view.store, view.schema, day, day) for day in (before, after))
    return find_changes(old, new, element, "WLD")


def by_subject(found: Changes, group: str) -> dict[str, Change]:
    return {change.subject: change for change in found.changes if change.group == group}


@pytest.mark.parametrize("day", ["1998-12-31", *only_whole("2026-11-24")])
def test_nothing_changes_in_no_time(view: View, day: str) -> None:
    found = between(view, day, day)
    assert found.changes == ()
    assert found.counts == {}


@pytest.mark.parametrize(
    ("before", "after", "kind", "text", "row"),
    [
        ("2012-12-31", "2016-06-30", "suspended", "partly operating, now suspended", "2015-susp"),
        ("2016-06-30", "2019-06-30", "restarted", "suspended, now partly operating", "2018-rest"),
    ],
)
def test_a_facility_changes_by_its_last_event(
    view: View, before: str, after: str, kind: str, text: str, row: str
) -> None:
    change = by_subject(between(view, before, after), "facilities")[MINE]
    assert change.kind == kind
    assert text in change.text
    assert any(x.startswith(f"facility_events/mountain-pass-{row}") for x in change.rows)


def test_the_october_rules_come_and_are_suspended(view: View) -> None:
    """Announcements 61 and 62 of 2025: from 2025-10-09, suspended on 2025-11-07."""
    title = "Export controls on rare earth items made abroad (0.1% rule)"
    early = by_subject(between(view, "2025-05-15", "2025-10-20"), "policies")[title]
    assert early.kind == "begun"
    late = by_subject(between(view, "2025-10-20", "2026-01-15"), "policies")[title]
    assert late.kind == "suspended"
    assert "policy_events/mofcom-2025-61-suspended-2025-11-07" in late.rows
    assert late.text.endswith("suspended since 2025-11-07, until 2026-11-10.")


def test_holdings_begin_end_and_change(view: View) -> None:
    found = by_subject(between(view, "2021-06-30", "2026-01-31"), "ownership")
    shenghe = found["Shenghe Resources Holding Co., Ltd. in MP Materials Corp."]
    assert (shenghe.kind, "8 %, now 3.1 %" in shenghe.text) == ("changed", True)
    assert shenghe.rows == (
        "ownership/shenghe-resources-mp-materials",
        "ownership/shenghe-resources-mp-materials-2025-12",
    )
    defence = found["US Department of Defense in MP Materials Corp."]
    assert defence.kind == "begun"
    assert defence.text == "2025-07: US Department of Defense holds 15 % of MP Materials Corp."
    merged = by_subject(between(view, "2006-06-30", "2008-06-30"), "ownership")
    assert merged[f"Molycorp in {MINE}"].text == f"2007: Molycorp no longer controls {MINE}."
    assert merged[f"Chevron Corporation in {MINE}"].kind == "begun"


def test_shares_leader_and_index_move(view: View) -> None:
    """BGS 2010 against USGS 2024: China 98 % to 70 %, HHI 9,653 to 5,192, and another series."""
    found = between(view, "2010-12-31", "2025-06-11", "TREO")
    texts = [change.text for change in found.changes if change.group == "shares"]
    mine = [text for text in texts if text.startswith("mine (rare earths, 2010 to 2024)")]
    assert "HHI 9,653, now 5,192" in mine[0]
    assert "Not one series: rare earths, reo, by bgs, then" in mine[0]
    assert any("China 98 %, now 70 % (rank 1)" in text for text in mine)
    assert any("United States 0 %, now 12 % (rank none, now 2)" in text for text in mine)


def test_what_is_undone_the_other_way_round_is_the_same_subject(view: View) -> None:
    """Whatever lasts and begins forward, ends backward."""
    forward = between(view, "2021-06-30", "2026-01-31")
    backward = between(view, "2026-01-31", "2021-06-30")
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
    found = find_changes(old, new, "MREE", "WLD")
    assert found.before == "known by 2025-05-20"
    arrived = {c.subject: c.text for c in found.changes if c.kind == "rows"}
    assert "records became known" in arrived["policy_events"]
    assert any(change.kind == "source" for change in found.changes)
    policies = by_subject(found, "policies")
    assert "Export controls on rare earth items made abroad (0.1% rule)" in policies
    assert not any(
        change.group == "sources" for change in find_changes(new, old, "MREE", "WLD").changes
    )


@cache
def asked(element: str, market: str) -> Relevance:
    return read_relevance(open_store(), "2026-11-24", element, market)


# By hand from policy_scope.csv: None is left out, True is about the market.
@pytest.mark.parametrize(
    ("policy", "element", "market", "about"),
    [
        ("mofcom-2026-1", "Dy", "JPN", True),
        ("mofcom-2026-1", "Dy", "USA", False),  # Dy, but for Japan
        ("mofcom-gac-2025-58", "Dy", "USA", None),  # batteries and graphite
        ("mof-china-2026-46", "Dy", "USA", True),  # names no goods, aimed at the United States
        ("mofcom-2026-us-ten", "Dy", "JPN", False),  # a firm of the chain
    ],
)
def test_acts(policy: str, element: str, market: str, about: bool | None) -> None:
    assert asked(element, market).of_policy(policy) is about


@pytest.mark.parametrize(
    ("row", "element", "market", "about"),
    [
        ("supply_links/chn-jpn-dysprosium-2026-01", "Dy", "JPN", True),
        ("supply_links/chn-jpn-dysprosium-2026-01", "Dy", "USA", False),
        ("supply_links/chn-jpn-dysprosium-2026-01", "La", "JPN", None),
        ("ownership/us-dod-mp-materials-2025-07", "Dy", "USA", True),
    ],
)
def test_rows(row: str, element: str, market: str, about: bool | None) -> None:
    assert asked(element, market).of_row(row) is about


def test_plants() -> None:
    assert asked("Dy", "USA").of_facility("mountain-pass") is True
    assert asked("Dy", "JPN").of_facility("mountain-pass") is False
    assert asked("Dy", "EUE").of_facility("neo-narva") is True  # a member of the union
    assert asked("Dy", "EUE").of_facility("nothing-known") is False


def test_a_name_that_means_nothing_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        read_relevance(open_store(), "2026-11-24", "Dy", "Atlantis")


FOUND = Changes(
    *("2019", "2020", "Dy", "USA"),
    (
        Change("shares", "index", "mine", "The index rose.", ("a/1", "a/2", "a/3")),
        Change("facilities", "closed", "Works", "It closed.", ("b/1",), market=True),
        Change("facilities", "closed", "Mine", "It closed too.", ()),
    ),
    notes=("A note.",),
)


def test_a_group_of_changes_is_a_table_headed_by_how_many_of_which_kind() -> None:
    shares, facilities = FOUND.tables()
    assert shares.heading == "Shares, ranks and concentration: 1 index"
    assert facilities.heading == "Facilities: 2 closed"
    assert [x["row"] for table in (shares, facilities) for x in records_in(table)] == [
        *("a/1 +2", "b/1", "")
    ]
    table = FOUND.csv_tables()[0]
    first = records_in(table)[0]
    assert (first["subject"], first["rows"]) == ("mine", "a/1;a/2;a/3")
    told = FOUND.content()
    assert told["counts"] == {"shares": {"index": 1}, "facilities": {"closed": 2}}
    assert told["notes"] == ["A note."]
