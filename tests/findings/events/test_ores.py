"""Which deposits stand for a country's ore, and which mine is nearly all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.events.ores import Ore, read_ores, sole_mines
from monazite.network.facts import Facts, read_facts
from monazite.triples.opening import open_store

# As read in assumptions.csv: percent of the country's ore, with range.
CHINA = {"bayan-obo": (68, 62, 74), "maoniuping": (24.5, 18, 30), "south-china-clay": (7.5, 6, 15)}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(open_store(), "NdPr", "2026-11-24")


def test_the_ores_of_china_are_those_of_the_rows(facts: Facts) -> None:
    ores = read_ores(facts)
    for name, ends in CHINA.items():
        ore = ores["CHN", name]
        assert (100 * ore.part, 100 * ore.low, 100 * ore.high) == pytest.approx(ends)
        assert ore.row == f"assumptions/method-ore-share-chn-{name}"
    clay = ores["CHN", "south-china-clay"]
    assert clay.name == "Clays of seven provinces of South China"
    assert clay.facility == ""
    assert clay.says("China").startswith(
        "We assume that 7.5 % (6 % to 15 %) of what China mines is this ore. 19,100 of 254,950 t"
    )


def test_a_deposit_that_stands_in_for_others_is_no_sole_mine(facts: Facts) -> None:
    """Dong Pao is shut, of India's sands no state is known, Burundi's mine is suspended."""
    found = {ore.country for ore in sole_mines(read_ores(facts).values(), facts, 2024).values()}
    assert found == {"AUS", "BRA", "RUS", "USA"}


def test_half_of_an_ore_or_another_mine_beside_it_is_not_nearly_all(facts: Facts) -> None:
    weld = read_ores(facts)["AUS", "mt-weld"]
    assert sole_mines([weld], facts, 2024) == {"mine/mt-weld": weld}
    assert sole_mines([replace(weld, low=0.9)], facts, 2024) == {}
    assert sole_mines([replace(weld, facility="nolans")], facts, 2024) == {}
    unworked: Ore = replace(weld, facility="")
    assert sole_mines([unworked], facts, 2024) == {}
