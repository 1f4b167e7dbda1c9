import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammainc

from monazite.errors import MissingInputError
from monazite.findings.licences.delays import (
    FixedDelay,
    GammaDelay,
    approved_on,
    regularised_gamma,
)


@given(shape=st.floats(0.05, 500), at=st.floats(0, 2000))
def test_the_gamma_function_is_that_of_scipy(shape: float, at: float) -> None:
    assert regularised_gamma(shape, at) == pytest.approx(gammainc(shape, at), abs=1e-10)


def test_the_mean_of_the_days_is_the_mean_of_the_law_and_half_a_day() -> None:
    parts = approved_on(GammaDelay(mean=20, shape=3), 400)
    assert sum(parts) == pytest.approx(1, abs=1e-9)
    assert sum(day * part for day, part in enumerate(parts)) == pytest.approx(20.5, abs=0.01)


def test_a_large_shape_comes_near_to_a_fixed_delay() -> None:
    narrow, fixed = (approved_on(law, 60) for law in (GammaDelay(30, 1000), FixedDelay(30)))
    assert sum(narrow[27:35]) > 0.99
    assert fixed[30] == 1 == sum(fixed)


@pytest.mark.parametrize(
    ("mean", "shape"), [(0, 1), (-3, 1), (float("nan"), 1), (5, 0), (5, 1e6), (float("inf"), 2)]
)
def test_what_is_no_law_is_refused(mean: float, shape: float) -> None:
    with pytest.raises(MissingInputError, match="A delay needs"):
        GammaDelay(mean, shape)


def test_nothing_is_approved_before_it_is_filed() -> None:
    with pytest.raises(MissingInputError, match="at least 1 day"):
        FixedDelay(0)
