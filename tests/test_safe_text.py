"""Text for pages: nothing hidden in it, as wide as its room, one way to write a per cent."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.safe_text import em_width, percent, shorten, two_lines, visible

JOINERS = "\u200c\u200d"
"""Persian and Indian words are spelled with them."""


@given(st.text())
def test_what_is_visible_hides_nothing_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [c for c in shown if unicodedata.category(c) in hidden and c not in JOINERS]
    assert visible(shown) == shown


@given(st.text("Ml 中", max_size=30), st.floats(2, 20))
def test_text_is_no_wider_than_its_room(text: str, ems: float) -> None:
    assert em_width(shorten(text, ems)) <= ems + 1e-9
    assert all(em_width(line) <= ems + 1e-9 for line in two_lines(text, ems))
    if em_width(text) <= ems:
        assert shorten(text, ems) == text


@given(st.floats(0, 1))
def test_only_nothing_is_0_and_only_all_is_100_per_cent(share: float) -> None:
    said = percent(share)
    if 1e-5 < share < 1 - 1e-5:  # nearer is the precision of a solver
        assert said not in {"0 %", "100 %"}
    assert percent(share, space="\N{NO-BREAK SPACE}") == said.replace(" %", "\N{NO-BREAK SPACE}%")


@pytest.mark.parametrize("nothing", [None, "much", "", float("nan")])
def test_what_is_no_number_is_not_known(nothing: object) -> None:
    assert percent(nothing) == percent(nothing, narrow=True) == "not known"
