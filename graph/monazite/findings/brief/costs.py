"""What plants that are being built cost, where a record says so; nothing is worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monazite.findings.events.under_construction import Addition
from monazite.network.facts import Facts
from monazite.result import Value
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord


@dataclass(frozen=True)
class KnownCost(Value):
    """A cost of a plant, as a record prints it.

    Attributes:
        plant: its name.
        measure: what was measured, in words.
        number: value or range with its unit.
        date: of the period, as printed.
        row: that says so.
    """

    plant: str
    measure: str
    number: str
    date: str
    row: str


def read_costs(facts: Facts, built: Iterable[Addition]) -> tuple[KnownCost, ...]:
    """Return what records say of the costs of plants that are being built."""
    names = {each.site: each.label for each in built}
    return tuple(
        KnownCost(names[line["plant"]], line["measure"], _number(line), line["date"], line.row())
        for line in ask(facts.store, "plant-costs")
        if line["plant"] in names
    )


def _number(line: QueryRecord) -> str:
    """The number or its range, with its unit."""
    low, high = line["low"], line["high"]
    if line["value"]:
        number = line["value"]
    elif low and high:
        number = f"{low} to {high}"
    else:
        number = f"at least {low}" if low else f"up to {high}"
    return f"{number} {line['unit']}".strip()
