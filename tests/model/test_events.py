"""What may fail, and what an event does to a chain: by hand, and laws on drawn chains."""

from __future__ import annotations

import random
from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION, Contingency
from monazite.model.chain.chain import HEAVY_MAGNETS, LIGHT_MAGNETS, Chain
from monazite.model.contingencies.failure_points import (
    BASE_YEAR,
    Candidate,
    Event,
    Horizon,
    Ore,
    candidates_of,
    find_candidates,
    find_things,
    read_ores,
    sole_mines,
)
from monazite.model.flow.constraints import STEPS
from monazite.model.flow.programme import Programme
from monazite.model.flow.study import Study
from monazite.model.network.attributes import Network
from monazite.model.network.facts import Facts, read_facts
from monazite.model.ownership import Owner
from monazite.store.opening import open_store
from tests.model.chains import add_site, chain
from tests.model.referees import programme_of
from tests.model.sample import MEDIUM, NDPR, SHORT, Draw, drawn_event, lone_mine, two_countries
from tests.model.small_chains import candidate

STEP = (1 + 1e-6) / STEPS
seeds = st.integers(0, 10**6)
BORDER_OF_A = Event(sales={("*", "A", "*", "*"): 0.0})


def lost(
    chain: Chain,
    event: Event,
    horizon: Horizon = BASE_YEAR,
    *,
    user: str = "B",
    product: str | None = None,
    unlimited: frozenset[tuple[str, str]] = frozenset(),
) -> float:
    products = None if product is None else {product}
    base = Programme(chain).serve().of(user, products)
    after = programme_of(chain, horizon).serve(horizon, event, unlimited=unlimited)
    return 1 - after.of(user, products) / base


def supplier_without_rows(*, made: bool) -> Chain:
    """Two countries, B's oxide half from A and half from X, whose own output no row gives."""
    chain = two_countries()
    element_chains = {}
    for element, each in chain.element_chains.items():
        half = each.flows[SEPARATION, "A", "B"] / 2
        left = each.made[SEPARATION, "A"] - half
        more = {(SEPARATION, "X"): half} if made else {}
        element_chains[element] = replace(
            each,
            made={**each.made, (MINE, "A"): left, (SEPARATION, "A"): left, **more},
            taken={**each.taken, (MINE, "A"): left},
            flows={(SEPARATION, "A", "B"): half, (SEPARATION, "X", "B"): half},
            home=dict.fromkeys(each.home, frozenset("ABX")),
        )
    return replace(chain, element_chains=element_chains)


def test_the_closest_border_counts() -> None:
    event = Event(sales={("metal", "A", "*", "*"): 0.5, ("*", "A", "B", "Dy"): 0.2})
    assert event.left_of_sale("metal", "A", "B", "Dy") == 0.2
    assert event.left_of_sale("metal", "A", "C", "Dy") == 0.5
    assert event.left_of_sale("mine", "A", "C") == 1
    assert event.left_of_sale("metal", "B", "A", "Dy") == 1


def test_both_events_take_what_each_takes() -> None:
    one = Event({("mine", "A"): 0.7}, {("*", "A", "*", "*"): 0.5}, {("metal", "B", "Dy"): 1.0})
    two = Event({("mine", "B"): 0.0}, {("*", "A", "*", "*"): 0.9}, {("metal", "B", "Dy"): 2.0})
    both = one.together_with(two)
    assert both == two.together_with(one)
    assert (both.left_of("mine", "A"), both.left_of("mine", "B")) == (0.7, 0)
    assert both.left_of_sale("metal", "A", "B", "Dy") == 0.5
    assert both.more_of("metal", "B", "Dy") == 3
    assert one.together_with(one).left_of("mine", "A") == pytest.approx(0.4)


@given(seeds, st.sampled_from((BASE_YEAR, SHORT, MEDIUM)))
def test_two_names_of_an_embargo_are_one_number(seed: int, horizon: Horizon) -> None:
    chain = Draw(seed).chain()
    programme = programme_of(chain, horizon)
    by_name = Event(sales={key: 0.0 for key in programme.sales if key[1] == "A"})
    assert (
        programme.serve(horizon, by_name).amounts == programme.serve(horizon, BORDER_OF_A).amounts
    )


def test_a_site_that_makes_all_is_its_country() -> None:
    chain = two_countries()
    study = Study(chain, BASE_YEAR, ("NdPr",), Contingency())
    whole, half = (study.event_of(candidate(f"{METAL}/B", part)) for part in (1.0, 0.5))
    assert whole == Event({(METAL, "B"): 0.0})
    assert study.loss(half) == pytest.approx(0.3, abs=STEP)
    assert study.loss(half.together_with(half)) == study.loss(whole) == pytest.approx(0.6)


def test_plenty_of_a_product_leaves_the_stages_after_it() -> None:
    chain = two_countries()
    both = (NDPR, "Dy")

    def there(stage: str) -> frozenset[tuple[str, str]]:
        return frozenset((element, stage) for element in both)

    metal_fails = Event({(METAL, "B"): 0.0})
    for stage, expected in ((MINE, 1.0), (SEPARATION, 1.0), (METAL, 0.0)):
        assert lost(chain, metal_fails, unlimited=there(stage)) == pytest.approx(expected)
    mine_fails = Event({(MINE, "A"): 0.0})
    for stage in (MINE, SEPARATION, METAL):
        assert lost(chain, mine_fails, unlimited=there(stage)) == pytest.approx(0)
    one_of_two = frozenset([(NDPR, METAL)])
    assert lost(chain, metal_fails, unlimited=one_of_two) == pytest.approx(0.5)
    magnets_fail = Event({(MAGNET, "B"): 0.0})
    assert lost(chain, magnets_fail, unlimited=there(METAL)) == pytest.approx(1)


def test_added_capacity_brings_back_what_it_makes() -> None:
    # Half of B's metal is gone: 9 t of NdPr and 0.3 t of Dy. It comes back where both are added,
    # and with NdPr alone only the magnets without Dy do.
    half: dict[tuple[str, ...], float] = {(MINE, "A"): 1.0, (METAL, "B"): 0.5}
    chain = two_countries()
    assert lost(chain, Event(half)) == pytest.approx(0.5, abs=STEP)
    # What is added fails with its place: twice as much has to be built.
    ndpr, dy = {(METAL, "B", NDPR): 18.0}, {(METAL, "B", "Dy"): 0.6}
    assert lost(chain, Event(half, added={**ndpr, **dy})) == pytest.approx(0)
    only = Event(half, added=ndpr)
    assert lost(chain, only, product=HEAVY_MAGNETS) == pytest.approx(0.5, abs=STEP)
    assert lost(chain, only, product=LIGHT_MAGNETS) == pytest.approx(0)


def test_a_flow_without_output_behind_it_does_not_grow() -> None:
    # A sells nothing: of B's oxide half is left, and twice as much where X is known to make more.
    closed, horizon = Event(sales={(SEPARATION, "A", "B", "*"): 0.0}), Horizon("x", 2.0, 2.0)
    unknown, known = (supplier_without_rows(made=made) for made in (False, True))
    assert lost(unknown, closed) == pytest.approx(0.5, abs=STEP)
    assert lost(unknown, closed, horizon) == pytest.approx(0.5, abs=STEP)
    # X has no ore that a row gives: its oxide is bounded by that of the base year.
    assert lost(known, closed, horizon) == pytest.approx(0.5, abs=STEP)
    half = Event(output={(SEPARATION, "A"): 0.5}, sales={(SEPARATION, "X", "B", "*"): 0.5})
    assert lost(unknown, half, horizon) < lost(unknown, half)


def test_new_pairs_carry_a_part_of_what_the_buyer_takes() -> None:
    # B's metal stops. A has twice the plants and ore, and may sell to B what it never sold: 15 % of
    # the metal that B takes, and 15 % of the magnets that B buys.
    event = Event({(METAL, "B"): 0.0})
    pairs = Horizon("pairs", 1.0, 2.0, new_pairs=0.15)
    chain = two_countries()
    assert lost(chain, event, Horizon("none", 1.0, 2.0)) == pytest.approx(1)
    assert lost(chain, event, pairs) == pytest.approx(0.7, abs=STEP)
    assert lost(chain, event, pairs, user="A") == pytest.approx(0)


def test_thrift_spares_an_element_and_no_other() -> None:
    # A fifth less Dy goes into a magnet: 0.8 of the oxide is enough, of NdPr it is not.
    thrifty = Horizon("thrift", 1.0, 1.0, thrift={"Dy": 0.2})
    chain = two_countries()
    for element, expected in (("Dy", 0.0), (NDPR, 0.2)):
        each = chain.element_chains[element]
        made = {**each.made, (SEPARATION, "A"): 0.8 * each.made[SEPARATION, "A"]}
        less = replace(
            chain, element_chains={**chain.element_chains, element: replace(each, made=made)}
        )
        after = programme_of(less, thrifty).serve(thrifty).of(None, {HEAVY_MAGNETS})
        assert 1 - after / 50 == pytest.approx(expected, abs=STEP)


@given(seeds)
def test_added_capacity_never_serves_less(seed: int) -> None:
    chain, rng = Draw(seed).chain(), random.Random(seed)
    event = drawn_event(chain, rng)
    programme = Programme(chain, steps=1)
    without = programme.serve(SHORT, replace(event, added={}))
    assert programme.serve(SHORT, event).of() >= without.of() * (1 - 1e-9)


def test_a_country_that_separates_nothing_yet_can_after_an_event() -> None:
    # Half of A's 40 t of oxide are gone. C mines 20 t that nobody separates, and opens a plant
    # of 10 t: it takes 12.5 t at 0.8, and sells A and B the 10 t. Of 40 t 10 are lost.
    chain = lone_mine()
    element_chain = replace(
        chain.element_chains["Y"],
        made={**chain.element_chains["Y"].made, (MINE, "C"): 20.0},
        taken={**chain.element_chains["Y"].taken, (MINE, "C"): 0.0},
        home=dict.fromkeys(chain.element_chains["Y"].home, frozenset("ABC")),
    )
    chain = replace(chain, element_chains={"Y": element_chain}, opened=frozenset([("Y", "C")]))
    half = Event({(SEPARATION, "A"): 0.5})
    free = Horizon("free", 1.0, 1.0, new_pairs=inf)
    for tonnes, expected in ((0.0, 20), (10.0, 30), (100.0, 36)):  # 20 t of ore give 16 t
        there = replace(free, added={(SEPARATION, "C", "Y"): tonnes})
        assert programme_of(chain, there).serve(there, half).of() == pytest.approx(expected)
    assert Programme(chain).serve().of() == pytest.approx(40)


def test_a_licence_on_new_pairs_leaves_its_part_of_their_room() -> None:
    """Half approved, a new pair carries half of what new pairs may: 15 % of what B takes."""
    chain = two_countries()
    programme = Programme(chain, new_pairs=True)
    horizon = Horizon("x", 1.0, 1.0, new_pairs=0.15)
    key = next(key for key in programme.sales if key[0] == "magnet" and key[1] == "A")
    taken = chain.demand[key[3], key[2]]
    for left in (0.0, 0.5, 1.0):
        bounds = programme.bounds(horizon, Event(sales={key: left}))
        assert bounds.upper[programme.sales[key]] == pytest.approx(left * 0.15 * taken)


def by_id(network: Network) -> dict[str, Candidate]:
    return {each.id: each for each in find_candidates(network)}


def test_a_site_that_makes_all_of_its_country_is_the_country_there() -> None:
    network = chain({"mine": {"A": 1.0}, "magnet": {"A": 1.0}})
    network.nodes["mine/A"]["coverage"] = 1.0
    add_site(network, "mine/A", "pit", 1.0, ["digger"])
    assert {each.thing for each in find_candidates(network) if each.stage == "mine"} == {"mine/A"}
    (thing,) = [each for each in find_things(network) if each.stage == "mine"]
    assert thing.label == "A mining = Pit"


def test_a_firm_fails_with_all_its_sites_and_a_joint_site_is_nobodys() -> None:
    network = chain({"mine": {"A": 1.0}, "separation": {"A": 1.0}})
    for stage in ("mine", "separation"):
        network.nodes[f"{stage}/A"]["coverage"] = 0.9
    add_site(network, "mine/A", "pit", 0.5, ["digger"])
    add_site(network, "separation/A", "plant", 0.4, ["digger"])
    add_site(network, "separation/A", "venture", 0.5, ["digger", "partner"])
    found = by_id(network)
    assert found["firm/digger"].stage == "mine + separation"
    assert found["firm/digger"].hits == pytest.approx({"mine/A": 0.5, "separation/A": 0.4})
    assert "firm/partner" not in found
    assert "separation/venture" in found


def test_a_firm_fails_with_what_it_owns_and_others_run() -> None:
    network = chain({"mine": {"A": 1.0}, "separation": {"A": 1.0}})
    for stage in ("mine", "separation"):
        network.nodes[f"{stage}/A"]["coverage"] = 0.9
    add_site(network, "mine/A", "pit", 0.5, ["digger"])
    add_site(network, "separation/A", "plant", 0.4, ["cook"])
    holding = Owner("holding", "Holding", ("ownership/one",))
    found = find_candidates(network, {"mine/pit": holding, "separation/plant": holding})
    (firm,) = [each for each in found if each.id == "firm/holding"]
    assert firm.hits == pytest.approx({"mine/A": 0.5, "separation/A": 0.4})
    assert "ownership/one" in firm.rows
    assert {"firm/digger", "firm/cook"} <= {each.id for each in found}


@pytest.mark.parametrize(("coverage", "ranked"), [(0.5, True), (0.499, False), (None, False)])
def test_a_site_is_ranked_only_where_half_of_its_country_is_known(
    coverage: float | None, ranked: bool
) -> None:
    network = chain({"mine": {"A": 1.0}, "magnet": {"A": 1.0}})
    network.nodes["mine/A"]["coverage"] = coverage
    add_site(network, "mine/A", "pit", 0.3, ["digger"])
    assert ("mine/pit" in by_id(network)) == ranked
    assert ("firm/digger" in by_id(network)) == ranked


def test_an_outage_is_also_of_whole_countries_and_a_border_of_nothing_else() -> None:
    network = chain({"mine": {"A": 0.5, "B": 0.5}, "magnet": {"A": 1.0}})
    outage = {each.id: each for each in candidates_of(network, "outage")}
    assert outage["country/A"].hits == {"mine/A": 1.0, "magnet/A": 1.0}
    assert "country/B" not in outage  # it is B at the mine
    assert [each.id for each in candidates_of(network, "embargo")] == ["country/A", "country/B"]


def test_a_deposit_is_a_part_of_its_country_at_the_mine_and_of_nothing_else() -> None:
    mines = candidate("mine/A")
    pit, lode = (
        replace(mines, id=name, kind="deposit", hits={name: 1.0})
        for name in ("mine/A/pit", "mine/A/lode")
    )
    whole = candidate("mine/A", name="country/A", separation_A=1.0)
    half = candidate("mine/A", 0.5, "site")
    assert pit.places == (("mine", "A", "pit", 1.0),)
    assert mines.places == (("mine", "A", "", 1.0),)
    assert pit.within(mines, 1.0)
    assert pit.within(whole, 1.0)
    assert pit.within(half)
    assert not pit.within(half, 1.0)
    assert not pit.within(lode)
    assert not mines.within(pit)
    assert not whole.within(mines)
    assert mines.within(whole, 1.0)


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
