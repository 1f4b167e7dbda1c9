"""Expanding origins: from each day on which a month was printed, the later ones are foretold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monazite.analysis.backtest.baselines import (
    BACK_TO_BASE,
    BASELINES,
    KnownTrade,
    Score,
    bases_known,
    score,
)
from monazite.analysis.backtest.fitting import (
    LicenceFit,
    ParameterRange,
    fit_licences,
    licence_forecasts,
)
from monazite.analysis.backtest.months import (
    MonthFigure,
    Months,
    day_in,
    days_in,
    known_by,
    month_of,
    month_text,
    months_known,
)

FIT = "fit"
OUT_OF_SAMPLE = "pseudo-out-of-sample"
CROSS_EPISODE = "cross-episode"
RECONSTRUCTION = "reconstruction"
LICENCE = "licence process"


@dataclass(frozen=True)
class MonthForecast:
    """What one method foretold of one month from one origin, on one base.

    Attributes:
        kind: fit, pseudo-out-of-sample, cross-episode or reconstruction.
        origin: the day; only what was published by then was used.
        base: name of the base: last year, or what it is multiplied by.
        method: name of the method.
        month: the month, YYYY-MM.
        tonnes: the forecast.
        low: the least of all trials that fit; the forecast where nothing was drawn.
        high: the most.
        happened: what was printed later, tonnes.
        before: what was last known at the origin, tonnes.
    """

    kind: str
    origin: str
    base: str
    method: str
    month: str
    tonnes: float
    low: float
    high: float
    happened: float
    before: float


@dataclass(frozen=True)
class MethodScore:
    """How one method did from one origin, on one base.

    Attributes:
        kind: fit, pseudo-out-of-sample, cross-episode or reconstruction.
        origin: the day from which was foretold; empty in a reconstruction and where all origins are
            taken together.
        base: name of the base, by whose return skill is measured; of a reconstruction the series.
        method: name of the method, or of the cause.
        first: the first month that was scored.
        last: the last month that was scored.
        score: the errors.
    """

    _json = (
        "kind origin? base method first last months=score.months mape=score.mape "
        "rmse=score.rmse bias=score.bias direction=score.direction skill=score.skill "
        "no_skill=score.no_skill"
    )

    kind: str
    origin: str
    base: str
    method: str
    first: str
    last: str
    score: Score


@dataclass(frozen=True)
class OriginBase:
    """What was fitted at an origin on one base.

    Attributes:
        origin: the day.
        base: name of the base: last year, or what it is multiplied by.
        growth: of which time its factor is the growth; empty without one.
        factor: what last year's month is multiplied by.
        known_until: the last month that was known.
        fit: the fit; None where no month since the rule was known, or no base was.
    """

    _json = (
        "origin base growth? factor known_until fitting=fit.fitting tried=fit.tried "
        "nearest=fit.nearest parameters"
    )

    origin: str
    base: str
    growth: str
    factor: float
    known_until: str
    fit: LicenceFit | None
    rows: tuple[str, ...]

    @property
    def parameters(self) -> tuple[ParameterRange, ...]:
        """What the months tell of each parameter; empty where nothing could be fitted."""
        return self.fit.ranges() if self.fit else ()


@dataclass(frozen=True)
class OriginRun:
    """All that was foretold from some origins."""

    fits: tuple[OriginBase, ...]
    forecasts: tuple[MonthForecast, ...]


def measured(known: Months) -> dict[int, float]:
    """Return the months that a row prints, in tonnes: only they are scored."""
    return {month: each.tonnes for month, each in known.items() if not each.shared}


def origins_of(figures: Sequence[MonthFigure], rule: int) -> tuple[str, ...]:
    """Return the days on which one month more since the rule was known, in order."""
    first: dict[int, str] = {}
    for each in figures:
        if each.first == each.last >= rule and each.tonnes is not None and each.known:
            first[each.first] = min(each.known, first.get(each.first, each.known))
    days = {""}
    month = rule
    while month in first:
        days.add(max(first[month], *days))
        month += 1
    return tuple(sorted(days - {""}))


def run_origins(figures: Sequence[MonthFigure], rule_day: str, origins: Sequence[str]) -> OriginRun:
    """Foretell from each origin, on each base, all later months that were printed."""
    happened = measured(months_known(figures))
    fits: list[OriginBase] = []
    told: list[MonthForecast] = []
    for origin in origins:
        for known in known_trades(figures, rule_day, origin):
            fit, base, last = fit_licences(known, rule_day), known.base, month_text(known.last)
            fits.append(
                OriginBase(origin, base.name, base.growth, base.factor, last, fit, base.rows)
            )
            told += _forecasts(known, fit, rule_day, origin, happened)
    return OriginRun(tuple(fits), tuple(told))


def known_trades(
    figures: Sequence[MonthFigure], rule_day: str, origin: str
) -> Iterator[KnownTrade]:
    """Return what was known at an origin, once for each base."""
    rule = month_of(rule_day)
    told = known_by(figures, origin)
    months = months_known(told)
    if months:
        for base in bases_known(told, rule):
            yield KnownTrade(months, base, rule, max(months))


def _forecasts(
    known: KnownTrade,
    fit: LicenceFit | None,
    rule_day: str,
    origin: str,
    happened: Mapping[int, float],
) -> Iterator[MonthForecast]:
    later = [month for month in happened if month > known.last and month >= known.rule]
    licence = licence_forecasts(fit, known, rule_day, max(later)) if fit and later else {}
    draft = MonthForecast("", origin, known.base.name, "", "", 0.0, 0.0, 0.0, 0.0, known.before)
    for month in sorted(later):
        if known.base_of(month) is None:
            continue  # without a base there is nothing to measure skill by
        line = replace(draft, kind=OUT_OF_SAMPLE, month=month_text(month), happened=happened[month])
        for method, foretell in BASELINES.items():
            tonnes = foretell(known, month)
            if tonnes is not None:
                yield replace(line, method=method, tonnes=tonnes, low=tonnes, high=tonnes)
        if month in licence:
            tonnes, low, high = licence[month]
            yield replace(line, method=LICENCE, tonnes=tonnes, low=low, high=high)
    if fit:
        yield from _fitted(known, fit, rule_day, draft)


def _fitted(
    known: KnownTrade, fit: LicenceFit, rule_day: str, draft: MonthForecast
) -> Iterator[MonthForecast]:
    """What the fit gives of the months that it was fitted to, and their base."""
    span = range(known.rule, known.last + 1)
    base = known.base.of_all(span, known.months, known.rule) or []
    days = [days_in(month) for month in span]
    passed = fit.nearest.passed(base, days, day_in(rule_day, known.rule))
    for month, own, tonnes in zip(span, base, passed, strict=True):
        came = known.months[month].tonnes
        line = replace(draft, kind=FIT, month=month_text(month), happened=came)
        for method, told in ((BACK_TO_BASE, own), (LICENCE, tonnes)):
            yield replace(line, method=method, tonnes=told, low=told, high=told)


def scores_of(forecasts: Sequence[MonthForecast], origin: str = "") -> tuple[MethodScore, ...]:
    """Score each method against the return to the same base; a fit is no test and has no skill."""
    grouped: dict[tuple[str, str, str], list[MonthForecast]] = {}
    reference = {
        (each.kind, each.origin, each.base, each.month): each.tonnes
        for each in forecasts
        if each.method == BACK_TO_BASE
    }
    for each in forecasts:
        grouped.setdefault((each.kind, each.base, each.method), []).append(each)
    found = []
    for (kind, base, method), lines in grouped.items():
        theirs = [reference[each.kind, each.origin, each.base, each.month] for each in lines]
        one = score(
            [each.tonnes for each in lines],
            [each.happened for each in lines],
            [each.before for each in lines],
            None if method == BACK_TO_BASE or kind == FIT else theirs,
        )
        if one is not None:
            months = sorted(each.month for each in lines)
            named = origin or lines[0].origin
            found.append(MethodScore(kind, named, base, method, months[0], months[-1], one))
    return tuple(found)
