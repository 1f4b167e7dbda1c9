"""A line of a ledger: what is taken and left over, and where it is not known."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.reconciliation.line import STAGES, StageLine
from monazite.quantities.amount import NOTHING, Amount

MADE = Amount(100.0, 90.0, 120.0)
LINE = StageLine(
    "separation", "CHN", MADE, "rows", 2024,
    imports=Amount(30.0, 30.0, 35.0),
    exports=Amount(20.0, 10.0, 20.0),
    needed=Amount(60.0, 50.0, 70.0),
)  # fmt: skip


def test_alloys_and_uses_are_no_lines() -> None:
    assert STAGES == ("mine", "separation", "metal", "magnet")


def test_what_is_left_is_made_and_bought_less_sold_and_taken() -> None:
    assert LINE.left == 100 + 30 - 20 - 60
    assert LINE.left_range == (90 + 30 - 20 - 70, 120 + 35 - 10 - 50)


def test_users_take_beside_the_next_stage() -> None:
    used = Amount(5.0, 4.0, 6.0)
    both = replace(LINE, used=used)
    assert both.taken == Amount(65.0, 54.0, 76.0)
    assert both.left == 45
    assert replace(LINE, needed=None, used=used).taken == used
    assert LINE.taken == LINE.needed


def test_what_is_not_known_leaves_nothing_to_say() -> None:
    for line in (replace(LINE, made=None), replace(LINE, needed=None)):
        assert (line.left, line.left_range) == (None, None)
    assert replace(LINE, needed=NOTHING).left == 110
