"""What crosses a border: by unit value ore, compounds or metal, and never more than it costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.network.trade import Flow
from monazite.quantities.amount import Amount, exactly
from monazite.quantities.chemistry import Chemistry
from monazite.quantities.trade_content import ElementFlow, TradeContent, traded_goods

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
    # to a country that separates nothing: 20 % Nd oxide, or as much as 5 of 50 dollars buy
    dear = one(traded_goods([flow(COMPOUNDS, "B>C", 100, 40)], goods(), "Nd"))
    cheap = one(traded_goods([flow(COMPOUNDS, "B>C", 100, 5)], goods(), "Nd"))
    assert dear.stage == cheap.stage == "separation"
    assert dear.amount.value == pytest.approx(100 * 0.2 / 1.25)
    assert cheap.amount.value == pytest.approx(100 * 0.1 / 1.25)
    assert "prices/nd" in cheap.amount.rows


def test_metal_is_what_its_price_says_it_is() -> None:
    # metal of Nd costs 62.5; a kilogram at 12.5 can be a fifth of it, four fifths of that Nd
    found = one(traded_goods([flow(METALS, "B>C", 100, 12.5)], goods(), "Nd"))
    assert found.stage == "metal"
    assert found.amount.value == pytest.approx(100 * 0.2 * 0.8)
    assert found.amount.low == 0, "it may be mischmetal"


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
