"""The parts of the drawing: ribbons, headings, cards, the market, pills."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from monazite.pages.backbone.cards import BackboneCard
from monazite.pages.backbone.layout import (
    ROW,
    BackboneLayout,
    CardBox,
    PictureSizes,
    PlacedRibbon,
    StageHead,
    count_width,
)
from monazite.pages.backbone.marks import share_bar, state_mark, whisker
from monazite.pages.backbone.words import (
    controls_words,
    count_words,
    loss_label,
    loss_words,
    market_words,
    mix_lines,
    range_words,
    ribbon_words,
    share_words,
    taken_words,
)
from monazite.safe_text import em_width, shorten, two_lines, visible


def drawing(layout: BackboneLayout, *, linked: bool) -> str:
    """Return all parts of a drawing."""
    titles = {each.id: visible(each.title) for each in layout.cards.backbone.controls}
    return "".join(
        (
            *(
                _flow(each, ribbon_words(layout.cards, each.ribbon, titles))
                for each in layout.ribbons
            ),
            *(_head(head, narrow=layout.sizes.narrow) for head in layout.heads),
            *(
                _card(card, layout.boxes[card.id], layout.sizes, linked=linked)
                for card in layout.cards.cards
                if card.id in layout.boxes
            ),
            _market(layout),
            *(
                _pill(x, y, len(each.controls), layout.sizes, linked=linked)
                for x, y, each in layout.pills
            ),
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


def _head(head: StageHead, *, narrow: bool) -> str:
    parts = [f'<text class="head" x="{head.x:g}" y="16">{escape(visible(head.name))}</text>']
    market = "of what it uses" if narrow else "share of what it uses"
    below = {"Mine": "share of world output", "Market": market}.get(head.name)
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


def _card(card: BackboneCard, box: CardBox, sizes: PictureSizes, *, linked: bool) -> str:
    pad, inner = sizes.pad, sizes.inner
    coded = bool(card.code) and not sizes.narrow
    size = 13 if sizes.narrow else 15
    name = shorten(card.name, (inner - (34 if coded else 0)) / size * 1.06)
    code = f'<text class="code" x="{box.width - 10:g}" y="20">{escape(card.code)}</text>'
    y_sites = box.height - 10
    year = f"\N{RIGHT SINGLE QUOTATION MARK}{card.year % 100:02d}" if card.year else ""
    share = share_words(card)
    makes = share if card.share is None else f"makes {share}"
    parts = [
        f'<rect class="face" width="{box.width:g}" height="{box.height:g}" rx="4"/>',
        f'<path class="f-{card.step} edged" d="M0 4A4 4 0 0 1 4 0H8V{box.height:g}H4'
        f'A4 4 0 0 1 0 {box.height - 4:g}Z"/>',
        f'<text class="name n{size}" x="{pad:g}" y="21">{escape(name)}</text>'
        f"{code if coded else ''}",
        _loss(card, sizes),
        whisker(card, pad, 59, inner),
        f'<text x="{pad:g}" y="99">{escape(makes)}</text>',
        f'<text class="quiet end" x="{pad + inner:g}" y="99">{escape(year)}</text>',
        share_bar(card, pad, 108, inner),
    ]
    sites = "".join(_counts(card, y_sites, sizes))
    if linked and card.sites:
        heard = f"{card.stage_name}, {card.name}: {count_words(card)}. Open the list"
        sites = (
            f'<a class="opens" href="#{card.id}-list" data-opens="{card.id}" '
            f'aria-label="{escape(heard)}">'
            f'<rect class="hit" x="{pad - 5:g}" y="{y_sites - 17:g}" width="{inner + 8:g}" '
            f'height="24" rx="4"/>{sites}</a>'
        )
    told = escape(f"{card.stage_name}: {card.name}")
    return (
        f'<g class="card" transform="translate({box.x:g} {box.y:g})"><title>{told}</title>'
        f"{''.join(parts)}{sites}</g>"
    )


def _loss(card: BackboneCard, sizes: PictureSizes) -> str:
    """What is lost, its range, and what it is of."""
    size = "mid" if card.loss is None else "large"
    beside, below = range_words(card), loss_label(card)
    if sizes.narrow:
        label = "at most" if card.folded and card.loss is not None else ""
        beside, below = label, beside
    long = em_width(loss_words(card)) * 22 + em_width(beside) * 13 + 6 > sizes.inner
    return (
        f'<text x="{sizes.pad:g}" y="46"><tspan class="{size}">{escape(loss_words(card))}</tspan>'
        f'<tspan class="{"count" if long else "span"}" dx="6">{escape(beside)}</tspan></text>'
        f'<text class="quiet" x="{sizes.pad:g}" y="79">{escape(below)}</text>'
    )


def _counts(card: BackboneCard, y: float, sizes: PictureSizes) -> Iterator[str]:
    if not card.sites:
        yield f'<text class="quiet" x="{sizes.pad:g}" y="{y:g}">no site known</text>'
        return
    rows = sizes.rows_of(card.counts)
    x, at = sizes.pad, y - ROW * (rows - 1)
    for number, (mark, count) in enumerate(card.counts):
        if rows == 2 and number == (len(card.counts) + 1) // 2:
            x, at = sizes.pad, y
        yield state_mark(mark, x, at - 10.5)
        yield f'<text class="count" x="{x + 13.5:g}" y="{at:g}">{count}</text>'
        x += count_width(count)


def _market(layout: BackboneLayout) -> str:
    box, cards = layout.market, layout.cards
    backbone, pad, inner = cards.backbone, layout.sizes.pad, layout.sizes.inner
    large, small = taken_words(backbone)
    size = "large" if backbone.report.base else "mid"
    parts = [
        f'<rect class="face" width="{box.width:g}" height="{box.height:g}" rx="4"/>',
        f'<path class="buyer" d="M0 4A4 4 0 0 1 4 0H8V{box.height:g}H4'
        f'A4 4 0 0 1 0 {box.height - 4:g}Z"/>',
        f'<text class="name" x="{pad:g}" y="21">'
        f"{escape(shorten(market_words(backbone), inner / 15 * 1.06))}</text>",
        f'<text class="{size}" x="{pad:g}" y="46">{escape(large)}</text>',
    ]
    y = 66.0
    for line in two_lines(small, inner / 12 * 1.02):
        parts.append(f'<text class="quiet" x="{pad:g}" y="{y:g}">{escape(line)}</text>')
        y += 16
    y += 10
    for part, who, whole in mix_lines(cards):
        told = who.replace("other countries", "others") if layout.sizes.narrow else who
        text = shorten(told, (inner - em_width(part) * 13) / 12 * 1.1)
        parts.append(
            f'<text x="{pad:g}" y="{y:g}"><tspan class="strong">{escape(part)}</tspan> '
            f"{escape(text)}</text>"
            f'<text class="quiet" x="{pad:g}" y="{y + 16:g}">{escape(whole)}</text>'
        )
        y += 42
    if not cards.to_market():
        parts.append(f'<text class="quiet" x="{pad:g}" y="{y:g}">Sellers not known</text>')
        parts.append(
            f'<rect class="f-unknown" x="{pad:g}" y="{y + 10:g}" width="{inner:g}" height="8"/>'
        )
    return f'<g class="card" transform="translate({box.x:g} {box.y:g})">{"".join(parts)}</g>'


def _pill(x: float, y: float, count: int, sizes: PictureSizes, *, linked: bool) -> str:
    wide, high = sizes.pill
    words = str(count) if sizes.narrow else controls_words(count)
    pill = (
        f'<rect class="pill" x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:g}" '
        f'height="{high:g}" rx="{high / 2:g}"/>'
        f'<text class="pilled" x="{x:.1f}" y="{y + 4:.1f}">{words}</text>'
    )
    if not linked:
        return pill
    return (
        f'<a class="opens" href="#controls-list" data-opens="controls" '
        f'aria-label="{controls_words(count)} in force on this link. Open the list">{pill}</a>'
    )
