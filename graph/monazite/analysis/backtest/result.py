"""The back-test as tables, and as the JSON that programs read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import fsum
from typing import TYPE_CHECKING

from monazite.analysis.backtest.baselines import NO_SKILL, Score
from monazite.analysis.backtest.destinations import CatchingUp, DestinationMonth
from monazite.analysis.backtest.earlier_rules import (
    Allocation,
    DestinationSpread,
    EarlierRules,
    TextMonth,
)
from monazite.analysis.backtest.fitting import SET_IN_NEAREST
from monazite.analysis.backtest.japan_2010 import PublishedSize, Reconstruction
from monazite.analysis.backtest.origins import LICENCE, MethodScore, MonthForecast, OriginBase
from monazite.core.formats import NOT_KNOWN, counted, error_percent, exact_percent
from monazite.core.results import Result
from monazite.core.tables import Table, percent_cell
from monazite.model.assumptions import assumed_table

if TYPE_CHECKING:
    from monazite.core.results import Assumption

_FIRST = 3


def text_table(found: Backtest) -> Table:
    """Return what the text alone would have told, beside what happened."""
    return Table(
        heading="What April's text alone would have told, tonnes",
        columns=("month", "base", "by the text", "happened", "text against it", "over-compliance"),
        rows=[
            [
                each.month,
                f"{each.base:,.0f}",
                f"{each.told:,.0f} ({each.told_low:,.0f} to {each.told_high:,.0f})",
                f"{each.happened:,.0f}",
                _against(each.told / each.happened - 1),
                f"{_signed(each.over)} ({_signed(each.over_low)} to {_signed(each.over_high)})",
            ]
            for each in found.text
        ],
        remarks=_text_remarks(found.text[:_FIRST], found.assumptions),
        right=("base", "by the text", "happened", "text against it", "over-compliance"),
    )


def _against(part: float) -> str:
    return f"+{percent_cell(part)}" if part > 0 else percent_cell(part)


def _signed(number: float) -> str:
    return f"{round(number) + 0:+,d}" if round(number) else "0"


def _told_range(assumed: Assumption) -> str:
    value, low, high = (
        exact_percent((each or 0.0) / 100) if assumed.unit == "percent" else f"{each or 0.0:g}"
        for each in (assumed.value, assumed.low, assumed.high)
    )
    return f"{value} ({low} to {high})"


def _text_remarks(first: tuple[TextMonth, ...], assumed: tuple[Assumption, ...]) -> tuple[str, ...]:
    if not first:
        return ()
    lost = fsum(each.base - each.happened for each in first)
    told = fsum(each.base - each.told for each in first)
    scope, review, *_ = assumed
    return (
        f"In {first[0].month} to {first[-1].month} {lost:,.0f} t less than a year before left "
        f"China; the text alone explains {told:,.0f} t. The rest is over-compliance: customs held "
        "what the text does not cover.",
        f"Assumed: the text covers {_told_range(scope)} of tonnes. The 45 working days of each "
        f"licence are {_told_range(review)} days. The range is over both, and over three bases.",
        "Nothing here is fitted: what the text covers is held from its first day on. The scenario "
        "licence-2025-text is by the same text with grace (11 days) and delay (58 days) as fitted. "
        "So more passes there in April.",
    )


def catching_up_table(found: Backtest) -> Table:
    """Return how much of the loss later months brought back, by base."""
    return Table(
        heading="Lost in the first three months, and brought back by the end of the year, tonnes",
        columns=("base", "lost", "brought back", "part"),
        rows=[
            [each.base, f"{each.lost:,.0f}", f"{each.brought_back:+,.0f}", percent_cell(each.part)]
            for each in found.catching_up
        ],
        remarks=("The base decides whether anything was caught up at all.",),
        right=("lost", "brought back", "part"),
    )


def allocation_table(found: Backtest) -> Table:
    """Return which rule of allocation the months support."""
    one = found.allocation
    if one is None:
        return Table("", (), [])
    return Table(
        heading=f"Which rule of allocation the months support: {one.supports}",
        columns=("month", "in proportion", "home first", "happened"),
        rows=[
            [
                each.month,
                percent_cell(each.in_proportion),
                percent_cell(each.home_first),
                percent_cell(each.happened),
            ]
            for each in one.months
        ],
        remarks=(
            f"Parts of the base that left China. Home first is {_times(one.ratio)} as likely as "
            f"in proportion ({_times(one.low)} to {_times(one.high)}).",
            f"Weak: {counted(len(one.months), 'month')}, and the rule itself applies to exports "
            "alone. Below 3 to 1, or where one month turns it, nothing is decided.",
        ),
        right=("in proportion", "home first", "happened"),
    )


def _times(ratio: float) -> str:
    if ratio > 1000:
        return "over 1,000 times"
    return f"{ratio:.2g} times" if ratio >= 0.01 else "under 0.01 times"


def spread_table(found: Backtest) -> Table:
    """Return how far destinations were from equal parts, by month."""
    tested = found.destination_score
    remark = (
        f"Fitted to the world, the process foretold {counted(tested.months, 'month')} of "
        f"destinations with MAPE {error_percent(tested.mape)}; skill over last year's months: "
        f"{tested.verdict}."
        if tested
        else "No month of a destination was foretold."
    )
    return Table(
        heading="Destinations against equal parts: 1.0 is in proportion",
        columns=("month", "destinations", "least", "most", "typical factor"),
        rows=[
            [
                each.month,
                str(each.destinations),
                f"{each.least:.1f}",
                f"{each.most:.1f}",
                f"{each.spread:.1f}",
            ]
            for each in found.spreads
        ],
        remarks=(remark, "Who is let through is political; no parameter foretells it."),
        right=("destinations", "least", "most", "typical factor"),
    )


def destination_table(found: Backtest) -> Table:
    """Return each month of each destination."""
    return Table(
        heading="Months by destination: parts of the base",
        columns=("to", "month", "tonnes", "base", "part", "world", "process", "factor", "test"),
        rows=[
            [
                each.destination,
                each.month,
                f"{each.tonnes:,.0f}",
                f"{each.base:,.0f}",
                f"{each.part:.2f}",
                f"{each.world_part:.2f}",
                NOT_KNOWN if each.model_part is None else f"{each.model_part:.2f}",
                NOT_KNOWN if each.factor is None else f"{each.factor:.1f}",
                each.kind or NOT_KNOWN,
            ]
            for each in found.destinations
        ],
        right=("tonnes", "base", "part", "world", "process", "factor"),
        long=True,
    )


def earlier_table(found: Backtest) -> Table:
    """Return what earlier rules did, and the process that was fitted to them."""
    if found.earlier is None or found.earlier.fit is None:
        return Table("", (), [])
    fit = found.earlier.fit
    return Table(
        heading="Earlier Chinese licences: part of the base that left in each month after the rule",
        columns=("goods", "rule", "month", "tonnes", "base", "part"),
        rows=[
            [
                each.goods,
                each.rule_day,
                each.month,
                f"{each.tonnes:,.4g}",
                f"{each.base:,.4g}" + ("" if each.own_base else " (mean)"),
                f"{each.part:.2f}",
            ]
            for each in found.earlier.months
        ],
        remarks=(
            f"Together they give a held part of {fit.held:.2f} and a mean delay of "
            f"{fit.mean:.0f} days.",
        ),
        right=("tonnes", "base", "part"),
        long=True,
    )


def reconstruction_table(found: Backtest) -> Table:
    """Return what quota and embargo would have left, each alone, of both series."""
    one = found.reconstruction
    if one is None:
        return Table("", (), [])
    quota = NOT_KNOWN if one.quota is None else f"{one.quota:,.0f} t"
    over = NOT_KNOWN if one.over_quota is None else f"{one.over_quota:.2f} times"
    return Table(
        heading="Each cause alone, tonnes a month",
        columns=("series", "cause", "month", "left by it", "happened"),
        rows=[
            [
                each.series,
                each.cause,
                each.month,
                f"{each.tonnes:,.0f}"
                + (f" ({each.low:,.0f} to {each.high:,.0f})" if each.low < each.high else ""),
                f"{each.happened:,.0f}",
            ]
            for each in one.months
        ],
        remarks=(
            f"Base: {one.base:,.0f} t a month left China before the embargo, {one.japan:,.0f} t "
            "reached Japan from there.",
            f"Quota of the half year: {quota}, spread evenly. Exports of the year were {over} "
            "the quota.",
        ),
        right=("left by it", "happened"),
    )


def published_table(sizes: Iterable[PublishedSize], sources: Mapping[str, str]) -> Table:
    """Return sizes of lost output by others, with horizon and source."""
    return Table(
        heading="Lost output that others published; nothing is converted",
        columns=("market", "what", "size", "supposed", "time", "author", "source", "row"),
        rows=[
            [
                each.market,
                each.measure,
                each.size + (", weighted by its odds" if each.weighted else ""),
                f"{each.goods}: {each.supposed}",
                each.horizon,
                each.author,
                sources.get(each.row, ""),
                each.row,
            ]
            for each in sizes
        ],
        remarks=("Each rests on a scenario of its own, none on the months above.",),
        keys=("source", "row"),
        spare=("supposed",),
    )


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
                percent_cell(each.score.direction),
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


@dataclass(frozen=True)
class Backtest(Result):
    """How methods would have foretold an episode, by what was published at the time.

    Attributes:
        episode: 2025 or 2010.
        label: what happened, in a few words.
        rule_day: the day on which the rule took effect.
        origin: the day of the origin that is shown first; empty in a reconstruction.
        origins: all origins that were run.
        fits: what was fitted at each origin, on each base.
        forecasts: what was foretold of each month, from each origin, on each base.
        scores: of the origin that is shown first, or of the reconstruction.
        all_scores: of all origins together; none where one was asked for.
        cross_scores: of the test by earlier rules.
        earlier: the earlier rules and what was fitted to them; None in a reconstruction.
        text: what the text alone would have told.
        catching_up: how much of the loss later months brought back, by base.
        destinations: months by destination.
        destination_score: of the months that were foretold; None without one.
        allocation: which rule of allocation the months support; None where none can be compared.
        spreads: how far destinations were from equal parts.
        reconstruction: the causes of 2010 apart; None for 2025.
        published: sizes of lost output by others.
    """

    records_key = "scores"

    episode: str
    label: str
    rule_day: str
    origin: str
    origins: tuple[str, ...]
    fits: tuple[OriginBase, ...]
    forecasts: tuple[MonthForecast, ...]
    scores: tuple[MethodScore, ...]
    all_scores: tuple[MethodScore, ...]
    cross_scores: tuple[MethodScore, ...]
    earlier: EarlierRules | None
    text: tuple[TextMonth, ...]
    catching_up: tuple[CatchingUp, ...]
    destinations: tuple[DestinationMonth, ...]
    destination_score: Score | None
    allocation: Allocation | None
    spreads: tuple[DestinationSpread, ...]
    reconstruction: Reconstruction | None
    published: tuple[PublishedSize, ...]

    @property
    def tests(self) -> tuple[MethodScore, ...]:
        """The scores of the model that are tests: of the process, or of each cause of 2010."""
        if self.reconstruction:
            return tuple(each for each in self.scores if each.score.skill is not None)
        told = (*self.scores, *self.all_scores, *self.cross_scores)
        return tuple(
            each for each in told if each.method == LICENCE and each.score.skill is not None
        )

    @property
    def has_skill(self) -> bool:
        """Whether the model did better than its reference in every test, on every base."""
        return bool(self.tests) and all(each.score.has_skill for each in self.tests)

    @property
    def verdict(self) -> str:
        """Whether there is skill: only if there is in every test."""
        return "some skill" if self.has_skill else NO_SKILL

    def content(self) -> dict[str, object]:
        """Return what was found as JSON has it: parts of one, tonnes, null is not known."""
        return backtest_dict(self)

    def tables(self) -> list[Table]:
        """Return all tables."""
        return backtest_tables(self)

    def short_tables(self) -> list[Table]:
        """Return the tables of the origin that is shown first, and what follows from it."""
        return short_backtest_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return every forecast, one to a line."""
        return backtest_csv(self)

    def headline(self) -> str:
        """Return the episode and the verdict."""
        return f"{self.episode}: {self.verdict}, {len(self.forecasts)} forecasts"
