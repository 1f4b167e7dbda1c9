"""A scenario as tables and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from monazite.findings.assumption_tables import assumed_table
from monazite.findings.backtest.story_tables import published_table
from monazite.findings.scenarios.headline import (
    is_spared,
    size_of,
    spread_cell,
    why_nothing_is_short,
    worst_month,
)
from monazite.findings.scenarios.told_names import NEGLIGIBLE, name_of
from monazite.result import own_content
from monazite.safe_text import counted, exact_percent
from monazite.tables import Table, percent

if TYPE_CHECKING:
    from monazite.findings.scenarios.outcome import MonthSupply, ScenarioResult, UseTotal
    from monazite.findings.uncertainty.spans import Span

ADDING = ("new-capacity", "reopen", "stockpile")
"""Shocks that add something; what they leave is no question."""
STANDING = 0.05
"""Where fewer firms of a class stand still in a month, the month is not counted as a stop."""
USE_COLUMNS = (
    *("market", "product", "lacking", "5-95 %", "worst month", "from", "until", "short"),
    *("over all", "wanted"),
)
"""What a line of use tells."""
USE_RIGHT = ("lacking", "5-95 %", "short", "over all", "wanted")
UNTOLD = (
    f"From and until leave out months with less than {exact_percent(NEGLIGIBLE)} lacking.",
    "Lacking is the part of the worst month's use; short is tonnes over all months.",
)
"""What the columns of use hold."""
DRAWN = "Each random trial has a worst month and an end of its own: the ranges are of these."
"""What their ranges are of."""


def scenario_dict(found: ScenarioResult) -> dict[str, object]:
    """Return a scenario as JSON has it."""
    content = own_content(found)
    content["calendar"] = content.pop("months")
    content["months"] = content.pop("supply")
    content["published"] = [asdict(each) for each in found.published]
    content["assumptions"] = [asdict(each) for each in found.assumptions]
    content["notes"] = list(found.notes)
    return content


def short_tables(found: ScenarioResult) -> list[Table]:
    """Return what markets do without, firms that stop and the rules."""
    return [
        _market_table(found),
        *([_firm_table(found)] if _stops(found) else []),
        _rule_table(found),
    ]


def scenario_tables(found: ScenarioResult) -> list[Table]:
    """Return all tables of a scenario."""
    return [
        *short_tables(found),
        *(_month_table(found), _stock_table(found), _limit_table(found)),
        *(
            [replace(published_table(found.published, found.sources), long=True)]
            if found.published
            else []
        ),
        *([assumed_table(found.assumptions)] if found.assumptions else []),
    ]


def _market_table(found: ScenarioResult) -> Table:
    over = f"of {counted(len(found.months), 'month')}"
    table = Table(
        heading=f"{found.title}: what users would do without",
        columns=tuple(over if name == "over all" else name for name in USE_COLUMNS),
        rows=summary_rows(found),
        remarks=(
            *_spared(found),
            *filter(None, [found.description]),
            *column_notes(found),
            *(x for x in found.notes if not _of_policy(x, found)),
        ),
        details=tuple(x for x in found.notes if _of_policy(x, found)),
        right=tuple(over if name == "over all" else name for name in USE_RIGHT),
        spare=("wanted", over, "from", "until"),
    )
    return _ranged(table, found)


def _spared(found: ScenarioResult) -> tuple[str, ...]:
    """Why nobody goes short, where nobody does."""
    if any(x.part_short.middle >= NEGLIGIBLE for x in found.supply):
        return ()
    told = f"{why_nothing_is_short(found)}."
    if not is_spared(found):  # in some trials somebody goes short, and stocks are still the reason
        told = f"By the middle of the trials {told[0].lower()}{told[1:]}"
    return (told,)


def _ranged(table: Table, found: ScenarioResult) -> Table:
    """The table, without the column of the range where no trial was made."""
    return table if found.trials is not None else table.without("5-95 %")


def _of_policy(note: str, found: ScenarioResult) -> bool:
    """Whether a note says what could not be read of a policy: the full report tells it."""
    return any(each.policy and note.startswith(f"{each.policy}: ") for each in found.rules)


def summary_rows(found: ScenarioResult) -> list[list[str]]:
    """Return a line for each market and product: what it wants and does without, and when."""
    return [
        [
            found.named(each.market),
            name_of(each.product),
            *_summary(each, found.of(each.market, each.product)),
        ]
        for each in found.totals
    ]


def column_notes(*found: ScenarioResult) -> tuple[str, ...]:
    """Return what the columns of a line of use hold."""
    return (*UNTOLD, *([DRAWN] if any(each.trials is not None for each in found) else []))


def _summary(total: UseTotal, months: Sequence[MonthSupply]) -> list[str]:
    most = total.most_short
    first = next((x.month for x in months if x.part_short.middle >= NEGLIGIBLE), "")
    worst = worst_month(months).month if max(size_of(most)) >= NEGLIGIBLE else ""
    return [
        *(percent(most.middle), spread_cell(most)),
        *(worst, first, total.until.cell, f"{total.short.middle:,.0f} t"),
        *(percent(total.part_short.middle), f"{total.wanted:,.0f} t"),
    ]


def _stops(found: ScenarioResult) -> bool:
    return any(each.stopped.middle >= NEGLIGIBLE for each in found.firms)


def _firm_table(found: ScenarioResult) -> Table:
    keys = dict.fromkeys((x.market, x.product, x.days, x.share) for x in found.firms)
    rows = []
    for market, product, days, share in keys:
        of_class = [
            x
            for x in found.firms
            if (x.market, x.product, x.days, x.share) == (market, product, days, share)
        ]
        most = max((x.stopped for x in of_class), key=size_of)
        if most.middle >= NEGLIGIBLE:
            hit = [x.month for x in of_class if x.stopped.middle >= STANDING]
            rows.append(
                [
                    *(found.named(market), name_of(product), f"{days:.0f}", exact_percent(share)),
                    *(percent(most.middle), spread_cell(most)),
                    *((hit[0], hit[-1]) if hit else ("", "")),
                ]
            )
    columns = ("market", "product", "days", "of use", "stopped at most", "5-95 %", "from", "until")
    table = Table(
        heading="Firms that would stop, by days of stock",
        columns=columns,
        rows=rows,
        remarks=(
            "How much stock firms hold is assumed: reports run from two weeks to a year.",
            f"From and until leave out months with less than {exact_percent(STANDING)} stopped.",
        ),
        right=("days", "of use", "stopped at most", "5-95 %"),
    )
    return _ranged(table, found)


def _rule_table(found: ScenarioResult) -> Table:
    rows = [
        [
            *(each.id, each.kind, each.label, each.begins, each.ends or "stays"),
            "" if each.kind in ADDING else _left(each.kind, [part for _, part in each.passes]),
        ]
        for each in found.rules
    ]
    return Table(
        heading="Rules and shocks",
        columns=("shock", "kind", "what", "from", "until", "least part left"),
        rows=rows,
        right=("least part left",),
        spare=("shock",),
    )


def _left(kind: str, parts: Sequence[float]) -> str:
    """The least part that passes or is left; of demand that grows, the most, called so."""
    least, most = min(parts, default=1.0), max(parts, default=1.0)
    if kind == "demand" and most > 1:
        return f"demand up to {exact_percent(most)}"
    return percent(least) if least < 1 else exact_percent(most)


def _month_table(found: ScenarioResult) -> Table:
    rows = [
        [
            *(
                each.month,
                found.named(each.market),
                name_of(each.product),
                f"{each.wanted.middle:,.1f}",
            ),
            *(f"{each.supplied.middle:,.1f}", f"{each.short.middle:,.1f}"),
            *(_end(each.short.low), _end(each.short.high), percent(each.part_short.middle)),
        ]
        for each in found.supply
    ]
    return Table(
        heading="Tonnes by month",
        columns=(
            "month",
            "market",
            "product",
            "wanted",
            "supplied",
            "short",
            "5 %",
            "95 %",
            "part",
        ),
        rows=rows,
        right=("wanted", "supplied", "short", "5 %", "95 %", "part"),
        long=True,
    )


def _stock_table(found: ScenarioResult) -> Table:
    rows = [
        [
            *(each.month, found.named(each.place), each.where, each.stage, each.what),
            *(f"{each.tonnes.middle:,.1f}", f"{each.cover.middle:.2f}"),
        ]
        for each in found.stocks
    ]
    return Table(
        heading="Stocks at the end of the month",
        columns=("month", "place", "where", "stage", "what", "tonnes", "months of use"),
        rows=rows,
        right=("tonnes", "months of use"),
        long=True,
    )


def _limit_table(found: ScenarioResult) -> Table:
    rows = [
        [
            *(each.month, percent(each.short), ", ".join(each.limits)),
            ", ".join(map(found.named, each.cut)),
        ]
        for each in found.limits
    ]
    return Table(
        heading="What would run short, and who would do without",
        columns=("month", "world short", "runs short", "who does without"),
        rows=rows,
        right=("world short",),
        long=True,
    )


def supply_csv(found: ScenarioResult) -> Table:
    """Return a line for each month, market and product, with bare numbers.

    The worst part and the last month are of all months of the market and product.
    """
    names = ("wanted", "supplied", "short", "most_short", "until")
    totals = {(each.market, each.product): each for each in found.totals}
    rows = []
    for each in found.supply:
        total = totals[each.market, each.product]
        spans = (each.wanted, each.supplied, each.short, total.most_short)
        until = total.until
        rows.append(
            [
                *(found.id, each.month, each.market, each.product),
                *(_bare(end) for span in spans for end in _ends(span)),
                *(until.middle, until.low or "", until.high or ""),
            ]
        )
    columns = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    return Table("", ("scenario", "month", "market", "product", *columns), rows)


def _ends(span: Span) -> tuple[float, float | None, float | None]:
    return span.middle, span.low, span.high


def _bare(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


def _end(number: float | None) -> str:
    return "" if number is None else f"{number:,.1f}"
