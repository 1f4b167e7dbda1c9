"""Roles of pools and sets that cut a market off, against trying every one, and as tables."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.cuts.cuts import Cuts, find_cuts
from monazite.analysis.cuts.disjoint_routes import (
    NodeRole,
    Structure,
    find_routes,
    find_structure,
    unnamed_pools,
)
from monazite.analysis.cuts.routes import MARKET, SINK, SOURCE, flow_graph
from monazite.model.network.attributes import Network
from monazite.model.network.shares import REST
from tests.analysis.max_flow import max_flow
from tests.analysis.route_loops import FREE, Loops, places, pools_of
from tests.conftest import view_in_memory
from tests.model.chains import add_site, chain
from tests.results import records_in

MINE, SEPARATION, MAGNET = "mine", "separation", "magnet"


def by_id(structure: Structure) -> dict[str, NodeRole]:
    return {standing.id: standing for standing in structure.standings}


def test_five_pools_with_one_neck() -> None:
    # Two mines feed A's plant, and only A's; A and B make magnets of it: by hand, one neck.
    shares = {MINE: {"A": 0.5, "B": 0.5}, SEPARATION: {"A": 1.0}, MAGNET: {"A": 0.5, "B": 0.5}}
    trade = {("mine/B", "separation/A"): 0.5, ("separation/A", "magnet/B"): 0.5}
    found = find_structure(chain(shares, trade))
    assert (found.routes, found.fewest) == (1, 1)
    assert [s.id for s in found.standings if s.dominator] == ["separation/A"]
    assert [s.id for s in found.standings if s.in_minimum_cut] == ["separation/A"]
    assert by_id(found)["mine/A"].routes_without == 1


def test_an_arc_that_carries_nothing_is_no_route() -> None:
    shares = {MINE: {"A": 1.0}, MAGNET: {"A": 0.5, "B": 0.5}}
    found = find_structure(chain(shares, {("mine/A", "magnet/B"): 1e-9}))
    assert by_id(found)["magnet/A"].dominator is True
    assert by_id(found)["magnet/B"].dominator is False


def test_the_rest_of_the_world_is_in_no_cut() -> None:
    shares = {MINE: {"A": 0.5, REST: 0.5}, MAGNET: {"A": 0.5, REST: 0.5}}
    found = find_structure(chain(shares))
    assert (found.routes, found.fewest) == (2, None)
    assert {s.id for s in found.standings} == {"mine/A", "magnet/A"}
    assert not any(s.in_minimum_cut for s in found.standings)
    assert any("in no cut" in note for note in found.notes)


def test_a_site_that_is_its_country_is_one_thing_with_it_and_a_part_stops_no_route() -> None:
    network = chain({MINE: {"A": 0.6, "B": 0.4}, MAGNET: {"A": 1.0}}, {("mine/B", "magnet/A"): 0.4})
    for pool in ("mine/A", "mine/B"):
        network.nodes[pool]["coverage"] = 1.0
    add_site(network, "mine/A", "pit", 1.0)
    add_site(network, "mine/B", "hill", 0.6)
    found = by_id(find_structure(network))
    assert found["mine/A"].label == "A mining = Pit"
    assert (found["mine/hill"].dominator, found["mine/hill"].routes_without) == (False, 1)


def test_a_market_that_nothing_reaches_is_not_known() -> None:
    found = find_structure(chain({MAGNET: {"A": 1.0}}, None, {}))
    assert (found.routes, found.fewest) == (None, None)
    (standing,) = found.standings
    assert (standing.dominator, standing.in_minimum_cut, standing.routes_without) == (None,) * 3
    assert "not known" in found.notes[0]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    places = "ABC"
    shares = {
        stage: dict.fromkeys(draw(st.sets(st.sampled_from(places), min_size=1)), 0.3)
        for stage in (MINE, SEPARATION, "metal", MAGNET)
    }
    stages = list(shares)
    crossings = [
        (f"{before}/{a}", f"{after}/{b}")
        for before, after in pairwise(stages)
        for a in shares[before]
        for b in shares[after]
        if a != b
    ]
    chosen = draw(st.sets(st.sampled_from(crossings))) if crossings else set()
    return chain(shares, dict.fromkeys(sorted(chosen), 0.2))


def reached(network: Network, gone: tuple[str, ...]) -> bool:
    left = network.copy()
    left.remove_nodes_from(gone)
    mines = [node for node in left if node.startswith(MINE)]
    return any(nx.has_path(left, mine, "market/WLD") for mine in mines)


@given(networks())
def test_removing_each_pool_and_each_set_agrees(network: Network) -> None:
    structure = find_structure(network)
    pools = sorted(node for node in network if not node.startswith("market"))
    if not reached(network, ()):
        assert structure.routes is None
        return
    smallest = next(
        sets
        for size in range(1, len(pools) + 1)
        if (sets := [s for s in combinations(pools, size) if not reached(network, s)])
    )
    assert structure.fewest == structure.routes == len(smallest[0])
    in_one = {pool for one in smallest for pool in one}
    for standing in structure.standings:
        assert standing.dominator == (not reached(network, (standing.id,)))
        assert standing.dominator == (standing.routes_without == 0)
        assert standing.in_minimum_cut == (standing.id in in_one)
        assert structure.routes is not None
        assert standing.routes_without is not None
        assert structure.routes - 1 <= standing.routes_without <= structure.routes


@given(networks())
def test_routes_are_those_of_networkx(network: Network) -> None:
    names = {end: end.removesuffix(" in").removesuffix(" out") for end in flow_graph(network)}
    paths: nx.DiGraph[str] = nx.DiGraph()
    for tail, head in flow_graph(network).edges:
        if names[tail] != names[head]:
            paths.add_edge(names[tail], names[head])
    paths.add_nodes_from([SOURCE, MARKET])
    try:
        found = len(list(nx.node_disjoint_paths(paths, SOURCE, MARKET)))
    except nx.NetworkXNoPath:
        found = 0
    assert (find_structure(network).routes or 0) == found


NOTHING = 1e-9


@st.composite
def longer_networks(draw: st.DrawFn) -> Network:
    """Draw pools of up to five countries and of the rest of the world at two to four stages."""
    share = st.sampled_from([0.3, 0.3, 0.3, NOTHING])
    places = st.sampled_from(["A", "B", "C", "D", REST])
    stages = ["mine", "separation", "metal", "magnet"][: draw(st.integers(2, 4))]
    shares = {stage: draw(st.dictionaries(places, share, min_size=1)) for stage in stages}
    crossings = [
        (f"{before}/{seller}", f"{after}/{buyer}")
        for before, after in pairwise(stages)
        for seller in shares[before]
        for buyer in shares[after]
        if seller != buyer
    ]
    trade = draw(st.dictionaries(st.sampled_from(crossings), share)) if crossings else {}
    last = sorted(shares[stages[-1]])
    mix = draw(st.none() | st.dictionaries(st.sampled_from(last), share))
    return chain(shares, trade, mix)


def agree(network: Network) -> None:
    graph, spared = flow_graph(network), unnamed_pools(network)
    found, loops = find_routes(graph, spared), Loops(graph, spared)
    assert found.disjoint == loops.disjoint
    assert found.cut_size == (None if loops.fewest >= FREE else loops.fewest)
    assert places(found, pools_of(graph)) == loops.places(pools_of(graph))


@given(longer_networks())
def test_removing_one_pool_after_the_other_agrees(network: Network) -> None:
    agree(network)


@pytest.mark.parametrize(("element", "market"), [("Dy", "USA"), ("Nd", "WLD"), ("NdPr", "JPN")])
def test_shipped_networks_agree(element: str, market: str) -> None:
    agree(view_in_memory().network(element, market))


@given(longer_networks())
def test_single_points_of_failure_are_the_dominators_of_networkx(network: Network) -> None:
    graph = flow_graph(network)
    found = find_routes(graph)
    open_ = nx.DiGraph(arc for arc in graph.edges if graph.edges[arc].get("capacity") != 0)
    open_.add_nodes_from([SOURCE, MARKET])
    above = nx.immediate_dominators(open_, SOURCE)
    passed, node = set(), MARKET
    while node != SOURCE and above.get(node) is not None:
        node = above[node]
        passed.add(node.removesuffix(" in").removesuffix(" out"))
    assert {pool for pool in pools_of(graph) if found.dominates(pool)} == passed - {SOURCE}


def test_a_pool_off_the_routes_changes_none_of_them() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([(SOURCE, "a in"), ("a out", MARKET), (MARKET, SINK)])
    graph.add_edge("a in", "a out", capacity=1)
    graph.add_edge("b in", "b out", capacity=1)
    found = find_routes(graph)
    assert (found.without("a"), found.without("b"), found.without("")) == (0, 1, 1)
    assert [pool for pool in "ab" if found.dominates(pool)] == ["a"]


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


def cuts(left: float = 0.1) -> Cuts:
    shares = {"mine": {"A": 1.0}, "magnet": {"A": 0.8, "B": 0.2}}
    return find_cuts(chain(shares, {("mine/A", "magnet/B"): 0.2}), k=1, left=left)


def test_a_set_says_why_it_is_told_and_what_still_arrives() -> None:
    sets, standings = cuts().tables()
    assert sets.heading == "Xx for The market: what cuts the market off"
    told = records_in(sets)
    assert [(each["what"], each["still arrives"]) for each in told] == [
        ("fewest, nothing arrives", "0 %"),
        ("least supply, nothing arrives", "0 %"),
        ("up to 1, leaves at most 10 %", "0 %"),
    ]
    roles = records_in(standings)
    assert [each["sole"] for each in roles] == ["yes", "no", "no"]
    assert standings.remarks[0] == "Routes that share no country: 1."


def test_csv_has_plain_numbers() -> None:
    found = cuts(left=0.25)
    (table,) = found.csv_tables()
    told = records_in(table)[-2:]
    assert [each["members"] for each in told] == ["mine/A", "magnet/A"]
    assert [float(each["left"]) for each in told] == [one.left for one in found.sets]
