"""Pairs of things that fail together, as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.losses.tables import signed
from monazite.tables import Table, percent

if TYPE_CHECKING:
    from monazite.findings.responses.joint_failures import JointFailures

PERCENTAGE_POINT = 0.01
"""The least excess that is told: one point."""


def pair_table(found: JointFailures) -> Table:
    """Return pairs as a table."""
    return Table(
        heading="Pairs that lose more than their two losses added",
        columns=("one", "other", "loss", "apart", "excess, points", "row"),
        rows=[
            [
                *each.labels,
                signed(each.loss),
                signed(each.apart),
                f"{100 * each.excess:.0f}",
                each.rows[0] if each.rows else "",
            ]
            for each in found
        ],
        remarks=(_counted(found), "Apart: the two single losses added up, at most 100 %."),
        right=("loss", "apart", "excess, points"),
        keys=("row",),
    )


def pairs_dict(found: JointFailures) -> dict[str, object]:
    """Return the pairs as JSON takes them."""
    return {
        "pairs": [asdict(each) for each in found],
        "things": found.things,
        "screened": found.screened,
        "solved": found.solved,
        "superadditive": found.superadditive,
    }


def _counted(found: JointFailures) -> str:
    part = f" ({percent(found.superadditive / found.screened)})" if found.screened else ""
    return (
        f"Of {found.things} things that may fail, pairs that stand at one stage or sell to each "
        f"other: {found.screened}; {found.superadditive}{part} of them cost "
        f"{percent(PERCENTAGE_POINT)} or more beyond apart. Where a part of a thing "
        "does as much, it stands for the whole."
    )
