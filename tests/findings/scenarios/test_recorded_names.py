"""Sources, policies and days are looked up without a chain; products go by their names."""

from __future__ import annotations

import pytest

import monazite
from monazite.findings.scenarios.recorded_names import is_named, products_named, recorded_faults
from monazite.findings.scenarios.scenario_file import read_with_faults
from monazite.findings.scenarios.told_names import name_of

TOP = 'title = "A"\ndescription = "A."\nstart = "2025-04"\nmonths = 12\nelement = "Xx"\n'
HEAVY, LIGHT = "magnets with Dy or Tb", "magnets without"
NDPR, TB = "NdPr outside magnets", "Tb outside magnets"
ALL = (HEAVY, LIGHT, NDPR, TB)


def faults(text: str) -> list[str]:
    scenario, _ = read_with_faults(TOP + text, "a.toml")
    assert scenario is not None
    return [str(each) for each in recorded_faults(scenario, monazite.load().store, "a.toml")]


def test_what_no_record_has_is_told_whatever_the_element() -> None:
    shock = '[[shock]]\nkind = "embargo"\npolicy = "mofcom-gac-2025-19"\n'
    found = faults('sources = ["mofcom18-hymagg"]\n' + shock)
    assert found == [
        'a.toml:6: there is no source "mofcom18-hymagg"; did you mean "mofcom18-hymag"?',
        'a.toml:9: there is no policy "mofcom-gac-2025-19"; did you mean "mofcom-gac-2025-18"?',
    ]


def test_days_of_a_policy_must_lie_in_the_months() -> None:
    shock = '[[shock]]\nkind = "embargo"\npolicy = "mofcom-gac-2025-18"\n'
    assert faults(shock) == []
    (only,) = faults(shock + "from = 2027-01-01\n")
    assert only.startswith("a.toml:9: it begins on 2027-01-01, outside 2025-04-01 to 2026-03-31")


def test_places_of_a_chain_are_left_to_the_chain() -> None:
    shock = '[[shock]]\nkind = "embargo"\nseller = "nowhere"\nfrom = 2025-05-01\n'
    assert faults(shock) == []


def test_a_policy_and_another_seller_are_a_fault() -> None:
    shock = '[[shock]]\nkind = "embargo"\npolicy = "mofcom-gac-2025-18"\n'
    assert faults(shock + 'seller = "CHN"\n') == []
    assert faults(shock + 'seller = "USA"\n') == [
        'a.toml:9: "mofcom-gac-2025-18" is a rule of China (CHN); '
        "leave the seller or the policy out"
    ]


@pytest.mark.parametrize("product", [*ALL, "samarium-cobalt magnets", "Y in oxide"])
def test_each_product_goes_by_both_of_its_names_and_no_other_does(product: str) -> None:
    for name in (product, name_of(product), name_of(product).capitalize()):
        assert is_named(name, product)
    others = [x for x in ALL if x != product]
    assert products_named(name_of(product), others) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", ALL),
        ("magnets", (HEAVY, LIGHT)),
        ("magnet", (HEAVY, LIGHT)),
        ("heavy", (HEAVY,)),
        ("Dy", (HEAVY,)),
        ("Tb", (HEAVY,)),
        ("with", (HEAVY,)),
        ("without", (LIGHT,)),
        ("without Dy", (LIGHT,)),
        ("outside magnets", (NDPR, TB)),
        ("Tb outside", (TB,)),
        ("NdPr", ()),
        ("gold", ()),
        ("a", ()),
    ],
)
def test_words_name_what_a_product_is_and_not_what_it_is_without(
    text: str, named: tuple[str, ...]
) -> None:
    assert products_named(text, ALL) == named
