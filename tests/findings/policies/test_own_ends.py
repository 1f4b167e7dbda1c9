"""Ends that a text had set: once, on their day, and only where no step moved them."""

from __future__ import annotations

import pytest

from monazite.findings.policies.acts import Act, ActLink, Acts, Step, read_acts
from monazite.findings.policies.own_ends import own_ends
from monazite.triples.opening import open_store

FIRST, LAST = "2025-11-24", "2026-11-24"


def step(event: str, date: str, until: str = "", part: str = "") -> Step:
    return Step(f"row/{event}-{date}", part, event, date, date, date, until, until, until, "")


def act_of(*steps: Step, name: str = "a") -> Act:
    return Act(name, "An act", "export-ban", "", "CHN", "", (), frozenset({"CHN"}), steps)


def ends_of(act: Act, *others: Act, links: tuple[ActLink, ...] = ()) -> list[tuple[str, str]]:
    acts = Acts({each.id: each for each in (act, *others)}, links)
    return [(end.date, end.what) for end in own_ends(act, acts, FIRST, LAST)]


SUSPENDED = (step("effective", "2025-01-01"), step("suspended", "2025-11-01", "2026-05-05"))


def test_a_suspension_ends_on_the_day_that_it_was_given() -> None:
    assert ends_of(act_of(*SUSPENDED)) == [("2026-05-05", "Suspension ended by its own text")]


def test_a_suspension_that_was_extended_or_ended_by_a_step_does_not() -> None:
    later = step("extended", "2026-05-01", "2027-01-01")
    assert ends_of(act_of(*SUSPENDED, later)) == []
    assert ends_of(act_of(*SUSPENDED, step("resumed", "2026-05-06"))) == []
    assert ends_of(act_of(*SUSPENDED, step("ended", "2026-03-01"))) == []


def test_a_part_is_named() -> None:
    part = step("suspended", "2025-11-01", "2026-05-05", "clause 2")
    assert ends_of(act_of(step("effective", "2025-01-01"), part)) == [
        ("2026-05-05", "Suspension ended by its own text in part (clause 2)")
    ]


def test_a_run_ends_on_its_last_day() -> None:
    run = step("effective", "2025-01-01", "2026-01-31")
    assert ends_of(act_of(run)) == [("2026-01-31", "Its stated last day")]
    assert ends_of(act_of(step("effective", "2025-01-01", LAST))) == []  # has not come yet


def test_the_end_of_the_act_that_suspends_is_the_end_of_the_suspension() -> None:
    stopper = act_of(step("effective", "2025-11-01", "2026-05-05"), name="b")
    link = ActLink("b", "suspends", "a", "policy_links/b", "")
    found = ends_of(act_of(step("effective", "2025-01-01")), stopper, links=(link,))
    assert found == [("2026-05-05", "Suspension ended by its own text")]


@pytest.mark.parametrize("number", ["gac-2025-55", "gac-2025-58", "2025-61", "2025-62"])
def test_what_announcement_70_suspends_until_2026_11_10(number: str) -> None:
    acts = read_acts(open_store())
    found = own_ends(acts.acts[f"mofcom-{number}"], acts, FIRST, LAST)
    assert [end.date for end in found] == ["2026-11-10"]
