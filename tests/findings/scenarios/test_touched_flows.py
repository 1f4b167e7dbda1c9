"""Which flows of a small chain a shock is about, by hand: A makes all, A, B and C use it."""

from __future__ import annotations

from datetime import date
from typing import Any

from monazite.findings.flow_model.programme import Programme
from monazite.findings.scenarios.meaning import KnownShock, Meant
from monazite.findings.scenarios.scenario_file import Shock
from monazite.findings.scenarios.touched_flows import ChainFlows
from monazite.network.shares import WORLD
from tests.findings.scenarios.months import two_markets
from tests.findings.small_chains import MAGNETS

DAY = date(2025, 4, 1)
TO_B, TO_C = (("magnet", "A", user, MAGNETS) for user in "BC")


def flows() -> ChainFlows:
    chain = two_markets()
    return ChainFlows(chain, Programme(chain, steps=1).sales, chain.demand, {"Dy": ("Dy",)})


def shock(**given: Any) -> Meant:
    known = Shock("shock 1", "embargo", 1, DAY, None, {"seller": "A", **given})
    return Meant(KnownShock(known, DAY, None, "by hand"))


def test_flows_are_of_the_seller_buyers_stages_and_goods_that_are_named() -> None:
    found = flows()
    assert {TO_B, TO_C} <= found.touched(shock()).keys()
    assert [*found.touched(shock(buyers=("B",), stages=("magnet",)))] == [TO_B]
    assert [*found.touched(shock(elements=("Dy",), buyers=("C",)))] == [TO_C]
    for nothing in ({"seller": "B"}, {"buyers": ("A",)}, {"elements": ("Nd",)}):
        assert found.touched(shock(**nothing)) == {}, nothing


def test_like_goods_are_of_the_same_stage_seller_and_buyers() -> None:
    found = flows()
    assert found.like(shock(elements=("Dy",)), [TO_B]) == [TO_C]
    assert found.like(shock(elements=("Nd",), buyers=("C",)), [TO_B]) == [TO_C]
    assert found.like(shock(buyers=("B",)), [TO_B]) == []


def test_users_are_of_the_market_and_product_that_are_named() -> None:
    found = flows()
    assert found.users_of(shock(market="B").known.shock) == [(MAGNETS, "B")]
    assert len(found.users_of(shock(market=WORLD).known.shock)) == 3
    assert found.users_of(shock(market=WORLD, product="gold").known.shock) == []
