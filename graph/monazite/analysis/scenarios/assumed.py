"""What is assumed of time and stocks, where no row says it, with range and reason.

Reports of stocks run from two weeks to a year; a scenario file may set other numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import fsum

from monazite.analysis.scenarios.engine import TimeAndStocks
from monazite.analysis.scenarios.firms import FirmClass
from monazite.analysis.scenarios.keys import KEEPING, STEPS_BACK
from monazite.analysis.scenarios.scenario_file import Scenario
from monazite.core.errors import NotKnownError
from monazite.core.formats import exact
from monazite.core.results import Assumption
from monazite.data.parameters import MAGNET
from monazite.model.assumptions import MethodAssumptions
from monazite.model.chain.chain import Chain
from monazite.model.chemistry import Amount, Chemistry
from monazite.model.contingencies.failure_points import Horizon
from monazite.model.contingencies.under_construction import horizon_of

IMMEDIATE, YEARS = 3, 24
"""Months without more than the base year's trade and output; months until the medium run."""
STRETCH = "assumptions/method-horizon-"  # rows of how far trade and plants stretch
PLANT_STOCK_ROW = "assumptions/method-plant-stock-"  # rows of what plants keep, by stage
_LEAD, _TRANSIT = "lead-time", ("transit-time", "maker to a user in another country")
_PLANTS, _FIRMS = "plant-stock", ("firm-stock", "all firms that use magnets")
_CLASSES = "firms-with-stock"
_DRAWN = (*((_LEAD, x) for x in STEPS_BACK), _TRANSIT, *((_PLANTS, x) for x in KEEPING), _FIRMS)


def inputs(horizon: Mapping[str, Amount], method: MethodAssumptions) -> dict[str, Amount]:
    """Return what is drawn: the numbers of the chain and horizon, and those of time and stocks."""
    return {**horizon, **{x.name: x for x in (method.amount(*each) for each in _DRAWN)}}


def settings_of(
    scenario: Scenario,
    method: MethodAssumptions,
    drawn: Mapping[str, Amount],
    horizon: Callable[[int], Horizon],
) -> TimeAndStocks:
    """Return what is assumed of time and stocks in a scenario."""

    def number(name: str, subject: str) -> float:
        return method.amount(name, subject).at(drawn).value

    own, leads, behind = scenario.assumed, {MAGNET: 0}, 0
    for stage in STEPS_BACK:  # one that the file leaves out counts on from the one before it here
        behind = int(own.get("leads", {}).get(stage, behind + round(number(_LEAD, stage))))
        leads[stage] = behind
    return TimeAndStocks(
        leads=leads,
        transit=int(own.get("transit", round(number(*_TRANSIT)))),
        cover={stage: number(_PLANTS, stage) for stage in KEEPING} | dict(own.get("cover", {})),
        classes=scenario.firms or classes_of(method, number(*_FIRMS)),
        horizon=horizon,
    )


def classes_of(method: MethodAssumptions, times: float = 1.0) -> tuple[FirmClass, ...]:
    """Return firms by days of stock."""
    found = []
    for text in method.subjects(_CLASSES):
        days = re.fullmatch(r"(\d{1,4}) days", text)
        if days is None:
            raise NotKnownError(f'Firms with "{text}" of stock: give whole days, as "30 days".')
        found.append(FirmClass(int(days[1]) * times, method.amount(_CLASSES, text).value))
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


def assumptions_of(scenario: Scenario, method: MethodAssumptions) -> tuple[Assumption, ...]:
    """Return what is assumed of time and stocks; what the file sets stands in place of rows."""
    own, found = scenario.assumed, []
    reason = str(own.get("reason", "The scenario file gives no reason."))

    def of_file(row: str, text: str, value: float, unit: str = "months") -> Assumption:
        return Assumption(row, f"{text}, by this file", value, value, value, unit, reason)

    for name, subject in _DRAWN[:-1]:
        assumed = method.assumption(name, subject)
        if name == _LEAD and subject in own.get("leads", {}):
            row, text = f"{scenario.id}/leads.{subject}", f"Time from {subject} to magnet"
            assumed = of_file(row, text, own["leads"][subject])
        elif (name, subject) == _TRANSIT and "transit" in own:
            assumed = of_file(f"{scenario.id}/transit", assumed.text, own["transit"])
        elif name == _PLANTS and subject in own.get("cover", {}):
            row = plant_stock_row(scenario.id, subject)
            assumed = of_file(row, assumed.text, own["cover"][subject])
        found.append(assumed)
    for each in scenario.firms:
        text = f"Firms by days of stock: {exact(each.days)} days"
        row = f"{scenario.id}/firms.{exact(each.days)}-days"
        found.append(of_file(row, text, 100 * each.share, "percent"))
    if not scenario.firms:
        classes = sorted(method.subjects(_CLASSES), key=lambda text: (len(text), text))
        found += [method.assumption(*x) for x in (_FIRMS, *((_CLASSES, x) for x in classes))]
    return tuple(found)


def plant_stock_row(scenario: str, stage: str) -> str:
    """Return by what the stock of plants is told that a scenario file sets."""
    return f"{scenario}/cover.{stage}"


def stretch_of(chemistry: Chemistry, months: int) -> tuple[Assumption, ...]:
    """Return what is assumed of trade and output in the steps that a scenario goes through."""
    steps = (
        (f"in the first {IMMEDIATE} months", 0, "immediate"),
        (f"after {IMMEDIATE} months", IMMEDIATE, "short-run"),
        (f"after {YEARS} months", YEARS, "medium-run"),
    )
    found = []
    for when, first, name in steps:
        for what, text in (("trade", "trade"), ("throughput", "output of plants")):
            row = f"{STRETCH}{what}-{name}"
            if months > first and row in chemistry.reasons:
                _, amount, reason = chemistry.reasons[row]
                told = f"Times the {text} of the base year, {when}"
                ends = (amount.value, amount.low, amount.high)
                found.append(Assumption(row, told, *ends, "times", reason))
    return tuple(found)
