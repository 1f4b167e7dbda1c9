"""What a reconciled year says: who made what is used where, and which pools it carries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.reconciliation.numbers import YearNumbers
from monazite.findings.reconciliation.year import PoolRange, ReconciledYear, reconcile_year
from monazite.quantities.amount import Amount, exactly
from tests.findings.reconciliation.by_hand import scaled, year_of


def magnets(values: dict[tuple[str, ...], float], *carried: str) -> ReconciledYear:
    ranges = tuple(PoolRange("magnet", pool, 1.0, 1.0, 1.0) for pool in carried)
    return ReconciledYear(year_of(), values, (), ranges)


def test_who_only_sells_on_is_no_maker() -> None:
    # A makes 100 and sells B 40; B, which makes nothing, uses 10 and sells C 30, all of them A's.
    found = magnets(
        {
            ("finished", "A"): 100.0,
            ("magnets_sold", "A", "B"): 40.0,
            ("magnets_sold", "B", "C"): 30.0,
        },
        "A",
    ).magnets_by_maker()
    assert found == {("A", "A"): 60.0, ("A", "B"): 10.0, ("A", "C"): 30.0}


def test_what_a_pool_makes_and_buys_is_mixed() -> None:
    # B makes 20 and buys 60 of A: of what it sells C, 40, a quarter is its own.
    found = magnets(
        {
            ("finished", "A"): 100.0,
            ("finished", "B"): 20.0,
            ("magnets_sold", "A", "B"): 60.0,
            ("magnets_sold", "B", "C"): 40.0,
        },
        *"AB",
    ).magnets_by_maker()
    assert found["A", "C"] == pytest.approx(30.0)
    assert found["B", "C"] == pytest.approx(10.0)
    assert sum(found.values()) == pytest.approx(120.0)  # all that was made


def test_goods_that_go_round_are_counted_once() -> None:
    # A and B sell each other half of what they have; all that is used was made once.
    found = magnets(
        {
            ("finished", "A"): 50.0,
            ("finished", "B"): 50.0,
            ("magnets_sold", "A", "B"): 50.0,
            ("magnets_sold", "B", "A"): 50.0,
        },
        *"AB",
    ).magnets_by_maker()
    assert sum(found.values()) == pytest.approx(100.0)
    assert found["A", "A"] + found["A", "B"] == pytest.approx(50.0)


def test_makers_that_are_not_carried_are_the_rest_of_the_world() -> None:
    found = magnets({("finished", "A"): 9.0, ("finished", "B"): 1.0}, "A").magnets_by_maker()
    assert found == {("A", "A"): 9.0, ("ROW", "B"): 1.0}


@pytest.mark.parametrize(
    ("low", "high", "carried"), [(0.0, 5.0, False), (1.0, 5.0, True), (0.9, 5.0, False)]
)
def test_a_pool_is_carried_where_the_least_is_a_fifth_of_the_most(
    low: float, high: float, carried: bool
) -> None:
    assert PoolRange("metal", "A", 1.0, low, high).carried is carried


def test_a_stage_carries_the_pools_of_the_next() -> None:
    found = magnets({}, "B")
    assert found.carried("metal") == {"B"}
    assert found.carried("separation") == {"A", "B"}  # A by its row
    assert [found.pool("metal", place) for place in "AB"] == ["ROW", "B"]
    assert found.pool("mine", "Z") == "Z"


def two_countries() -> YearNumbers:
    """A's oxide and magnets, and B, which buys some of both and makes some magnets."""
    numbers = year_of()
    both = frozenset("AB")
    return replace(
        numbers,
        makers={"separation": frozenset("A"), "metal": both, "magnet": both},
        blanks={"A": Amount(437.4, 300.0, 500.0), "B": Amount(50.0, 25.0, 75.0)},
        magnets={("A", "B"): Amount(30.0, 20.0, 40.0)},
    )


@pytest.mark.parametrize("by", [1000.0, 0.01])
def test_a_thousand_times_the_tonnes_are_a_thousand_times_the_tonnes(by: float) -> None:
    small, large = (reconcile_year(each) for each in (two_countries(), scaled(two_countries(), by)))
    for name, tonnes in small.values.items():
        assert large.value(*name) == pytest.approx(by * tonnes, abs=1e-6 * by), name
    carried = [(each.stage, each.pool, each.carried) for each in small.ranges]
    assert [(each.stage, each.pool, each.carried) for each in large.ranges] == carried


def test_recipes_outside_the_rows_are_those_of_the_world() -> None:
    numbers = replace(two_countries(), blanks={**two_countries().blanks, "B": exactly(50.0)})
    found = reconcile_year(numbers)
    world = sum(found.value("in_blanks", each, "Nd") for each in "AB")
    world /= sum(found.value("blanks", each) for each in "AB")
    own = found.value("in_blanks", "B", "Nd") / found.value("blanks", "B")
    assert own == pytest.approx(world, rel=0.16)


def test_ranges_that_are_known_are_not_worked_out_again() -> None:
    known = (PoolRange("metal", "A", 1.0, 1.0, 1.0),)
    assert reconcile_year(two_countries(), known).ranges == known
    assert reconcile_year(two_countries()).ranges != known
