"""Contracts: chains worked by hand, a search without a method, and laws."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.data.parameters import METAL
from monazite.model.chain.chain import (
    HEAVY_MAGNETS,
    LIGHT_MAGNETS,
    NAMEPLATE,
    QUOTA,
    Ceiling,
    Chain,
)
from monazite.model.contingencies.failure_points import BASE_YEAR, NO_EVENT, Event, Horizon
from monazite.model.flow.constraints import STEPS as STEPS_OF_DEMAND
from monazite.model.flow.programme import HELD, Contracts, Programme
from tests.model.referees import programme_of
from tests.model.sample import (
    MEDIUM,
    SHORT,
    Draw,
    drawn_event,
    five_nodes,
    lone_mine,
    renamed,
    renamed_event,
    two_countries,
    with_swarf,
)
from tests.model.small_chains import STAGES, one_mine, small_chain

seeds = st.integers(0, 10**6)
FREE = Horizon("free", float("inf"), 1.3, float("inf"), {"Dy": 0.2})
EMBARGO = Event(sales={("*", "A", "*", "*"): 0.0})


def contracts_of(chain: Chain) -> Contracts:
    return Contracts(Programme(chain, steps=1))


def served(chain: Chain, event: Event, *, home_first: bool = False) -> dict[str, float]:
    """Tonnes by user."""
    found = contracts_of(chain).serve(event, home_first=home_first)
    return {user: found.of(user) for _, user in chain.demand}


@pytest.mark.parametrize("chain", [two_countries(), five_nodes(), lone_mine(), one_mine()])
def test_where_nothing_happens_the_base_year_is_served(chain: Chain) -> None:
    assert contracts_of(chain).serve(NO_EVENT).amounts == chain.demand
    assert contracts_of(chain).serve(NO_EVENT, home_first=True).amounts == chain.demand


def test_a_pool_serves_all_that_it_sells_to_in_proportion() -> None:
    """Half of the ore of A is half of its oxide: 15 of 30 t of NdPr, of 12 and 18 t wanted."""
    half = Event({("mine", "A"): 0.5})
    assert served(two_countries(), half) == pytest.approx({"A": 20.0, "B": 30.0})


def test_home_first_leaves_abroad_what_home_does_not_take() -> None:
    """15 t of NdPr oxide: A takes its 12 t, and sells 3 of 18 t to B, for 10 of 60 t of magnets."""
    half = Event({("mine", "A"): 0.5})
    assert served(two_countries(), half, home_first=True) == pytest.approx({"A": 40.0, "B": 10.0})


def test_a_closed_border_takes_all_from_abroad_and_nothing_at_home() -> None:
    assert served(two_countries(), EMBARGO) == pytest.approx({"A": 40.0, "B": 0.0})


def test_plants_that_stop_release_what_they_take() -> None:
    """A has 80 of 100 t of oxide; it takes 40 t itself, B 60 t, and with half its plants 30 t."""
    ore: dict[tuple[str, ...], float] = {("mine", "A"): 0.8}
    assert served(one_mine(), Event(ore)) == pytest.approx({"A": 1600.0, "B": 2400.0})
    half = Event({**ore, ("metal", "B"): 0.5})
    assert served(one_mine(), half) == pytest.approx({"A": 2000.0, "B": 1500.0})


def test_what_stopped_magnet_plants_took_is_released_up_to_the_mine() -> None:
    """B makes no magnets, needs no metal, so no oxide: 40 t of ore are enough for A's 40 t."""
    event = Event({("mine", "A"): 0.4, ("magnet", "B"): 0.0})
    assert served(one_mine(), event) == pytest.approx({"A": 2000.0, "B": 0.0})


@pytest.mark.parametrize(
    ("ndpr", "dy", "heavy", "light"),
    [
        # Dy for half of the magnets with Dy; their other 15 t of NdPr are more than others take.
        (1.0, 0.5, 50.0, 100.0),
        # 36 t of NdPr: 20 t of magnets with Dy hold 6, the 100 t without hold 30.
        (0.6, 0.2, 20.0, 100.0),
        # 24 t of NdPr: 6 of them with Dy, 18 are left for 60 t of those without.
        (0.4, 0.2, 20.0, 60.0),
        # NdPr is what is short: both get the same part, and no Dy is missed.
        (0.4, 0.6, 40.0, 40.0),
    ],
)
def test_magnets_get_the_least_of_their_elements(
    ndpr: float, dy: float, heavy: float, light: float
) -> None:
    """100 t of magnets with Dy and 100 without hold 30 t of NdPr each, and the first 2 t of Dy."""
    event = Event(sales={("metal", "T", "G", "NdPr"): ndpr, ("separation", "S", "T", "Dy"): dy})
    found = contracts_of(five_nodes()).serve(event).amounts
    assert found[HEAVY_MAGNETS, "U"] == pytest.approx(heavy)
    assert found[LIGHT_MAGNETS, "U"] == pytest.approx(light)


def reseller() -> Chain:
    """A separates 100 t, takes 40 and sells 60 to R, who takes 20 and sells 40 to B."""
    last = {"A": 40.0, "B": 40.0, "R": 20.0}
    return small_chain(
        {"mine": {"A": 100.0}, "separation": {"A": 100.0}, "metal": last, "magnet": last},
        {("separation", "A", "R"): 60.0, ("separation", "R", "B"): 40.0},
    )


def test_who_only_sells_on_has_no_users_that_come_first() -> None:
    """Half the ore: of 50 t A keeps 40, sells 10 to R, who passes two thirds on to B."""
    found = served(reseller(), Event({("mine", "A"): 0.5}), home_first=True)
    assert found == pytest.approx({"A": 2000.0, "R": 1000 / 6, "B": 2000 / 6})


def circle() -> Chain:
    """A separates 100 t and B 20 t; A sells 50 t of oxide to B, and B 30 t to A."""
    last = {"A": 80.0, "B": 40.0}
    own = {"A": 100.0, "B": 20.0}
    return small_chain(
        {"mine": own, "separation": own, "metal": last, "magnet": last},
        {("separation", "A", "B"): 50.0, ("separation", "B", "A"): 30.0},
    )


@pytest.mark.parametrize(("one", "other"), [(0.5, 1.0), (1.0, 0.0), (0.3, 0.6), (0.0, 0.0)])
def test_pools_that_sell_to_each_other_come_to_rest_where_a_search_ends(
    one: float, other: float
) -> None:
    """All pairs of alphas in the hundredths: the largest of which neither pool gives too much."""
    grid = [place / 100 for place in range(101)]
    fits = [
        (a, b)
        for a, b in product(grid, grid)
        if 130 * a <= 100 * one + 30 * b + 1e-9 and 70 * b <= 20 * other + 50 * a + 1e-9
    ]
    a, b = max(fits, key=sum)
    found = served(circle(), Event({("mine", "A"): one, ("mine", "B"): other}))
    assert found["A"] == pytest.approx(4000 * a, abs=2 * 40)
    assert found["B"] == pytest.approx(2000 * b, abs=2 * 20)


def test_what_is_unlimited_is_short_of_nothing() -> None:
    event = Event({("mine", "M"): 0.5, ("metal", "T"): 0.7})
    contracts = contracts_of(five_nodes())
    metal = {(element, METAL) for element in ("NdPr", "Dy")}
    assert contracts.serve(event, unlimited=metal).of() == pytest.approx(200)
    ore = {(element, "mine") for element in ("NdPr", "Dy")}
    assert contracts.serve(event, unlimited=ore).of() == pytest.approx(140)


def test_scrap_falls_with_the_plants_that_separate_it() -> None:
    """40 t of oxide, 10 of them of scrap; without ore the scrap is left, without plants nothing."""
    chain = lone_mine()
    own = replace(
        chain.element_chains["Y"],
        made={("mine", "A"): 30.0, ("separation", "A"): 40.0},
        taken={("mine", "A"): 30.0, ("separation", "A"): 10.0, ("separation", "B"): 30.0},
        scrap={"A": 10.0},
    )
    chain = replace(chain, element_chains={"Y": own})
    assert served(chain, NO_EVENT) == pytest.approx({"A": 10.0, "B": 30.0})
    assert served(chain, Event({("mine", "A"): 0.0})) == pytest.approx({"A": 2.5, "B": 7.5})
    assert served(chain, Event({("separation", "A"): 0.0})) == pytest.approx({"A": 0, "B": 0})


def scrap_chain(*, swarf: float) -> Chain:
    """A mines 30 t and separates 40, 10 of them scrap, for 2,000 t of magnets of its own."""
    parts = {"A": 40.0}
    chain = small_chain({"mine": {"A": 30.0}, **dict.fromkeys(STAGES[1:], parts)}, {})
    own = replace(
        chain.element_chains["Dy"],
        taken={("mine", "A"): 30.0, ("separation", "A"): 40.0, ("metal", "A"): 40.0},
        scrap={"A": 10.0},
        swarf={("A", "A"): swarf} if swarf else {},
    )
    return replace(chain, element_chains={"Dy": own})


@pytest.mark.parametrize(
    ("swarf", "mined", "left"),
    [
        (0.0, 0.5, 25.0),  # 15 of ore and 10 of scrap, of 40
        (10.0, 0.5, 20.0),  # 15 + x / 4 = x
        (4.0, 0.5, 70 / 3),  # 15 + 6 + x / 10 = x
        (0.0, 0.0, 10.0),
        (10.0, 0.0, 0.0),
        (4.0, 0.0, 20 / 3),  # 6 + x / 10 = x
    ],
)
def test_swarf_falls_with_the_magnets_that_it_is_cut_off(
    swarf: float, mined: float, left: float
) -> None:
    chain, event = scrap_chain(swarf=swarf), Event({("mine", "A"): mined})
    assert served(chain, event) == pytest.approx({"A": 50 * left}, abs=1e-6)
    assert Programme(chain).serve(BASE_YEAR, event).of() == pytest.approx(50 * left, abs=1e-6)


def test_nobody_makes_a_magnet_for_its_swarf() -> None:
    """Who may sell no magnet makes none; who needs none takes no metal."""
    chain = scrap_chain(swarf=10.0)
    none = Event({("magnet", "A"): 0.0})
    assert served(chain, none) == pytest.approx({"A": 0.0})


@given(seeds, st.sampled_from((SHORT, MEDIUM)))
def test_a_mine_costs_no_less_where_scrap_is_swarf(seed: int, horizon: Horizon) -> None:
    fixed, chain = Draw(seed).chain(), with_swarf(Draw(seed).chain(), seed)
    mines = {(stage, pool) for x in chain.element_chains.values() for stage, pool in x.made}
    for mine in sorted(key for key in mines if key[0] == "mine"):
        event = Event({mine: 0.0})
        least, most = (contracts_of(each).serve(event).of() for each in (chain, fixed))
        assert least <= most * (1 + 1e-9) + 1e-9
        least, most = (Programme(each).serve(horizon, event).of() for each in (chain, fixed))
        step = 1.5 / STEPS_OF_DEMAND  # what is short is shared by weight, not by tonnes
        assert least <= most * (1 + step)


@given(seeds)
def test_drawn_base_years_are_served_exactly(seed: int) -> None:
    chain = with_swarf(Draw(seed).chain(), seed)
    for home_first in (False, True):
        found = contracts_of(chain).serve(NO_EVENT, home_first=home_first).amounts
        assert found == pytest.approx(chain.demand, rel=1e-12)


def with_ceilings(chain: Chain, seed: int) -> Chain:
    """Some pools have a quota or a nameplate of what they make."""
    rng = random.Random(f"ceilings of {seed}")
    found = {
        key: Ceiling(rng.uniform(1, 1.5), rng.choice([QUOTA, NAMEPLATE]), ())
        for key in sorted(Programme(chain, steps=1).outputs)
        if rng.random() < 0.4
    }
    return replace(chain, ceilings=found)


@given(seeds, st.booleans(), st.booleans())
def test_what_contracts_serve_can_be_held_and_horizons_nest(
    seed: int, home_first: bool, plenty: bool
) -> None:
    """Nobody is served less by a longer horizon, and each of them has a solution."""
    chain, rng = with_ceilings(Draw(seed).chain(), seed), random.Random(seed)
    event = drawn_event(chain, rng)
    unlimited = frozenset({("NdPr", METAL), ("Tb", METAL)}) if plenty else frozenset()
    before: Mapping[tuple[str, str], float] = (
        contracts_of(chain).serve(event, unlimited=unlimited, home_first=home_first).amounts
    )
    short = replace(SHORT, ceilings=frozenset({QUOTA, NAMEPLATE}))
    medium, free = (replace(x, ceilings=frozenset({NAMEPLATE})) for x in (MEDIUM, FREE))
    for horizon in (Horizon("as it was", 1.0, 1.0), short, medium, free):
        after = (
            programme_of(chain, horizon)
            .serve(horizon, event, unlimited=unlimited, floors=before)
            .amounts
        )
        for key, floor in before.items():
            assert HELD * floor - 1e-9 <= after[key] <= chain.demand[key] * (1 + 1e-9)
        before = after


@given(seeds)
def test_more_ore_serves_no_less(seed: int) -> None:
    """Of ore, which takes nothing of anybody: plants that run again take what they released."""
    chain, rng = Draw(seed).chain(), random.Random(seed)
    mines: list[tuple[str, ...]] = [
        key for key in chain.element_chains["NdPr"].made if key[0] == "mine"
    ]
    less = {key: rng.random() for key in mines}
    more = {key: part + rng.random() * (1 - part) for key, part in less.items()}
    contracts = contracts_of(chain)
    one, other = (contracts.serve(Event(output)) for output in (less, more))
    assert one.of() <= other.of() + 1e-6


@given(seeds, st.booleans())
def test_names_and_order_change_nothing(seed: int, home_first: bool) -> None:
    chain = Draw(seed).chain()
    event = drawn_event(chain, random.Random(seed))
    names = dict(zip("ABCDE", "ZYXWV", strict=True))
    there = contracts_of(renamed(chain, names)).serve(
        renamed_event(event, names), home_first=home_first
    )
    here = contracts_of(chain).serve(event, home_first=home_first)
    for (name, user), tonnes in here.amounts.items():
        assert tonnes == pytest.approx(there.amounts[name, names.get(user, user)], abs=1e-6)


@given(seeds, st.booleans())
def test_a_thousand_times_the_tonnes_are_a_thousand_times_served(
    seed: int, home_first: bool
) -> None:
    chain = Draw(seed).chain()
    event = replace(drawn_event(chain, random.Random(seed)), added={})
    large = scaled(chain, 1000.0)
    there = contracts_of(large).serve(event, home_first=home_first).amounts
    for key, tonnes in contracts_of(chain).serve(event, home_first=home_first).amounts.items():
        assert 1000 * tonnes == pytest.approx(there[key], rel=1e-6, abs=1e-6)


def scaled(chain: Chain, factor: float) -> Chain:
    """The same chain with more tonnes of everything."""

    def times(amounts: Mapping[Any, float]) -> dict[Any, float]:
        return {key: factor * amount for key, amount in amounts.items()}

    parts = ("made", "taken", "flows", "missing", "scrap", "used", "parts", "ores")
    element_chains = {}
    for name, each in chain.element_chains.items():
        more: dict[str, Any] = {part: times(getattr(each, part)) for part in parts}
        element_chains[name] = replace(each, **more)
    made, sold = times(chain.made), times(chain.sold)
    return replace(chain, element_chains=element_chains, made=made, sold=sold)
