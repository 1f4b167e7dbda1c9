"""Flows from who made something to who uses it, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.backbone.origins import UNKNOWN, bought_by, flows_of, parts_of_market
from monazite.findings.chain.chain import Chain, Product
from monazite.findings.chain.element_chain import ElementChain
from monazite.findings.events.failure_points import ModelYear
from monazite.network.shares import REST, WORLD
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION, USE

HOME = {
    MINE: frozenset({"A", "X", "Z"}),
    SEPARATION: frozenset({"A", "B", "C"}),
    METAL: frozenset({"A", "B"}),
    MAGNET: frozenset({"A", "B"}),
}
ELEMENT = ElementChain(
    element="Dy",
    # X mines 15; of that, what goes to Z is not separated there. C buys of A and sells on to B.
    made={(MINE, "X"): 15.0, (SEPARATION, "A"): 80.0, (SEPARATION, "B"): 20.0, (METAL, "A"): 60.0},
    taken={
        (MINE, "A"): 10.0,
        (SEPARATION, "A"): 50.0,
        (SEPARATION, "B"): 30.0,
        (SEPARATION, "C"): 20.0,
        (METAL, "A"): 60.0,
    },
    flows={
        (MINE, "X", "A"): 12.0,
        (MINE, "X", "Z"): 3.0,
        (SEPARATION, "A", "C"): 30.0,
        (SEPARATION, "C", "B"): 10.0,
    },
    missing={},
    scrap={},
    home=HOME,
    parts={(MINE, "X"): 10.0, (SEPARATION, "A"): 80.0, (SEPARATION, "B"): 20.0},
    rows={},
)
MAGNETS = Chain(
    2024,
    {"Dy": ELEMENT},
    {"magnets": Product("magnets"), "Dy outside": Product("Dy outside", USE, SEPARATION)},
    {},
    {},
    {("magnets", "A", "A"): 50.0, ("magnets", "A", "U"): 30.0, ("magnets", "B", "U"): 10.0,
     ("Dy outside", "A", "U"): 7.0},
)  # fmt: skip


def year_of(element: ElementChain, chain: Chain = MAGNETS) -> ModelYear:
    return ModelYear(replace(chain, element_chains={"Dy": element}), ("Dy",), {}, {})


def test_what_is_sold_on_comes_from_who_made_it() -> None:
    found = flows_of(year_of(ELEMENT))
    assert {key: round(x, 6) for key, x in found.items()} == {
        (MINE, "X", "A"): 10.0,
        (SEPARATION, "A", "A"): 50.0,
        (SEPARATION, "A", "B"): 10.0,
        (SEPARATION, "A", REST): 20.0,
        (SEPARATION, "B", "B"): 20.0,
        (METAL, "A", "A"): 60.0,
    }


def test_no_maker_delivers_more_than_it_makes() -> None:
    found = flows_of(year_of(ELEMENT))
    for (stage, maker), made in ELEMENT.made.items():
        assert sum(x for (at, who, _), x in found.items() if (at, who) == (stage, maker)) <= made


def test_oxide_that_is_used_as_it_is_goes_to_no_metal() -> None:
    found = flows_of(year_of(replace(ELEMENT, used={"A": 20.0})))
    assert found[SEPARATION, "A", "A"] == pytest.approx(30.0)


def test_what_no_figure_accounts_for_has_no_maker() -> None:
    taken = {**ELEMENT.taken, (SEPARATION, "B"): 40.0}
    lacking = replace(ELEMENT, taken=taken, missing={(SEPARATION, "B"): 10.0})
    found = flows_of(year_of(lacking))
    assert found[SEPARATION, UNKNOWN, "B"] == pytest.approx(10.0)
    assert found[SEPARATION, "B", "B"] == pytest.approx(20.0)


def test_a_market_buys_its_product_and_the_world_buys_all() -> None:
    model = year_of(ELEMENT)
    assert bought_by(model, "U", "magnets") == {"A": 30.0, "B": 10.0}
    assert bought_by(model, WORLD, "magnets") == {"A": 80.0, "B": 10.0}


def test_a_market_of_oxide_buys_of_who_separated_it() -> None:
    oxide = replace(MAGNETS, products={"Dy in oxide": Product("Dy in oxide", USE, SEPARATION)})
    found = bought_by(year_of(ELEMENT, oxide), "B", "Dy in oxide")
    assert {maker: round(x, 6) for maker, x in found.items()} == {"A": 10.0, "B": 20.0}


def test_the_parts_of_a_market_back_to_the_mine() -> None:
    # U buys 30 of A's magnets and 10 of B's. A's metal, oxide and ore are its own and X's; from
    # whom B has its metal no figure says.
    parts = parts_of_market(year_of(ELEMENT), "U", "magnets")
    assert [*parts] == [MAGNET, METAL, SEPARATION, MINE]
    assert parts[MAGNET] == pytest.approx({"A": 0.75, "B": 0.25})
    assert parts[METAL] == pytest.approx({"A": 0.75, UNKNOWN: 0.25})
    assert parts[SEPARATION] == pytest.approx({"A": 0.75, UNKNOWN: 0.25})
    assert parts[MINE] == pytest.approx({"X": 0.75, UNKNOWN: 0.25})
