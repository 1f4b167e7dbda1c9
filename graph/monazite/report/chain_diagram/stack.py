"""The chain from above downwards: for a narrow screen, and for a sheet of paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from math import fsum

from monazite.analysis.chokepoints.headline import between_ends
from monazite.analysis.countries_of_chain import Backbone
from monazite.core.formats import NOT_KNOWN, em_width, shorten, visible
from monazite.report.chain_diagram.cards import (
    BackboneCard,
    BackboneCards,
    Ribbon,
    cards_of,
    market_words,
    mix_lines,
    taken_words,
)
from monazite.report.chain_diagram.svg import HATCH, alt_text, file_css, hatches, source_words
from monazite.report.drawing.lettering import opened, percent, rect, text_at
from monazite.report.drawing.palette import LOSSES
from monazite.report.drawing.templates import LICENCE

LEAST = 12.0  # A card has at least so much of its bar, that it can be seen
_PAD = 7.0
_HATCH = "hatch-stack"
_OWN = ".backbone .onbuyer{fill:#fff}.backbone .head{font-size:12.5px}\n"
Span = tuple[float, float]


@dataclass(frozen=True)
class StackSizes:
    """How large the bars of a stack are, in pixels, and where they begin."""

    wide: float
    bar: float
    thin: float  # of a stage that is not known
    flow: float  # between two bars
    left: float = 0.0


NARROW = StackSizes(340.0, 30.0, 22.0, 26.0)
SHEET = StackSizes(594.0, 35.0, 20.0, 11.0, 86.0)


def stack_svg(cards: BackboneCards) -> str:
    """Return the chain as a drawing 340 wide, for the top of a narrow page."""
    rows, flows, y = _bars(cards, 0.0, NARROW, _bar)
    wide, high = NARROW.wide, y + NARROW.bar
    told = "The chain from mine to market; the cards below say the same."
    return (
        f"{opened('backbone stack', 'stack', (wide, high), told, None)}"
        f"{hatches(_HATCH)}{flows}{rows}"
        f'<rect class="buyer" y="{y:g}" width="{wide:g}" height="{NARROW.bar:g}" rx="3"/>'
        f"{text_at('onbuyer', 8, y + 20, shorten(market_words(cards.backbone), 20))}</svg>"
    )


def sheet_svg(backbone: Backbone) -> str:
    """Return the chain for paper, 680 wide, with its legend and source."""
    cards = cards_of(backbone)
    rows, flows, y = _bars(cards, 2.0, SHEET, _row)
    foot = y + SHEET.bar + 8
    wide, high = SHEET.left + SHEET.wide, foot + 40
    title = visible(backbone.headline)
    return (
        f"{opened('backbone', 'picture', (wide, high), title, alt_text(backbone))}"
        f"<style>{file_css(dark=False)}{_OWN}</style>{hatches(HATCH)}{flows}{rows}"
        f"{_market(cards, y)}{_legend(foot)}"
        f"{text_at('quiet', 0, high - 4, f'{source_words(backbone)}. {LICENCE}.')}</svg>\n"
    )


def _bars(
    cards: BackboneCards,
    y: float,
    sizes: StackSizes,
    segment: Callable[[BackboneCard, Span, float, str], str],
) -> tuple[str, str, float]:
    """The bars, each begun with the name of its stage, the ribbons, and the market's place."""
    rows: list[str] = []
    spans: dict[str, Span] = {}
    tops: dict[str, float] = {}
    for stage, name in cards.backbone.stages:
        label = visible(name)
        if not cards.is_known(stage):
            rows.append(_unknown(label, y, sizes))
            y += sizes.thin + sizes.flow
            continue
        here = cards.at(stage)
        for card, span in zip(here, _spans(here, sizes), strict=True):
            spans[card.id], tops[card.id] = span, y
            rows.append(segment(card, span, y, "" if card is not here[0] else label))
        y += sizes.bar + sizes.flow
    return "".join(rows), "".join(_flows(cards, spans, tops, y, sizes)), y


def _spans(cards: list[BackboneCard], sizes: StackSizes) -> list[Span]:
    """Where each card of a bar begins, and how wide it is."""
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


def _unknown(label: str, y: float, sizes: StackSizes) -> str:
    """A bar that no figure splits, with words on a plate in its middle."""
    head, words, low, x = "", f"{label}: {NOT_KNOWN}", y + 15.5, ".5"
    if sizes is SHEET:
        head = text_at("head", 0, y + SHEET.thin / 2 + 4.5, label)
        words, low, x = NOT_KNOWN, y + 14.5, f"{SHEET.left + 0.5:g}"
    wide, middle = em_width(words) * 12 + 10, sizes.left + sizes.wide / 2
    return (
        head
        + rect("f-unknown gap", x, y, sizes.wide - 1, sizes.thin, 3)
        + rect("plate", f"{middle - wide / 2:.0f}", y + 2, f"{wide:.0f}", sizes.thin - 4)
        + text_at("center", middle, low, words)
    )


def _bar(card: BackboneCard, span: Span, y: float, label: str) -> str:
    x, wide = span
    text = _named(card, wide - 12 - (em_width(label) * 12 + 6 if label else 0))
    hatched = card.step == "unknown"
    stage = f'<tspan class="strong">{escape(label)}</tspan> ' if label else ""
    plate = ""
    if hatched and (stage or text):
        size = em_width(f"{label} {text}" if label else text) * 12 + 8
        plate = rect("plate", x + 3, y + 6, f"{size:.0f}", 18)
    return (
        f"{rect(f'f-{card.step} edged', f'{x:.1f}', y, f'{wide:.1f}', NARROW.bar, 2)}{plate}"
        f'<text class="{"plain" if hatched else f"on-{card.step}"}" x="{x + 6:.1f}" '
        f'y="{y + 20:g}">{stage}{escape(text)}</text>'
    )


def _row(card: BackboneCard, span: Span, y: float, label: str) -> str:
    x, wide = span
    room = wide - 2 * _PAD
    lines = [_named(card, room), _longest(_losses(card), room)]
    hatched = card.step == "unknown"
    letters = "plain" if hatched else f"on-{card.step}"
    placed = (f"{letters} strong", y + 15, lines[0]), (letters, y + 30, lines[1])
    texts = "".join(
        text_at(look, f"{x + _PAD:.1f}", low, line) for look, low, line in placed if line
    )
    plate = ""
    if hatched and texts:
        size = max(em_width(line) for line in lines) * 12 + 8
        plate = rect("plate", x + 3, y + 2, f"{size:.0f}", 32)
    head = text_at("head", 0, y + SHEET.bar / 2 + 4.5, label) if label else ""
    box = rect(f"f-{card.step} edged", f"{x:.1f}", y, f"{wide:.1f}", SHEET.bar, 2)
    return f"{head}{box}{plate}{texts}"


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


def _named(card: BackboneCard, room: float) -> str:
    made = "" if card.share is None else f" {percent(card.share, narrow=True)}"
    return _longest((f"{card.name}{made}", card.name, card.code), room)


def _longest(words: tuple[str, ...], room: float) -> str:
    return next((each for each in words if each and em_width(each) * 12 <= room), "")


def _market(cards: BackboneCards, y: float) -> str:
    name, base = market_words(cards.backbone), cards.backbone.report.base
    taken = "use not known" if base is None else " ".join(taken_words(cards.backbone))
    told = "; ".join(f"{part} {whom}" for part, whom, _ in mix_lines(cards))
    room = SHEET.wide - 2 * _PAD
    lines = (y + 15, _longest((f"{name}: {taken}", name), room)), (y + 30, _longest((told,), room))
    return (
        text_at("head", 0, y + SHEET.bar / 2 + 4.5, "Market")
        + rect("buyer", SHEET.left, y, SHEET.wide, SHEET.bar, 3)
        + "".join(text_at("onbuyer", SHEET.left + _PAD, low, x) for low, x in lines if x)
    )


def _legend(y: float) -> str:
    ramp = (
        rect(f"f-{step} edged", f"{12 + 20 * number}", y, 20, 12)
        for number, step in enumerate(LOSSES)
    )
    return (
        text_at("quiet", 0, y + 10.5, "0")
        + "".join(ramp)
        + text_at("quiet", 118, y + 10.5, "100 % lost if it stops")
        + text_at("quiet", 262, y + 10.5, "width: share of world output")
        + rect("f-unknown edged", 448, y, 32, 12)
        + text_at("quiet", 486, y + 10.5, NOT_KNOWN)
    )


def _flows(
    cards: BackboneCards,
    spans: Mapping[str, Span],
    tops: Mapping[str, float],
    market: float,
    sizes: StackSizes,
) -> Iterator[str]:
    used: dict[str, float] = defaultdict(float)
    filled: dict[str, float] = defaultdict(float)
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
        into, whole = (sizes.left, sizes.wide) if target is None else spans[target.id]
        end = target.id if target else ""
        size = min(wide, (ribbon.part or 0.0) * sizes.wide)
        arriving = min(whole, ribbon.arriving * (whole if target is None else sizes.wide))
        start = x + (used[source.id] if target else (wide - size) / 2)
        stop = into + filled[end]
        used[source.id] += size
        filled[end] += arriving
        top = tops[source.id] + sizes.bar
        foot = market if target is None else tops[target.id]
        yield _band(source.step, (start, size, top), (stop, arriving, foot))


def _band(step: str, start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    (x, wide, top), (to_x, to_wide, foot) = start, end
    half = (top + foot) / 2
    right, to_right = x + max(1.0, wide), to_x + max(1.0, to_wide)
    return (
        f'<path class="flow band f-{step}" d="M{x:.1f} {top:g}C{x:.1f} {half:g} '
        f"{to_x:.1f} {half:g} {to_x:.1f} {foot:g}H{to_right:.1f}"
        f'C{to_right:.1f} {half:g} {right:.1f} {half:g} {right:.1f} {top:g}Z"/>'
    )
