from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.pages.drawing.palette import mark_path
from monazite.pages.graph.cards import LINE_SIZE, MARK_SLOT
from monazite.pages.graph.layout import HEADER, CardPlace, crossings, lay_out
from monazite.pages.graph.links import draw_arcs
from monazite.pages.graph.svg import draw
from monazite.safe_text import em_width
from tests.pages.hostile import hostile_network
from tests.pages.networks import (
    STAGES,
    add_arc,
    add_country,
    empty_network,
    findings_for,
    large_network,
    small_findings,
    small_network,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def overlapping(places: Iterable[CardPlace]) -> list[tuple[CardPlace, CardPlace]]:
    return [
        (a, b)
        for a, b in itertools.combinations(places, 2)
        if abs(a.x - b.x) < (a.width + b.width) / 2 and abs(a.y - b.y) < (a.height + b.height) / 2
    ]


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


def test_texts_fit_their_cards() -> None:
    picture = draw(small_network(), small_findings())
    for card in picture.cards:
        room = card.place.width - MARK_SLOT
        assert em_width(card.name) * card.size <= room, card.name
        assert em_width(card.line) * LINE_SIZE <= room, card.line


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
    add_arc(network, "mine/CHN", "separation/CHN", "trade", quantity=1000.0, unit="t REO")
    add_arc(network, "mine/AUS", "separation/CHN", "trade", quantity=10.0, unit="t REO")
    add_arc(network, "mine/AUS", "separation/CHN", "trade", quantity=1.0, unit="t metal")
    add_arc(network, "mine/AUS", "separation/CHN", "trade", quantity=None, unit="t REO")
    widths = {
        (arc.cells.quantity, arc.cells.unit): arc.width
        for arc in draw_arcs(network, lay_out(network))
    }
    assert widths[1000.0, "t REO"] == widths[1.0, "t metal"] == 7
    assert widths[None, "t REO"] < widths[10.0, "t REO"] < 7


def test_the_ring_follows_the_loss_and_the_card_says_it() -> None:
    network = small_network()
    findings = findings_for(
        network, ("metal/CHN", 0.91), ("alloy/CHN", 0.2), ("magnet/CHN", 0.01), ("mine/CHN", 0.0)
    )
    cards = {card.node: card for card in draw(network, findings).cards}
    assert cards["metal/CHN"].line == "loss if it stops: 91\N{NO-BREAK SPACE}%"
    rings = [cards[node].ring for node in ("metal/CHN", "alloy/CHN", "magnet/CHN", "mine/CHN")]
    assert rings == sorted(rings, reverse=True)
    assert rings[2] > rings[3] == 0
    assert "lost" not in cards["mine/CHN"].line


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
    assert "loss" in cards["mine/Ganzhou ion clays"].line
    assert overlapping(picture.layout.places.values()) == []


def test_a_site_whose_tonnes_are_known_is_as_large_as_its_part_of_the_world() -> None:
    network = small_network()
    network.nodes["mine/Lynas Mt Weld"]["of_country"] = 0.5
    network.nodes["mine/AUS"]["share"] = 0.32
    marks = {card.node: card.mark for card in draw(network, None).all_cards}
    # half of 0.32 is 0.16: 3 + 9 x 0.4
    assert marks["mine/Lynas Mt Weld"] == mark_path("square", 6.6)
    assert marks["separation/Lynas Malaysia"] == mark_path("square", 6.5)  # not known
