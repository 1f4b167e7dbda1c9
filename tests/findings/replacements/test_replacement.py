"""Who could replace a country: the answer as a whole, what it refuses, and its laws."""

from __future__ import annotations

from datetime import date

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.replacements.slips import middle
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


def test_what_is_made_outside_is_what_concentration_leaves_to_others() -> None:
    """One fact, one number: less China's share of metal, and less Japan's 4 %, of one whole."""
    view = view_in_memory()
    without, alone = (
        {x.stage: x.base for x in view.replace("Dy", "DEU", country=code).asked.stages}
        for code in ("CHN", "JPN")
    )
    [metal] = [x for x in view.concentration("Dy", stage="metal").lines if x.year == 2024]
    assert metal.leader == "CHN"
    assert metal.share is not None
    whole = without["metal"] / (1 - metal.share)
    assert round(100 * (1 - alone["metal"] / whole)) == 4
    assert without["separation"] < 1 < alone["separation"]


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
    told = " ".join(found.missing)
    for said in (
        "At metal we found no plant outside China that comes on top, with tonnes of Dy.",
        "No start is known of these",
        "Of the oxide that metal plants outside China worked on in 2024,",
        "No tonnes of Dy can be read of",
    ):
        assert said in told
    assert any("Aclara" in note for note in found.notes)
    samarium = view_in_memory().replace("Sm", "WLD")
    assert samarium.need.of_all
    assert any("Who uses Sm is not known" in note for note in samarium.notes)


def test_growth_is_not_charged_to_a_country_that_makes_nothing() -> None:
    """Without New Zealand all is as with it: what lacks is what nobody plans."""
    found = view_in_memory().replace("Dy", "WLD", country="NZL", by=2030)
    stage = found.asked.least
    assert stage.with_country == pytest.approx(stage.covered.value)
    assert "With what New Zealand made in 2024 it would be" in found.to_text()


@pytest.mark.parametrize("facility", ["caremag-lacq", "eneabba-refinery", "mp-10x"])
def test_the_odds_of_real_projects_by_hand(facility: str) -> None:
    """Counted from the list of plans: of each later time at which one began, who was awaited."""
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    [each] = [x for x in found.candidates if x.site.facility == facility]
    plan = each.site.first or each.site.plan
    assert plan is not None
    start = date.fromisoformat(middle(plan.earliest, plan.latest))
    waited, by = (
        (date.fromisoformat(day) - start).days / 365.2425 for day in (found.day, "2028-12-31")
    )
    alike = [x for x in found.slips.found if x.stage == each.site.stage]
    left = 1.0
    for late in sorted({x.years for x in alike if x.began}):
        if waited < late <= by:
            still = sum(x.years >= late for x in alike)
            left *= 1 - sum(bool(x.began) and x.years == late for x in alike) / still
    assert each.odds is not None
    assert each.odds.value == pytest.approx(1 - left)
    assert each.kind == each.site.stage


def test_what_hung_on_the_country_is_one_number_in_text_json_and_picture() -> None:
    view = view_in_memory()
    found = view.replace("Dy", "DEU", by=2028)
    parts = {each.stage: each.part for each in found.hangs}
    assert set(parts) <= set(found.stages)
    assert all(0 < part <= 1 for part in parts.values())
    assert [each.words for each in found.hangs] == list(found.missing[: len(found.hangs)])
    drawn = view.replacement_figure(found).svg
    for each in found.hangs:
        assert each.short in drawn
