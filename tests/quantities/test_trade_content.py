"""What crosses a border: by unit value ore, compounds or metal, and never more than it costs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.network.trade import Flow
from monazite.quantities.amount import Amount, exactly
from monazite.quantities.chemistry import Chemistry
from monazite.quantities.trade_content import (
    HEAVY_SEPARATION,
    ElementFlow,
    TradeContent,
    traded_goods,
)

COMPOUNDS, METALS, MAGNETS = "hs-284690", "hs-280530", "hs-850511"


def goods() -> TradeContent:
    parts = {"Nd": 0.2, "Pr": 0.05, "Dy": 0.01}
    recipe = {"Nd": 0.24, "Pr": 0.06, "Dy": 0.01}
    assumed = {
        ("trade-code-split", "HS 2846.90 trade", ""): exactly(10.0),
        ("trade-element-mix", "traded feed and compounds", ""): Amount(1.0, 0.5, 2.0),
        ("reo-content", COMPOUNDS, "reo"): exactly(0.9),
        ("reo-content", METALS, "reo"): exactly(0.4),
        ("stage-yield", "metal", ""): exactly(1.0),
        ("ndpr-unit-value", "compounds", ""): exactly(25.0),
        (
            "ndpr-of-value",
            "compounds of a country that separates no heavy rare earths",
            "",
        ): Amount(0.9, 0.5, 1.0),
        ("praseodymium-in-ndpr", "traded praseodymium and neodymium", ""): Amount(0.2, 0.15, 0.3),
        **{("element-per-magnet", "ndfeb-magnet", e): exactly(p) for e, p in recipe.items()},
    }
    chemistry = Chemistry(
        factors={element: exactly(1.25) for element in parts},
        ores={place: (("ore", exactly(1.0)),) for place in ("A", "B", "ROW")},
        assays={"ore": {element: exactly(part) for element, part in parts.items()}},
        materials={},
        assumed=assumed,
        reasons={},
    )
    return TradeContent(
        chemistry=chemistry,
        routes={
            COMPOUNDS: [("mine", "separation"), ("separation", "metal")],
            METALS: [("metal", "magnet"), ("mine", "separation")],
        },
        countries={"mine": {"A", "B"}, "separation": {"B"}},
        prices={"Nd": exactly(50.0, "prices/nd"), "Pr": exactly(50.0), "Dy": exactly(250.0)},
    )


def flow(code: str, pair: str, tonnes: float, usd: float, *, reconciled: bool = True) -> Flow:
    exporter, importer = pair.split(">")
    paid = usd * tonnes * 1000
    row = f"baci/{pair}-{code}"
    return Flow(code, exporter, importer, "WLD" in pair, tonnes, paid, None, row, reconciled)


def one(found: list[ElementFlow]) -> ElementFlow:
    (traded,) = found
    return traded


def test_ore_holds_its_oxide_times_the_assay() -> None:
    # 1,000 t x 0.9 oxide x 1 % Dy oxide / 1.25
    found = one(traded_goods([flow(COMPOUNDS, "A>B", 1000, 18)], goods(), "Dy"))
    assert (found.stage, found.exporter, found.importer) == ("mine", "A", "B")
    assert found.amount.value == pytest.approx(7.2)


def test_compounds_hold_the_mix_within_what_they_cost() -> None:
    # to a country that separates nothing: 20 % Nd oxide, or as much as 5 of 50 dollars buy, of
    # which 85 % may be neodymium
    fair = one(traded_goods([flow(COMPOUNDS, "B>C", 100, 20)], goods(), "Nd"))
    cheap = one(traded_goods([flow(COMPOUNDS, "B>C", 100, 5)], goods(), "Nd"))
    assert fair.stage == cheap.stage == "separation"
    assert fair.amount.value == pytest.approx(100 * 0.2 / 1.25)
    assert cheap.amount.value == pytest.approx(100 * 0.1 * 0.85 / 1.25)
    assert (fair.amount.low, cheap.amount.low) == (0, 0)
    assert "prices/nd" in cheap.amount.rows


def test_metal_is_what_its_price_says_it_is() -> None:
    # metal of Nd costs 62.5: a kilogram at 12.5 can be a fifth of it, of which nine tenths are
    # likely and four fifths Nd; but it may be mischmetal, so that half of that is taken
    found = one(traded_goods([flow(METALS, "B>C", 100, 12.5)], goods(), "Nd"))
    assert found.stage == "metal"
    assert found.amount.value == pytest.approx(100 * 0.2 * 0.9 * 0.8 / 2)
    assert found.amount.low == 0
    assert found.amount.high == pytest.approx(100 * 0.2 * 0.85)
    # at 50 dollars it is no mischmetal: half to all of its value is of both
    dear = one(traded_goods([flow(METALS, "B>C", 100, 50)], goods(), "Nd"))
    assert dear.amount.value == pytest.approx(100 * 0.8 * 0.9 * 0.8)
    assert dear.amount.low == pytest.approx(100 * 0.8 * 0.5 * 0.7)
    # heavy ones only where they are separated: B does not
    heavy = one(traded_goods([flow(METALS, "B>C", 100, 50)], goods(), "Dy"))
    assert (heavy.amount.value, heavy.amount.low) == (0, 0)


def test_dear_compounds_are_mostly_oxide_for_magnets_and_hold_heavy_ones_where_they_are_made() -> (
    None
):
    # a kilogram at 40 dollars buys 0.8 of oxide; nine tenths of that are likely, four fifths Nd
    dear = [flow(COMPOUNDS, "B>C", 100, 40)]
    found = one(traded_goods(dear, goods(), "Nd"))
    assert found.amount.value == pytest.approx(100 * 0.8 * 0.9 * 0.8 / 1.25)
    assert one(traded_goods(dear, goods(), "Dy")).amount.high == 0
    whole = replace(goods(), countries={**goods().countries, HEAVY_SEPARATION: {"B"}})
    heavy = one(traded_goods(dear, whole, "Dy")).amount
    assert heavy.value == pytest.approx(100 * 0.01 / 1.25)
    assert heavy.high == pytest.approx(100 * (40 / 250) / 1.25)


def test_a_sum_over_all_origins_is_ore_too() -> None:
    mines = replace(goods(), countries={**goods().countries, "mine": {"A", "B", "ROW"}})
    found = one(traded_goods([flow(COMPOUNDS, "WLD>B", 100, 5)], mines, "Nd"))
    assert (found.stage, found.exporter) == ("mine", "ROW")


def test_cheap_metal_of_a_miner_to_a_separator_is_concentrate() -> None:
    found = one(traded_goods([flow(METALS, "A>B", 1000, 4)], goods(), "Nd"))
    assert found.stage == "mine"
    assert found.amount.value == pytest.approx(1000 * 0.4 * 0.2 / 1.25)


def test_no_tonne_counts_twice() -> None:
    flows = [
        flow(COMPOUNDS, "A>B", 1000, 18),
        flow(COMPOUNDS, "A>B", 1100, 18, reconciled=False),
        flow(COMPOUNDS, "WLD>B", 5000, 18, reconciled=False),
        flow(MAGNETS, "CHN>WLD", 100, 50, reconciled=False),
        flow(MAGNETS, "CHN>C", 60, 50, reconciled=False),
    ]
    found = traded_goods(flows, goods(), "Dy")
    weights = {(each.stage, each.exporter, each.importer): each.gross for each in found}
    assert weights == {("mine", "A", "B"): 1000, ("magnet", "CHN", "ROW"): 100}


@given(st.floats(0.1, 500), st.sampled_from(["A>B", "B>C", "B>A", "C>A"]))
def test_no_kilogram_carries_more_than_it_costs_or_weighs(usd: float, pair: str) -> None:
    for code in (COMPOUNDS, METALS):
        for element in ("Nd", "Dy"):
            for found in traded_goods([flow(code, pair, 100, usd)], goods(), element):
                assert found.amount.high <= 100
                if found.stage == "separation":
                    price = goods().prices[element].value
                    assert found.amount.high * 1.25 * price <= usd * 100 * 1.0001
