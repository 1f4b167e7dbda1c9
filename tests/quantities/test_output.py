"""National output of an element, by hand: which row counts, and how wide its number is."""

from __future__ import annotations

import pytest

from monazite.quantities.amount import Amount
from monazite.quantities.output import Output, merged


def output(value: float, year: int = 2024) -> Output:
    return Output(Amount(value, value * 0.9, value * 1.1), "printed", year)


def test_the_members_of_a_group_add_up_by_country() -> None:
    found = merged([{"USA": output(2), "CHN": output(10)}, {"CHN": output(5)}, {}])
    assert list(found) == ["CHN", "USA"]
    assert found["CHN"].amount.value == pytest.approx(15)
    assert found["CHN"].amount.low == pytest.approx(13.5)
    assert found["CHN"].amount.high == pytest.approx(16.5)
    assert found["USA"] == output(2)


def test_nothing_adds_up_to_nothing() -> None:
    assert merged([]) == merged([{}]) == {}
