"""How plans of the past slipped, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.rows.dates import day_words
from monazite.tables import NOT_KNOWN, Table, percent

if TYPE_CHECKING:
    from monazite.findings.replacements.product_limit import Odds
    from monazite.findings.replacements.replacement import Replacement

_AFTER = (0, 1, 3, 5)


def slips_table(found: Replacement) -> Table:
    """Return how late plants of the past began, by stage."""
    rows = []
    for stage, curve in found.slips.curves.items():
        chances = [curve.begun(float(after)) for after in _AFTER]
        rows.append(
            [
                stage or "all stages",
                str(len(curve.delays)),
                str(sum(x.happened for x in curve.delays)),
                *(_odds(each) for each in chances),
            ]
        )
    return Table(
        heading="How plans of the past began",
        columns=(
            *("stage", "plans", "began", "on time"),
            *(f"{after} y late" for after in _AFTER[1:]),
        ),
        rows=rows,
        remarks=(
            "By the first date given for each plant, here or in any country, as seen on "
            f"{day_words(found.day)}. One of which no record says that it began is awaited.",
        ),
        details=(
            "In brackets the range that holds nine times in ten.",
            "Product-limit estimate of Kaplan and Meier.",
        ),
        right=("plans", "began", "on time", *(f"{after} y late" for after in _AFTER[1:])),
    )


def plans_table(found: Replacement) -> Table:
    """Return the plans that the odds come from."""
    return Table(
        heading="The plans that the odds come from",
        columns=("plant", "stage", "said", "to begin", "began", "years late", "row"),
        rows=[
            [
                each.label,
                each.stage or "whole",
                each.said,
                each.planned,
                each.began or ("given up" if each.given_up else "not yet"),
                f"{each.years:.1f}",
                each.rows[0],
            ]
            for each in found.slips.found
        ],
        keys=("row",),
        right=("years late",),
        long=True,
    )


def _odds(odds: Odds | None) -> str:
    if odds is None:
        return NOT_KNOWN
    if odds.low == odds.high:
        return percent(odds.value)
    return f"{percent(odds.value)} ({round(100 * odds.low)}-{round(100 * odds.high)})"
