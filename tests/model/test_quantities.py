"""Amounts, what ores and goods hold, national output and trade: worked by hand, and their laws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import NotKnownError
from monazite.model.chemistry import NOTHING, Amount, Chemistry, exactly, read_chemistry, total
from monazite.model.network.facts import Facts, read_facts
from monazite.model.network.shares import OutputFigure
from monazite.model.network.trade import Flow
from monazite.model.trade_content import (
    HEAVY_SEPARATION,
    ElementFlow,
    Output,
    TradeContent,
    national_output,
    traded_goods,
)
from monazite.store.queries import QueryRecord
from monazite.store.store import Store

numbers = st.floats(0.001, 1e6)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return Amount(value, low, high, (draw(st.sampled_from("abc")),))


@given(amounts(), amounts())
def test_every_result_lies_in_its_range_and_keeps_all_rows(one: Amount, other: Amount) -> None:
    for found in (one + other, one * other, one / other):
        assert found.low <= found.value <= found.high
        assert set(found.rows) == {*one.rows, *other.rows}


@given(st.lists(amounts(), max_size=5))
def test_a_total_is_the_sum_one_by_one(parts: list[Amount]) -> None:
    found = NOTHING
    for part in parts:
        found = found + part
    whole = total(parts)
    assert whole.value == pytest.approx(found.value)
    assert (whole.rows, whole.assumptions) == (found.rows, found.assumptions)


def test_a_value_outside_its_range_is_refused() -> None:
    with pytest.raises(AssertionError):
        Amount(3.0, 1.0, 2.0)


def of_two_ores() -> Chemistry:
    return Chemistry(
        factors={"Nd": exactly(1.25, "f/nd"), "Pr": exactly(1.2), "Dy": exactly(1.15)},
        ores={"A": (("rich", exactly(0.25)), ("poor", exactly(0.75)))},
        assays={
            "rich": {"Nd": exactly(0.2), "Dy": exactly(0.04)},
            "poor": {"Nd": exactly(0.1), "Pr": exactly(0.05)},
        },
        materials={"ndpr-oxide": frozenset({"Nd", "Pr"}), "dy-oxide": frozenset({"Dy"})},
        assumed={},
        reasons={},
    )


def test_what_bears_on_an_element_is_its_own_and_that_of_no_element() -> None:
    keys = {("yield", "", "Nd"): "nd", ("yield", "", "Dy"): "dy", ("yield", "", ""): "all"}
    assumed = {key: exactly(0.5, name) for key, name in keys.items()}
    assert {"nd", "all"} == {*replace(of_two_ores(), assumed=assumed).inputs({"Nd"})} - {""}


def test_a_country_holds_the_mix_of_its_ores() -> None:
    # a quarter of 20 % and three quarters of 10 % are 12.5 %; over 1.25 that is 10 % of the metal
    chemistry = of_two_ores()
    assert chemistry.oxide_share("A", "Nd").value == pytest.approx(0.125)
    assert chemistry.in_oxide("A", "Nd").value == pytest.approx(0.1)
    assert "f/nd" in chemistry.in_oxide("A", "Nd").rows
    assert chemistry.oxide_share("A", "Dy").value == pytest.approx(0.01)
    assert chemistry.oxide_share("A", "Tb").value == 0  # an assay does not print it


def test_an_oxide_of_two_is_split_as_in_the_ore() -> None:
    # ore: 12.5 % Nd2O3 and 3.75 % Pr6O11, so 10/13 of the oxide is neodymium's
    chemistry = of_two_ores()
    in_oxide = chemistry.in_material("ndpr-oxide", "oxide", "A", "Nd").value
    assert in_oxide == pytest.approx(0.125 / 0.1625 / 1.25)
    in_metal = chemistry.in_material("ndpr-oxide", "metal", "A", "Nd").value
    assert in_metal == pytest.approx(0.1 / (0.1 + 0.0375 / 1.2))
    assert chemistry.in_material("dy-oxide", "oxide", "A", "Dy").value == pytest.approx(1 / 1.15)
    assert chemistry.in_material("dy-oxide", "oxide", "A", "Nd").value == 0


def read_rows(
    assays: Sequence[dict[str, str]] = (), assumptions: Sequence[dict[str, str]] = ()
) -> Chemistry:
    """The chemistry of assays and assumptions that give some cells."""
    names = "deposit element percent low high reason property subject text"
    blank = {**dict.fromkeys(names.split(), ""), "assumed": "false"}
    rows = {"balance-assays": assays, "balance-assumptions": assumptions}

    def ask(name: str) -> list[QueryRecord]:
        return [QueryRecord({**blank, **each}) for each in rows.get(name, ())]

    return read_chemistry(cast("Facts", SimpleNamespace(ask=ask)))


def others(percent: float) -> dict[str, str]:
    """An element that makes an assay whole."""
    return {"deposit": "clay", "element": "Ce", "percent": f"{100 - percent}", "row": "row/others"}


@pytest.mark.parametrize(
    ("found", "used"), [(97.9, False), (98.1, True), (101.9, True), (103, False)]
)
def test_an_assay_that_does_not_add_up_is_not_used_and_says_so(found: float, used: bool) -> None:
    yttrium = {"deposit": "clay", "element": "Y", "percent": "5", "row": "row/y"}
    parts = [
        {
            "property": "ore-share",
            "subject": ore,
            "text": "A",
            "value": "1",
            "unit": "times",
            "row": ore,
        }
        for ore in ("clay", "sand")
    ]
    chemistry = read_rows([yttrium, others(105 - found)], parts)
    assert ("clay" in chemistry.assays) == used
    assert [ore for ore, _ in chemistry.ores["A"]] == (["clay", "sand"] if used else ["sand"])
    why = "The elements in the assay of clay add up to (98|103) %"
    assert used or re.search(why, chemistry.unused["clay"])


@pytest.mark.parametrize(
    ("printed", "value", "low", "high"),
    [
        (["0.1"], 0.001, 0.0005, 0.0015),  # one digit: from half to one and a half
        (["12.001"], 0.12001, 0.120005, 0.120015),
        (["50", "50.07"], 0.50035, 0.495, 0.505),
        (["25"], 0.25, 0.245, 0.255),
    ],
)
def test_an_assay_is_as_sure_as_its_digits(
    printed: list[str], value: float, low: float, high: float
) -> None:
    assays = [{"deposit": "clay", "element": "Y", "percent": p, "row": f"row/{p}"} for p in printed]
    found = read_rows([*assays, others(100 * value)]).assays["clay"]["Y"]
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high))


@pytest.mark.parametrize(
    ("beside", "value", "row"),
    [
        ({"percent": "24", "assumed": "true"}, 0.24, "a/beside"),
        ({"percent": "30", "assumed": "false"}, 0.3, "a/beside"),
        ({}, 0.2, "a/over"),
    ],
)
def test_a_bound_is_no_assay_where_anything_else_is_known(
    beside: dict[str, str], value: float, row: str
) -> None:
    clay = {"deposit": "clay", "element": "Y"}
    assays = [{**clay, "low": "20", "row": "row/a/over"}]
    assays += [{**clay, **beside, "row": "row/a/beside"}] if beside else []
    found = read_rows([*assays, others(100 * value)]).assays["clay"]["Y"]
    assert found.value == pytest.approx(value)
    assert (*found.rows, *found.assumptions) == (row,)


def test_the_shipped_rows_say_what_the_assays_print(store: Store) -> None:
    chemistry = read_chemistry(read_facts(store, "Dy", "2026-11-24"))
    clay = chemistry.assays["south-china-clay"]
    assert clay["Dy"].value == pytest.approx(0.0472)
    assert clay["Dy"].rows == ("assays/south-china-clay-dy-treo-gree-projects",)
    assert sum(share.value for _, share in chemistry.ores["CHN"]) == pytest.approx(1.0)
    assert not chemistry.unused
    light = [chemistry.assays["maoniuping"][each] for each in ("La", "Ce", "Pr", "Nd")]
    assert sum(each.value for each in light) == pytest.approx(0.96, abs=1e-4)
    assert chemistry.reasons["assumptions/method-stage-yield-metal"][1].low == 0.92
    assumed = chemistry.of("element-per-magnet", "ndfeb-magnet", "Dy")
    assert assumed is not None
    assert (assumed.value, assumed.low, assumed.high) == pytest.approx((0.009, 0.003, 0.015))
    assert assumed.assumptions == ("assumptions/method-element-per-magnet-dy",)


@pytest.mark.parametrize(("value", "high"), [("120", ""), ("-1", ""), ("90", "101")])
def test_a_part_of_more_than_the_whole_names_its_row(value: str, high: str) -> None:
    own = {"row": "row/assumptions/own", "property": "magnet-use-share"}
    with pytest.raises(NotKnownError, match="assumptions/own gives a part below 0 or above 100"):
        read_rows(assumptions=[{**own, "unit": "percent", "value": value, "high": high}])
    factor = read_rows(assumptions=[{**own, "unit": "times", "value": "2", "high": "3"}])
    found = factor.of("magnet-use-share", "")
    assert found is not None
    assert found.high == 3


PLAIN = OutputFigure(
    "production/a", "CHN", False, "mine", 1, 2024, "usgs", "reo", 1, "2025", 1,
    "material/rare-earths", (100.0, None, None), (None, None, None),
)  # fmt: skip


def tenth(_material: str, _basis: str, _place: str) -> Amount:
    """A tenth of every material is the element."""
    return exactly(0.1, "assays/a")


def china(*figures: OutputFigure, year: int = 2024, **drawn: Amount) -> Output:
    named = {f"production/{name}": amount for name, amount in drawn.items()}
    return national_output(figures, "mine", year, tenth, named)["CHN"]


def row_of(row: str, tonnes: float | None, **given: object) -> OutputFigure:
    other = replace(PLAIN, row=f"production/{row}", tonnes=(tonnes, None, None))
    return replace(other, **given)  # type: ignore[arg-type]


def test_the_row_times_what_its_material_holds() -> None:
    made = china(PLAIN)
    assert (made.amount.value, made.amount.low, made.amount.high) == pytest.approx((10, 10, 10))
    assert made.amount.rows == ("assays/a", "production/a")


def test_the_year_counts_first_then_the_one_before_then_the_one_after() -> None:
    before, after = row_of("before", 50.0, year=2023), row_of("after", 60.0, year=2025)
    assert china(before, PLAIN, after).year == 2024
    assert china(after, before).year == 2023
    assert china(after).year == 2025
    assert national_output([row_of("old", 5.0, year=2022)], "mine", 2024, tenth) == {}


def test_rows_beside_it_widen_the_range_and_move_nothing() -> None:
    made = china(PLAIN, row_of("b", 80.0, preference=2), row_of("c", 130.0, preference=3))
    assert (made.amount.low, made.amount.value, made.amount.high) == pytest.approx((8, 10, 13))
    assert made.printed == Amount(100.0, 80.0, 130.0, ("production/a",))
    # Those on another basis, or of a wider material, widen nothing.
    other = china(PLAIN, row_of("b", 80.0, basis="oxide"), row_of("c", 130.0, rank=2))
    assert other.amount.low == other.amount.high


@pytest.mark.parametrize(
    "given", [{"total": True}, {"basis": "share-of-world-output"}, {"stage": "magnet"}]
)
def test_totals_shares_and_other_stages_do_not_count(given: dict[str, object]) -> None:
    assert national_output([row_of("b", 80.0, **given)], "mine", 2024, tenth) == {}
    assert national_output([row_of("b", None)], "mine", 2024, tenth) == {}


def test_drawn_tonnes_stand_for_the_row_and_its_rivals() -> None:
    made = china(PLAIN, row_of("b", 80.0, preference=2), a=exactly(90.0))
    assert (made.amount.low, made.amount.value, made.amount.high) == pytest.approx((9, 9, 9))


def test_of_a_forecast_what_was_made_is_the_part_that_is_assumed() -> None:
    part = Amount(1.0, 0.7, 1.0, assumptions=("assumptions/part",))

    def fulfilled(material: str) -> Amount | None:
        return part if material == "rare-earths" else None

    def made_of(each: OutputFigure) -> Amount:
        return national_output([each], "mine", 2024, tenth, {}, fulfilled)["CHN"].amount

    expected = made_of(replace(PLAIN, kind="forecast"))
    assert (expected.low, expected.value, expected.high) == pytest.approx((7, 10, 10))
    assert expected.assumptions == ("assumptions/part",)
    measured = made_of(PLAIN)
    assert (measured.low, measured.high, measured.assumptions) == (measured.value, 10, ())
    other = made_of(replace(PLAIN, kind="forecast", material="material/else"))
    assert other.low == other.high


def test_a_drawn_forecast_and_its_drawn_part_move_together() -> None:
    forecast, drawn = replace(PLAIN, kind="forecast"), {"production/a": exactly(50.0)}
    half = national_output([forecast], "mine", 2024, tenth, drawn, lambda _: exactly(0.8))
    assert half["CHN"].amount.value == pytest.approx(50 * 0.1 * 0.8)


COMPOUNDS, METALS, MAGNETS = "hs-284690", "hs-280530", "hs-850511"


def goods() -> TradeContent:
    parts = {"Nd": 0.2, "Pr": 0.05, "Dy": 0.01}
    recipe = {"Nd": 0.24, "Pr": 0.06, "Dy": 0.01}
    light = "compounds of a country that separates no heavy rare earths"
    assumed = {
        ("trade-code-split", "HS 2846.90 trade", ""): exactly(10.0),
        ("trade-element-mix", "traded feed and compounds", ""): Amount(1.0, 0.5, 2.0),
        ("reo-content", COMPOUNDS, "reo"): exactly(0.9),
        ("reo-content", METALS, "reo"): exactly(0.4),
        ("stage-yield", "metal", ""): exactly(1.0),
        ("ndpr-unit-value", "compounds", ""): exactly(25.0),
        ("ndpr-of-value", light, ""): Amount(0.9, 0.5, 1.0),
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


def one(code: str, pair: str, tonnes: float, usd: float, element: str) -> ElementFlow:
    """What one flow at a price a kilogram holds."""
    (traded,) = traded_goods([flow(code, pair, tonnes, usd)], goods(), element)
    return traded


def test_ore_holds_its_oxide_times_the_assay() -> None:
    # 1,000 t x 0.9 oxide x 1 % Dy oxide / 1.25
    found = one(COMPOUNDS, "A>B", 1000, 18, "Dy")
    assert (found.stage, found.exporter, found.importer) == ("mine", "A", "B")
    assert found.amount.value == pytest.approx(7.2)
    # cheap metal of a miner to a separator is concentrate
    concentrate = one(METALS, "A>B", 1000, 4, "Nd")
    assert concentrate.stage == "mine"
    assert concentrate.amount.value == pytest.approx(1000 * 0.4 * 0.2 / 1.25)


def test_compounds_hold_the_mix_within_what_they_cost() -> None:
    # to a country that separates nothing: 20 % Nd oxide, or as much as 5 of 50 dollars buy, of
    # which 85 % may be neodymium
    fair, cheap = (one(COMPOUNDS, "B>C", 100, usd, "Nd") for usd in (20, 5))
    assert fair.stage == cheap.stage == "separation"
    assert fair.amount.value == pytest.approx(100 * 0.2 / 1.25)
    assert cheap.amount.value == pytest.approx(100 * 0.1 * 0.85 / 1.25)
    assert (fair.amount.low, cheap.amount.low) == (0, 0)
    assert "prices/nd" in cheap.amount.rows


def test_metal_is_what_its_price_says_it_is() -> None:
    # metal of Nd costs 62.5: a kilogram at 12.5 can be a fifth of it, of which nine tenths are
    # likely and four fifths Nd; but it may be mischmetal, so that half of that is taken
    found = one(METALS, "B>C", 100, 12.5, "Nd")
    assert found.stage == "metal"
    assert found.amount.value == pytest.approx(100 * 0.2 * 0.9 * 0.8 / 2)
    assert found.amount.low == 0
    assert found.amount.high == pytest.approx(100 * 0.2 * 0.85)
    # at 50 dollars it is no mischmetal: half to all of its value is of both
    dear = one(METALS, "B>C", 100, 50, "Nd")
    assert dear.amount.value == pytest.approx(100 * 0.8 * 0.9 * 0.8)
    assert dear.amount.low == pytest.approx(100 * 0.8 * 0.5 * 0.7)
    # heavy ones only where they are separated: B does not
    heavy = one(METALS, "B>C", 100, 50, "Dy")
    assert (heavy.amount.value, heavy.amount.low) == (0, 0)


def test_dear_compounds_hold_heavy_ones_where_they_are_made() -> None:
    # a kilogram at 40 dollars buys 0.8 of oxide; nine tenths of that are likely, four fifths Nd
    found = one(COMPOUNDS, "B>C", 100, 40, "Nd")
    assert found.amount.value == pytest.approx(100 * 0.8 * 0.9 * 0.8 / 1.25)
    assert one(COMPOUNDS, "B>C", 100, 40, "Dy").amount.high == 0
    whole = replace(goods(), countries={**goods().countries, HEAVY_SEPARATION: {"B"}})
    (heavy,) = traded_goods([flow(COMPOUNDS, "B>C", 100, 40)], whole, "Dy")
    assert heavy.amount.value == pytest.approx(100 * 0.01 / 1.25)
    assert heavy.amount.high == pytest.approx(100 * (40 / 250) / 1.25)


def test_a_sum_over_all_origins_is_ore_too() -> None:
    mines = replace(goods(), countries={**goods().countries, "mine": {"A", "B", "ROW"}})
    (found,) = traded_goods([flow(COMPOUNDS, "WLD>B", 100, 5)], mines, "Nd")
    assert (found.stage, found.exporter) == ("mine", "ROW")


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
