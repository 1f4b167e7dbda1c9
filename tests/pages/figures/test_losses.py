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
