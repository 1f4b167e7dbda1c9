"""The figure of a replacement: what of a need is covered at each stage, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from monazite.findings.wording import capital
from monazite.network.shares import WORLD
from monazite.pages.drawing.lettering import percent
from monazite.pages.drawing.plotting import MARGIN, SMALL, Drawing, Page, head_height
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.replacements.coverage import StageCover
    from monazite.findings.replacements.replacement import Replacement

FOOT, PLOT, AXIS, GAP, SCALE, HEADS = 46.0, 190.0, 40.0, 22.0, 34.0, 40.0
_BAR = 0.62
"""Part of the room of a year that its bar takes."""
_TICKS = (0.0, 0.5, 1.0)
_TERMS = (
    "Part of the need that is covered, shared in proportion. Full: what runs today, at the largest "
    "need. Hatched: likely. Line: all as promised, at the smallest need."
)


def replacement_drawing(found: Replacement, width: float) -> Drawing:
    """Draw what of a need is covered at each stage, year by year."""
    said, under = _title(found), _TERMS
    top = head_height(said, under, width)
    return Drawing(
        kind="replacement",
        title=said,
        subtitle=under,
        alt=replacement_alt(found),
        width=width,
        height=top + HEADS + PLOT + AXIS + FOOT,
        draw=partial(_draw, found=found, top=top + HEADS),
        tips={
            f"cover-{stage.stage}-{year.year}": f"{year.year}: {_words(stage)}"
            for year in found.years
            for stage in year.stages
        },
    )


def replacement_alt(found: Replacement) -> str:
    """Say what is covered at each stage in the first, the asked and the last year."""
    told = dict.fromkeys((found.years[0].year, found.by, found.years[-1].year))
    words = [
        f"{year.year}: {'; '.join(_words(stage) for stage in year.stages)}."
        for year in found.years
        if year.year in told
    ]
    hangs = [each.words for each in found.hangs]
    return f"{_title(found)}. {_TERMS} {' '.join((*words, *hangs))}"


def _title(found: Replacement) -> str:
    market, without = named(found.market_label), named(found.without_label)
    whose = f"{market} needs"
    if found.market == WORLD:
        whose = "the world needs" if found.need.of_all else f"all but {without} need"
    return (
        f"By the end of {found.by}, {percent(found.asked.covered.value)} of the "
        f"{found.element} that {whose} is likely to come from outside {without}"
    )


def _words(stage: StageCover) -> str:
    ends = f"{percent(stage.covered.low)} to {percent(stage.covered.high)}"
    return f"{stage.stage} {percent(stage.covered.value)} ({ends})"


def _draw(page: Page, *, found: Replacement, top: float) -> None:
    stages = found.stages
    room = page.width - 2 * MARGIN - SCALE
    wide = (room - GAP * (len(stages) - 1)) / len(stages)
    bottom = top + PLOT
    for tick in _TICKS:
        y = bottom - tick * PLOT
        page.text(MARGIN + SCALE - 8, y + 4, percent(tick), size=SMALL, hue="muted", at="right")
    hangs = {each.stage: each.short for each in found.hangs}
    for number, stage in enumerate(stages):
        left = MARGIN + SCALE + number * (wide + GAP)
        own = [
            (each.year, cover) for each in found.years for cover in each.stages
            if cover.stage == stage
        ]  # fmt: skip
        page.text(left, top - 26, capital(stage), bold=True, max_width=wide)
        if stage in hangs:
            page.text(left, top - 12, hangs[stage], size=SMALL, hue="muted", max_width=wide)
        for tick in _TICKS:
            y = bottom - tick * PLOT
            page.line([(left, y), (left + wide, y)], hue="hairline", wide=0.8, order=1)
        _draw_stage(page, own, (left, bottom), wide, found.by)


def _draw_stage(
    page: Page,
    covers: Sequence[tuple[int, StageCover]],
    corner: tuple[float, float],
    wide: float,
    asked: int,
) -> None:
    left, bottom = corner
    step = wide / len(covers)
    for place, (year, cover) in enumerate(covers):
        x = left + step * (place + (1 - _BAR) / 2)
        low, value, high = (
            PLOT * part for part in (cover.covered.low, cover.covered.value, cover.covered.high)
        )
        bar = step * _BAR
        name = f"cover-{cover.stage}-{year}"
        page.box(x, bottom - value, bar, value, fill="paper", edge="site", hatch="////", name=name)
        page.box(x, bottom - low, bar, low, fill="site", order=3)
        middle = x + bar / 2
        if high > value:
            page.line([(middle, bottom - value), (middle, bottom - high)], hue="ink", wide=1.2)
            page.line([(x, bottom - high), (x + bar, bottom - high)], hue="ink", wide=1.2)
        if year in {covers[0][0], asked, covers[-1][0]}:
            page.text(middle, bottom + 15, f"{year % 100:02}", size=SMALL, hue="muted", at="center",
                      bold=year == asked)  # fmt: skip
            page.line([(middle, bottom), (middle, bottom + 4)], hue="muted", wide=0.8)
    page.text(left, bottom + 30, f"{covers[0][0]} to {covers[-1][0]}", size=SMALL, hue="muted",
              max_width=wide)  # fmt: skip
