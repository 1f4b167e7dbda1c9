"""What the draws say of a chokepoint report: ranges, ranks, and what moves a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.losses.tables import ENOUGH, chokepoints_csv, signed
from monazite.findings.uncertainty.sampling import (
    KEPT_PART,
    RESIDUAL_LIMIT,
    TOP_RANKS,
    Percentiles,
    Range,
)
from monazite.safe_text import in_tonnes
from monazite.tables import Table, percent
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.losses.result import Chokepoint
    from monazite.findings.uncertainty.draws import Draws

_HELD = (
    "An input is held at its end, the others are balanced around it. What then no record explains "
    "is assumed to continue, which lowers a loss."
)


def draws_tables(draws: Draws, top: int | None = None) -> list[Table]:
    """Return the ranges of the first lines of a report, and what moves those asked for."""
    return [_ranges(draws.report.chokepoints[:top], draws), *_moved(draws)]


def draws_csv(draws: Draws, top: int | None = None) -> Table:
    """Return the first lines of the report for a spreadsheet, with what the draws say of each."""
    report, numbers = draws.report, {x: numbers_of(y) for x, y in draws.ranges.items()}
    return chokepoints_csv(report if top is None else report.first(top), numbers)


def _ranges(lines: Sequence[Chokepoint], draws: Draws) -> Table:
    """Medians, and between what nine tenths of the draws lie."""
    columns = ("what", "loss", "median", "5 to 95 %", "rank", "ranks", "top five", "first half")
    rows = [
        [
            each.label,
            signed(each.loss),
            signed(found.loss.median),
            _ends(found.loss),
            f"{found.rank.median:.0f}",
            f"{found.rank.low:.0f} to {found.rank.high:.0f}",
            percent(found.top),
            f"{signed(found.half.median)}, {_ends(found.half)}",
        ]
        for each in [x for x in lines if x.id in draws.ranges]
        for found in [draws.ranges[each.id]]
    ]
    remarks = (
        f"Of {draws.count} random trials (seed {draws.seed}) {draws.rejected} were rejected: what "
        "they "
        f"leave over or miss is more than {percent(draws.limit)} of what the stages take"
        f"{_nearest(draws)}.{_few(draws)}",
        f"{draws.inputs} inputs were drawn together by a Latin hypercube, each from a triangle "
        "between its ends with its value on top; each trial is then balanced as the report is.",
        *_taken(draws),
        f"Ranks: equal whole percents share one; the top {TOP_RANKS} without what loses nothing.",
        f"The medians of the first half of the trials lie within {100 * draws.apart:.1f} points of "
        "those of all; differences below about two points are noise.",
    )
    right = ("loss", "median", "rank", "top five")
    return Table("By random trials", columns, rows, remarks, right=right, spare=("first half",))


def _taken(draws: Draws) -> Iterable[str]:
    """What the market takes in the draws."""
    if draws.taken is not None:
        low, median, high = (
            in_tonnes(x) for x in (draws.taken.low, draws.taken.median, draws.taken.high)
        )
        yield (
            f"By the split of trade that was drawn with them {named(draws.report.market_label)} "
            f"takes {median} of magnets in the median trial, and {low} to {high} in nine of ten."
        )


def _few(draws: Draws) -> str:
    kept = draws.count - draws.rejected
    if kept >= ENOUGH:
        return ""
    return f" Only {kept} trials kept: too few for 5 and 95 %; run more."


def _nearest(draws: Draws) -> str:
    """That draws were kept which do not close: their losses are those of a balance with holes."""
    if draws.limit <= RESIDUAL_LIMIT:
        return ""
    return (
        f", as fewer than {percent(KEPT_PART)} of them come within "
        f"{percent(RESIDUAL_LIMIT)}: those that come nearest are kept, and their ranges "
        "lean on a balance that does not close"
    )


def _ends(spread: Percentiles) -> str:
    return f"{signed(spread.low)} to {signed(spread.high)}"


def _moved(draws: Draws) -> Iterable[Table]:
    """What moves a line most, one input at a time."""
    labels = {each.id: each.label for each in draws.report.chokepoints}
    columns = ("input", "low end", "high end", "loss at low", "loss at high", "points", "row")
    for line, found in draws.moved.items():
        rows = [
            [
                draws.texts[each.name],
                *(f"{end:.4g}" for end in (each.amount.low, each.amount.high)),
                *(signed(loss) for loss in (each.at_low, each.at_high)),
                f"{round(100 * each.at_high) - round(100 * each.at_low):+d}",
                each.name,
            ]
            for each in found
        ]
        remark = _HELD if rows else "No input moves it by half a point by itself."
        heading = f"What moves {labels[line]}, one input at a time from its low to its high end"
        right = columns[1:-1]
        yield Table(heading, columns, rows, (remark,), right, ("row",))


def draws_dict(draws: Draws) -> dict[str, object]:
    """Return the draws as JSON."""
    return {
        "count": draws.count,
        "seed": draws.seed,
        "rejected": draws.rejected,
        "limit": draws.limit,
        "inputs": draws.inputs,
        "first_half_apart": draws.apart,
        "taken": None if draws.taken is None else asdict(draws.taken),
        "lines": [{"id": key, **numbers_of(found)} for key, found in draws.ranges.items()],
        "sensitivities": [
            {
                "id": line,
                "input": each.name,
                "text": draws.texts[each.name],
                "low": each.amount.low,
                "high": each.amount.high,
                "loss_at_low": each.at_low,
                "loss_at_high": each.at_high,
            }
            for line, found in draws.moved.items()
            for each in found
        ],
    }


def numbers_of(found: Range) -> dict[str, float]:
    """The numbers of a line's draws, as columns and keys."""
    spreads = {"drawn_loss": found.loss, "first_half": found.half, "drawn_rank": found.rank}
    numbers = {
        f"{name}_{end}": value
        for name, spread in spreads.items()
        for end, value in zip(
            ("median", "p05", "p95"), (spread.median, spread.low, spread.high), strict=True
        )
    }
    return numbers | {"top_five": found.top}
