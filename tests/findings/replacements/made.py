"""Sites, plans and curves made by hand, to be replaced with."""

from __future__ import annotations

from monazite.findings.replacements.candidate_sites import ReplacementSite, Tonnage
from monazite.findings.replacements.product_limit import Delay, product_limit
from monazite.findings.replacements.slips import Plan, Slips

DAY = "2026-12-31"
TOOK = (0.4, 1.4, 2.4, 3.4)
"""Years that half of eight plans were late; the others are awaited for longer than that."""


def slips_of(*late: float, awaited: int = 4) -> Slips:
    """How plans slipped that were so many years late, and of which some never began."""
    delays = [
        *(Delay(each, happened=True) for each in late),
        *[Delay(20, happened=False)] * awaited,
    ]
    return Slips((), {"": product_limit(delays)}, {})


def plan_of(printed: str, *, said: str = "2025-01-01", stage: str = "separation") -> Plan:
    """A plan to begin in a year."""
    return Plan(
        "plant", stage, stage, "", printed, f"{printed}-01-01", f"{printed}-12-31", said, "t/plan"
    )


def site_of(
    tonnes: float,
    *,
    stage: str = "separation",
    status: str = "planned",
    start: str | None = "2027",
    low: float | None = None,
    in_base: bool = False,
    facility: str = "plant",
) -> ReplacementSite:
    """A stage of a plant."""
    least = tonnes if low is None else low
    return ReplacementSite(
        facility=facility,
        label=facility.capitalize(),
        country="AUS",
        stage=stage,
        status=status,
        certainty="surely",
        in_base=in_base,
        tonnes=Tonnage(
            tonnes, least, tonnes, tonnes, "planned", False, (), "oxide", "capacity/made"
        ),
        plan=None if start is None else plan_of(start, stage=stage),
        first=None,
        since="",
        rows=("capacity/made",),
    )
