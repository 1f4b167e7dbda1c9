"""A closure is over once the plants that it closed have restarted; others run on."""

from __future__ import annotations

import pytest

from monazite.findings.plants.lives import Lives
from monazite.findings.plants.states import FacilityEvent
from monazite.findings.policies.acts import Act, Step
from monazite.findings.policies.closures import CLOSURE, reopened
from monazite.findings.policies.reach import Named, ReachRow
from monazite.findings.policies.status import read_statuses
from monazite.rows.dates import date_bounds
from tests.conftest import view_in_memory

DAY = "2026-11-24"


def happened(plant: str, state: str, date: str) -> FacilityEvent:
    """Something that happened to a plant."""
    row = f"facility_events/{plant}-{date}"
    return FacilityEvent(
        row, plant, "event", "Event", state, date, *date_bounds(date), *("",) * 3, 1
    )


def closure(kind: str = CLOSURE) -> Act:
    """A closure of 1998."""
    bounds = date_bounds("1998")
    step = Step("policy_events/a", "", "effective", "1998", *bounds, "", "", "", "")
    return Act("a", "A", kind, kind, "LND", "Land", (), frozenset(), (step,))


def over(*events: FacilityEvent, kind: str = CLOSURE, plants: tuple[str, ...] = ("p",)) -> str:
    """Since when it is over; empty where it is not."""
    held: dict[str, tuple[FacilityEvent, ...]] = {
        name: tuple(x for x in events if x.facility == name) for name in plants
    }
    lives = Lives({name: (name, "Land") for name in plants}, held, (), {}, {})
    named = tuple(Named("targets", "facility", x, x.upper(), "LND", "", "", "") for x in plants)
    found = reopened(closure(kind), [ReachRow("r", "target-facility", "", "", named)], lives, DAY)
    return "" if found is None else found.since


STOP, AGAIN = happened("p", "suspended", "1998"), happened("p", "operating", "2010-12")


def test_it_is_over_with_the_first_restart() -> None:
    assert over(STOP, AGAIN, happened("p", "operating", "2018")) == "2010-12"


@pytest.mark.parametrize(
    "events",
    [
        (STOP,),
        (AGAIN,),
        (STOP, happened("p", "operating", "1990")),
        (STOP, happened("p", "operating", "2027")),
    ],
)
def test_without_a_stop_and_a_restart_it_goes_on(events: tuple[FacilityEvent, ...]) -> None:
    assert over(*events) == ""


def test_all_of_its_plants_must_have_restarted() -> None:
    other = (happened("q", "closed", "1998"), happened("q", "operating", "2012"))
    assert over(STOP, AGAIN, *other[:1], plants=("p", "q")) == ""
    assert over(STOP, AGAIN, *other, plants=("p", "q")) == "2012"


def test_another_kind_of_act_is_none() -> None:
    assert over(STOP, AGAIN, kind="export-ban") == ""


def test_the_shipped_closure_of_a_mine_that_runs_is_not_in_force() -> None:
    store = view_in_memory().store
    assert read_statuses(store, "2005-06-30")["mountain-pass-closure"].state == "in force"
    found = read_statuses(store, DAY)["mountain-pass-closure"]
    assert (found.value, found.state) == ("not in force", "ended")
    assert found.reason.endswith("restarted in 2010-12")
