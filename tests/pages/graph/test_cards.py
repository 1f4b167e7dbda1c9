"""Cards: their texts fit, and what they say of shares and losses."""

from __future__ import annotations

from monazite.pages.drawing.palette import mark_path
from monazite.pages.graph.cards import LINE_SIZE, MARK_SLOT
from monazite.pages.graph.svg import draw
from monazite.safe_text import em_width
from tests.pages.networks import (
    findings_for,
    overlapping,
    small_findings,
    small_network,
)


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
    assert cards["metal/CHN"].line == "loss if it stops: 91\N{NO-BREAK SPACE}%"
    rings = [cards[node].ring for node in ("metal/CHN", "alloy/CHN", "magnet/CHN", "mine/CHN")]
    assert rings == sorted(rings, reverse=True)
    assert rings[2] > rings[3] == 0
    assert "lost" not in cards["mine/CHN"].line


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
