"""What is printed of a scenario can be asked by the same name, and names what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.scenarios.told_names import line_name, name_meant, name_of
from tests.findings.small_chains import candidate
from tests.pages.outcomes import HEAVY, LIGHT

PRODUCTS = {product: product for product in (HEAVY, LIGHT, "Y in oxide")}


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_is_meant_by_what_is_printed_and_by_its_own_name(product: str) -> None:
    assert name_meant("product", name_of(product), PRODUCTS) == product
    assert name_meant("product", product, PRODUCTS) == product


def test_another_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match='no product "ore"; it tells of Y in oxide'):
        name_meant("product", "ore", PRODUCTS)
    with pytest.raises(UnknownNameError, match="no market"):
        name_meant("market", "Atlantis", {"JPN": "Japan"})


@pytest.mark.parametrize(
    ("kind", "label", "stage", "name"),
    [
        ("country", "China separation", "separation", "China separation"),
        ("site", "Kuantan", "separation", "Kuantan: separation"),
        ("site", "Kuantan", "separation + metal", "Kuantan: separation and metal"),
        ("firm", "Lynas", "", "Lynas"),
    ],
)
def test_a_line_of_the_chain_is_named_with_its_stage_once(
    kind: str, label: str, stage: str, name: str
) -> None:
    assert line_name(replace(candidate("mine/A"), kind=kind, label=label, stage=stage)) == name
