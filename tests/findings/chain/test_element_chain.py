"""One element through the chain: pools, what is missing, and how much oxide ore gives."""

from __future__ import annotations

import pytest

from monazite.findings.balance.line import StageLine
from monazite.findings.chain.element_chain import to_element_chain
from monazite.quantities.amount import Amount, exactly
from monazite.quantities.trade_content import ElementFlow
from tests.findings.sample import element_chain_of


class Book:
    """As much of a ledger as an element chain needs: what crosses borders."""

    def __init__(self, *traded: ElementFlow) -> None:
        self.traded = list(traded)


def line(
    stage: str,
    country: str,
    made: Amount | None,
    taken: Amount | None,
    *,
    bought: float = 0.0,
    sold: float = 0.0,
    scrap: float = 0.0,
) -> StageLine:
    return StageLine(
        stage, country, made, "", 2024, exactly(bought), exactly(sold), taken, exactly(scrap)
    )


def trade(stage: str, seller: str, buyer: str, tonnes: float) -> ElementFlow:
    return ElementFlow(stage, seller, buyer, exactly(tonnes), tonnes, None)


def test_countries_without_output_or_use_are_the_rest_of_the_world() -> None:
    # C's use is not known: it is part of the rest, and so is what it buys. What it sells inside
    # the rest crosses no border between pools.
    lines = [
        line("separation", "A", exactly(30.0), exactly(10.0), sold=20.0),
        line("separation", "C", exactly(4.0), None, bought=12.0, sold=1.0),
        line("separation", "ROW", None, exactly(24.0), bought=8.0),
    ]
    flows = [
        trade("separation", "A", "C", 12.0),
        trade("separation", "A", "D", 8.0),
        trade("separation", "C", "D", 1.0),
    ]
    found = to_element_chain("Dy", lines, [Book(*flows)])  # type: ignore[list-item]
    assert found.flows == {("separation", "A", "ROW"): pytest.approx(20)}
    assert found.made == {("separation", "A"): 30, ("separation", "ROW"): 4}
    assert found.parts == {("separation", "A"): 30, ("separation", "C"): 4}
    assert [found.pool("separation", x) for x in "ACD"] == ["A", "ROW", "ROW"]
    assert found.pools("separation") == ["A", "ROW"]
    assert found.missing == {}


def test_what_no_row_explains_is_missing_and_what_is_left_over_is_not() -> None:
    lines = [
        line("mine", "A", exactly(5.0), exactly(6.0)),
        line("mine", "B", exactly(9.0), exactly(7.0)),
    ]
    assert to_element_chain("Dy", lines, []).missing == {("mine", "A"): pytest.approx(1)}


def test_ranges_explain_before_anything_is_missing() -> None:
    lines = [line("mine", "A", Amount(5.0, 5.0, 5.5), exactly(6.0))]
    assert to_element_chain("Dy", lines, []).missing == {("mine", "A"): pytest.approx(0.5)}


def test_flows_of_two_ledgers_are_one() -> None:
    lines = [
        line("metal", "A", exactly(10.0), exactly(5.0), sold=5.0),
        line("metal", "B", exactly(2.0), exactly(7.0), bought=5.0),
    ]
    books = [Book(trade("metal", "A", "B", 3.0)), Book(trade("metal", "A", "B", 2.0))]
    found = to_element_chain("NdPr", lines, books)  # type: ignore[arg-type]
    assert found.flows == {("metal", "A", "B"): pytest.approx(5)}


def test_scrap_is_no_more_than_the_oxide() -> None:
    lines = [line("separation", "A", exactly(3.0), exactly(3.0), scrap=4.0)]
    assert to_element_chain("Dy", lines, []).scrap == {"A": 3.0}


def test_gain_is_oxide_of_a_tonne_in_ore() -> None:
    # A: (9 - 1) of 10; B: 6 of 10; both: 14 of 20. X takes none.
    element_chain = element_chain_of(
        "Dy",
        {("separation", "A"): 9.0, ("separation", "B"): 6.0, ("separation", "X"): 0.0},
        {("mine", "A"): 10.0, ("mine", "B"): 10.0},
        scrap={"A": 1.0},
    )
    assert [element_chain.gain(pool) for pool in ("A", "B", "X", None)] == [0.8, 0.6, 0.0, 0.7]


def test_nothing_is_known_of_nothing() -> None:
    found = to_element_chain("Dy", [line("mine", "A", None, None)], [])
    assert (found.made, found.taken, found.flows, found.missing) == ({}, {}, {}, {})
