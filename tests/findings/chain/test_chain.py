"""The chain of a family: how element chains are joined at their products, and who sells to whom."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from monazite.findings.balance.line import StageLine
from monazite.findings.chain.base_year import read_base_year
from monazite.findings.chain.chain import (
    HEAVY_MAGNETS,
    LIGHT_MAGNETS,
    Chain,
    Product,
    bought_by,
    to_chain,
    to_use_chain,
)
from monazite.findings.events.event import BASE_YEAR
from monazite.findings.flow_model.programme import Programme
from monazite.network.facts import read_facts
from monazite.network.trade import MarketMix
from monazite.quantities.amount import NOTHING, Amount, exactly
from monazite.quantities.chemistry import Chemistry
from monazite.quantities.trade_content import NDFEB, ElementFlow
from tests.conftest import view_in_memory


@dataclass
class Book:
    """As much of a ledger as a chain needs."""

    element: str
    magnet: str = NDFEB
    traded: list[ElementFlow] = field(default_factory=list)


def chemistry(**parts: float) -> Chemistry:
    """What magnets hold, and the part of them that holds Dy or Tb."""
    assumed = {
        ("element-per-magnet", NDFEB, element): exactly(part)
        for element, part in parts.items()
        if element != "heavy"
    }
    assumed["heavy-magnet-share", NDFEB, ""] = exactly(parts.get("heavy", 0.25))
    return Chemistry({}, {}, {}, {}, assumed, {})


def magnets(country: str, made: float, sold: float = 0.0) -> StageLine:
    return StageLine("magnet", country, exactly(made), "", 2024, NOTHING, exactly(sold), None)


def joined(what: Chemistry, mix: MarketMix | None = None) -> Chain | None:
    """30 t of NdPr and 0.6 of Dy in magnets, a fifth of them the rest of the world's."""
    lines = {
        "NdPr": [magnets("CHN", 24.0, sold=6.0), magnets("ROW", 6.0)],
        "Dy": [magnets("CHN", 0.48), magnets("ROW", 0.12)],
    }
    books = {"NdPr": [Book("Nd"), Book("Pr")], "Dy": [Book("Dy")]}
    return to_chain(2024, lines, books, what, mix, "USA")  # type: ignore[arg-type]


def test_magnets_follow_from_what_they_hold() -> None:
    # 30 t of NdPr at 0.3 a tonne are 100 t, 80 of them China's; a quarter hold 0.6 t of Dy.
    found = joined(chemistry(Nd=0.2, Pr=0.1, Dy=0.006))
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
    # China sells a quarter of its 80 t: 20 t, of which 5 with Dy.
    assert found.sold[HEAVY_MAGNETS, "CHN", "ROW"] == pytest.approx(5)
    assert found.sold[LIGHT_MAGNETS, "CHN", "CHN"] == pytest.approx(45)
    assert found.demand[LIGHT_MAGNETS, "ROW"] == pytest.approx(30)


def test_a_market_is_taken_out_of_the_rest_of_the_world() -> None:
    # It buys 10 t: 7.5 of China's 20, 2.5 of the 20 that the rest makes; the rest keeps 30.
    mix = MarketMix(2024, {"CHN": 0.75, "JPN": 0.25}, 0.0, 10.0, "t", ("row/x",))
    found = joined(chemistry(Nd=0.2, Pr=0.1, Dy=0.006), mix)
    assert found is not None
    bought = {
        seller: sum(
            tonnes
            for (_, who, user), tonnes in found.sold.items()
            if (who, user) == (seller, "USA")
        )
        for seller in ("CHN", "ROW")
    }
    assert bought == pytest.approx({"CHN": 7.5, "ROW": 2.5})
    demand = dict.fromkeys(("CHN", "ROW", "USA"), 0.0)
    for (_, user), tonnes in found.demand.items():
        demand[user] += tonnes
    assert demand == pytest.approx({"CHN": 60, "ROW": 30, "USA": 10})


def test_a_market_buys_no_more_than_is_sold() -> None:
    mix = MarketMix(2024, {"CHN": 1.0}, 0.0, 500.0, "t", ("row/x",))
    found = joined(chemistry(Nd=0.2, Pr=0.1, Dy=0.006), mix)
    assert found is not None
    assert sum(x for (_, who, user), x in found.sold.items() if user == "USA") == pytest.approx(20)
    assert min(found.sold.values()) == 0


@pytest.mark.parametrize("what", [chemistry(), chemistry(Nd=0.0, Pr=0.0)])
def test_without_what_magnets_hold_there_is_no_chain(what: Chemistry) -> None:
    assert joined(what) is None


def test_without_the_part_that_holds_dysprosium_there_is_no_chain() -> None:
    what = chemistry(Nd=0.2, Pr=0.1, Dy=0.006)
    assumed = {key: x for key, x in what.assumed.items() if key[0] != "heavy-magnet-share"}
    assert joined(replace(what, assumed=assumed)) is None


def test_oxide_is_used_where_trade_takes_it() -> None:
    def line(
        country: str, made: float | None, taken: float, bought: float, sold: float
    ) -> StageLine:
        output = None if made is None else exactly(made)
        amounts = (exactly(bought), exactly(sold), None)
        return StageLine("separation", country, output, "", 2024, *amounts, used=exactly(taken))

    sale = ElementFlow("separation", "A", "B", Amount(30.0, 30.0, 30.0), 30.0, None)
    lines = [line("A", 40.0, 10.0, 0.0, 30.0), line("B", 0.0, 30.0, 30.0, 0.0)]
    found = to_use_chain(2024, "Y", lines, [Book("Y", "", [sale])])  # type: ignore[list-item]
    assert found is not None
    assert found.products == {"Y in oxide": Product("Y in oxide", "use", "separation")}
    assert found.demand == {("Y in oxide", "A"): 10, ("Y in oxide", "B"): 30}
    assert to_use_chain(2024, "Y", [line("A", 0.0, 0.0, 0.0, 0.0)], []) is None


@pytest.mark.parametrize("element", ["MREE", "Sm", "Y", "La"])
def test_the_chain_of_the_shipped_rows_serves_what_it_sold(element: str) -> None:
    view = view_in_memory()
    facts = read_facts(view.store, element, view.valid)
    chain = read_base_year(facts, 2024, "WLD", "the world").accounts().chain()
    assert Programme(chain).serve(BASE_YEAR).amounts == pytest.approx(chain.demand, rel=1e-6)
    for (name, pool), tonnes in chain.made.items():
        sold = sum(x for (what, who, _), x in chain.sold.items() if (what, who) == (name, pool))
        assert sold == pytest.approx(tonnes)


def test_what_a_market_would_take_of_another_mix_is_bounded_by_what_is_sold() -> None:
    mix = MarketMix(2024, {"CHN": 0.75, "JPN": 0.25}, 0.0, 10.0, "t", ("row/x",))
    found = joined(chemistry(Nd=0.2, Pr=0.1, Dy=0.006), mix)
    assert found is not None
    both = {HEAVY_MAGNETS, LIGHT_MAGNETS}
    taken = {
        tonnes: bought_by(found, replace(mix, tonnes=tonnes), "USA", both)
        for tonnes in (0.0, 10.0, 16.0, 500.0)
    }
    # of all that China and the rest sell to the rest, 20 t each, it takes no more
    assert taken == pytest.approx({0.0: 0.0, 10.0: 10.0, 16.0: 16.0, 500.0: 40.0})
    heavy = bought_by(found, mix, "USA", {HEAVY_MAGNETS})
    assert heavy == pytest.approx(2.5)  # a quarter of magnets hold dysprosium


@pytest.mark.parametrize(("element", "market"), [("MREE", "CHE"), ("MREE", "EUE"), ("Dy", "USA")])
def test_what_a_market_takes_of_its_own_mix_is_what_it_takes(element: str, market: str) -> None:
    """One fact, one number: the ends of the range and the middle are worked out alike."""
    view = view_in_memory()
    facts = read_facts(view.store, element, view.valid)
    base = read_base_year(facts, 2024, market, "a market")
    chain = base.accounts().chain()
    assert base.mix is not None
    taken = bought_by(chain, base.mix, market, chain.main.keys())
    assert taken == pytest.approx(sum(chain.demand.get((name, market), 0.0) for name in chain.main))
