"""The backbone as SVG: part of a page, or a document with title, legend, source and date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from monazite.findings.backbone.result import Backbone
from monazite.pages.backbone.cards import STATUSES, BackboneCard, cards_of
from monazite.pages.backbone.layout import (
    PILL,
    BackboneLayout,
    CardBox,
    PlacedRibbon,
    StageHead,
    lay_out,
)
from monazite.pages.backbone.marks import backbone_css, hatches, share_bar, state_mark, whisker
from monazite.pages.backbone.words import (
    controls_words,
    count_words,
    day_words,
    known_lines,
    loss_label,
    loss_words,
    market_words,
    mix_lines,
    range_words,
    ribbon_words,
    share_words,
    subtitle,
    taken_words,
)
from monazite.pages.drawing.lettering import text_width, wrap
from monazite.pages.drawing.palette import DARK, LIGHT, LOSSES, without_variables
from monazite.pages.drawing.static_page import LICENCE
from monazite.safe_text import em_width, shorten, two_lines, visible

MARGIN, HATCH = 28.0, "hatch"
_PAD, _INNER = 17.0, 155.0
"""Where the texts of a card begin, and how wide they are."""
_LEGEND = 76.0


def backbone_svg(backbone: Backbone) -> str:
    """Return the picture as one SVG document that needs nothing else.

    Args:
        backbone: places and flows.
    """
    return _document(backbone, file_css())


def plain_svg(backbone: Backbone) -> str:
    """Return the same for paper and for a PNG: light, without rules for screens.

    Args:
        backbone: places and flows.
    """
    return _document(backbone, file_css(dark=False))


def file_css(*, dark: bool = True) -> str:
    """The rules of a file: plain colours, and those of a dark screen.

    Args:
        dark: whether to add the rules for dark screens.
    """
    light = without_variables(backbone_css(HATCH), LIGHT)
    if not dark:
        return light
    rules = without_variables(backbone_css(HATCH), DARK)
    return f"{light}@media (prefers-color-scheme:dark){{\n{rules}}}\n"


def page_svg(layout: BackboneLayout) -> str:
    """Return the drawing as a part of a page, with links to what each card opens.

    Args:
        layout: the drawing, placed.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="backbone wide" role="group" '
        f'viewBox="-1 0 {layout.width + 2:g} {layout.height:g}" width="{layout.width + 2:g}" '
        f'height="{layout.height:g}" aria-labelledby="picture-title">'
        f'<title id="picture-title">{escape(describe(layout))}</title>{hatches(HATCH)}'
        f"{_drawing(layout, linked=True)}</svg>"
    )


def describe(layout: BackboneLayout) -> str:
    """One sentence for those who do not see the picture."""
    backbone = layout.cards.backbone
    heads = ", ".join(head.name for head in layout.heads)
    return (
        f"{visible(backbone.report.title)} for {market_words(backbone)}: "
        f"{len(layout.boxes)} cards, countries by stage from left to right: {heads}. "
        "The table below says the same."
    )


def _document(backbone: Backbone, style: str) -> str:
    layout = lay_out(cards_of(backbone))
    wide = max(layout.width, 980.0) + 2 * MARGIN
    room = wide - 2 * MARGIN
    lines = wrap(visible(backbone.headline), room * 0.94, 27)
    more = wrap(subtitle(backbone), room, 13)
    top = 20 + 33 * len(lines) + 19 * len(more) + 14
    foot = top + layout.height + 12
    missing = [line for each in _remarks(backbone) for line in wrap(each, room, 12)]
    high = foot + _LEGEND + 18 * len(missing) + 34
    texts = [
        f'<text class="headline" x="{MARGIN:g}" y="{48 + 33 * number:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]
    texts += [
        f'<text class="span quiet" x="{MARGIN:g}" y="{38 + 33 * len(lines) + 19 * number:g}">'
        f"{escape(line)}</text>"
        for number, line in enumerate(more)
    ]
    texts += [
        f'<text x="{MARGIN:g}" y="{foot + _LEGEND + 18 * number:g}">{escape(line)}</text>'
        for number, line in enumerate(missing)
    ]
    source = f"{source_words(backbone)}. {LICENCE}."
    title = visible(backbone.headline)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="backbone" role="img" '
        f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" '
        'aria-labelledby="picture-title picture-desc">'
        f'<title id="picture-title">{escape(title)}</title>'
        f'<desc id="picture-desc">{escape(describe(layout))}</desc><style>{style}</style>'
        f'{hatches(HATCH)}<rect class="paper" width="{wide:g}" height="{high:g}"/>'
        f"{''.join(texts)}"
        f'<g transform="translate({MARGIN:g} {top:g})">{_drawing(layout, linked=False)}</g>'
        f'<g transform="translate({MARGIN:g} {foot:g})">{_legend(wide - 2 * MARGIN)}</g>'
        f'<text class="quiet" x="{MARGIN:g}" y="{high - 14:g}">{escape(source)}</text>'
        "</svg>\n"
    )


def source_words(backbone: Backbone) -> str:
    """Of which release the picture is."""
    return f"Release of {day_words(backbone.day)}"


def _remarks(backbone: Backbone) -> list[str]:
    """What is known and missing where no loss can be told."""
    known = [f"Known. {each}" for each in known_lines(backbone)]
    return [*known, *(f"Missing. {visible(each)}" for each in backbone.missing)]


def _drawing(layout: BackboneLayout, *, linked: bool) -> str:
    titles = {each.id: visible(each.title) for each in layout.cards.backbone.controls}
    return "".join(
        (
            *(
                _flow(each, ribbon_words(layout.cards, each.ribbon, titles))
                for each in layout.ribbons
            ),
            *map(_head, layout.heads),
            *(
                _card(card, layout.boxes[card.id], linked=linked)
                for card in layout.cards.cards
                if card.id in layout.boxes
            ),
            _market(layout),
            *(_pill(x, y, len(each.controls), linked=linked) for x, y, each in layout.pills),
        )
    )


def _flow(placed: PlacedRibbon, words: str) -> str:
    source = placed.ribbon.source
    classes = f"flow f-{source.step if source else 'unknown'}"
    if placed.is_line:
        classes += " line" + (" dashed" if placed.ribbon.arriving is None else "")
    else:
        classes += " band"
    return f'<path class="{classes}" d="{placed.path()}"><title>{escape(words)}</title></path>'


def _head(head: StageHead) -> str:
    parts = [f'<text class="head" x="{head.x:g}" y="16">{escape(visible(head.name))}</text>']
    below = {"Mine": "share of world output", "Market": "share of what it takes"}.get(head.name)
    if below:
        parts.append(f'<text class="quiet" x="{head.x:g}" y="34">{below}</text>')
    if head.box is not None:
        box = head.box
        middle, high = box.x + box.width / 2, box.y + box.height / 2
        parts.append(
            f'<rect class="f-unknown gap" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" '
            f'height="{box.height:g}" rx="4"/>'
            f'<rect class="plate" x="{box.x + 4:g}" y="{high - 24:g}" width="{box.width - 8:g}" '
            'height="44" rx="3"/>'
            f'<text class="center" x="{middle:g}" y="{high - 6:g}">not</text>'
            f'<text class="center" x="{middle:g}" y="{high + 10:g}">known</text>'
        )
    return "".join(parts)


def _card(card: BackboneCard, box: CardBox, *, linked: bool) -> str:
    room = _INNER - (34 if card.code else 0)
    name = shorten(card.name, room / 15 * 1.06)
    loss, span = loss_words(card), range_words(card)
    label = loss_label(card)
    size = "mid" if card.loss is None else "large"
    code = f'<text class="code" x="{box.width - 10:g}" y="20">{escape(card.code)}</text>'
    y_sites = box.height - 10
    year = f"\N{RIGHT SINGLE QUOTATION MARK}{card.year % 100:02d}" if card.year else ""
    share = share_words(card)
    makes = share if card.share is None else f"makes {share}"
    parts = [
        f'<rect class="face" width="{box.width:g}" height="{box.height:g}" rx="4"/>',
        f'<path class="f-{card.step} edged" d="M0 4A4 4 0 0 1 4 0H8V{box.height:g}H4'
        f'A4 4 0 0 1 0 {box.height - 4:g}Z"/>',
        f'<text class="name" x="{_PAD:g}" y="21">{escape(name)}</text>{code if card.code else ""}',
        f'<text x="{_PAD:g}" y="46"><tspan class="{size}">{escape(loss)}</tspan>'
        f'<tspan class="span" dx="6">{escape(span)}</tspan></text>',
        whisker(card, _PAD, 59, _INNER),
        f'<text class="quiet" x="{_PAD:g}" y="79">{escape(label)}</text>',
        f'<text x="{_PAD:g}" y="99">{escape(makes)}</text>',
        f'<text class="quiet end" x="{_PAD + _INNER:g}" y="99">{escape(year)}</text>',
        share_bar(card, _PAD, 108, _INNER),
    ]
    sites = "".join(_counts(card, y_sites))
    if linked and card.sites:
        heard = f"{card.stage_name}, {card.name}: {count_words(card)}. Open the list"
        sites = (
            f'<a class="opens" href="#{card.id}-list" data-opens="{card.id}" '
            f'aria-label="{escape(heard)}">'
            f'<rect class="hit" x="{_PAD - 5:g}" y="{y_sites - 17:g}" width="{_INNER + 8:g}" '
            f'height="24" rx="4"/>{sites}</a>'
        )
    told = escape(f"{card.stage_name}: {card.name}")
    return (
        f'<g class="card" transform="translate({box.x:g} {box.y:g})"><title>{told}</title>'
        f"{''.join(parts)}{sites}</g>"
    )


def _counts(card: BackboneCard, y: float) -> Iterator[str]:
    if not card.sites:
        yield f'<text class="quiet" x="{_PAD:g}" y="{y:g}">no site known</text>'
        return
    x = _PAD
    for mark, count in card.counts:
        yield state_mark(mark, x, y - 10.5)
        yield f'<text class="count" x="{x + 13.5:g}" y="{y:g}">{count}</text>'
        x += 17.5 + 6.8 * len(str(count))


def _market(layout: BackboneLayout) -> str:
    box, cards = layout.market, layout.cards
    backbone = cards.backbone
    large, small = taken_words(backbone)
    size = "large" if backbone.report.base else "mid"
    parts = [
        f'<rect class="face" width="{box.width:g}" height="{box.height:g}" rx="4"/>',
        f'<path class="buyer" d="M0 4A4 4 0 0 1 4 0H8V{box.height:g}H4'
        f'A4 4 0 0 1 0 {box.height - 4:g}Z"/>',
        f'<text class="name" x="{_PAD:g}" y="21">'
        f"{escape(shorten(market_words(backbone), _INNER / 15 * 1.06))}</text>",
        f'<text class="{size}" x="{_PAD:g}" y="46">{escape(large)}</text>',
    ]
    y = 66.0
    for line in two_lines(small, _INNER / 12 * 1.02):
        parts.append(f'<text class="quiet" x="{_PAD:g}" y="{y:g}">{escape(line)}</text>')
        y += 16
    y += 10
    for part, who, whole in mix_lines(cards):
        text = shorten(who, (_INNER - em_width(part) * 13) / 12 * 1.1)
        parts.append(
            f'<text x="{_PAD:g}" y="{y:g}"><tspan class="strong">{escape(part)}</tspan> '
            f"{escape(text)}</text>"
            f'<text class="quiet" x="{_PAD:g}" y="{y + 16:g}">{escape(whole)}</text>'
        )
        y += 42
    if not cards.to_market():
        parts.append(f'<text class="quiet" x="{_PAD:g}" y="{y:g}">Sellers not known</text>')
        parts.append(
            f'<rect class="f-unknown" x="{_PAD:g}" y="{y + 10:g}" width="{_INNER:g}" height="8"/>'
        )
    return f'<g class="card" transform="translate({box.x:g} {box.y:g})">{"".join(parts)}</g>'


def _pill(x: float, y: float, count: int, *, linked: bool) -> str:
    wide, high = PILL
    pill = (
        f'<rect class="pill" x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:g}" '
        f'height="{high:g}" rx="{high / 2:g}"/>'
        f'<text class="pilled" x="{x:.1f}" y="{y + 4:.1f}">{controls_words(count)}</text>'
    )
    if not linked:
        return pill
    return (
        f'<a class="opens" href="#controls-list" data-opens="controls" '
        f'aria-label="{controls_words(count)} in force on this link. Open the list">{pill}</a>'
    )


def _legend(wide: float) -> str:
    """The legend of a document, in two lines."""
    ramp = "".join(
        f'<rect class="f-{step} edged" x="{12 + 20 * number}" y="14" width="20" height="12"/>'
        for number, step in enumerate(LOSSES)
    )
    pieces = (
        (f'<text class="quiet" x="0" y="25">0</text>{ramp}', 112, "100\N{NO-BREAK SPACE}% lost"),
        (
            '<path class="flow f-half" d="M0 16C22 16 22 12 44 12V28C22 28 22 22 0 22Z"/>',
            44,
            "share of world output; at the market, of what it takes",
        ),
        (
            '<path class="track" d="M0 20H44"/><rect class="f-half edged" x="0" y="17" width="24" '
            'height="6"/><path class="range" d="M12 20H36M12 15v10M36 15v10"/>'
            '<circle class="dot" cx="24" cy="20" r="3.6"/>',
            44,
            "value, and where nine in ten trials lie",
        ),
        ('<rect class="f-unknown edged" x="0" y="14" width="32" height="12"/>', 32, "not known"),
    )
    marks = [(state_mark(mark, 0, 14), 12, words) for mark, words in STATUSES]
    marks.append(("", -6, "* not measured"))
    rule = f'<path class="rule" d="M0 0H{wide:g}"/>'
    return rule + "".join((*_row(pieces, 0), *_row(marks, 24)))


def _row(pieces: Iterable[tuple[str, float, str]], y: float) -> Iterator[str]:
    """Pieces of a legend, one after the other."""
    x = 0.0
    for drawn, wide, words in pieces:
        yield f'<g transform="translate({x:g} {y:g})">{drawn}'
        yield f'<text class="quiet" x="{wide + 6:g}" y="25">{escape(words)}</text></g>'
        x += round(wide + 6 + text_width(words) + 18, 1)
