"""Cuts against chains worked by hand, and against trying every set."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.routes.capacities import UNIT
from monazite.findings.routes.cuts import Cuts, find_cuts
from monazite.network.graph import Network
from monazite.network.shares import REST
from tests.conftest import view_in_memory
from tests.findings.chains import add_site, chain
from tests.findings.max_flow import max_flow
from tests.findings.routes.test_node_roles import MAGNET, MINE, SEPARATION, networks, reached
from tests.golden.lines import line_of


def members(cuts: Cuts) -> set[tuple[str, ...]]:
    return {found.members for found in cuts.sets}


def test_one_neck_is_the_smallest_cut_and_the_one_with_least_supply_may_be_another() -> None:
    # All ore passes A's plant (0.8 of the world); the two mines behind it make 0.5 together.
    shares = {MINE: {"A": 0.3, "B": 0.2}, SEPARATION: {"A": 0.8}, MAGNET: {"A": 0.9}}
    found = find_cuts(chain(shares, {("mine/B", "separation/A"): 0.2}), left=0.0)
    assert found.fewest is not None
    assert len(found.fewest.members) == 1
    assert found.least is not None
    assert found.least.members == ("mine/A", "mine/B")
    assert found.least.supply == pytest.approx(0.5)
    assert members(found) == {("magnet/A",), ("separation/A",), ("mine/A", "mine/B")}
    assert {one.left for one in found.sets} == {0.0}


def test_with_something_left_smaller_sets_do() -> None:
    shares = {stage: {"A": 0.9, "B": 0.1} for stage in (MINE, MAGNET)}
    assert members(find_cuts(chain(shares), k=1, left=0.0)) == set()
    found = find_cuts(chain(shares), k=2, left=0.1)
    assert members(found) == {("mine/A",), ("magnet/A",)}
    assert found.sets[0].left == pytest.approx(0.1)
    assert found.worst[0].left == pytest.approx(0.1)
    assert found.worst[1].left == 0


def test_the_rest_of_the_world_is_cut_by_no_set_but_what_feeds_it_may_be() -> None:
    shares = {MINE: {"A": 0.5, "B": 0.5}, SEPARATION: {"A": 0.5, REST: 0.5}}
    found = find_cuts(chain(shares, {("mine/B", f"separation/{REST}"): 0.5}), left=0.0)
    assert found.fewest is not None
    assert set(found.fewest.members) in ({"mine/A", "mine/B"}, {"separation/A", "mine/B"})
    open_ = find_cuts(chain({MINE: {"A": 0.5, REST: 0.5}, MAGNET: {"A": 0.5, REST: 0.5}}))
    assert (open_.fewest, open_.least, open_.sets) == (None, None, ())
    assert any("over the rest of the world alone" in note for note in open_.notes)


def test_a_site_that_makes_enough_of_its_country_is_a_set_of_its_own() -> None:
    network = chain({MINE: {"A": 1.0}, MAGNET: {"A": 1.0}})
    network.nodes["mine/A"]["coverage"] = 0.9
    add_site(network, "mine/A", "pit", 0.8)
    found = members(find_cuts(network, k=1, left=0.25))
    assert found == {("mine/A",), ("mine/pit",), ("magnet/A",)}
    assert members(find_cuts(network, k=2, left=0.0)) == {("mine/A",), ("magnet/A",)}


def test_a_market_that_nothing_reaches_is_not_known() -> None:
    found = find_cuts(chain({MAGNET: {"A": 1.0}}, None, {}))
    assert (found.fewest, found.least, found.sets, found.worst) == (None, None, (), ())
    assert "not known" in found.notes[0]


def test_a_bound_that_stops_the_search_is_said() -> None:
    shares = {stage: dict.fromkeys("ABCDE", 0.2) for stage in (MINE, MAGNET)}
    found = find_cuts(chain(shares), k=5, left=0.0, bound=20)
    assert not found.complete
    assert "The search stopped after 20 trials: there may be more sets." in found.notes
    whole = find_cuts(chain(shares), k=5, left=0.0)
    assert whole.complete
    assert len(whole.sets) == 2**5  # for each country either its mine or its magnets


@given(networks())
def test_trying_every_set_agrees(network: Network) -> None:
    pools = sorted(node for node in network if not node.startswith("market"))
    found = find_cuts(network, k=3, left=0.0)
    cutting = [
        set(one)
        for size in range(4)
        for one in combinations(pools, size)
        if not reached(network, one)
    ]
    if set() in cutting:
        assert found.sets == ()
        return
    minimal = {tuple(sorted(one)) for one in cutting if not any(o < one for o in cutting)}
    assert members(found) == minimal
    assert found.fewest is not None
    assert not reached(network, found.fewest.members)
    if minimal:
        assert len(found.fewest.members) == min(map(len, minimal))
        supplies = {sum(network.nodes[pool]["share"] for pool in one) for one in minimal}
        assert found.least is not None
        assert found.least.supply <= min(supplies) + 1e-9


@given(networks(), st.sampled_from([0.2, 0.5, 0.8]))
def test_what_is_left_is_the_flow_and_every_set_is_found(network: Network, left: float) -> None:
    base = max_flow(network)
    pools = sorted(node for node in network if not node.startswith("market"))
    found = find_cuts(network, k=2, left=left)
    if not base:
        assert found.sets == ()
        return

    def flows(one: tuple[str, ...]) -> int:
        return max_flow(network, dict.fromkeys(one, 0.0))

    cutting = [
        one
        for size in (1, 2)
        for one in combinations(pools, size)
        if flows(one) <= int(left * base)
    ]
    minimal = {one for one in cutting if not any(set(o) < set(one) for o in cutting)}
    assert members(found) == minimal
    for one in (*found.sets, *found.worst):
        assert one.left == pytest.approx(flows(one.members) / base)
    if found.worst:
        assert found.worst[0].left * base == pytest.approx(min(flows((pool,)) for pool in pools))


def test_dysprosium_for_the_usa_hangs_on_chinese_separation() -> None:
    network = view_in_memory().network("Dy", "USA")
    found = find_cuts(network, k=2, left=0.5)
    assert ("separation/CHN",) in members(found)
    assert found.complete
    for one in (found.fewest, found.least, *found.sets, *found.worst):
        assert one is not None
        assert one.rows
        assert all(line_of(row) for row in one.rows)
    assert found.fewest is not None
    assert found.fewest.left == 0
    out = dict.fromkeys(found.fewest.members, 0.0)
    assert max_flow(network, out) == 0
    assert all(line_of(assumption.row) for assumption in found.assumptions)
    assert max_flow(network) / UNIT < 1
