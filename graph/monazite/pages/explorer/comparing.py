"""The lines of a view that two views are compared by: a country at a stage, its loss, its range."""

from __future__ import annotations

from html import escape

from monazite.findings.backbone.result import Backbone, StagePlace
from monazite.findings.losses.measure import NEGLIGIBLE_LOSS
from monazite.pages.backbone.cards import LEAST, BackboneCard
from monazite.pages.backbone.marks import whisker
from monazite.pages.backbone.words import loss_words, range_words
from monazite.safe_text import visible

_WIDE = 220.0


def compared_lines(backbone: Backbone) -> str:
    """Return the lines as rows of a table, which a page pairs by ``data-key``."""
    names = dict(backbone.stages)
    return "".join(
        _line(place, visible(names[place.stage])) for place in backbone.places if _counts(place)
    )


def _counts(place: StagePlace) -> bool:
    """Whether it is large enough to stand in the comparison."""
    return (place.share or 0.0) >= LEAST or abs(place.loss or 0.0) > NEGLIGIBLE_LOSS


def _line(place: StagePlace, stage: str) -> str:
    card = BackboneCard("", place.stage, stage, visible(place.label), (place,))
    ends = range_words(card)
    words = f"{loss_words(card)} ({ends})" if ends else loss_words(card)
    return (
        f'<tr data-key="{escape(visible(place.id))}"><td>{escape(stage)}</td>'
        f'<th scope="row"><bdi>{escape(card.name)}</bdi></th><td>{escape(words)}</td>'
        f'<td><svg class="backbone strip" width="{_WIDE:g}" height="14" viewBox="-4 0 228 14" '
        f'aria-hidden="true">{whisker(card, 0, 7, _WIDE)}</svg></td></tr>'
    )
