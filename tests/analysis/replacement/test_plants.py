"""Plants outside a country: tonnes, plans that slipped, orders and feed, read by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from monazite.analysis.replacement.candidates import ReplacementSite
from monazite.analysis.replacement.replacement import Links
from monazite.analysis.replacement.result import Replacement, ReplacementCandidate
from monazite.analysis.replacement.slips import Plan, Slip, find_slips, read_plans
from monazite.model.facilities.status import FacilityEvent, FacilityStatuses, read_lives
from monazite.store.store import Store
from tests.analysis.replacement.test_coverage import site_of
from tests.conftest import view_in_memory


@pytest.fixture(scope="module")
def dysprosium() -> Replacement:
    return view_in_memory().replace("Dy", "DEU", by=2028)


def site(found: Replacement, facility: str, stage: str) -> ReplacementSite:
    return candidate(found, facility, stage).site


def candidate(found: Replacement, facility: str, stage: str) -> ReplacementCandidate:
    [each] = [
        x for x in found.candidates if (x.site.facility, x.site.stage) == (facility, stage)
    ]  # fmt: skip
    return each


def test_oxide_becomes_the_element(dysprosium: Replacement) -> None:
    """Saskatoon: 30 t of Dy2O3 a year from 2027, 87.13 % of which is Dy."""
    saskatoon = site(dysprosium, "src-saskatoon", "separation")
    assert saskatoon.tonnes.value == pytest.approx(30 * 0.8713, abs=0.01)
    assert (saskatoon.status, saskatoon.country, saskatoon.in_base) == ("planned", "CAN", False)
    assert saskatoon.plan is not None
    assert saskatoon.plan.printed == "2027"


def test_a_quarter_counts_four_times_and_joint_products_stay_joint(dysprosium: Replacement) -> None:
    """Kuantan printed 9 t of Dy and Tb oxides for the quarter to September 2025."""
    kuantan = site(dysprosium, "lynas-malaysia-kuantan", "separation")
    assert (kuantan.tonnes.printed, kuantan.tonnes.quarter) == (4 * 9, True)
    assert kuantan.tonnes.joint == ("Tb",)
    assert 0 == kuantan.tonnes.low < kuantan.tonnes.value < kuantan.tonnes.high
    assert kuantan.tonnes.high == pytest.approx(4 * 9 * 0.87, rel=0.01)  # all of it one or other
    assert kuantan.status == "ramping up"


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


def slips(plans: Sequence[Plan], *events: FacilityEvent) -> tuple[Slip, ...]:
    lives = FacilityStatuses({"plant": ("Plant", "AUS")}, {"plant": events}, (), {}, {})
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
        lives = FacilityStatuses({"plant": ("Plant", "AUS")}, {"plant": (end,)}, (), {}, {})
        found = find_slips([old, slipped, anew, again], lives, DAY)
        assert found.first_plan("plant", "separation") == anew
        assert [x.planned for x in found.found] == ["2020"]  # what the estimate rests on stays
        # Of what nothing new is said, the old plan stands.
        found = find_slips([old, slipped], lives, DAY)
        assert found.first_plan("plant", "separation") == old
    # A whole plant that began with its mine: its separation is late by its own plan.
    opened = event("opened", "2023-07-01", stage="mine")
    lives = FacilityStatuses({"plant": ("Plant", "AUS")}, {"plant": (opened,)}, (), {}, {})
    found = find_slips([plan("2020", "2019-01-01"), anew, again], lives, DAY)
    assert found.first_plan("plant", "separation") == anew
    waiting = FacilityStatuses({"plant": ("Plant", "AUS")}, {}, (), {}, {})
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


@pytest.fixture(scope="module")
def links(store: Store) -> Links:
    return Links(store, read_lives(store), DAY, 0.8713)


def test_an_order_by_weight_takes_its_part_of_what_the_row_counts(links: Links) -> None:
    """Caremag is to make 600 t of Dy and Tb oxides a year; Iwatani takes 250 t of Dy oxide."""
    site = site_of(431.0, facility="caremag-lacq")
    site = replace(site, tonnes=replace(site.tonnes, printed=600.0))
    iwatani = next(
        x for x in links.orders(site, frozenset({"Dy"})) if x.customer.startswith("Iwatani")
    )
    assert iwatani.told == "250 t a year"
    assert iwatani.tonnes == pytest.approx(250 * 0.8713)


def test_feed_is_followed_to_its_country(links: Links) -> None:
    """Kuantan works on ore of Mount Weld, in Australia; nothing of it runs through China."""
    site = site_of(10.0, facility="lynas-malaysia-kuantan")
    feed = links.feed(site, "AUS")
    assert feed is not None
    assert feed.through
    assert not links.feed(site, "CHN").through  # type: ignore[union-attr]


def test_a_mine_has_its_own_ore_and_what_no_row_tells_is_not_known(links: Links) -> None:
    mine = links.feed(site_of(1.0, stage="mine", facility="mountain-pass"), "CHN")
    assert mine is not None
    assert mine.sellers == ()
    assert links.feed(site_of(1.0, facility="caremag-lacq"), "CHN") is None
