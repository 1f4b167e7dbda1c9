"""Grams: by hand, and parts add up whatever the bill."""

from __future__ import annotations

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.bills.bill import Bill, line
from monazite.findings.exposure.contents import KINDS, ElementContent
from monazite.findings.exposure.grams import counted_in_parts, grams_of, share_below, totals


def test_grams_by_hand() -> None:
    # 48 magnets of 31.25 g are 1,500 g; 2 to 4.5 % of it are 30 to 67.5 g.
    (found,) = grams_of([ElementContent("Dy", 2, 4.5, "grade", ("a/b",))], 31.25, 48)
    assert (found.low, found.high, found.rows) == (30, 67.5, ("a/b",))


contents = st.builds(
    ElementContent,
    st.sampled_from(["Nd", "Dy"]),
    st.floats(0, 30),
    st.just(30.0),
    st.sampled_from(KINDS),
)
held = st.builds(grams_of, st.lists(contents, max_size=3), st.floats(0, 1e6), st.integers(1, 99))


@given(st.lists(held, max_size=12), st.integers(0, 12))
def test_parts_add_up(lines: list[tuple[object, ...]], cut: int) -> None:
    whole = totals(lines)  # type: ignore[arg-type]
    parts = [*totals(lines[:cut]), *totals(lines[cut:])]  # type: ignore[arg-type]
    for each in whole:
        same = [one for one in parts if one.element == each.element]
        assert fsum(one.low for one in same) == pytest.approx(each.low)
        assert fsum(one.high for one in same) == pytest.approx(each.high)
        assert fsum(one.low for one in each.by_evidence) == pytest.approx(each.low)
        assert sum(one.lines for one in same) == each.lines


bills = st.lists(st.tuples(st.integers(-1, 20), st.integers(1, 5)), min_size=1, max_size=20)


@given(bills)
def test_pieces_below_all_tops_are_all_pieces(made: list[tuple[int, int]]) -> None:
    lines = tuple(
        line(str(place), count, above=(top,) if 0 <= top < place else ())
        for place, (top, count) in enumerate(made)
    )
    bill = Bill("b", "", lines)
    tops = [share_below(bill, place) for place, one in enumerate(lines) if not one.above]
    added = [fsum(each.get(place, 0) for each in tops) for place in range(len(lines))]
    assert added == pytest.approx([*bill.quantities])


def test_what_is_counted_in_its_parts_is_not_counted_twice() -> None:
    lines = (line("rotor"), line("yoke", above=(0,)), line("magnet", above=(1,)), line("bolt"))
    bill = Bill("b", "", lines)
    assert counted_in_parts(bill, [True, False, True, True]) == (True, True, False, False)
