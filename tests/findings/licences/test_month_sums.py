import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.licences.daily_flows import Licence, passed_by_month
from monazite.findings.licences.delays import Delay, FixedDelay, GammaDelay
from monazite.findings.licences.month_sums import approval_sums, held_and_released

DELAYS = st.builds(GammaDelay, st.floats(1, 300), st.floats(0.2, 50)) | st.builds(
    FixedDelay, st.integers(1, 90)
)


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
