"""Which acts are in force on a day, against their dated steps and links as read by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.policies.acts import (
    EXPORTS,
    IN_FORCE,
    MAY_BE,
    NOT_IN_FORCE,
    RULES,
    VALUES,
    Act,
    ActLink,
    Acts,
    Named,
    PolicyStatus,
    ReachRow,
    Step,
    is_rule,
    read_acts,
)
from monazite.analysis.policies.status import (
    CLOSURE,
    own_ends,
    read_statuses,
    reopened,
    status_of,
    stopped_starts,
    with_statuses,
)
from monazite.core.errors import UnknownNameError
from monazite.data.dates import date_bounds
from monazite.model.facilities.status import FacilityEvent, FacilityStatuses
from monazite.store.answers import to_answer
from monazite.store.opening import open_store
from monazite.store.queries import read_query
from monazite.store.store import Store
from tests.conftest import view_in_memory

DAYS = (
    *("2025-03-31", "2025-04-04", "2025-10-10", "2025-11-08"),
    *("2026-11-09", "2026-11-24", "2027-01-02", "2027-01-11"),
)

# By hand from policy_events.csv and policy_links.csv: for each of the eight days Y in force, P in
# force in part, N not in force, ? may be; then what the rows say that decide, in order of time.
BY_HAND = {
    # effective 2025-04-04 (MOFCOM/GAC announcement of that day); nothing stops it
    "mofcom-gac-2025-18": ("NYYYYYYY", ["effective-2025-04-04"]),
    # effective in parts 2025-10-09 and 2025-12-01; announcement 70: suspended 2025-11-07 until
    # 2026-11-10; MOFCOM on 2026-09-28: to 2027-01-10, by statement, notice not seen
    "mofcom-2025-61": ("NNPNN???", ["effective-2025-10-09", "suspended-2025-11-07"]),
    # would have begun 2025-11-08; suspended the day before
    "mofcom-gac-2025-57": ("NNNNN???", ["effective-2025-11-08", "suspended-2025-11-07"]),
    # the suspending act: effective 2025-11-07, its own last day 2026-11-10
    "mofcom-gac-2025-70": ("NNNYY???", ["effective-2025-11-07", "extended-2025-11-07"]),
    # effective 2024-12-03; clause 2 suspended 2025-11-09 until 2026-11-27 (announcement 72)
    "mofcom-2024-46": ("YYYYPPPP", ["effective-2024-12-03", "suspended-2025-11-09"]),
    # effective 2025-04-04; suspended 2025-05-14 until 2025-08-12, again for 90 days, and from
    # 2025-11-10 until 2026-11-10 under the truce, whose extension was stated
    "mofcom-2025-21": ("NYNNN???", ["suspended-2025-08-12", "suspended-2025-11-10"]),
    # effective 2025-04-10, suspended 2025-05-14, ended 2025-08-12
    "mofcom-2025-22": ("NNNNNNNN", ["effective-2025-04-10", "ended-2025-08-12"]),
    # DFARS of 2024: announced 2024-05-30, effective 2027-01-01
    "us-dfars-7052-2024": ("NNNNNNYY", ["announced-2024-05-30", "effective-2027-01-01"]),
    # stated 2026-09-23 and 2026-09-28, no formal notice seen; to 2027-01-10
    "truce-extension-2026": ("NNNN????", ["announced-2026-09-23", "stated-2026-09-28"]),
    # printed 2025-04 only: the fourth of April may be in; the rate above 10% on goods of China
    # suspended 2025-05-14, extended to 2025-11-10, again from that day; all ended 2026-02-24
    "us-reciprocal-tariffs-2025": (
        "N?PPNNNN",
        ["effective-2025-04", "suspended-2025-05-14", "ended-2026-02-24"],
    ),
    # effective 2025-05-14 for 90 days, extended to 2025-11-10, the first day of what ended it
    "geneva-2025": ("NNYYNNNN", ["effective-2025-05-14", "extended-2025-08-11"]),
    # effective 2025-09-29; suspended 2025-11-10 until 2026-11-09; a longer pause was stated
    "us-affiliates-rule-2025": ("NNYYN???", ["effective-2025-09-29", "suspended-2025-11-10"]),
    # a summit binds nobody, though its rows say that it took place
    "white-house-summit-2026": ("NNNNNNNN", ["effective-2026-09-24"]),
}
LETTERS = {"Y": IN_FORCE, "P": IN_FORCE, "N": NOT_IN_FORCE, "?": MAY_BE}
NO_NOTICE = (
    "may be in force or suspended: its suspension ended on 2026-11-10 by its own text, "
    "an extension to 2027-01-10{} was stated on 2026-09-28, no formal notice was seen"
)


def on(day: str, policy: str) -> PolicyStatus:
    return read_statuses(open_store(), day)[policy]


@pytest.mark.parametrize("policy", BY_HAND)
def test_acts_on_eight_days_by_hand(policy: str) -> None:
    letters, rows = BY_HAND[policy]
    found = [on(day, policy) for day in DAYS]
    assert [each.value for each in found] == [LETTERS[letter] for letter in letters]
    parts = [each.state == "in force in part" for each in found]
    assert parts == [letter == "P" for letter in letters]
    behind = {row.removeprefix(f"policy_events/{policy}-") for each in found for row in each.rows}
    assert {row for row in rows if any(name.startswith(row) for name in behind)} == {*rows}


def test_announcement_61_after_its_suspension_ended_by_its_own_text() -> None:
    assert on("2026-11-10", "mofcom-2025-61").text == (
        "not in force: suspended since 2025-11-07, until 2026-11-10"
    )
    assert on("2026-11-24", "mofcom-2025-61").text == NO_NOTICE.format("")
    assert on("2027-01-11", "mofcom-2025-61").text == NO_NOTICE.format(", now past,")
    assert on("2026-11-24", "mofcom-2025-61").rows == (
        "policy_events/mofcom-2025-61-suspended-2025-11-07",
        "policy_links/mofcom-gac-2025-70-suspends-mofcom-2025-61",
        "policy_links/truce-extension-2026-amends-mofcom-gac-2025-70",
        "policy_events/truce-extension-2026-stated-2026-09-28",
    )


@pytest.mark.parametrize(
    ("policy", "date"),
    [
        ("us-hr1496-2025", "2025-02-21"),  # bills
        ("us-chips-usar-2026", "2026-01-26"),  # a letter of intent
        ("china-creg-shenghe-2026", "2026-09-18"),  # talks
    ],
)
def test_what_was_only_proposed_binds_nobody(policy: str, date: str) -> None:
    status = on("2026-11-24", policy)
    assert (status.value, status.state) == (NOT_IN_FORCE, "proposed")
    assert status.text == f"not in force: proposed on {date}, applying to no one so far"


def test_the_parts_of_announcement_61() -> None:
    found = on("2025-10-20", "mofcom-2025-61")
    assert found.text == (
        "in force in part: items of Chinese origin (since 2025-10-09); content and technology "
        "rules (takes effect on 2025-12-01, announced on 2025-10-09)"
    )
    assert {part.part: part.state for part in found.parts} == {
        "content and technology rules": "announced",
        "items of Chinese origin": "in force",
    }


def test_an_act_without_a_known_start_may_be_in_force() -> None:
    assert on("2026-11-24", "us-project-vault-2026").text == (
        "may be in force: announced on 2026-02-02, we found no start"
    )
    assert on("2026-02-01", "us-project-vault-2026").value == NOT_IN_FORCE
    assert on("2020-01-01", "china-fdi-prohibited-list").text == (
        "may be in force: we found no date of its start"
    )


def step(event: str, date: str, until: str = "", part: str = "") -> Step:
    first, last = date_bounds(date)
    end = date_bounds(until) if until else ("", "")
    return Step(f"policy_events/{event}-{date}", part, event, date, first, last, until, *end, "")


def act(name: str, *steps: Step, kind: str = "export-licence") -> Act:
    return Act(name, name, kind, kind, "CHN", "China", (), frozenset(), steps)


def judged(day: str, one: Act, *others: Act, links: tuple[tuple[str, str, str], ...] = ()) -> str:
    acts = {each.id: each for each in (one, *others)}
    bound = tuple(ActLink(*link, f"policy_links/{'-'.join(link)}", "") for link in links)
    return status_of(one, Acts(acts, bound), day).value


@pytest.mark.parametrize(
    ("day", "value"),
    [
        ("2020-12-31", NOT_IN_FORCE),
        ("2021-06-01", MAY_BE),
        ("2022-01-01", IN_FORCE),
        ("2024-02-29", IN_FORCE),
        ("2024-03-15", MAY_BE),
        ("2024-04-01", NOT_IN_FORCE),
    ],
)
def test_partial_dates_leave_days_open(day: str, value: str) -> None:
    assert judged(day, act("a", step("effective", "2021"), step("ended", "2024-03"))) == value


@pytest.mark.parametrize(
    ("day", "value"),
    [("2024-05-31", IN_FORCE), ("2024-06-15", MAY_BE), ("2024-07-01", NOT_IN_FORCE),
     ("2025-03-10", MAY_BE), ("2025-04-02", MAY_BE)],
)  # fmt: skip
def test_a_suspension_of_partial_dates(day: str, value: str) -> None:
    one = act("a", step("effective", "2021-01-01"), step("suspended", "2024-06", "2025-03"))
    assert judged(day, one) == value


@pytest.mark.parametrize(
    ("day", "value"),
    [("2022-05-31", IN_FORCE), ("2022-06-02", NOT_IN_FORCE), ("2022-12-31", NOT_IN_FORCE),
     ("2023-01-01", MAY_BE)],
)  # fmt: skip
def test_an_act_is_suspended_by_a_link_alone(day: str, value: str) -> None:
    one = act("a", step("effective", "2021-01-01"))
    other = act("b", step("effective", "2022-06-01"), step("extended", "2022-06-01", "2022-12-31"))
    assert judged(day, one, other, links=(("b", "suspends", "a"),)) == value


def test_an_act_is_ended_by_a_link_alone() -> None:
    one, other = (
        act("a", step("effective", "2021-01-01")),
        act("b", step("effective", "2022-06-01")),
    )
    links = (("a", "ended-by", "b"),)
    assert judged("2022-05-31", one, other, links=links) == IN_FORCE
    assert judged("2022-06-01", one, other, links=links) == MAY_BE
    assert judged("2022-06-02", one, other, links=links) == NOT_IN_FORCE


def test_the_last_end_of_a_run_is_printed_not_the_first() -> None:
    one = act(
        "a",
        step("effective", "2021-01-01", "2021-12-31"),
        step("extended", "2021-12-01", "2022-06-30"),
    )
    done = act("b", step("effective", "2022-06-01"), step("extended", "2022-06-01", "2023-06-30"))
    link = (("b", "amends", "a"),)
    assert status_of(one, Acts({"a": one}, ()), "2021-06-01").reason.endswith("until 2021-12-31")
    assert status_of(one, Acts({"a": one}, ()), "2022-03-01").text == (
        "in force: since 2021-01-01, until 2022-06-30"
    )
    links = tuple(ActLink(*each, "policy_links/b-a", "") for each in link)
    longer = status_of(one, Acts({"a": one, "b": done}, links), "2022-08-01")
    assert longer.text == "in force: since 2021-01-01, until 2023-06-30"
    assert longer.rows[0] == "policy_events/effective-2021-01-01"
    assert "policy_links/b-a" in longer.rows


def test_an_extension_moves_the_end_only_where_it_took_effect() -> None:
    one = act("a", step("effective", "2021-01-01"), step("suspended", "2022-01-01", "2022-12-31"))
    said = act("b", step("stated", "2022-12-01", "2023-06-30"))
    bare = act("b", step("extended", "2022-12-01", "2023-06-30"))
    done = act("b", step("effective", "2022-12-01"), step("extended", "2022-12-01", "2023-06-30"))
    links = (("b", "amends", "a"),)
    for other in (said, bare):
        for relation in ("amends", "says-extends"):
            assert judged("2023-03-01", one, other, links=(("b", relation, "a"),)) == MAY_BE
    assert judged("2023-03-01", one, done, links=links) == NOT_IN_FORCE
    assert judged("2023-07-01", one, done, links=links) == MAY_BE
    again = act("a", *one.steps, step("resumed", "2023-07-01"))
    assert judged("2023-07-02", again, done, links=links) == IN_FORCE


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["announced", "effective", "suspended", "resumed", "extended", "stated", "ended"]
            ),
            st.sampled_from(["2020", "2021-05", "2022-03-04", "2023-12-31", "2025"]),
            st.sampled_from(["", "2022", "2024-01-31"]),
            st.sampled_from(["", "annex"]),
        ),
        max_size=6,
    ),
    st.sampled_from(["2019-01-01", "2021-05-15", "2022-03-04", "2024-02-01", "2026-01-01"]),
)
def test_every_life_has_one_of_three_values_with_a_reason(
    steps: list[tuple[str, str, str, str]], day: str
) -> None:
    one = act("a", *(step(*each) for each in steps))
    found = status_of(one, Acts({"a": one}, ()), day)
    assert found.value in VALUES
    assert found.words.startswith(found.value)
    assert found.reason
    assert {*found.rows} <= {each.row for each in one.steps}


# Begun before 2010-10-15 and ended after it, by hand from policy_events.csv.
ON_RARE_EARTHS_2010 = {
    "china-export-tax-2007",  # 2007-01-01 to 2015-05-01
    "china-export-tax-2008",  # 2008-01 to 2015-05-01
    "china-export-quota-2010",
    "china-export-quota-2010-h2",
    "china-export-quota-system",  # 1999 to 2014-12-31
    "china-production-quota-2010",
    "china-mandatory-production-plan-2007",
    "china-strategic-mineral-1990",
    "china-mining-quota-system",
    "china-embargo-japan-2010",  # 2010-09-21 to 2010-11-19; that to the USA began on the 18th
}
BY_THE_YEAR = {
    *("china-export-quota-2010", "china-export-quota-2010-h2", "china-production-quota-2010")
}
"""Begin and end are printed as one year, which leaves its days open."""


@cache
def shown(date: str, element: str) -> dict[str, str]:
    rows = ask(open_store(), "policies-in-force", date=date, element=element)
    states = read_statuses(open_store(), date)
    return {
        row["policy_id"]: row["status"]
        for row in rows
        if states[row["policy_id"]].state != "start not known"
    }


def ask(store: Store, name: str, **given: str) -> list[dict[str, str]]:
    query = with_statuses(read_query(name), store, given["date"])
    return to_answer(store.select(query.bound(store, given))).dicts()


@pytest.mark.parametrize(("element", "more"), [("Dy", {"price-spike-2010-2011"}), ("Nd", set())])
def test_what_stands_on_the_day(element: str, more: set[str]) -> None:
    assert shown("2010-10-15", element) == {
        policy: "may be in force or ended" if policy in BY_THE_YEAR else "in force"
        for policy in ON_RARE_EARTHS_2010 | more
    }


@pytest.mark.parametrize("day", ["2015-05-01", "2025-12-01", "2026-11-24"])
def test_every_question_gives_the_one_status(store: Store, day: str) -> None:
    """All policies on all days: what a query prints is what Python says."""
    one = {
        (f"{policy}", status.words, status.reason)
        for policy, status in read_statuses(store, day).items()
    }
    answers = {
        "policies-in-force": {"shown": "all"},
        "policies-by-issuer": {"issuer": ""},
        "policies-on-element": {"element": "ree", "shown": "all"},
        "targeted-by": {"entity": "", "country": "JPN"},
    }
    for name, params in answers.items():
        rows = ask(store, name, date=day, **params)
        said = {(row["policy_id"], row["status"], row["reason"]) for row in rows}
        assert said <= one
        assert said == one or name in ("policies-on-element", "targeted-by")


def test_a_date_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(UnknownNameError, match="is not a date"):
        read_statuses(store, "soon")


def test_starts_that_never_came() -> None:
    assert stopped_starts(open_store()) == {
        f"policy_events/{row}": "suspended"
        for row in (
            "mofcom-2025-61-effective-2025-12-01-content-and-technology-rules",
            *(f"mofcom-gac-2025-{number}-effective-2025-11-08" for number in (55, 56, 57, 58)),
        )
    }


FIRST, LAST = "2025-11-24", "2026-11-24"


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


DAY = "2026-11-24"


def happened(plant: str, state: str, date: str) -> FacilityEvent:
    row = f"facility_events/{plant}-{date}"
    return FacilityEvent(
        row, plant, "event", "Event", state, date, *date_bounds(date), *("",) * 3, 1
    )


def closure(kind: str = CLOSURE) -> Act:
    bounds = date_bounds("1998")
    step = Step("policy_events/a", "", "effective", "1998", *bounds, "", "", "", "")
    return Act("a", "A", kind, kind, "LND", "Land", (), frozenset(), (step,))


def over(*events: FacilityEvent, kind: str = CLOSURE, plants: tuple[str, ...] = ("p",)) -> str:
    held: dict[str, tuple[FacilityEvent, ...]] = {
        name: tuple(x for x in events if x.facility == name) for name in plants
    }
    lives = FacilityStatuses({name: (name, "Land") for name in plants}, held, (), {}, {})
    named = tuple(Named("targets", "facility", x, x.upper(), "LND", "", "", "") for x in plants)
    reach = (ReachRow("r", "target-facility", "", "", named),)
    found = reopened(replace(closure(kind), reach=reach), lives, DAY)
    return "" if found is None else found.since


STOP, AGAIN = happened("p", "suspended", "1998"), happened("p", "operating", "2010-12")


@pytest.mark.parametrize(
    "events",
    [
        (STOP,),
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
    assert over(STOP, AGAIN, happened("p", "operating", "2018")) == "2010-12"
    assert over(STOP, AGAIN, kind="export-ban") == ""


def test_the_shipped_closure_of_a_mine_that_runs_is_not_in_force() -> None:
    store = view_in_memory().store
    assert read_statuses(store, "2005-06-30")["mountain-pass-closure"].state == "in force"
    found = read_statuses(store, DAY)["mountain-pass-closure"]
    assert (found.value, found.state) == ("not in force", "ended")
    assert found.reason.endswith("restarted in 2010-12")


def bare_act(name: str, kind: str) -> Act:
    return Act(name, name, kind, kind, "LND", "Land", (), frozenset({"LND"}), ())


def acts(*held: Act, links: tuple[ActLink, ...] = ()) -> Acts:
    return Acts({each.id: each for each in held}, links)


def test_what_limits_is_a_rule_and_what_supports_or_only_ends_others_is_none() -> None:
    assert [is_rule(one, acts(one)) for one in (bare_act("a", kind) for kind in RULES)] == [
        True
    ] * len(RULES)
    assert EXPORTS < RULES
    assert not is_rule(bare_act("a", "loan"), acts(bare_act("a", "loan")))
    duty, end = bare_act("duty", "export-tax"), bare_act("end", "export-tax")
    quota = bare_act("quota", "export-quota")
    ended = ActLink("duty", "ended-by", "end", "r", "")
    assert not is_rule(end, acts(duty, end, links=(ended,)))
    other = ActLink("quota", "ended-by", "end", "r", "")
    assert is_rule(end, acts(quota, end, links=(other,)))
