"""The flow against chains worked by hand, against brute force, and against its laws."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monazite.findings.flow import MARKET, OTHERS, UNIT, flow_graph, loss, serve
from tests.findings.chains import chain

MINE, SEPARATION, MAGNET = "mine", "separation", "magnet"
LAWS = settings(max_examples=25, deadline=None, derandomize=True)


def served(*args: object, **given: object) -> float:
    """What the world gets, as a share of its supply."""
    found = serve(chain(*args), **given)  # type: ignore[arg-type]
    assert found.fair == found.first == found.last, "the world has no rivals"
    return found.fair / UNIT


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


def shared(
    countries: dict[str, float], mix: dict[str, float], out: dict[str, float]
) -> tuple[float, float, float]:
    """What one market gets of one stage: fair, first and last, in shares of the world."""
    found = serve(chain({MAGNET: countries}, None, mix), shares=out)
    return found.fair / UNIT, found.first / UNIT, found.last / UNIT


@pytest.mark.parametrize(
    ("countries", "mix", "out", "fair", "first", "last"),
    [
        # Nothing fails: the market has what it asks for, wherever it stands in the queue.
        ({"A": 0.8, "B": 0.2}, {"A": 0.2, "B": 0.1}, {}, 0.3, 0.3, 0.3),
        # A fails. B's 0.2 stand against 0.3 + 0.7: everyone gets a fifth, the market 0.06. First
        # in the queue it has all that comes from B, 0.1; last nothing, as the others want 0.7.
        ({"A": 0.8, "B": 0.2}, {"A": 0.2, "B": 0.1}, {"A": 0.0}, 0.06, 0.1, 0.0),
        # B fails. Only 0.1 can come from A, a third of 0.3: the border binds, not the rivals.
        ({"A": 0.5, "B": 0.5}, {"A": 0.1, "B": 0.2}, {"B": 0.0}, 0.1, 0.1, 0.0),
        # The market's only source fails: nothing is left to share.
        ({"A": 0.5, "B": 0.5}, {"A": 0.3}, {"A": 0.0}, 0.0, 0.0, 0.0),
        # Its other source fails, and the rivals come to A: half of all that was asked for is left.
        ({"A": 0.5, "B": 0.5}, {"A": 0.3}, {"B": 0.0}, 0.15, 0.3, 0.0),
        # Half of A fails: 0.6 of 1.0 are left. Last in the queue: the others want 0.7 of 0.6.
        ({"A": 0.8, "B": 0.2}, {"A": 0.2, "B": 0.1}, {"A": 0.4}, 0.18, 0.3, 0.0),
        # A tenth fails: the others' 0.7 leave 0.2 for the last.
        ({"A": 0.8, "B": 0.2}, {"A": 0.2, "B": 0.1}, {"A": 0.7}, 0.27, 0.3, 0.2),
    ],
)
def test_scarcity_is_shared_in_equal_proportions(
    countries: dict[str, float],
    mix: dict[str, float],
    out: dict[str, float],
    fair: float,
    first: float,
    last: float,
) -> None:
    found = shared(countries, mix, {f"magnet/{place}": share for place, share in out.items()})
    assert found == pytest.approx((fair, first, last), abs=3e-6)


def test_a_market_that_nothing_reaches_has_no_loss() -> None:
    assert serve(chain({MAGNET: {"A": 1.0}}, None, {})).fair == 0
    assert loss(0, 0) is None


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


def cheapest_cuts(case: Case, out: dict[str, float]) -> dict[tuple[bool, bool], float]:
    """Price all cuts by brute force: the cheapest that cuts off the market, the others, both.

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
    best: dict[tuple[bool, bool], float] = {}
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
        open_last = [c for c in "AB" if state[f"{MAGNET}/{c}"] == "passed"]
        to_market = sum(mix[c] for c in open_last)
        for market_off in (True, False):
            for others_off in (True, False):
                if others_off and open_last:
                    continue  # the others take from every maker of magnets
                total = price + (to_market if market_off else 0.0)
                key = (market_off, others_off)
                best[key] = min(best.get(key, 9.0), total)
    return best


def fair_first_last(case: Case, out: dict[str, float]) -> tuple[float, float, float]:
    """Work fair, first and last out of the cheapest cuts, by the theorem on cuts and flows."""
    base, left = cheapest_cuts(case, {}), cheapest_cuts(case, out)
    wanted = min(base[True, False], base[True, True])
    others = min(base[True, True], base[True, False] + base[False, True]) - wanted
    alone, both = min(left[True, False], left[True, True]), left[True, True]
    theirs = min(left[False, True], both)
    part = 1.0
    for cap, ask in ((alone, wanted), (theirs, others), (both, wanted + others)):
        part = min(part, cap / ask) if ask > 0 else part
    fair = min(wanted, alone, both - part * others)
    first = min(wanted, alone)
    last = min(wanted, alone, both - min(others, theirs))
    return fair, first, max(0.0, last)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(cases(), st.sampled_from([MINE, SEPARATION, MAGNET]), st.sampled_from("AB"))
def test_brute_force_over_all_cuts_agrees(case: Case, stage: str, country: str) -> None:
    out = {f"{stage}/{country}": 0.0}
    found = serve(chain(*case), shares=out)
    by_hand = fair_first_last(case, out)
    assert [found.fair / UNIT, found.first / UNIT, found.last / UNIT] == pytest.approx(
        by_hand, abs=5e-6
    )
    world = serve(chain(case[0], case[1]), shares=out).fair / UNIT
    cuts = cheapest_cuts((case[0], case[1], {"A": 9.0, "B": 9.0}), out)
    base = cheapest_cuts((case[0], case[1], {"A": 9.0, "B": 9.0}), {})
    assert world == pytest.approx(min(cuts[True, True], base[True, True]), abs=1e-6)


POOLS = st.sampled_from(
    [f"{stage}/{place}" for stage in (MINE, SEPARATION, MAGNET) for place in "AB"]
)


@LAWS
@given(cases(), POOLS, POOLS, st.floats(0, 1))
def test_an_outage_never_gives_and_a_second_one_never_gives_back(
    case: Case, pool: str, second: str, left: float
) -> None:
    network = chain(case[0], case[1])
    base = serve(network).fair
    partly = {pool: network.nodes[pool]["share"] * left}
    one, two = serve(network, shares=partly).fair, serve(network, shares={**partly, second: 0}).fair
    assert 0 <= two <= one <= base
    lost = loss(base, one)
    assert lost is None or 0 <= lost <= 1


@LAWS
@given(cases(), POOLS, st.floats(0, 1))
def test_the_first_in_the_queue_is_never_worse_off_than_the_last(
    case: Case, pool: str, left: float
) -> None:
    network = chain(*case)
    base, found = serve(network), serve(network, shares={pool: network.nodes[pool]["share"] * left})
    assert found.first + 2 >= found.fair >= found.last - 2
    assert found.fair <= base.fair
    assert base.fair == base.first == base.last


@LAWS
@given(cases(), POOLS)
def test_the_loss_does_not_depend_on_the_unit(case: Case, pool: str) -> None:
    shares, trade, _ = case
    half = {stage: {place: s / 2 for place, s in found.items()} for stage, found in shares.items()}
    whole, halved = chain(shares, trade), chain(half, {k: s / 2 for k, s in trade.items()})
    assert serve(halved).fair * 2 == serve(whole).fair
    assert serve(halved, shares={pool: 0}).fair * 2 == serve(whole, shares={pool: 0}).fair


@LAWS
@given(cases())
def test_removing_nothing_loses_nothing(case: Case) -> None:
    network = chain(*case)
    same = {node: network.nodes[node]["share"] for node in network if node[:6] != "market"}
    assert serve(network, shares=same) == serve(network) == serve(network, shares={})


ARGUMENTS = ["chokepoints", "-e", "Dy", "-m", "USA", "--format", "json"]
SHOW = (
    "import sys, monazite\n"
    "from monazite.cli import main\n"
    "network = monazite.load().network('Dy', 'EUE')\n"
    "print(list(network.nodes(data=True)), list(network.edges(keys=True, data=True)))\n"
    f"sys.argv = {['monazite', *ARGUMENTS]}\n"
    "main()\n"
)


def test_network_and_report_are_the_same_bytes_under_any_hash_seed(
    cache_of_the_tests: Path,
) -> None:
    shown = [
        subprocess.run(
            [sys.executable, "-c", SHOW],
            env={**os.environ, "PYTHONHASHSEED": seed, "MONAZITE_CACHE": str(cache_of_the_tests)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "4711")
    ]
    network, report = shown[0].split(b"\n", 1)
    assert len(network) > 10_000
    assert json.loads(report)["market"] == "USA"
    assert shown[0] == shown[1]
