"""Flows and routes against chains worked by hand, brute force, networkx, and their laws."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import product

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.cuts.disjoint_routes import find_routes, route_net, unnamed_pools
from monazite.analysis.cuts.routes import (
    MARKET,
    OTHERS,
    REMAINDER,
    SCRAP,
    SOURCE,
    UNCAPPED,
    UNEXPLAINED,
    UNIT,
    FlowSolver,
    YearRoutes,
    flow_graph,
)
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import ModelYear
from tests.analysis.max_flow import max_flow
from tests.model.chains import chain
from tests.model.small_chains import candidate, one_mine, small_chain, two_sellers

NODES = [f"n{i}" for i in range(7)]


@st.composite
def graphs(draw: st.DrawFn) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(NODES)
    pairs = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda p: p[0] != p[1])
    for tail, head in draw(st.lists(pairs, max_size=25)):
        graph.add_edge(tail, head, capacity=draw(st.integers(0, 9)))
    return graph


@given(graphs())
def test_value_and_cut_are_those_of_networkx(graph: nx.DiGraph[str]) -> None:
    found = FlowSolver(graph, "n0", "n6").minimum_cut()
    value, (side, _) = nx.minimum_cut(graph, "n0", "n6")
    assert found.value == value
    assert found.source_side == side


@given(graphs())
def test_what_flows_in_flows_out(graph: nx.DiGraph[str]) -> None:
    found = FlowSolver(graph, "n0", "n6").minimum_cut()
    net: dict[str, int] = defaultdict(int)
    for (tail, head), amount in found.flow.items():
        assert 0 < amount <= graph.edges[tail, head]["capacity"]
        net[tail] -= amount
        net[head] += amount
    ends = {"n0": -found.value, "n6": found.value} if found.value else {}
    assert {node: amount for node, amount in net.items() if amount} == ends


@given(graphs(), st.integers(0, 9))
def test_a_changed_capacity_is_a_changed_graph(graph: nx.DiGraph[str], cap: int) -> None:
    if not graph.size():
        return
    solver = FlowSolver(graph, "n0", "n6")
    before = solver.minimum_cut().value
    arc = solver.arcs[0]
    changed = solver.minimum_cut({arc: cap}).value
    assert solver.minimum_cut().value == before, "a change is forgotten"
    graph.edges[arc]["capacity"] = cap
    assert changed == nx.maximum_flow_value(graph, "n0", "n6")


@given(graphs())
def test_a_neck_is_an_arc_with_which_a_unit_less_flows(graph: nx.DiGraph[str]) -> None:
    solver = FlowSolver(graph, "n0", "n6")
    value, in_cuts = solver.arcs_in_minimum_cuts()
    assert value == solver.minimum_cut().value
    caps = {arc: graph.edges[arc]["capacity"] for arc in solver.arcs}
    less = {
        arc for arc, cap in caps.items() if cap and solver.minimum_cut({arc: cap - 1}).value < value
    }
    assert in_cuts == less


@given(graphs(), st.integers(0, 9))
def test_arcs_in_minimum_cuts_of_a_changed_capacity_are_those_of_a_changed_graph(
    graph: nx.DiGraph[str], cap: int
) -> None:
    if not graph.size():
        return
    solver = FlowSolver(graph, "n0", "n6")
    arc = solver.arcs[0]
    found = solver.arcs_in_minimum_cuts({arc: cap})
    graph.edges[arc]["capacity"] = cap
    assert found == FlowSolver(graph, "n0", "n6").arcs_in_minimum_cuts()


def test_an_arc_without_capacity_is_not_capped_and_small_numbers_are_not_lost() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("mine", "plant")
    graph.add_edge("plant", "market", capacity=10**15 + 1)
    assert (
        FlowSolver(graph, "mine", "market").minimum_cut({("mine", "plant"): UNCAPPED**2}).value
        == 10**15 + 1
    )
    assert FlowSolver(graph, "mine", "market").minimum_cut().value == UNCAPPED


MINE, SEPARATION, MAGNET = "mine", "separation", "magnet"


def served(*args: object, **given: object) -> float:
    return max_flow(chain(*args), **given) / UNIT  # type: ignore[arg-type]


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
    """Price all cuts that cut the market off by brute force: the cheapest."""
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


def routes_of(chain: Chain, market: str = "WLD") -> YearRoutes:
    return YearRoutes(ModelYear(chain, ("Dy",), {}, {}), market)


def changed(chain: Chain, **given: object) -> Chain:
    found = replace(chain.element_chains["Dy"], **given)  # type: ignore[arg-type]
    return replace(chain, element_chains={"Dy": found})


def test_a_market_is_brought_what_its_sellers_hold() -> None:
    """B makes 60 t of magnets of oxide that A sold it: all of it is A's ore."""
    found = routes_of(one_mine(), "B").brought
    assert found["magnet"] == found["metal"] == {"B": 1.0}
    assert found["separation"] == pytest.approx({"A": 1.0})
    assert found["mine"] == pytest.approx({"A": 1.0})
    assert routes_of(one_mine()).brought["metal"] == pytest.approx({"A": 0.4, "B": 0.6})


def test_two_sellers_bring_half_each_and_neither_is_sole() -> None:
    routes = routes_of(two_sellers(), "B")
    assert routes.brought["separation"] == pytest.approx({"A": 0.5, "C": 0.5})
    found = find_routes(routes.graph(), routes.unnamed)
    assert not found.dominates("separation/A")
    assert found.dominates("metal/B")
    graph = routes.graph()
    assert graph.edges["separation/A in", "separation/A out"]["capacity"] == UNIT // 2
    assert graph.has_edge("magnet/B out", MARKET)
    assert graph.has_edge(SOURCE, "mine/A in")


def test_who_sells_on_passes_the_mix_that_it_holds() -> None:
    """A and C sell 30 t each to T, which makes nothing; T sells all to B: half and half still."""
    ends = {"A": 30.0, "C": 30.0}
    made = {"mine": ends, "separation": ends, "metal": {"B": 60.0}, "magnet": {"B": 60.0}}
    flows = {
        ("separation", "A", "T"): 30.0,
        ("separation", "C", "T"): 30.0,
        ("separation", "T", "B"): 60.0,
    }
    routes = routes_of(small_chain(made, flows), "B")
    assert routes.brought["separation"] == pytest.approx({"A": 0.5, "C": 0.5})


def test_scrap_and_what_no_row_explains_are_sources_that_no_country_is() -> None:
    """Of A's 100 t of oxide 25 are of scrap; 50 t more that B takes are explained by nobody."""
    parts = {"A": 40.0, "B": 110.0}
    made = {"mine": {"A": 75.0}, "separation": {"A": 100.0}, "metal": parts, "magnet": parts}
    chain = small_chain(made, {("separation", "A", "B"): 60.0})
    taken = {**chain.element_chains["Dy"].taken, ("separation", "B"): 110.0, ("mine", "A"): 75.0}
    chain = changed(chain, scrap={"A": 25.0}, missing={("separation", "B"): 50.0}, taken=taken)
    found = routes_of(chain).brought
    assert found["separation"] == pytest.approx({"A": 100 / 150, UNEXPLAINED: 50 / 150})
    assert found["mine"] == pytest.approx({"A": 75 / 150, SCRAP: 25 / 150})
    assert routes_of(chain).unnamed == [f"mine/{SCRAP}", f"separation/{UNEXPLAINED}"]


@pytest.mark.parametrize(("small", "kept"), [(0.019, False), (0.021, True)])
def test_what_brings_less_than_the_stated_part_is_left_out(small: float, kept: bool) -> None:
    assert REMAINDER == 0.02
    parts = {"A": 100 * (1 - small), "B": 100 * small}
    routes = routes_of(
        small_chain(dict.fromkeys(("mine", "separation", "metal", "magnet"), parts), {})
    )
    assert ("B" in routes.kept["separation"]) is kept
    assert find_routes(routes.graph()).dominates("separation/A") is not kept
    assert routes.counts(candidate("separation/B")) is kept


def test_a_country_of_the_rest_of_the_world_is_a_part_of_it() -> None:
    parts = {"A": 50.0, "ROW": 50.0}
    chain = small_chain(dict.fromkeys(("mine", "separation", "metal", "magnet"), parts), {})
    home = dict.fromkeys(("mine", "separation", "metal", "magnet"), frozenset({"A"}))
    of = {**chain.element_chains["Dy"].parts, ("metal", "B"): 20.0}
    routes = routes_of(changed(chain, home=home, parts=of))
    placed = routes.placed(candidate("metal/B"))
    assert placed.hits == pytest.approx({"metal/ROW": 0.4})
    assert routes.counts(placed)


def test_a_year_that_lacks_a_stage_is_not_known() -> None:
    chain = one_mine()
    made = {key: x for key, x in chain.element_chains["Dy"].made.items() if key[0] != "metal"}
    assert routes_of(chain).known
    assert not routes_of(changed(chain, made=made)).known


def test_without_a_year_the_routes_are_those_of_the_network() -> None:
    network = chain({"mine": {"A": 0.7, "B": 0.3}, "magnet": {"A": 1.0}})
    net = route_net(network)
    assert [each.id for each in net.things] == ["magnet/A", "mine/A", "mine/B"]
    assert (net.left_out, net.unnamed, net.remainders) == ([], unnamed_pools(network), "")
    assert [*net.capacities] == ["magnet/A", "mine/A", "mine/B"]
    assert net.capacities["mine/A"] == 700_000


@given(graphs(), st.integers(0, 6))
def test_enough_is_as_good_as_all(graph: nx.DiGraph[str], cutoff: int) -> None:
    whole = FlowSolver(graph, "n0", "n6").minimum_cut().value
    found = FlowSolver(graph, "n0", "n6").minimum_cut(cutoff=cutoff)
    assert (found.value > cutoff) == (whole > cutoff)
    assert found.value <= whole
    assert (found.source_side == frozenset()) == (found.value > cutoff)


def test_many_small_ones_together_are_no_remainder() -> None:
    """Ten makers of 1 % each: all but the first are kept, and A is not sole."""
    small = {f"B{number}": 1.0 for number in range(10)}
    parts = {"A": 90.0, **small}
    routes = routes_of(
        small_chain(dict.fromkeys(("mine", "separation", "metal", "magnet"), parts), {})
    )
    assert len(routes.kept["metal"]) == 10
    assert not find_routes(routes.graph()).dominates("metal/A")
