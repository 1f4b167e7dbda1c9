"""Contingencies as a table, as JSON and as CSV; with their draws where they were made."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.findings.contingencies import Contingencies, Contingency
from monazite.findings.draws import Draws
from monazite.findings.ranges import LIMIT, TOP, Range, Spread
from monazite.pages.report import Table, percent

EVENTS = {
    "outage": "stops",
    "embargo": "sells nothing abroad",
    "licence": "sells what is approved",
}

_HELD = (
    "An input is held at its end, the others are balanced around it. What then no row explains "
    "is taken to be there after the event too, which lowers a loss."
)


def contingency_tables(
    report: Contingencies, *, top: int, assumptions: bool, draws: Draws | None = None
) -> list[Table]:
    """Return the report as tables.

    Args:
        report: the contingencies.
        top: how many lines to print.
        assumptions: print the assumptions too.
        draws: what the draws say, if they were made.
    """
    columns = (
        *("rank", f"what {EVENTS[report.event]}", "loss", "range", "alone", "limited by"),
        *("share", "remark", "row"),
    )
    rows = [_row(each) for each in report.found[:top]]
    whose = "the world" if report.market == "WLD" else report.market_label
    heading = (
        f"{report.title}: {report.product} that {whose} loses of {report.served:,.0f} t in "
        f"{report.year}, {report.horizon.name.replace('-', ' ')}"
    )
    unexplained = ", ".join(f"{stage} {part:.0%}" for stage, part in report.unexplained.items())
    remarks = (
        f"Trade up to {report.horizon.trade:g} times the base year, throughput up to "
        f"{report.horizon.throughput:g} times; no new pairs of countries.",
        f"Of what the stages take, no row explains: {unexplained}.",
        f"Every loss rests on {len(report.rows)} rows of output, trade and assays (JSON names "
        f"them) and on assumptions (--assumptions){_bought(report)}; a line's row gives its share.",
        *report.notes,
    )
    table = Table(
        heading, columns, rows, remarks, right=("loss", "alone", "share"), spare=("row", "remark")
    )
    drawn = [] if draws is None else [_draws(report, draws, top), *_moved(report, draws)]
    return [table, *drawn, *([_assumptions(report)] if assumptions else [])]


def _draws(report: Contingencies, draws: Draws, top: int) -> Table:
    """Medians, and between what nine tenths of the draws lie."""
    columns = ("what", "loss", "median", "5 to 95 %", "rank", "ranks", "top five", "first half")
    rows = [
        [
            each.label,
            _signed(each.loss),
            _signed(found.loss.median),
            _ends(found.loss),
            f"{found.rank.median:.0f}",
            f"{found.rank.low:.0f} to {found.rank.high:.0f}",
            percent(found.top),
            f"{_signed(found.half.median)}, {_ends(found.half)}",
        ]
        for each in report.found[:top]
        for found in [draws.ranges[each.id]]
    ]
    remarks = (
        f"Of {draws.count} draws (seed {draws.seed}) {draws.rejected} were rejected: what they "
        f"leave over or miss is more than {100 * LIMIT:.0f} % of what the stages take.",
        f"{draws.inputs} inputs were drawn together by a Latin hypercube, each from a triangle "
        "between its ends with its value on top; each draw is then balanced as the report is.",
        f"Ranks: equal whole percents share one; the top {TOP} without what loses nothing.",
        f"The medians of the first half of the draws lie within {100 * draws.apart:.1f} points of "
        "those of all; differences below about two points are noise.",
    )
    right = ("loss", "median", "rank", "top five")
    return Table("By draws", columns, rows, remarks, right=right, spare=("first half",))


def _ends(spread: Spread) -> str:
    return f"{_signed(spread.low)} to {_signed(spread.high)}"


def _moved(report: Contingencies, draws: Draws) -> Iterable[Table]:
    """What moves a line most, one input at a time."""
    labels = {each.id: each.label for each in report.found}
    columns = ("input", "low end", "high end", "loss at low", "loss at high", "points", "row")
    for line, found in draws.moved.items():
        rows = [
            [
                draws.texts[each.name],
                *(f"{end:.4g}" for end in (each.amount.low, each.amount.high)),
                *(_signed(loss) for loss in (each.at_low, each.at_high)),
                f"{round(100 * each.moved):+d}",
                each.name,
            ]
            for each in found
        ]
        remark = _HELD if rows else "No input moves it by half a point by itself."
        heading = f"What moves {labels[line]}, one input at a time from its low to its high end"
        right = columns[1:-1]
        yield Table(heading, columns, rows, (remark,), right, ("row",))


def _bought(report: Contingencies) -> str:
    """Name a row that says from where the market buys."""
    rows = report.market_rows
    return f"; from where the market buys: {rows[0]} +{len(rows) - 1}" if rows else ""


def _row(each: Contingency) -> list[str]:
    return [
        str(each.rank),
        each.label,
        _signed(each.loss),
        f"{_signed(each.low)} to {_signed(each.high)}",
        "" if each.alone is None else _signed(each.alone),
        ", ".join(each.limited_by),
        percent(each.share),
        each.remark,
        each.rows[0] if each.rows else "",
    ]


def _signed(part: float) -> str:
    """Whole percents; less than nothing is a gain.

    >>> _signed(0.285), _signed(-0.02), _signed(-0.001)
    ('28 %', '-2 %', '0 %')
    """
    return f"{round(100 * part) + 0:d} %"


def _assumptions(report: Contingencies) -> Table:
    rows = [
        [text, f"{value.value:g}", f"{value.low:g} to {value.high:g}", reason, row]
        for row, text, value, reason in report.assumptions
    ]
    return Table("Assumptions", ("what", "value", "range", "why", "row"), rows, spare=("why",))


def contingencies_csv(report: Contingencies, draws: Draws | None = None) -> Table:
    """Return all lines as one table for a spreadsheet."""
    drawn = {} if draws is None else {key: _numbers(found) for key, found in draws.ranges.items()}
    columns = (
        *("rank", "id", "what", "kind", "event", "horizon", "market", "element", "year"),
        *("loss", "loss_low", "loss_high", "loss_alone", "limited_by", "share", "coverage"),
        *("remark", "rows"),
        *(next(iter(drawn.values()), {})),
    )
    rows = [
        [
            *(str(each.rank), each.id, each.label, each.kind, each.event),
            *(report.horizon.name, report.market, report.element, str(report.year)),
            *(f"{value:.6g}" for value in (each.loss, each.low, each.high)),
            "" if each.alone is None else f"{each.alone:.6g}",
            ";".join(each.limited_by),
            *("" if part is None else f"{part:.6g}" for part in (each.share, each.coverage)),
            each.remark,
            ";".join(each.rows),
            *(f"{number:.6g}" for number in drawn.get(each.id, {}).values()),
        ]
        for each in report.found
    ]
    return Table("", columns, rows)


def contingencies_dict(report: Contingencies, draws: Draws | None = None) -> dict[str, object]:
    """Return the report as JSON; parts of 1, null is not known."""
    return _report_dict(report) if draws is None else _with_draws(_report_dict(report), draws)


def _with_draws(report: dict[str, object], draws: Draws) -> dict[str, object]:
    return report | {
        "draws": {
            "count": draws.count,
            "seed": draws.seed,
            "rejected": draws.rejected,
            "limit": LIMIT,
            "inputs": draws.inputs,
            "first_half_apart": draws.apart,
            "lines": [{"id": key, **_numbers(found)} for key, found in draws.ranges.items()],
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
    }


def _numbers(found: Range) -> dict[str, float]:
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


def _report_dict(report: Contingencies) -> dict[str, object]:
    return {
        "element": report.element,
        "market": report.market,
        "year": report.year,
        "event": report.event,
        "approval": report.approval if report.event == "licence" else None,
        "horizon": {
            "name": report.horizon.name,
            "trade": report.horizon.trade,
            "throughput": report.horizon.throughput,
        },
        "product": report.product,
        "served_tonnes": report.served,
        "unexplained": dict(report.unexplained),
        "contingencies": [
            {
                "rank": each.rank,
                "id": each.id,
                "label": each.label,
                "kind": each.kind,
                "loss": each.loss,
                "loss_low": each.low,
                "loss_high": each.high,
                "loss_alone": each.alone,
                "limited_by": list(each.limited_by),
                "share": each.share,
                "coverage": each.coverage,
                "remark": each.remark,
                "rows": list(each.rows),
            }
            for each in report.found
        ],
        "assumptions": [
            {
                "row": row,
                "text": text,
                "value": value.value,
                "low": value.low,
                "high": value.high,
                "reason": reason,
            }
            for row, text, value, reason in report.assumptions
        ],
        "notes": list(report.notes),
        "rows": list(report.rows),
    }
