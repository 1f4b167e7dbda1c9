"""How plans of the past began: cases by hand, and what the shipped rows say of known plants."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from monazite.findings.plants.lives import Lives, read_lives
from monazite.findings.plants.states import FacilityEvent
from monazite.findings.replacements.slips import Plan, Slip, find_slips, read_plans
from monazite.triples.store import Store

DAY = "2026-11-24"
EVENTS = {
    "opened": "operating",
    "restarted": "operating",
    "commissioned": "operating",
    "closed": "closed",
    "sold": "",
    "suspended": "suspended",
}


def event(
    kind: str, date: str, *, stage: str = "", step: str = "", part: str = ""
) -> FacilityEvent:
    return FacilityEvent(
        f"facility_events/{kind}-{date}", "plant", kind, kind.capitalize(), EVENTS[kind], date[:4],
        date, date, stage, part, "", 1, step or stage,
    )  # fmt: skip


def plan(start: str, said: str, *, stage: str = "", step: str = "", part: str = "") -> Plan:
    row = f"facility_events/planned-{said}-{stage}"
    ends = (f"{start}-01-01", f"{start}-12-31")
    return Plan("plant", stage, step or stage, part, start, *ends, said, row)


def slips(plans: Iterable[Plan], *events: FacilityEvent) -> tuple[Slip, ...]:
    lives = Lives({"plant": ("Plant", "AUS")}, {"plant": events}, (), {}, {})
    return find_slips(plans, lives, DAY).found


def test_it_is_the_first_plan_that_counts_and_the_first_beginning_after_it() -> None:
    plans = [plan("2012", "2010-05-01"), plan("2014", "2013-05-01")]
    [slip] = slips(plans, event("opened", "2009-01-01"), event("opened", "2015-07-02"))
    assert (slip.planned, slip.began) == ("2012", "2015")
    assert slip.years == pytest.approx(3, abs=0.01)


def test_what_has_not_begun_is_awaited_to_the_day_and_so_is_what_was_given_up() -> None:
    [waiting] = slips([plan("2020", "2019-01-01")])
    assert (waiting.began, waiting.given_up) == ("", False)
    assert waiting.years == pytest.approx(6.4, abs=0.01)
    [dropped] = slips([plan("2020", "2019-01-01")], event("closed", "2021-01-01"))
    assert (dropped.began, dropped.given_up) == ("", True)
    assert dropped.years == waiting.years


def test_a_restart_is_a_beginning_of_what_stood_still_alone() -> None:
    again = event("restarted", "2021-07-01")
    [ran] = slips([plan("2020", "2019-01-01")], event("opened", "2010-01-01"), again)
    assert ran.began == ""
    stood = [event("opened", "2010-01-01"), event("suspended", "2015-01-01"), again]
    [slip] = slips([plan("2020", "2019-01-01")], *stood)
    assert slip.began == "2021"


def test_another_step_or_a_part_is_no_beginning() -> None:
    asked = [plan("2020", "2019-01-01", stage="separation")]
    leach = event("opened", "2021-01-01", stage="separation", step="crack-leach")
    pilot = event("opened", "2021-01-01", part="pilot plant")
    assert slips(asked, leach, pilot)[0].began == ""
    assert slips(asked, event("opened", "2021-01-01"))[0].began == "2021"
    assert slips([plan("2020", "2019-01-01", part="pilot plant")]) == ()


def test_a_plan_that_was_met_is_no_clock_of_a_later_one() -> None:
    lives_of = {"met": event("commissioned", "2023-07-01", stage="separation")}
    lives_of["given up"] = event("closed", "2023-07-01")
    lives_of["another owner"] = event("sold", "2023-07-01")
    old = plan("2020", "2019-01-01", stage="separation")
    slipped = plan("2022", "2020-07-01", stage="separation")
    anew = plan("2026", "2025-01-01", stage="separation")
    again = plan("2027", "2026-01-01", stage="separation")
    for end in lives_of.values():
        lives = Lives({"plant": ("Plant", "AUS")}, {"plant": (end,)}, (), {}, {})
        found = find_slips([old, slipped, anew, again], lives, DAY)
        assert found.first_plan("plant", "separation") == anew
        assert [x.planned for x in found.found] == ["2020"]  # what the estimate rests on stays
        # Of what nothing new is said, the old plan stands.
        found = find_slips([old, slipped], lives, DAY)
        assert found.first_plan("plant", "separation") == old
    # A whole plant that began with its mine: its separation is late by its own plan.
    opened = event("opened", "2023-07-01", stage="mine")
    lives = Lives({"plant": ("Plant", "AUS")}, {"plant": (opened,)}, (), {}, {})
    found = find_slips([plan("2020", "2019-01-01"), anew, again], lives, DAY)
    assert found.first_plan("plant", "separation") == anew
    waiting = Lives({"plant": ("Plant", "AUS")}, {}, (), {}, {})
    assert find_slips([old, anew], waiting, DAY).first_plan("plant", "separation") == old


def test_plants_whose_story_is_known(store: Store) -> None:
    """Dates of press and filings: Kuantan was to start in 2009, Stillwater in 2023."""
    found = find_slips(read_plans(store, DAY), read_lives(store), DAY)
    known = {(x.facility, x.stage): x for x in found.found}
    kuantan = known["lynas-malaysia-kuantan", "separation"]
    assert (kuantan.planned, kuantan.began[:4]) == ("2009", "2012")
    assert known["usar-stillwater", "magnet"].years == pytest.approx(3, abs=0.01)
    assert known["mountain-pass", "separation"].began == "2023"
    assert known["white-mesa-mill", "separation"].began == "2024-06-10"  # not its carbonate of 2021
    mountain_pass = found.first_plan("mountain-pass", "separation")
    assert mountain_pass is not None
    assert mountain_pass.printed == "2026"  # heavy separation, not the light one begun in 2023
    dubbo = next(x for x in found.found if x.facility == "dubbo")
    assert not dubbo.began
    assert dubbo.years > 12
    everything = found.curves[""]
    assert len(everything.delays) > 50
    late = everything.begun(3)
    assert late is not None
    assert 0.3 < late.value < 0.6


def test_what_was_said_later_is_not_known_before(store: Store) -> None:
    plans = read_plans(store, "2013-12-31")
    assert {x.facility for x in plans} >= {"dubbo", "nolans"}
    assert "usar-stillwater" not in {x.facility for x in plans}
    assert all(x.said <= x.latest for x in plans)
