"""Ranges of centrality: the number lies among the draws, and the same seed gives the same."""

from __future__ import annotations

import pytest

from tests.conftest import view_in_memory


@pytest.mark.whole
def test_draws_give_every_measure_a_range_around_its_number() -> None:
    view = view_in_memory()
    found = view.centrality("Dy", "USA", year=2024, draws=6, seed=1)
    assert found.draws is not None
    assert (found.draws.count, found.draws.seed) == (6, 1)
    for node in found.nodes:
        assert set(node.ranges) == set(node.measures)
        for name, span in node.ranges.items():
            assert span.low <= span.median <= span.high, (node.id, name)
    made = found.node("separation/CHN").ranges["tonnes_out"]
    assert made.low < made.high
    assert made.low * 0.8 < found.node("separation/CHN").measures["tonnes_out"] < made.high * 1.2
    mine = found.node("mine/MMR").ranges["betweenness"]
    assert (mine.low, mine.high) == (0, 0)
    for each in found.agreements:
        assert each.spread is not None
        assert -1 <= each.spread.low <= each.spread.high <= 1
    again = view.centrality("Dy", "USA", year=2024, draws=6, seed=1)
    assert [node.ranges for node in again.nodes] == [node.ranges for node in found.nodes]


def test_without_draws_there_is_no_range_and_it_is_said() -> None:
    found = view_in_memory().centrality("Dy", "USA", year=2024)
    assert found.draws is None
    assert not any(node.ranges for node in found.nodes)
    assert all(each.spread is None for each in found.agreements)
    assert "Centrality: range not drawn; --draws N draws it." in found.to_text(full=True)


@pytest.mark.whole
def test_the_numbers_are_the_same_with_and_without() -> None:
    view = view_in_memory()
    plain = view.centrality("Dy", "USA", year=2024)
    drawn = view.centrality("Dy", "USA", year=2024, draws=3)
    assert [node.measures for node in plain.nodes] == [node.measures for node in drawn.nodes]
    assert [each.spearman for each in plain.agreements] == pytest.approx(
        [each.spearman for each in drawn.agreements]
    )
