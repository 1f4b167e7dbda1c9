"""The back-test as tables, and as the JSON that programs read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.assumption_tables import assumed_table
from monazite.findings.backtest.fitting import SET_IN_NEAREST
from monazite.findings.backtest.story_tables import (
    allocation_table,
    catching_up_table,
    destination_table,
    earlier_table,
    published_table,
    reconstruction_table,
    spread_table,
    text_table,
)
from monazite.safe_text import NOT_KNOWN, error_percent
from monazite.tables import Table, percent

if TYPE_CHECKING:
    from monazite.findings.backtest.backtest import Backtest
    from monazite.findings.backtest.origins import MethodScore, MonthForecast, OriginBase

_SCORED = ("n", "MAPE", "RMSE t", "bias t", "direction", "skill")
_MODEL = "licence process"
_TEST, _FIT = "pseudo-out-of-sample", "fit"


def backtest_tables(found: Backtest) -> list[Table]:
    """Return all tables: scores, months, tests apart, and what is said beside them."""
    tables = [*short_backtest_tables(found)]
    if found.reconstruction:
        return [*tables, assumed_table(found.assumptions)]
    tables += [
        _scores(_of(found.scores, _FIT), "The fit itself, which is no test"),
        _scores(
            _of(found.all_scores, _TEST),
            "All origins together, pseudo-out-of-sample",
            f"A month counts once for each of {_tested(found)} origins: these are no "
            "independent tests.",
        ),
        _all_forecasts(found),
        earlier_table(found),
        destination_table(found),
        assumed_table(found.assumptions),
    ]
    return [table for table in tables if table.rows]


def _tested(found: Backtest) -> int:
    """From how many origins something was foretold that came later."""
    return len({each.origin for each in found.forecasts if each.kind == _TEST})


def short_backtest_tables(found: Backtest) -> list[Table]:
    """Return the scores of the first origin, its months, and what follows from them."""
    if found.reconstruction:
        tables = [
            _scores(found.scores, _heading(found), "Test: reconstruction.", details=found.notes),
            reconstruction_table(found),
            allocation_table(found),
            published_table(found.published, found.sources),
        ]
    else:
        tables = [
            _scores(
                _of(found.scores, _TEST),
                _heading(found),
                *_first_remarks(found),
                details=found.notes,
            ),
            _months(found),
            _scores(
                found.cross_scores,
                "Cross-episode: on the day of the rule, by earlier Chinese licences alone",
            ),
            text_table(found),
            catching_up_table(found),
            _identification(found),
            allocation_table(found),
            spread_table(found),
            published_table(found.published, found.sources),
        ]
    return [table for table in tables if table.rows]


def backtest_csv(found: Backtest) -> list[Table]:
    """Return every forecast with bare numbers; of a reconstruction its months."""
    if found.reconstruction:
        lines: Iterable[object] = found.reconstruction.months
    else:
        lines = found.forecasts
    records = [asdict(each) for each in lines]  # type: ignore[call-overload]
    columns = tuple(records[0]) if records else ()
    rows = [[_bare(each[name]) for name in columns] for each in records]
    return [Table("", columns, rows)]


def _bare(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _heading(found: Backtest) -> str:
    if found.reconstruction:
        return f"{found.label}: {found.verdict} on both series at once"
    return f"{found.label}: {found.verdict} over a return to the base"


def _first_remarks(found: Backtest) -> tuple[str, ...]:
    """What the scores are of, and where there is no skill."""
    tested = _of(found.scores, _TEST)
    first, last = tested[0].first, tested[0].last
    without = [each for each in found.tests if not each.score.has_skill]
    return (
        f"Pseudo-out-of-sample: by what was published on {found.origin}, months {first} to {last}.",
        "Skill: 1 less the squared error over that of a return to the same base. "
        f"{len(without)} of {len(found.tests)} tests of the process show no skill{_which(found)}.",
        f"Back to base is the same month of last year{_growths(found)}. No base leads.",
    )


def _which(found: Backtest) -> str:
    """How many tests of each kind show no skill."""
    kinds = (
        ("from this day", found.scores),
        ("from all days", found.all_scores),
        ("from earlier rules", found.cross_scores),
    )
    counts = [
        f"{sum(each in scores and not each.score.has_skill for each in found.tests)} {name}"
        for name, scores in kinds
    ]
    told = [each for each in counts if not each.startswith("0 ")]
    return f" ({', '.join(told)})" if told else ""


def _growths(found: Backtest) -> str:
    """Which growth each factor is, a sentence each."""
    named = {each.factor: each.growth for each in found.fits if each.growth}
    return "".join(f"; × {factor:.2f} is the growth of {each}" for factor, each in named.items())


def _of(scores: Sequence[MethodScore], kind: str) -> list[MethodScore]:
    return [each for each in scores if each.kind == kind]


def _scores(
    scores: Sequence[MethodScore], heading: str, *remarks: str, details: tuple[str, ...] = ()
) -> Table:
    return Table(
        heading=heading,
        columns=("base", "method", *_SCORED),
        rows=[
            [
                each.base,
                each.method,
                str(each.score.months),
                error_percent(each.score.mape),
                f"{each.score.rmse:,.0f}",
                f"{each.score.bias:+,.0f}",
                percent(each.score.direction),
                each.score.verdict or "-",
            ]
            for each in scores
        ],
        remarks=remarks,
        details=details,
        right=_SCORED[:-1],
    )


def _months(found: Backtest) -> Table:
    """The process at the first origin: what was foretold of each month, on each base."""
    lines = [
        each for each in found.forecasts if each.origin == found.origin and each.method == _MODEL
    ]
    bases = list(dict.fromkeys(each.base for each in lines))
    told = {(each.month, each.base): each for each in lines}
    months = sorted({(each.month, each.kind, each.happened) for each in lines})
    return Table(
        heading="What the licence process foretold, tonnes a month",
        columns=("month", "test", "happened", *bases),
        rows=[
            [month, kind, f"{happened:,.0f}", *(_forecast_of(told.get((month, b))) for b in bases)]
            for month, kind, happened in months
        ],
        right=("happened", *bases),
        spare=("test",),
    )


def _forecast_of(each: MonthForecast | None) -> str:
    return NOT_KNOWN if each is None else f"{each.tonnes:,.0f}"


def _ranged(each: MonthForecast) -> str:
    if each.low == each.high:
        return f"{each.tonnes:,.0f}"
    return f"{each.tonnes:,.0f} ({each.low:,.0f} to {each.high:,.0f})"


def _all_forecasts(found: Backtest) -> Table:
    return Table(
        heading="Every month from every origin",
        columns=("test", "origin", "base", "method", "month", "forecast t", "happened t"),
        rows=[
            [
                each.kind,
                each.origin,
                each.base,
                each.method,
                each.month,
                _ranged(each),
                f"{each.happened:,.0f}",
            ]
            for each in found.forecasts
        ],
        right=("forecast t", "happened t"),
        long=True,
    )


def _identification(found: Backtest) -> Table:
    """Which parameters the months of the first origin tell, on each base."""
    fits = [each for each in found.fits if each.origin == found.origin and each.fit]
    rows: list[list[str]] = []
    counts: list[str] = []
    for each in fits:
        assert each.fit is not None
        counts.append(f"{each.fit.fitting} of {each.fit.tried:,} ({each.base})")
        rows += [
            [
                each.base,
                one.name,
                f"{getattr(each.fit.nearest, one.name):.3g}"
                f"{', assumed' if one.name in SET_IN_NEAREST else ''}",
                f"{one.low:.3g} to {one.high:.3g}",
                f"{one.drawn_low:.3g} to {one.drawn_high:.3g}",
                "yes" if one.identified else "not identified",
            ]
            for one in each.fit.ranges()
        ]
    return Table(
        heading="What the fitted months tell of the process",
        columns=("base", "parameter", "nearest", "fits within 10 %", "tried", "identified"),
        rows=rows,
        remarks=(
            f"Trials that fit: {'; '.join(counts)}. Each base has some: growth is not identified.",
            "The nearest fit takes all as approved, and a shape of 8: the months tell neither.",
        ),
        right=("nearest",),
    )


def backtest_dict(found: Backtest) -> dict[str, object]:
    """Return the back-test as the documented JSON: parts of one, tonnes, null is not known."""
    return {
        "episode": found.episode,
        "label": found.label,
        "rule_day": found.rule_day,
        "verdict": found.verdict,
        "origin": found.origin or None,
        "origins": list(found.origins),
        "scores": [_score_dict(each) for each in found.scores],
        "all_scores": [_score_dict(each) for each in found.all_scores],
        "cross_scores": [_score_dict(each) for each in found.cross_scores],
        "fits": [_fit_dict(each) for each in found.fits],
        "forecasts": [asdict(each) for each in found.forecasts],
        "earlier_rules": [asdict(each) for each in found.earlier.months] if found.earlier else [],
        "text_alone": [asdict(each) for each in found.text],
        "catching_up": [{**asdict(each), "part": each.part} for each in found.catching_up],
        "destinations": [
            {**asdict(each), "kind": each.kind or None, "factor": each.factor}
            for each in found.destinations
        ],
        "allocation": _allocation_dict(found),
        "spreads": [asdict(each) for each in found.spreads],
        "reconstruction": [asdict(each) for each in found.reconstruction.months]
        if found.reconstruction
        else [],
        "published": [asdict(each) for each in found.published],
        "assumptions": [asdict(each) for each in found.assumptions],
        "notes": list(found.notes),
        "rows": list(found.row_keys),
    }


def _score_dict(each: MethodScore) -> dict[str, object]:
    one = each.score
    return {
        "kind": each.kind,
        "origin": each.origin or None,
        "base": each.base,
        "method": each.method,
        "first": each.first,
        "last": each.last,
        "months": one.months,
        "mape": one.mape,
        "rmse": one.rmse,
        "bias": one.bias,
        "direction": one.direction,
        "skill": one.skill,
        "no_skill": one.skill is not None and not one.has_skill,
    }


def _fit_dict(each: OriginBase) -> dict[str, object]:
    fit = each.fit
    return {
        "origin": each.origin,
        "base": each.base,
        "growth": each.growth or None,
        "factor": each.factor,
        "known_until": each.known_until,
        "fitting": fit.fitting if fit else None,
        "tried": fit.tried if fit else None,
        "nearest": asdict(fit.nearest) if fit else None,
        "parameters": [
            {**asdict(one), "identified": one.identified} for one in (fit.ranges() if fit else ())
        ],
    }


def _allocation_dict(found: Backtest) -> dict[str, object] | None:
    if found.allocation is None:
        return None
    return {**asdict(found.allocation), "supports": found.allocation.supports}
