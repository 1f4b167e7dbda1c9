"""Years made by hand: two countries, one element in magnets, numbers one can follow on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from monazite.model.chemistry import Amount, Chemistry, exactly
from monazite.model.reconciliation.numbers import Printed, YearNumbers
from monazite.model.trade_content import NDFEB

YIELD = Amount(0.9, 0.8, 0.95)
RECIPE = Amount(0.3, 0.25, 0.35)
ASSUMED: dict[tuple[str, str, str], Amount] = {
    ("stage-yield", "separation", ""): YIELD,
    ("stage-yield", "metal", ""): YIELD,
    ("stage-yield", "magnet", ""): YIELD,
    ("finished-per-blank", "sintered magnets", ""): exactly(0.7),
    ("element-per-magnet", NDFEB, "Nd"): RECIPE,
    ("magnet-use-share", NDFEB, "Nd"): Amount(0.9, 0.8, 1.0),
}


def chemistry(assay: Amount | None = None, **more: Any) -> Chemistry:
    share = assay or Amount(0.25, 0.2, 0.3)
    return Chemistry(
        factors={"Nd": exactly(1.25)},
        ores={"A": (("pit", exactly(1.0)),), "B": (("pit", exactly(1.0)),)},
        assays={"pit": {"Nd": share}},
        materials={},
        assumed={**ASSUMED, **more.get("assumed", {})},
        reasons={},
    )


def book(tonnes: float, scrap: Mapping[str, Amount] | None = None) -> Any:
    made = {"A": SimpleNamespace(amount=exactly(tonnes))}
    return SimpleNamespace(
        element="Nd",
        magnet=NDFEB,
        mined=made,
        separated=made,
        magnets=made,
        scrap=scrap or {},
        year=2024,
    )


def year_of(**given: Any) -> YearNumbers:
    """A mines, separates and makes all metal and magnets: every number fits every other."""
    numbers = YearNumbers(
        chemistry=chemistry(),
        prices={},
        ledgers={"Nd": book(200.0)},
        mined={"A": Amount(1000.0, 900.0, 1100.0, ("production/a",))},
        goods={},
        output={"separation": (Printed("A", ("Nd",), exactly(180.0)),), "metal": ()},
        makers={stage: frozenset({"A"}) for stage in ("separation", "metal", "magnet")},
        blanks={"A": Amount(437.4, 400.0, 500.0)},
        printed=frozenset({"A"}),
        shares={},
        magnets={},
        areas={},
    )
    return replace(numbers, **given)


def two_countries() -> YearNumbers:
    numbers = year_of()
    both = frozenset("AB")
    return replace(
        numbers,
        makers={"separation": frozenset("A"), "metal": both, "magnet": both},
        blanks={"A": Amount(437.4, 300.0, 500.0), "B": Amount(50.0, 25.0, 75.0)},
        magnets={("A", "B"): Amount(30.0, 20.0, 40.0)},
    )


def scaled(numbers: YearNumbers, by: float) -> YearNumbers:
    def times(found: Mapping[Any, Amount]) -> dict[Any, Amount]:
        return {key: each.times(by) for key, each in found.items()}

    return replace(
        numbers,
        ledgers={"Nd": book(200.0 * by)},
        mined=times(numbers.mined),
        output={
            stage: tuple(replace(each, amount=each.amount.times(by)) for each in found)
            for stage, found in numbers.output.items()
        },
        blanks=times(numbers.blanks),
        magnets=times(numbers.magnets),
    )
