"""Headers in three languages: exact words, units in them, and which supplier they speak of."""

from __future__ import annotations

import pytest

from monazite.bills.headers import MEANINGS, Meaning, read_header
from monazite.bills.units import GRAMS, currency_code, unit_word

NAMES = {"dy": "Dy", "dysprosium": "Dy", "tb": "Tb"}


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Qty.", Meaning("quantity")),
        ("Menge", Meaning("quantity")),
        ("数量", Meaning("quantity")),
        ("Teile-Nr.", Meaning("part_number")),
        ("Teil", Meaning("part_number")),
        ("P/N", Meaning("part_number")),
        ("物料编码", Meaning("part_number")),
        ("Stückgewicht [g]", Meaning("mass", unit="g")),
        ("单重（kg）", Meaning("mass", unit="kg")),
        ("Weight in oz", Meaning("mass", unit="oz")),
        ("Mass/lb", Meaning("mass", unit="lb")),
        ("Dy-Gehalt (%)", Meaning("content", element="Dy", unit="%")),
        ("Dysprosium content ppm", Meaning("content", element="Dy", unit="ppm")),
        ("Tier 2 supplier", Meaning("supplier", tier=2)),
        ("二级供应商", Meaning("supplier", tier=2)),
        ("Lieferant 2", Meaning("supplier", number=2)),
        ("Zweitlieferant", Meaning("supplier", number=2)),
        ("2nd source", Meaning("supplier", number=2)),
        ("Split 2 (%)", Meaning("split", number=2, unit="%")),
        ("Unit price (EUR)", Meaning("value", unit="EUR")),
        ("Preis €", Meaning("value", unit="€")),
        ("原产国", Meaning("made_in")),
        ("上级序号", Meaning("parent")),
        ("Stücklistenebene", Meaning("level")),
    ],
)
def test_a_header_means(header: str, meaning: Meaning) -> None:
    assert read_header(header, NAMES) == meaning


@pytest.mark.parametrize("header", ["Comment", "备注", "Total quantity", "Weights", "Dx", "", "%"])
def test_what_is_not_known_is_not_guessed(header: str) -> None:
    assert read_header(header, NAMES) is None


def test_every_meaning_has_words() -> None:
    assert read_header("Supplier 3", NAMES) == Meaning("supplier", number=3)
    assert Meaning("supplier", tier=2, number=3).words == "supplier 3 of tier 2"
    assert all(MEANINGS.values())


def test_units_are_those_of_1959() -> None:
    assert GRAMS["lb"] == 453.59237
    assert GRAMS["oz"] * 16 == pytest.approx(453.59237)
    assert [unit_word(word) for word in ("KG", "公斤", "Unzen", "Stk.", "m")] == [
        *("kg", "kg", "oz", "piece", "m")
    ]


def test_the_sign_of_several_currencies_is_none() -> None:
    assert [currency_code(text) for text in ("€", "cny", "¥", "EURO")] == ["EUR", "CNY", "", ""]
    assert currency_code("$") == ""
