"""The back-test as a value, with its tables and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum

from monazite.analysis.backtest.earlier_rules import (
    Allocation,
    EarlierMonth,
    EarlierRules,
    TextMonth,
)
from monazite.analysis.backtest.japan_2010 import PublishedSize, ReconstructedMonth, Reconstruction
from monazite.analysis.backtest.methods import NO_SKILL, SET_IN_NEAREST, LicenceTrial, Score
from monazite.analysis.backtest.origins import (
    FIT,
    LICENCE,
    OUT_OF_SAMPLE,
    CatchingUp,
    DestinationMonth,
    DestinationSpread,
    MethodScore,
    MonthForecast,
    OriginBase,
)
from monazite.core.columns import Column, bare_table, table
from monazite.core.formats import (
    NOT_KNOWN,
    between,
    counted,
    error_percent,
    exact,
    exact_percent,
    figures,
    fixed,
    grouped,
    grouped_figures,
    one_decimal,
    signed,
    three_figures,
    two_decimals,
    whole,
)
from monazite.core.results import Assumption, Result
from monazite.core.tables import Table, percent_cell
from monazite.model.assumptions import assumed_table


def _ranged(value: float, low: float, high: float, form: Callable[[float], str] = whole) -> str:
    return f"{form(value)} ({between(low, high, form)})"


def _against(part: float) -> str:
    return f"+{percent_cell(part)}" if part > 0 else percent_cell(part)


def _forecast(each: MonthForecast | ReconstructedMonth) -> str:
    drawn = each.low < each.high
    return _ranged(each.tonnes, each.low, each.high) if drawn else whole(each.tonnes)


_TEXT = (
    Column("month", "month"),
    Column("base", "base", whole, right=True),
    Column("by the text", lambda x: _ranged(x.told, x.told_low, x.told_high), right=True),
    Column("happened", "happened", whole, right=True),
    Column("text against it", lambda x: x.told / x.happened - 1, _against, right=True),
    Column(
        "over-compliance", lambda x: _ranged(x.over, x.over_low, x.over_high, signed), right=True
    ),
)


def _told_range(assumed: Assumption) -> str:
    value, low, high = (
        exact_percent((each or 0.0) / 100) if assumed.unit == "percent" else exact(each or 0.0)
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
        f"In {first[0].month} to {first[-1].month} {whole(lost)} t less than a year before left "
        f"China; the text alone explains {whole(told)} t. The rest is over-compliance: customs "
        "held what the text does not cover.",
        f"Assumed: the text covers {_told_range(scope)} of tonnes. The 45 working days of each "
        f"licence are {_told_range(review)} days. The range is over both, and over three bases.",
        "Nothing here is fitted: what the text covers is held from its first day on. The scenario "
        "licence-2025-text is by the same text with grace (11 days) and delay (58 days) as fitted. "
        "So more passes there in April.",
    )


_CAUGHT_UP = (
    Column("base", "base"),
    Column("lost", "lost", whole, right=True),
    Column("brought back", "brought_back", signed, right=True),
    Column("part", "part", percent_cell, right=True),
)


def _allocation(one: Allocation) -> Table:
    """Which rule of allocation the months support."""
    return table(
        f"Which rule of allocation the months support: {one.supports}",
        one.months,
        (
            Column("month", "month"),
            Column("in proportion", "in_proportion", percent_cell, right=True),
            Column("home first", "home_first", percent_cell, right=True),
            Column("happened", "happened", percent_cell, right=True),
        ),
        (
            f"Parts of the base that left China. Home first is {_times(one.ratio)} as likely as "
            f"in proportion ({_times(one.low)} to {_times(one.high)}).",
            f"Weak: {counted(len(one.months), 'month')}, and the rule itself applies to exports "
            "alone. Below 3 to 1, or where one month turns it, nothing is decided.",
        ),
    )


def _times(ratio: float) -> str:
    if ratio > 1000:
        return "over 1,000 times"
    return f"{figures(ratio, 2)} times" if ratio >= 0.01 else "under 0.01 times"


def _spreads(found: Backtest) -> Table:
    """How far destinations were from equal parts, by month."""
    remark = "No month of a destination was foretold."
    if tested := found.destination_score:
        remark = (
            f"Fitted to the world, the process foretold {counted(tested.months, 'month')} of "
            f"destinations with MAPE {error_percent(tested.mape)}; skill over last year's months: "
            f"{tested.verdict}."
        )
    return table(
        "Destinations against equal parts: 1.0 is in proportion",
        found.spreads,
        (
            Column("month", "month"),
            Column("destinations", "destinations", right=True),
            Column("least", "least", one_decimal, right=True),
            Column("most", "most", one_decimal, right=True),
            Column("typical factor", "spread", one_decimal, right=True),
        ),
        (remark, "Who is let through is political; no parameter foretells it."),
    )


_DESTINATIONS = (
    Column("to", "destination"),
    Column("month", "month"),
    Column("tonnes", "tonnes", whole, right=True),
    Column("base", "base", whole, right=True),
    Column("part", "part", two_decimals, right=True),
    Column("world", "world_part", two_decimals, right=True),
    Column("process", "model_part", two_decimals, right=True),
    Column("factor", "factor", one_decimal, right=True),
    Column("test", lambda x: x.kind or NOT_KNOWN),
)


def _earlier(months: Sequence[EarlierMonth], fit: LicenceTrial) -> Table:
    """What earlier rules did, and the process that was fitted to them."""
    return table(
        "Earlier Chinese licences: part of the base that left in each month after the rule",
        months,
        (
            Column("goods", "goods"),
            Column("rule", "rule_day"),
            Column("month", "month"),
            Column("tonnes", lambda x: grouped_figures(x.tonnes, 4), right=True),
            Column(
                "base",
                lambda x: f"{grouped_figures(x.base, 4)}{'' if x.own_base else ' (mean)'}",
                right=True,
            ),
            Column("part", "part", two_decimals, right=True),
        ),
        (
            f"Together they give a held part of {two_decimals(fit.held)} and a mean delay of "
            f"{whole(fit.mean)} days.",
        ),
        long=True,
    )


def _reconstruction(one: Reconstruction) -> Table:
    """What quota and embargo would have left, each alone, of both series."""
    quota = NOT_KNOWN if one.quota is None else f"{whole(one.quota)} t"
    over = NOT_KNOWN if one.over_quota is None else f"{two_decimals(one.over_quota)} times"
    return table(
        "Each cause alone, tonnes a month",
        one.months,
        (
            Column("series", "series"),
            Column("cause", "cause"),
            Column("month", "month"),
            Column("left by it", _forecast, right=True),
            Column("happened", "happened", whole, right=True),
        ),
        (
            f"Base: {whole(one.base)} t a month left China before the embargo, "
            f"{whole(one.japan)} t reached Japan from there.",
            f"Quota of the half year: {quota}, spread evenly. Exports of the year were {over} "
            "the quota.",
        ),
    )


def published_table(sizes: Iterable[PublishedSize], sources: Mapping[str, str]) -> Table:
    """Return sizes of lost output by others, with horizon and source."""
    return table(
        "Lost output that others published; nothing is converted",
        sizes,
        (
            Column("market", "market"),
            Column("what", "measure"),
            Column("size", lambda x: x.size + (", weighted by its odds" if x.weighted else "")),
            Column("supposed", lambda x: f"{x.goods}: {x.supposed}", spare=1),
            Column("time", "horizon"),
            Column("author", "author"),
            Column("source", lambda x: sources.get(x.row, ""), full=True),
            Column("row", "row", full=True),
        ),
        ("Each rests on a scenario of its own, none on the months above.",),
    )


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
    named = "".join(f"; × {fixed(factor, 2)} is the growth of {x}" for factor, x in growths.items())
    return (
        f"Pseudo-out-of-sample: by what was published on {found.origin}, months {first} to {last}.",
        "Skill: 1 less the squared error over that of a return to the same base. "
        f"{len(without)} of {len(found.tests)} tests of the process show no skill"
        f"{f' ({told})' if told else ''}.",
        f"Back to base is the same month of last year{named}. No base leads.",
    )


def _of(scores: Sequence[MethodScore], kind: str) -> list[MethodScore]:
    return [each for each in scores if each.kind == kind]


_SCORES = (
    Column("base", "base"),
    Column("method", "method"),
    Column("n", "score.months", right=True),
    Column("MAPE", "score.mape", error_percent, right=True),
    Column("RMSE t", "score.rmse", whole, right=True),
    Column("bias t", "score.bias", signed, right=True),
    Column("direction", "score.direction", percent_cell, right=True),
    Column("skill", lambda x: x.score.verdict or "-"),
)


def _months(found: Backtest) -> Table:
    """The process at the first origin: what was foretold of each month, on each base."""
    lines = [x for x in found.forecasts if x.origin == found.origin and x.method == LICENCE]
    bases = list(dict.fromkeys(each.base for each in lines))
    told = {(each.month, each.base): whole(each.tonnes) for each in lines}
    months = sorted({(each.month, each.kind, each.happened) for each in lines})
    return Table(
        heading="What the licence process foretold, tonnes a month",
        columns=("month", "test", "happened", *bases),
        rows=[
            [month, kind, whole(happened), *(told.get((month, x), NOT_KNOWN) for x in bases)]
            for month, kind, happened in months
        ],
        right=("happened", *bases),
        spare=("test",),
    )


_FORECASTS = (
    Column("test", "kind"),
    Column("origin", "origin"),
    Column("base", "base"),
    Column("method", "method"),
    Column("month", "month"),
    Column("forecast t", _forecast, right=True),
    Column("happened t", "happened", whole, right=True),
)


def _identification(found: Backtest) -> Table:
    """Which parameters the months of the first origin tell, on each base."""
    fits = [(x.base, x.fit) for x in found.fits if x.origin == found.origin and x.fit is not None]
    counts = [f"{fit.fitting} of {grouped(fit.tried)} ({base})" for base, fit in fits]
    rows = []
    for base, fit in fits:
        for one in fit.ranges():
            assumed = ", assumed" if one.name in SET_IN_NEAREST else ""
            nearest = f"{three_figures(getattr(fit.nearest, one.name))}{assumed}"
            within = between(one.low, one.high, three_figures)
            tried = between(one.drawn_low, one.drawn_high, three_figures)
            told = "yes" if one.identified else "not identified"
            rows.append([base, one.name, nearest, within, tried, told])
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


class Backtest(Result):
    """How methods would have foretold an episode, by what was published at the time."""

    records_key = "scores"
    _json = (
        "episode label rule_day verdict origin? origins scores all_scores cross_scores fits "
        "forecasts earlier_rules text_alone=text catching_up destinations allocation spreads "
        "reconstruction=reconstructed published assumptions notes rows=row_keys"
    )

    episode: str  #: 2025 or 2010
    label: str  #: what happened, in a few words
    rule_day: str  #: the day on which the rule took effect
    origin: str = ""  #: the day of the origin that is shown first; empty in a reconstruction
    origins: tuple[str, ...] = ()  #: all origins that were run
    fits: tuple[OriginBase, ...] = ()  #: what was fitted at each origin, on each base
    #: what was foretold of each month, from each origin, on each base
    forecasts: tuple[MonthForecast, ...] = ()
    #: of the origin that is shown first, or of the reconstruction
    scores: tuple[MethodScore, ...] = ()
    #: of all origins together; none where one was asked for
    all_scores: tuple[MethodScore, ...] = ()
    cross_scores: tuple[MethodScore, ...] = ()  #: of the test by earlier rules
    #: the earlier rules and what was fitted to them; None in a reconstruction
    earlier: EarlierRules | None = None
    text: tuple[TextMonth, ...] = ()  #: what the text alone would have told
    #: how much of the loss later months brought back, by base
    catching_up: tuple[CatchingUp, ...] = ()
    destinations: tuple[DestinationMonth, ...] = ()  #: months by destination
    destination_score: Score | None = None  #: of the months that were foretold; None without one
    #: which rule of allocation the months support; None where none can be compared
    allocation: Allocation | None = None
    spreads: tuple[DestinationSpread, ...] = ()  #: how far destinations were from equal parts
    reconstruction: Reconstruction | None = None  #: the causes of 2010 apart; None for 2025
    published: tuple[PublishedSize, ...] = ()  #: sizes of lost output by others

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

    @property
    def earlier_rules(self) -> tuple[EarlierMonth, ...]:
        """Months of goods under earlier licence rules."""
        return self.earlier.months if self.earlier else ()

    @property
    def reconstructed(self) -> tuple[ReconstructedMonth, ...]:
        """Each cause of 2010 alone, by month; none for 2025."""
        return self.reconstruction.months if self.reconstruction else ()

    @property
    def quoted_rows(self) -> tuple[str, ...]:
        """The rows of what others published."""
        return tuple(each.row for each in self.published)

    def tables(self) -> list[Table]:
        """Return all tables: scores, months, tests apart, and what is said beside them."""
        tables = self.short_tables()
        if self.reconstruction:
            return [*tables, assumed_table(self.assumptions)]
        fit = self.earlier.fit if self.earlier else None
        tested = len({x.origin for x in self.forecasts if x.kind == OUT_OF_SAMPLE})
        together = "All origins together, pseudo-out-of-sample"
        often = f"A month counts once for each of {tested} origins: these are no independent tests."
        by_destination = "Months by destination: parts of the base"
        tables += [
            table("The fit itself, which is no test", _of(self.scores, FIT), _SCORES),
            table(together, _of(self.all_scores, OUT_OF_SAMPLE), _SCORES, (often,)),
            table("Every month from every origin", self.forecasts, _FORECASTS, long=True),
            *([_earlier(self.earlier_rules, fit)] if fit else []),
            table(by_destination, self.destinations, _DESTINATIONS, long=True),
            assumed_table(self.assumptions),
        ]
        return [each for each in tables if each.rows]

    def short_tables(self) -> list[Table]:
        """Return the tables of the origin that is shown first, and what follows from it."""
        over = "on both series at once" if self.reconstruction else "over a return to the base"
        heading = f"{self.label}: {self.verdict} {over}"
        last = [published_table(self.published, self.sources)]
        if self.allocation:
            last.insert(0, _allocation(self.allocation))
        if self.reconstruction:
            said = ("Test: reconstruction.",)
            scores = table(heading, self.scores, _SCORES, said, details=self.notes)
            tables = [scores, _reconstruction(self.reconstruction), *last]
        else:
            remarks, tested = _first_remarks(self), _of(self.scores, OUT_OF_SAMPLE)
            cross = "Cross-episode: on the day of the rule, by earlier Chinese licences alone"
            alone = "What April's text alone would have told, tonnes"
            first = _text_remarks(self.text[:3], self.assumptions)
            lost = "Lost in the first three months, and brought back by the end of the year, tonnes"
            decides = "The base decides whether anything was caught up at all."
            tables = [
                table(heading, tested, _SCORES, remarks, details=self.notes),
                _months(self),
                table(cross, self.cross_scores, _SCORES),
                table(alone, self.text, _TEXT, first),
                table(lost, self.catching_up, _CAUGHT_UP, (decides,)),
                _identification(self),
                *last[:-1],
                _spreads(self),
                last[-1],
            ]
        return [each for each in tables if each.rows]

    def csv_tables(self) -> list[Table]:
        """Return every forecast with bare numbers; of a reconstruction its months."""
        if self.reconstruction:
            names = "series cause month tonnes low high happened row"
            return [bare_table(self.reconstructed, names, decimals=1)]
        names = "kind origin base method month tonnes low high happened before"
        return [bare_table(self.forecasts, names, decimals=1)]

    def headline(self) -> str:
        """Return the episode and the verdict."""
        return f"{self.episode}: {self.verdict}, {len(self.forecasts)} forecasts"
