"""The picture of losses: a hand-made loss at its place, its sentence, and what is not known."""

from __future__ import annotations

import pytest

from monazite.pages.figures.losses import losses_drawing
from tests.pages.drawings import middle, part, point, report, words


def test_a_hand_made_loss_stands_where_it_belongs() -> None:
    low, high = point(id="a", loss=0.0, loss_low=0.0, loss_high=0.0), point()
    drawing = losses_drawing(report(high, low), 760)
    zero, lost = (middle(part(drawing, f"losses-loss-{each}"))[0] for each in ("a", high.id))
    whole = (lost - zero) / 0.7
    span = part(drawing, f"losses-range-{high.id}")
    assert sorted(x for x, _ in span) == pytest.approx(
        [zero + 0.5 * whole, zero + 0.9 * whole], abs=0.05
    )
    assert words(drawing, f"losses-label-{high.id}").replace("\N{NO-BREAK SPACE}", " ") == "70 %"


def test_home_first_stands_beside_each_loss_and_its_range() -> None:
    point_home = point(home_first=0.95)
    drawing = losses_drawing(report(point_home, point(id="b", home_first=None)), 760)
    lost = middle(part(drawing, f"losses-loss-{point_home.id}"))[0]
    home = middle(part(drawing, f"losses-home-{point_home.id}"))[0]
    zero = lost - 0.7 * (home - lost) / 0.25
    span = sorted(x for x, _ in part(drawing, f"losses-range-{point_home.id}"))
    assert span[0] == pytest.approx(zero + 0.5 * (lost - zero) / 0.7, abs=0.1)
    assert "losses-home-b" not in drawing.svg()
    told = drawing.alt.replace("\N{NO-BREAK SPACE}", " ")
    assert "70 % (50 to 90 %; home first 95 %)" in told
    shown = drawing.svg().replace("\N{NO-BREAK SPACE}", " ")
    for text in ("home first", "95 %", "50 to 90 %", "not drawn"):
        assert text in shown or text == "not drawn"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "If China stopped separating, the United States would lose 70 % of its neodymium "),
        (
            {"loss": 1.0 - 1e-12},
            "If China stopped separating, the United States would lose all its",
        ),
        (
            {"loss": 1e-12},
            "If China stopped separating, the United States would lose nothing of its",
        ),
        ({"event": "embargo"}, "If China sold no oxide abroad, the United States"),
    ],
)
def test_the_sentence_of_the_losses(given: dict[str, object], said: str) -> None:
    title = losses_drawing(report(point(**given)), 760).title
    assert title.replace("\N{NO-BREAK SPACE}", " ").startswith(said)


def test_a_loss_not_known_is_not_drawn_as_nothing() -> None:
    drawing = losses_drawing(report(point(loss=None), base=None), 760)
    assert drawing.title == "What the United States would lose of dysprosium is not known"
    assert "losses-loss-" not in drawing.svg()
