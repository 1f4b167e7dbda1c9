"""The numbers of a year as they are gathered from the shipped rows."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.findings.reconciliation.numbers import YearNumbers, gather
from monazite.findings.reconciliation.year_rows import read_year_rows
from monazite.network.facts import ALL_RARE_EARTHS, read_facts
from monazite.quantities.chemistry import read_chemistry
from tests.conftest import view_in_memory
from tests.golden.lines import line_of

DAY = "2026-11-24"


@cache
def numbers(element: str = "MREE", year: int = 2024) -> YearNumbers:
    store = view_in_memory().store
    facts, everything = (read_facts(store, each, DAY) for each in (element, ALL_RARE_EARTHS))
    rows = read_year_rows(facts, everything, year)
    chemistry = read_chemistry(facts)
    return gather(rows, rows.ledgers(chemistry), chemistry)


def test_four_quarters_of_a_plant_and_the_national_row_are_ranges_of_one_number() -> None:
    quarters = (
        "lynas-malaysia-kuantan-separation-ndpr-actual-output-2024-03",
        "lynas-malaysia-kuantan-separation-ndpr-actual-output-2024-06-quarter",
        "lynas-malaysia-kuantan-separation-ndpr-actual-output-2024-09",
        "lynas-malaysia-kuantan-separation-ndpr-actual-output-2024-12",
    )
    tonnes = sum(float(line_of(f"capacity/{row}")["value"]) for row in quarters)
    (found,) = [x for x in numbers().output["separation"] if x.pool == "MYS"]
    assert found.elements == ("Nd", "Pr")
    assert found.amount.value == pytest.approx(tonnes / 1.17, rel=0.01)  # as oxide
    assert found.amount.high == pytest.approx(tonnes)  # the form is not stated: as element
    assert found.amount.low < 3000  # the agency's national row
    assert {f"capacity/{row}" for row in quarters} <= {*found.amount.rows}


def test_fewer_than_four_quarters_are_no_year() -> None:
    rows = {row for x in numbers(year=2025).output["separation"] for row in x.amount.rows}
    plants = {row for row in rows if row.startswith("capacity/lynas")}
    assert len(plants) in (0, 4)


def test_elements_of_one_row_are_bound_together() -> None:
    china = [x for x in numbers().output["separation"] if x.pool == "CHN"]
    assert {x.elements for x in china} == {("Nd", "Pr"), ("Dy",), ("Tb",)}


def test_trade_inside_an_area_and_inside_the_rest_is_left_out() -> None:
    for _, seller, buyer in numbers().goods:
        assert seller != buyer
    assert not [pair for pair in numbers().magnets if pair[0] == pair[1]]
    assert numbers().areas["DEU"] == "EUE"


def test_monazite_into_china_belongs_in() -> None:
    found = numbers().goods["mine", "ROW", "CHN"]
    assert found.gross == pytest.approx(48_380)
    assert found.reo.value == pytest.approx(24_190)


def test_shares_stand_in_where_rows_print_no_tonnes() -> None:
    shares = numbers("La").shares
    assert shares["CHN", "La"].value > 0.8
    assert not numbers().shares


def test_rows_of_a_flow_are_named() -> None:
    rows = numbers().rows_of(["Dy"])
    assert "baci/mmr-chn-2846.90-2024" in rows["mine", "MMR"]
    assert any(row.startswith("production/chn-separation-dy") for row in rows["separation", "CHN"])
