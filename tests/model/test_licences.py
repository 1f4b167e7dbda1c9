"""Licences: delays, what a day holds back and lets pass, and the months that sum it."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammainc

from monazite.core.errors import MissingInputError
from monazite.model.licences import (
    Delay,
    FixedDelay,
    GammaDelay,
    Licence,
    approval_sums,
    approved_on,
    by_month,
    flows_by_day,
    held_and_released,
    passed_by_month,
    regularised_gamma,
    spread,
)


@given(shape=st.floats(0.05, 500), at=st.floats(0, 2000))
def test_the_gamma_function_is_that_of_scipy(shape: float, at: float) -> None:
    assert regularised_gamma(shape, at) == pytest.approx(gammainc(shape, at), abs=1e-10)


def test_the_mean_of_the_days_is_the_mean_of_the_law_and_half_a_day() -> None:
    parts = approved_on(GammaDelay(mean=20, shape=3), 400)
    assert sum(parts) == pytest.approx(1, abs=1e-9)
    assert sum(day * part for day, part in enumerate(parts)) == pytest.approx(20.5, abs=0.01)


@pytest.mark.parametrize(
    ("mean", "shape"), [(0, 1), (float("nan"), 1), (5, 0), (5, 1e6), (float("inf"), 2)]
)
def test_what_is_no_law_is_refused(mean: float, shape: float) -> None:
    with pytest.raises(MissingInputError, match="A delay needs"):
        GammaDelay(mean, shape)
    with pytest.raises(MissingInputError, match="at least 1 day"):
        FixedDelay(0)


PARTS = st.floats(0, 1)


DELAYS = st.builds(GammaDelay, st.floats(1, 300), st.floats(0.2, 50)) | st.builds(
    FixedDelay, st.integers(1, 90)
)


@st.composite
def licences(draw: st.DrawFn) -> Licence:
    starts = draw(st.integers(0, 40))
    return Licence(
        starts,
        draw(PARTS),
        draw(DELAYS),
        approved=draw(PARTS),
        grace=draw(st.integers(0, 30)),
        expires=draw(st.integers(1, 120)),
        destination=draw(st.floats(0, 4)),
        ends=draw(st.none() | st.integers(starts, 150)),
    )


BASES = st.lists(st.floats(0, 1000), min_size=1, max_size=160)


def test_three_days_by_hand() -> None:
    """100 t a day, 80 % held from the second day on, half approved, a chance of 1 - 1/e a day."""
    licence = Licence(
        0, held=0.8, delay=GammaDelay(mean=1, shape=1), approved=0.5, grace=1, expires=1
    )
    first, second = 1 - exp(-1), exp(-1) - exp(-2)
    flows = flows_by_day(licence, [100.0, 100.0, 100.0])
    assert flows.at_once == pytest.approx([100, 20, 20])
    assert flows.held == pytest.approx([0, 80, 80])
    assert flows.approved == pytest.approx([0, 0, 40 * first])
    assert flows.expired == pytest.approx([0, 0, 80 - 40 * first])
    assert flows.waiting == pytest.approx([0, 80, 80])
    longer = flows_by_day(
        Licence(0, held=0.8, delay=GammaDelay(1, 1), approved=0.5, expires=9), [100.0, 0.0, 0.0]
    )
    assert longer.passed() == pytest.approx([20, 40 * first, 40 * second])
    assert longer.waiting == pytest.approx([80, 80 - 40 * first, 80 - 40 * (first + second)])


@given(licence=licences(), base=BASES)
def test_mass_is_conserved_and_nothing_is_negative(licence: Licence, base: list[float]) -> None:
    flows = flows_by_day(licence, base)
    size = sum(base) + 1
    settled = 0.0
    for day, amount in enumerate(base):
        assert flows.at_once[day] + flows.held[day] == pytest.approx(amount, abs=1e-9 * size)
        settled += flows.approved[day] + flows.expired[day]
        assert sum(flows.held[: day + 1]) == pytest.approx(
            settled + flows.waiting[day], abs=1e-9 * size
        )
    for series in (flows.at_once, flows.held, flows.approved, flows.expired, flows.waiting):
        assert min(series) >= -1e-9 * size


@given(licence=licences(), base=BASES)
def test_no_order_waits_longer_than_it_is_kept(licence: Licence, base: list[float]) -> None:
    flows = flows_by_day(licence, base)
    for day, waiting in enumerate(flows.waiting):
        kept = flows.held[max(0, day - licence.expires + 1) : day + 1]
        assert waiting <= sum(kept) + 1e-9 * (sum(base) + 1)


def test_a_rule_that_holds_nothing_changes_nothing() -> None:
    licence = Licence(3, held=0, delay=FixedDelay(10))
    assert passed_by_month(licence, [31, 28], [31, 28]) == (31, 28)


def test_what_was_refused_does_not_come_back_as_the_rule_ends() -> None:
    """Of 10 t held a tenth is ever approved: 1 t passes at the end, 9 t are given up."""
    licence = Licence(0, held=1, delay=FixedDelay(90), approved=0.1, ends=5)
    flows = flows_by_day(licence, [2.0] * 7)
    assert flows.passed() == pytest.approx([0, 0, 0, 0, 0, 1 + 2, 2])
    assert flows.expired == pytest.approx([0, 0, 0, 0, 0, 9, 0])


@given(licence=licences(), base=BASES)
def test_no_more_is_approved_than_may_be_of_all_that_was_held(
    licence: Licence, base: list[float]
) -> None:
    flows = flows_by_day(licence, base)
    most = licence.parts()[1] * sum(flows.held)
    assert sum(flows.approved) <= most + 1e-9 * (sum(base) + 1)


def test_what_expired_before_the_end_does_not_come_back() -> None:
    licence = Licence(0, held=1, delay=FixedDelay(90), expires=2, ends=4)
    flows = flows_by_day(licence, [1.0] * 5)
    assert flows.expired == (0, 0, 1, 1, 0)
    assert sum(flows.passed()) == 3


def test_a_destination_gets_more_or_less_of_what_passes() -> None:
    usual, more, all_of_it = (
        passed_by_month(Licence(0, 0.8, FixedDelay(30), destination=factor), [1, 1], [30, 30])
        for factor in (1, 2, 9)
    )
    assert usual == pytest.approx([0.2, 1.0])
    assert more == pytest.approx([0.4, 1.0])
    assert all_of_it == pytest.approx([1, 1])


def test_months_by_hand() -> None:
    """30 of 60 days are held whole; the fixed delay of 60 days brings them back a month late."""
    passed = passed_by_month(Licence(30, 1, FixedDelay(60)), [30.0, 60.0, 90.0, 30.0], [30] * 4)
    assert passed == pytest.approx([30, 0, 0, 60])


def test_days_and_months_are_one_amount() -> None:
    assert by_month(spread([31.0, 56.0], [31, 28]), [31, 28]) == pytest.approx([31, 56])
    with pytest.raises(MissingInputError, match="no months of 59 days"):
        by_month([1.0], [31, 28])


@pytest.mark.parametrize(
    "wrong",
    [
        {"held": float("nan")},
        {"approved": -0.1},
        {"destination": float("inf")},
        {"grace": -1},
        {"expires": 0},
        {"ends": -1},
    ],
)
def test_impossible_rules_are_refused(wrong: dict[str, float]) -> None:
    assert Licence(0, held=0.5, delay=FixedDelay(9), ends=0).ends == 0  # of one day
    with pytest.raises(MissingInputError):
        Licence(**{"starts": 0, "held": 0.5, "delay": FixedDelay(9), **wrong})  # type: ignore[arg-type]


@given(
    delay=DELAYS,
    months=st.lists(st.tuples(st.floats(0, 9000), st.integers(28, 31)), min_size=1, max_size=8),
    starts=st.integers(0, 70),
    held=st.floats(0, 1),
    approved=st.floats(0, 1),
    expires=st.integers(1, 200),
)
def test_it_is_the_daily_process_summed(
    delay: Delay,
    months: list[tuple[float, int]],
    starts: int,
    held: float,
    approved: float,
    expires: int,
) -> None:
    base, days = [each[0] for each in months], [each[1] for each in months]
    sums = approval_sums(delay, sum(days), expires=expires)
    licence = Licence(starts, held, delay, approved=approved, expires=expires)
    for amount, passed, (kept, out) in zip(
        base,
        passed_by_month(licence, base, days),
        held_and_released(base, days, starts, sums),
        strict=True,
    ):
        expected = amount - held * kept + approved * held * out
        assert passed == pytest.approx(expected, abs=1e-6 * (1 + max(base)))
