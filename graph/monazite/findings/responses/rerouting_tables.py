"""Shifts as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from monazite.findings.responses.rerouting import REPORTED_PART, Shift
from monazite.network.shares import REST
from monazite.parameters import USE
from monazite.tables import Table, percent

_NOT_UNIQUE = (
    "The least change that serves what can be served; flows below pairs of countries, of sites "
    "and of "
    "countries inside the rest of the world, are not unique and are not told."
)


def shift_table(shifts: Sequence[Shift], what: str = "") -> Table:
    """Return shifts as a table.

    Args:
        shifts: as ``find_shifts`` gives them.
        what: what happens, for the heading: ``China separation stops``.
    """
    remarks = (
        f"Told: changes of more than {percent(REPORTED_PART)} of what the stage made in the "
        "base year.",
        _NOT_UNIQUE,
    )
    return Table(
        heading=f"Who makes and sells what{f', if {what}' if what else ''}",
        columns=("stage", "what", "from", "to", "that year, t", "after, t", "change, t"),
        rows=[
            [
                each.stage,
                each.what,
                place(each.seller),
                taker(each.stage, each.buyer),
                f"{each.base:,.0f}",
                f"{each.after:,.0f}",
                f"{round(each.after) - round(each.base):+,d}",
            ]
            for each in shifts
        ],
        remarks=remarks if shifts else ("Nothing changes by as much as a part in the hundred.",),
        right=("that year, t", "after, t", "change, t"),
    )


def shifts_dict(shifts: Sequence[Shift]) -> dict[str, object]:
    """Return shifts as JSON, in tonnes; an empty buyer is what the seller makes."""
    return {"shifts": [asdict(each) for each in shifts], "notes": [_NOT_UNIQUE]}


def place(pool: str) -> str:
    """Name a pool.

    >>> place("MYS"), place("ROW")
    ('MYS', 'rest of the world')
    """
    return "rest of the world" if pool == REST else pool


def taker(stage: str, buyer: str) -> str:
    """Name who buys; where nobody does it is made there, or used.

    >>> taker("metal", "JPN"), taker("metal", ""), taker("use", "")
    ('JPN', 'made there', 'used there')
    """
    return place(buyer) if buyer else "used there" if stage == USE else "made there"
