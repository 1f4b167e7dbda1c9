"""Margins: by hand, and by laws of a concave optimum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import NotKnownError
from monazite.findings.events.event import NO_EVENT, Event
from monazite.findings.responses.marginal_values import MarginalValue, find_marginal_values
from tests.findings.small_chains import STAGES, one_mine, study_of, two_sellers

HALF = Event(output={("mine", "A"): 0.5})


def by_place(margins: tuple[MarginalValue, ...]) -> dict[tuple[str, str, str], MarginalValue]:
    return {(each.stage, each.pool, each.buyer): each for each in margins}


def test_a_tonne_of_ore_is_fifty_tonnes_of_magnets() -> None:
    (margin,) = find_marginal_values(study_of(one_mine()), HALF)
    assert (margin.stage, margin.pool, margin.what) == ("mine", "A", "ore")
    assert (margin.right, margin.left) == pytest.approx((50.0, 50.0))
    assert (margin.base, margin.step) == (100.0, 1.0)
    assert margin.unit == "t of magnets per t of Dy in ore"
    assert margin.market_right is None


def test_left_and_right_differ_where_something_else_binds_next() -> None:
    # half a tonne of ore is missing: of a tonne more half is of use, a tonne less is all missed
    found = find_marginal_values(study_of(one_mine()), Event(output={("mine", "A"): 0.995}))
    margin = by_place(found)["mine", "A", ""]
    assert (margin.right, margin.left) == pytest.approx((25.0, 50.0))


def test_a_border_that_binds_has_a_margin_and_nothing_is_taken_of_nothing() -> None:
    event = Event(sales={("separation", "A", "B", "*"): 0.0})
    found = by_place(find_marginal_values(study_of(one_mine()), event))
    border = found["separation", "A", "B"]
    assert border.right == pytest.approx(50.0)
    assert border.left is None
    assert border.unit == "t of magnets per t of Dy"
    assert ("mine", "A", "") not in found, "there is ore to spare"
    # A's own magnets are served in full: a tonne less of A's metal is missed, one more is not
    assert found["metal", "A", ""].right == 0
    assert found["metal", "A", ""].left == pytest.approx(50.0)


def test_a_market_gets_its_part_of_a_tonne_within_what_is_told() -> None:
    (margin,) = find_marginal_values(study_of(one_mine(), "B"), HALF)
    assert margin.right == pytest.approx(50.0), "the world's total"
    assert margin.resolution == pytest.approx(3000 / 2500), "two users share 5,000 steps"
    assert margin.market_right == pytest.approx(30.0, abs=margin.resolution)
    assert margin.market_left == pytest.approx(30.0, abs=margin.resolution)
    assert margin.market_unit == "t of magnets per t of Dy in ore"


def test_without_an_event_there_is_no_margin() -> None:
    with pytest.raises(NotKnownError, match="Everybody is served in full"):
        find_marginal_values(study_of(one_mine()), NO_EVENT)
    with pytest.raises(NotKnownError):
        find_marginal_values(
            study_of(two_sellers(), trade=2.0, plants=2.0), Event({("mine", "A"): 0.0})
        )


parts = st.floats(0, 1)


@given(
    st.dictionaries(st.tuples(st.sampled_from(STAGES), st.sampled_from("ABC")), parts, min_size=1),
    st.floats(1, 2),
)
def test_more_never_harms_less_never_helps_and_the_first_tonne_is_worth_most(
    output: dict[tuple[str, ...], float], trade: float
) -> None:
    study = study_of(two_sellers(), trade=trade, plants=1.2)
    event = Event(output=output)
    if study.costs_nothing(event):
        return
    found = find_marginal_values(study, event)
    assert [each.right for each in found] == sorted((each.right for each in found), reverse=True)
    for each in found:
        assert each.right >= -1e-6
        assert each.right <= 50 + 1e-6, "magnets hold a fiftieth"
        if each.left is not None:
            assert each.left >= each.right - 1e-6


def test_a_margin_is_the_difference_of_two_events() -> None:
    """A tonne of 100 is one in the hundred of the mine: the event that leaves so much more."""
    study = study_of(one_mine())
    (margin,) = find_marginal_values(study, HALF)
    losses = [study.loss(Event({("mine", "A"): part})) for part in (0.5, 0.51)]
    assert (losses[0] - losses[1]) * study.base == pytest.approx(margin.right)
