"""Who could replace a country: the answer as a whole, what it refuses, and its laws."""

from __future__ import annotations

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from tests.conftest import view_in_memory
from tests.sharing import only_whole

ASKED = [("Dy", "DEU"), *only_whole(("NdPr", "USA"), ("Tb", "JPN"), ("Sm", "WLD"), ("La", "JPN"))]


@pytest.mark.parametrize("asked", ASKED)
def test_its_years_are_those_of_its_stages(asked: tuple[str, str]) -> None:
    found = view_in_memory().replace(*asked, by=2028)
    assert [x.year for x in found.years] == [*range(2026, 2036)]
    for year in found.years:
        assert year.covered.value == min(x.covered.value for x in year.stages)
        for stage in year.stages:
            assert 0 <= stage.covered.low <= stage.covered.value <= stage.covered.high <= 1
            assert stage.first >= stage.covered.value - 1e-9  # to be served first is never worse
            assert stage.need.value <= stage.need_of_all.value + 1e-9
    for each in found.candidates:
        assert 0 <= each.free.low <= each.free.value <= each.free.high


@pytest.mark.parametrize("asked", ASKED)
def test_a_later_year_never_makes_a_plant_less_likely(asked: tuple[str, str]) -> None:
    early = view_in_memory().replace(*asked, by=2028)
    late = view_in_memory().replace(*asked, by=2033)
    for one, other in zip(early.candidates, late.candidates, strict=True):
        assert one.site == other.site
        if one.odds is not None and other.odds is not None:
            assert one.odds.value <= other.odds.value


def test_the_base_of_a_stage_is_that_of_the_balance() -> None:
    """What the world makes at a stage is one number: with China's it is that of the chain."""
    view = view_in_memory()
    without = {x.stage: x.base for x in view.replace("Dy", "DEU").asked.stages}
    alone = {x.stage: x.base for x in view.replace("Dy", "DEU", country="JPN").asked.stages}
    assert without["separation"] < 1 < alone["separation"]
    assert alone["metal"] > without["metal"]


def test_the_question_of_one_who_is_the_answer_is_refused() -> None:
    view = view_in_memory()
    with pytest.raises(UnknownNameError, match="China cannot be replaced for itself"):
        view.replace("Dy", "CHN")
    with pytest.raises(UnknownNameError, match="take one from 2026 to 2035"):
        view.replace("Dy", "DEU", by=2040)
    with pytest.raises(NotKnownError, match="ask for one of NdPr, Dy, Tb"):
        view.replace("MREE", "DEU")
    with pytest.raises(NotKnownError, match="where Iceland buys its magnets"):
        view.replace("Dy", "ISL")


def test_what_is_missing_is_said() -> None:
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    assert found.missing == (
        "At metal we found no plant outside China that comes on top, with tonnes of Dy.",
    )
    samarium = view_in_memory().replace("Sm", "WLD")
    assert samarium.need.of_all
    assert any("Who uses Sm is not known" in note for note in samarium.notes)
