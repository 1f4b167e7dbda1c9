"""A line of the balance, by hand."""

from __future__ import annotations

import pytest

from monazite.findings.balance.line import StageLine
from monazite.quantities.amount import Amount


def line(**changed: Amount | None) -> StageLine:
    given: dict[str, Amount | None] = {
        "made": Amount(100, 90, 110),
        "imports": Amount(10, 9, 11),
        "exports": Amount(30, 27, 33),
        "needed": Amount(50, 45, 55),
        "used": Amount(5, 5, 5),
    }
    return StageLine(stage="mine", country="AUS", how="", year=2024, **{**given, **changed})  # type: ignore[arg-type]


def test_what_is_left_is_made_plus_net_imports_less_what_is_taken() -> None:
    assert line().left == pytest.approx(100 + 10 - 30 - 55)
    assert line().left_range == pytest.approx((90 + 9 - 33 - 60, 110 + 11 - 27 - 50))


def test_what_is_not_known_is_nowhere_nought() -> None:
    assert line(made=None).left is None
    assert line(made=None).left_range is None
    assert line(needed=None, used=None).left is None
    taken = line(used=None).taken
    assert taken is not None
    assert taken.value == 50
