"""An evidence cut by hand."""

from __future__ import annotations

from monazite.analysis.robustness.conclusion import CROSSED, DROPPED, LOWEST, OTHER, OTHERS, UNKNOWN
from monazite.analysis.robustness.result import (
    EvidenceCut,
    Member,
    Outcome,
    OverturningSet,
    PremiseLine,
    TierWeight,
)

SAYS, WHO, TIER = "A; Mine; 2024; 9 tonne", ("Press 2024, tier 3",), "tier 3"
LINE = PremiseLine(
    rows=("production/a", "production/a-copy"),
    text=SAYS,
    sources=WHO,
    tier=TIER,
    value=9.0,
    unit="t",
    low=1.0,
    high=9.0,
    ranged_by=OTHERS,
    range_rows=("production/b",),
    outcomes=(
        Outcome(DROPPED, None, UNKNOWN, None, None, "No record is left that gives A mining."),
        Outcome(LOWEST, 1.0, CROSSED, "A mining", 0.2),
    ),
    effect=0.7,
)
CUT = EvidenceCut(
    element="Dy",
    market="EUE",
    market_label="European Union",
    year=2024,
    horizon="short-run",
    first="mine/A",
    label="A mining",
    beside=("B metal",),
    loss=0.9,
    second="C mining",
    second_loss=0.4,
    threshold=0.45,
    method="exact up to 1: there are none; greedy beyond: an upper bound",
    exact=1,
    trials=1234,
    sets=(
        OverturningSet(
            (
                Member(LINE.rows, SAYS, WHO, TIER, LOWEST, 1.0, "t"),
                Member(("assumptions/x",), "x", (), "assumption", LOWEST, 0.5, ""),
            ),
            Outcome("lowest + lowest", None, OTHER, "C mining", 0.3),
        ),
    ),
    lines=(LINE,),
    untouched=7,
    resting=(TierWeight("tier 3", 1, 1, 0.75, Outcome(DROPPED, None, OTHER, "C mining", 0.3)),),
    needed=("production/a",),
    notes=("A note.",),
)
