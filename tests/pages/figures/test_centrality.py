"""The figure of centrality: measure and loss at their place, the sentence, and nothing known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.pages.figures.centrality import SAYS, centrality_drawing
from tests.pages.drawings import middle, part, words
from tests.pages.measured import small_centrality


def at(name: str, by: str = "betweenness") -> float:
    return middle(part(centrality_drawing(small_centrality(by), 760), f"centrality-{name}"))[0]


def test_a_measure_and_a_loss_stand_where_they_belong() -> None:
    """China separation is the most central, and 90 % are lost without it."""
    zero, whole = at("node-mine/CHN"), at("node-separation/CHN")
    assert at("loss-separation/CHN") == pytest.approx(zero + 0.9 * (whole - zero), abs=0.1)
    assert at("loss-mine/CHN") == pytest.approx(zero + 0.5 * (whole - zero), abs=0.1)
    drawing = centrality_drawing(small_centrality(), 760)
    assert words(drawing, "centrality-label-separation/CHN") == "0.167"


@pytest.mark.parametrize(
    ("correlation", "word"), [(0.9, "much"), (0.5, "something"), (0.1, "little"), (-1, "little")]
)
def test_the_sentence_says_how_far_the_measure_tells_losses(correlation: float, word: str) -> None:
    found = small_centrality()
    (line,) = found.agreements
    drawn = centrality_drawing(
        replace(found, agreements=(replace(line, spearman=correlation),)), 760
    )
    assert drawn.title == (
        f"Betweenness says {word} of what the United States would lose of dysprosium"
    )
    assert f"Rank correlation {correlation:.2f} over 3 places." in drawn.alt
    assert SAYS[-1][0] == -1


def test_without_losses_there_is_no_claim_and_nothing_drawn() -> None:
    found = small_centrality()
    none = tuple(replace(node, loss=None) for node in found.nodes)
    drawing = centrality_drawing(replace(found, nodes=none, agreements=()), 760)
    assert drawing.title == "What is central to dysprosium for the United States"
    assert "centrality-loss-" not in drawing.svg()


def test_only_the_first_are_drawn_and_all_of_them_in_the_order_of_losses() -> None:
    drawing = centrality_drawing(small_centrality(), 760, most=2)
    assert "centrality-loss-separation/MYS" not in drawing.svg()
    places = [drawing.alt.index(name) for name in ("China separation", "China mining")]
    assert places == sorted(places)
