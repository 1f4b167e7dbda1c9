"""Shifts as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from monazite.findings.responses.rerouting import REPORTED_PART, Shift
from monazite.network.shares import REST
from monazite.parameters import USE
from monazite.result import Frozen
from monazite.tables import Table, percent

_NOT_UNIQUE = (
    "The least change that serves what can be served. Flows of sites, and of countries inside the "
    "rest of the world, are not unique and are not told."
)
_ORE = "ore of "


def shift_table(
    shifts: Sequence[Shift], what: str = "", names: Mapping[str, str] = Frozen()
) -> Table:
    """Return shifts as a table."""
    remarks = (
        f"Told: changes of more than {percent(REPORTED_PART)} of what the stage made that year.",
        _NOT_UNIQUE,
    )
    return Table(
        heading=f"Who makes and sells what{f', if {what}' if what else ''}",
        columns=("stage", "what", "from", "to", "that year, t", "after, t", "change, t"),
        rows=[
            [
                each.stage,
                goods(each.what, names),
                place(each.seller, names),
                taker(each.stage, each.buyer, names),
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


def goods(what: str, names: Mapping[str, str]) -> str:
    """Name goods; ore after where it lies.

    >>> goods("ore of pit", {"pit": "Pit mine"}), goods("Dy", {})
    ('ore of Pit mine', 'Dy')
    """
    ore = what.removeprefix(_ORE)
    return f"{_ORE}{names.get(ore, ore)}" if what.startswith(_ORE) else what


def place(pool: str, names: Mapping[str, str] = Frozen()) -> str:
    """Name a country or area.

    >>> place("MYS", {"MYS": "Malaysia"}), place("ROW")
    ('Malaysia', 'rest of the world')
    """
    return "rest of the world" if pool == REST else names.get(pool, pool)


def taker(stage: str, buyer: str, names: Mapping[str, str] = Frozen()) -> str:
    """Name who buys; where there is no buyer it is made there, or used.

    >>> taker("metal", "JPN"), taker("metal", ""), taker("use", "")
    ('JPN', 'made there', 'used there')
    """
    return place(buyer, names) if buyer else "used there" if stage == USE else "made there"
