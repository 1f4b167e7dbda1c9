"""Each measure by hand on a chain, laws on whatever flows, and what thin records allow."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import UnknownNameError
from monazite.findings.centrality.flow_graph import graph_of
from monazite.findings.centrality.measures import (
    MEASURES,
    firm_measures,
    flow_measures,
    hangs_together,
    measure_named,
    on_paths,
    policy_measures,
)
from tests.findings.centrality.graphs import drawn_flows, users_of

# Two mines, one separator each, a user. A's ore is separated by A and, a little, by B.
CHAIN = {
    ("mine/A", "separation/A"): 10.0,
    ("mine/A", "separation/B"): 1.0,
    ("mine/B", "separation/B"): 5.0,
    ("separation/A", "use/C"): 10.0,
    ("separation/B", "use/C"): 6.0,
}


def test_tonnes_are_what_is_taken_and_passed_on() -> None:
    found = flow_measures(graph_of(CHAIN), ["use/C"])
    assert found["tonnes_in"]["separation/B"] == 6
    assert found["tonnes_out"]["mine/A"] == 11
    assert (found["tonnes_in"]["mine/A"], found["tonnes_out"]["use/C"]) == (0, 0)


def test_betweenness_by_hand() -> None:
    """Five nodes, so 4 * 3 pairs: mine/A to use/C goes by A (1/10 + 1/10 < 1 + 1/6), B's by B."""
    found = flow_measures(graph_of(CHAIN), ["use/C"])["betweenness"]
    assert found["separation/A"] == found["separation/B"] == pytest.approx(1 / 12, abs=1e-12)
    assert found["mine/A"] == found["mine/B"] == found["use/C"] == 0


def test_large_flows_are_short_ways() -> None:
    """Once B separates most of A's ore, both ways lead over B."""
    more = {**CHAIN, ("mine/A", "separation/B"): 100.0, ("separation/B", "use/C"): 105.0}
    found = flow_measures(graph_of(more), ["use/C"])
    assert found["betweenness"]["separation/B"] == pytest.approx(2 / 12, abs=1e-12)
    assert found["on_paths"]["separation/B"] == 1
    assert found["on_paths"]["separation/A"] == 0


def test_a_half_of_the_paths_from_mines_passes_each_separator() -> None:
    found = flow_measures(graph_of(CHAIN), ["use/C"])["on_paths"]
    assert found["separation/A"] == found["separation/B"] == 0.5
    assert found["mine/A"] == 0


def test_paths_are_those_to_the_market_alone() -> None:
    flows = {**CHAIN, ("separation/B", "use/D"): 2.0}
    graph = graph_of(flows)
    assert flow_measures(graph, ["use/D"])["on_paths"]["separation/B"] == 1
    # both mines reach both users: B is on the way of B's ore twice, and of A's ore to D
    assert flow_measures(graph, ["use/C", "use/D"])["on_paths"]["separation/B"] == 0.75
    assert on_paths(graph, ["mine/A"], ["use/nobody"]) == dict.fromkeys(graph, 0.0)


def test_equal_ways_count_a_half_each() -> None:
    even = {(f"mine/{one}", f"metal/{two}"): 4.0 for one, two in ("AA", "AB")}
    even |= {("metal/A", "use/C"): 4.0, ("metal/B", "use/C"): 4.0}
    found = flow_measures(graph_of(even), ["use/C"])["on_paths"]
    assert found["metal/A"] == found["metal/B"] == 0.5


def test_pagerank_of_the_reversed_flows_leads_to_who_feeds_others() -> None:
    found = flow_measures(graph_of(CHAIN), ["use/C"])["pagerank"]
    assert found["mine/A"] > found["mine/B"] > found["use/C"]


def ranks(values: dict[str, float]) -> list[str]:
    return sorted(values, key=lambda node: (-round(values[node], 10), node))


@given(drawn_flows())
def test_a_thousand_times_the_tonnes_leave_every_rank(
    flows: dict[tuple[str, str], float],
) -> None:
    users = users_of(flows)
    one = flow_measures(graph_of(flows), users)
    more = flow_measures(graph_of({pair: 1000 * x for pair, x in flows.items()}), users)
    for name in one:
        assert ranks(dict(one[name])) == ranks(dict(more[name])), name
        if not name.startswith("tonnes"):
            assert dict(one[name]) == pytest.approx(dict(more[name]), abs=1e-9)


@given(drawn_flows(), st.permutations("ABC"))
def test_names_change_nothing(flows: dict[tuple[str, str], float], names: list[str]) -> None:
    new = dict(zip("ABC", names, strict=True))

    def renamed(node: str) -> str:
        stage, country = node.split("/")
        return f"{stage}/{new[country]}"

    other = {(renamed(tail), renamed(head)): x for (tail, head), x in flows.items()}
    users = users_of(flows)
    before = flow_measures(graph_of(flows), users)
    after = flow_measures(graph_of(other), [renamed(user) for user in users])
    for name, values in before.items():
        moved = {renamed(node): value for node, value in values.items()}
        assert moved == pytest.approx(dict(after[name]), abs=1e-9), name


@given(drawn_flows())
def test_every_measure_is_what_networkx_finds(flows: dict[tuple[str, str], float]) -> None:
    graph, users = graph_of(flows), users_of(flows)
    found = flow_measures(graph, users)
    theirs = nx.betweenness_centrality(graph, weight="distance")
    assert dict(found["betweenness"]) == pytest.approx(theirs, abs=1e-12)
    mines = [node for node in graph if node.startswith("mine/")]
    pairs = [(one, to) for one in mines for to in users if nx.has_path(graph, one, to)]
    for node in graph:
        on = 0.0
        for one, to in pairs:
            ways = list(nx.all_shortest_paths(graph, one, to, weight="distance"))
            on += sum(node in way[1:-1] for way in ways) / len(ways)
        part = on / len(pairs) if pairs else 0.0
        assert found["on_paths"][node] == pytest.approx(part, abs=1e-12)
        assert found["tonnes_in"][node] == graph.in_degree(node, weight="tonnes")


def links(*pairs: str) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for pair in pairs:
        graph.add_edge(pair[0], pair[1], links=1)
    return graph


def test_paths_between_firms_are_measured_where_half_of_them_hang_together() -> None:
    joined, apart = links("ab", "bc"), links("ab", "cd", "ef")
    assert hangs_together(joined)
    assert not hangs_together(apart)
    assert not hangs_together(links())
    assert set(firm_measures(apart)) == {"links", "customers", "suppliers"}
    assert firm_measures(joined)["betweenness"]["b"] == pytest.approx(1 / 2)
    assert firm_measures(joined)["links"] == {"a": 1, "b": 2, "c": 1}


def test_acts_count_as_far_as_they_are_in_force() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("CHN", "USA", in_force=2, perhaps=1)
    graph.add_edge("USA", "CHN", in_force=1, perhaps=0)
    graph.add_edge("CHN", "JPN", in_force=0, perhaps=3)
    found = policy_measures(graph)
    assert found["in_force_by"] == {"CHN": 2, "USA": 1, "JPN": 0}
    assert found["in_force_against"] == {"USA": 2, "CHN": 1, "JPN": 0}


def test_a_measure_is_found_by_its_code() -> None:
    assert measure_named("flow", None).code == "betweenness"
    assert measure_named("firms", "customers").column == "customers"
    with pytest.raises(UnknownNameError, match="pagerank"):
        measure_named("flow", "pagerang")
    with pytest.raises(UnknownNameError, match="there are"):
        measure_named("policies", "betweenness")
    assert all(len({each.code for each in known}) == len(known) for known in MEASURES.values())
