"""Figures of bars: who leads each stage, and what is lost when something fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from monazite.findings.finding import Chokepoint, Chokepoints, StageShares
from monazite.pages.plotting import MARGIN, SIZE, SMALL, Drawing, Page, head_height, text_width
from monazite.pages.words import NOT_KNOWN, amount, percent, shorten, visible

FOOT, ROW = 46.0, 46.0
NAMES, NUMBERS = 104.0, 118.0
MOST = 12
"""Losses that are drawn; the report holds every one."""
_LOOKS = {  # by mark as well as by hue
    "country": ("circle", "country"),
    "site": ("square", "site"),
    "firm": ("diamond", "firm"),
    "policy": ("triangle", "ring"),
}
_EVENTS = {"embargo": "sells nothing abroad", "licence": "is licensed"}
DOING = {"mine": "mining", "separation": "separation", "metal": "metal", "magnet": "magnets"}
"""A stage as what one has a share of."""


def concentration_drawing(
    stages: Sequence[StageShares],
    labels: Mapping[str, str],
    title: str,
    width: float,
) -> Drawing:
    """Draw the leader's share of each stage, with what other rows print.

    Args:
        stages: as :func:`monazite.findings.concentration.stage_shares` returns them.
        labels: names of the stages.
        title: name of the element.
        width: in CSS pixels.
    """
    name = visible(title)
    said = _lead_sentence(stages, labels, name)
    under = "Share of the leading country at each stage; thin line: the range that rows print."
    top = head_height(said, under, width)
    return Drawing(
        kind="concentration",
        title=said,
        subtitle=under,
        alt=concentration_alt(stages, labels, name),
        width=width,
        height=top + 26 + ROW * len(stages) + FOOT,
        draw=partial(_draw_stages, stages=stages, labels=labels, top=top),
        tips={f"share-{each.stage}": _stage_words(each, labels) for each in stages},
    )


def concentration_alt(stages: Sequence[StageShares], labels: Mapping[str, str], title: str) -> str:
    """Say who leads each stage, with what share, in which year.

    >>> mine = StageShares("mine", None, "China", 0.69, 5054.0, "line sum", "reo", 2025, (),
    ...     share_low=0.65, share_high=0.69)
    >>> print(concentration_alt([mine], {"mine": "Mine"}, "Rare earths").replace(chr(160), " "))
    Bars of the leading share at each stage of Rare earths. Mine: China 69 % (65 % to 69 %), \
HHI 5,054, 2025.
    """
    told = " ".join(f"{_stage_words(each, labels)}." for each in stages)
    return f"Bars of the leading share at each stage of {title}. {told}"


def _stage_words(stage: StageShares, labels: Mapping[str, str]) -> str:
    name = visible(labels.get(stage.stage, stage.stage))
    if stage.share is None:
        return f"{name}: {NOT_KNOWN}"
    index = "" if stage.hhi is None else f", HHI {stage.hhi:,.0f}"
    told = f"{visible(stage.leader)} {percent(stage.share)}{_range(stage)}"
    return f"{name}: {told}{index}, {stage.year}"


def _range(stage: StageShares) -> str:
    low, high = stage.share_low, stage.share_high
    if low is None or high is None or percent(low) == percent(high):
        return ""
    return f" ({percent(low)} to {percent(high)})"


def _lead_sentence(stages: Sequence[StageShares], labels: Mapping[str, str], title: str) -> str:
    """Say the finding: one who leads everywhere, or the most concentrated stage."""
    known = [stage for stage in stages if stage.share is not None]
    if not known:
        return f"Nobody prints who leads the stages of {title}"
    ends = sorted(known, key=lambda stage: (stage.share or 0.0, stage.stage))
    most, least = ends[-1], ends[0]

    def at(stage: StageShares) -> str:
        return DOING.get(stage.stage) or visible(labels.get(stage.stage, stage.stage)).lower()

    leader = shorten(visible(most.leader), 24)
    if len(known) > 1 and len({stage.leader for stage in known}) == 1:
        return (
            f"{leader} leads every known stage of {title}: from {percent(least.share)} of "
            f"{at(least)} to {percent(most.share)} of {at(most)}"
        )
    return f"{leader} has {percent(most.share)} of {at(most)} of {title} in {most.year}"


def _draw_stages(
    page: Page, *, stages: Sequence[StageShares], labels: Mapping[str, str], top: float
) -> None:
    left, right = MARGIN + NAMES, page.width - MARGIN - NUMBERS
    whole = right - left
    page.text(right + 34, top + 12, "HHI", size=SMALL, hue="muted")
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + whole * part
        page.text(x, top + 12, percent(part), size=SMALL, hue="muted", at="center")
        for number in range(len(stages)):
            y = top + 26 + ROW * number
            page.line([(x, y + 1), (x, y + 24)], hue="hairline", wide=0.8, order=1)
    for number, stage in enumerate(stages):
        y = top + 26 + ROW * number
        name = visible(labels.get(stage.stage, stage.stage))
        page.text(MARGIN, y + 16, name, size=SIZE + 0.5, bold=True, room=NAMES - 8)
        _draw_stage(page, stage, left, y, whole)


def _draw_stage(page: Page, stage: StageShares, left: float, y: float, whole: float) -> None:
    name = f"share-{stage.stage}"
    page.box(left, y + 5, whole, 15, fill="band", name=f"whole-{stage.stage}")
    if stage.share is None:
        page.box(
            left,
            y + 5,
            whole,
            15,
            edge="muted",
            hatch="////",
            opacity=0.5,
            name=f"gap-{stage.stage}",
        )
        page.text(left, y + 36, f"{NOT_KNOWN}: {visible(stage.note)}", hue="muted", room=whole)
        return
    page.box(left, y + 5, whole * stage.share, 15, fill="country", order=3, name=name)
    low, high = stage.share_low, stage.share_high
    if low is not None and high is not None and high > low:
        ends = (left + whole * low, left + whole * high)
        _whisker(page, ends, y + 12.5, name=f"range-{stage.stage}")
    told = f"{visible(stage.leader)} {percent(stage.share)}{_range(stage)}"
    page.text(left, y + 36, told, room=whole * 0.55, name=f"label-{stage.stage}")
    wider = "a wider group, " if "wider group" in stage.note else ""
    basis = f"{wider}{_basis_words(stage.basis)}, {stage.year}"
    room = whole - min(whole * 0.55, text_width(told)) - 12
    page.text(left + whole, y + 36, basis, size=SMALL, hue="muted", at="right", room=room)
    if stage.hhi is not None:
        right = left + whole + 34
        page.text(right, y + 17, f"{stage.hhi:,.0f}", size=SIZE + 0.5, name=f"hhi-{stage.stage}")
        low, high = stage.hhi_low, stage.hhi_high
        if low is not None and high is not None and round(low) < round(high):
            page.text(right, y + 36, f"{low:,.0f} to {high:,.0f}", size=SMALL, hue="muted")


def _basis_words(basis: str) -> str:
    """A code of the scheme of bases as words.

    >>> _basis_words("share-of-world-supply-eu-study")
    'share of world supply EU study'
    """
    words = visible(basis).split("-")
    return " ".join(word.upper() if word in {"eu", "reo", "us"} else word for word in words)


def _whisker(page: Page, ends: tuple[float, float], y: float, *, name: str) -> None:
    """Draw a range, set off from the bar under it."""
    for hue, wide, order in (("card", 3.6, 4.0), ("ink", 1.3, 5.0)):
        page.line([(ends[0], y), (ends[1], y)], hue=hue, wide=wide, order=order,
                  name=name if hue == "ink" else None)  # fmt: skip
        for x in ends:
            page.line([(x, y - 4.5), (x, y + 4.5)], hue=hue, wide=wide, order=order)


def losses_drawing(report: Chokepoints, width: float, top: int = MOST) -> Drawing:
    """Draw what a market loses when each thing fails, with who comes first in the queue as range.

    Args:
        report: as ``View.chokepoints`` returns it.
        width: in CSS pixels.
        top: how many are drawn.
    """
    points = [point for point in report.chokepoints if point.loss is not None][:top]
    said, under = _loss_sentence(report, points), _loss_terms(report, points)
    begin = head_height(said, under, width)
    return Drawing(
        kind="losses",
        title=said,
        subtitle=under,
        alt=losses_alt(report, top),
        width=width,
        height=begin + 30 + 26 * max(1, len(points)) + FOOT,
        draw=partial(_draw_losses, points=points, top=begin),
        tips={f"loss-{each.id}": _loss_words(each) for each in points},
    )


def losses_alt(report: Chokepoints, top: int = MOST) -> str:
    """Say what is lost, of what, in which year, and by which failure, largest first."""
    points = [point for point in report.chokepoints if point.loss is not None][:top]
    told = " ".join(f"{_loss_words(point)}." for point in points)
    return f"{_loss_sentence(report, points)}. {_loss_terms(report, points)} {told}".strip()


def _loss_words(point: Chokepoint) -> str:
    ends = _ends(point)
    return f"{visible(point.label)}: {percent(_part(point.loss))}{f' ({ends})' if ends else ''}"


def _part(loss: float | None) -> float:
    """A loss without the noise of the solver."""
    return max(0.0, round(loss or 0.0, 6)) + 0.0


def _ends(point: Chokepoint) -> str:
    low, high = point.loss_low, point.loss_high
    if low is None or high is None or percent(_part(low)) == percent(_part(high)):
        return ""
    return f"{percent(_part(low))} to {percent(_part(high))}"


def _where(report: Chokepoints) -> str:
    if report.market == "WLD":
        return "the world"
    name = visible(report.market_label)
    plural = name.startswith(("United ", "European ", "Netherlands", "Philippines"))
    return f"the {name}" if plural else name


def _loss_sentence(report: Chokepoints, points: Sequence[Chokepoint]) -> str:
    where, what = _where(report), visible(report.title)
    if not points or report.base is None:
        return f"What {where} would lose of {what} is not known"
    first, product = points[0], visible(report.base.product)
    lost = percent(_part(first.loss))
    lost = {"100": "all its", "0": "nothing of its"}.get(lost.split()[0], f"{lost} of its")
    label = shorten(visible(first.label), 34)
    happens = f"If {label} {_EVENTS[first.event]}" if first.event in _EVENTS else f"Without {label}"
    return f"{happens}, {where} loses {lost} {product}"


def _loss_terms(report: Chokepoints, points: Sequence[Chokepoint]) -> str:
    if report.base is None or not points:
        return "No chain can be worked out of the rows of this view."
    base = report.base
    taken = amount(base.served, base.unit).replace("\N{NO-BREAK SPACE}", " ")
    horizon = visible(base.horizon).replace("-", " ")
    return (
        f"Part of the {taken} taken in {base.year} that is lost ({horizon}); "
        "black line: from last to first in the queue."
    )


def _draw_losses(page: Page, *, points: Sequence[Chokepoint], top: float) -> None:
    if not points:
        page.text(MARGIN, top + 24, f"{NOT_KNOWN}.", hue="muted")
        return
    left, right = MARGIN + min(260.0, page.width * 0.36), page.width - MARGIN - 164
    ends = [end for each in points for end in (each.loss, each.loss_low) if end is not None]
    least = min(0.0, *ends)
    scale = (right - left) / (1.0 - least)

    def x_of(part: float) -> float:
        return left + (min(part, 1.0) - least) * scale

    bottom = top + 26 + 26 * len(points)
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        page.text(x_of(part), top + 12, percent(part), size=SMALL, hue="muted", at="center")
        page.line([(x_of(part), top + 18), (x_of(part), bottom)], hue="hairline", wide=0.8, order=1)
    for number, point in enumerate(points):
        y = top + 38 + 26 * number
        mark, hue = _LOOKS.get(point.kind, ("hexagon", "muted"))
        assert point.loss is not None
        rank = f"{point.rank}" if point.rank is not None else ""
        page.text(MARGIN + 14, y + 4, rank, size=SMALL, hue="muted", at="right")
        page.text(MARGIN + 22, y + 4, point.label, room=left - MARGIN - 34)
        page.line([(x_of(0.0), y), (x_of(point.loss), y)], hue=hue, wide=1.2, opacity=0.5)
        if point.loss_low is not None and point.loss_high is not None:
            span = (x_of(point.loss_low), x_of(point.loss_high))
            _whisker(page, span, y, name=f"range-{point.id}")
        page.mark(x_of(point.loss), y, mark, 5.5, fill=hue, order=5, name=f"loss-{point.id}")
        page.text(
            right + 14, y + 4, percent(_part(point.loss)), bold=True, name=f"label-{point.id}"
        )
        page.text(right + 66, y + 4, _ends(point), size=SMALL, hue="muted")
    _draw_key(page, points, right)


def _draw_key(page: Page, points: Sequence[Chokepoint], right: float) -> None:
    """The marks that occur, in words, above the source line; nothing where there is but one."""
    kinds = sorted({point.kind for point in points})
    x = right
    for kind in kinds if len(kinds) > 1 else ():
        mark, hue = _LOOKS.get(kind, ("hexagon", "muted"))
        page.mark(x, page.height - 42, mark, 4.5, fill=hue)
        page.text(x + 9, page.height - 38, kind, size=SMALL, hue="muted", room=54)
        x += 66
