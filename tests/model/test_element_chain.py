"""One element through the chain: pools, ores, what is missing, and whose content it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.data.parameters import METAL, SEPARATION
from monazite.model.chain.chain import Chain, Product, content_of
from monazite.model.chain.element_chain import ElementChain, to_element_chain
from monazite.model.reconciliation.year import PoolRange, ReconciledYear
from tests.model.reconciliation.by_hand import year_of
from tests.model.sample import Draw, element_chain_of, five_nodes, renamed


def year(values: dict[tuple[str, ...], float], *carried: str) -> ReconciledYear:
    ranges = tuple(PoolRange("metal", pool, 1.0, 1.0, 1.0) for pool in carried)
    return ReconciledYear(year_of(output={"separation": (), "metal": ()}), values, (), ranges)


def chain(values: dict[tuple[str, ...], float], *carried: str) -> ElementChain:
    return to_element_chain("Nd", ["Nd"], year(values, *carried))


def test_pools_that_are_not_carried_are_the_rest_of_the_world() -> None:
    # C and D are the rest: what they sell each other crosses no border between pools.
    found = chain(
        {
            ("oxide", "A", "Nd"): 30.0,
            ("oxide", "C", "Nd"): 4.0,
            ("into_metal", "A", "Nd"): 10.0,
            ("into_metal", "D", "Nd"): 24.0,
            ("sold", "separation", "A", "C", "Nd"): 12.0,
            ("sold", "separation", "A", "D", "Nd"): 8.0,
            ("sold", "separation", "C", "D", "Nd"): 1.0,
        },
        "A",
    )
    assert found.flows == {("separation", "A", "ROW"): pytest.approx(20)}
    assert found.made == {("separation", "A"): 30, ("separation", "ROW"): 4}
    assert found.taken == {("separation", "A"): 10, ("separation", "ROW"): 24}
    assert found.parts == {("separation", "A"): 30, ("separation", "C"): 4}
    assert [found.pool("separation", x) for x in "ACD"] == ["A", "ROW", "ROW"]
    assert found.missing == {}


def test_ore_that_is_left_over_is_taken_out_of_all_ores() -> None:
    # P gets 60 t of A's ore and 40 of B's, and 20 are left over: a fifth of each is not there.
    found = chain(
        {
            ("in_ore", "A", "pit", "P", "Nd"): 60.0,
            ("in_ore", "B", "pit", "P", "Nd"): 40.0,
            ("surplus", "mine", "P", "Nd"): 20.0,
            ("feed", "P", "Nd"): 80.0,
            ("oxide", "P", "Nd"): 72.0,
        },
        "P",
    )
    assert found.made["mine", "A"] == pytest.approx(48)
    assert found.flows["mine", "B", "P"] == pytest.approx(32)
    assert found.gain() == pytest.approx(0.9)


def test_ores_of_who_mines_several_are_told_apart() -> None:
    # A mines a lode and a clay; P separates 60 + 20 t of A's and 40 of B's, a fifth is left over.
    # Q buys 10 t of A's clay and does not separate it.
    found = chain(
        {
            ("in_ore", "A", "lode", "P", "Nd"): 60.0,
            ("in_ore", "A", "clay", "P", "Nd"): 20.0,
            ("in_ore", "B", "pit", "P", "Nd"): 40.0,
            ("in_ore", "A", "clay", "Q", "Nd"): 10.0,
            ("surplus", "mine", "P", "Nd"): 24.0,
            ("feed", "P", "Nd"): 96.0,
            ("oxide", "P", "Nd"): 80.0,
        },
        "P",
    )
    assert found.ores == pytest.approx(
        {("A", "lode", "P"): 48.0, ("A", "clay", "P"): 16.0, ("A", "clay", "ROW"): 10.0}
    )
    assert found.deposits == pytest.approx({("A", "lode"): 48.0, ("A", "clay"): 16.0})
    assert found.mined("A") == pytest.approx({"lode": 48.0, "clay": 26.0})
    assert sum(found.mined("A").values()) == pytest.approx(found.made["mine", "A"])
    assert found.mined("B") == pytest.approx({"*": 32.0})
    assert found.mined("P") == {}
    sold = found.ore_sold
    assert sold["B", "*", "P"] == pytest.approx(32)
    assert sum(x for (seller, _, to), x in sold.items() if (seller, to) == ("A", "P")) == (
        pytest.approx(found.flows["mine", "A", "P"])
    )


def test_ore_whose_element_is_not_separated_could_be_and_is_no_output() -> None:
    found = chain({("in_ore", "A", "pit", "P", "Nd"): 60.0, ("surplus", "mine", "P", "Nd"): 60.0})
    assert found.made == {("mine", "A"): 60.0}
    assert found.flows == {("mine", "A", "ROW"): 60.0}
    assert found.taken == {("mine", "A"): 0.0, ("mine", "P"): 0.0}
    assert found.parts == {}


def test_a_surplus_of_oxide_stays_and_what_no_row_explains_is_missing() -> None:
    found = chain(
        {
            ("oxide", "A", "Nd"): 50.0,
            ("into_metal", "A", "Nd"): 30.0,
            ("surplus", "separation", "A", "Nd"): 20.0,
            ("missing", "metal", "A", "Nd"): 3.0,
        },
        "A",
    )
    assert found.made["separation", "A"] - found.taken["separation", "A"] == pytest.approx(20)
    assert found.missing == {("metal", "A"): 3.0}


def test_what_is_passed_on_is_ore_of_who_mined_it() -> None:
    # P separates no heavy ones of A's ore: half of them go on to Q.
    found = chain(
        {
            ("in_ore", "A", "pit", "P", "Nd"): 10.0,
            ("surplus", "mine", "P", "Nd"): 10.0,
            ("passed_on", "P", "Q", "Nd"): 5.0,
            ("oxide", "Q", "Nd"): 4.0,
            ("feed", "Q", "Nd"): 5.0,
        },
        "Q",
    )
    assert found.flows["mine", "A", "Q"] == 5.0


def test_who_only_sells_on_sells_no_more_than_it_buys() -> None:
    # B makes nothing: without a line of its own what it sells would be free.
    found = chain(
        {
            ("oxide", "A", "Nd"): 9.0,
            ("sold", "separation", "A", "B", "Nd"): 4.0,
            ("sold", "separation", "B", "A", "Nd"): 4.0,
        },
        "A",
    )
    assert found.taken["separation", "ROW"] == 0
    assert found.taken["separation", "A"] == 0


def test_an_area_is_one_pool_of_its_countries() -> None:
    found = replace(
        element_chain_of("Nd", {("metal", "EUE"): 1.0}, {}), areas={"DEU": "EUE", "FRA": "EUE"}
    )
    assert [found.pool("metal", place) for place in ("DEU", "EUE", "JPN")] == ["EUE", "EUE", "ROW"]


def test_gain_is_oxide_of_a_tonne_in_ore() -> None:
    # A: (9 - 1) of 10; B: 6 of 10; both: 14 of 20. X takes none.
    element_chain = element_chain_of(
        "Dy",
        {("separation", "A"): 9.0, ("separation", "B"): 6.0, ("separation", "X"): 0.0},
        {("mine", "A"): 10.0, ("mine", "B"): 10.0},
        scrap={"A": 1.0},
    )
    assert [element_chain.gain(pool) for pool in ("A", "B", "X", None)] == [0.8, 0.6, 0.0, 0.7]


def oxide(made: dict[str, float], flows: dict[tuple[str, str], float], **given: object) -> Chain:
    """Oxide that is used as it is."""
    element_chain = element_chain_of(
        "Y",
        {(SEPARATION, pool): tonnes for pool, tonnes in made.items()},
        {},
        {(SEPARATION, *pair): tonnes for pair, tonnes in flows.items()},
    )
    name = "Y in oxide"
    use = Product(name, "use", SEPARATION)
    used = {(name, pool): 1.0 for pool in sorted({*made, *(x for pair in flows for x in pair)})}
    element_chain = replace(element_chain, **given)  # type: ignore[arg-type]
    return Chain(2024, {"Y": element_chain}, {name: use}, used, {(name, "Y"): 1.0}, {})


def parts(whole: Chain, country: str, stage: str = SEPARATION, what: str = "Y") -> dict[str, float]:
    found = content_of(whole, country)
    return {pool: part for (at, pool, of), part in found.items() if (at, of) == (stage, what)}


def test_what_is_bought_mixes_with_what_is_made() -> None:
    # B makes 10 t and buys 30 of A's: three quarters of all that it has.
    found = parts(oxide({"A": 50.0, "B": 10.0}, {("A", "B"): 30.0}), "A")
    assert found == pytest.approx({"A": 1.0, "B": 0.75})
    # C buys 5 t of that, and 5 t of D's: half of three quarters.
    flows = {("A", "B"): 30.0, ("B", "C"): 5.0, ("D", "C"): 5.0}
    found = parts(oxide({"A": 50.0, "B": 10.0, "D": 5.0}, flows), "A")
    assert found == pytest.approx({"A": 1.0, "B": 0.75, "C": 0.375, "D": 0.0})


def test_what_no_row_explains_is_of_nobody() -> None:
    whole = oxide({"A": 50.0, "B": 10.0}, {("A", "B"): 30.0}, missing={(SEPARATION, "B"): 20.0})
    assert parts(whole, "A")["B"] == pytest.approx(0.5)


def test_a_circle_of_two() -> None:
    # A makes 60 t and buys 20 of B's, B makes 40 and buys 30 of A's. Their parts a and b of A:
    # 80 a = 60 + 20 b and 70 b = 30 a, so 80 a = 60 + 60 a / 7, a = 420 / 500 = 0.84, b = 0.36.
    whole = oxide({"A": 60.0, "B": 40.0}, {("A", "B"): 30.0, ("B", "A"): 20.0})
    assert parts(whole, "A") == pytest.approx({"A": 0.84, "B": 0.36})
    assert parts(whole, "B") == pytest.approx({"A": 0.16, "B": 0.64})


def test_the_tag_follows_the_chain_into_metal() -> None:
    # S separates all: what T makes and G buys holds nothing else.
    found = content_of(five_nodes(), "S")
    assert found[METAL, "G", "Dy"] == found[METAL, "T", "NdPr"] == 1
    assert set(content_of(five_nodes(), "T").values()) == {0.0}


@given(st.integers(0, 10**6))
def test_the_parts_of_all_countries_are_never_more_than_all(seed: int) -> None:
    draw = Draw(seed)
    whole = draw.chain()
    found = [content_of(whole, country) for country in draw.pools]
    for key in found[0]:
        assert all(each[key] >= 0 for each in found)
        assert sum(each[key] for each in found) <= 1 + 1e-6


@given(st.integers(0, 10**6))
def test_names_do_not_matter(seed: int) -> None:
    whole, names = Draw(seed).chain(), {"A": "Z", "B": "Y"}
    there = content_of(renamed(whole, names), "Z")
    for (stage, pool, what), part in content_of(whole, "A").items():
        assert there[stage, names.get(pool, pool), what] == pytest.approx(part, abs=1e-9)
