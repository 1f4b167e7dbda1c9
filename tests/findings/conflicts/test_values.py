"""What rows say: when two can both be true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.conflicts.values import (
    PrintedDate,
    PrintedName,
    PrintedNumber,
    PrintedPoint,
    apart,
    difference,
    kilometres,
    read_number,
)
from monazite.rows.dates import date_bounds

NUMBERS = st.decimals(min_value=0, max_value=10**7, places=3, allow_nan=False).map(str)
SAID = st.builds(lambda text: read_number([text]), NUMBERS)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("3700", "3676", True),  # printed in hundreds
        ("2600", "2579", True),
        ("1.51", "2", True),  # printed in whole dollars
        ("0.97", "1", True),
        ("91", "92", False),
        ("85", "94", False),
        ("255000", "240000", False),
        ("95000", "100000", False),  # a round number stands for 97,500 to 102,500 at most
        ("300000", "296837", True),
        ("120000", "132000", False),
        ("30258", "30259", True),  # adding up leaves one
        ("2000", "2400", False),
        ("17.979", "17.99", True),
        ("0", "150", False),
    ],
)
def test_numbers_agree_within_the_digits_printed(one: str, other: str, agree: bool) -> None:
    assert read_number([one]).agrees(read_number([other])) is agree


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (["", "80", "90"], ["85"], True),
        (["", "29", "32"], ["", "20", "25"], False),
        (["", "20", "30"], ["", "29", "32"], True),
        (["", "55", ""], ["60"], True),  # more than 55
        (["", "55", ""], ["50"], False),
        (["", "", "9"], ["5"], True),  # less than 9
        (["", "", "9"], ["12"], False),
        (["4", "3", "5"], ["5"], True),
    ],
)
def test_ranges_and_bounds_agree_with_what_they_hold(
    one: list[str], other: list[str], agree: bool
) -> None:
    assert read_number(one).agrees(read_number(other)) is agree


def test_units_are_brought_to_one_base() -> None:
    assert read_number(["45.8"], 1000).agrees(read_number(["45787"]))
    assert not read_number(["45.8"], 1000).agrees(read_number(["46787"]))


@given(SAID, SAID)
def test_agreement_is_mutual_and_every_number_agrees_with_itself(
    one: PrintedNumber, other: PrintedNumber
) -> None:
    assert one.agrees(other) == other.agrees(one)
    assert one.agrees(one)
    assert apart([one], [other]) == (not one.agrees(other))
    size, measure = difference([one, other])
    assert size is not None
    assert (0 <= size <= 1, measure) == (True, "part")


@given(SAID, SAID, SAID)
def test_a_side_of_several_means_what_lies_between(
    a: PrintedNumber, b: PrintedNumber, c: PrintedNumber
) -> None:
    assert apart([a, b], [c]) == apart([c], [a, b])
    low, high = sorted((a.low, b.low))
    if low <= c.low <= high:
        assert not apart([a, b], [c])


@pytest.mark.parametrize(
    ("one", "other", "agree", "days"),
    [
        ("2011", "2011-04-01", True, 0),
        ("2011-04", "2011-05", False, 1),
        ("1992", "1994-01-19", False, 384),  # 1992-12-31 to 1994-01-19
        ("1997", "2000", False, 731),  # 1997-12-31 to 2000-01-01
    ],
)
def test_dates_agree_where_a_day_may_be_the_same(
    one: str, other: str, agree: bool, days: float
) -> None:
    said = [PrintedDate(*date_bounds(one)), PrintedDate(*date_bounds(other))]
    assert said[0].agrees(said[1]) is agree
    assert difference(said) == (days, "days")


def test_points_agree_within_what_their_precision_allows() -> None:
    berlin, potsdam = PrintedPoint(52.52, 13.405, 5), PrintedPoint(52.4, 13.06, 5)
    assert kilometres(berlin, potsdam) == pytest.approx(27, abs=0.5)
    assert not berlin.agrees(potsdam)
    assert berlin.agrees(PrintedPoint(52.4, 13.06, 30))


def test_names_agree_if_they_are_equal_and_have_no_distance() -> None:
    assert PrintedName("lynas").agrees(PrintedName("lynas"))
    assert apart([PrintedName("lynas")], [PrintedName("molycorp")])
    assert difference([PrintedName("lynas"), PrintedName("molycorp")]) == (None, "")
