"""Borders of a line: what it leaves a country in, by hand, and ways that differ are told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.bills.bill import Bill, BillSupplier, line
from monazite.findings.exposure.borders import Borders, Way, made_shares

CODES = {"China": "CHN", "Germany": "DEU", "Poland": "POL"}


def nested(*makers: str) -> Bill:
    """A product and what is in it, one in the other, each made where it is said."""
    lines = [
        replace(line(f"part {place}", above=(place - 1,) if place else ()), made_in=each)
        for place, each in enumerate(makers)
    ]
    return Bill("b.csv", "", tuple(lines))


def crossed(bill: Bill, market: str = "EUE") -> list[tuple[str, str, str]]:
    """As what, from where and to where the last line of a bill crosses borders; ? for any."""
    borders = Borders(bill, market, lambda text: CODES.get(text, ""))
    [way] = borders.ways(len(bill.lines) - 1)
    found = borders.crossings(borders.made_in(len(bill.lines) - 1), way, magnet=True)
    return [(told(x.shipped_as), told(x.ships_from), told(x.destination)) for x in found]


def told(possible: frozenset[str] | None) -> str:
    return "?" if possible is None else " ".join(sorted(possible))


@pytest.mark.parametrize(
    ("makers", "expected"),
    [
        (
            ("Germany", "Germany", "China"),
            [("magnet", "CHN", "DEU"), ("assembly product", "DEU", "EUE")],
        ),
        (
            ("Germany", "China", "China"),
            [("assembly", "CHN", "DEU"), ("assembly product", "DEU", "EUE")],
        ),
        (("China", "China", "China"), [("assembly product", "CHN", "EUE")]),
        (("China",), [("magnet product", "CHN", "EUE")]),
        (
            ("Germany", "China", "Poland"),
            [
                *(("magnet", "POL", "CHN"), ("assembly", "CHN", "DEU")),
                ("assembly product", "DEU", "EUE"),
            ],
        ),
        (
            ("Germany", "China", ""),
            [
                *(("magnet", "?", "CHN"), ("assembly", "CHN", "DEU")),
                ("assembly product", "DEU", "EUE"),
            ],
        ),
        (
            ("Poland", "", "China"),
            [
                *(("magnet", "CHN", "?"), ("assembly magnet", "CHN", "POL")),
                *(("assembly", "?", "POL"), ("assembly product", "POL", "EUE")),
            ],
        ),
        (
            ("Germany", "China; Germany", "Poland"),
            [
                *(("magnet", "POL", "CHN DEU"), ("magnet", "POL", "CHN")),
                *(("magnet", "POL", "DEU"), ("assembly", "CHN", "DEU")),
                ("assembly product", "DEU", "EUE"),
            ],
        ),
    ],
)
def test_every_border_on_the_way_up_is_crossed_in_what_is_made_there(
    makers: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    assert crossed(nested(*makers)) == expected


def test_what_lies_between_two_countries_that_are_known_may_stop_elsewhere() -> None:
    borders = Borders(nested("Poland", "", "China"), "EUE", lambda text: CODES.get(text, ""))
    [way] = borders.ways(2)
    found = borders.crossings(borders.made_in(2), way, magnet=True)
    assert [x.through_unknown for x in found] == [False, True, False, False]


def test_a_source_that_covers_nothing_makes_nothing() -> None:
    sources = (
        *(BillSupplier("A", made_in="China", split=0.0), BillSupplier("B", made_in="Poland")),
        BillSupplier("C", made_in="Germany; China", split=0.4),
    )
    found = made_shares(line("m", suppliers=sources), lambda text: CODES.get(text, ""))
    assert [(x.source.name, x.country, x.share) for x in found] == [
        *(("B", "POL", None), ("C", "DEU", None), ("C", "CHN", None)),
    ]


def test_the_world_is_no_market_that_goods_are_sent_to() -> None:
    assert crossed(nested("China", "China"), "WLD") == [("assembly product", "CHN", "?")]


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
