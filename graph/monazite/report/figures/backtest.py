"""The figure of a back-test: month by month what was foretold from each origin, on each base."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from monazite.analysis.backtest.methods import BACK_TO_BASE, NO_SKILL
from monazite.analysis.backtest.origins import LICENCE, OUT_OF_SAMPLE, MonthForecast
from monazite.analysis.backtest.result import Backtest
from monazite.core.formats import grouped, whole
from monazite.report.drawing.plotting import MARGIN, SMALL, Drawing, Page

PLOT, HEADS, AXIS, FOOT, GAP, SCALE = 210.0, 40.0, 40.0, 46.0, 22.0, 42.0
_TICKS = 2000


def backtest_drawing(found: Backtest, width: float) -> Drawing:
    """Draw what the licence process foretold from each origin, on each base."""
    return Drawing(
        kind="backtest",
        title=_title(found),
        subtitle=_terms(found),
        alt=backtest_alt(found),
        width=width,
        room=HEADS + PLOT + AXIS + FOOT,
        draw=partial(_draw, found=found),
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
    return f"{_title(found)}. {_terms(found)} {'. '.join(words)}."


def _title(found: Backtest) -> str:
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


def _draw(page: Page, top: float, *, found: Backtest) -> None:
    top += HEADS
    bases = _bases(found)
    happened = {each.month: each.happened for each in found.forecasts}
    months = sorted(happened)
    most = max(max(each.high, each.happened) for each in found.forecasts if each.method == LICENCE)
    ceiling = _TICKS * (int(most // _TICKS) + 1)
    bottom = top + PLOT
    wide = (page.width - 2 * MARGIN - SCALE - GAP * (len(bases) - 1)) / len(bases)
    for tick in range(0, ceiling + 1, _TICKS):
        y = bottom - PLOT * tick / ceiling
        page.text(MARGIN + SCALE - 8, y + 4, grouped(tick), size=SMALL, hue="muted", at="right")
    for number, base in enumerate(bases):
        left = MARGIN + SCALE + number * (wide + GAP)
        for tick in range(0, ceiling + 1, _TICKS):
            y = bottom - PLOT * tick / ceiling
            page.line([(left, y), (left + wide, y)], hue="hairline", wide=0.8, order=1)
        places = {
            month: left + wide * (place + 0.5) / len(months) for place, month in enumerate(months)
        }
        scale = _MonthScale(places, bottom, PLOT / ceiling)
        page.text(left, top - 24, f"Base: {base}", bold=True, max_width=wide)
        page.text(left, top - 9, _verdict(found, base), bold=True, hue="ring", max_width=wide)
        _draw_panel(page, found, base, number, scale)
        page.line(scale.points([*happened.items()]), hue="ink", wide=1.8, order=5)
        for month in (months[0], months[-1]):
            at = "left" if month == months[0] else "right"
            edge = left if month == months[0] else left + wide
            page.text(edge, bottom + 16, month, size=SMALL, hue="muted", at=at)


class _MonthScale:
    def __init__(self, places: dict[str, float], bottom: float, step: float) -> None:
        self.places, self.bottom, self.step = places, bottom, step

    def points(self, months: Sequence[tuple[str, float]]) -> list[tuple[float, float]]:
        """The points of a line, in the order of the months."""
        return [
            (self.places[month], self.bottom - tonnes * self.step)
            for month, tonnes in sorted(months)
        ]


def _draw_panel(page: Page, found: Backtest, base: str, number: int, scale: _MonthScale) -> None:
    """The return to the base, then the process from each origin; the first is wide, with a band."""
    back = _path(found, base, found.origin, BACK_TO_BASE)
    points = scale.points([(each.month, each.tonnes) for each in back])
    page.line(points, hue="muted", wide=1.4, dash=(4, 3), order=4)
    first = _path(found, base, found.origin, LICENCE)
    band = [
        *scale.points([(each.month, each.high) for each in first]),
        *reversed(scale.points([(each.month, each.low) for each in first])),
    ]
    page.shape([band], fill="country", opacity=0.14, order=1.5)
    for place, origin in enumerate(_origins(found, base)):
        path = _path(found, base, origin, LICENCE)
        points = scale.points([(each.month, each.tonnes) for each in path])
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
