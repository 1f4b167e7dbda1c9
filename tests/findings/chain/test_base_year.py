"""A base year that cannot be worked out is a sentence that names the rows, never a traceback."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import monazite as mz
from monazite.errors import FaultyTablesError, NotKnownError
from monazite.findings.chain.base_year import BaseYear, read_base_year
from monazite.findings.chain.chain import HEAVY_MAGNETS
from monazite.findings.events.event import BASE_YEAR
from monazite.findings.flow_model.study import Study
from monazite.findings.losses.chokepoints import find_chokepoints
from monazite.network.facts import read_facts
from monazite.parameters import Contingency
from monazite.quantities.amount import exactly
from monazite.quantities.trade_content import NDFEB
from monazite.shipped import ontology_folder
from tests.conftest import view_in_memory


@cache
def base_of(element: str, market: str = "WLD", year: int = 2024) -> BaseYear:
    view = view_in_memory()
    return read_base_year(read_facts(view.store, element, view.valid), year, market, market)


def with_assumption(base: BaseYear, key: tuple[str, str, str], value: float) -> BaseYear:
    """The same with one assumption of the reader's own."""
    own = replace(exactly(value), assumptions=("assumptions/own-row",))
    chemistry = replace(base.chemistry, assumed={**base.chemistry.assumed, key: own})
    return replace(base, chemistry=chemistry)


@pytest.mark.parametrize(
    "key",
    [
        ("stage-yield", "separation", ""),
        ("stage-yield", "metal", ""),
        ("stage-yield", "magnet", ""),
        ("magnet-share", "CHN", ""),
        ("magnet-use-share", NDFEB, "Nd"),
    ],
)
def test_a_yield_or_share_of_nothing_names_its_row(key: tuple[str, str, str]) -> None:
    base = base_of("Dy")
    assert key in base.chemistry.assumed
    with pytest.raises(NotKnownError, match="assumptions/own-row gives, which is or may be 0"):
        with_assumption(base, key, 0.0).accounts().chain()


def test_magnets_that_hold_nothing_are_not_known() -> None:
    base = base_of("MREE")
    for element in ("Nd", "Pr"):
        base = with_assumption(base, ("element-per-magnet", NDFEB, element), 0.0)
    with pytest.raises(NotKnownError, match="assumptions/own-row"):
        base.accounts().chain()


def test_where_no_magnet_holds_dysprosium_nothing_is_known_of_those_that_do() -> None:
    base = with_assumption(base_of("Dy"), ("heavy-magnet-share", NDFEB, ""), 0.0)
    chain = base.accounts().chain()
    assert sum(chain.made[key] for key in chain.made if key[0] == HEAVY_MAGNETS) == 0
    assert Study(chain, BASE_YEAR, ("NdPr",), Contingency()).base > 0
    with pytest.raises(NotKnownError, match="We found no use by the world"):
        Study(chain, BASE_YEAR, ("Dy",), Contingency())


def test_an_element_without_assay_is_named() -> None:
    with pytest.raises(NotKnownError, match="We found no assay of Sc in ore"):
        base_of("Sc")


@pytest.mark.parametrize(
    ("element", "year", "sentence"),
    [
        ("Dy", 1990, "We found no magnets made in 1990"),
        ("Dy", 2035, "We found no magnets made in 2035"),
        ("Sm", 2035, "We found no magnets made in 2035"),
        ("Y", 2035, "We found no figures for how Y is separated in 2035"),
    ],
)
def test_a_year_without_rows_is_named(element: str, year: int, sentence: str) -> None:
    with pytest.raises(NotKnownError, match=sentence):
        base_of(element, year=year).accounts().chain()


def test_a_market_without_rows_is_named() -> None:
    with pytest.raises(NotKnownError, match="where NAM buys its magnets"):
        base_of("Dy", "NAM")
    with pytest.raises(NotKnownError, match="who uses magnets with Samarium"):
        base_of("Sm", "USA")
    chain = base_of("Y", "NAM").accounts().chain()
    with pytest.raises(NotKnownError, match="We found no use by NAM"):
        Study(chain, BASE_YEAR, ("Y",), Contingency(), "NAM")


def test_chokepoints_then_rank_by_share_and_say_why() -> None:
    view = view_in_memory()
    facts = read_facts(view.store, "Dy", view.valid)
    found = find_chokepoints(view.network("Dy", "NAM"), facts)
    assert found.base is None
    assert {each.loss for each in found.chokepoints} == {None}
    assert found.notes[0].startswith("We found no figures for where Namibia buys its magnets")


def test_a_factor_below_nothing_is_a_fault_of_its_line(tmp_path: Path) -> None:
    table = ontology_folder() / "tables" / "assumptions.csv"
    with table.open(encoding="utf-8") as file:
        (row,) = [x for x in csv.DictReader(file) if x["row"] == "method-horizon-trade-short-run"]
    own = row | {"row": "own", "value": "-1", "value_low": "", "value_high": ""}
    with (tmp_path / "assumptions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(own))
        writer.writeheader()
        writer.writerow(own)
    with pytest.raises(FaultyTablesError, match="-1 is below 0"):
        mz.load(data=tmp_path, cache=False)


def test_the_numbers_of_the_markets_split_are_inputs_one_for_all_that_a_seller_sells() -> None:
    base = base_of("NdPr", "DEU")
    assert base.mix is not None
    inputs, split = base.inputs("short-run"), base.mix.ranges()
    assert split.keys() <= inputs.keys()
    china = inputs["assumptions/method-magnet-unit-value-chn"]
    assert (china.low, china.value, china.high) == (44, 49.2, 60)
    assert inputs["assumptions/method-sold-of-own-make"].high == 1
    world = base_of("NdPr").inputs("short-run").keys()
    assert china.name in world  # the year of the world is reconciled with magnets sold, too
    assert "assumptions/method-sold-of-own-make" not in world
    for row, (low, value, high) in split.items():
        at_value = base.accounts({row: exactly(value)}).base.mix
        assert at_value == base.mix  # the value that it has: nothing moves
        for end in (low, high):
            moved = base.accounts({row: exactly(end)}).base.mix
            assert moved is not None
            assert (base.mix.low or 0.0) <= moved.tonnes <= (base.mix.high or 0.0)


def test_a_dearer_seller_sells_a_market_less() -> None:
    base = base_of("NdPr", "DEU")
    row = "assumptions/method-magnet-unit-value-chn"
    served = {
        price: sum(
            tonnes
            for (_, user), tonnes in base.accounts({row: exactly(price)}).chain().demand.items()
            if user == "DEU"
        )
        for price in (44.0, 49.2, 60.0)
    }
    assert served[44.0] > served[49.2] > served[60.0]
