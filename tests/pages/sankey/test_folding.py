"""Crowded columns folded: nothing is lost, and the picture says so."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given

from monazite.pages.sankey.folding import MAX_BARS
from monazite.pages.sankey.geometry import (
    place_bands,
)
from monazite.pages.sankey.page import (
    Sankey,
)
from tests.pages.sankeys import (
    crowded_sankey,
    in_columns,
    sankeys,
)


@given(sankeys())
def test_folding_loses_nothing(picture: Sankey) -> None:
    placed = place_bands(picture)
    drawn: dict[str, float] = defaultdict(float)
    asked: dict[str, float] = defaultdict(float)
    for band in placed.bands:
        drawn[band.link.kind] += band.link.value
    for one in picture.links:
        asked[one.kind] += one.value
    assert drawn == pytest.approx(asked)


def test_a_crowded_column_is_folded_and_says_so() -> None:
    placed = place_bands(crowded_sankey())
    (mines, _) = in_columns(placed).values()
    assert len(mines) <= MAX_BARS
    labels = [bar.node.label for bar in mines]
    assert sorted(labels[-3:]) == ["6 other gaps", "Mine number 4", "Mine number 9"]
    others = next(bar for bar in mines if bar.node.label == "22 others")
    assert "Mine number 39" not in others.node.title  # it is a gap
    assert "Mine number 38" in others.node.title
    whole = sum(bar.high for bar in mines) / placed.scale
    assert whole == pytest.approx(sum(100 / (i + 1) for i in range(40)))
