from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from monazite.pages.graph.next_steps import steps_to
from monazite.pages.graph.svg import draw
from tests.pages.networks import add_arc, empty_network, small_network


def route(network: nx.MultiDiGraph[str], start: str, goal: str) -> list[str]:
    arcs = draw(network).arcs
    by_id = {arc.id: arc for arc in arcs}
    steps = steps_to([goal], arcs)
    found = [start]
    while found[-1] in steps:
        found.append(str(by_id[steps[found[-1]]].target))
    return found


def test_known_steps_come_before_possible_ones_and_home_before_abroad() -> None:
    network = small_network()
    assert route(network, "mine/Pangwa", "use/USA") == [
        *("mine/Pangwa", "mine/MMR", "separation/CHN", "metal/CHN", "alloy/CHN"),
        *("magnet/CHN", "use/USA"),
    ]
    # By hand: over the possible link of La Rochelle, the only one that leaves France.
    assert route(network, "separation/Solvay La Rochelle", "use/USA")[1] == "metal/VNM"
    assert route(network, "use/General Motors", "use/USA") == ["use/General Motors"]


ARCS = st.lists(
    st.tuples(*[st.integers(0, 7)] * 2, st.sampled_from(["trade", "possible", "part"])),
    max_size=25,
)


@given(ARCS)
def test_a_route_ends_at_the_goal_wherever_one_leads_there(
    arcs: list[tuple[int, int, str]],
) -> None:
    network = empty_network()
    network.add_nodes_from(f"n{number}" for number in range(8))
    for source, target, kind in arcs:
        if source != target:
            add_arc(network, f"n{source}", f"n{target}", kind)
    for node in network:
        found = route(network, node, "n0")
        assert len(found) == len(set(found)) <= 8
        assert (found[-1] == "n0") == nx.has_path(network, node, "n0")
