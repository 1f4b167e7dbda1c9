"""Parts of the drawing that a page and an SVG share: marks of states, whiskers, hatches, rules."""

from __future__ import annotations

from monazite.pages.backbone.cards import BackboneCard
from monazite.pages.drawing.palette import FONTS, LOSSES

SERIF = 'Charter,"Bitstream Charter","Iowan Old Style",Georgia,"DejaVu Serif",serif'


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


def backbone_css(pattern: str = "hatch") -> str:
    """The rules that the drawing needs, in a page and by itself."""
    fills = "".join(f".backbone .f-{step}{{fill:var(--loss-{step})}}\n" for step in LOSSES)
    flows = "".join(
        f".backbone .flow.f-{step}{{fill-opacity:.82}}"
        f".backbone .flow.line.f-{step}{{fill:none;stroke:var(--loss-{step})}}\n"
        for step in LOSSES
    )
    letters = "".join(f".backbone .on-{step}{{fill:var(--on-{step})}}\n" for step in LOSSES)
    return (
        f".backbone text{{font-family:{FONTS};fill:var(--ink);font-size:12px}}\n"
        ".backbone .paper{fill:var(--paper)}\n"
        f".backbone .headline{{font-family:{SERIF};font-size:27px}}\n"
        ".backbone .name{font-size:15px;font-weight:600}.backbone .n13{font-size:13px}\n"
        ".backbone .large{font-size:22px;font-weight:600}\n"
        ".backbone .mid{font-size:14px;font-weight:600}\n"
        ".backbone .span{font-size:13px}\n"
        ".backbone .head{font-size:13px;font-weight:600}\n"
        ".backbone .quiet{fill:var(--muted)}\n"
        ".backbone .strong{font-weight:600}\n"
        ".backbone .code{font-size:11px;font-weight:600;letter-spacing:.04em;"
        "text-anchor:end;fill:var(--muted)}\n"
        ".backbone .end{text-anchor:end}.backbone .center{text-anchor:middle}\n"
        ".backbone .face{fill:var(--card);stroke:var(--hairline)}\n"
        ".backbone .buyer{fill:var(--ink)}\n"
        f"{fills}{flows}{letters}"
        f".backbone .f-unknown{{fill:url(#{pattern})}}\n"
        ".backbone .flow.line.f-none,.backbone .flow.line.f-unknown"
        "{fill:none;stroke:var(--loss-edge)}\n"
        ".backbone .flow.band.f-none{stroke:var(--loss-edge);stroke-width:.8}\n"
        ".backbone .flow.line{stroke-width:2}.backbone .flow.dashed{stroke-dasharray:4 3}\n"
        ".backbone .edged{stroke:var(--loss-edge);stroke-width:.6}\n"
        ".backbone .ground{fill:var(--card)}\n"
        ".backbone .hatching{stroke:var(--hatch);stroke-width:3;fill:none}\n"
        ".backbone .gap{fill-opacity:.75;stroke:var(--muted);stroke-dasharray:4 3}\n"
        ".backbone .plate{fill:var(--paper)}\n"
        ".backbone .track{stroke:var(--track);fill:none}"
        ".backbone .none{stroke-dasharray:2 3}\n"
        ".backbone .makes{stroke:var(--share);stroke-width:4;fill:none}\n"
        ".backbone .range{stroke:var(--ink);stroke-width:1.5;fill:none}\n"
        ".backbone .dot{fill:var(--ink);stroke:var(--card);stroke-width:1.2}\n"
        ".backbone .pill{fill:var(--card);stroke:var(--ink)}\n"
        ".backbone .pilled{font-size:11px;text-anchor:middle}\n"
        ".backbone .count{font-size:11px}\n"
        ".backbone .rule{stroke:var(--hairline);fill:none}\n"
        f"{state_css('backbone')}"
    )


def state_css(kind: str) -> str:
    """Return the rules of :func:`state_mark`."""
    return (
        f".{kind} .solid{{fill:var(--alive)}}\n"
        f".{kind} .hollow{{fill:none;stroke:var(--alive);stroke-width:1.5}}\n"
        f".{kind} .stripe{{fill:none;stroke:var(--alive);stroke-width:1.2}}\n"
        f".{kind} .gone{{fill:none;stroke:var(--muted);stroke-width:1.2}}\n"
        f".{kind} .dots{{fill:none;stroke:var(--muted);stroke-width:1.4;"
        "stroke-dasharray:1.6 1.85}\n"
    )
