"""Borders of a line: what it leaves a country in, by hand, and ways that differ are told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.bills.bill import Bill, line
from monazite.findings.exposure.borders import Borders, Way
from monazite.findings.rules.case import Case

CODES = {"China": "CHN", "Germany": "DEU", "Poland": "POL"}


def nested(*makers: str) -> Bill:
    """A product and what is in it, one in the other, each made where it is said."""
    lines = [
        replace(line(f"part {place}", above=(place - 1,) if place else ()), made_in=each)
        for place, each in enumerate(makers)
    ]
    return Bill("b.csv", "", tuple(lines))


def crossed(bill: Bill, market: str = "EUE") -> list[Case]:
    borders = Borders(bill, market, lambda text: CODES.get(text, ""))
    [way] = borders.ways(len(bill.lines) - 1)
    return list(borders.cases(Case(), len(bill.lines) - 1, way, magnet=True))


@pytest.mark.parametrize(
    ("makers", "shipped_as", "destination"),
    [
        (("Germany", "Germany", "China"), {"magnet"}, "DEU"),
        (("Germany", "China", "China"), {"assembly"}, "DEU"),
        (("China", "China", "China"), {"assembly", "product"}, "EUE"),
        (("China",), {"magnet", "product"}, "EUE"),
        (("Poland", "", "China"), {"magnet", "assembly", "product"}, "POL"),
    ],
)
def test_a_magnet_leaves_in_the_largest_thing_that_is_made_there_too(
    makers: tuple[str, ...], shipped_as: set[str], destination: str
) -> None:
    first, *others = crossed(nested(*makers))
    assert first.shipped_as == frozenset(shipped_as)
    assert (first.ships_from, first.destination) == (frozenset({"CHN"}), frozenset({destination}))
    assert [each.destination for each in others] == [frozenset({"EUE"})] * (len(makers) > 1)


def test_the_world_is_no_market_that_goods_are_sent_to() -> None:
    assert [each.destination for each in crossed(nested("China", "China"), "WLD")] == [None]


def test_ways_that_make_no_difference_are_one_and_a_long_way_is_no_burden() -> None:
    same = nested("Germany", "China", "China")
    part = replace(same.lines[2], above=(1, 3))
    twice = replace(same, lines=(*same.lines[:2], part, same.lines[1]))
    assert len(Borders(twice, "EUE", CODES.__getitem__).ways(2)) == 1
    deep = Borders(nested(*["China"] * 3000), "EUE", CODES.__getitem__)
    [way] = deep.ways(2999)
    assert isinstance(way, Way)
    assert sum(1 for _ in way.steps()) == 2999
    assert deep.names(way, str) == "2998 in 2997 in 2996 in more"
