"""What is needed, and how that grows: published scenarios, and a chain by hand."""

from __future__ import annotations

import pytest

from monazite.findings.chain.chain import Chain, Product
from monazite.findings.chain.element_chain import ElementChain
from monazite.findings.replacements.need import growth_of, need_of
from monazite.network.facts import read_facts
from monazite.triples.store import Store

DAY = "2026-11-24"


def test_growth_is_that_of_the_published_scenarios(store: Store) -> None:
    """IEA, magnet rare earths in kt: 90.922 in 2024; 122.846, 131.569 and 146.773 in 2030."""
    growth = growth_of(read_facts(store, "Dy", DAY), 2024, 2035)
    in_2030, in_2035 = growth.factors[2030], growth.factors[2035]
    assert in_2030.low == pytest.approx(122.846 / 90.922)
    assert in_2030.value == pytest.approx(131.569 / 90.922)
    assert in_2030.high == pytest.approx(146.773 / 90.922)
    assert in_2035.value == pytest.approx(148.881 / 90.922)
    assert growth.factors[2024].value == 1
    # between: one rate, 2 of 6 years
    assert growth.factors[2026].value == pytest.approx((131.569 / 90.922) ** (2 / 6))
    assert len(growth.scenarios) == 3


def test_without_a_scenario_there_is_no_growth(store: Store) -> None:
    growth = growth_of(read_facts(store, "Y", DAY), 2024, 2035)
    assert {x.value for x in growth.factors.values()} == {1}
    assert (growth.scenarios, growth.rows) == ((), ())


def test_a_need_by_hand() -> None:
    """Made: 100 t in oxide, 90 t in metal. Used in magnets: 60 t, 30 in China, 6 in Spain.

    A tonne in magnets takes 100 / 60 of oxide: Spain needs 10 t, all outside China 50.
    """
    made = {("separation", "CHN"): 80.0, ("separation", "MYS"): 20.0, ("metal", "CHN"): 90.0}
    chain = Chain(
        2024,
        {"Dy": ElementChain("Dy", made, {}, {}, {}, {}, {}, {}, {})},
        {"magnets": Product("magnets")},
        {("magnets", "CHN"): 6000.0},
        {("magnets", "Dy"): 0.01},
        {
            ("magnets", "CHN", "CHN"): 3000.0,
            ("magnets", "CHN", "ESP"): 600.0,
            ("magnets", "CHN", "ROW"): 2400.0,
        },
    )
    need = need_of(chain, "Dy", "ESP", "CHN", chain.main)
    assert need.taken == pytest.approx(6)
    assert need.market == pytest.approx({"separation": 10.0, "metal": 9.0, "magnet": 6.0})
    assert need.others == pytest.approx({"separation": 50.0, "metal": 45.0, "magnet": 30.0})
    world = need_of(chain, "Dy", "WLD", "CHN", chain.main)
    assert world.market == world.others
    assert not world.of_all


def test_where_users_are_not_known_the_need_is_that_of_the_world() -> None:
    made = {("separation", "CHN"): 80.0}
    chain = Chain(
        2024,
        {"Sm": ElementChain("Sm", made, {}, {}, {}, {}, {}, {}, {})},
        {"magnets": Product("magnets")},
        {("magnets", "CHN"): 100.0},
        {("magnets", "Sm"): 0.2},
        {("magnets", "CHN", "CHN"): 100.0},
    )
    need = need_of(chain, "Sm", "WLD", "CHN", chain.main)
    assert need.of_all
    assert need.market == pytest.approx({"separation": 80.0, "magnet": 20.0})
