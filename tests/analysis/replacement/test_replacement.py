"""Who could replace a country: the answer as a whole, its words, refusals and laws."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from monazite.analysis.replacement.need import StageCover, YearCover
from monazite.analysis.replacement.replacement import judge_forecast
from monazite.analysis.replacement.result import Replacement, odds_words
from monazite.analysis.replacement.slips import ValueRange
from monazite.core.errors import NotKnownError, UnknownNameError
from tests.conftest import view_in_memory
from tests.sharing import only_whole

ASKED = [("Dy", "DEU"), *only_whole(("NdPr", "USA"), ("Tb", "JPN"), ("Sm", "WLD"))]


@pytest.mark.parametrize("asked", ASKED)
def test_its_years_are_those_of_its_stages(asked: tuple[str, str]) -> None:
    found = view_in_memory().replace(*asked, by=2028)
    assert [x.year for x in found.years] == [*range(2026, 2036)]
    for year in found.years:
        assert year.covered.value == min(x.covered.value for x in year.stages)
        for stage in year.stages:
            assert 0 <= stage.covered.low <= stage.covered.value <= stage.covered.high <= 1
            assert (
                stage.first.value >= stage.covered.value - 1e-9
            )  # to be served first is never worse
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


def test_the_question_of_one_who_is_the_answer_is_refused() -> None:
    view = view_in_memory()
    with pytest.raises(UnknownNameError, match="China cannot be replaced for itself"):
        view.replace("Dy", "CHN")
    with pytest.raises(UnknownNameError, match="take one from 2026 to 2035"):
        view.replace("Dy", "DEU", by=2040)
    with pytest.raises(NotKnownError, match="ask for one of NdPr, Dy, Tb"):
        view.replace("MREE", "DEU")


def test_of_a_market_whose_use_is_not_known_the_sentence_is_the_answer() -> None:
    found = view_in_memory().replace("Dy", "ISL")
    assert "where Iceland buys its magnets" in found.to_text()


def covered(part: float, first: float) -> Replacement:
    found = view_in_memory().replace("Dy", "USA", by=2030)
    none = ValueRange(0, 0, 0)
    stage = StageCover(
        *("metal", 0.0, none, none, none, ValueRange(part, part, part)),
        ValueRange(first, first, first),
        1.0,
    )
    years = tuple(YearCover(each.year, (stage,)) for each in found.years)
    return replace(found, years=years)


@pytest.mark.parametrize(
    ("parts", "firsts", "relation"),
    [
        ((1.0, 1.0), (1.0, 1.0), "supports"),
        ((1.0, 0.4), (1.0, 1.0), "partly-contradicts"),
        ((0.4, 0.4), (1.0, 0.9), "contradicts"),
    ],
)
def test_it_is_borne_out_by_all_elements_or_depends_on_who_is_served_first(
    parts: tuple[float, ...], firsts: tuple[float, ...], relation: str
) -> None:
    judged = judge_forecast([covered(*each) for each in zip(parts, firsts, strict=True)])
    assert judged.relation == relation
    assert ("served before all others" in judged.reason) == (relation == "partly-contradicts")


@pytest.mark.whole
def test_five_years_to_break_the_dependence_has_a_verdict_of_its_own() -> None:
    view = view_in_memory()
    [claim] = view.claims("c07-five-years")
    dysprosium = view.replace("Dy", "USA", by=2030)
    [worked] = claim.worked_out
    assert claim.verdict == {"contradicts": "contradicted"}.get(
        worked.relation, "partly contradicted"
    )
    assert f"{round(100 * dysprosium.asked.covered.value)} % of the Dy" in worked.reason
    assert "monazite replace -e Dy --from CHN -m USA --by 2030" in worked.command
    assert worked.rows
    [alone] = view_in_memory(without=("table:baci",)).claims("c07-five-years")
    assert alone.verdict in {claim.verdict, "not known"}


def test_odds_of_nothing_that_may_be_much_are_a_range() -> None:
    assert odds_words(ValueRange(0.0, 0.0, 0.95)) == "0 to 95 %"
    assert odds_words(ValueRange(0.0, 0.0, 0.0)) == "0 %"
    assert odds_words(ValueRange(0.23, 0.07, 0.49)) == "23 %"
    assert odds_words(None) == "not known"


def test_all_ways_to_read_it_say_the_same() -> None:
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    told = json.loads(found.to_json())
    lines = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert len(lines) == len(told["candidates"]) == len(found.candidates)
    for line, each in zip(lines, found.candidates, strict=True):
        assert line["facility"] == each.site.facility
        assert float(line["tonnes"]) == float(f"{each.site.tonnes.value:.6g}")
        assert line["row"] == each.site.tonnes.row
    assert told["covered"]["value"] == found.asked.covered.value
    full = found.to_text(full=True)
    for each in found.candidates:
        assert each.site.label in full
    for slip in found.slips.found:
        assert slip.label in full
