"""Assumptions that a network rests on: those that arcs name, with value, range and reason."""

from __future__ import annotations

from monazite.findings.assumptions import assumption_rows, assumptions_in
from monazite.network.graph import Network
from monazite.triples.records import QueryRecord
from tests.findings.chains import ASSUMPTION, chain

TOTAL = "assumptions/method-stage-total"


def network() -> Network:
    """A chain of two stages, one arc of which rests on an assumption more."""
    made = chain({"mine": {"A": 1.0}, "separation": {"A": 1.0}})
    other = QueryRecord({**ASSUMPTION, "low": "", "row": "row/assumptions/a-price"})
    made.graph["assumptions"] = {**made.graph["assumptions"], "price": other, "unused": other}
    return made


def test_the_total_of_a_stage_is_always_among_them() -> None:
    assert assumption_rows(network()) == (TOTAL,)


def test_what_arcs_name_is_among_them_and_what_no_row_gives_is_not() -> None:
    made = network()
    made.edges["mine/A", "separation/A", next(iter(made["mine/A"]["separation/A"]))].update(
        assumptions=("price", "nobody-gives-it")
    )
    assert assumption_rows(made) == ("assumptions/a-price", TOTAL)


def test_each_has_its_value_its_range_and_its_reason() -> None:
    (found,) = assumptions_in(network(), ["production/a", TOTAL])
    assert (found.row, found.value, found.low, found.high) == (TOTAL, 1.0, 0.9, 1.1)
    assert (found.text, found.unit, found.reason) == (
        "stage-total: world total of a stage",
        "times",
        "by hand",
    )
    assert assumptions_in(network(), []) == ()
