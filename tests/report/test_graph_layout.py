"""Where cards and links of a network stand, how they are drawn, and how a crowd is folded."""

from __future__ import annotations

import itertools
import random
import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.formats import em_width
from monazite.report.chain_diagram.cards import STATUSES
from monazite.report.drawing.palette import mark_path
from monazite.report.graph.cards import LINE_SIZE, MARK_SLOT, state_path
from monazite.report.graph.details import steps_to
from monazite.report.graph.layout import HEADER, crossings, draw_arcs, lay_out
from monazite.report.graph.network_page import graph_html
from monazite.report.graph.svg import FoldedNetwork, draw, fold
from tests.report.hostile import hostile_network
from tests.report.networks import (
    STAGES,
    add_arc,
    add_country,
    empty_network,
    findings_for,
    large_network,
    overlapping,
    small_findings,
    small_network,
)


def shuffled(network: nx.MultiDiGraph[str], seed: int) -> nx.MultiDiGraph[str]:
    nodes, arcs = list(network.nodes(data=True)), list(network.edges(keys=True, data=True))
    random.Random(seed).shuffle(nodes)
    random.Random(seed).shuffle(arcs)
    again: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    again.add_nodes_from(nodes)
    for source, target, key, cells in arcs:
        again.add_edge(source, target, key, **cells)
    return again


def test_no_two_cards_of_a_large_network_overlap_or_leave_the_picture() -> None:
    layout = lay_out(large_network())
    assert len(layout.places) == 150
    assert overlapping(layout.places.values()) == []
    for place in layout.places.values():
        assert place.width / 2 <= place.x <= layout.width - place.width / 2
        assert place.y - place.height / 2 >= HEADER
        assert place.y + place.height / 2 <= layout.height


def test_stages_are_columns_from_left_to_right() -> None:
    network = large_network()
    layout = lay_out(network)
    assert [column.label for column in layout.columns] == [label for _, label in STAGES]
    assert [column.x for column in layout.columns] == sorted(column.x for column in layout.columns)
    for node, place in layout.places.items():
        assert layout.columns[place.column].code == network.nodes[str(node)]["stage"]


def test_countries_keep_one_order_in_all_columns() -> None:
    layout = lay_out(large_network())
    orders = []
    for number in range(len(layout.columns)):
        places = sorted(
            (place for place in layout.places.values() if place.column == number),
            key=lambda place: place.y,
        )
        orders.append(list(dict.fromkeys(place.block for place in places)))
    for first, second in itertools.combinations(orders, 2):
        common = set(first) & set(second)
        assert [row for row in first if row in common] == [row for row in second if row in common]


def test_sites_stand_under_their_country() -> None:
    layout = lay_out(small_network())
    pool, site = layout.places["mine/MMR"], layout.places["mine/Pangwa"]
    assert site.y > pool.y
    assert site.x + site.width / 2 == pool.x + pool.width / 2
    assert site.width < pool.width


def test_crossings_of_a_hand_drawn_case_are_counted_and_removed() -> None:
    # Two suppliers drawn in the order of their shares would cross; their buyers decide instead.
    network = empty_network()
    for code, stage, share in (
        ("CHN", "mine", 0.6),
        ("AUS", "mine", 0.3),
        ("MYS", "separation", 0.6),
        ("JPN", "separation", 0.3),
    ):
        add_country(network, code, stage, share)
    add_arc(network, "mine/CHN", "separation/JPN", "trade")
    add_arc(network, "mine/AUS", "separation/MYS", "trade")
    by_share = ["CHN", "MYS", "AUS", "JPN"]
    assert crossings(by_share, [(0, "CHN", 1, "JPN"), (0, "AUS", 1, "MYS")]) == 1
    places = lay_out(network).places
    above = places["mine/CHN"].y < places["mine/AUS"].y
    assert above == (places["separation/JPN"].y < places["separation/MYS"].y)


def test_straight_lines_where_there_is_room() -> None:
    network = empty_network()
    for stage in ("mine", "separation", "metal"):
        add_country(network, "CHN", stage, 0.9)
    for code in ("AUS", "MMR", "USA"):
        add_country(network, code, "mine", 0.1)
    add_arc(network, "mine/CHN", "separation/CHN", "domestic")
    add_arc(network, "separation/CHN", "metal/CHN", "domestic")
    places = lay_out(network).places
    assert places["mine/CHN"].y == places["separation/CHN"].y == places["metal/CHN"].y


def test_the_order_of_building_does_not_matter() -> None:
    network = large_network()
    assert draw(shuffled(network, 0)) == draw(network)


def test_a_network_without_cells_or_nodes_is_drawn_all_the_same() -> None:
    bare: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    assert lay_out(bare).places == {}
    bare.add_edge("a", "b")
    bare.add_edge("a", "a")
    picture = draw(bare)
    assert [card.name for card in picture.cards] == ["a", "b"]
    assert [column.label for column in picture.layout.columns] == ["Stage not known"]
    assert draw(hostile_network()).cards


@given(
    nodes=st.lists(
        st.tuples(
            st.sampled_from([code for code, _ in STAGES]),
            st.sampled_from(["CHN", "USA", "JPN", None]),
            st.sampled_from(["country", "site", "rest", "market", "gap"]),
        ),
        min_size=1,
        max_size=40,
    ),
    links=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60),
)
def test_no_network_makes_cards_overlap(
    nodes: list[tuple[str, str | None, str]], links: list[tuple[int, int]]
) -> None:
    network = empty_network()
    for number, (stage, country, kind) in enumerate(nodes):
        network.add_node(str(number), stage=stage, country=country, kind=kind)
    for source, target in links:
        network.add_edge(str(source % len(nodes)), str(target % len(nodes)))
    layout = lay_out(network)
    assert overlapping(layout.places.values()) == []
    assert len(draw_arcs(network, layout)) == len(links)


def test_parallel_arcs_take_different_courses() -> None:
    network = empty_network()
    for stage in ("mine", "separation"):
        add_country(network, "CHN", stage, 0.9)
    for material in "abcdefgh":
        add_arc(network, "mine/CHN", "separation/CHN", "trade", material=material)
    add_arc(network, "separation/CHN", "mine/CHN", "trade", material="scrap")
    add_arc(network, "mine/CHN", "mine/CHN", "trade")
    arcs = draw_arcs(network, lay_out(network))
    assert len({arc.path for arc in arcs}) == len(arcs) == 10


def test_arcs_within_a_column_run_beside_the_cards() -> None:
    network = small_network()
    layout = lay_out(network)
    [arc] = [
        arc
        for arc in draw_arcs(network, layout)
        if (arc.source, arc.target) == ("separation/CHN", "separation/FRA")
    ]
    source = layout.places["separation/CHN"]
    turn = float(arc.path.split("C")[1].split()[0])
    assert turn > source.x + source.width / 2 + 10
    assert arc.tip is not None
    assert arc.tip[2] == 180


def test_widths_compare_only_quantities_in_one_unit() -> None:
    network = empty_network()
    for code, stage in (("CHN", "mine"), ("AUS", "mine"), ("CHN", "separation")):
        add_country(network, code, stage, 0.5)
    for code, quantity, unit in (
        ("CHN", 1000.0, "t REO"),
        ("AUS", 10.0, "t REO"),
        ("AUS", 1.0, "t metal"),
        ("AUS", None, "t REO"),
    ):
        add_arc(network, f"mine/{code}", "separation/CHN", "trade", quantity=quantity, unit=unit)
    arcs = draw_arcs(network, lay_out(network))
    widths = {(arc.cells.quantity, arc.cells.unit): arc.width for arc in arcs}
    assert widths[1000.0, "t REO"] == widths[1.0, "t metal"] == 7
    assert widths[None, "t REO"] < widths[10.0, "t REO"] < 7


def test_arcs_leave_and_enter_a_card_in_the_order_of_where_they_go() -> None:
    """Six pixels lie between two arcs at one side of a card, the middle one at its middle."""
    network = empty_network()
    ends = (("mine", "CHN"), ("mine", "AUS"), ("separation", "MYS"))
    goals = (("alloy", "CHN"), ("metal", "AUS"), ("metal", "JPN"))
    for stage, code in (*ends, *goals):
        add_country(network, code, stage, 0.5)
    for code in ("CHN", "AUS"):
        add_arc(network, f"mine/{code}", "separation/MYS", "trade")
    for stage, code in goals:
        add_arc(network, "separation/MYS", f"{stage}/{code}", "trade")
    layout = lay_out(network)
    hub, places = layout.places["separation/MYS"], layout.places
    arcs = draw_arcs(network, layout)
    leaving = {
        places[arc.target].y: float(arc.path.split("C")[0].split()[1]) - hub.y
        for arc in arcs
        if arc.source == "separation/MYS"
    }
    assert [*leaving] != sorted(leaving), "arcs are drawn column by column"
    assert [leaving[y] for y in sorted(leaving)] == [-6, 0, 6]
    entering = {
        places[arc.source].y: arc.tip[1] - hub.y
        for arc in arcs
        if arc.target == "separation/MYS" and arc.tip
    }
    assert [entering[y] for y in sorted(entering)] == [-3, 3]


def test_texts_fit_their_cards() -> None:
    picture = draw(small_network(), small_findings())
    for card in picture.cards:
        room = card.place.width - MARK_SLOT
        assert em_width(card.name) * card.size <= room, card.name
        assert em_width(card.line) * LINE_SIZE <= room, card.line


def test_the_ring_follows_the_loss_and_the_card_says_it() -> None:
    network = small_network()
    findings = findings_for(
        network, ("metal/CHN", 0.91), ("alloy/CHN", 0.2), ("magnet/CHN", 0.01), ("mine/CHN", 0.0)
    )
    cards = {card.node: card for card in draw(network, findings).cards}
    assert cards["metal/CHN"].line == "lost for good: 91\N{NO-BREAK SPACE}%"
    rings = [cards[node].ring for node in ("metal/CHN", "alloy/CHN", "magnet/CHN", "mine/CHN")]
    assert rings == sorted(rings, reverse=True)
    assert rings[2] > rings[3] == 0
    assert cards["mine/CHN"].line == "nothing lost if it stops"


def test_a_long_name_takes_two_lines_and_pushes_nothing_together() -> None:
    network = small_network()
    name = "Northern Rare Earth Huamei green smelting base (Baotou) with a long name"
    network.nodes["mine/Pangwa"]["label"] = name
    network.nodes["mine/MMR"]["label"] = name
    picture = draw(network, findings_for(network, ("mine/Ganzhou ion clays", 0.4)))
    cards = {card.node: card for card in picture.cards}
    site, country = cards["mine/Pangwa"], cards["mine/MMR"]
    assert (site.wraps, country.wraps) == (True, False)
    assert name.startswith(site.name)
    assert name[len(site.name) + 1 :].startswith(site.line.rstrip("…"))
    assert site.place.height == country.place.height > cards["mine/Lynas Mt Weld"].place.height
    assert "1,450" in country.line
    assert "lost" in cards["mine/Ganzhou ion clays"].line
    assert overlapping(picture.layout.places.values()) == []


def test_a_site_whose_tonnes_are_known_is_as_large_as_its_part_of_the_world() -> None:
    network = small_network()
    network.nodes["mine/Lynas Mt Weld"]["of_country"] = 0.5
    network.nodes["mine/AUS"]["share"] = 0.32
    marks = {card.node: card.mark for card in draw(network, None).all_cards}
    # half of 0.32 is 0.16: 3 + 9 x 0.4
    assert marks["mine/Lynas Mt Weld"] == mark_path("square", 6.6)
    assert marks["separation/Lynas Malaysia"] == mark_path("square", 6.5)  # not known


MARKS = [mark for mark, _ in STATUSES]


def rings(path: str) -> list[list[tuple[float, float]]]:
    found = []
    for ring in path.split("Z")[:-1]:
        numbers = [float(each) for each in re.findall(r"-?\d+\.\d+", ring)]
        found.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return found


def turn(ring: list[tuple[float, float]]) -> float:
    """Twice the area of a ring, negative where it runs the other way round."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in pairs)


def test_each_state_has_a_shape_of_its_own_inside_its_radius() -> None:
    assert len({state_path(mark, 6) for mark in MARKS}) == len(MARKS)
    for mark in {*MARKS} - {"operating"}:
        points = [point for ring in rings(state_path(mark, 6)) for point in ring]
        assert 0 < max(max(abs(x), abs(y)) for x, y in points) <= 6.5


@pytest.mark.parametrize("mark", ["partly", "planned", "suspended", "closed"])
def test_a_hollow_mark_has_its_hole_the_other_way_round(mark: str) -> None:
    outer, hole, *inner = rings(state_path(mark, 6))
    assert turn(outer) > 0 > turn(hole)
    assert len(inner) == {"partly": 1, "planned": 0, "suspended": 3, "closed": 2}[mark]
    left = max(abs(x) for x, _ in hole)
    for ring in inner:
        assert max(max(abs(x), abs(y)) for x, y in ring) <= left + 1


def crowded() -> nx.MultiDiGraph[str]:
    """China's card and two sites; two sites of Brazil, which has no card; one site of nobody."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(element="Dy")
    network.add_node("mine/CHN", kind="country", stage="mine", country="CHN")
    for name, country in (("a", "CHN"), ("b", "CHN"), ("c", "BRA"), ("d", "BRA"), ("e", None)):
        network.add_node(
            f"mine/{name}", kind="site", stage="mine", country=country, rows=(f"row/{name}",),
            country_label={"BRA": "Brazil"}.get(str(country), ""),
        )  # fmt: skip
    network.add_node("market/WLD", kind="market", stage="market")
    for name, tonnes in (("a", 1.0), ("b", 2.0), ("c", None), ("d", 4.0)):
        network.add_edge(
            f"mine/{name}", "market/WLD", kind="trade", quantity=tonnes, unit="t",
            material=f"ore {name}", rows=(f"trade/{name}",),
        )  # fmt: skip
    network.add_edge("mine/a", "mine/b", kind="observed")
    network.add_edge("mine/CHN", "market/WLD", kind="domestic", quantity=9.0)
    return network


def folded() -> FoldedNetwork:
    return fold(crowded(), most=3)


def test_sites_stand_behind_their_country_or_a_card_made_for_them() -> None:
    found = folded()
    assert found.members == {
        "mine/CHN": ("mine/a", "mine/b"),
        "group/mine/BRA": ("mine/c", "mine/d"),
    }
    assert set(found.network) == {"mine/CHN", "group/mine/BRA", "mine/e", "market/WLD"}
    group = found.network.nodes["group/mine/BRA"]
    assert (group["label"], group["behind"]) == ("Brazil", 2)
    assert group["rows"] == ("row/c", "row/d")


def test_links_join_by_kind_and_add_up_where_all_are_known() -> None:
    found = folded()
    china = found.network.edges["mine/CHN", "market/WLD", "joined/trade"]
    assert (china["quantity"], china["unit"], china["label"]) == (3.0, "t", "2 links")
    assert china["material"] == "ore a; ore b"
    assert china["rows"] == ("trade/a", "trade/b")
    brazil = found.network.edges["group/mine/BRA", "market/WLD", "joined/trade"]
    assert (brazil["quantity"], brazil["unit"]) == (None, None)
    assert found.network.number_of_edges("mine/CHN", "market/WLD") == 2


def test_a_crowd_is_folded_and_every_site_is_still_named() -> None:
    network = large_network(160)
    found = fold(network)
    behind = {node for group in found.members.values() for node in group}
    assert len(found.network) <= 150
    assert {*network} == ({*found.network} | behind) & {*network}
    page = graph_html(network)
    assert all(str(network.nodes[str(node)]["label"]) in page for node in behind)
    assert fold(large_network(150)).members == {}


def test_every_link_is_drawn_or_held_once() -> None:
    network, found = crowded(), folded()
    held = [arc for group in found.holds.values() for arc in group]
    drawn = [arc for arc in found.network.edges(keys=True) if arc in network.edges]
    assert sorted(held + drawn) == sorted(network.edges(keys=True))
    assert found.holds["mine/CHN", "mine/CHN", "joined/observed"] == (("mine/a", "mine/b", 0),)


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
    st.tuples(*[st.integers(0, 7)] * 2, st.sampled_from(["trade", "possible", "part"])), max_size=25
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
