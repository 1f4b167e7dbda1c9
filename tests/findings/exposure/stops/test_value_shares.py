"""Shares of value by hand, and the two limits of 0.1 percent told apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monazite.bills.bill import Bill
from monazite.bills.reading import read_bill
from monazite.findings.exposure.exposure import (
    Exposure,
    country_codes,
    find_exposure,
    known_materials,
)
from monazite.findings.exposure.judged_lines import judge_lines
from monazite.findings.exposure.stops.stop_order import ordered_stops
from monazite.findings.exposure.stops.stop_tables import stop_tables
from monazite.findings.exposure.stops.stopping import cases_of
from monazite.findings.exposure.stops.value_shares import (
    NO_PRICE,
    NO_RATE,
    NO_VALUE,
    Valuation,
    read_prices,
)
from monazite.findings.rules.case import Between, Case, Whereabouts
from monazite.findings.rules.compiled import compile_rules
from monazite.findings.rules.judgements import Judgement, explain
from monazite.triples.names import Entity
from monazite.triples.store import Store
from tests.findings.exposure.stops.test_stop_order import STOPS

DAY = "2027-01-11"
MARKET = Entity("https://w3id.org/monazite/id/area/DEU", "Germany", frozenset())
HEADER = (
    "Level,Part,Qty,Mass (g),Material,Grade,Dy (%),Tb (%),Evidence,Value,Currency,"
    "Supplier,Made in\n"
)


def bill_of(tmp_path: Path, lines: str) -> Bill:
    file = tmp_path / "bill.csv"
    file.write_text(HEADER + lines, encoding="utf-8")
    return read_bill(file, {"dy": "Dy", "tb": "Tb"})


def shown(store: Store, bill: Bill) -> Exposure:
    return find_exposure(store, bill, MARKET)


def test_prices_by_hand(store: Store) -> None:
    # Dy2O3 on record since 2024-11-24: 224 USD a kilogram (96 percent of the volume of 2025) to
    # 1,100 (asked outside China); 1.1477 kg of oxide hold a kilogram of dysprosium.
    dy = read_prices(store, "2026-11-24")["Dy"]
    assert (dy.low, dy.high) == pytest.approx((224 * 1.1477, 1100 * 1.1477), rel=1e-4)
    assert "prices/dysprosium-oxide-2025-ask-price-peak-outside-china" in dy.rows
    assert "Dy" not in read_prices(store, "2029-01-01")  # older than two years: none fits


def test_shares_by_hand_and_why_others_are_not_known(store: Store, tmp_path: Path) -> None:
    bill = bill_of(
        tmp_path,
        "0,Priced,1,10,NdFeB,N42,2,,tested,0.60,USD,,\n"
        "0,Euro,1,10,NdFeB,N42,2,,tested,0.60,EUR,,\n"
        "0,Free,1,10,NdFeB,N42,2,,tested,,,,\n",
    )
    lines = shown(store, bill).lines
    prices = {"Dy": read_prices(store, DAY)["Dy"]}
    found = {(x.name, x.element): x for x in Valuation(prices, {}, bill, lines).shares()}
    # 2 % of 10 g are 0.2 g of Dy, for 257.1 to 1,262.5 USD a kilogram, of 0.60 USD.
    dy = found["Priced", "Dy"]
    assert (dy.low, dy.high) == pytest.approx((0.0857, 0.4208), rel=1e-3)
    assert found["Priced", "Nd"].not_known == NO_PRICE
    assert found["Euro", "Dy"].not_known == NO_RATE
    assert found["Free", "Dy"].not_known == NO_VALUE
    assert {x.element for x in found.values() if x.beyond} == set()
    cheap = replace(lines[0], value=0.01)  # 0.06 to 0.25 USD of dysprosium in a piece of 0.01
    [beyond] = [x for x in Valuation(prices, {}, bill, [cheap]).shares() if x.beyond]
    assert (beyond.element, beyond.low, beyond.high) == ("Dy", 1.0, 1.0)
    materials, country = known_materials(store), country_codes(store)
    stops = ordered_stops(bill, lines, cases_of(bill, lines, materials, country), STOPS)
    told = stop_tables(replace(shown(store, bill), stops=stops, value_shares=(beyond,)))[-1].remarks
    assert "Row 2: by these prices its Dy would cost more than the piece" in told[-1]
    for rate in (1e308, 1e-320):  # a number that no rate has gives no share, and no fault
        odd = Valuation(prices, {"EUR": rate}, bill, lines).shares()
        assert next(x for x in odd if (x.name, x.element) == ("Euro", "Dy")).low is None
    rated = Valuation(prices, {"EUR": 1.25}, bill, lines).shares()
    euro = next(x for x in rated if (x.name, x.element) == ("Euro", "Dy"))
    assert (euro.low, euro.high) == pytest.approx((0.0857 / 1.25, 0.4208 / 1.25), rel=1e-3)


def test_the_two_tenths_of_a_percent_differ(store: Store, tmp_path: Path) -> None:
    """A magnet of 60 USD a kilogram with 0.05 % of dysprosium, made in Japan of Chinese metal.

    It is below 0.1 % of the mass, which passes in practice under announcement 18, and at 0.21 to
    1.05 % of the value, above 0.1 %, which announcement 61 counts.
    """
    bill = bill_of(
        tmp_path,
        "0,Magnet,1,1000,NdFeB,N42,0.05,0,tested,60,USD,Example KK,JPN\n",
    )
    lines = shown(store, bill).lines
    worth = Valuation(read_prices(store, DAY), {}, bill, lines)
    share = next(x for x in worth.shares() if x.element == "Dy")
    assert (share.low, share.high) == pytest.approx((0.00214, 0.01052), rel=1e-2)
    assert lines[0].grams[0].percent_high == 0.05
    rules = compile_rules(store, [DAY])
    abroad = Case(
        magnet_types=frozenset({"ndfeb"}),
        forms=frozenset({"magnet"}),
        shipped_as=frozenset({"magnet"}),
        stages={
            ("magnet", ""): Whereabouts.only("JPN"),
            **{(stage, ""): Whereabouts.only("CHN") for stage in ("separation", "metal", "alloy")},
        },
        made_in=Whereabouts.only("JPN"),
        ships_from=frozenset({"JPN"}),
        destination=frozenset({"DEU"}),
        facts={"chinese-technology": False},
    )

    def judged(case: Case, part: float) -> dict[tuple[str, str], Judgement]:
        others = {name: Between(0.0, 0.0) for name in ("Tb", "Sm", "Gd", "Lu", "Sc", "Y")}
        content = {**others, "Dy": Between(0.0005 * part, 0.0005 * part)}
        case = replace(case, content=content)
        case = replace(case, value_share=worth.of_case(0, case))
        return {(x.rule, x.layer): x for x in explain(rules, case, DAY)}

    value = "Dy + Gd + Lu + Sc + Sm + Tb + Y from China at least 0.1 % of value"
    whole = judged(abroad, 1)["mofcom-61", "text"]
    assert f"{value}; here 0.214 to 1.05 %: yes." in whole.because
    assert whole.reasons == ("status unknown",)  # whether the act is in force, and nothing else
    # At a tenth of the dysprosium the prices decide, at a hundredth it is below at any price.
    tenth = judged(abroad, 0.1)["mofcom-61", "text"]
    assert f"{value}; here 0.0214 to 0.105 %: open." in tenth.because
    assert "range straddles" in tenth.reasons
    assert judged(abroad, 0.01)["mofcom-61", "text"].outcome == "not"
    # By mass the same magnet passes in practice where it comes from China itself and was tested.
    chinese = replace(
        abroad,
        made_in=Whereabouts.only("CHN"),
        stages={},
        ships_from=frozenset({"CHN"}),
        tested=frozenset({"Dy", "Tb"}),
    )
    by_mass = judged(chinese, 1)
    assert by_mass["mofcom-18", "text"].outcome == "caught"
    assert by_mass["mofcom-18", "practice"].outcome == "not"
    assert any("at most 0.1 % of mass" in x for x in by_mass["mofcom-18", "practice"].because)


def test_a_value_of_the_bill_reaches_the_judgement(store: Store, tmp_path: Path) -> None:
    bill = bill_of(
        tmp_path,
        "0,Machine,1,9000,,,,,,1450,USD,,Germany\n"
        "1,Magnet,1,1000,NdFeB,N42,2,0,tested,60,USD,Example KK,Japan\n",
    )
    lines = shown(store, bill).lines
    worth = Valuation(read_prices(store, DAY), {}, bill, lines)
    materials, country = known_materials(store), country_codes(store)
    rules = compile_rules(store, [DAY])
    told = {}
    for given in (None, worth):
        judged = judge_lines(rules, bill, lines, materials, "DEU", country, worth=given)
        told[given is None] = next(x for x in judged if x.rule == "mofcom-61" and x.layer == "text")
    # Whether the dysprosium is Chinese is not known: it stays open, and the arithmetic is told.
    assert told[False].outcomes[DAY] == told[True].outcomes[DAY] == "may"
    # 20 g of Dy of a machine for 1,450 USD: 0.35 to 1.74 %.
    assert worth.of_product()["Dy"].low == pytest.approx(0.02 * 257.1 / 1450, rel=1e-3)
    assert worth.of_product()["Dy"].high == pytest.approx(0.02 * 1262.5 / 1450, rel=1e-3)
