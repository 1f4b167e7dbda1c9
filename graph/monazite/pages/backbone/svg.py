"""The backbone as SVG: part of a page, or a document with title, legend, source and date."""

from __future__ import annotations

from html import escape

from monazite.findings.backbone.result import Backbone
from monazite.pages.backbone.cards import STATUSES, cards_of
from monazite.pages.backbone.layout import PAPER, SCREEN, BackboneLayout, lay_out
from monazite.pages.backbone.marks import backbone_css, hatches, state_mark
from monazite.pages.backbone.pieces import drawing
from monazite.pages.backbone.words import (
    CONTROLS,
    known_lines,
    loss_label,
    loss_words,
    market_words,
    range_words,
    share_words,
    subtitle,
)
from monazite.pages.drawing.lettering import text_width, wrap
from monazite.pages.drawing.palette import DARK, LIGHT, LOSSES, without_variables
from monazite.pages.drawing.static_page import LICENCE, release_words
from monazite.safe_text import NOT_KNOWN, visible

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
    light = without_variables(backbone_css(HATCH), LIGHT)
    if not dark:
        return light
    rules = without_variables(backbone_css(HATCH), DARK)
    return f"{light}@media (prefers-color-scheme:dark){{\n{rules}}}\n"


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
    missing = [line for each in _remarks(backbone) for line in wrap(each, room, 12)]
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
    """The headline and the line under it, and where the drawing begins."""
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


def _remarks(backbone: Backbone) -> list[str]:
    """What is known and missing where no loss can be told."""
    known = [f"Known. {each}" for each in known_lines(backbone)]
    return [*known, *(f"Missing. {visible(each)}" for each in backbone.missing)]


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
