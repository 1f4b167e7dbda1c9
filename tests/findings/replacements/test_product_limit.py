"""The product-limit estimate: a published table, and what has to hold of any."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.replacements.product_limit import Delay, product_limit

REMISSION = (
    *((6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1)),
    *((17, 0), (19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)),
)
"""Weeks in remission of 21 patients under 6-mercaptopurine, and whether it ended: Freireich et al.,
Blood 21 (1963), 699-716, which every textbook on survival works out."""
PRINTED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
"""The part still in remission after so many weeks, as Kalbfleisch and Prentice (1980) print it."""
DELAYS = st.lists(
    st.builds(Delay, st.integers(-4, 12).map(float), st.booleans()), min_size=1, max_size=25
)


def test_the_published_table_comes_out() -> None:
    curve = product_limit(Delay(float(weeks), bool(ended)) for weeks, ended in REMISSION)
    for weeks, left in PRINTED.items():
        begun = curve.begun(weeks)
        assert begun is not None
        assert 1 - begun.value == pytest.approx(left, abs=0.0006)
    assert curve.median == 23


def test_the_error_is_that_of_greenwood() -> None:
    # by hand at 7: S = 0.8067, log S = -0.2148, its variance 3/(21*18) + 1/(17*16) = 0.011613;
    # 1.6449 * 0.10776 / 0.21478 = 0.8253, and S to the power of exp(0.8253) and exp(-0.8253)
    curve = product_limit(Delay(float(weeks), bool(ended)) for weeks, ended in REMISSION)
    begun = curve.begun(7)
    assert begun is not None
    assert (1 - begun.high, 1 - begun.low) == pytest.approx((0.6125, 0.9102), abs=0.0005)


def test_what_is_known_not_to_have_begun_has_what_is_left() -> None:
    took = [Delay(1, True), Delay(2, True), Delay(3, True), Delay(4, True)]
    begun = product_limit(took).begun(3, after=1.5)
    assert begun is not None
    assert begun.value == pytest.approx(2 / 3)


def test_where_nothing_began_the_most_is_that_of_the_binomial() -> None:
    begun = product_limit([Delay(5, False)] * 10).begun(3)
    assert begun is not None
    assert (begun.value, begun.low) == (0, 0)
    assert begun.high == pytest.approx(1 - 0.05 ** (1 / 10))
    assert product_limit([Delay(5, False)]).begun(9, after=6) is None
    assert product_limit([]).begun(0) is None


@given(DELAYS, st.floats(-5, 13), st.floats(0, 5), st.none() | st.floats(-5, 12))
def test_waiting_longer_is_never_less_likely(
    delays: list[Delay], by: float, more: float, after: float | None
) -> None:
    curve = product_limit(delays)
    one, other = curve.begun(by, after), curve.begun(by + more, after)
    if one is None or other is None:
        assert one is other
        return
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert other.value >= one.value - 1e-12


@given(DELAYS)
def test_without_a_wait_it_is_the_part_that_has_begun(delays: list[Delay]) -> None:
    begun = [Delay(each.years, happened=True) for each in delays]
    last = product_limit(begun).begun(99)
    assert last is not None
    assert last.value == pytest.approx(1)
    half = product_limit(begun).begun(sorted(x.years for x in begun)[len(begun) // 2])
    assert half is not None
    assert half.value >= 0.5
