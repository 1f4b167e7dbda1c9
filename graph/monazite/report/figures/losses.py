"""Figures of what is lost, what is covered, and what was foretold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from monazite.analysis.backtest.methods import BACK_TO_BASE, NO_SKILL
from monazite.analysis.backtest.origins import LICENCE, OUT_OF_SAMPLE, MonthForecast
from monazite.analysis.backtest.result import Backtest
from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.headline import product_names, stops
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.replacement.need import StageCover
from monazite.analysis.replacement.result import Replacement
from monazite.core.formats import NOT_KNOWN, amount, grouped, shorten, visible, whole
from monazite.core.results import NotKnown
from monazite.model.network.shares import WORLD
from monazite.model.wording import capital
from monazite.report.drawing.lettering import in_sentence, percent
from monazite.report.drawing.plotting import MARGIN, Drawing, Page
from monazite.store.names import named

FOOT, PLOT, AXIS, GAP, SCALE, HEADS = 46.0, 190.0, 40.0, 22.0, 34.0, 40.0
_BAR = 0.62  # Part of the room of a year that its bar takes
_TICKS = (0.0, 0.5, 1.0)
_TERMS = (
    "Part of the need that is covered, shared in proportion. Full: what runs today, at the largest "
    "need. Hatched: likely. Line: all as promised, at the smallest need."
)


def unknown_drawing(kind: str, found: NotKnown, width: float) -> Drawing:
    """Return a picture that says why no loss is known."""
    said, _, more = found.why.partition(". ")
    return Drawing(kind, said, more, found.why, width, FOOT, draw=lambda *_: None)


def replacement_drawing(found: Replacement | NotKnown, width: float) -> Drawing:
    """Draw what of a need is covered at each stage, year by year."""
    if isinstance(found, NotKnown):
        return unknown_drawing("replacement", found, width)
    return Drawing(
        kind="replacement",
        title=_title(found),
        subtitle=_TERMS,
        alt=replacement_alt(found),
        width=width,
        room=HEADS + PLOT + AXIS + FOOT,
        draw=partial(_draw, found=found),
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


def _draw(page: Page, top: float, *, found: Replacement) -> None:
    top += HEADS
    stages = found.stages
    room = page.width - 2 * MARGIN - SCALE
    wide = (room - GAP * (len(stages) - 1)) / len(stages)
    bottom = top + PLOT
    for tick in _TICKS:
        y = bottom - tick * PLOT
        page.aside(MARGIN + SCALE - 8, y + 4, percent(tick), at="right")
    hangs = {each.stage: each.short for each in found.hangs}
    for number, stage in enumerate(stages):
        left = MARGIN + SCALE + number * (wide + GAP)
        own = [
            (each.year, cover) for each in found.years for cover in each.stages
            if cover.stage == stage
        ]  # fmt: skip
        page.text(left, top - 26, capital(stage), bold=True, max_width=wide)
        if stage in hangs:
            page.aside(left, top - 12, hangs[stage], max_width=wide)
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
            page.aside(middle, bottom + 15, f"{year % 100:02}", at="center", bold=year == asked)
            page.line([(middle, bottom), (middle, bottom + 4)], hue="muted", wide=0.8)
    page.aside(left, bottom + 30, f"{covers[0][0]} to {covers[-1][0]}", max_width=wide)


ROW = 26.0
MAX_LOSSES = 12  # Losses that are drawn; the report holds every one
_LOOKS = {  # by mark as well as by hue
    "country": ("circle", "country"),
    "deposit": ("hexagon", "country"),
    "site": ("square", "site"),
    "firm": ("diamond", "firm"),
    "policy": ("triangle", "ring"),
}


def losses_drawing(report: Chokepoints, width: float, top: int = MAX_LOSSES) -> Drawing:
    """Draw what a market loses when each thing fails, with the range of its horizon."""
    points = [point for point in report.chokepoints if point.loss is not None][:top]
    said, under = _loss_sentence(report, points), _loss_terms(report, points)
    words = " ".join(f"{_loss_words(point)}." for point in points)
    return Drawing(
        kind="losses",
        title=said,
        subtitle=under,
        alt=f"{said}. {under} {words}".strip(),
        width=width,
        room=30 + ROW * max(1, len(points)) + FOOT,
        draw=partial(_draw_losses, points=points),
        tips={f"loss-{each.id}": _loss_words(each) for each in points},
    )


def _loss_words(point: Chokepoint) -> str:
    home = "" if point.home_first is None else f"home first {percent(part_lost(point.home_first))}"
    lost = f"{point.first_year_cell} in the first year, {point.loss_cell} for good"
    return f"{visible(point.label)}: {'; '.join(filter(None, (lost, home)))}"


def _first_year(point: Chokepoint) -> str:
    known = point.told_at_first is not None
    return percent(part_lost(point.told_at_first)) if known else NOT_KNOWN


def part_lost(loss: float | None) -> float:
    """Return a loss without the noise of the solver."""
    return max(0.0, round(loss or 0.0, 6)) + 0.0


def _loss_sentence(report: Chokepoints, points: Sequence[Chokepoint]) -> str:
    where, what = named(visible(report.market_label)), in_sentence(report.title)
    if not points or report.base is None:
        return f"What {where} would lose of {what} is not known"
    first, product = points[0], visible(product_names(report.base.product)[0])
    lost = percent(part_lost(first.told))
    lost = {"100": "all its", "0": "nothing of its"}.get(lost.split()[0], f"{lost} of its")
    clause = shorten(visible(stops(first, report.base)), 48)
    return (
        f"If {clause}, {where} would lose {lost} {product} once stocks are gone, "
        f"{_first_year(first)} in the first year"
    )


def _loss_terms(report: Chokepoints, points: Sequence[Chokepoint]) -> str:
    if report.base is None or not points:
        return report.notes[0] if report.notes else "The records of the data used give no chain."
    base = report.base
    taken = amount(base.served, base.unit).replace("\N{NO-BREAK SPACE}", " ")
    horizon = visible(base.horizon).replace("-", " ")
    return (
        f"Part of the {taken} used in {base.year} that is lost ({horizon}); thick line: in the "
        "first year; black line: for good, nine in ten of the trials; hollow dot: if producers "
        f"serve home first.{f' Weak: {visible(base.weak)}.' if base.weak else ''}"
    )


def draw_parts(
    page: Page, x_of: Callable[[float], float], ends: tuple[float, float], *, few: bool
) -> None:
    """Draw an axis of parts, from nothing to the whole, over rows that end further down."""
    top, bottom = ends
    for part in (0.0, 0.5, 1.0) if few else (0.0, 0.25, 0.5, 0.75, 1.0):
        page.aside(x_of(part), top + 12, percent(part), at="center")
        page.line([(x_of(part), top + 18), (x_of(part), bottom)], hue="hairline", wide=0.8, order=1)


def _draw_losses(page: Page, top: float, *, points: Sequence[Chokepoint]) -> None:
    if not points:
        page.text(MARGIN, top + 24, f"{NOT_KNOWN}.", hue="muted")
        return
    left, right = MARGIN + min(240.0, page.width * 0.33), page.width - MARGIN - 226
    ends = [end for each in points for end in (each.loss, each.loss_low, each.home_first)]
    least = min(0.0, *(end for end in ends if end is not None))
    scale = (right - left) / (1.0 - least)

    def x_of(part: float) -> float:
        return left + (min(part, 1.0) - least) * scale

    bottom = top + 26 + ROW * len(points)
    for x, head in ((22, "first year"), (122, "for good")):
        page.aside(right + x, top + 12, head)
    draw_parts(page, x_of, (top, bottom), few=right - left <= 220)
    for number, point in enumerate(points):
        y = top + 38 + ROW * number
        mark, hue = _LOOKS.get(point.kind, ("hexagon", "muted"))
        assert point.loss is not None
        rank = f"{point.rank}" if point.rank is not None else ""
        page.aside(MARGIN + 14, y + 4, rank, at="right")
        page.text(MARGIN + 22, y + 4, point.label, max_width=left - MARGIN - 34)
        page.line([(x_of(0.0), y), (x_of(point.loss), y)], hue=hue, wide=1.2, opacity=0.5)
        if point.told_at_first is not None:
            year = [(x_of(0.0), y), (x_of(part_lost(point.told_at_first)), y)]
            page.line(year, hue=hue, wide=5.0, opacity=0.5, name=f"first-{point.id}")
        if point.loss_low is not None and point.loss_high is not None:
            span = (x_of(point.loss_low), x_of(point.loss_high))
            page.whisker(span, y, name=f"range-{point.id}")
        page.mark(x_of(point.loss), y, mark, 5.5, fill=hue, order=5, name=f"loss-{point.id}")
        if point.home_first is not None:
            home = x_of(part_lost(point.home_first))
            dot = f"home-{point.id}"
            page.mark(home, y, "circle", 3.4, fill="card", edge="ink", wide=1.1, order=6, name=dot)
        for x, cell, name in (
            (22, point.first_year_cell, ""),
            (122, point.loss_cell, f"label-{point.id}"),
        ):
            page.text(right + x, y + 4, cell, bold=True, name=name)
    kinds = sorted({point.kind for point in points})
    for number, kind in enumerate(kinds if len(kinds) > 1 else ()):
        mark, hue = _LOOKS.get(kind, ("hexagon", "muted"))
        place = right + 66 * number
        page.mark(place, page.height - 42, mark, 4.5, fill=hue)
        page.aside(place + 9, page.height - 38, kind, max_width=54)


_HIGH, _NUMBERS, _STEP = 210.0, 42.0, 2000  # of a plot, of what stands beside it, in tonnes


def backtest_drawing(found: Backtest, width: float) -> Drawing:
    """Draw what the licence process foretold from each origin, on each base."""
    return Drawing(
        kind="backtest",
        title=_backtest_title(found),
        subtitle=_terms(found),
        alt=backtest_alt(found),
        width=width,
        room=HEADS + _HIGH + AXIS + FOOT,
        draw=partial(_draw_backtest, found=found),
        tips={
            f"origin-{place}-{number}": f"{base}, from {origin}"
            for number, base in enumerate(_bases(found))
            for place, origin in enumerate(_origins(found, base))
        },
    )


def backtest_alt(found: Backtest) -> str:
    """Say the verdict on each base, and the months of the first origin."""
    words = [
        f"{base}: {_verdict(found, base)}; "
        + ", ".join(
            f"{each.month} {whole(each.tonnes)} t against {whole(each.happened)} t"
            for each in _path(found, base, found.origin, LICENCE)
        )
        for base in _bases(found)
    ]
    return f"{_backtest_title(found)}. {_terms(found)} {'. '.join(words)}."


def _backtest_title(found: Backtest) -> str:
    return f"{found.label}: {found.verdict} over a return to the base, month by month"


def _terms(found: Backtest) -> str:
    return (
        "Tonnes a month. Black: what happened. Grey, broken: a return to the base. Blue: the "
        f"licence process, wide as foretold on {found.origin}, thin from other days. Band: all "
        "trials that fit, and the line."
    )


def _bases(found: Backtest) -> list[str]:
    return list(dict.fromkeys(each.base for each in found.fits if each.origin == found.origin))


def _forecasts(found: Backtest, base: str, method: str) -> list[MonthForecast]:
    wanted = (OUT_OF_SAMPLE, base, method)
    return [each for each in found.forecasts if (each.kind, each.base, each.method) == wanted]


def _origins(found: Backtest, base: str) -> list[str]:
    return [*dict.fromkeys(each.origin for each in _forecasts(found, base, LICENCE))]


def _path(found: Backtest, base: str, origin: str, method: str) -> list[MonthForecast]:
    lines = [each for each in _forecasts(found, base, method) if each.origin == origin]
    return sorted(lines, key=lambda each: each.month)


def _verdict(found: Backtest, base: str) -> str:
    """What is written on a panel: no skill, or how much on this base alone."""
    wanted = (OUT_OF_SAMPLE, base, LICENCE)
    scores = (each for each in found.scores if (each.kind, each.base, each.method) == wanted)
    one = next(scores, None)
    if one is None or not one.score.has_skill:
        return NO_SKILL
    return f"skill {one.score.verdict} on this base alone"


def _draw_backtest(page: Page, top: float, *, found: Backtest) -> None:
    top += HEADS
    bases = _bases(found)
    happened = {each.month: each.happened for each in found.forecasts}
    months = sorted(happened)
    most = max(max(each.high, each.happened) for each in found.forecasts if each.method == LICENCE)
    ceiling = _STEP * (int(most // _STEP) + 1)
    bottom = top + _HIGH
    wide = (page.width - 2 * MARGIN - _NUMBERS - GAP * (len(bases) - 1)) / len(bases)
    for tick in range(0, ceiling + 1, _STEP):
        y = bottom - _HIGH * tick / ceiling
        page.aside(MARGIN + _NUMBERS - 8, y + 4, grouped(tick), at="right")
    for number, base in enumerate(bases):
        left = MARGIN + _NUMBERS + number * (wide + GAP)
        for tick in range(0, ceiling + 1, _STEP):
            y = bottom - _HIGH * tick / ceiling
            page.line([(left, y), (left + wide, y)], hue="hairline", wide=0.8, order=1)
        places = {
            month: left + wide * (place + 0.5) / len(months) for place, month in enumerate(months)
        }
        points_of = partial(_points, places, bottom, _HIGH / ceiling)
        page.text(left, top - 24, f"Base: {base}", bold=True, max_width=wide)
        page.text(left, top - 9, _verdict(found, base), bold=True, hue="ring", max_width=wide)
        _draw_panel(page, found, base, number, points_of)
        page.line(points_of(happened.items()), hue="ink", wide=1.8, order=5)
        for month in (months[0], months[-1]):
            at = "left" if month == months[0] else "right"
            edge = left if month == months[0] else left + wide
            page.aside(edge, bottom + 16, month, at=at)


def _points(
    places: Mapping[str, float], bottom: float, step: float, months: Iterable[tuple[str, float]]
) -> list[tuple[float, float]]:
    """The points of a line, in the order of the months."""
    return [(places[month], bottom - tonnes * step) for month, tonnes in sorted(months)]


Points = Callable[[Iterable[tuple[str, float]]], list[tuple[float, float]]]


def _draw_panel(page: Page, found: Backtest, base: str, number: int, points_of: Points) -> None:
    """The return to the base, then the process from each origin; the first is wide, with a band."""
    back = _path(found, base, found.origin, BACK_TO_BASE)
    points = points_of([(each.month, each.tonnes) for each in back])
    page.line(points, hue="muted", wide=1.4, dash=(4, 3), order=4)
    first = _path(found, base, found.origin, LICENCE)
    band = [
        *points_of([(each.month, each.high) for each in first]),
        *reversed(points_of([(each.month, each.low) for each in first])),
    ]
    page.shape([band], fill="country", opacity=0.14, order=1.5)
    for place, origin in enumerate(_origins(found, base)):
        path = _path(found, base, origin, LICENCE)
        points = points_of([(each.month, each.tonnes) for each in path])
        if len(points) == 1:  # one month alone is a short dash
            (x, y) = points[0]
            points = [(x - 3, y), (x + 3, y)]
        shown = origin == found.origin
        page.line(
            points,
            hue="country",
            wide=2.2 if shown else 0.9,
            opacity=1.0 if shown else 0.55,
            order=4.5 if shown else 3,
            name=f"origin-{place}-{number}",
        )
