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
    count_words,
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
from monazite.report.drawing.frame import file_style
from monazite.report.drawing.lettering import text_width, wrap
from monazite.report.drawing.palette import LOSSES
from monazite.report.drawing.templates import LICENCE, drawing_rules, release_words


def state_mark(mark: str, x: float = 0.0, y: float = 0.0) -> str:
    """The mark of a state, 12 by 12: told by its shape, not by its colour."""
    inner = {
        "operating": '<rect class="solid" x="1" y="1" width="10" height="10"/>',
        "partly": '<rect class="hollow" x="1.7" y="1.7" width="8.6" height="8.6"/>'
        '<path class="solid" d="M1 11V1H6V11Z"/>',
        "planned": '<rect class="hollow" x="1.7" y="1.7" width="8.6" height="8.6"/>',
        "suspended": '<rect class="hollow" x="1.7" y="1.7" width="8.6" height="8.6"/>'
        '<path class="stripe" d="M2 6L6 2M2 10L10 2M6 10L10 6"/>',
        "closed": '<rect class="gone" x="1.7" y="1.7" width="8.6" height="8.6"/>'
        '<path class="gone" d="M2 2L10 10M10 2L2 10"/>',
        "unknown": '<circle class="dots" cx="6" cy="6" r="4.4"/>',
    }[mark]
    place = f' transform="translate({x:g} {y:g})"' if x or y else ""
    return f'<g class="state"{place}>{inner}</g>'


def whisker(card: BackboneCard, x: float, y: float, wide: float) -> str:
    """A track from 0 to 100 %, the loss as a bar, its range as a whisker, a dot at the value."""

    def at(part: float) -> str:
        return f"{x + wide * min(1.0, max(0.0, part)):.1f}"

    end = f"{x + wide:.1f}"
    if card.loss is None:
        return f'<rect class="f-unknown" x="{x:g}" y="{y - 4:g}" width="{wide:g}" height="8"/>'
    parts = [
        f'<path class="track" d="M{x:g} {y:g}H{end}M{x:g} {y - 4:g}v8M{at(0.5)} {y - 3:g}v6'
        f'M{end} {y - 4:g}v8"/>'
    ]
    length = wide * min(1.0, max(0.0, card.loss))
    if length > 0:
        parts.append(
            f'<rect class="f-{card.step} edged" x="{x:g}" y="{y - 3:g}" width="{length:.1f}" '
            'height="6"/>'
        )
    if card.ends is not None:
        low, high = card.ends
        parts.append(
            f'<path class="range" d="M{at(low)} {y:g}H{at(high)}M{at(low)} {y - 5:g}v10'
            f'M{at(high)} {y - 5:g}v10"/>'
        )
    parts.append(f'<circle class="dot" cx="{at(card.loss)}" cy="{y:g}" r="3.6"/>')
    return "".join(parts)


def share_bar(card: BackboneCard, x: float, y: float, wide: float) -> str:
    """A thin bar of the share of the stage; dashed where none is known."""
    end = x + wide
    if card.share is None:
        return f'<path class="track none" d="M{x:g} {y:g}H{end:g}"/>'
    length = x + wide * min(1.0, card.share)
    return (
        f'<path class="track" d="M{x:g} {y:g}H{end:g}"/>'
        f'<path class="makes" d="M{x:g} {y:g}H{length:.1f}"/>'
    )


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
    titles = {each.id: visible(each.title) for each in layout.cards.backbone.controls}
    return "".join(
        (
            *(
                _flow(each, ribbon_words(layout.cards, each.ribbon, titles))
                for each in layout.ribbons
            ),
            *(_head(head, narrow=layout.sizes.narrow) for head in layout.heads),
            *(
                _card_piece(card, layout.boxes[card.id], layout.sizes, linked=linked)
                for card in layout.cards.cards
                if card.id in layout.boxes
            ),
            _market_piece(layout),
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


def _card_piece(card: BackboneCard, box: CardBox, sizes: PictureSizes, *, linked: bool) -> str:
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


def _market_piece(layout: BackboneLayout) -> str:
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
    told = counted(count, "control")
    words = str(count) if sizes.narrow else told
    pill = (
        f'<rect class="pill" x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:g}" '
        f'height="{high:g}" rx="{high / 2:g}"/>'
        f'<text class="pilled" x="{x:.1f}" y="{y + 4:.1f}">{words}</text>'
    )
    if not linked:
        return pill
    return (
        f'<a class="opens" href="#controls-list" data-opens="controls" '
        f'aria-label="{told} in force on this link. Open the list">{pill}</a>'
    )


MARGIN, HATCH = 28.0, "hatch"


def backbone_svg(backbone: Backbone) -> str:
    """Return the picture as one SVG document that needs nothing else."""
    return _document(backbone, file_css())


def column_svg(backbone: Backbone, *, dark: bool = True) -> str:
    """Return the picture for a column of text, which has the headline already."""
    return _document(backbone, file_css(dark=dark), narrow=True)


def plain_svg(backbone: Backbone) -> str:
    """Return the same for paper and for a PNG: light, without rules for screens."""
    return _document(backbone, file_css(dark=False))


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
        f"{card.stage_name}, {card.name}: {loss_words(card)} {range_words(card)} "
        f"{loss_label(card)}, {share_words(card)} of world output"
        for card in cards_of(backbone).cards
        if card.share is not None
    )
    return f"{'; '.join(' '.join(each.split()) for each in told)}."


def _document(backbone: Backbone, style: str, *, narrow: bool = False) -> str:
    layout = lay_out(cards_of(backbone), PAPER if narrow else SCREEN)
    margin = 6.0 if narrow else MARGIN
    room = max(layout.width, 640.0 if narrow else 980.0)
    wide = room + 2 * margin
    head, top = ("", 6.0) if narrow else _title(backbone, room)
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
    source = f"{source_words(backbone)}. {LICENCE}."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="backbone" role="img" '
        f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" '
        'aria-labelledby="picture-title picture-desc">'
        f'<title id="picture-title">{escape(visible(backbone.headline))}</title>'
        f'<desc id="picture-desc">{escape(describe(layout))}</desc><style>{style}</style>'
        f'{hatches(HATCH)}<rect class="paper" width="{wide:g}" height="{high:g}"/>{head}'
        f'<g transform="translate({margin:g} {top:g})">{drawing(layout, linked=False)}</g>'
        f'<g transform="translate({margin:g} {foot:g})">{legend}</g>{told}'
        f'<text class="quiet" x="{margin:g}" y="{high - 14:g}">{escape(source)}</text>'
        "</svg>\n"
    )


def _title(backbone: Backbone, room: float) -> tuple[str, float]:
    lines = wrap(visible(backbone.headline), room * 0.94, 27)
    more = wrap(subtitle(backbone), room, 13)
    texts = [
        f'<text class="headline" x="{MARGIN:g}" y="{48 + 33 * number:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]
    texts += [
        f'<text class="span quiet" x="{MARGIN:g}" y="{38 + 33 * len(lines) + 19 * number:g}">'
        f"{escape(line)}</text>"
        for number, line in enumerate(more)
    ]
    return "".join(texts), 34.0 + 33 * len(lines) + 19 * len(more)


def source_words(backbone: Backbone) -> str:
    """Of which release the picture is."""
    view = backbone.report.view
    return release_words(backbone.day, {} if view is None else view.record)


def _legend(wide: float) -> tuple[str, int]:
    """The legend of a document, and how many rows it takes."""
    ramp = "".join(
        f'<rect class="f-{step} edged" x="{12 + 20 * number}" y="14" width="20" height="12"/>'
        for number, step in enumerate(LOSSES)
    )
    full = "100\N{NO-BREAK SPACE}% lost if it stops"
    pieces = [
        (f'<text class="quiet" x="0" y="25">0</text>{ramp}', 112.0, full),
        (
            '<path class="flow f-half" d="M0 16C22 16 22 12 44 12V28C22 28 22 22 0 22Z"/>',
            44.0,
            "share of world output; at the market, of what it uses",
        ),
        (
            '<path class="track" d="M0 20H44"/><rect class="f-half edged" x="0" y="17" width="24" '
            'height="6"/><path class="range" d="M12 20H36M12 15v10M36 15v10"/>'
            '<circle class="dot" cx="24" cy="20" r="3.6"/>',
            44.0,
            "value, and where nine in ten trials lie",
        ),
        ('<rect class="f-unknown edged" x="0" y="14" width="32" height="12"/>', 32.0, NOT_KNOWN),
    ]
    pill = '<rect class="pill" x="0" y="12" width="22" height="16" rx="8"/>'
    number = '<text class="pilled" x="11" y="24">2</text>'
    pieces.append((pill + number, 22.0, CONTROLS))
    pieces += [(state_mark(mark, 0, 14), 12.0, words) for mark, words in STATUSES]
    pieces.append(("", -6.0, "* not measured of this element alone"))
    drawn, rows = [f'<path class="rule" d="M0 0H{wide:g}"/>'], [0.0]
    for piece, size, words in pieces:
        needed = size + 6 + text_width(words)
        first_mark = words == STATUSES[0][1]
        if rows[-1] and (rows[-1] + needed > wide or first_mark):
            rows.append(0.0)
        drawn.append(
            f'<g transform="translate({rows[-1]:g} {24 * (len(rows) - 1):g})">{piece}'
            f'<text class="quiet" x="{size + 6:g}" y="25">{escape(words)}</text></g>'
        )
        rows[-1] = round(rows[-1] + needed + 18, 1)
    return "".join(drawn), len(rows)
