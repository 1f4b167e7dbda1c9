"""The life of Mountain Pass on six days, worked out by hand from the rows named here.

Events (``facility_events/mountain-pass-...``): 1952-opened; 1997-suspended (tier 4, "full
operations ceased"); 1998-suspended (tier 3, the separation plant only, "concentrate continues");
2000-suspended (tier 4); 2002-closed (tier 3, mining); 2006-suspended (tier 1, mine and plant);
2010-12-restarted (tier 3, mining) against 2012-08-27-restarted (tier 4, mining); 2015-suspended
(tier 1); 2018-restarted (tier 1, mining); 2023-commissioned (tier 1, separation). The conflicts
``recorded_conflicts/facility-events-mountain-pass-1997-2002`` and ``-restart-after-2010`` say
which of these are versions of one stop and of one restart.

Owners (``ownership/...``): molycorp-mountain-pass-1952 to 2007, chevron-mountain-pass-2007 to
2008-09-30, molycorp-mountain-pass-2008 to 2017-07, mp-materials-mountain-pass-2017 since.
Operators (``operations/mountain-pass-...``): Molycorp in mine and concentrate 1952 to 2002 and
2010-12 to 2015, in separation to 1998; MP Materials in the mine since 2018.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import monazite as mz
from monazite.findings.plants.lives import Lives, read_lives
from monazite.triples.store import Store
from monazite.view import View
from tests.golden.lines import line_of
from tests.sharing import only_whole

EVENT = "facility_events/mountain-pass-"


@dataclass(frozen=True)
class Expected:
    """What the rows say of one day, and by which rows."""

    state: str
    certainty: str
    others: set[str]
    mine: tuple[str, str]
    separation: tuple[str, str]
    owner: tuple[str, float | None, str]
    owner_row: str
    operator: tuple[str, str] | None
    last_event: str
    rows: set[str]


LIFE = {
    # 1997 has stopped all, says a worse source; 1998 stopped the separation alone; 2000 and 2002
    # are still to come, so that separation may have run until 2000.
    "1998-12-31": Expected(
        state="partly operating",
        certainty="perhaps",
        others={"operating", "suspended"},
        mine=("operating", "perhaps"),
        separation=("suspended", "perhaps"),
        owner=("molycorp", None, "surely"),
        owner_row="ownership/molycorp-mountain-pass-1952",
        operator=("molycorp", "surely"),
        last_event="1998-suspended",
        rows={"1952-opened", "1997-suspended", "1998-suspended", "2000-suspended", "2002-closed"},
    ),
    # Mining again since December 2010, or only since August 2012; separation rests since 1998.
    "2010-12-31": Expected(
        state="partly operating",
        certainty="perhaps",
        others={"suspended"},
        mine=("operating", "perhaps"),
        separation=("suspended", "surely"),
        owner=("molycorp", None, "surely"),
        owner_row="ownership/molycorp-mountain-pass-2008",
        operator=("molycorp", "surely"),
        last_event="2010-12-restarted",
        rows={"2006-suspended", "2010-12-restarted", "2012-08-27-restarted"},
    ),
    # Care and maintenance from the fourth quarter; who runs it "until 2015" perhaps still does.
    "2015-12-31": Expected(
        state="suspended",
        certainty="surely",
        others=set(),
        mine=("suspended", "surely"),
        separation=("suspended", "surely"),
        owner=("molycorp", None, "surely"),
        owner_row="ownership/molycorp-mountain-pass-2008",
        operator=("molycorp", "perhaps"),
        last_event="2015-suspended",
        rows={"2015-suspended"},
    ),
    # Mining since 2018, the concentrate went to China: no separation before 2023.
    "2019-06-30": Expected(
        state="partly operating",
        certainty="surely",
        others=set(),
        mine=("operating", "surely"),
        separation=("suspended", "surely"),
        owner=("mp-materials", 100, "surely"),
        owner_row="ownership/mp-materials-mountain-pass-2017",
        operator=("mp-materials", "surely"),
        last_event="2018-restarted",
        rows={"2015-suspended", "2018-restarted"},
    ),
    "2025-06-11": Expected(
        state="operating",
        certainty="surely",
        others=set(),
        mine=("operating", "surely"),
        separation=("operating", "surely"),
        owner=("mp-materials", 100, "surely"),
        owner_row="ownership/mp-materials-mountain-pass-2017",
        operator=("mp-materials", "surely"),
        last_event="2023-commissioned",
        rows={"2018-restarted", "2023-commissioned"},
    ),
    # The plans of 2026 (heavy separation) have no event that says they came true.
    "2026-11-25": Expected(
        state="operating",
        certainty="surely",
        others=set(),
        mine=("operating", "surely"),
        separation=("operating", "surely"),
        owner=("mp-materials", 100, "surely"),
        owner_row="ownership/mp-materials-mountain-pass-2017",
        operator=("mp-materials", "surely"),
        last_event="2023-commissioned",
        rows={"2018-restarted", "2023-commissioned"},
    ),
}


@pytest.fixture(scope="module")
def lives(store: Store) -> Lives:
    return read_lives(store)


@pytest.mark.parametrize("day", LIFE)
def test_state_owner_operator_and_last_event(lives: Lives, day: str) -> None:
    wanted, found = LIFE[day], lives.on("mountain-pass", day)
    stages = {stage.stage: (stage.state, stage.certainty) for stage in found.stages}
    assert (found.state, found.certainty) == (wanted.state, wanted.certainty)
    assert set(found.others) == wanted.others
    assert stages == {"mine": wanted.mine, "separation": wanted.separation}
    assert [(o.id, o.percent, o.certainty) for o in found.owners] == [wanted.owner]
    assert [o.row for o in found.owners] == [wanted.owner_row]
    assert [(o.id, o.certainty) for o in found.operators] == [wanted.operator]
    assert found.last_event is not None
    assert found.last_event.row == EVENT + wanted.last_event
    assert set(found.rows) >= {EVENT + row for row in wanted.rows}


@pytest.mark.parametrize("day", [*only_whole(*list(LIFE)[1:]), min(LIFE)])
def test_the_view_of_the_day_tells_the_same_life(
    lives: Lives, day: str, cache_of_the_tests: object
) -> None:
    """A view keeps no event after its day; what those put in doubt is sure in it."""
    whole = lives.on("mountain-pass", day)
    view = read_lives(mz.load(valid=day).store).on("mountain-pass", day)
    assert view.state == whole.state
    assert set(view.others) <= set(whole.others)
    assert (view.owners, view.operators) == (whole.owners, whole.operators)
    assert view.last_event == whole.last_event


def test_the_rows_are_the_ones_that_were_read() -> None:
    """If a row changes, the golden life has to be read again."""
    dates = {
        "1998-suspended": ("1998", "separation"),
        "2002-closed": ("2002", "mine"),
        "2006-suspended": ("2006", ""),
        "2010-12-restarted": ("2010-12", "mine"),
        "2015-suspended": ("2015", ""),
        "2018-restarted": ("2018", "mine"),
        "2023-commissioned": ("2023", "separation"),
    }
    for row, told in dates.items():
        line = line_of(EVENT + row)
        assert (line["date"], line["stage"]) == told
    holder = line_of("ownership/molycorp-mountain-pass-1952")
    assert (holder["valid_from"], holder["valid_until"]) == ("1952", "2007")


def test_an_owner_whose_holding_ended_is_the_last_on_record(lives: Lives) -> None:
    """Asian Rare Earth held the plant until 1994, and no later row says who did."""
    found = lives.on("bukit-merah", "1999-01-01")
    assert found.owners == ()
    assert [owner.label for owner in found.owners_before] == ["Asian Rare Earth Sdn Bhd"]


def test_closures_of_the_1990s_stand_with_both_versions(view: View) -> None:
    """Press: Bukit Merah 1992, Mountain Pass 1998, La Rochelle 1994. Better sources differ."""
    answer = view.query("closed-facilities", outside="CHN")
    found = {row["row"].removeprefix("row/facility_events/"): row for row in answer.dicts()}
    press, court = found["bukit-merah-1992-closed"], found["bukit-merah-1992-07-suspended"]
    better = found["bukit-merah-1994-01-19-closed"]
    assert press["why"].startswith("Press version")
    assert "High Court" in court["why"]
    assert (press["date_printed"], better["date_printed"]) == ("1992", "1994-01-19")
    assert {press["event"], better["event"], court["event"]} == {"Closed", "Suspended"}
    assert "stopgebeng-chronology" in better["source"]
    assert "malaysian-insider-2011" in press["source"]

    rochelle = found["la-rochelle-1994-07-suspended"]
    assert "did NOT close" in rochelle["note"]
    assert "andra-larochelle" in rochelle["source"]  # the national inventory, tier 1

    partial, full = found["mountain-pass-1998-suspended"], found["mountain-pass-1997-suspended"]
    assert "concentrate continues" in partial["why"]
    assert full["why"].startswith("Environmental groups")
    assert "mountain-pass-2002-closed" not in found  # mining stopped outside the decade


def test_no_version_of_the_1990s_closures_is_taken_for_the_whole(lives: Lives) -> None:
    """Bukit Merah in 1993 was suspended by a court, closed by the press; La Rochelle ran on."""
    between = lives.on("bukit-merah", "1993-06-30")
    assert (between.state, between.certainty, between.others) == (
        "suspended",
        "perhaps",
        ("closed",),
    )
    assert lives.on("bukit-merah", "1994-06-30").state == "closed"
    rochelle = lives.on("la-rochelle", "1994-12-31")
    assert (rochelle.state, rochelle.certainty) == ("operating", "surely")
