"""The chain from above downwards, for narrow screens: a bar for each stage, ribbons between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from math import fsum

from monazite.core.formats import em_width, shorten, visible
from monazite.report.chain_diagram.cards import BackboneCard, BackboneCards, Ribbon, market_words
from monazite.report.chain_diagram.svg import hatches
from monazite.report.drawing.lettering import percent

WIDE, BAR, THIN, FLOW = 340.0, 30.0, 22.0, 26.0
LEAST = 12.0  # A card has at least so much of its bar, that it can be seen
_HATCH = "hatch-stack"
Span = tuple[float, float]


@dataclass(frozen=True)
class StackSizes:
    """How large the bars of a stack are, in pixels, and where they begin."""

    wide: float = WIDE
    bar: float = BAR
    left: float = 0.0


NARROW = StackSizes()


def stack_svg(cards: BackboneCards) -> str:
    """Return the chain as a drawing 340 wide, for the top of a narrow page."""
    rows: list[str] = []
    spans: dict[str, Span] = {}
    tops: dict[str, float] = {}
    y = 0.0
    for stage, label in ((code, visible(name)) for code, name in cards.backbone.stages):
        if not cards.is_known(stage):
            words = f"{label}: not known"
            wide = em_width(words) * 12 + 10
            rows.append(
                f'<rect class="f-unknown gap" x=".5" y="{y:g}" width="{WIDE - 1:g}" '
                f'height="{THIN:g}" rx="3"/><rect class="plate" x="{(WIDE - wide) / 2:.0f}" '
                f'y="{y + 2:g}" width="{wide:.0f}" height="{THIN - 4:g}"/>'
                f'<text class="center" x="{WIDE / 2:g}" y="{y + 15.5:g}">{escape(words)}</text>'
            )
            y += THIN + FLOW
            continue
        here = cards.at(stage)
        for card, span in zip(here, spans_of(here), strict=True):
            spans[card.id], tops[card.id] = span, y
        rows += [_segment(card, spans[card.id], y, label) for card in here]
        y += BAR + FLOW
    market = market_words(cards.backbone)
    rows.append(
        f'<rect class="buyer" y="{y:g}" width="{WIDE:g}" height="{BAR:g}" rx="3"/>'
        f'<text class="onbuyer" x="8" y="{y + 20:g}">{escape(shorten(market, 20))}</text>'
    )
    flows = "".join(flows_of(cards, spans, tops, y))
    high = y + BAR
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="backbone stack" role="img" '
        f'viewBox="0 0 {WIDE:g} {high:g}" width="{WIDE:g}" height="{high:g}" '
        'aria-labelledby="stack-title">'
        '<title id="stack-title">The chain from mine to market; the cards below say the same.'
        f"</title>{hatches(_HATCH)}{flows}{''.join(rows)}</svg>"
    )


def spans_of(cards: list[BackboneCard], sizes: StackSizes = NARROW) -> list[Span]:
    """Return where each card of a bar begins, and how wide it is."""
    widths = [max(LEAST, (card.share or 0.0) * sizes.wide) for card in cards]
    over = fsum(widths) + 2 * (len(cards) - 1) - sizes.wide
    largest = max(range(len(widths)), key=lambda place: widths[place])
    if over > widths[largest] - LEAST:  # shares of more than the whole
        room = max(1.0, sizes.wide - 2 * (len(cards) - 1))
        widths = [wide * room / fsum(widths) for wide in widths]
    elif over > 0 or len(cards) == 1:
        widths[largest] -= over
    found, x = [], sizes.left
    for wide in widths:
        found.append((x, wide))
        x += wide + 2
    return found


def _segment(card: BackboneCard, span: Span, y: float, label: str) -> str:
    x, wide = span
    first = x == 0.0
    share = "" if card.share is None else f" {percent(card.share, narrow=True)}"
    text = _fitting(card, share, wide - 12 - (em_width(label) * 12 + 6 if first else 0))
    hatched = card.step == "unknown"
    letters = f"on-{card.step}" if card.step != "unknown" else "plain"
    stage = f'<tspan class="strong">{escape(label)}</tspan> ' if first else ""
    plate = ""
    if hatched and (stage or text):
        high = em_width(f"{label} {text}" if first else text) * 12 + 8
        plate = f'<rect class="plate" x="{x + 3:g}" y="{y + 6:g}" width="{high:.0f}" height="18"/>'
    return (
        f'<rect class="f-{card.step} edged" x="{x:.1f}" y="{y:g}" width="{wide:.1f}" '
        f'height="{BAR:g}" rx="2"/>{plate}'
        f'<text class="{letters}" x="{x + 6:.1f}" y="{y + 20:g}">{stage}{escape(text)}</text>'
    )


def _fitting(card: BackboneCard, share: str, room: float) -> str:
    for words in (f"{card.name}{share}", card.name, card.code):
        if words and em_width(words) * 12 <= room:
            return words
    return ""


def flows_of(
    cards: BackboneCards,
    spans: Mapping[str, Span],
    tops: Mapping[str, float],
    market: float,
    sizes: StackSizes = NARROW,
) -> Iterator[str]:
    """Draw the ribbons between bars."""
    used: dict[str, float] = {}
    filled: dict[str, float] = {}
    order = {card.id: place for place, card in enumerate(cards.cards)}
    last = len(order)

    def reading(ribbon: Ribbon) -> tuple[int, int]:
        source, target = ribbon.source, ribbon.target
        return (order[source.id] if source else last, order[target.id] if target else last)

    for ribbon in sorted(cards.ribbons, key=reading):
        source, target = ribbon.source, ribbon.target
        if source is None or source.id not in spans or ribbon.arriving is None:
            continue
        if target is not None and target.id not in spans:
            continue
        x, wide = spans[source.id]
        into = (sizes.left, sizes.wide) if target is None else spans[target.id]
        whole = into[1]
        end = target.id if target else ""
        size = min(wide, (ribbon.part or 0.0) * sizes.wide)
        arriving = min(whole, (ribbon.arriving or 0.0) * (whole if target is None else sizes.wide))
        start = x + used.get(source.id, 0.0)
        stop = into[0] + filled.get(end, 0.0)
        if target is None:
            start = x + (wide - size) / 2
        used[source.id] = used.get(source.id, 0.0) + size
        filled[end] = filled.get(end, 0.0) + arriving
        top = tops[source.id] + sizes.bar
        foot = market if target is None else tops[target.id]
        yield _band(source.step, (start, size, top), (stop, arriving, foot))


def _band(step: str, start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    (x, wide, top), (to_x, to_wide, foot) = start, end
    half = (top + foot) / 2
    return (
        f'<path class="flow band f-{step}" d="M{x:.1f} {top:g}C{x:.1f} {half:g} '
        f"{to_x:.1f} {half:g} {to_x:.1f} {foot:g}H{to_x + max(1.0, to_wide):.1f}"
        f"C{to_x + max(1.0, to_wide):.1f} {half:g} {x + max(1.0, wide):.1f} {half:g} "
        f'{x + max(1.0, wide):.1f} {top:g}Z"/>'
    )
