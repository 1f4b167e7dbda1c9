"""Structure against chains worked by hand, and against removing one pool after the other."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.routes.capacities import MARKET, SOURCE, flow_graph
from monazite.findings.routes.node_roles import NodeRole, Structure, find_structure
from monazite.findings.standing.makers import read_known_year
from monazite.network.graph import Network
from monazite.network.shares import REST
from monazite.view import View
from tests.conftest import view_in_memory
from tests.findings.chains import add_site, chain
from tests.golden.lines import line_of

MINE, SEPARATION, MAGNET = "mine", "separation", "magnet"


def by_id(structure: Structure) -> dict[str, NodeRole]:
    return {standing.id: standing for standing in structure.standings}


def test_in_series_everything_is_a_single_point_of_failure() -> None:
    found = find_structure(chain({MINE: {"A": 1.0}, SEPARATION: {"A": 1.0}, MAGNET: {"A": 1.0}}))
    assert (found.routes, found.fewest) == (1, 1)
    assert all(s.dominator and s.in_minimum_cut for s in found.standings)
    assert {s.routes_without for s in found.standings} == {0}


def test_five_pools_with_one_neck() -> None:
    # Two mines feed A's plant, and only A's; A and B make magnets of it: by hand, one neck.
    shares = {MINE: {"A": 0.5, "B": 0.5}, SEPARATION: {"A": 1.0}, MAGNET: {"A": 0.5, "B": 0.5}}
    trade = {("mine/B", "separation/A"): 0.5, ("separation/A", "magnet/B"): 0.5}
    found = find_structure(chain(shares, trade))
    assert (found.routes, found.fewest) == (1, 1)
    assert [s.id for s in found.standings if s.dominator] == ["separation/A"]
    assert [s.id for s in found.standings if s.in_minimum_cut] == ["separation/A"]
    assert by_id(found)["mine/A"].routes_without == 1


def test_two_chains_side_by_side_have_two_routes_and_no_dominator() -> None:
    shares = {stage: {"A": 0.7, "B": 0.3} for stage in (MINE, SEPARATION, MAGNET)}
    found = find_structure(chain(shares))
    assert (found.routes, found.fewest) == (2, 2)
    assert not any(s.dominator for s in found.standings)
    assert all(s.in_minimum_cut and s.routes_without == 1 for s in found.standings)


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
    """Draw three countries at four stages, some absent, with trade between any two."""
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
    """Whether the market is reached once some pools are removed, by walking the network."""
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


@pytest.fixture(scope="module")
def usa() -> Network:
    view: View = view_in_memory()
    return view.network("Dy", "USA")


def test_the_shipped_network_agrees_with_the_chokepoints(usa: Network) -> None:
    model, _ = read_known_year(view_in_memory().facts("Dy"), "USA", "United States")
    structure = by_id(find_structure(usa, model))
    for point in view_in_memory().chokepoints("Dy", "USA", network=usa).chokepoints:
        if point.kind == "country" and point.stage and point.id in structure:
            assert structure[point.id].dominator == point.dominator
            assert structure[point.id].in_minimum_cut == point.in_minimum_cut
            assert structure[point.id].rows
    assert all(line_of(row) for standing in structure.values() for row in standing.rows)
