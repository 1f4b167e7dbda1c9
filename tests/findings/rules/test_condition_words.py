"""What a condition asks and what an item has to it, as a reader sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.rules.case import Between, Case, Whereabouts
from monazite.findings.rules.condition_words import asks, has, number_text
from monazite.findings.rules.conditions import read_conditions
from monazite.triples.opening import open_store
from tests.findings.rules.cases import LOOSE

CONDITIONS = {
    each.row.removeprefix("rule_conditions/"): each for each in read_conditions(open_store())
}
PLACES = {"CHN": "China", "DEU": "Germany", "JPN": "Japan"}


def said(name: str, case: Case) -> str:
    return has(CONDITIONS[name], case, PLACES)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mofcom-18-tested-low-content", "Dy + Tb at most 0.1 % of mass"),
        (
            "mofcom-61-value-ndfeb-value-share",
            "Dy + Gd + Lu + Sc + Sm + Tb + Y from China at least 0.1 % of value",
        ),
        ("mofcom-61-value-ndfeb-made-in", "not made in China (magnet)"),
        (
            "dfars-7052-old-made-in",
            "made in China, Iran, North Korea or Russia (alloy, magnet)",
        ),
        ("dfars-7052-cots-new-magnet-share", "magnets below 50 % of the mass of the item"),
        ("crma-24-map-turnover", "turnover above 150,000,000 EUR a year"),
        ("crma-29-recycled-share-magnet-mass", "magnets above 200 g in all"),
        ("crma-29-recycled-share-product-class", "a product that Article 28 lists"),
        (
            "china-lists-affiliates-owned-share",
            "a buyer or user owned at least 50 % by listed firms",
        ),
        ("china-lists-mofcom-2026-30-unread", "the text was not read"),
        ("mofcom-18-deep-processed-shipped-as", "crosses the border as assembly or product"),
    ],
)
def test_what_a_condition_asks(name: str, words: str) -> None:
    assert asks(CONDITIONS[name]) == words


def test_every_condition_asks_something_without_a_code() -> None:
    for each in CONDITIONS.values():
        assert asks(each)
        assert "not known" not in asks(each)
        assert "_" not in asks(each)


def test_what_an_item_has() -> None:
    assert said("mofcom-18-magnet-content", LOOSE) == "2 to 3 %"
    half = replace(LOOSE, content={"Dy": Between(0.02, 0.03)})
    assert said("mofcom-18-magnet-content", half) == "at least 2 %, Tb not known"
    assert said("mofcom-18-magnet-content", Case()) == "Dy and Tb not known"
    assert said("crma-24-map-content", Case()) == "7 of them not known"
    assert said("mofcom-18-magnet-leaves", LOOSE) == "from China to Germany"
    assert said("mofcom-61-value-ndfeb-made-in", LOOSE) == "magnet China"
    known = {
        ("alloy", ""): Whereabouts.only("JPN"),
        ("magnet", ""): Whereabouts(frozenset({"CHN"})),
    }
    found = said("dfars-7052-old-made-in", replace(LOOSE, stages=known))
    assert found == "alloy Japan; magnet China or elsewhere"
    assert said("dfars-7052-old-made-in", Case()) == "alloy not settled; magnet not settled"
    assert said("dfars-7052-old-fact", Case(facts={"us-defence": True})) == "yes"
    assert said("crma-29-recycled-share-magnet-mass", Case()) == "not known"
    assert said("crma-29-recycled-share-magnet-mass", Case(magnet_mass=Between(180, 210))) == (
        "180 to 210 g"
    )
    grams = Case(magnet_mass=Between(400, 400), item_mass=Between(1000, 1000))
    assert said("dfars-7052-cots-new-magnet-share", grams) == "40 %"


def test_small_shares_stay_numbers() -> None:
    assert [number_text(each) for each in (0.000123, 0.00001, 999.9, 0.25)] == [
        "0.000123",
        "0.00001",
        "999.9",
        "0.25",
    ]
