"""From each day on which a month was printed the later ones are foretold, in all and by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp, fsum, log, sqrt
from statistics import fmean

from monazite.analysis.backtest.methods import (
    BACK_TO_BASE,
    BASELINES,
    LAST_YEAR,
    KnownTrade,
    LicenceFit,
    ParameterRange,
    Score,
    fit_licences,
    known_trades,
    licence_forecasts,
    score,
)
from monazite.analysis.backtest.months import (
    MAGNETS,
    YEAR,
    MonthFigure,
    Months,
    chosen,
    day_in,
    days_in,
    known_by,
    month_of,
    month_text,
    months_known,
)
from monazite.core.results import Struct

FIT = "fit"
OUT_OF_SAMPLE = "pseudo-out-of-sample"
CROSS_EPISODE = "cross-episode"
RECONSTRUCTION = "reconstruction"
LICENCE = "licence process"


class MonthForecast(Struct):
    """What one method foretold of one month from one origin, on one base."""

    kind: str  #: fit, pseudo-out-of-sample, cross-episode or reconstruction
    origin: str  #: the day; only what was published by then was used
    base: str  #: name of the base: last year, or what it is multiplied by
    method: str  #: name of the method
    month: str
    tonnes: float  #: the forecast
    low: float  #: the least of all trials that fit; the forecast where nothing was drawn
    high: float  #: the most
    happened: float  #: what was printed later, tonnes
    before: float  #: what was last known at the origin, tonnes


class MethodScore(Struct):
    """How one method did from one origin, on one base."""

    _json = (
        "kind origin? base method first last months=score.months mape=score.mape "
        "rmse=score.rmse bias=score.bias direction=score.direction skill=score.skill "
        "no_skill=score.no_skill"
    )

    kind: str  #: fit, pseudo-out-of-sample, cross-episode or reconstruction
    #: the day from which was foretold; empty in a reconstruction and where all origins are taken
    #: together
    origin: str
    #: name of the base, by whose return skill is measured; of a reconstruction the series
    base: str
    method: str  #: name of the method, or of the cause
    first: str  #: the first month that was scored
    last: str  #: the last month that was scored
    score: Score  #: the errors


class OriginBase(Struct):
    """What was fitted at an origin on one base."""

    _json = (
        "origin base growth? factor known_until fitting=fit.fitting tried=fit.tried "
        "nearest=fit.nearest parameters"
    )

    origin: str  #: the day
    base: str  #: name of the base: last year, or what it is multiplied by
    growth: str  #: of which time its factor is the growth; empty without one
    factor: float  #: what last year's month is multiplied by
    known_until: str  #: the last month that was known
    fit: LicenceFit | None  #: the fit; None where no month since the rule was known, or no base was
    rows: tuple[str, ...]

    @property
    def parameters(self) -> tuple[ParameterRange, ...]:
        """What the months tell of each parameter; empty where nothing could be fitted."""
        return self.fit.ranges() if self.fit else ()


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


def run_origins(
    figures: Sequence[MonthFigure], rule_day: str, origins: Sequence[str]
) -> tuple[list[OriginBase], list[MonthForecast]]:
    """Fit at each origin, on each base, and foretell all later months that were printed."""
    happened = measured(months_known(figures))
    fits: list[OriginBase] = []
    told: list[MonthForecast] = []
    for origin in origins:
        for known in known_trades(known_by(figures, origin), month_of(rule_day)):
            fit, last = fit_licences(known, rule_day), month_text(known.last)
            base = (known.name, known.growth, known.factor)
            fits.append(OriginBase(origin, *base, last, fit, known.rows))
            told += _forecasts(known, fit, rule_day, origin, happened)
    return fits, told


def _forecasts(
    known: KnownTrade,
    fit: LicenceFit | None,
    rule_day: str,
    origin: str,
    happened: Mapping[int, float],
) -> Iterator[MonthForecast]:
    later = [month for month in happened if month > known.last and month >= known.rule]
    licence = licence_forecasts(fit, known, rule_day, max(later)) if fit and later else {}

    def told(kind: str, method: str, month: int, came: float, *tonnes: float) -> MonthForecast:
        about = (kind, origin, known.name, method, month_text(month))
        return MonthForecast(*about, tonnes[0], min(tonnes), max(tonnes), came, known.before)

    for month in sorted(later):
        if known.base_of(month) is None:
            continue  # without a base there is nothing to measure skill by
        came = happened[month]
        for method, foretell in BASELINES.items():
            tonnes = foretell(known, month)
            if tonnes is not None:
                yield told(OUT_OF_SAMPLE, method, month, came, tonnes)
        if month in licence:
            yield told(OUT_OF_SAMPLE, LICENCE, month, came, *licence[month])
    if fit is None:
        return
    span = range(known.rule, known.last + 1)  # what the fit gives of the months that it was of
    base, days = known.bases(span), [days_in(month) for month in span]
    passed = fit.nearest.passed(base, days, day_in(rule_day, known.rule))
    for month, own, by_licence in zip(span, base, passed, strict=True):
        came = known.months[month].tonnes
        yield told(FIT, BACK_TO_BASE, month, came, own)
        yield told(FIT, LICENCE, month, came, by_licence)


def scores_of(
    forecasts: Sequence[MonthForecast], origin: str = "", reference: str = BACK_TO_BASE
) -> tuple[MethodScore, ...]:
    """Score each method against the reference on the same base; a fit is no test, without skill."""
    grouped: dict[tuple[str, str, str], list[MonthForecast]] = {}
    of_reference = {
        (each.kind, each.origin, each.base, each.month): each.tonnes
        for each in forecasts
        if each.method == reference
    }
    for each in forecasts:
        grouped.setdefault((each.kind, each.base, each.method), []).append(each)
    found = []
    for (kind, base, method), lines in grouped.items():
        theirs = [of_reference[each.kind, each.origin, each.base, each.month] for each in lines]
        one = score(
            [each.tonnes for each in lines],
            [each.happened for each in lines],
            [each.before for each in lines],
            None if method == reference or kind == FIT else theirs,
        )
        if one is not None:
            months = sorted(each.month for each in lines)
            named = origin or lines[0].origin
            found.append(MethodScore(kind, named, base, method, months[0], months[-1], one))
    return tuple(found)


_FIRST = 3


class CatchingUp(Struct):
    """What was lost in the first months of a rule, and brought back by the end of its year."""

    _json = "* part"

    base: str  #: name of the base: last year, or what it is multiplied by
    lost: float  #: base less what happened, over the first three months; tonnes
    last: str  #: the last month that is counted, YYYY-MM
    brought_back: float  #: what happened less base, over the months from then on; tonnes
    rows: tuple[str, ...]  #: keys of the rows

    @property
    def part(self) -> float:
        """What was brought back over what was lost; below 0 where losses went on."""
        return self.brought_back / self.lost


def catching_up(figures: Sequence[MonthFigure], rule_day: str) -> tuple[CatchingUp, ...]:
    """Return how much of the loss was brought back, on each base."""
    rule = month_of(rule_day)
    happened = measured(months_known(figures))
    span = range(rule, rule - rule % YEAR + YEAR)
    found = []
    for base in known_trades(figures, rule):
        own = base.bases(span)
        if len(own) < len(span) or any(month not in happened for month in span):
            continue
        short = [amount - happened[month] for month, amount in zip(span, own, strict=True)]
        lost = fsum(short[:_FIRST])
        if lost > 0:
            found.append(
                CatchingUp(base.name, lost, month_text(span[-1]), -fsum(short[_FIRST:]), base.rows)
            )
    return tuple(found)


WORLD = "WLD"
_WIDE = frozenset({WORLD, "EUE", "ROW"})  # areas, which contain destinations of their own


class DestinationMonth(Struct):
    """One month of one destination."""

    _json = "destination month tonnes base part world_part kind? model_part rows factor"

    destination: str  #: its code
    month: str
    tonnes: float  #: what went there
    base: float  #: what went there in the same month of the year before
    part: float  #: the one over the other
    world_part: float  #: the same of the world
    #: fit where the world's month was fitted, pseudo-out-of-sample where it was foretold; empty
    #: where the model was not asked
    kind: str
    #: what the licence process, fitted to the world, lets pass of a base; None where it was not
    #: asked
    model_part: float | None
    rows: tuple[str, ...]  #: keys of the rows

    @property
    def factor(self) -> float | None:
        """What went there over what the model lets pass; None without the model."""
        return self.part / self.model_part if self.model_part else None


def destination_months(
    figures: Sequence[MonthFigure], rule_day: str, forecasts: Sequence[MonthForecast]
) -> tuple[DestinationMonth, ...]:
    """Return the months since a rule of each destination with a printed base."""
    rule = month_of(rule_day)
    world = measured(months_known(chosen(figures, MAGNETS, WORLD)))
    lines = [each for each in forecasts if each.base == LAST_YEAR]
    bases = {each.month: each.tonnes for each in lines if each.method == BACK_TO_BASE}
    model = {  # kind, and part that passes by the process, over the return to the year before
        each.month: (each.kind, each.tonnes / bases[each.month])
        for each in lines
        if each.method == LICENCE and bases.get(each.month)
    }
    codes = {x.destination for x in figures if x.series == MAGNETS and x.tonnes is not None}
    found = []
    for code in sorted(codes - _WIDE):
        known = months_known(chosen(figures, MAGNETS, code))
        printed = measured(known)
        for month, tonnes in printed.items():
            before = month - YEAR
            if month >= rule > before and {before, month} <= {*world} and before in printed:
                kind, part = model.get(month_text(month), ("", None))
                base, whole = printed[before], world[month] / world[before]
                rows = tuple(sorted({*known[month].rows, *known[before].rows}))
                told = (code, month_text(month), tonnes, base, tonnes / base, whole)
                found.append(DestinationMonth(*told, kind, part, rows))
    return tuple(found)


def destination_score(months: Sequence[DestinationMonth]) -> Score | None:
    """Score the process, fitted to the world, on destinations; direction is over or under base."""
    told = [each for each in months if each.kind == OUT_OF_SAMPLE]
    bases = [each.base for each in told]
    forecast = [(each.model_part or 0.0) * each.base for each in told]
    return score(forecast, [each.tonnes for each in told], bases, bases)


class DestinationSpread(Struct):
    """How far destinations were from equal parts in a month."""

    month: str
    destinations: int  #: how many are known
    least: float  #: the smallest part of a destination over that of the world
    most: float  #: the largest
    spread: float  #: typical factor between a destination and the world; 1 is in proportion


def destination_spreads(months: Sequence[DestinationMonth]) -> tuple[DestinationSpread, ...]:
    """Return how far destinations were from equal parts, by month."""
    found = []
    for month in sorted({each.month for each in months}):
        ratios = [each.part / each.world_part for each in months if each.month == month]
        if len(ratios) > 1:
            typical = exp(sqrt(fmean(log(each) ** 2 for each in ratios)))
            ends = min(ratios), max(ratios)
            found.append(DestinationSpread(month, len(ratios), *ends, typical))
    return tuple(found)
