"""Where cards and ribbons stand: nothing overlaps, ribbons are as wide as what flows."""

from __future__ import annotations

from itertools import combinations

import pytest

from monazite.pages.backbone.cards import cards_of
from monazite.pages.backbone.layout import FULL, PAPER, SCREEN, PictureSizes, lay_out
from tests.pages.backbones import hostile_backbone, small_backbone, unknown_backbone


@pytest.mark.parametrize("sizes", [SCREEN, PAPER])
def test_cards_do_not_overlap_and_fit(sizes: PictureSizes) -> None:
    for backbone in (small_backbone(), unknown_backbone(), hostile_backbone()):
        found = lay_out(cards_of(backbone), sizes)
        boxes = [*found.boxes.values(), found.market]
        for one, other in combinations(boxes, 2):
            apart = one.right <= other.x or other.right <= one.x
            assert apart or one.foot <= other.y or other.foot <= one.y
        assert max(box.right for box in boxes) <= sizes.width + 1e-6
        assert max(box.foot for box in boxes) <= found.height


def test_heights_follow_shares_and_widths_follow_flows() -> None:
    found = lay_out(cards_of(small_backbone()))
    [metal, *_] = found.cards.at("metal")
    assert found.boxes[metal.id].height == pytest.approx(0.95 * FULL)
    [ribbon] = [
        each
        for each in found.ribbons
        if each.ribbon.source == metal and each.ribbon.arriving == 0.94
    ]
    assert ribbon.start[2] == ribbon.end[2] == pytest.approx(0.94 * FULL)
    box = found.boxes[metal.id]
    assert box.y - 0.1 <= ribbon.start[1] - ribbon.start[2] / 2
    assert ribbon.start[1] + ribbon.start[2] / 2 <= box.foot + 0.1


def test_the_last_hop_widens() -> None:
    found = lay_out(cards_of(small_backbone()))
    last = [each for each in found.ribbons if each.ribbon.target is None]
    for each in last:
        assert each.end[2] > each.start[2]
    assert sum(each.end[2] for each in last) == pytest.approx(found.market.height)


def test_an_unknown_stage_is_a_narrow_column() -> None:
    found = lay_out(cards_of(small_backbone()))
    [gap] = [head.box for head in found.heads if head.box]
    assert gap is not None
    assert gap.width == SCREEN.unknown
    assert [head.name for head in found.heads][-1] == "Market"


def test_pills_of_a_gap_keep_apart() -> None:
    found = lay_out(cards_of(hostile_backbone()))
    for (x, y, _), (to_x, to_y, _) in combinations(found.pills, 2):
        assert abs(x - to_x) >= 1 or abs(y - to_y) >= SCREEN.pill[1]


def test_a_flow_without_a_size_is_a_line() -> None:
    found = lay_out(cards_of(unknown_backbone()))
    assert [each.is_line for each in found.ribbons] == [True, True]
    assert "V" not in found.ribbons[0].path()
