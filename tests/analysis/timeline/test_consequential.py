"""The short list and the finding of a timeline: rules by hand, on lives made and real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.timeline.dated_events import BEGIN, DatedEvent, order
from monazite.analysis.timeline.result import (
    CONTROL,
    LAST_PRICE,
    MOST,
    NEWEST,
    NEWEST_SOURCE,
    OPENS,
    PEAK,
    RESTARTS,
    RULE_CHANGES,
    RULE_ENDS,
    RULE_STARTS,
    SERIES_END,
    STOPS,
    Timeline,
    more_lines,
    rule_turns,
    source_day,
)
from monazite.view.view import View
from tests.report.timelines import PAPER, dated_event

DAY = "2026-11-24"
OLD = replace(PAPER, published="2001-02")
FILLER = [dated_event("statement", f"{1900 + n}", "Said", sources=(OLD,)) for n in range(MOST)]
"""Enough that changes nothing for the list to be short."""


def life(*told: tuple[str, str]) -> list[DatedEvent]:
    return [dated_event("event", day, what, event=what, sources=(OLD,)) for day, what in told]


def act(day: str, step: str, subject: str, kind: str = "export-ban", until: str = "") -> DatedEvent:
    return dated_event("policy", day, step, subject=subject, event=step, until=until, act=kind,
                       sources=(OLD,))  # fmt: skip


def of_events(events: Sequence[DatedEvent]) -> Timeline:
    return Timeline("Works", "works", None, DAY, None, tuple(events), ())


def short(*events: DatedEvent) -> list[tuple[str, str, str]]:
    ordered = sorted([*FILLER, *events], key=order)
    found = of_events(ordered).short
    return [(x.event.date, x.event.what, x.why) for x in found if x.why != NEWEST_SOURCE]


def test_a_part_more_of_what_runs_is_no_opening() -> None:
    [began, *_] = life(("1952", "Opened"))
    [part] = life(("1960", "Commissioned"))
    [stop, back] = life(("1970", "Suspended"), ("1980", "Commissioned"))
    told = short(began, replace(part, part="pilot"), stop, replace(back, part="crushing"))
    assert [(day, why) for day, _, why in told] == [
        *(("1952", OPENS), ("1970", STOPS)),
        ("1980", OPENS),  # beside what stands still
    ]


def test_a_stop_counts_once_until_a_restart() -> None:
    told = life(
        *(("1952", "Opened"), ("1997", "Suspended"), ("1998", "Suspended"), ("2002", "Closed")),
        *(("2010-12", "Restarted"), ("2012-08-27", "Restarted"), ("2015", "Suspended")),
    )
    assert short(*told) == [
        ("1952", "Opened", OPENS),
        ("1997", "Suspended", STOPS),
        ("2010-12", "Restarted", RESTARTS),
        ("2015", "Suspended", STOPS),
    ]


def test_a_sale_is_a_change_of_control_and_a_small_holding_is_none() -> None:
    half = dated_event("ownership", "2001", "A firm holds 50 % of Works", subject="A firm in Works",
                       edge=BEGIN, short="50 %", sources=(OLD,))  # fmt: skip
    small = replace(half, date="2002", earliest="2002-01-01", latest="2002-12-31", short="9 %")
    above = replace(half, subject="A firm in Its owner", rows=("ownership/above",))
    found = short(half, small, above, *life(("1977", "Sold")))
    assert [(day, why) for day, _, why in found] == [("1977", CONTROL), ("2001", CONTROL)]


def test_rules_that_stand_come_before_those_that_are_over() -> None:
    over = [act("2010", "Effective", "Old rule"), act("2015", "Ended", "Old rule")]
    stands = [act("2020", "Effective", "Rule"), act("2025-11-07", "Suspended", "Rule")]
    yearly = [act("2024", "Effective", "Quota"), act("2024", "Ended", "Quota")]
    told = short(*over, *stands, *yearly)
    assert told == [
        ("2010", "Effective", RULE_STARTS),
        ("2015", "Ended", RULE_ENDS),
        ("2020", "Effective", RULE_STARTS),
        ("2025-11-07", "Suspended", RULE_CHANGES),
    ]
    assert rule_turns([*over, *stands, *yearly], DAY)[0].event.date == "2025-11-07"
    assert not [x for x in short(act("2020", "Effective", "Loan", "loan")) if x[2] == RULE_STARTS]


def test_an_end_that_an_act_had_set_itself_counts() -> None:
    own = replace(act("2026-11-10", "", "Ban", ""), what="Ended by its own terms")
    assert short(own) == [("2026-11-10", "Ended by its own terms", RULE_ENDS)]


def test_prices_are_of_the_longest_series_on_one_basis_and_in_one_unit() -> None:
    def price(day: str, number: str, unit: str) -> DatedEvent:
        return dated_event("price", day, f"{number} {unit}", short=number, subject="oxide",
                           sources=(OLD,), row=f"prices/{day}-{unit}")  # fmt: skip

    kilograms = [price(f"{2010 + n}", number, "USD/kg") for n, number in enumerate("2945")]
    tonnes = [price("2012", "9,000-11,000", "CNY/t"), price("2013", "8,000", "CNY/t")]
    assert short(*kilograms, *tonnes) == [
        ("2011", "9 USD/kg", PEAK),
        ("2013", "5 USD/kg", SERIES_END),
    ]
    assert short(*tonnes) == [("2013", "8,000 CNY/t", LAST_PRICE)]


def test_the_newest_source_is_never_dropped_and_what_is_left_out_is_counted() -> None:
    """More rules than fit, and one statement that a newer source than all others tells."""
    rules = [act(f"2026-01-{day:02}", "Effective", f"Rule {day}") for day in range(1, 26)]
    newer = dated_event("statement", "1999", "Of old, told anew",
                        sources=(replace(PAPER, published="2026-11-20"),))  # fmt: skip
    events = tuple(sorted([*rules, newer], key=order))
    found = of_events(events)
    assert len(found.short) == MOST
    assert [x.why for x in found.short if x.event == newer] == [NEWEST_SOURCE]
    second = replace(rules[0], sources=(replace(PAPER, published="2026-10"),))
    events = tuple(sorted([second, *rules[1:], newer], key=order))
    told = more_lines(replace(found, events=events))
    assert "11 more lines: --full lists them." in told[1]
    assert "The newest source among them: 2026-01-01, Rule 1: Effective" in told[1]


def test_a_short_timeline_is_shown_whole_and_one_without_a_turn_ends_with_its_newest() -> None:
    few = of_events(FILLER[:3]).short
    assert [x.event for x in few] == FILLER[:3]
    assert {x.why for x in few} == {NEWEST}
    many = sorted(
        [*FILLER, *[replace(x, rows=(f"t/{n}",)) for n, x in enumerate(FILLER)]], key=order
    )
    assert [x.event for x in of_events(many).short] == many[-MOST:]
    assert of_events([]).short == ()


KINDS = st.sampled_from(["Opened", "Suspended", "Closed", "Restarted", "Sold", "Effective", "Said"])
EVENTS = st.lists(
    st.builds(
        lambda year, what, kind: dated_event(kind, f"{year}", what, event=what, act="export-ban"),
        st.integers(1950, 2030),
        KINDS,
        st.sampled_from(["event", "policy", "statement"]),
    ),
    max_size=40,
    unique_by=lambda event: event.rows,
)


@given(EVENTS)
def test_never_more_than_so_many_in_order_and_each_once(events: list[DatedEvent]) -> None:
    ordered = sorted(events, key=order)
    found = [x.event for x in of_events(ordered).short]
    assert len(found) == min(MOST, len(found))
    assert found == sorted(found, key=order)
    assert len(set(found)) == len(found)
    assert set(found) <= set(events)
    if len(events) <= MOST:
        assert found == ordered


@pytest.mark.parametrize("name", ["mountain-pass", "Dy"])
def test_a_real_timeline_has_at_most_fifteen_and_its_newest_source(view: View, name: str) -> None:
    found = view.timeline(name)
    assert 0 < len(found.short) <= MOST
    newest = max(source_day(x) for x in found.events if x.kind != "share")
    assert newest in {source_day(x.event) for x in found.short}


def test_a_plant_says_how_it_stands_and_when_it_stopped(view: View) -> None:
    """Read in the table of events: stops of 1997 and 2015, restarts of 2010 and 2018."""
    assert view.timeline("mountain-pass").finding == (
        "Mountain Pass mine and processing facility: operating. "
        "It stopped in 1997 and 2015 and restarted in 2010 and 2018."
    )


def test_an_element_names_its_newest_rule_and_the_highest_price_with_form_and_unit() -> None:
    steps = [
        dated_event("policy", "2020-05-01", "Effective", subject="A", event="Effective",
                    act="export-ban"),
        dated_event("policy", "2021-06", "Ended", subject="A", event="Ended", act="export-ban"),
    ]  # fmt: skip
    prices = [
        dated_event("price", f"{year}", f"{number} USD/kg", short=number, subject="oxide")
        for year, number in ((2010, "5"), (2011, "90"), (2012, "7"))
    ]
    prices += [
        dated_event("price", "2012-03", "95 USD/kg", short="95", subject="metal"),
        dated_event("price", "2013", "4,000 CNY/t", short="4,000", subject="oxide"),
    ]
    told = Timeline("dysprosium", "Dy", None, "2026-11-24", None, (*prices, *steps), ())
    assert told.finding == (
        "Newest rule on the trade of dysprosium: A (ended in Jun 2021). "
        "Highest recorded price: metal, 95 USD/kg, Mar 2012."
    )
