from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.pages.graph.layout import HEADER, crossings, lay_out
from monazite.pages.graph.links import draw_arcs
from monazite.pages.graph.svg import draw
from tests.pages.hostile import hostile_network
from tests.pages.networks import (
    STAGES,
    add_arc,
    add_country,
    empty_network,
    large_network,
    overlapping,
    small_network,
)

if TYPE_CHECKING:
    pass


def shuffled(network: nx.MultiDiGraph[str], seed: int) -> nx.MultiDiGraph[str]:
    nodes, arcs = list(network.nodes(data=True)), list(network.edges(keys=True, data=True))
    random.Random(seed).shuffle(nodes)
    random.Random(seed).shuffle(arcs)
    again: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    again.add_nodes_from(nodes)
    for source, target, key, cells in arcs:
        again.add_edge(source, target, key, **cells)
    return again


@pytest.mark.parametrize("size", [100, 150])
def test_no_two_cards_of_a_large_network_overlap(size: int) -> None:
    layout = lay_out(large_network(size))
    assert len(layout.places) == size
    assert overlapping(layout.places.values()) == []


def test_every_card_stands_inside_the_picture_below_the_headings() -> None:
    layout = lay_out(large_network())
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


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_building_does_not_matter(seed: int) -> None:
    network = large_network()
    assert draw(shuffled(network, seed)) == draw(network)


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
