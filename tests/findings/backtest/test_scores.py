import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.backtest.scores import NO_SKILL, score


def test_errors_by_hand() -> None:
    """Errors of -10 and 30 t on 100 and 200 t; the reference is off by 20 t both times."""
    found = score([90, 230], [100, 200], [150, 150], [120, 220])
    assert found is not None
    assert found.mape == pytest.approx((0.1 + 0.15) / 2)
    assert found.rmse == pytest.approx(500**0.5)
    assert found.bias == pytest.approx(10)
    assert found.direction == 1
    assert found.skill == pytest.approx(1 - 500 / 400)
    assert found.verdict == NO_SKILL


@given(
    st.lists(
        st.tuples(st.floats(0, 1e4), st.floats(1, 1e4), st.floats(0, 1e4)), min_size=1, max_size=9
    )
)
def test_who_does_as_well_as_the_reference_has_no_skill(
    lines: list[tuple[float, float, float]],
) -> None:
    told, came, before = map(list, zip(*lines, strict=True))
    found = score(told, came, before, told)
    assert found is not None
    assert not found.has_skill
    assert found.verdict in (NO_SKILL, "")


def test_skill_that_rounds_to_nothing_is_none() -> None:
    found = score([100.0], [200.0], [0.0], [99.9])
    assert found is not None
    assert 0 < (found.skill or 0) < 0.005
    assert found.verdict == NO_SKILL


def test_nothing_is_scored_without_a_month() -> None:
    assert score([], [], []) is None
