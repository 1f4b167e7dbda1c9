"""The assumptions of a network: those that its arcs name, and that of totals by stage."""

from __future__ import annotations

from monazite.findings.assumptions import assumption_rows, assumptions_in
from monazite.network.graph import Network
from monazite.triples.records import QueryRecord


def network() -> Network:
    found = Network(
        assumptions={
            name: QueryRecord(
                {"row": f"row/assumptions/{name}", "property": "share", "subject": name,
                 "value": "0.5", "low": "0.4", "high": "", "unit": "1", "reason": "Nobody says."}
            )
            for name in ("stage-total", "recovery", "unused")
        }
    )  # fmt: skip
    found.add_edge("mine/CHN", "separation/CHN", key="a", assumptions=("recovery", "not-there"))
    return found


def test_rows_are_those_the_arcs_name_and_of_stage_totals() -> None:
    assert assumption_rows(network()) == ("assumptions/recovery", "assumptions/stage-total")


def test_an_assumption_keeps_its_range_and_reason_and_other_rows_are_passed_over() -> None:
    (found,) = assumptions_in(network(), ["assumptions/recovery", "trade/a"])
    assert (found.row, found.value, found.low, found.high) == (
        "assumptions/recovery",
        0.5,
        0.4,
        None,
    )
    assert (found.text, found.unit, found.reason) == ("share: recovery", "1", "Nobody says.")
