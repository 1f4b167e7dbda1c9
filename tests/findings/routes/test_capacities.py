"""The flow against chains worked by hand, against brute force, and against its laws."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.routes.capacities import MARKET, OTHERS, UNIT, flow_graph
from tests.findings.chains import chain
from tests.findings.max_flow import max_flow

MINE, SEPARATION, MAGNET = "mine", "separation", "magnet"


def served(*args: object, **given: object) -> float:
    """What the world gets, as a share of its supply."""
    return max_flow(chain(*args), **given) / UNIT  # type: ignore[arg-type]


def test_in_series_the_narrowest_stage_is_what_passes() -> None:
    shares = {MINE: {"A": 1.0}, SEPARATION: {"A": 0.6}, MAGNET: {"A": 0.8}}
    assert served(shares) == pytest.approx(0.6)
    assert served(shares, shares={"separation/A": 0.3}) == pytest.approx(0.3)


def test_in_parallel_a_country_takes_its_own_part_with_it() -> None:
    shares = {stage: {"A": 0.7, "B": 0.3} for stage in (MINE, SEPARATION, MAGNET)}
    assert served(shares) == pytest.approx(1.0)
    for stage in shares:
        assert served(shares, shares={f"{stage}/A": 0}) == pytest.approx(0.3)


def test_trade_passes_what_it_is_capped_at() -> None:
    # B mines half and separates nothing: 0.2 cross the border, so A's 0.5 + 0.2 reach the world.
    shares = {MINE: {"A": 0.5, "B": 0.5}, SEPARATION: {"A": 1.0}, MAGNET: {"A": 1.0}}
    trade = {("mine/B", "separation/A"): 0.2}
    assert served(shares, trade) == pytest.approx(0.7)
    assert served(shares, trade, shares={"mine/B": 0}) == pytest.approx(0.5)
    assert served(shares, trade, shares={"mine/A": 0}) == pytest.approx(0.2)
    # half of B's mine still fills the border: an outage that costs nothing
    assert served(shares, trade, shares={"mine/B": 0.25}) == pytest.approx(0.7)


def test_five_pools_with_a_detour() -> None:
    # A mines 0.6 and separates 0.4; 0.1 of its ore goes to B, which mines 0.4 and separates 0.6.
    # Only B makes magnets; A's 0.4 oxide crosses with at most 0.3. By hand: 0.5 + 0.3.
    shares = {MINE: {"A": 0.6, "B": 0.4}, SEPARATION: {"A": 0.4, "B": 0.6}, MAGNET: {"B": 1.0}}
    trade = {("mine/A", "separation/B"): 0.1, ("separation/A", "magnet/B"): 0.3}
    assert served(shares, trade) == pytest.approx(0.8)
    assert served(shares, trade, shares={"separation/A": 0}) == pytest.approx(0.5)
    assert served(shares, trade, shares={"separation/B": 0}) == pytest.approx(0.3)
    assert served(shares, trade, shares={"mine/A": 0}) == pytest.approx(0.4)


def test_a_sole_source_takes_everything() -> None:
    shares = {MINE: {"A": 0.5, "B": 0.5}, SEPARATION: {"A": 1.0}, MAGNET: {"A": 0.5, "B": 0.5}}
    trade = {("mine/B", "separation/A"): 0.5, ("separation/A", "magnet/B"): 0.5}
    assert served(shares, trade) == pytest.approx(1.0)
    assert served(shares, trade, shares={"separation/A": 0}) == 0


@pytest.mark.parametrize(
    ("mix", "out", "left"),
    [
        ({"A": 0.2, "B": 0.1}, {}, 0.3),  # what it asks for of each
        ({"A": 0.2, "B": 0.1}, {"magnet/A": 0.0}, 0.1),  # the border binds, not what B makes
        ({"A": 0.3}, {"magnet/A": 0.0}, 0.0),
        ({}, {}, 0.0),
    ],
)
def test_a_market_draws_first_on_what_its_borders_let_through(
    mix: dict[str, float], out: dict[str, float], left: float
) -> None:
    network = chain({MAGNET: {"A": 0.8, "B": 0.2}}, None, mix)
    assert max_flow(network, out) / UNIT == pytest.approx(left)


def test_the_flow_counts_in_whole_millionths_and_leaves_home_trade_open() -> None:
    graph = flow_graph(chain({MINE: {"A": 1 / 3}, MAGNET: {"A": 1.0}}, None, {"A": 0.25}))
    assert graph.edges["mine/A in", "mine/A out"]["capacity"] == 333_333
    assert graph.edges["magnet/A out", MARKET]["capacity"] == 250_000
    assert "capacity" not in graph.edges["mine/A out", "magnet/A in"]
    assert "capacity" not in graph.edges["magnet/A out", OTHERS]


Case = tuple[dict[str, dict[str, float]], dict[tuple[str, str], float], dict[str, float]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw two countries at three stages, with trade and a market, in hundredths."""
    hundredths = st.integers(0, 100).map(lambda number: number / 100)
    shares = {
        stage: {"A": (left := draw(hundredths)), "B": round(1 - left, 2)}
        for stage in (MINE, SEPARATION, MAGNET)
    }
    crossings = [
        (f"{before}/{source}", f"{after}/{target}")
        for before, after in ((MINE, SEPARATION), (SEPARATION, MAGNET))
        for source, target in (("A", "B"), ("B", "A"))
    ]
    trade = {pair: draw(hundredths) for pair in crossings}
    return shares, trade, {"A": draw(hundredths), "B": draw(hundredths)}


def cheapest_cut(case: Case, out: dict[str, float]) -> float:
    """Price all cuts that cut the market off by brute force: the cheapest.

    A pool is cut off, or reached but stopped, or passed (its capacity is paid where it is stopped).
    """
    shares, trade, mix = case
    pools = [f"{stage}/{country}" for stage in shares for country in shares[stage]]
    size = {pool: shares[pool.split("/")[0]][pool.split("/")[1]] for pool in pools} | out
    home = [
        (f"{before}/{country}", f"{after}/{country}")
        for before, after in ((MINE, SEPARATION), (SEPARATION, MAGNET))
        for country in "AB"
    ]
    best = 9.0
    for states in product(("cut", "stopped", "passed"), repeat=len(pools)):
        state = dict(zip(pools, states, strict=True))
        if any(state[f"{MINE}/{c}"] == "cut" for c in "AB"):
            continue  # ore comes out of the ground everywhere
        if any(state[a] == "passed" and state[b] == "cut" for a, b in home):
            continue  # at home nothing is capped
        price = sum(size[pool] for pool in pools if state[pool] == "stopped")
        price += sum(
            cap for (a, b), cap in trade.items() if state[a] == "passed" and state[b] == "cut"
        )
        price += sum(mix[c] for c in "AB" if state[f"{MAGNET}/{c}"] == "passed")
        best = min(best, price)
    return best


@given(cases(), st.sampled_from([MINE, SEPARATION, MAGNET]), st.sampled_from("AB"))
def test_brute_force_over_all_cuts_agrees(case: Case, stage: str, country: str) -> None:
    out = {f"{stage}/{country}": 0.0}
    assert max_flow(chain(*case), out) / UNIT == pytest.approx(cheapest_cut(case, out), abs=5e-6)
    world = max_flow(chain(case[0], case[1]), out) / UNIT
    everything = (case[0], case[1], {"A": 9.0, "B": 9.0})
    assert world == pytest.approx(cheapest_cut(everything, out), abs=5e-6)


POOLS = st.sampled_from(
    [f"{stage}/{place}" for stage in (MINE, SEPARATION, MAGNET) for place in "AB"]
)


@given(cases(), POOLS, POOLS, st.floats(0, 1))
def test_an_outage_never_gives_and_a_second_one_never_gives_back(
    case: Case, pool: str, second: str, left: float
) -> None:
    network = chain(*case)
    partly = {pool: network.nodes[pool]["share"] * left}
    assert (
        0
        <= max_flow(network, {**partly, second: 0})
        <= max_flow(network, partly)
        <= max_flow(network)
    )


@given(cases())
def test_removing_nothing_loses_nothing(case: Case) -> None:
    network = chain(*case)
    same = {node: network.nodes[node]["share"] for node in network if node[:6] != "market"}
    assert max_flow(network, same) == max_flow(network) == max_flow(network, {})
