"""The back-test as a value, with its tables and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import fsum

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
from monazite.analysis.backtest.origins import (
    FIT,
    LICENCE,
    OUT_OF_SAMPLE,
    MethodScore,
    MonthForecast,
    OriginBase,
)
from monazite.core.formats import NOT_KNOWN, counted, error_percent, exact_percent
from monazite.core.results import Assumption, Result
from monazite.core.tables import Table, percent_cell
from monazite.model.assumptions import assumed_table


def text_table(found: Backtest) -> Table:
    """Return what the text alone would have told, beside what happened."""
    rows = [
        [
            each.month,
            _whole(each.base),
            _ranged(each.told, each.told_low, each.told_high),
            _whole(each.happened),
            _against(each.told / each.happened - 1),
            f"{_signed(each.over)} ({_signed(each.over_low)} to {_signed(each.over_high)})",
        ]
        for each in found.text
    ]
    columns = ("month", "base", "by the text", "happened", "text against it", "over-compliance")
    return Table(
        heading="What April's text alone would have told, tonnes",
        columns=columns,
        rows=rows,
        remarks=_text_remarks(found.text[:3], found.assumptions),
        right=columns[1:],
    )


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _ranged(value: float, low: float, high: float) -> str:
    return f"{value:,.0f} ({low:,.0f} to {high:,.0f})"


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
    rows = [
        [x.month, *map(percent_cell, (x.in_proportion, x.home_first, x.happened))]
        for x in one.months
    ]
    return Table(
        heading=f"Which rule of allocation the months support: {one.supports}",
        columns=("month", "in proportion", "home first", "happened"),
        rows=rows,
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
    rows = [
        [x.month, str(x.destinations), *(f"{part:.1f}" for part in (x.least, x.most, x.spread))]
        for x in found.spreads
    ]
    return Table(
        heading="Destinations against equal parts: 1.0 is in proportion",
        columns=("month", "destinations", "least", "most", "typical factor"),
        rows=rows,
        remarks=(remark, "Who is let through is political; no parameter foretells it."),
        right=("destinations", "least", "most", "typical factor"),
    )


def destination_table(found: Backtest) -> Table:
    """Return each month of each destination."""
    rows = [
        [
            *(each.destination, each.month, _whole(each.tonnes), _whole(each.base)),
            *(f"{part:.2f}" for part in (each.part, each.world_part)),
            NOT_KNOWN if each.model_part is None else f"{each.model_part:.2f}",
            NOT_KNOWN if each.factor is None else f"{each.factor:.1f}",
            each.kind or NOT_KNOWN,
        ]
        for each in found.destinations
    ]
    columns = ("to", "month", "tonnes", "base", "part", "world", "process", "factor", "test")
    return Table(
        heading="Months by destination: parts of the base",
        columns=columns,
        rows=rows,
        right=columns[2:-1],
        long=True,
    )


def earlier_table(found: Backtest) -> Table:
    """Return what earlier rules did, and the process that was fitted to them."""
    if found.earlier is None or found.earlier.fit is None:
        return Table("", (), [])
    fit = found.earlier.fit
    rows = [
        [
            *(each.goods, each.rule_day, each.month, f"{each.tonnes:,.4g}"),
            f"{each.base:,.4g}" + ("" if each.own_base else " (mean)"),
            f"{each.part:.2f}",
        ]
        for each in found.earlier.months
    ]
    told = f"a held part of {fit.held:.2f} and a mean delay of {fit.mean:.0f} days"
    return Table(
        heading="Earlier Chinese licences: part of the base that left in each month after the rule",
        columns=("goods", "rule", "month", "tonnes", "base", "part"),
        rows=rows,
        remarks=(f"Together they give {told}.",),
        right=("tonnes", "base", "part"),
        long=True,
    )


def reconstruction_table(one: Reconstruction) -> Table:
    """Return what quota and embargo would have left, each alone, of both series."""
    quota = NOT_KNOWN if one.quota is None else f"{one.quota:,.0f} t"
    over = NOT_KNOWN if one.over_quota is None else f"{one.over_quota:.2f} times"
    rows = [
        [
            *(each.series, each.cause, each.month),
            _ranged(each.tonnes, each.low, each.high)
            if each.low < each.high
            else _whole(each.tonnes),
            _whole(each.happened),
        ]
        for each in one.months
    ]
    return Table(
        heading="Each cause alone, tonnes a month",
        columns=("series", "cause", "month", "left by it", "happened"),
        rows=rows,
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
    rows = [
        [
            *(each.market, each.measure),
            each.size + (", weighted by its odds" if each.weighted else ""),
            f"{each.goods}: {each.supposed}",
            *(each.horizon, each.author, sources.get(each.row, ""), each.row),
        ]
        for each in sizes
    ]
    return Table(
        heading="Lost output that others published; nothing is converted",
        columns=("market", "what", "size", "supposed", "time", "author", "source", "row"),
        rows=rows,
        remarks=("Each rests on a scenario of its own, none on the months above.",),
        keys=("source", "row"),
        spare=("supposed",),
    )


_SCORED = ("n", "MAPE", "RMSE t", "bias t", "direction", "skill")


def _first_remarks(found: Backtest) -> tuple[str, ...]:
    """What the scores are of, and where there is no skill."""
    tested = _of(found.scores, OUT_OF_SAMPLE)
    first, last = tested[0].first, tested[0].last
    without = [each for each in found.tests if not each.score.has_skill]
    kinds = (
        ("from this day", found.scores),
        ("from all days", found.all_scores),
        ("from earlier rules", found.cross_scores),
    )
    counts = [(sum(each in scores for each in without), name) for name, scores in kinds]
    told = ", ".join(f"{count} {name}" for count, name in counts if count)
    growths = {each.factor: each.growth for each in found.fits if each.growth}
    named = "".join(f"; × {factor:.2f} is the growth of {x}" for factor, x in growths.items())
    return (
        f"Pseudo-out-of-sample: by what was published on {found.origin}, months {first} to {last}.",
        "Skill: 1 less the squared error over that of a return to the same base. "
        f"{len(without)} of {len(found.tests)} tests of the process show no skill"
        f"{f' ({told})' if told else ''}.",
        f"Back to base is the same month of last year{named}. No base leads.",
    )


def _of(scores: Sequence[MethodScore], kind: str) -> list[MethodScore]:
    return [each for each in scores if each.kind == kind]


def _scores(
    scores: Sequence[MethodScore], heading: str, *remarks: str, details: tuple[str, ...] = ()
) -> Table:
    rows = []
    for each in scores:
        one = each.score
        size = (error_percent(one.mape), f"{one.rmse:,.0f}", f"{one.bias:+,.0f}")
        told = (percent_cell(one.direction), one.verdict or "-")
        rows.append([each.base, each.method, str(one.months), *size, *told])
    return Table(
        heading=heading,
        columns=("base", "method", *_SCORED),
        rows=rows,
        remarks=remarks,
        details=details,
        right=_SCORED[:-1],
    )


def _months(found: Backtest) -> Table:
    """The process at the first origin: what was foretold of each month, on each base."""
    lines = [x for x in found.forecasts if x.origin == found.origin and x.method == LICENCE]
    bases = list(dict.fromkeys(each.base for each in lines))
    told = {(each.month, each.base): _whole(each.tonnes) for each in lines}
    months = sorted({(each.month, each.kind, each.happened) for each in lines})
    return Table(
        heading="What the licence process foretold, tonnes a month",
        columns=("month", "test", "happened", *bases),
        rows=[
            [month, kind, _whole(happened), *(told.get((month, x), NOT_KNOWN) for x in bases)]
            for month, kind, happened in months
        ],
        right=("happened", *bases),
        spare=("test",),
    )


def _all_forecasts(found: Backtest) -> Table:
    rows = [
        [
            *(each.kind, each.origin, each.base, each.method, each.month),
            _whole(each.tonnes)
            if each.low == each.high
            else _ranged(each.tonnes, each.low, each.high),
            _whole(each.happened),
        ]
        for each in found.forecasts
    ]
    return Table(
        heading="Every month from every origin",
        columns=("test", "origin", "base", "method", "month", "forecast t", "happened t"),
        rows=rows,
        right=("forecast t", "happened t"),
        long=True,
    )


def _identification(found: Backtest) -> Table:
    """Which parameters the months of the first origin tell, on each base."""
    rows: list[list[str]] = []
    counts: list[str] = []
    for each in found.fits:
        fit = each.fit
        if each.origin != found.origin or fit is None:
            continue
        counts.append(f"{fit.fitting} of {fit.tried:,} ({each.base})")
        for one in fit.ranges():
            assumed = ", assumed" if one.name in SET_IN_NEAREST else ""
            rows.append(
                [
                    *(each.base, one.name, f"{getattr(fit.nearest, one.name):.3g}{assumed}"),
                    f"{one.low:.3g} to {one.high:.3g}",
                    f"{one.drawn_low:.3g} to {one.drawn_high:.3g}",
                    "yes" if one.identified else "not identified",
                ]
            )
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


def _score_dict(each: MethodScore) -> dict[str, object]:
    one = each.score
    names = ("kind", "origin", "base", "method", "first", "last")
    return {
        **{name: getattr(each, name) for name in names},
        "origin": each.origin or None,
        **asdict(one),
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
    origin: str = ""
    origins: tuple[str, ...] = ()
    fits: tuple[OriginBase, ...] = ()
    forecasts: tuple[MonthForecast, ...] = ()
    scores: tuple[MethodScore, ...] = ()
    all_scores: tuple[MethodScore, ...] = ()
    cross_scores: tuple[MethodScore, ...] = ()
    earlier: EarlierRules | None = None
    text: tuple[TextMonth, ...] = ()
    catching_up: tuple[CatchingUp, ...] = ()
    destinations: tuple[DestinationMonth, ...] = ()
    destination_score: Score | None = None
    allocation: Allocation | None = None
    spreads: tuple[DestinationSpread, ...] = ()
    reconstruction: Reconstruction | None = None
    published: tuple[PublishedSize, ...] = ()

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
        past = self.reconstruction
        return {
            **{name: getattr(self, name) for name in ("episode", "label", "rule_day", "verdict")},
            "origin": self.origin or None,
            "origins": list(self.origins),
            "scores": [_score_dict(each) for each in self.scores],
            "all_scores": [_score_dict(each) for each in self.all_scores],
            "cross_scores": [_score_dict(each) for each in self.cross_scores],
            "fits": [_fit_dict(each) for each in self.fits],
            "forecasts": [asdict(each) for each in self.forecasts],
            "earlier_rules": [asdict(each) for each in self.earlier.months] if self.earlier else [],
            "text_alone": [asdict(each) for each in self.text],
            "catching_up": [{**asdict(each), "part": each.part} for each in self.catching_up],
            "destinations": [
                {**asdict(each), "kind": each.kind or None, "factor": each.factor}
                for each in self.destinations
            ],
            "allocation": {**asdict(self.allocation), "supports": self.allocation.supports}
            if self.allocation
            else None,
            "spreads": [asdict(each) for each in self.spreads],
            "reconstruction": [asdict(each) for each in past.months] if past else [],
            "published": [asdict(each) for each in self.published],
            "assumptions": [asdict(each) for each in self.assumptions],
            "notes": list(self.notes),
            "rows": list(self.row_keys),
        }

    def tables(self) -> list[Table]:
        """Return all tables: scores, months, tests apart, and what is said beside them."""
        tables = self.short_tables()
        if self.reconstruction:
            return [*tables, assumed_table(self.assumptions)]
        tested = len({x.origin for x in self.forecasts if x.kind == OUT_OF_SAMPLE})
        tables += [
            _scores(_of(self.scores, FIT), "The fit itself, which is no test"),
            _scores(
                _of(self.all_scores, OUT_OF_SAMPLE),
                "All origins together, pseudo-out-of-sample",
                f"A month counts once for each of {tested} origins: these are no "
                "independent tests.",
            ),
            _all_forecasts(self),
            earlier_table(self),
            destination_table(self),
            assumed_table(self.assumptions),
        ]
        return [table for table in tables if table.rows]

    def short_tables(self) -> list[Table]:
        """Return the tables of the origin that is shown first, and what follows from it."""
        over = "on both series at once" if self.reconstruction else "over a return to the base"
        heading = f"{self.label}: {self.verdict} {over}"
        published = published_table(self.published, self.sources)
        if self.reconstruction:
            tables = [
                _scores(self.scores, heading, "Test: reconstruction.", details=self.notes),
                reconstruction_table(self.reconstruction),
                allocation_table(self),
                published,
            ]
        else:
            remarks, tested = _first_remarks(self), _of(self.scores, OUT_OF_SAMPLE)
            tables = [
                _scores(tested, heading, *remarks, details=self.notes),
                _months(self),
                _scores(
                    self.cross_scores,
                    "Cross-episode: on the day of the rule, by earlier Chinese licences alone",
                ),
                text_table(self),
                catching_up_table(self),
                _identification(self),
                allocation_table(self),
                spread_table(self),
                published,
            ]
        return [table for table in tables if table.rows]

    def csv_tables(self) -> list[Table]:
        """Return every forecast with bare numbers; of a reconstruction its months."""
        past = self.reconstruction
        lines = [asdict(x) for x in past.months] if past else [asdict(x) for x in self.forecasts]
        rows = [
            [f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in line.values()]
            for line in lines
        ]
        return [Table("", tuple(lines[0]) if lines else (), rows)]

    def headline(self) -> str:
        """Return the episode and the verdict."""
        return f"{self.episode}: {self.verdict}, {len(self.forecasts)} forecasts"
