"""Outcomes of scenarios for the page tests: a small one by hand, and a hostile one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum

from monazite.analysis.robustness.sampling import MonthSpan, Span
from monazite.analysis.scenarios.outcome import (
    UNDER_WAY,
    USERS,
    FirmsStopped,
    MonthLimit,
    MonthStock,
    MonthSupply,
    RuleInForce,
    TrialsMade,
    UseTotal,
)
from monazite.analysis.scenarios.released import ReleasedOutcome
from monazite.analysis.scenarios.result import ScenarioResult
from tests.report.hostile import HOSTILE

HEAVY, LIGHT = "heavy magnets", "magnets without Dy or Tb"
LABELS = {"JPN": "Japan", "USA": "United States", "WLD": "World"}
MONTHS = tuple(f"2025-{month:02}" for month in range(3, 13))
PATH = (1.0, 0.9, 0.4, 0.25, 0.45, 0.6, 0.75, 0.85, 0.95, 1.0)
"""The part of what users want that they are supplied."""


def around(middle: float, trials: bool, wide: float = 0.15) -> Span:
    """A number with a tenth and a half of it on each side, where trials were made."""
    return Span(middle, middle * (1 - wide), middle * (1 + wide)) if trials else Span(middle)


def supply(
    market: str, product: str, whole: float, reach: float, trials: bool
) -> list[MonthSupply]:
    """Months of a market that lacks ``reach`` times what the path lacks."""
    months = []
    for month, part in zip(MONTHS, PATH, strict=True):
        short = (1 - part) * reach
        low, high = (short * 0.7, min(1.0, short * 1.25)) if trials else (None, None)
        ends = Span(short, low, high)
        months.append(
            MonthSupply(
                *(month, market, product, Span(whole)),
                *(of(whole, Span(1 - short, *_less(ends))), of(whole, ends), ends),
            )
        )
    return months


def _less(ends: Span) -> tuple[float | None, float | None]:
    low, high = (None if x is None else 1 - x for x in (ends.high, ends.low))
    return low, high


def of(whole: float, part: Span) -> Span:
    """A part of a whole."""
    return Span(*(None if x is None else x * whole for x in (part.middle, part.low, part.high)))  # type: ignore[arg-type]


def totals(months: Sequence[MonthSupply]) -> tuple[UseTotal, ...]:
    """What is lacking over all months, by market and product."""
    found = []
    for market, product in dict.fromkeys((each.market, each.product) for each in months):
        here = [each for each in months if (each.market, each.product) == (market, product)]
        wanted = fsum(each.wanted.middle for each in here)
        short = fsum(each.short.middle for each in here)
        part = Span(round(short / wanted, 9))
        if here[0].short.low is not None:
            part = Span(part.middle, part.middle * 0.7, part.middle * 1.1)
        worst = max((x.part_short for x in here), key=lambda x: (x.middle, x.high or 0))
        found.append(
            UseTotal(market, product, wanted, of(wanted, part), part, worst, last_of(here))
        )
    return tuple(found)


def last_of(months: Sequence[MonthSupply]) -> MonthSpan:
    """The last month in which something is lacking, in trials as by the value of every figure."""
    short = [x.month for x in months if x.part_short.middle >= 0.005]
    last = short[-1] if short else ""
    drawn = None if months[0].short.low is None else last
    return MonthSpan(last, drawn, drawn)


def with_supply(found: ScenarioResult, months: Sequence[MonthSupply]) -> ScenarioResult:
    """The outcome with other months, and their totals."""
    return replace(found, supply=tuple(months), totals=totals(months))


def small_outcome(*, trials: bool = True, rules: bool = True) -> ScenarioResult:
    """Two markets and the world, two products, two classes of firms, a licence and an embargo."""
    lines = [
        *supply("JPN", HEAVY, 240.0, 1.0, trials),
        *supply("JPN", LIGHT, 900.0, 0.5, trials),
        *supply("USA", HEAVY, 310.0, 0.0, trials),
        *supply("WLD", HEAVY, 5200.0, 0.4, trials),
        *supply("WLD", LIGHT, 9000.0, 0.3, trials),
    ]
    stopped = ((14.0, 0.4, 1.0), (45.0, 0.4, 0.6), (120.0, 0.2, 0.0))
    firms = [
        FirmsStopped(month, "JPN", HEAVY, days, share, around(min(1, (1 - part) * hit), trials))
        for days, share, hit in stopped
        for month, part in zip(MONTHS, PATH, strict=True)
    ]
    stocks = [
        MonthStock(month, "JPN", where, "magnet", HEAVY, around(480 * part, trials),
                   around(2 * part, trials))
        for where in (USERS, UNDER_WAY)
        for month, part in zip(MONTHS, PATH, strict=True)
    ]  # fmt: skip
    shocks = (
        RuleInForce("shock-1", "licence", "Licences for heavy magnets", "mofcom-gac-2025-18",
                    "2025-04-04", "", tuple(zip(MONTHS[1:], PATH[1:], strict=True)),
                    ("policies/mofcom-gac-2025-18",)),
        RuleInForce("shock-2", "embargo", "No magnets to Japan", "", "2025-05-10", "2025-07-20",
                    (("2025-05", 0.33), ("2025-06", 0.0), ("2025-07", 0.35))),
    )  # fmt: skip
    return ScenarioResult(
        "licence-shock",
        "Licences for heavy magnets from April 2025",
        "China asks for licences. How many it grants is not known.",
        "Dysprosium",
        MONTHS[0],
        MONTHS,
        2024,
        "proportion",
        tuple(lines),
        totals(lines),
        tuple(stocks),
        tuple(firms),
        (MonthLimit("2025-06", 0.3, ("borders",), ("JPN",)),),
        shocks if rules else (),
        TrialsMade(100, 7, 2) if trials else None,
        ("mofcom-18",),
        LABELS,
        notes=("What firms hold is assumed.",),
    )


def hostile_outcome() -> ScenarioResult:
    """Every text hostile."""
    small = small_outcome()
    rules = tuple(
        RuleInForce(text, "licence", text, text, "2025-04-04", "", (), (text,)) for text in HOSTILE
    )
    supply_of = tuple(
        MonthSupply(month, text, text, Span(1.0), Span(0.5), Span(0.5), Span(0.5))
        for text in HOSTILE
        for month in MONTHS
    )
    firms = tuple(
        FirmsStopped(month, text, text, 10.0, 1.0, Span(1.0))
        for text in HOSTILE
        for month in MONTHS
    )
    return ScenarioResult(
        HOSTILE[0], HOSTILE[1], HOSTILE[7], HOSTILE[9], MONTHS[0], MONTHS, 2024, HOSTILE[3],
        supply_of, totals(supply_of), small.stocks, firms, (), rules, None, HOSTILE,
        dict.fromkeys(HOSTILE, HOSTILE[1]), notes=HOSTILE,
    )  # fmt: skip


HARD = ReleasedOutcome(
    *("closed", "A border closes", "USA", "magnets with Dy or Tb", ("Dy",)),
    ("2027-01", "2027-02"),
    400.0,
    Span(0.35, 0.3, 0.4),
    (Span(0.2, 0.1, 0.4), Span(0.5, 0.4, 0.6)),
    Span(0.5, 0.4, 0.7),
    MonthSpan("2027-02", "2027-01", "2027-02"),
    20,
)
"""A released scenario in which half of heavy magnets is lacking, and one in which nothing is."""
NONE = Span(0, 0, 0)
SPARED = replace(
    HARD,
    scenario="mild",
    title="A mine closes",
    over=NONE,
    parts=(NONE, NONE),
    most=NONE,
    until=MonthSpan("", "", ""),
)
