"""What a pair sells in a year, from rows of years, months and twelve months of two years."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.network.magnet_sales import to_records, yearly
from tests.network.sold_by_hand import MONTHS, answer, weight


def test_two_months_stand_for_a_year_and_one_does_not() -> None:
    part = yearly(MONTHS, "CHN", "KOR", 2025, "China")
    assert part is not None
    assert part.tonnes == (854 + 569) / 2 * 12
    assert part.how == "China: mean of 2 months of 2025, times twelve"
    assert part.rows == ("trade/CHN>KOR-2025-09", "trade/CHN>KOR-2025-10")
    assert yearly(MONTHS[:1], "CHN", "KOR", 2025) is None
    same = [MONTHS[0], replace(MONTHS[0], row="trade/again")]
    assert yearly(same, "CHN", "KOR", 2025) is None, "two prints of one month are one month"
    apart = [MONTHS[0], weight("CHN>KOR", 2024, 500, "2024-10")]
    assert yearly(apart, "CHN", "KOR", 2025) is None, "months of two years are no year"


def test_a_row_of_the_year_counts_before_its_months_which_are_told() -> None:
    part = yearly([*MONTHS, weight("CHN>KOR", 2025, 7_000)], "CHN", "KOR", 2025)
    assert part is not None
    assert (part.tonnes, part.how) == (7_000, "")
    assert "would be 8,538 t" in part.remarks[0]
    assert len(part.rows) == 3


@given(st.lists(st.floats(1, 1e4), min_size=2, max_size=12))
def test_twelve_months_are_their_sum_and_fewer_lie_between_the_ends(months: list[float]) -> None:
    rows = [weight("CHN>KOR", 2025, t, f"2025-{i:02}") for i, t in enumerate(months, 1)]
    part = yearly(rows, "CHN", "KOR", 2025)
    assert part is not None
    assert min(months) * 12 * (1 - 1e-9) <= part.tonnes <= max(months) * 12 * (1 + 1e-9)
    if len(months) == 12:
        assert part.tonnes == pytest.approx(sum(months))


@pytest.mark.parametrize(
    ("months", "year"),
    [
        ("", 2025),
        ("2024-04/2025-03", 2024),  # nine months
        ("2024-07/2025-06", 2024),  # as many in both
        ("2024-08/2025-07", 2025),
        ("2024-01/2024-12", 2024),
    ],
)
def test_twelve_months_are_the_year_that_most_of_them_are_in(months: str, year: int) -> None:
    (found,) = to_records([answer("CHN>IND", 2025, months, tonnes="7")])
    assert (found.year, found.month) == (year, "")
    whole = not months or months == "2024-01/2024-12"
    assert found.when == (str(year) if whole else months.replace("/", " to "))
    part = yearly([found], "CHN", "IND", year)
    assert part is not None
    said = () if whole else (f"{found.span} from CHN stand for {year}.",)
    assert (part.tonnes, part.remarks) == (7, said)


@pytest.mark.parametrize(
    "months", ["2025-01/2025-09", "2024-04/2026-03", "2025-01/", "/2025-03", "2025-01-01/2025-12"]
)
def test_other_spans_are_no_year(months: str) -> None:
    assert to_records([answer("CHN>IND", 2025, months, tonnes="7")]) == []


def test_a_calendar_year_counts_before_twelve_months_of_two() -> None:
    span = answer("CHN>IND", 2025, "2024-04/2025-03", tonnes="7", row="row/trade/b")
    rows = to_records([span, answer("CHN>IND", 2024, tonnes="9")])
    part = yearly(rows, "CHN", "IND", 2024)
    assert part is not None
    assert (part.tonnes, part.rows, part.remarks) == (9, ("trade/a",), ())
