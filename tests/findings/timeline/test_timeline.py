"""What a timeline takes in, in which order, and what it says it leaves out."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.timeline.dated_events import BEGIN, END, DatedEvent, order, read_dated_events
from monazite.findings.timeline.timeline import Timeline, timeline_of
from monazite.rows.dates import date_bounds
from monazite.triples.names import find_entity
from monazite.triples.store import Store
from monazite.view import View
from tests.findings.touching import home, table, touches_site
from tests.golden.lines import lines_of


@cache
def _timeline(
    view: View, name: str | None, stage: str | None = None, *, whole: bool = False
) -> Timeline:
    entity = find_entity(view.store, name) if name else None
    return timeline_of(view.store, view.schema, view.valid, entity, stage=stage, whole=whole)


def _rows(found: Timeline) -> set[str]:
    return {row for dated_event in found.events for row in dated_event.rows}


ENTITIES = ["mountain-pass", "mp-materials", "Dy", "CHN", "mofcom-2025-61", "dysprosium-oxide"]


@pytest.mark.parametrize("name", ENTITIES)
def test_lines_are_in_order_each_with_row_source_and_sentence(view: View, name: str) -> None:
    found = _timeline(view, name)
    assert found.events
    assert list(found.events) == sorted(found.events, key=order)
    for dated_event in found.events:
        assert dated_event.rows
        assert dated_event.what
        assert dated_event.sources
        assert (dated_event.earliest, dated_event.latest) == date_bounds(dated_event.date)
        assert dated_event.certainty == {4: "year", 7: "month", 10: "day"}[len(dated_event.date)]


def test_a_facility_has_its_events_its_holders_up_to_the_last_and_what_targets_them(
    view: View,
) -> None:
    rows = _rows(_timeline(view, "mountain-pass"))
    events = {
        row
        for row, line in lines_of("facility_events").items()
        if line["facility"] == "mountain-pass" and line["date"]
    }
    assert events <= rows
    assert {
        "ownership/molycorp-mountain-pass-1952",
        "ownership/unocal-molycorp-1977",  # the holder of the holder
        "ownership/chevron-unocal-2005",  # and of that one
        "ownership/us-dod-mp-materials-2025-07",
        "operations/mountain-pass-mine",
        "supply_links/mountain-pass-shenghe-resources-rare-earth-concentrate-2025-04-17",
        "statements/c18-mountain-pass-1998",
    } <= rows
    assert "policy_events/mof-china-2026-46-effective-2026-06-22" in rows  # aimed at its country
    assert not any("us-232-polysilicon" in row for row in rows)
    targeted = {row for row in rows if row.startswith("policy_events/us-dod-mp-2025-equity")}
    assert targeted
    assert not any("silmet" in row for row in rows)  # another plant of an owner


def test_an_organisation_has_its_plants_and_both_sides_of_ownership(view: View) -> None:
    rows = _rows(_timeline(view, "mp-materials"))
    assert {
        "ownership/mp-materials-mountain-pass-2017",
        "ownership/us-dod-mp-materials-2025-07",
        "facility_events/mountain-pass-1952-opened",
        "facility_events/mp-independence-2024-12-commissioned",
        "supply_links/mp-materials-apple-recycled-magnet-2025",
    } <= rows


def _steps(acts: set[str]) -> set[str]:
    lines = lines_of("policy_events").items()
    return {row for row, line in lines if line["policy"] in acts and line["date"]}


@pytest.mark.parametrize("plant", [row["id"] for row in table("facilities")][::9])
def test_no_step_of_an_act_that_touches_a_plant_is_dropped(view: View, plant: str) -> None:
    runs = {row["operator"] for row in table("operations") if row["facility"] == plant}
    due = _steps(touches_site({plant, *runs} - {""}, {home()[plant]}))
    assert due - _rows(_timeline(view, plant)) == set()


@pytest.mark.parametrize(
    "firm", ["mp-materials", "lynas", "shin-etsu", "neo-performance", "carester"]
)
def test_no_step_of_an_act_that_touches_a_firm_is_dropped(view: View, firm: str) -> None:
    run = {row["facility"] for row in table("operations") if row["operator"] == firm}
    held = {row["owned"] for row in table("ownership") if row["owner"] == firm} & _plants()
    due = _steps(touches_site({firm, *run, *held}, {home()[each] for each in (firm, *run, *held)}))
    assert len(due) > 20
    assert due - _rows(_timeline(view, firm)) == set()


def _plants() -> set[str]:
    return {row["id"] for row in table("facilities")}


def test_a_firm_outside_the_chain_has_only_what_names_it(view: View) -> None:
    rows = _rows(_timeline(view, "byd"))
    assert any(row.startswith("policy_events/us-1260h-2026") for row in rows)
    assert not any(row.startswith("policy_events/mofcom-gac-2025-18") for row in rows)


def test_an_issuer_has_the_policies_it_issued(view: View) -> None:
    rows = _rows(_timeline(view, "mofcom"))
    assert any(row.startswith("policy_events/mofcom-2025-61-") for row in rows)


def test_an_element_has_policies_prices_shares_and_its_largest_plants(view: View) -> None:
    found = _timeline(view, "Dy")
    kinds = {dated_event.kind for dated_event in found.events}
    assert {"policy", "price", "share", "event"} <= kinds
    assert not kinds & {"ownership", "supply"}
    turns = [each for each in found.short if each.event.kind == "event"]
    assert {each.why for each in turns} >= {"Opening"}
    assert len(found.short) <= 15
    seven = "Export controls on seven medium and heavy rare earths and magnets"
    assert any(x.event.subject == seven and x.why == "Rule starts" for x in found.short)
    assert any("largest of each stage" in said for said in found.left_out)
    assert not any("share-of-" in each.what for each in found.events)
    assert any(row.startswith("policy_events/mofcom-gac-2025-18-") for row in _rows(found))
    prices = [h for h in found.events if h.kind == "price"]
    assert all("dysprosium" in h.subject or "rare earth" in h.subject for h in prices)
    years = [h.date for h in found.events if h.kind == "share" and "mine" in h.subject]
    assert len(years) == len(set(years))


def test_a_country_has_state_changes_and_its_shares_and_says_what_is_left_out(view: View) -> None:
    found = _timeline(view, "USA")
    rows = _rows(found)
    assert "facility_events/mountain-pass-2015-suspended" in rows
    assert "facility_events/mountain-pass-2028-planned" not in rows
    assert any("change no state are left out" in said for said in found.left_out)
    assert any("Ownership and supply links are left out" in said for said in found.left_out)
    whole = _timeline(view, "USA", whole=True)
    assert "facility_events/mountain-pass-2028-planned" in _rows(whole)
    assert not any("change no state" in said for said in whole.left_out)
    mine = {h.date: h.what for h in found.events if "mine" in h.subject and h.kind == "share"}
    assert mine["1994"].startswith("United States has 36 %")  # BGS: 20,664 of 57,002 t


def test_a_policy_has_its_steps_with_part_and_until(view: View) -> None:
    steps = {h.what for h in _timeline(view, "mofcom-2025-61").events if h.kind == "policy"}
    assert "Suspended until 2026-11-10" in steps
    assert "Effective in part (items of Chinese origin)" in steps


@pytest.mark.parametrize(
    ("policy", "day", "what"),
    [
        (
            "mofcom-2025-61",
            "2025-12-01",
            "Would have taken effect in part (content and technology rules), suspended",
        ),
        *(
            (f"mofcom-gac-2025-{number}", "2025-11-08", "Would have taken effect, suspended")
            for number in (55, 56, 57, 58)
        ),
        ("mofcom-2025-61", "2025-10-09", "Effective in part (items of Chinese origin)"),
        ("mofcom-gac-2025-70", "2025-11-07", "Effective"),
    ],
)
def test_a_start_that_never_came_is_not_told_as_one(
    view: View, policy: str, day: str, what: str
) -> None:
    told = [h for h in _timeline(view, policy).events if h.date == day and h.kind == "policy"]
    assert what in [h.what for h in told]
    assert ("Effective" in [h.event for h in told]) == what.startswith("Effective")


def test_a_stage_is_a_subject_and_a_filter(view: View) -> None:
    separation = _rows(_timeline(view, None, "separation"))
    assert "facility_events/mountain-pass-1998-suspended" in separation
    assert "facility_events/mountain-pass-2002-closed" not in separation  # the mine alone
    assert "facility_events/bukit-merah-1994-01-19-closed" in separation
    mine = _rows(_timeline(view, "mountain-pass", "mine"))
    assert "facility_events/mountain-pass-2002-closed" in mine
    assert "facility_events/mountain-pass-1998-suspended" not in mine


def test_what_lasts_has_a_begin_that_knows_its_end_and_an_end(view: View) -> None:
    row = "ownership/chevron-mountain-pass-2007"
    told, undated = read_dated_events(view.store, view.schema, [row])
    assert undated == 0
    assert [(h.edge, h.date, h.until) for h in told] == [
        (BEGIN, "2007", "2008-09-30"),
        (END, "2008-09-30", ""),
    ]
    assert (told[0].ends, told[1].begins) == (("2008-09-30", "2008-09-30"), None)


def test_a_holding_that_goes_on_with_another_share_has_no_end(view: View) -> None:
    """Shenghe: 8 % to 2021-12, then 7.7 %, then 3.1 % of MP Materials."""
    lines = [h for h in _timeline(view, "mp-materials").events if h.subject.startswith("Shenghe")]
    assert [h.short for h in lines if "MP Materials" in h.subject] == [
        "share not known",
        "8 %",
        "7.7 %",
        "3.1 %",
    ]


def test_undated_rows_are_counted(view: View) -> None:
    found = _timeline(view, "mp-materials")
    said = next(said for said in found.left_out if "without a date" in said)
    assert int(said.split()[0]) > 0


def test_days_cut_and_say_so(view: View) -> None:
    whole = _timeline(view, "mountain-pass")
    cut = whole.between("2010", "2012")
    assert {h.date[:4] for h in cut.events} >= {"2010", "2011", "2012"}
    for dated_event in cut.events:
        assert dated_event.earliest <= "2012-12-31"
        assert max(dated_event.latest, dated_event.until_latest) >= "2010-01-01"
    lost = len(whole.events) - len(cut.events)
    assert f"{lost:,} lines outside the days asked for are left out." in cut.left_out
    assert whole.between(None, None) == whole


def test_what_has_no_timeline_says_so(view: View, store: Store) -> None:
    mineral = find_entity(store, "bastnaesite", "Mineral")
    with pytest.raises(NotKnownError, match="has no timeline; take a facility"):
        timeline_of(store, view.schema, view.valid, mineral)
    with pytest.raises(UnknownNameError, match='no stage "mining"'):
        timeline_of(store, view.schema, view.valid, None, stage="mining")
    with pytest.raises(UnknownNameError, match="Name an entity"):
        timeline_of(store, view.schema, view.valid)


HAPPENINGS = st.builds(
    lambda year, month, exact, row: DatedEvent(
        kind="event",
        date=f"{year}-{month:02}" if exact else str(year),
        earliest=date_bounds(f"{year}-{month:02}" if exact else str(year))[0],
        latest=date_bounds(f"{year}-{month:02}" if exact else str(year))[1],
        subject="works",
        what="opened",
        short="opened",
        rows=(row,),
    ),
    st.integers(1985, 1990),
    st.integers(1, 12),
    st.booleans(),
    st.text("abc", min_size=1, max_size=3),
)


@given(st.lists(HAPPENINGS, max_size=8), st.integers(1985, 1990), st.integers(0, 3))
def test_a_cut_keeps_all_that_may_fall_between_and_nothing_else(
    events: list[DatedEvent], first: int, years: int
) -> None:
    found = Timeline("works", None, None, "1990-01-01", None, tuple(events), ())
    begin, end = f"{first}-01-01", f"{first + years}-12-31"
    kept = found.between(str(first), str(first + years)).events
    assert kept == tuple(h for h in events if h.latest >= begin and h.earliest <= end)
