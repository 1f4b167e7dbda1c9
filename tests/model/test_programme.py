"""The flow model: chains worked by hand, laws, and referees that are not HiGHS."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import ProgrammeError
from monazite.model.chain.chain import (
    HEAVY_MAGNETS,
    LIGHT_MAGNETS,
    NAMEPLATE,
    QUOTA,
    Ceiling,
    Chain,
    Product,
    with_other_uses,
)
from monazite.model.contingencies.failure_points import BASE_YEAR, NO_EVENT, Event, Horizon
from monazite.model.flow.constraints import COARSER_BY, STEPS
from monazite.model.flow.programme import Contracts, Programme
from monazite.model.flow.study import unexplained_at
from tests.model.referees import (
    GRAMS,
    by_glpk,
    by_quadratic,
    flow_graph,
    objective,
    overdrawn,
    programme_of,
)
from tests.model.sample import (
    BOTH,
    MEDIUM,
    NDPR,
    SHORT,
    Draw,
    drawn_event,
    element_chain_of,
    five_nodes,
    lone_mine,
    renamed,
    renamed_event,
    two_countries,
    with_swarf,
)
from tests.model.small_chains import STAGES, one_mine, study_of

STEP = (1 + 1e-6) / STEPS


def step(chain: Chain, product: str, user: str) -> float:
    """Tonnes of a step of a user's demand; what is used outside magnets has wider ones."""
    return STEP * chain.demand[product, user] * (1 if product in chain.main else COARSER_BY)


HORIZONS = (BASE_YEAR, SHORT, MEDIUM)
seeds = st.integers(0, 10**6)
parts = st.floats(0, 1)


def lost(
    chain: Chain,
    event: Event,
    user: str | None = None,
    *,
    horizon: Horizon = BASE_YEAR,
    product: str | None = None,
    **given: Any,
) -> float:
    programme = programme_of(chain, horizon)
    base = programme.serve(BASE_YEAR)
    after = programme.serve(horizon, event, **given)
    products = None if product is None else {product}
    return 1 - after.of(user, products) / base.of(user, products)


def test_scarcity_is_shared_alike() -> None:
    # half the mine: each user loses half of each kind, within a step
    event = Event(output={("mine", "A"): 0.5})
    for user in ("A", "B"):
        assert lost(two_countries(), event, user) == pytest.approx(0.5, abs=STEP)


def test_the_market_first_is_served_all_that_there_is() -> None:
    # Half the mine: 50 t of magnets, of which A wants 40 and B 60.
    event, programme = Event(output={("mine", "A"): 0.5}), Programme(two_countries(), steps=1)
    most = [programme.most(BASE_YEAR, event, user, {*BOTH}).of(user) for user in ("A", "B", None)]
    assert most == pytest.approx([40, 50, 50])


def test_a_floor_is_held_and_the_rest_is_shared() -> None:
    # Half the mine: 50 t. A is served at least 30 t of its 40; B shares what is left, 20 of 60.
    event = Event(output={("mine", "A"): 0.5})
    floors = {(name, "A"): 15.0 for name in BOTH}
    served = Programme(two_countries()).serve(BASE_YEAR, event, floors=floors)
    assert served.of("A") == pytest.approx(30, abs=60 * STEP)
    assert served.of("B") == pytest.approx(20, abs=60 * STEP)


def test_a_floor_that_cannot_be_held_is_a_sentence() -> None:
    event = Event(output={("mine", "A"): 0.5})
    with pytest.raises(ProgrammeError, match="bounds contradict each other"):
        Programme(two_countries()).serve(
            BASE_YEAR, event, floors=dict.fromkeys(two_countries().demand, 15.0)
        )


@pytest.mark.parametrize(
    ("event", "heavy", "light"),
    [
        # 3/4 of the ore, of both elements: 150 t of magnets, each kind loses a quarter.
        (Event({("mine", "M"): 0.75}), 0.25, 0.25),
        # 3/4 of the Dy oxide that crosses: 75 t of magnets with Dy; the others need none.
        (Event(sales={("separation", "S", "T", "Dy"): 0.75}), 0.25, 0.0),
        # Half of the NdPr metal, 33.3 t: x 0.9 = 30 t for 100 t of magnets, shared alike.
        (Event(sales={("metal", "T", "G", "NdPr"): 0.5}), 0.5, 0.5),
        # 60 t of each kind can be made.
        (Event({("magnet", "G"): 0.6}), 0.4, 0.4),
        # 80 t of those with Dy are sold to U, and all of the others.
        (Event(sales={("magnet", "G", "U", HEAVY_MAGNETS): 0.8}), 0.2, 0.0),
        # Separation at 0.9, metal at 0.8: the narrower counts, they do not multiply.
        (Event({("separation", "S"): 0.9, ("metal", "T"): 0.8}), 0.2, 0.2),
    ],
)
def test_a_chain_of_five_nodes_with_losses_and_recipes(
    event: Event, heavy: float, light: float
) -> None:
    chain = five_nodes()
    assert lost(chain, event, "U", product=HEAVY_MAGNETS) == pytest.approx(heavy, abs=STEP)
    assert lost(chain, event, "U", product=LIGHT_MAGNETS) == pytest.approx(light, abs=STEP)


def test_the_tonnes_of_the_five_nodes() -> None:
    # As worked out in the words of five_nodes(): with 40 t of each kind, 24 t of NdPr are in
    # magnets: 24 / 0.9 = 26.6667 t of metal, / 0.95 = 28.0702 t of oxide, / 0.8 = 35.0877 t of ore,
    # which is 40 % of 87.7193 t.
    programme = Programme(five_nodes())
    values = programme.values(programme.bounds(BASE_YEAR, Event({("mine", "M"): 0.4})))
    columns = programme.outputs
    assert values[columns["mine", "M", "*"]] == pytest.approx(0.4)
    assert values[columns["separation", "S", "NdPr"]] == pytest.approx(28.0702, abs=1e-4)
    assert values[columns["metal", "T", "NdPr"]] == pytest.approx(26.6667, abs=1e-4)
    assert sum(values[x] for x in programme.made.values()) == pytest.approx(80)


def test_oxide_that_is_used_as_it_is() -> None:
    # Half of the 50 t of ore gives 20 of 40 t of oxide, shared alike between A and B.
    chain, half = lone_mine(), Event({("mine", "A"): 0.5})
    assert [lost(chain, half, user) for user in "AB"] == pytest.approx([0.5, 0.5], abs=STEP)
    closed = Event(sales={("*", "A", "*", "*"): 0.0})
    assert [lost(chain, closed, user) for user in "AB"] == pytest.approx([0, 1])


def test_other_uses_share_what_is_short_with_magnets() -> None:
    # Of 20 t of oxide at S 10 t go into 100 t of magnets and 10 t elsewhere: half as much serves
    # either by half, for a tonne of oxide counts as the 10 t of magnets that it would make.
    made = {("mine", "S"): 20.0, ("separation", "S"): 20.0, ("metal", "S"): 10.0}
    element_chain = element_chain_of("Tb", made, made, used={"S": 10.0})
    name = "magnets"
    chain = Chain(
        year=2024,
        element_chains={"Tb": element_chain},
        products={name: Product(name)},
        made={(name, "S"): 100.0},
        recipe={(name, "Tb"): 0.1},
        sold={(name, "S", "S"): 100.0},
    )
    chain = with_other_uses(chain, element_chain)
    assert chain.products["Tb outside magnets"].worth == pytest.approx(10)
    assert chain.outside == {"Tb": 10.0}
    assert chain.main.keys() == {name}
    served = Programme(chain).serve(BASE_YEAR, Event({("separation", "S"): 0.5})).amounts
    assert served[name, "S"] == pytest.approx(50, abs=100 * STEP)
    assert served["Tb outside magnets", "S"] == pytest.approx(5, abs=10 * STEP * COARSER_BY)
    # Without metal no magnets are made, and nothing of the oxide is short for others.
    served = Programme(chain).serve(BASE_YEAR, Event({("metal", "S"): 0.0})).amounts
    assert [served[what, "S"] for what in (name, "Tb outside magnets")] == pytest.approx([0, 10])
    thrifty = Horizon("thrift", 1.0, 1.0, thrift={"Tb": 0.5})
    served = programme_of(chain, thrifty).serve(thrifty, Event({("mine", "S"): 0.75})).amounts
    assert [served[what, "S"] for what in (name, "Tb outside magnets")] == pytest.approx([100, 10])


def two_separators(mined: float, own: float, bought: float, **more: Any) -> Chain:
    """A mines ore, sells some of it to B, and each uses the oxide that it makes."""
    used = {"A": own, "B": bought}
    sold = {("mine", "A", "B"): bought}
    made = {("mine", "A"): mined} | {("separation", pool): x for pool, x in used.items()}
    taken = {("mine", "A"): mined - bought, ("mine", "B"): bought}
    taken |= {("separation", pool): x for pool, x in used.items()}
    element_chain = element_chain_of("Y", made, taken, sold, used=used, **more)
    name, chain = "Y in oxide", lone_mine()
    return replace(
        chain,
        element_chains={"Y": element_chain},
        made={(name, pool): x for pool, x in used.items()},
        sold={(name, pool, pool): x for pool, x in used.items()},
    )


def test_scrap_is_no_ore_to_sell() -> None:
    # A separates 30 t from its mine and 10 t of scrap, and sells 20 t of ore to B, which separates
    # it. With its mine closed A has scrap only, and B nothing to separate.
    chain = two_separators(50.0, 40.0, 20.0, scrap={"A": 10.0})
    programme = Programme(chain)
    assert programme.serve().of() == pytest.approx(60)
    after = programme.serve(BASE_YEAR, Event({("mine", "A"): 0.0}))
    assert after.of("A") == pytest.approx(10)
    assert after.of("B") == pytest.approx(0)


def test_metal_of_several_countries_loses_the_oxide_of_one_and_no_more() -> None:
    # The rest of the world makes 100 t of metal of 80 t of oxide of its own and 20 t of X's, which
    # is a pool of separation only.
    own = frozenset({"X", "A"})
    parts = {"X": 20.0, "ROW": 80.0}
    made = {(stage, pool): x for stage in ("mine", "separation") for pool, x in parts.items()}
    made |= {("metal", "ROW"): 100.0}
    home = {"mine": own, "separation": own, "metal": frozenset({"A"})}
    element_chain = element_chain_of("Dy", made, made, home=home)
    name = HEAVY_MAGNETS
    chain = Chain(
        year=2024,
        element_chains={"Dy": element_chain},
        products={name: Product(name)},
        made={(name, "ROW"): 100.0},
        recipe={(name, "Dy"): 1.0},
        sold={(name, "ROW", "ROW"): 100.0},
    )
    for pool, expected in (("X", 0.2), ("ROW", 0.8)):
        event = Event({("separation", pool): 0.0})
        assert lost(chain, event) == pytest.approx(expected)
    # With ore and plants at twice the base year X's part is made good.
    twice = Horizon("twice", 2.0, 2.0)
    assert lost(chain, Event({("separation", "X"): 0.0}), horizon=twice) == pytest.approx(0)


def two_ores(**given: Any) -> Chain:
    """The two countries, where A mines a lode and a clay."""
    chain = two_countries(**given)
    held = {NDPR: (24.0, 6.0), "Dy": (0.2, 0.8)}
    element_chains = {
        name: replace(
            each, ores={("A", "lode", "A"): held[name][0], ("A", "clay", "A"): held[name][1]}
        )
        for name, each in chain.element_chains.items()
    }
    return replace(chain, element_chains=element_chains)


@pytest.mark.parametrize(
    ("left", "heavy", "light"),
    [
        # 6 t of NdPr are left for 100 t of magnets of either kind that want 30: 20 %; Dy for 80 %.
        ({("mine", "A", "lode"): 0.0}, 0.8, 0.8),
        # 0.2 t of Dy for 10 of 50 t with Dy, which hold 3 t of NdPr: of 24 t 15 serve the others.
        ({("mine", "A", "clay"): 0.0}, 0.8, 0.0),
        # 12 + 6 t of NdPr: 60 %; 0.1 + 0.8 t of Dy.
        ({("mine", "A", "lode"): 0.5}, 0.4, 0.4),
        # Half of all, and of the lode nothing: 3 t of NdPr, 0.4 t of Dy.
        ({("mine", "A"): 0.5, ("mine", "A", "lode"): 0.5}, 0.9, 0.9),
        ({("mine", "A"): 0.0}, 1.0, 1.0),
    ],
)
def test_a_deposit_takes_with_it_what_its_ore_holds(
    left: dict[tuple[str, ...], float], heavy: float, light: float
) -> None:
    chain, event = two_ores(), Event(left)
    contracts = Contracts(Programme(chain, steps=1)).serve(event).amounts
    for product, expected in ((HEAVY_MAGNETS, heavy), (LIGHT_MAGNETS, light)):
        assert lost(chain, event, product=product) == pytest.approx(expected, abs=STEP)
        served = sum(contracts[product, user] for user in "AB")
        assert served == pytest.approx(50 * (1 - expected))


def test_an_ore_is_sold_as_far_as_it_is_mined() -> None:
    """M mines two ores for S: without the lode nothing of it is sold, and no clay in its place."""
    chain = five_nodes()
    parts = {NDPR: 0.75, "Dy": 0.25}
    element_chains = {
        name: replace(
            each,
            ores={
                ("M", "lode", "S"): parts[name] * each.made["mine", "M"],
                ("M", "clay", "S"): (1 - parts[name]) * each.made["mine", "M"],
            },
        )
        for name, each in chain.element_chains.items()
    }
    chain = replace(chain, element_chains=element_chains)
    programme = Programme(chain)
    ways = (Event({("mine", "M", "lode"): 0.0}), Event(sales={("mine", "M", "S", "lode"): 0.0}))
    for event in ways:
        # a quarter of the NdPr is 50 of 200 t of magnets, for which there is Dy
        assert programme.serve(SHORT, event).of() < 200 * 0.25 * 1.1 + 1
        assert programme.serve(BASE_YEAR, event).of() == pytest.approx(50, abs=200 * STEP)
        found = Contracts(Programme(chain, steps=1)).serve(event)
        assert found.of() == pytest.approx(50)
    values = programme.values(programme.bounds(SHORT, ways[0]))
    assert values[programme.sales["mine", "M", "S", "lode"]] == pytest.approx(0, abs=1e-9)
    closed = Event(sales={("*", "M", "*", "*"): 0.0})
    assert programme.serve(SHORT, closed).of() == pytest.approx(0)


def test_who_separates_and_sells_two_ores_sells_no_more_of_one_than_it_mines() -> None:
    """A mines 30 t in a lode and 20 t in clay, sells 20 t of the lode to B, separates the rest."""
    ores = {("A", "lode", "A"): 10.0, ("A", "lode", "B"): 20.0, ("A", "clay", "A"): 20.0}
    chain = two_separators(50.0, 30.0, 20.0, ores=ores)
    programme, event = Programme(chain), Event({("mine", "A", "lode"): 0.0})
    contracts = Contracts(Programme(chain, steps=1))
    assert programme.serve().of() == contracts.serve(NO_EVENT).of() == pytest.approx(50)
    for served in (programme.serve(BASE_YEAR, event), contracts.serve(event)):
        assert served.of("A") == pytest.approx(20)
        assert served.of("B") == pytest.approx(0)


def test_a_quota_or_a_nameplate_bounds_output_in_place_of_the_throughput() -> None:
    """A mines 30 t of NdPr; B makes 60 t of magnets, A 40. In a year all may make 1.5 times."""
    ceilings = {
        ("mine", "A", "*"): Ceiling(1.0, QUOTA, ()),
        ("magnet", "B", HEAVY_MAGNETS): Ceiling(2.0, NAMEPLATE, ()),
    }
    programme = Programme(two_countries(ceilings=ceilings))
    year = Horizon("a year", 1.25, 1.5, ceilings=frozenset({QUOTA, NAMEPLATE}))
    later = replace(year, ceilings=frozenset({NAMEPLATE}))
    outputs = programme.outputs
    for horizon, mine, magnets in ((year, 1.0, 60.0), (later, 1.5, 60.0), (BASE_YEAR, 1.0, 30.0)):
        upper = programme.bounds(horizon).upper
        assert upper[outputs["mine", "A", "*"]] == pytest.approx(mine)
        assert upper[outputs["magnet", "B", HEAVY_MAGNETS]] == pytest.approx(magnets)
    assert programme.bounds(year).upper[outputs["magnet", "B", LIGHT_MAGNETS]] == pytest.approx(45)
    half = programme.bounds(year, Event({("magnet", "B"): 0.5})).upper
    assert half[outputs["magnet", "B", HEAVY_MAGNETS]] == pytest.approx(30)


def test_what_is_added_to_a_mine_is_added_to_each_of_its_ores() -> None:
    programme = Programme(two_ores())
    event = Event({("mine", "A", "lode"): 0.5}, added={("mine", "A", "*"): 0.2})
    upper = programme.bounds(BASE_YEAR, event).upper
    assert upper[programme.outputs["mine", "A", "lode"]] == pytest.approx(0.6)
    assert upper[programme.outputs["mine", "A", "clay"]] == pytest.approx(1.2)


@given(seeds)
def test_drawn_base_years_serve_what_they_sold(seed: int) -> None:
    chain = with_swarf(Draw(seed).chain(), seed)
    found = Programme(chain).serve()
    assert found.amounts == pytest.approx(chain.demand)


@given(seeds, st.sampled_from(HORIZONS))
def test_no_node_gives_more_than_it_has(seed: int, horizon: Horizon) -> None:
    chain = with_swarf(Draw(seed).chain(), seed)
    event = drawn_event(chain, random.Random(seed))
    programme = programme_of(chain, horizon)
    values = programme.values(programme.bounds(horizon, event))
    over = overdrawn(programme, horizon, event, values)
    assert {node: tonnes for node, tonnes in over if tonnes > 1e-6} == {}


@given(seeds, st.sampled_from((BASE_YEAR, SHORT)))
def test_without_recipes_it_is_a_maximum_flow_and_a_minimum_cut(
    seed: int, horizon: Horizon
) -> None:
    """One element in one product, with nothing lost on the way: networkx agrees to the gram."""
    chain = Draw(seed, ("Dy",), even=True).chain()
    event = drawn_event(chain, random.Random(seed))
    graph = flow_graph(chain, horizon, event)
    flow = nx.maximum_flow_value(graph, "source", "sink")
    assert flow == nx.minimum_cut(graph, "source", "sink")[0]
    for steps in (1, STEPS):  # sharing costs nothing
        served = Programme(chain, steps=steps).serve(horizon, event).of()
        assert 0.02 * served == pytest.approx(flow / GRAMS, abs=1e-4)


@given(seeds, st.sampled_from(HORIZONS), st.booleans())
def test_another_solver_finds_the_same_optimum(seed: int, horizon: Horizon, floored: bool) -> None:
    chain = with_swarf(Draw(seed).chain(), seed)
    event = drawn_event(chain, random.Random(seed))
    programme = programme_of(chain, horizon)
    floors = Contracts(Programme(chain, steps=1)).serve(event).amounts if floored else {}
    bounds = programme.bounds(horizon, event, floors=floors)
    ours = objective(programme, horizon, event, floors)
    assert ours == pytest.approx(by_glpk(programme, bounds), rel=1e-7, abs=1e-6)


@given(seeds, st.sampled_from(HORIZONS))
def test_shares_beside_a_utility_that_is_a_curve(seed: int, horizon: Horizon) -> None:
    """Steps approach the curve that they cut up: by one, one as users take turns, one of others."""
    chain = with_swarf(Draw(seed).chain(), seed)
    event = drawn_event(chain, random.Random(seed))
    smooth = by_quadratic(chain, horizon, event)
    for key, served in programme_of(chain, horizon).serve(horizon, event).amounts.items():
        assert served == pytest.approx(smooth[key], abs=3 * step(chain, *key))


@given(seeds, st.sampled_from(HORIZONS))
def test_a_programme_knows_nothing_of_the_events_before(seed: int, horizon: Horizon) -> None:
    chain, rng = Draw(seed).chain(), random.Random(seed)
    hot = programme_of(chain, horizon)
    for _ in range(6):
        event = drawn_event(chain, rng)
        cold = programme_of(chain, horizon).serve(horizon, event)
        for key, amount in hot.serve(horizon, event).amounts.items():
            assert amount == pytest.approx(cold.amounts[key], abs=step(chain, *key))


@given(seeds, st.sampled_from(HORIZONS))
def test_names_and_their_order_do_not_matter(seed: int, horizon: Horizon) -> None:
    chain = with_swarf(Draw(seed).chain(), seed)
    event = drawn_event(chain, random.Random(seed))
    names = dict(zip("ABCDE", "ZYXWV", strict=True))
    other = programme_of(renamed(chain, names), horizon)
    there = other.serve(horizon, renamed_event(event, names)).amounts
    for (name, user), amount in programme_of(chain, horizon).serve(horizon, event).amounts.items():
        twin = there[name, names.get(user, user)]
        # of 1,400 drawn cases four differ by more than a step, none by more than two
        assert amount == pytest.approx(twin, abs=2 * step(chain, name, user))


@given(seeds, st.sampled_from(HORIZONS))
def test_more_that_fails_is_never_better(seed: int, horizon: Horizon) -> None:
    chain, rng = Draw(seed).chain(), random.Random(seed)
    one, two = (drawn_event(chain, rng, added=False) for _ in range(2))
    programme = programme_of(chain, horizon)
    base, first, second, both = (
        objective(programme, horizon, each) for each in (NO_EVENT, one, two, one.together_with(two))
    )
    assert both <= min(first, second) + 1e-6
    assert max(first, second) <= base + 1e-6


@given(seeds, parts, parts)
def test_the_total_rises_with_what_is_left(seed: int, one: float, other: float) -> None:
    chain, rng = Draw(seed).chain(), random.Random(seed)
    event = drawn_event(chain, rng)
    stage, pool = rng.choice(sorted(chain.element_chains["Dy"].made))
    programme = programme_of(chain, SHORT)
    less, more = (
        objective(programme, SHORT, replace(event, output={**event.output, (stage, pool): part}))
        for part in sorted((one, other))
    )
    assert less <= more + 1e-6


@pytest.mark.parametrize(
    ("stage", "unexplained", "followed"),
    [
        ("metal", 0.5, STAGES),  # rows explain half: followed
        ("metal", 0.7, ("magnet",)),
        ("separation", 0.7, ("metal", "magnet")),
        ("mine", 0.51, ("separation", "metal", "magnet")),
    ],
)
def test_stages_are_followed_back_while_rows_explain_half_of_what_is_taken(
    stage: str, unexplained: float, followed: tuple[str, ...]
) -> None:
    chain = one_mine()
    element_chain = chain.element_chains["Dy"]
    taken = sum(amount for (at, _), amount in element_chain.taken.items() if at == stage)
    gap = replace(element_chain, missing={(stage, "A"): unexplained * taken})
    chain = replace(chain, element_chains={"Dy": gap})
    assert unexplained_at(chain, ["Dy"], stage) == pytest.approx(unexplained)
    assert study_of(chain).stages == followed
