"""The chain from above downwards for a sheet of paper, drawn at the size at which it is printed."""

from __future__ import annotations

from html import escape

from monazite.analysis.chokepoints.headline import between_ends
from monazite.analysis.countries_of_chain import Backbone
from monazite.core.formats import NOT_KNOWN, em_width, visible
from monazite.report.chain_diagram.cards import (
    BackboneCard,
    BackboneCards,
    cards_of,
    market_words,
    mix_lines,
    taken_words,
)
from monazite.report.chain_diagram.stack import StackSizes, flows_of, spans_of
from monazite.report.chain_diagram.svg import HATCH, alt_text, file_css, hatches, source_words
from monazite.report.drawing.lettering import percent
from monazite.report.drawing.palette import LOSSES
from monazite.report.drawing.static_page import LICENCE

LEFT, RIGHT, BAR, THIN, FLOW = 86.0, 594.0, 35.0, 20.0, 11.0  # THIN: an unknown bar
SIZES = StackSizes(wide=RIGHT, bar=BAR, left=LEFT)
_PAD = 7.0
_OWN = ".backbone .onbuyer{fill:#fff}.backbone .head{font-size:12.5px}\n"


def sheet_svg(backbone: Backbone) -> str:
    """Return the chain for paper, 680 wide, with its legend and source."""
    cards = cards_of(backbone)
    rows: list[str] = []
    spans: dict[str, tuple[float, float]] = {}
    tops: dict[str, float] = {}
    y = 2.0
    for stage, label in ((code, visible(name)) for code, name in backbone.stages):
        high = BAR if cards.is_known(stage) else THIN
        rows.append(f'<text class="head" x="0" y="{y + high / 2 + 4.5:g}">{escape(label)}</text>')
        if not cards.is_known(stage):
            rows.append(_unknown(y))
            y += THIN + FLOW
            continue
        here = cards.at(stage)
        for card, span in zip(here, spans_of(here, SIZES), strict=True):
            spans[card.id], tops[card.id] = span, y
            rows.append(_segment(card, span, y))
        y += BAR + FLOW
    rows.append(_market(cards, y))
    flows = "".join(flows_of(cards, spans, tops, y, SIZES))
    foot = y + BAR + 8
    wide, high = LEFT + RIGHT, foot + 40
    title = escape(visible(backbone.headline))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="backbone" role="img" '
        f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" '
        'aria-labelledby="picture-title picture-desc">'
        f'<title id="picture-title">{title}</title>'
        f'<desc id="picture-desc">{escape(alt_text(backbone))}</desc>'
        f"<style>{file_css(dark=False)}{_OWN}</style>{hatches(HATCH)}{flows}{''.join(rows)}"
        f"{_legend(foot)}"
        f'<text class="quiet" x="0" y="{high - 4:g}">'
        f"{escape(f'{source_words(backbone)}. {LICENCE}.')}</text></svg>\n"
    )


def _segment(card: BackboneCard, span: tuple[float, float], y: float) -> str:
    x, wide = span
    room = wide - 2 * _PAD
    made = "" if card.share is None else f" {percent(card.share, narrow=True)}"
    lines = [
        _longest((f"{card.name}{made}", card.name, card.code), room),
        _longest(_losses(card), room),
    ]
    letters = f"on-{card.step}" if card.step != "unknown" else "plain"
    texts = "".join(
        f'<text class="{letters}{" strong" if number == 0 else ""}" x="{x + _PAD:.1f}" '
        f'y="{y + 15 + 15 * number:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
        if line
    )
    plate = ""
    if card.step == "unknown" and texts:
        size = max(em_width(line) for line in lines) * 12 + 8
        plate = f'<rect class="plate" x="{x + 3:g}" y="{y + 2:g}" width="{size:.0f}" height="32"/>'
    return (
        f'<rect class="f-{card.step} edged" x="{x:.1f}" y="{y:g}" width="{wide:.1f}" '
        f'height="{BAR:g}" rx="2"/>{plate}{texts}'
    )


def _losses(card: BackboneCard) -> tuple[str, ...]:
    if card.loss is None:
        return ("loss not known",)
    loss = percent(card.loss, narrow=True)
    ends = "range not drawn" if card.ends is None else between_ends(*card.ends)
    point = card.place.point
    home = "" if point is None else percent(point.home_first, narrow=True)
    most = "at most, " if card.folded else ""
    short = ends.replace(" to ", "\N{EN DASH}").removesuffix("%").rstrip()
    return (
        f"{most}{loss} lost if it stops ({ends}; home first {home})",
        f"{most}{loss} lost ({ends}; home first {home})",
        f"{loss} ({short}; home {home})",
    )


def _longest(words: tuple[str, ...], room: float) -> str:
    return next((each for each in words if each and em_width(each) * 12 <= room), "")


def _unknown(y: float) -> str:
    wide = em_width(NOT_KNOWN) * 12 + 10
    middle = LEFT + RIGHT / 2
    return (
        f'<rect class="f-unknown gap" x="{LEFT + 0.5:g}" y="{y:g}" width="{RIGHT - 1:g}" '
        f'height="{THIN:g}" rx="3"/><rect class="plate" x="{middle - wide / 2:.0f}" y="{y + 2:g}" '
        f'width="{wide:.0f}" height="{THIN - 4:g}"/>'
        f'<text class="center" x="{middle:g}" y="{y + 14.5:g}">{NOT_KNOWN}</text>'
    )


def _market(cards: BackboneCards, y: float) -> str:
    base = cards.backbone.report.base
    taken = "use not known" if base is None else " ".join(taken_words(cards.backbone))
    told = "; ".join(f"{part} {whom}" for part, whom, _ in mix_lines(cards))
    room = RIGHT - 2 * _PAD
    lines = [
        _longest((f"{market_words(cards.backbone)}: {taken}", market_words(cards.backbone)), room),
        _longest((told,), room),
    ]
    texts = "".join(
        f'<text class="onbuyer" x="{LEFT + _PAD:g}" y="{y + 15 + 15 * number:g}">{escape(line)}'
        "</text>"
        for number, line in enumerate(lines)
        if line
    )
    return (
        f'<text class="head" x="0" y="{y + BAR / 2 + 4.5:g}">Market</text>'
        f'<rect class="buyer" x="{LEFT:g}" y="{y:g}" width="{RIGHT:g}" height="{BAR:g}" rx="3"/>'
        f"{texts}"
    )


def _legend(y: float) -> str:
    ramp = "".join(
        f'<rect class="f-{step} edged" x="{12 + 20 * number}" y="{y:g}" width="20" height="12"/>'
        for number, step in enumerate(LOSSES)
    )
    return (
        f'<text class="quiet" x="0" y="{y + 10.5:g}">0</text>{ramp}'
        f'<text class="quiet" x="118" y="{y + 10.5:g}">100 % lost if it stops</text>'
        f'<text class="quiet" x="262" y="{y + 10.5:g}">width: share of world output</text>'
        f'<rect class="f-unknown edged" x="448" y="{y:g}" width="32" height="12"/>'
        f'<text class="quiet" x="486" y="{y + 10.5:g}">{NOT_KNOWN}</text>'
    )
