"""The rule of preference as rows give it: order, caps and limits of age."""

from __future__ import annotations

import pytest

from monazite.network.preferences import Preferences, read_preferences
from monazite.triples.records import QueryRecord


def row(choice: str, rank: int, criterion: str, limit: str = "") -> QueryRecord:
    return QueryRecord(
        {"choice": choice, "rank": str(rank), "criterion": criterion, "limit": limit}
    )


RULE = read_preferences(
    [
        row("series", 2, "name"),
        row("series", 1, "more-countries", "3"),
        row("year", 1, "not-older", "5"),
    ]
)


def test_criteria_decide_in_the_order_of_their_ranks() -> None:
    assert RULE.choices["series"] == (("more-countries", 3), ("name", None))


def test_past_its_limit_a_count_makes_no_difference() -> None:
    few, some, many = (
        RULE.order("series", {"more-countries": -n, "name": name})
        for n, name in ((2, "a"), (3, "c"), (9, "b"))
    )
    assert sorted([few, some, many]) == [many, some, few]


def test_without_rows_the_first_by_name_speaks_whatever_its_year() -> None:
    rule = Preferences()
    assert rule.order("row", {"name": "b", "better-tier": 1}) == ("b",)
    assert rule.speaks("year", 99)


@pytest.mark.parametrize(("age", "speaks"), [(-1, False), (0, True), (5, True), (6, False)])
def test_a_row_speaks_up_to_its_age_and_never_of_the_future(age: int, speaks: bool) -> None:
    assert RULE.speaks("year", age) is speaks
