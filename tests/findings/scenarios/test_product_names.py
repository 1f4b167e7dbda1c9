"""Products as scenario files name them: as tables print them, and by words of their names."""

from __future__ import annotations

import pytest

from monazite.findings.scenarios.headline import name_of
from monazite.findings.scenarios.product_names import is_named, products_named

HEAVY, LIGHT = "magnets with Dy or Tb", "magnets without"
NDPR, TB = "NdPr outside magnets", "Tb outside magnets"
ALL = (HEAVY, LIGHT, NDPR, TB)


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
