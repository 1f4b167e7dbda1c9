"""Contingencies as a table, as JSON and as CSV."""

from __future__ import annotations

from monazite.findings.contingencies import Contingencies, Contingency
from monazite.pages.report import Table, percent

EVENTS = {
    "outage": "stops",
    "embargo": "sells nothing abroad",
    "licence": "sells what is approved",
}


def contingency_tables(report: Contingencies, *, top: int, assumptions: bool) -> list[Table]:
    """Return the report as tables.

    Args:
        report: the contingencies.
        top: how many lines to print.
        assumptions: print the assumptions too.
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
        *report.notes,
    )
    table = Table(
        heading, columns, rows, remarks, right=("loss", "alone", "share"), spare=("row", "remark")
    )
    return [table, _assumptions(report)] if assumptions else [table]


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


def contingencies_csv(report: Contingencies) -> Table:
    """Return all lines as one table for a spreadsheet."""
    columns = (
        *("rank", "id", "what", "kind", "event", "horizon", "market", "element", "year"),
        *("loss", "loss_low", "loss_high", "loss_alone", "limited_by", "share", "coverage"),
        *("remark", "rows"),
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
        ]
        for each in report.found
    ]
    return Table("", columns, rows)


def contingencies_dict(report: Contingencies) -> dict[str, object]:
    """Return the report as JSON; parts of 1, null is not known."""
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
    }
