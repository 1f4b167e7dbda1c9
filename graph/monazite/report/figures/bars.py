"""Figures of bars: who leads each stage, and what is lost when something fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.concentration.shares import StageShares
from monazite.core.formats import NOT_KNOWN, index_words, marked, shorten, visible, whole
from monazite.model.wording import basis_words
from monazite.report.drawing.lettering import SIZE, bounded_percent, percent, text_width
from monazite.report.drawing.plotting import MARGIN, SMALL, Drawing, Page, head_height
from monazite.store.cards import is_measured

FOOT, ROW, OTHER_ROW = 46.0, 46.0, 16.0
NAMES, NUMBERS = 104.0, 118.0
DOING = {"mine": "mining", "separation": "separation", "metal": "metal", "magnet": "magnets"}


def concentration_drawing(
    stages: Sequence[StageShares],
    labels: Mapping[str, str],
    title: str,
    width: float,
    *,
    finding: str = "",
) -> Drawing:
    """Draw the leader's share of each stage, with what other rows print."""
    name = visible(title)
    finding = finding or _lead_sentence(stages, labels, name)
    under = "Share of the leading country at each stage; thin line: the range that records print."
    others = any(stage.others for stage in stages)
    if others:
        under = (
            "Share of the leading country at each stage of the reconciled year; hollow mark: "
            f"the {OTHER_FIGURE} that records print."
        )
    if any("wider group" in stage.note for stage in stages):
        under += f" Where it says a wider group, records of more elements stand for {name}."
    top = head_height(finding, under, width)
    row = ROW + OTHER_ROW * others
    return Drawing(
        kind="concentration",
        title=finding,
        subtitle=under,
        alt=concentration_alt(stages, labels, name),
        width=width,
        height=top + 26 + row * len(stages) + FOOT,
        draw=partial(_draw_stages, stages=stages, labels=labels, top=top, row=row),
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
    index = _index(stage)
    told = f"{visible(stage.leader)} {_share(stage)}{_range(stage)}"
    told += f", HHI {index}" if index else ""
    others = "".join(f"; {_other_words(other)}" for other in stage.others)
    return f"{name}: {told}, {stage.year}{f', {stage.figure}' if stage.figure else ''}{others}"


def _other_words(other: StageShares) -> str:
    told = f"{visible(other.leader)} {_share(other)}{_range(other)}"
    return f"{OTHER_FIGURE} {told}: {visible(other.why)}"


def _share(stage: StageShares) -> str:
    return bounded_percent(stage.share, stage.figure)


def _index(stage: StageShares) -> str:
    """The index; where a bound leaves it open, the end that is known; else nothing."""
    ends = (None, None) if stage.hhi is not None else (stage.hhi_low, stage.hhi_high)
    told = index_words(stage.hhi, *ends)
    return "" if told == NOT_KNOWN else told


def _range(stage: StageShares) -> str:
    low, high = stage.share_low, stage.share_high
    if low is None or high is None or percent(low) == percent(high):
        return ""
    return f" ({percent(low)} to {percent(high)})"


def _lead_sentence(stages: Sequence[StageShares], labels: Mapping[str, str], title: str) -> str:
    """Say who leads everywhere, or the most concentrated stage, if possible as measured."""
    known = [stage for stage in stages if stage.share is not None]
    if not known:
        return f"We found no leader for {title} at any stage"
    measured = [stage for stage in known if is_measured(stage.figure)]
    told = measured if len(measured) > 1 else known
    ends = sorted(told, key=lambda stage: (stage.share or 0.0, stage.stage))
    most, least = ends[-1], ends[0]

    def at(stage: StageShares) -> str:
        return DOING.get(stage.stage) or visible(labels.get(stage.stage, stage.stage)).lower()

    def share(stage: StageShares, extent: str = "") -> str:
        return marked(f"{_share(stage)} of {at(stage)}{extent}", stage.figure)

    leader = shorten(visible(most.leader), 24)
    if len(known) > 1 and len({stage.leader for stage in known}) == 1:
        where = "" if len(told) == len(known) else "where it is measured, "
        return (
            f"{leader} leads every known stage of {title}: {where}from {share(least)} to "
            f"{share(most)}"
        )
    return f"{leader} has {share(most, f' of {title}')} in {most.year}"


def _draw_stages(
    page: Page, *, stages: Sequence[StageShares], labels: Mapping[str, str], top: float, row: float
) -> None:
    left, right = MARGIN + NAMES, page.width - MARGIN - NUMBERS
    extent = right - left
    page.text(right + 34, top + 12, "HHI", size=SMALL, hue="muted")
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + extent * part
        page.text(x, top + 12, percent(part), size=SMALL, hue="muted", at="center")
        for number in range(len(stages)):
            y = top + 26 + row * number
            page.line([(x, y + 1), (x, y + 24)], hue="hairline", wide=0.8, order=1)
    for number, stage in enumerate(stages):
        y = top + 26 + row * number
        name = visible(labels.get(stage.stage, stage.stage))
        page.text(MARGIN, y + 16, name, size=SIZE + 0.5, bold=True, max_width=NAMES - 8)
        _draw_stage(page, stage, left, y, extent)


def _draw_stage(page: Page, stage: StageShares, left: float, y: float, extent: float) -> None:
    name = f"share-{stage.stage}"
    page.box(left, y + 5, extent, 15, fill="band", name=f"whole-{stage.stage}")
    if stage.share is None:
        gap = f"gap-{stage.stage}"
        page.box(left, y + 5, extent, 15, edge="muted", hatch="////", opacity=0.5, name=gap)
        page.text(
            left, y + 36, f"{NOT_KNOWN}: {visible(stage.note)}", hue="muted", max_width=extent
        )
        return
    page.box(left, y + 5, extent * stage.share, 15, fill="country", order=3, name=name)
    low, high = stage.share_low, stage.share_high
    if low is not None and high is not None and high > low:
        ends = (left + extent * low, left + extent * high)
        page.whisker(ends, y + 12.5, name=f"range-{stage.stage}")
    told = f"{visible(stage.leader)} {_share(stage)}{_range(stage)}"
    page.text(left, y + 36, told, max_width=extent * 0.55, name=f"label-{stage.stage}")
    wider = "a wider group, " if "wider group" in stage.note else ""
    what = f"{stage.figure}, " if stage.figure else ""
    basis = f"{stage.year}, {what}{wider}{basis_words(stage.basis)}"
    max_width = extent - min(extent * 0.55, text_width(told)) - 12
    page.text(
        left + extent, y + 36, basis, size=SMALL, hue="muted", at="right", max_width=max_width
    )
    for other in stage.others:
        x, mark = left + extent * (other.share or 0.0), f"other-{other.stage}"
        page.box(x - 3, y + 8, 6, 9, fill="card", edge="ink", order=6, name=mark)
        low, room = y + 36 + OTHER_ROW, extent + NUMBERS
        page.text(left, low, _other_words(other), size=SMALL, hue="muted", max_width=room)
    if index := _index(stage):
        right = left + extent + 34
        page.text(right, y + 17, index, size=SIZE + 0.5, name=f"hhi-{stage.stage}")
        low, high = stage.hhi_low, stage.hhi_high
        if low is not None and high is not None and round(low) < round(high):
            page.text(right, y + 36, f"{whole(low)} to {whole(high)}", size=SMALL, hue="muted")
