"""The least change to the rows: by hand, and against what the ranges alone allow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.balance.line import StageLine
from monazite.findings.balance.reconcile import reconcile
from monazite.quantities.amount import NOTHING, Amount, exactly
from monazite.quantities.trade_content import ElementFlow

numbers = st.floats(0, 1000).map(lambda number: round(number, 3))


def line(country: str, made: Amount, taken: Amount, stage: str = "mine") -> StageLine:
    return StageLine(stage, country, made, "rows", 2024, NOTHING, NOTHING, taken)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Amount(value, low, high)


def test_a_gap_inside_the_ranges_closes() -> None:
    assert reconcile([line("A", Amount(80, 70, 100), exactly(95))], []).left == {"mine": 0}


def test_what_the_ranges_do_not_reach_stays() -> None:
    assert reconcile([line("A", Amount(80, 70, 90), exactly(95))], []).left == {"mine": -5}


def test_what_users_take_moves_by_itself() -> None:
    # 100 made, 90 for metal and 20 for others, who may take as little as 5: they give up 10.
    own = StageLine("separation", "A", exactly(100), "rows", 2024, NOTHING, NOTHING, exactly(90))
    found = reconcile([replace(own, used=Amount(20, 5, 30))], [])
    key = ("separation", "A")
    assert found.left == {"separation": 0}
    assert (found.needed[key], found.used[key], found.taken[key]) == pytest.approx((90, 10, 100))


def test_a_flow_is_one_number_for_both_its_ends() -> None:
    # A has 10 too much and B lacks 6: the flow of 0 to 20 carries 6 to 10, and 4 stay.
    flow = ElementFlow("mine", "A", "B", Amount(2, 0, 20), 1, None)
    lines = [line("A", exactly(10), exactly(0)), line("B", exactly(0), exactly(6))]
    assert reconcile(lines, [flow]).left == {"mine": pytest.approx(4)}


def test_countries_that_are_not_known_are_one_pool() -> None:
    # B and C make what nobody knows and use 5 and 2; A has 10 over, of which a flow brings them 4
    unknown = [
        StageLine("mine", country, None, "not known", None, NOTHING, NOTHING, exactly(used))
        for country, used in (("B", 5), ("C", 2))
    ]
    flow = ElementFlow("mine", "A", "D", exactly(4), 1, None)
    assert reconcile([line("A", exactly(10), exactly(0)), *unknown], [flow]).left == {
        "mine": pytest.approx(10 - 4 - (7 - 4))
    }
    assert reconcile([], []).left == {}


@given(amounts(), amounts())
def test_one_country_against_the_answer_in_closed_form(made: Amount, taken: Amount) -> None:
    over, short = made.low - taken.high, taken.low - made.high
    expected = over if over > 0 else -short if short > 0 else 0.0
    found = reconcile([line("A", made, taken)], []).left["mine"]
    assert found == pytest.approx(expected, abs=1e-5)


@given(st.lists(st.tuples(amounts(), amounts()), min_size=1, max_size=4))
def test_what_is_left_never_grows(pairs: list[tuple[Amount, Amount]]) -> None:
    lines = [line(f"C{place}", *pair) for place, pair in enumerate(pairs)]
    found = reconcile(lines, []).left
    assert abs(found["mine"]) <= sum(abs(x.left or 0.0) for x in lines) + 1e-5
