"""What is assumed of time and stocks: lead times, transit, what plants and firms hold, stretch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import fsum

from monazite.core.errors import NotKnownError
from monazite.data.parameters import MAGNET
from monazite.model import assumptions
from monazite.model.chain.chain import Chain
from monazite.model.chemistry import Amount, Chemistry
from monazite.model.contingencies.failure_points import Horizon
from monazite.model.contingencies.under_construction import horizon_of
from monazite.model.months.engine import TimeAndStocks
from monazite.model.months.firms import IMMEDIATE, YEARS, FirmClass

CLASSES = "firms-with-stock"


def settings_of(
    method: assumptions.MethodAssumptions,
    drawn: Mapping[str, Amount],
    horizon: Callable[[int], Horizon],
    leads: Mapping[str, float] | None = None,
) -> TimeAndStocks:
    """Return what is assumed; leads that are given stand in place of the assumed ones."""

    def number(name: str, subject: str) -> float:
        return method.amount(name, subject).at(drawn).value

    found, behind, given = {MAGNET: 0.0}, 0.0, leads or {}
    for (
        stage
    ) in assumptions.STEPS_BACK:  # one that is not given counts on from the one before it here
        found[stage] = behind = given.get(stage, behind + number(assumptions.LEAD, stage))
    return TimeAndStocks(
        leads=found,
        transit=number(*assumptions.TRANSIT),
        cover={plants: number(assumptions.KEPT, plants) for plants in assumptions.KEPT_BY},
        classes=classes_of(method, number(*assumptions.FIRMS)),
        horizon=horizon,
    )


def classes_of(method: assumptions.MethodAssumptions, times: float = 1.0) -> tuple[FirmClass, ...]:
    """Return firms by days of stock."""
    found = []
    for text in method.subjects(CLASSES):
        days = re.fullmatch(r"(\d{1,4}) days", text)
        if days is None:
            raise NotKnownError(f'Firms with "{text}" of stock: give whole days, as "30 days".')
        found.append(FirmClass(int(days[1]) * times, method.amount(CLASSES, text).value))
    if abs(fsum(each.share for each in found) - 1) > 1e-6:
        raise NotKnownError(
            "The shares of firms by days of stock are not the whole of use: use all their rows."
        )
    return tuple(sorted(found, key=lambda each: each.days))


def horizons_of(chemistry: Chemistry, chain: Chain) -> Callable[[int], Horizon]:
    """Return how far trade and plants stretch, by months from the first of a scenario.

    They are counted from there, not from the first month in which anything is felt: a wider shock
    would otherwise give everybody a start. First nobody trades or makes more than in the base
    year, then by the short run, after two years by the medium run without new pairs and thrift.
    """
    first, short, medium = (
        horizon_of(chemistry, name, chain) for name in ("immediate", "short-run", "medium-run")
    )
    if short.trade < 1 or medium.trade < short.trade:
        raise NotKnownError("The factors of the horizons fall: use the assumptions as they are.")
    medium = replace(medium, new_pairs=0.0, thrift={}, added={})

    def at(months: int) -> Horizon:
        return first if months < IMMEDIATE else short if months < YEARS else medium

    return at
