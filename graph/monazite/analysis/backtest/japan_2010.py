"""2010 put together again: quota and embargo apart, each held against two series of months."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from math import fsum

from monazite.analysis.backtest.months import (
    MonthFigure,
    chosen,
    day_in,
    days_in,
    month_of,
    month_text,
    months_known,
)
from monazite.analysis.backtest.origins import (
    RECONSTRUCTION,
    MethodScore,
    MonthForecast,
    measured,
    scores_of,
)
from monazite.core.formats import NOT_KNOWN, exact, whole
from monazite.core.results import Struct
from monazite.model.assumptions import span
from monazite.model.chemistry import Amount
from monazite.model.licences import by_month, spread
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store


class PublishedSize(Struct):
    """One size, as its author gave it."""

    market: str  #: who would lose
    measure: str  #: what is lost
    goods: str  #: what is lacking
    size: str  #: number and unit, with its ends where it has some
    supposed: str  #: what was supposed
    horizon: str  #: for how long; not known where the author does not say
    author: str  #: who published it
    weighted: bool  #: whether it was multiplied by how probable the scenario is
    row: str  #: its row


ALL = "rare earths"
NAMES = {
    "Nd": "neodymium",
    "Pr": "praseodymium",
    "Dy": "dysprosium",
    "Tb": "terbium",
    "Sm": "samarium",
}
"""Words for those in magnets."""


def published_sizes(store: Store) -> tuple[PublishedSize, ...]:
    """Return the published sizes of loss of rare earths, and of those in magnets."""
    return tuple(
        each.to(
            PublishedSize,
            market=each["market_name"],
            goods=each["goods"].partition(",")[0],
            size=_size(each),
            horizon=each["lasts"] or NOT_KNOWN,
            weighted=each.flag("probability_weighted"),
        )
        for each in ask(store, "published-losses")
        if each["goods"].lower().startswith((ALL, *NAMES.values()))
    )


def sizes_for(
    sizes: Iterable[PublishedSize], markets: Collection[str], elements: Collection[str]
) -> tuple[PublishedSize, ...]:
    """Return the sizes that are of some markets, and of some elements or of all rare earths."""
    goods = (ALL, *(name for symbol, name in NAMES.items() if symbol in elements))
    return tuple(x for x in sizes if x.market in markets and x.goods.lower().startswith(goods))


def _number(text: str) -> str:
    if not text:
        return ""
    return whole(float(text)) if abs(float(text)) >= 100 else exact(float(text))


def _size(each: QueryRecord) -> str:
    percent = bool(each["percent"] or each["percent_low"] or each["percent_high"])
    names = ("percent", "percent_low", "percent_high") if percent else ("value", "low", "high")
    middle, low, high = (_number(each[name]) for name in names)
    unit = "%" if percent else each["unit"]
    ends = f"{low} to {high}" if low and high else ""
    if not middle:
        lone = f"at least {low}" if low else f"at most {high}"
        return f"{ends or lone} {unit}"
    return f"{middle} {unit}" + (f" ({ends})" if ends else "")


EXPORTS = "exports of China"
IMPORTS = "imports of Japan from China"
QUOTA = "quota alone"
EMBARGO = "embargo alone"
BACK = "no rule"
_SERIES = {EXPORTS: ("rare-earth-exports", "WLD"), IMPORTS: ("rare-earth-imports", "JPN")}
_FROM, _UNTIL = "2010-01", "2010-12"
_FIRST = "2010-09"
_HALF_YEAR = 6


class ReconstructedMonth(Struct):
    """One month of one series by one cause alone; tonnes."""

    series: str  #: whose months
    cause: str  #: quota alone, embargo alone, or no rule
    month: str
    tonnes: float  #: what the cause alone would have left
    low: float  #: the least over the range of days between the two series
    high: float  #: the most
    happened: float  #: what was printed
    row: str  #: the row that prints it


class Reconstruction(Struct):
    """What quota and embargo would have left, each alone."""

    base: float  #: exports of a month before the embargo, tonnes
    japan: float  #: imports of Japan from China of a month before it, tonnes
    quota: float | None  #: the quota of the second half year, tonnes; None where it is not known
    over_quota: float | None  #: exports of the year over its quota; None where one is not known
    months: tuple[ReconstructedMonth, ...]
    scores: tuple[MethodScore, ...]
    rows: tuple[str, ...]


def reconstruct_2010(
    figures: Sequence[MonthFigure],
    quotas: Mapping[str, tuple[float, str]],
    embargo: tuple[str, str],
    arrival: Amount,
) -> Reconstruction | None:
    """Run the quota and the embargo of 2010 apart, with nothing fitted.

    The base is the mean of the months before the embargo, which holds back Japan's part on all
    its days; the quota is spread evenly over its half year. Japan's imports follow later.
    """
    known = {
        name: months_known(each for each in chosen(figures, series, place) if each.goods == ALL)
        for name, (series, place) in _SERIES.items()
    }
    first, last, seen = (month_of(each) for each in (_FROM, _UNTIL, _FIRST))
    before = {EXPORTS: range(first, seen + 1), IMPORTS: range(first, seen)}
    if any(month not in known[name] for name, months in before.items() for month in months):
        return None
    means = {
        name: fsum(known[name][month].tonnes for month in months) / len(months)
        for name, months in before.items()
    }
    half, year = quotas.get("second-half"), quotas.get("full-year")
    span_of_year = range(first, last + 1)
    lengths = [days_in(month) for month in span_of_year]
    causes = _daily_causes(means, half[0] if half else None, embargo, first, lengths)
    lines = []
    for name in _SERIES:
        printed = measured(known[name])
        lags = span(arrival) if name == IMPORTS else (0.0,)  # imports come later
        for cause, daily in causes[name].items():
            tried = [
                by_month(daily[:1] * days + daily[: len(daily) - days], lengths)
                for days in map(round, lags)
            ]
            for month, middle, *column in zip(span_of_year, tried[0], *tried, strict=True):
                if month in printed and month >= seen:
                    told = (middle, min(column), max(column), printed[month])
                    row = known[name][month].rows[0]
                    lines.append(ReconstructedMonth(name, cause, month_text(month), *told, row))
    total = fsum(known[EXPORTS][month].tonnes for month in span_of_year)
    rows = {row for name, months in before.items() for m in months for row in known[name][m].rows}
    rows |= {each[1] for each in (half, year) if each}
    return Reconstruction(
        means[EXPORTS],
        means[IMPORTS],
        half[0] if half else None,
        total / year[0] if year else None,
        tuple(lines),
        _scores(lines, means),
        tuple(sorted(rows)),
    )


def _daily_causes(
    means: Mapping[str, float],
    half: float | None,
    embargo: tuple[str, str],
    first: int,
    lengths: Sequence[int],
) -> Mapping[str, dict[str, list[float]]]:
    """What each cause leaves on each day of the year, of both series, without a lag."""
    rate = {name: spread([mean] * len(lengths), lengths) for name, mean in means.items()}
    start, end = (day_in(day, first) for day in embargo)
    held_back = [daily if start <= day <= end else 0.0 for day, daily in enumerate(rate[IMPORTS])]
    found = {
        name: {BACK: [*daily], EMBARGO: [x - y for x, y in zip(daily, held_back, strict=True)]}
        for name, daily in rate.items()
    }
    if half is not None:
        turn = sum(lengths[:_HALF_YEAR])
        part = min(1.0, half / (means[EXPORTS] * _HALF_YEAR))
        for name, daily in rate.items():
            found[name][QUOTA] = [
                each * (part if day >= turn else 1.0) for day, each in enumerate(daily)
            ]
    return found


def _scores(
    lines: Sequence[ReconstructedMonth], means: Mapping[str, float]
) -> tuple[MethodScore, ...]:
    """Score each cause against no rule, on either series."""
    told = [
        MonthForecast(
            *(RECONSTRUCTION, "", x.series, x.cause, x.month),
            *(x.tonnes, x.low, x.high, x.happened, means[x.series]),
        )
        for name, cause in product(_SERIES, (BACK, QUOTA, EMBARGO))
        for x in lines
        if (x.series, x.cause) == (name, cause)
    ]
    return scores_of(told, reference=BACK)
