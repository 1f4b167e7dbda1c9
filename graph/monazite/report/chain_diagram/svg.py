"""The backbone as SVG: part of a page, or a document with title, legend, source and date."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from monazite.analysis.countries_of_chain import Backbone
from monazite.core.formats import NOT_KNOWN, counted, em_width, shorten, two_lines, visible
from monazite.report.chain_diagram.cards import (
    CONTROLS,
    STATUSES,
    BackboneCard,
    cards_of,
    known_lines,
    market_words,
    mix_lines,
    ribbon_words,
    subtitle,
    taken_words,
)
from monazite.report.chain_diagram.layout import (
    PAPER,
    ROW,
    SCREEN,
    BackboneLayout,
    CardBox,
    PictureSizes,
    PlacedRibbon,
    StageHead,
    count_width,
    lay_out,
)
from monazite.report.drawing.frame import file_style, legend_rows, text_lines
from monazite.report.drawing.lettering import wrap
from monazite.report.drawing.palette import LOSSES
from monazite.report.drawing.shapes import circle, moved, opened, path, rect, text_at
from monazite.report.drawing.templates import LICENCE, drawing_rules, release_words

_HOLLOW = rect("hollow", 1.7, 1.7, 8.6, 8.6)
_STATES = {
    "operating": rect("solid", 1, 1, 10, 10),
    "partly": _HOLLOW + path("solid", "M1 11V1H6V11Z"),
    "planned": _HOLLOW,
    "suspended": _HOLLOW + path("stripe", "M2 6L6 2M2 10L10 2M6 10L10 6"),
    "closed": rect("gone", 1.7, 1.7, 8.6, 8.6) + path("gone", "M2 2L10 10M10 2L2 10"),
    "unknown": circle("dots", 6, 6, 4.4),
}


def state_mark(mark: str, x: float = 0.0, y: float = 0.0) -> str:
    """The mark of a state, 12 by 12: told by its shape, not by its colour."""
    place = f' transform="translate({x:g} {y:g})"' if x or y else ""
    return f'<g class="state"{place}>{_STATES[mark]}</g>'


def whisker(card: BackboneCard, x: float, y: float, wide: float) -> str:
    """A track from 0 to 100 %, the loss as a bar, its range as a whisker, a dot at the value."""
    if card.loss is None:
        return rect("f-unknown", x, y - 4, wide, 8)

    def at(part: float) -> str:
        return f"{x + wide * min(1.0, max(0.0, part)):.1f}"

    ticks = f"M{x:g} {y - 4:g}v8M{at(0.5)} {y - 3:g}v6M{at(1.0)} {y - 4:g}v8"
    parts = [path("track", f"M{x:g} {y:g}H{at(1.0)}{ticks}")]
    if card.loss > 0:
        length = f"{wide * min(1.0, card.loss):.1f}"
        parts.append(rect(f"f-{card.step} edged", x, y - 3, length, 6))
    if card.ends is not None:
        low, high = map(at, card.ends)
        parts.append(path("range", f"M{low} {y:g}H{high}M{low} {y - 5:g}v10M{high} {y - 5:g}v10"))
    return "".join([*parts, circle("dot", at(card.loss), y, 3.6)])


def share_bar(card: BackboneCard, x: float, y: float, wide: float) -> str:
    """A thin bar of the share of the stage; dashed where none is known."""
    track = f"M{x:g} {y:g}H{x + wide:g}"
    if card.share is None:
        return path("track none", track)
    made = f"M{x:g} {y:g}H{x + wide * min(1.0, card.share):.1f}"
    return path("track", track) + path("makes", made)


def hatches(name: str) -> str:
    """The hatch of what is not known, as a pattern that forced colours keep."""
    return (
        f'<defs><pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/>'
        '<path class="hatching" d="M0 0V6"/></pattern></defs>'
    )


def backbone_css(pattern: str) -> str:
    """The rules that the drawing needs, in a page and by itself."""
    return drawing_rules("chain", kind="backbone", pattern=pattern)


def drawing(layout: BackboneLayout, *, linked: bool) -> str:
    """Return all parts of a drawing."""
    cards, boxes, sizes = layout.cards, layout.boxes, layout.sizes
    titles = {each.id: visible(each.title) for each in cards.backbone.controls}
    drawn = [card for card in cards.cards if card.id in boxes]
    parts = [_flow(each, ribbon_words(cards, each.ribbon, titles)) for each in layout.ribbons]
    parts += [_head(head, narrow=sizes.narrow) for head in layout.heads]
    parts += [_card_piece(card, boxes[card.id], sizes, linked=linked) for card in drawn]
    parts.append(_market_piece(layout))
    parts += [_pill(x, y, len(each.controls), sizes, linked=linked) for x, y, each in layout.pills]
    return "".join(parts)


def _flow(placed: PlacedRibbon, words: str) -> str:
    source = placed.ribbon.source
    classes = f"flow f-{source.step if source else 'unknown'}"
    if placed.is_line:
        classes += " line" + (" dashed" if placed.ribbon.arriving is None else "")
    else:
        classes += " band"
    return f'<path class="{classes}" d="{placed.path()}"><title>{escape(words)}</title></path>'


def _head(head: StageHead, *, narrow: bool) -> str:
    parts = [text_at("head", head.x, 16, visible(head.name))]
    market = "of what it uses" if narrow else "share of what it uses"
    below = {"Mine": "share of world output", "Market": market}.get(head.name)
    if below:
        parts.append(text_at("quiet", head.x, 34, below))
    if head.box is not None:
        box = head.box
        middle, high = box.x + box.width / 2, box.y + box.height / 2
        parts += [
            rect("f-unknown gap", box.x, box.y, box.width, box.height, 4),
            rect("plate", box.x + 4, high - 24, box.width - 8, 44, 3),
            text_at("center", middle, high - 6, "not"),
            text_at("center", middle, high + 10, "known"),
        ]
    return "".join(parts)


def _card_piece(card: BackboneCard, box: CardBox, sizes: PictureSizes, *, linked: bool) -> str:
    pad, inner = sizes.pad, sizes.inner
    coded = bool(card.code) and not sizes.narrow
    size = 13 if sizes.narrow else 15
    name = shorten(card.name, (inner - (34 if coded else 0)) / size * 1.06)
    y_sites = box.height - 10
    year = f"\N{RIGHT SINGLE QUOTATION MARK}{card.year % 100:02d}" if card.year else ""
    parts = [
        *_face(box, f"f-{card.step} edged"),
        text_at(f"name n{size}", pad, 21, name),
        text_at("code", box.width - 10, 20, card.code) if coded else "",
        _loss(card, sizes),
        whisker(card, pad, 59, inner),
        f'<text x="{pad:g}" y="99">{escape(card.makes)}</text>',
        text_at("quiet end", pad + inner, 99, year),
        share_bar(card, pad, 108, inner),
    ]
    sites = "".join(_counts(card, y_sites, sizes))
    if linked and card.sites:
        heard = f"{card.stage_name}, {card.name}: {card.counted}. Open the list"
        sites = (
            f'<a class="opens" href="#{card.id}-list" data-opens="{card.id}" '
            f'aria-label="{escape(heard)}">{rect("hit", pad - 5, y_sites - 17, inner + 8, 24, 4)}'
            f"{sites}</a>"
        )
    told = escape(f"{card.stage_name}: {card.name}")
    return (
        f'<g class="card" transform="translate({box.x:g} {box.y:g})"><title>{told}</title>'
        f"{''.join(parts)}{sites}</g>"
    )


def _face(box: CardBox, edge: str) -> tuple[str, str]:
    """The plate of a card, and the edge on its left."""
    way = f"M0 4A4 4 0 0 1 4 0H8V{box.height:g}H4A4 4 0 0 1 0 {box.height - 4:g}Z"
    plate = f'<rect class="face" width="{box.width:g}" height="{box.height:g}" rx="4"/>'
    return plate, path(edge, way)


def _loss(card: BackboneCard, sizes: PictureSizes) -> str:
    size = "mid" if card.loss is None else "large"
    beside, below = card.loss_range, card.loss_label
    if sizes.narrow and card.loss is not None:
        beside, below = "at most" if card.folded else beside, card.first_year
    long = em_width(card.loss_words) * 22 + em_width(beside) * 13 + 6 > sizes.inner
    return (
        f'<text x="{sizes.pad:g}" y="46"><tspan class="{size}">{escape(card.loss_words)}</tspan>'
        f'<tspan class="{"count" if long else "span"}" dx="6">{escape(beside)}</tspan></text>'
        f'<text class="quiet" x="{sizes.pad:g}" y="79">{escape(below)}</text>'
    )


def _counts(card: BackboneCard, y: float, sizes: PictureSizes) -> Iterator[str]:
    if not card.sites:
        yield text_at("quiet", sizes.pad, y, "no site known")
        return
    rows = sizes.rows_of(card.counts)
    x, at = sizes.pad, y - ROW * (rows - 1)
    for number, (mark, count) in enumerate(card.counts):
        if rows == 2 and number == (len(card.counts) + 1) // 2:
            x, at = sizes.pad, y
        yield state_mark(mark, x, at - 10.5) + text_at("count", x + 13.5, at, str(count))
        x += count_width(count)


def _market_piece(layout: BackboneLayout) -> str:
    box, backbone = layout.market, layout.cards.backbone
    pad, inner = layout.sizes.pad, layout.sizes.inner
    large, small = taken_words(backbone)
    parts = [
        *_face(box, "buyer"),
        text_at("name", pad, 21, shorten(market_words(backbone), inner / 15 * 1.06)),
        text_at("large" if backbone.report.base else "mid", pad, 46, large),
    ]
    y = 66.0
    for line in two_lines(small, inner / 12 * 1.02):
        parts.append(text_at("quiet", pad, y, line))
        y += 16
    y += 10
    for part, who, whole in mix_lines(layout.cards):
        told = who.replace("other countries", "others") if layout.sizes.narrow else who
        text = shorten(told, (inner - em_width(part) * 13) / 12 * 1.1)
        parts += [
            f'<text x="{pad:g}" y="{y:g}"><tspan class="strong">{escape(part)}</tspan> '
            f"{escape(text)}</text>",
            text_at("quiet", pad, y + 16, whole),
        ]
        y += 42
    if not layout.cards.to_market():
        parts.append(text_at("quiet", pad, y, "Sellers not known"))
        parts.append(rect("f-unknown", pad, y + 10, inner, 8))
    return f'<g class="card" transform="translate({box.x:g} {box.y:g})">{"".join(parts)}</g>'


def _pill(x: float, y: float, count: int, sizes: PictureSizes, *, linked: bool) -> str:
    wide, high = sizes.pill
    told = counted(count, "control")
    place = f"{x - wide / 2:.1f}", f"{y - high / 2:.1f}"
    words = text_at("pilled", f"{x:.1f}", f"{y + 4:.1f}", str(count) if sizes.narrow else told)
    pill = rect("pill", *place, wide, high, high / 2) + words
    if not linked:
        return pill
    return (
        f'<a class="opens" href="#controls-list" data-opens="controls" '
        f'aria-label="{told} in force on this link. Open the list">{pill}</a>'
    )


MARGIN, HATCH = 28.0, "hatch"


def file_css(*, dark: bool = True) -> str:
    """The rules of a file: plain colours, and those of a dark screen."""
    return file_style(backbone_css(HATCH), theme="screen" if dark else "light")


def page_svg(layout: BackboneLayout) -> str:
    """Return the drawing as a part of a page, with links to what each card opens."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="backbone wide" role="group" '
        f'viewBox="-1 0 {layout.width + 2:g} {layout.height:g}" width="{layout.width + 2:g}" '
        f'height="{layout.height:g}" aria-labelledby="picture-title">'
        f'<title id="picture-title">{escape(describe(layout))}</title>{hatches(HATCH)}'
        f"{drawing(layout, linked=True)}</svg>"
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


def alt_text(backbone: Backbone) -> str:
    """Return what the picture shows, for those who do not see it: each card in a line."""
    told = (
        f"{card.stage_name}, {card.name}: {card.loss_words} {card.loss_range} "
        f"{card.loss_label}, {card.share_words} of world output"
        for card in cards_of(backbone).cards
        if card.share is not None
    )
    return f"{'; '.join(' '.join(each.split()) for each in told)}."


def backbone_svg(backbone: Backbone, *, dark: bool = True, narrow: bool = False) -> str:
    """Return the picture as one SVG document, for screens of both kinds or for paper.

    A narrow one is for a column of text, which has the headline already.
    """
    layout = lay_out(cards_of(backbone), PAPER if narrow else SCREEN)
    margin = 6.0 if narrow else MARGIN
    room = max(layout.width, 640.0 if narrow else 980.0)
    wide = room + 2 * margin
    head, top = "", 6.0
    if not narrow:
        lines = wrap(visible(backbone.headline), room * 0.94, 27)
        more = wrap(subtitle(backbone), room, 13)
        title_high = 33 * len(lines)
        head = text_lines("headline", MARGIN, 48, 33, lines)
        head += text_lines("span quiet", MARGIN, 38 + title_high, 19, more)
        top = 34.0 + title_high + 19 * len(more)
    foot = top + layout.height + 12
    legend, rows = _legend(room)
    remarks = [f"Known. {each}" for each in known_lines(backbone)]
    remarks += [f"Missing. {visible(each)}" for each in backbone.missing]
    missing = [line for each in remarks for line in wrap(each, room, 12)]
    below = foot + 24 * rows + 28
    high = below + 18 * len(missing) + 30
    told = "".join(
        f'<text x="{margin:g}" y="{below + 18 * number:g}">{escape(line)}</text>'
        for number, line in enumerate(missing)
    )
    title = visible(backbone.headline)
    return (
        f"{opened('backbone', 'picture', (wide, high), title, describe(layout))}"
        f"<style>{file_css(dark=dark)}</style>{hatches(HATCH)}"
        f'<rect class="paper" width="{wide:g}" height="{high:g}"/>{head}'
        f"{moved(margin, top, drawing(layout, linked=False))}{moved(margin, foot, legend)}{told}"
        f"{text_at('quiet', margin, high - 14, f'{source_words(backbone)}. {LICENCE}.')}</svg>\n"
    )


def source_words(backbone: Backbone) -> str:
    """Of which release the picture is."""
    view = backbone.report.view
    return release_words(backbone.day, {} if view is None else view.record)


def _legend(wide: float) -> tuple[str, int]:
    """The legend of a document, and how many rows it takes."""
    ramp = "".join(
        rect(f"f-{step} edged", f"{12 + 20 * number}", 14, 20, 12)
        for number, step in enumerate(LOSSES)
    )
    flow = path("flow f-half", "M0 16C22 16 22 12 44 12V28C22 28 22 22 0 22Z")
    range_ = (
        path("track", "M0 20H44")
        + rect("f-half edged", 0, 17, 24, 6)
        + path("range", "M12 20H36M12 15v10M36 15v10")
        + circle("dot", 24, 20, 3.6)
    )
    pieces = [
        (text_at("quiet", 0, 25, "0") + ramp, 112.0, "100\N{NO-BREAK SPACE}% lost for good"),
        (flow, 44.0, "share of world output; at the market, of what it uses"),
        (range_, 44.0, "value, and where nine in ten trials lie"),
        (rect("f-unknown edged", 0, 14, 32, 12), 32.0, NOT_KNOWN),
        (rect("pill", 0, 12, 22, 16, 8) + text_at("pilled", 11, 24, "2"), 22.0, CONTROLS),
        *((state_mark(mark, 0, 14), 12.0, words) for mark, words in STATUSES),
        ("", -6.0, "* not measured of this element alone"),
    ]
    return legend_rows(pieces, wide, look="quiet", top=0, low=25, begins=STATUSES[0][1])
