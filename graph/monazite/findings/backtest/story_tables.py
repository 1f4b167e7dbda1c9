"""What stands beside the scores: the text alone, allocation, destinations, causes, other sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import fsum
from typing import TYPE_CHECKING

from monazite.safe_text import NOT_KNOWN, counted, error_percent, exact_percent
from monazite.tables import Table, percent

if TYPE_CHECKING:
    from monazite.findings.backtest.backtest import Backtest
    from monazite.findings.backtest.published_sizes import PublishedSize
    from monazite.findings.backtest.text_alone import TextMonth
    from monazite.result import Assumption

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
    return f"+{percent(part)}" if part > 0 else percent(part)


def _signed(number: float) -> str:
    return f"{round(number) + 0:+,d}" if round(number) else "0"


def _ranged(assumed: Assumption) -> str:
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
        f"Assumed: the text covers {_ranged(scope)} of tonnes. The 45 working days of each "
        f"licence are {_ranged(review)} days. The range is over both, and over three bases.",
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
            [each.base, f"{each.lost:,.0f}", f"{each.brought_back:+,.0f}", percent(each.part)]
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
                percent(each.in_proportion),
                percent(each.home_first),
                percent(each.happened),
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
