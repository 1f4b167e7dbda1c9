"""What the quoted indices are made from: years that stand for themselves, and bounds."""

from __future__ import annotations

import pytest

from monazite.findings.indices.inputs import IndexInputs
from monazite.network.facts import read_facts
from monazite.triples.store import Store
from tests.golden.lines import line_of


@pytest.fixture(scope="module")
def inputs(store: Store) -> IndexInputs:
    return IndexInputs(read_facts(store, "Dy", "2026-11-24"), "USA")


def test_a_year_without_a_row_takes_the_one_before_and_says_so(inputs: IndexInputs) -> None:
    """The indicators skip 1997, 1999 and 2001: nothing is put between two years."""
    risk = inputs.risk("CHN", 2001)
    assert risk is not None
    assert risk.year == 2000
    assert risk.risk == pytest.approx((2.5 - float(line_of(risk.row)["value"])) * 2)
    assert inputs.weigh({"CHN": 1.0}, 0.0, 2001).note == "Weights of 2000."
    assert inputs.weigh({"CHN": 1.0}, 0.0, 2022).note == ""


def test_no_year_after_stands_for_one_before(inputs: IndexInputs) -> None:
    assert inputs.risk("CHN", 1995) is None
    assert inputs.risk("ATL", 2024) is None


def test_weights_cross_no_break_of_the_method_in_silence(inputs: IndexInputs) -> None:
    assert "revised from 2023" in inputs.weigh({"CHN": 1.0}, 0.0, 2023).note
    assert inputs.weigh({"CHN": 1.0}, 0.0, 2025).note.startswith("Weights of 2024 by the method")


def test_a_country_without_a_weight_leaves_bounds_and_no_number(inputs: IndexInputs) -> None:
    """0.5 squared of a country nobody rates is between 0 and 2.5; the rest adds 0.1 squared."""
    known = inputs.weigh({"CHN": 0.4}, 0.0, 2024)
    found = inputs.weigh({"CHN": 0.4, "ATL": 0.5}, 0.1, 2024)
    assert found.value is None
    assert found.missing == ("political stability of ATL",)
    assert found.low == pytest.approx(known.low)
    assert found.high == pytest.approx(known.low + 2.5 + 0.1)


def test_an_unknown_edition_or_stage_prints_nothing(inputs: IndexInputs) -> None:
    assert inputs.printed("eol-rir", 2017, "extraction") is not None
    assert inputs.printed("eol-rir", 2017, "processing") is None
    assert inputs.printed("eol-rir", 2020, "extraction") is None


def test_newest_year_of_each_basis_and_use_first(inputs: IndexInputs) -> None:
    found = inputs.sourcing("magnet")
    assert [(reading.basis, reading.year) for reading in found] == [
        ("share-of-country-use", 2025),
        ("share-of-imports", 2022),
    ]
    assert [reading.shares for reading in inputs.sourcing("mine")] == [
        {"CHN": 0.43, "GBR": 0.01, "JPN": 0.55, "USA": 0.02}
    ]
