"""Who makes what in a reconciled year: the numbers of the lines, and what no row names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.errors import ProgrammeError
from monazite.findings.events.failure_points import ModelYear
from monazite.findings.standing import makers
from monazite.findings.standing.makers import read_known_year, stage_makers
from monazite.network.shares import REST
from tests.conftest import view_in_memory
from tests.findings.small_chains import small_chain


def test_shares_index_and_what_no_row_names_by_hand() -> None:
    """A mines 60 t, B 30, nobody knows who 10: HHI 3,600 + 900, and 100 more if one has it all."""
    mined = {"A": 60.0, "B": 30.0, REST: 10.0}
    made = {"mine": mined, "separation": mined, "metal": mined, "magnet": mined}
    model = ModelYear(small_chain(made, {}), ("Dy",), {}, {})
    mine = stage_makers(model)["mine"]
    assert {each.country: each.share for each in mine.named} == pytest.approx({"A": 0.6, "B": 0.3})
    assert mine.unnamed == pytest.approx(0.1)
    assert mine.hhi == pytest.approx(4500)
    assert mine.hhi_high == pytest.approx(4600)
    assert mine.shares == pytest.approx({"A": 0.6, "B": 0.3, REST: 0.1})


def test_the_shares_are_those_of_the_lines() -> None:
    view = view_in_memory()
    model, why = read_known_year(view.facts("NdPr"))
    assert (model is not None, why) == (True, "")
    assert model is not None
    lines = {each.id: each for each in view.chokepoints("NdPr", "WLD").chokepoints}
    for stage, found in stage_makers(model).items():
        for each in found.named:
            assert lines[f"{stage}/{each.country}"].share == each.share
            assert {*lines[f"{stage}/{each.country}"].rows} >= {*each.rows}


def test_where_no_year_is_known_the_sentence_says_why() -> None:
    view = view_in_memory()
    model, why = read_known_year(view.facts("TREO"))
    assert model is None
    assert "go into different products" in why
    model, why = read_known_year(replace(view.facts("Dy"), date="1950-12-31"))
    assert model is None
    assert why


def test_a_year_whose_numbers_contradict_each_other_is_not_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def contradicted(*_: object) -> None:
        raise ProgrammeError("The numbers of the year contradict each other.")

    monkeypatch.setattr(makers, "read_base_year", contradicted)
    found = read_known_year(view_in_memory().facts("Dy"))
    assert found == (None, "The numbers of the year contradict each other.")
