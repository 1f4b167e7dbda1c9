"""The figure of centrality: a measure beside the loss, place by place, the largest loss first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from monazite.analysis.centrality.result import Centrality, CentralNode, number
from monazite.core.formats import NOT_KNOWN, fixed, visible
from monazite.data.parameters import FLOW
from monazite.report.drawing.lettering import in_sentence, percent
from monazite.report.drawing.plotting import MARGIN, SMALL, Drawing, Page, head_height
from monazite.store.names import named

FOOT, ROW = 46.0, 26.0
MOST = 14  # places drawn of each

SAYS = ((0.8, "much"), (0.4, "something"), (-1.0, "little"))  # by rank correlation with losses


def centrality_drawing(found: Centrality, width: float, most: int = MOST) -> Drawing:
    """Draw how central places are beside what the market would lose without them."""
    nodes = _shown(found, most)
    said, under = _sentence(found), _terms(found)
    begin = head_height(said, under, width)
    return Drawing(
        kind="centrality",
        title=said,
        subtitle=under,
        alt=centrality_alt(found, most),
        width=width,
        height=begin + 30 + ROW * max(1, len(nodes)) + FOOT,
        draw=partial(_draw, found=found, nodes=nodes, top=begin),
        tips={f"node-{node.id}": _words(node, found) for node in nodes},
    )


def centrality_alt(found: Centrality, most: int = MOST) -> str:
    """Say how central each place is and what is lost without it, the largest loss first."""
    words = " ".join(f"{_words(node, found)}." for node in _shown(found, most))
    return f"{_sentence(found)}. {_terms(found)} {words}".strip()


def _shown(found: Centrality, most: int) -> list[CentralNode]:
    known = [node for node in found.nodes if node.loss is not None]
    by_loss = sorted(known, key=lambda node: (-(node.ranking or 0), node.id))
    order = dict.fromkeys(node.id for pair in zip(by_loss, known, strict=True) for node in pair)
    kept = set([*order][:most])
    return [node for node in by_loss if node.id in kept]


def _sentence(found: Centrality) -> str:
    where, what = named(visible(found.market_label)), in_sentence(found.title)
    line = next((each for each in found.agreements if each.measure == found.by), None)
    if line is None or line.spearman is None:
        whose = f" for {where}" if found.kind == FLOW else ""
        return f"What is central to {what}{whose}"
    how = next(word for least, word in SAYS if line.spearman >= least)
    words = found.measure.words
    return f"{words[:1].upper()}{words[1:]} says {how} of what {where} would lose of {what}"


def _terms(found: Centrality) -> str:
    line = next((each for each in found.agreements if each.measure == found.by), None)
    told = (
        f" Rank correlation {fixed(line.spearman, 2)} over {line.places} places."
        if line is not None and line.spearman is not None
        else ""
    )
    when = found.year or found.day
    return (
        f"Circle: {found.measure.words}, of the largest; diamond: part lost without it, "
        f"{when}.{told}"
    )


def _words(node: CentralNode, found: Centrality) -> str:
    value = number(node.measures[found.by], found.measure)
    return f"{visible(node.label)}: {found.measure.words} {value}, loss {percent(_part(node))}"


def _part(node: CentralNode) -> float:
    """A loss without the noise of the solver."""
    return max(0.0, round(node.loss or 0.0, 6)) + 0.0


def _draw(page: Page, *, found: Centrality, nodes: Sequence[CentralNode], top: float) -> None:
    if not nodes:
        page.text(MARGIN, top + 24, f"{NOT_KNOWN}.", hue="muted")
        return
    left, right = MARGIN + min(260.0, page.width * 0.36), page.width - MARGIN - 172
    most = max(node.measures[found.by] for node in found.nodes) or 1.0

    def x_of(part: float) -> float:
        return left + min(part, 1.0) * (right - left)

    bottom = top + 26 + ROW * len(nodes)
    for part in (0.0, 0.25, 0.5, 0.75, 1.0) if right - left > 220 else (0.0, 0.5, 1.0):
        page.text(x_of(part), top + 12, percent(part), size=SMALL, hue="muted", at="center")
        page.line([(x_of(part), top + 18), (x_of(part), bottom)], hue="hairline", wide=0.8, order=1)
    for place, node in enumerate(nodes):
        y = top + 38 + ROW * place
        size, lost = x_of(node.measures[found.by] / most), x_of(_part(node))
        page.text(MARGIN, y + 4, node.label, max_width=left - MARGIN - 14)
        page.line([(size, y), (lost, y)], hue="muted", wide=1.2, opacity=0.5)
        page.mark(lost, y, "diamond", 5.5, fill="ring", order=5, name=f"loss-{node.id}")
        page.mark(size, y, "circle", 5.0, fill="country", order=6, name=f"node-{node.id}")
        value = number(node.measures[found.by], found.measure)
        page.text(right + 34, y + 4, value, bold=True, name=f"label-{node.id}")
        page.text(right + 104, y + 4, percent(_part(node)), size=SMALL, hue="muted")
    page.text(right + 34, top + 12, "measure", size=SMALL, hue="muted")
    page.text(right + 104, top + 12, "loss", size=SMALL, hue="muted")
