"""The chain of a family: how element chains are joined at their products, and who sells to whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.chain.base_year import read_base_year
from monazite.findings.chain.chain import (
    HEAVY_MAGNETS,
    LIGHT_MAGNETS,
    Chain,
    Market,
    Product,
    served_apart,
    to_chain,
    to_use_chain,
)
from monazite.findings.events.event import BASE_YEAR
from monazite.findings.flow_model.programme import Programme
from monazite.findings.reconciliation.year import PoolRange, ReconciledYear
from monazite.network.facts import read_facts
from monazite.quantities.amount import exactly
from monazite.quantities.chemistry import Chemistry
from monazite.quantities.trade_content import NDFEB
from tests.conftest import view_in_memory
from tests.findings.reconciliation.by_hand import year_of
from tests.findings.sample import element_chain_of


def chemistry(heavy: float = 0.25) -> Chemistry:
    assumed = {("heavy-magnet-share", NDFEB, ""): exactly(heavy)}
    return Chemistry({}, {}, {}, {}, assumed, {})


def reconciled(**more: float) -> ReconciledYear:
    """140 t of blanks: 42 t of NdPr and 0.84 of Dy; China makes 80 t of magnets, sells 20."""
    values = {
        ("blanks", "CHN"): 112.0,
        ("blanks", "ROW"): 28.0,
        ("finished", "CHN"): 80.0,
        ("finished", "ROW"): 20.0,
        ("in_blanks", "CHN", "Nd"): 22.4,
        ("in_blanks", "ROW", "Nd"): 5.6,
        ("in_blanks", "CHN", "Pr"): 11.2,
        ("in_blanks", "ROW", "Pr"): 2.8,
        ("in_blanks", "CHN", "Dy"): 0.7,
        ("in_blanks", "ROW", "Dy"): 0.14,
        ("magnets_sold", "CHN", "ROW"): 20.0,
    }
    numbers = replace(year_of(), chemistry=chemistry(more.get("heavy", 0.25)))
    return ReconciledYear(numbers, values, (), (PoolRange("magnet", "CHN", 1, 1, 1),))


MEMBERS = {"NdPr": ("Nd", "Pr"), "Dy": ("Dy",)}


def joined(year: ReconciledYear | None = None, market: Market | None = None) -> Chain | None:
    chains = {name: element_chain_of(name, {}, {}) for name in MEMBERS}
    return to_chain(chains, MEMBERS, year or reconciled(), market)


def test_magnets_are_finished_ones_and_hold_what_their_blanks_did() -> None:
    # 0.3 of every tonne is NdPr; the 0.6 t of Dy of 100 t of magnets are in a quarter of them.
    found = joined()
    assert found is not None
    assert found.made == {
        (HEAVY_MAGNETS, "CHN"): pytest.approx(20),
        (HEAVY_MAGNETS, "ROW"): pytest.approx(5),
        (LIGHT_MAGNETS, "CHN"): pytest.approx(60),
        (LIGHT_MAGNETS, "ROW"): pytest.approx(15),
    }
    assert found.recipe == {
        (HEAVY_MAGNETS, "NdPr"): pytest.approx(0.3),
        (LIGHT_MAGNETS, "NdPr"): pytest.approx(0.3),
        (HEAVY_MAGNETS, "Dy"): pytest.approx(0.6 / 25),
    }
    assert found.sold[HEAVY_MAGNETS, "CHN", "ROW"] == pytest.approx(5)
    assert found.sold[LIGHT_MAGNETS, "CHN", "CHN"] == pytest.approx(45)
    assert found.demand[LIGHT_MAGNETS, "ROW"] == pytest.approx(30)


def test_a_market_is_taken_out_of_the_pool_that_it_is_in() -> None:
    # It buys 7.5 t of China and 2.5 of the rest, which uses half China's and half its own.
    found = joined(market=Market("USA", "ROW", {"CHN": 7.5, "ROW": 2.5}))
    assert found is not None
    bought = {
        maker: sum(x for (_, who, user), x in found.sold.items() if (who, user) == (maker, "USA"))
        for maker in ("CHN", "ROW")
    }
    assert bought == pytest.approx({"CHN": 7.5, "ROW": 2.5})
    demand = dict.fromkeys(("CHN", "ROW", "USA"), 0.0)
    for (_, user), tonnes in found.demand.items():
        demand[user] += tonnes
    assert demand == pytest.approx({"CHN": 60, "ROW": 30, "USA": 10})


def test_what_a_market_buys_of_who_makes_nothing_was_made_elsewhere() -> None:
    by_maker = {("CHN", "CHN"): 60.0, ("CHN", "VNM"): 30.0, ("ROW", "VNM"): 10.0}
    found = served_apart({**by_maker, ("CHN", "ROW"): 40.0}, Market("USA", "ROW", {"VNM": 8.0}))
    # 6 t are China's and 2 the rest's, of which its pool uses none: China's make them up
    assert found["CHN", "USA"] == pytest.approx(8.0)
    assert ("ROW", "USA") not in found


def test_a_market_buys_no_more_than_its_pool_uses() -> None:
    found = joined(market=Market("USA", "ROW", {"CHN": 500.0}))
    assert found is not None
    assert sum(x for (_, _, user), x in found.sold.items() if user == "USA") == pytest.approx(40)
    assert min(found.sold.values()) >= 0


def test_users_of_little_are_the_rest_of_the_world_but_for_makers_and_the_market() -> None:
    found = served_apart({("A", "A"): 1000.0, ("A", "B"): 1.0, ("A", "C"): 2.0})
    assert found == {("A", "A"): 1000.0, ("A", "ROW"): 3.0}
    asked = served_apart({("A", "A"): 1000.0, ("A", "B"): 1.0}, Market("B", "ROW", {}))
    assert asked["A", "B"] == 1.0


def test_where_nothing_is_made_there_is_no_chain() -> None:
    assert joined(replace(reconciled(), values={})) is None


def test_without_the_part_that_holds_dysprosium_there_is_no_chain() -> None:
    numbers = replace(reconciled().numbers, chemistry=Chemistry({}, {}, {}, {}, {}, {}))
    assert joined(replace(reconciled(), numbers=numbers)) is None


def test_oxide_is_used_where_trade_takes_it() -> None:
    element_chain = element_chain_of(
        "Y",
        {("separation", "A"): 40.0},
        {("separation", "A"): 10.0, ("separation", "B"): 30.0},
        {("separation", "A", "B"): 30.0},
        used={"A": 10.0, "B": 30.0},
    )
    found = to_use_chain(2024, element_chain)
    assert found is not None
    assert found.products == {"Y in oxide": Product("Y in oxide", "use", "separation")}
    assert found.demand == {("Y in oxide", "A"): 10, ("Y in oxide", "B"): 30}
    assert to_use_chain(2024, replace(element_chain, used={})) is None


@pytest.mark.parametrize("element", ["MREE", "Sm", "Y", "La"])
def test_the_chain_of_the_shipped_rows_serves_what_it_sold(element: str) -> None:
    view = view_in_memory()
    facts = read_facts(view.store, element, view.valid)
    chain = read_base_year(facts, 2024, "WLD", "the world").accounts().chain()
    assert Programme(chain).serve(BASE_YEAR).amounts == pytest.approx(chain.demand, rel=1e-6)
    for (name, pool), tonnes in chain.made.items():
        sold = sum(x for (what, who, _), x in chain.sold.items() if (what, who) == (name, pool))
        assert sold == pytest.approx(tonnes)


@pytest.mark.parametrize(("element", "market"), [("MREE", "CHE"), ("MREE", "EUE"), ("Dy", "JPN")])
def test_what_a_market_takes_is_what_its_trade_and_its_plants_say(
    element: str, market: str
) -> None:
    """One fact, one number: the mix with the range of its tonnes, and the demand of the chain."""
    view = view_in_memory()
    facts = read_facts(view.store, element, view.valid)
    base = read_base_year(facts, 2024, market, "a market")
    chain = base.accounts().chain()
    assert base.mix is not None
    taken = sum(chain.demand.get((name, market), 0.0) for name in chain.main)
    assert taken == pytest.approx(base.mix.tonnes, rel=0.01)
