"""The base year: what cannot be worked out is a sentence; the chain of a family; ceilings."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from monazite.core.errors import NotKnownError
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import BaseYear, read_base_year
from monazite.model.chain.chain import (
    HEAVY_MAGNETS,
    LIGHT_MAGNETS,
    OTHER_MARKETS,
    Ceiling,
    Chain,
    Market,
    served_apart,
    to_chain,
)
from monazite.model.chain.site_capacity import (
    Capacity,
    ChainElements,
    Quota,
    SpareRows,
    read_capacities,
    with_ceilings,
)
from monazite.model.chemistry import Chemistry, exactly
from monazite.model.contingencies.failure_points import BASE_YEAR
from monazite.model.flow.programme import Programme
from monazite.model.flow.study import Study
from monazite.model.network.facts import read_facts
from monazite.model.reconciliation.year import PoolRange, ReconciledYear
from monazite.model.trade_content import NDFEB
from monazite.store.opening import open_store
from monazite.store.store import Store
from tests.conftest import view_in_memory
from tests.golden.lines import lines_of
from tests.model.reconciliation.by_hand import year_of
from tests.model.sample import element_chain_of
from tests.sharing import only_whole


@cache
def base_of(element: str, market: str = "WLD", year: int = 2024) -> BaseYear:
    view = view_in_memory()
    return read_base_year(read_facts(view.store, element, view.valid), year, market, market)


def with_assumption(base: BaseYear, key: tuple[str, str, str], value: float) -> BaseYear:
    """The same with one assumption of the reader's own."""
    own = replace(exactly(value), assumptions=("assumptions/own-row",))
    chemistry = replace(base.chemistry, assumed={**base.chemistry.assumed, key: own})
    return replace(base, chemistry=chemistry)


@pytest.mark.parametrize(
    "key",
    [
        ("stage-yield", "separation", ""),
        ("stage-yield", "metal", ""),
        ("stage-yield", "magnet", ""),
        ("magnet-share", "CHN", ""),
        ("magnet-use-share", NDFEB, "Nd"),
    ],
)
def test_a_yield_or_share_of_nothing_names_its_row(key: tuple[str, str, str]) -> None:
    base = base_of("Dy")
    assert key in base.chemistry.assumed
    with pytest.raises(NotKnownError, match="assumptions/own-row gives, which is or may be 0"):
        with_assumption(base, key, 0.0).accounts().chain()


def test_where_no_magnet_holds_dysprosium_nothing_is_known_of_those_that_do() -> None:
    base = with_assumption(base_of("Dy"), ("heavy-magnet-share", NDFEB, ""), 0.0)
    chain = base.accounts().chain()
    assert sum(chain.made[key] for key in chain.made if key[0] == HEAVY_MAGNETS) == 0
    assert Study(chain, BASE_YEAR, ("NdPr",), Contingency()).base > 0
    with pytest.raises(NotKnownError, match="We found no use by the world"):
        Study(chain, BASE_YEAR, ("Dy",), Contingency())


def test_magnets_that_are_assumed_make_a_pool_and_china_makes_its_share_of_samarium() -> None:
    found = base_of("Dy").accounts().reconciled
    made = {pool: found.numbers.blanks[pool].value for pool in ("EUE", "KOR", "USA", "GBR")}
    assert made == {"EUE": 700, "KOR": 1500, "USA": 150, "GBR": 100}
    assert {*made, "CHN", "JPN", "VNM"} <= found.carried["magnet"]
    samarium = base_of("Sm").accounts().reconciled
    china, rest = (samarium.value("finished", each) for each in ("CHN", "ROW"))
    assert china / (china + rest) == pytest.approx(0.86)  # whatever oxide is left over


def test_an_element_without_assay_is_named() -> None:
    with pytest.raises(NotKnownError, match="We found no assay of Sc in ore"):
        base_of("Sc")


@pytest.mark.parametrize(
    ("element", "year", "sentence"),
    [
        ("Dy", 1990, "We found no magnets made in 1990"),
        ("Dy", 2035, "We found no magnets made in 2035"),
        ("Sm", 2035, "We found no magnets made in 2035"),
        ("Y", 2035, "We found no figures for how Y is separated in 2035"),
    ],
)
def test_a_year_without_rows_is_named(element: str, year: int, sentence: str) -> None:
    with pytest.raises(NotKnownError, match=sentence):
        base_of(element, year=year).accounts().chain()


def test_a_market_without_rows_is_named() -> None:
    with pytest.raises(NotKnownError, match="where NAM buys its magnets"):
        base_of("Dy", "NAM")
    with pytest.raises(NotKnownError, match="who uses magnets with Samarium"):
        base_of("Sm", "USA")
    chain = base_of("Y", "NAM").accounts().chain()
    with pytest.raises(NotKnownError, match="We found no figures for how much Y is used"):
        Study(chain, BASE_YEAR, ("Y",), Contingency(), "NAM")


def test_the_numbers_of_the_markets_split_are_inputs_one_for_all_that_a_seller_sells() -> None:
    base = base_of("NdPr", "DEU")
    assert base.mix is not None
    inputs, split = base.inputs("short-run"), base.mix.ranges()
    assert split.keys() <= inputs.keys()
    china = inputs["assumptions/method-magnet-unit-value-chn"]
    assert (china.low, china.value, china.high) == (44, 49.2, 60)
    assert inputs["assumptions/method-sold-of-own-make"].high == 1
    world = base_of("NdPr").inputs("short-run").keys()
    assert china.name in world  # the year of the world is reconciled with magnets sold, too
    assert "assumptions/method-sold-of-own-make" not in world
    for row, (low, value, high) in split.items():
        at_value = base.accounts({row: exactly(value)}).base.mix
        assert at_value == base.mix  # the value that it has: nothing moves
        for end in (low, high):
            moved = base.accounts({row: exactly(end)}).base.mix
            assert moved is not None
            assert (base.mix.low or 0.0) <= moved.tonnes <= (base.mix.high or 0.0)


def test_a_dearer_seller_sells_a_market_less() -> None:
    base = base_of("NdPr", "DEU")
    row = "assumptions/method-magnet-unit-value-chn"
    served = {
        price: sum(
            tonnes
            for (_, user), tonnes in base.accounts({row: exactly(price)}).chain().demand.items()
            if user == "DEU"
        )
        for price in (44.0, 49.2, 60.0)
    }
    assert served[44.0] > served[49.2] > served[60.0]


def chemistry(heavy: float = 0.25) -> Chemistry:
    assumed = {("heavy-magnet-share", NDFEB, ""): exactly(heavy)}
    return Chemistry({}, {}, {}, {}, assumed, {})


def reconciled(**more: float) -> ReconciledYear:
    """140 t of blanks: 42 t of NdPr and 0.84 of Dy; China makes 80 t of magnets, sells 20."""
    values = {
        ("blanks", "CHN"): 112.0,
        ("blanks", "ROW"): 28.0,
        ("finished", "CHN"): 80.0,
        ("finished", "ROW"): 20.0,
        ("in_blanks", "CHN", "Nd"): 22.4,
        ("in_blanks", "ROW", "Nd"): 5.6,
        ("in_blanks", "CHN", "Pr"): 11.2,
        ("in_blanks", "ROW", "Pr"): 2.8,
        ("in_blanks", "CHN", "Dy"): 0.7,
        ("in_blanks", "ROW", "Dy"): 0.14,
        ("magnets_sold", "CHN", "ROW"): 20.0,
    }
    numbers = replace(year_of(), chemistry=chemistry(more.get("heavy", 0.25)))
    return ReconciledYear(numbers, values, (), (PoolRange("magnet", "CHN", 1, 1, 1),))


MEMBERS = {"NdPr": ("Nd", "Pr"), "Dy": ("Dy",)}


def joined(year: ReconciledYear | None = None, market: Market | None = None) -> Chain | None:
    chains = {name: element_chain_of(name, {}, {}) for name in MEMBERS}
    return to_chain(chains, MEMBERS, year or reconciled(), market)


def test_magnets_are_finished_ones_and_hold_what_their_blanks_did() -> None:
    # 0.3 of every tonne is NdPr; the 0.6 t of Dy of 100 t of magnets are in a quarter of them.
    found = joined()
    assert found is not None
    assert found.made == {
        (HEAVY_MAGNETS, "CHN"): pytest.approx(20),
        (HEAVY_MAGNETS, "ROW"): pytest.approx(5),
        (LIGHT_MAGNETS, "CHN"): pytest.approx(60),
        (LIGHT_MAGNETS, "ROW"): pytest.approx(15),
    }
    assert found.recipe == {
        (HEAVY_MAGNETS, "NdPr"): pytest.approx(0.3),
        (LIGHT_MAGNETS, "NdPr"): pytest.approx(0.3),
        (HEAVY_MAGNETS, "Dy"): pytest.approx(0.6 / 25),
    }
    assert found.sold[HEAVY_MAGNETS, "CHN", "ROW"] == pytest.approx(5)
    assert found.sold[LIGHT_MAGNETS, "CHN", "CHN"] == pytest.approx(45)
    assert found.demand[LIGHT_MAGNETS, "ROW"] == pytest.approx(30)


def test_a_market_may_take_more_heavy_magnets_and_the_largest_takes_the_rest() -> None:
    # China takes 60 t and the rest 40: of 25 t of heavy magnets 15 go there, where 10 are alike.
    year = reconciled()
    own = {("heavy-share-of-market", OTHER_MARKETS, ""): exactly(1.5)}
    assumed = replace(year.numbers.chemistry, assumed={**year.numbers.chemistry.assumed, **own})
    found = joined(replace(year, numbers=replace(year.numbers, chemistry=assumed)))
    assert found is not None
    heavy = {user: tonnes for (what, user), tonnes in found.demand.items() if what == HEAVY_MAGNETS}
    assert heavy == pytest.approx({"CHN": 10, "ROW": 15})
    assert found.recipe[HEAVY_MAGNETS, "Dy"] == pytest.approx(0.6 / 25)  # the world's share stays


def test_a_market_is_taken_out_of_the_pool_that_it_is_in() -> None:
    # It buys 7.5 t of China and 2.5 of the rest, which uses half China's and half its own.
    found = joined(market=Market("USA", "ROW", {"CHN": 7.5, "ROW": 2.5}))
    assert found is not None
    bought = {
        maker: sum(x for (_, who, user), x in found.sold.items() if (who, user) == (maker, "USA"))
        for maker in ("CHN", "ROW")
    }
    assert bought == pytest.approx({"CHN": 7.5, "ROW": 2.5})
    demand = dict.fromkeys(("CHN", "ROW", "USA"), 0.0)
    for (_, user), tonnes in found.demand.items():
        demand[user] += tonnes
    assert demand == pytest.approx({"CHN": 60, "ROW": 30, "USA": 10})


def test_what_a_market_buys_of_who_makes_nothing_was_made_elsewhere() -> None:
    by_maker = {("CHN", "CHN"): 60.0, ("CHN", "VNM"): 30.0, ("ROW", "VNM"): 10.0}
    found = served_apart({**by_maker, ("CHN", "ROW"): 40.0}, Market("USA", "ROW", {"VNM": 8.0}))
    # 6 t are China's and 2 the rest's, of which its pool uses none: China's make them up
    assert found["CHN", "USA"] == pytest.approx(8.0)
    assert ("ROW", "USA") not in found


def test_users_of_little_are_the_rest_of_the_world_but_for_makers_and_the_market() -> None:
    found = served_apart({("A", "A"): 1000.0, ("A", "B"): 1.0, ("A", "C"): 2.0})
    assert found == {("A", "A"): 1000.0, ("A", "ROW"): 3.0}
    asked = served_apart({("A", "A"): 1000.0, ("A", "B"): 1.0}, Market("B", "ROW", {}))
    assert asked["A", "B"] == 1.0


@pytest.mark.parametrize("element", ["MREE", *only_whole("Sm", "Y")])
def test_the_chain_of_the_shipped_rows_serves_what_it_sold(element: str) -> None:
    view = view_in_memory()
    facts = read_facts(view.store, element, view.valid)
    chain = read_base_year(facts, 2024, "WLD", "the world").accounts().chain()
    assert Programme(chain).serve(BASE_YEAR).amounts == pytest.approx(chain.demand, rel=1e-6)
    for (name, pool), tonnes in chain.made.items():
        sold = sum(x for (what, who, _), x in chain.sold.items() if (what, who) == (name, pool))
        assert sold == pytest.approx(tonnes)


@pytest.mark.parametrize(("element", "market"), [("MREE", "CHE"), ("MREE", "EUE"), ("Dy", "JPN")])
def test_what_a_market_takes_is_what_its_trade_and_its_plants_say(
    element: str, market: str
) -> None:
    """One fact, one number: the mix with the range of its tonnes, and the demand of the chain."""
    view = view_in_memory()
    facts = read_facts(view.store, element, view.valid)
    base = read_base_year(facts, 2024, market, "a market")
    chain = base.accounts().chain()
    assert base.mix is not None
    taken = sum(chain.demand.get((name, market), 0.0) for name in chain.main)
    assert taken == pytest.approx(base.mix.tonnes, rel=0.01)


ELEMENTS = ChainElements(("Nd",), {"Nd": ("Nd",)}, "")


def two_pools(**more: Any) -> Chain:
    """A mines 100 t of oxide, of it 16 t of Nd, separates 12 t, and B 8 t of what it buys."""
    element_chain = element_chain_of(
        "Nd",
        {("mine", "A"): 16.0, ("separation", "A"): 12.0, ("separation", "B"): 8.0},
        {("mine", "A"): 12.0, ("mine", "B"): 8.0},
        **more,
    )
    return Chain(2024, {"Nd": element_chain}, {}, {}, {}, {})


def ceilings(*quotas: Quota, plates: tuple[Capacity, ...] = (), of: Chain | None = None) -> object:
    """What rows bound in a year in which A mined 100 t of ore and separated 75 t of its own."""
    values = {("mined", "A"): 100.0, ("ore_sold", "A", "pit", "A"): 75.0}
    year = ReconciledYear(year_of(), values, ())
    return with_ceilings(of or two_pools(), SpareRows(quotas, plates), ELEMENTS, year).ceilings


def plate(facility: str, tonnes: float, **more: Any) -> Capacity:
    """A nameplate of a plant of B, in tonnes of neodymium oxide."""
    found = Capacity(
        row=f"capacity/{facility}",
        facility=facility,
        country="B",
        stage="separation",
        step="separation",
        kind="nameplate",
        earliest="2020-01-01",
        latest="2020-12-31",
        tonnes=exactly(tonnes),
        basis="oxide",
        materials=(frozenset({"Nd"}),),
        families=frozenset(),
    )
    return replace(found, **more)


@pytest.mark.parametrize(
    ("tonnes", "times"),
    # used up; a fifth left; exceeded by rounding; exceeded, so that it bounds a part only
    [(100.0, 1.0), (120.0, 1.2), (99.0, 1.0), (97.0, None)],
)
def test_a_quota_is_the_most_that_its_mines_make(tonnes: float, times: float | None) -> None:
    found = ceilings(Quota("A", "mine", tonnes, "quotas/a"))
    expected = {("mine", "A", "*"): Ceiling(times, "quota", ("quotas/a",))} if times else {}
    assert found == expected


def test_a_quota_holds_for_every_ore_of_a_country() -> None:
    several = two_pools(ores={("A", "lode", "A"): 9.0, ("A", "clay", "A"): 7.0})
    found = ceilings(Quota("A", "mine", 100.0, "quotas/a"), of=several)
    assert found == {
        ("mine", "A", ore): Ceiling(1.0, "quota", ("quotas/a",)) for ore in ("clay", "lode")
    }


def test_a_quota_on_separation_is_set_beside_the_ore_that_is_separated() -> None:
    assert ceilings(Quota("A", "separation", 90.0, "quotas/a")) == {
        ("separation", "A", "Nd"): Ceiling(pytest.approx(1.2), "quota", ("quotas/a",))  # type: ignore[arg-type]
    }
    assert ceilings(Quota("A", "separation", 70.0, "quotas/a")) == {}
    assert ceilings(Quota("B", "separation", 90.0, "quotas/b")) == {}


def test_capacities_have_the_ends_that_their_rows_print(store: Store) -> None:
    printed = lines_of("capacity")
    found = [x for x in read_capacities(read_facts(store, "Nd", "2026-11-24")) if x.tonnes]
    wide = [x for x in found if x.tonnes and x.tonnes.low < x.tonnes.high]
    assert wide
    for each in wide:
        ends = [printed[each.row][f"value_{end}"] for end in ("low", "high")]
        assert (each.tonnes.low, each.tonnes.high) == tuple(map(float, ends))  # type: ignore[union-attr]


def test_plants_make_up_to_their_nameplates_where_they_are_the_pool() -> None:
    """8 t of Nd are 10 t of oxide: 15 t of oxide are one and a half times as much."""
    assert ceilings(plates=(plate("one", 15.0),)) == {
        ("separation", "B", "Nd"): Ceiling(pytest.approx(1.5), "nameplate", ("capacity/one",))  # type: ignore[arg-type]
    }
    assert ceilings(plates=(plate("one", 9.0),)) == {}  # others make the rest
    both = ceilings(plates=(plate("one", 9.0), plate("two", 6.0)))
    assert both == {
        ("separation", "B", "Nd"): Ceiling(
            pytest.approx(1.5),  # type: ignore[arg-type]
            "nameplate",
            ("capacity/one", "capacity/two"),
        )
    }


def test_a_nameplate_counts_until_another_and_the_narrowest_counts() -> None:
    newer = plate("one", 12.0, latest="2022-12-31", row="capacity/newer")
    found = ceilings(plates=(plate("one", 15.0), newer))
    assert found == {
        ("separation", "B", "Nd"): Ceiling(pytest.approx(1.2), "nameplate", ("capacity/newer",))  # type: ignore[arg-type]
    }
    wide = plate("one", 99.0, basis="reo", latest="2023-12-31", row="capacity/wide")
    assert ceilings(plates=(newer, wide)) == found


def test_what_does_not_tell_tonnes_and_plants_of_no_pool_say_nothing() -> None:
    assert ceilings(plates=(plate("one", 15.0, basis="form-not-stated"),)) == {}
    assert ceilings(plates=(plate("one", 15.0, country="X"),)) == {}
    assert with_ceilings(two_pools(), SpareRows(), ELEMENTS, ReconciledYear(year_of(), {}, ())) == (
        two_pools()
    )


def test_the_shipped_ceilings_of_2024_are_those_of_their_rows() -> None:
    """The mining quota of 270,000 t was used up; that on separation, 254,000 t, was exceeded."""
    facts = read_facts(open_store(), "NdPr", "2026-11-24")
    found = read_base_year(facts, 2024, "WLD", "World").accounts().chain()
    assert {key: each.by for key, each in found.ceilings.items()} == {
        ("mine", "CHN", "bayan-obo"): "quota",
        ("mine", "CHN", "maoniuping"): "quota",
        ("mine", "CHN", "south-china-clay"): "quota",
        ("separation", "MYS", "NdPr"): "nameplate",
        ("magnet", "VNM", HEAVY_MAGNETS): "nameplate",
        ("magnet", "VNM", LIGHT_MAGNETS): "nameplate",
        ("magnet", "USA", HEAVY_MAGNETS): "nameplate",
        ("magnet", "USA", LIGHT_MAGNETS): "nameplate",
    }
    for ore in ("bayan-obo", "maoniuping", "south-china-clay"):
        assert found.ceilings["mine", "CHN", ore] == Ceiling(
            1.0, "quota", ("quotas/chn-mining-quota-2024-reo",)
        )
    made = found.element_chains["NdPr"].made["separation", "MYS"]
    # 10,500 t of oxide of Nd and Pr hold between 0.8535 (Pr as Pr6O11: 0.8277) and 0.8573 of metal
    assert 10_500 * 0.82 < found.ceilings["separation", "MYS", "NdPr"].times * made < 10_500 * 0.86
    magnets = sum(found.made[name, "VNM"] for name in (HEAVY_MAGNETS, LIGHT_MAGNETS))
    assert found.ceilings["magnet", "VNM", HEAVY_MAGNETS].times * magnets == pytest.approx(2200)
