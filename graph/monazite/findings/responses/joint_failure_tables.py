"""Pairs of things that fail together, as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict

from monazite.findings.losses.tables import signed
from monazite.findings.responses.joint_failures import POINT, Pairs
from monazite.tables import Table, percent


def pair_table(pairs: Pairs, *, top: int | None = None) -> Table:
    """Return pairs as a table.

    Args:
        pairs: as ``find_pairs`` gives them.
        top: how many to print; all if None.
    """
    return Table(
        heading="What costs more together than apart",
        columns=("one", "other", "loss", "apart", "excess, points", "row"),
        rows=[
            [
                *each.labels,
                signed(each.loss),
                signed(each.apart),
                f"{100 * each.excess:.0f}",
                each.rows[0] if each.rows else "",
            ]
            for each in pairs.found[:top]
        ],
        remarks=(_counted(pairs), "Apart: the two single losses added up, at most 100 %."),
        right=("loss", "apart", "excess, points"),
        spare=("row",),
    )


def pairs_dict(pairs: Pairs) -> dict[str, object]:
    """Return pairs as JSON: parts of 1."""
    return {
        "pairs": [asdict(each) for each in pairs.found],
        "things": pairs.things,
        "screened": pairs.screened,
        "solved": pairs.solved,
        "superadditive": pairs.superadditive,
    }


def _counted(pairs: Pairs) -> str:
    part = f" ({percent(pairs.superadditive / pairs.screened)})" if pairs.screened else ""
    return (
        f"Of {pairs.things} things that may fail, pairs that stand at one stage or sell to each "
        f"other: {pairs.screened}; {pairs.superadditive}{part} of them cost {percent(POINT)} or "
        "more beyond apart. Where a part of a thing does as much, it stands for the whole."
    )
