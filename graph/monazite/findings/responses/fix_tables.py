"""The cheapest fixes of an outage, as tables, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monazite.findings.losses.headline import product_names
from monazite.findings.losses.tables import signed
from monazite.findings.responses.rerouting_tables import place
from monazite.findings.routes.tables import heading_of
from monazite.parameters import MINE
from monazite.result import own_content
from monazite.safe_text import tonnes
from monazite.tables import Table, percent

if TYPE_CHECKING:
    from monazite.findings.responses.fixes import Fix, Fixes

_PLAIN_CURVE = ("stage", "pool", "mix", "tonnes", "loss", "loss_free_trade")
_FIXES = (
    *("what is added", "where", "halves the loss", "brings half back", "loss left"),
    *("then short", "free trade"),
)
_CURVES = 3
"""Curves that are printed; CSV and JSON have all."""


def fixes_dict(fixes: Fixes) -> dict[str, object]:
    """Return the fixes as JSON takes them: losses and parts 0 to 1, amounts in tonnes."""
    own = own_content(fixes)
    del own["market_label"], own["clause"]
    return {
        **own,
        "assumptions": [each.row for each in fixes.assumptions],
        "notes": list(fixes.notes),
    }


def fixes_csv(fixes: Fixes) -> Table:
    """Return the curves as one table of plain values, for CSV."""
    return Table("", _PLAIN_CURVE, [row for fix in fixes.fixes for row in _plain_curve(fix)])


def fixes_tables(fixes: Fixes) -> list[Table]:
    """Return what can be added, and the first curves."""
    of = heading_of(fixes.element, fixes.market_label)
    limited = f", {', '.join(fixes.limited_by)} short" if fixes.limited_by else ""
    product = product_names(fixes.product, fixes.element)[1]
    table = Table(
        heading=f"{of}: the cheapest fixes if {fixes.clause}",
        columns=_FIXES,
        rows=[_fix(fix) for fix in fixes.fixes],
        remarks=(
            f"Without a remedy {signed(fixes.loss)} of {product} would be lost in {fixes.year}, "
            f"{fixes.horizon.replace('-', ' ')}{limited}.",
            f"{fixes.tried} additions were tried.",
            "Half back: of what an addition can bring back. Free trade: further points that it "
            "would bring.",
            *fixes.notes,
        ),
        right=("halves the loss", "brings half back", "loss left", "free trade"),
    )
    return [table, *(_curve_table(fix) for fix in fixes.fixes[:_CURVES])]


def _plain_curve(fix: Fix) -> Iterable[list[str]]:
    mix = ";".join(f"{name} {part:.6g}" for name, part in fix.mix.items())
    for point in fix.points:
        numbers = (point.tonnes, point.loss, point.unbound)
        yield [fix.stage, fix.pool, mix, *(f"{number:.6g}" for number in numbers)]


def _fix(fix: Fix) -> list[str]:
    short = f"{', '.join(fix.then_by)} at {fix.then}" if fix.then else "nothing"
    return [
        _mix(fix),
        _where(fix),
        _tonnes(fix.halves),
        _tonnes(fix.half_back),
        signed(fix.best),
        short,
        f"{round(100 * fix.borders)}",
    ]


def _curve_table(fix: Fix) -> Table:
    return Table(
        heading=f"{_mix(fix)} added at {_where(fix)}",
        columns=("tonnes added", "loss", "loss if trade were free"),
        rows=[
            [tonnes(point.tonnes), signed(point.loss), signed(point.unbound)]
            for point in fix.points
        ],
        right=("tonnes added", "loss", "loss if trade were free"),
    )


def _mix(fix: Fix) -> str:
    """What a tonne is of, the largest part first."""
    ore = " in ore" if fix.stage == MINE else ""
    if len(fix.mix) == 1:
        return f"{next(iter(fix.mix))}{ore}"
    parts = sorted(fix.mix.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {percent(part)}" for name, part in parts) + ore


def _where(fix: Fix) -> str:
    new = f", new for {', '.join(fix.new)}" if fix.new else ""
    return f"{fix.stage}, {place(fix.pool)}{new}"


def _tonnes(amount: float | None) -> str:
    return "never" if amount is None else f"{tonnes(amount)} t"
