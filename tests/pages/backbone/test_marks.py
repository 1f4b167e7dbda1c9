"""Marks, whiskers and hatches: told by shape, at their place, and unknown is never zero."""

from __future__ import annotations

from monazite.pages.backbone.cards import STATUSES, cards_of
from monazite.pages.backbone.marks import backbone_css, hatches, share_bar, state_mark, whisker
from monazite.pages.drawing.palette import DARK, LIGHT, without_variables
from tests.pages.backbones import small_backbone, unknown_backbone


def test_each_state_has_a_shape_of_its_own() -> None:
    drawn = {state_mark(mark) for mark, _ in STATUSES}
    assert len(drawn) == len(STATUSES) == 6
    assert 'translate(3 4)"' in state_mark("closed", 3, 4)


def test_a_whisker_stands_at_its_ends() -> None:
    [_, myanmar, *_] = cards_of(small_backbone()).at("mine")
    drawn = whisker(myanmar, 0, 10, 100)
    assert 'class="range" d="M20.0 10H36.0' in drawn
    assert 'cx="34.0"' in drawn
    assert 'width="34.0"' in drawn


def test_a_range_that_was_not_drawn_has_no_whisker() -> None:
    *_, others = cards_of(small_backbone()).at("mine")
    assert "range" not in whisker(others, 0, 10, 100)


def test_unknown_is_a_hatch_and_no_dot() -> None:
    [_, china, *_] = cards_of(unknown_backbone()).cards
    assert whisker(china, 0, 10, 100).startswith('<rect class="f-unknown"')
    assert "dot" not in whisker(china, 0, 10, 100)
    *_, others = cards_of(small_backbone()).at("metal")
    assert 'class="makes"' in share_bar(others, 0, 3, 100)
    assert 'id="own"' in hatches("own")


def test_the_rules_have_a_colour_in_both_themes() -> None:
    for theme in (LIGHT, DARK):
        assert "var(" not in without_variables(backbone_css(), theme)
    assert "url(#own)" in backbone_css("own")
