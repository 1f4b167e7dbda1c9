"""Plants outside a country: what their rows come to, and how they stand on a day."""

from __future__ import annotations

import pytest

from monazite.findings.replacements.candidate_sites import ReplacementSite
from monazite.findings.replacements.replacement import Replacement, ReplacementCandidate
from tests.conftest import view_in_memory


@pytest.fixture(scope="module")
def dysprosium() -> Replacement:
    return view_in_memory().replace("Dy", "DEU", by=2028)


def site(found: Replacement, facility: str, stage: str) -> ReplacementSite:
    return candidate(found, facility, stage).site


def candidate(found: Replacement, facility: str, stage: str) -> ReplacementCandidate:
    [each] = [
        x for x in found.candidates if (x.site.facility, x.site.stage) == (facility, stage)
    ]  # fmt: skip
    return each


def test_oxide_becomes_the_element(dysprosium: Replacement) -> None:
    """Saskatoon: 30 t of Dy2O3 a year from 2027, 87.13 % of which is Dy."""
    saskatoon = site(dysprosium, "src-saskatoon", "separation")
    assert saskatoon.tonnes.value == pytest.approx(30 * 0.8713, abs=0.01)
    assert (saskatoon.status, saskatoon.country, saskatoon.in_base) == ("planned", "CAN", False)
    assert saskatoon.plan is not None
    assert saskatoon.plan.printed == "2027"


def test_a_quarter_counts_four_times_and_joint_products_stay_joint(
    dysprosium: Replacement,
) -> None:
    """Kuantan printed 9 t of Dy and Tb oxides for the quarter to September 2025."""
    kuantan = site(dysprosium, "lynas-malaysia-kuantan", "separation")
    assert (kuantan.tonnes.printed, kuantan.tonnes.quarter) == (4 * 9, True)
    assert kuantan.tonnes.joint == ("Tb",)
    assert 0 == kuantan.tonnes.low < kuantan.tonnes.value < kuantan.tonnes.high
    assert kuantan.tonnes.high == pytest.approx(4 * 9 * 0.87, rel=0.01)  # all of it one or other
    assert kuantan.status == "ramping up"


def test_a_date_that_lies_ahead_is_when_its_tonnes_begin(dysprosium: Replacement) -> None:
    """White Mesa's 240 t of oxide are printed for 2029, its first large lots for 2026."""
    white_mesa = site(dysprosium, "white-mesa-mill", "separation")
    assert white_mesa.plan is not None
    assert white_mesa.plan.printed == "2029"


def test_magnets_hold_what_the_magnets_of_the_year_hold(dysprosium: Replacement) -> None:
    """Narva: 2,000 t of blanks or magnets a year; of Dy a percent or so of them."""
    narva = site(dysprosium, "neo-narva", "magnet")
    assert 0.005 < narva.tonnes.value / narva.tonnes.printed < 0.03
    assert (narva.status, narva.since) == ("ramping up", "2025-05")


def test_what_is_closed_or_in_the_country_is_none(dysprosium: Replacement) -> None:
    assert "hitachi-china-grove" not in {x.site.facility for x in dysprosium.candidates}
    assert any("Hitachi" in note and "closed" in note for note in dysprosium.notes)
    assert "CHN" not in {x.site.country for x in dysprosium.candidates}
    without = view_in_memory().replace("NdPr", "USA", country="MYS")
    assert "MYS" not in {x.site.country for x in without.candidates}


def test_what_ran_in_the_base_year_stands_apart() -> None:
    """Mountain Pass and Kuantan separated NdPr in 2024: what they made then is in the base year."""
    found = view_in_memory().replace("NdPr", "USA")
    for facility in ("mountain-pass", "lynas-malaysia-kuantan"):
        assert next(
            x.site.in_base
            for x in found.candidates
            if (x.site.facility, x.site.stage) == (facility, "separation")
        )


def test_each_has_what_is_asked_of_it(dysprosium: Replacement) -> None:
    caremag = candidate(dysprosium, "caremag-lacq", "separation")
    assert caremag.orders
    assert caremag.free.low == 0  # one order tells no amount
    assert caremag.free.high < caremag.site.tonnes.value
    assert caremag.odds is not None
    assert 0 < caremag.odds.low < caremag.odds.value < caremag.odds.high < 1
    assert caremag.kind == "separation"
    assert set(caremag.site.rows) >= {caremag.site.tonnes.row}
