"""The series of concentration against plain lines, hand-worked numbers, and its own laws."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.shares.by_year import ConcentrationYear, concentration_series
from monazite.network.facts import read_facts
from monazite.triples.store import Store
from monazite.view import View
from tests.golden.lines import lines_of


@cache
def _series(view: View, element: str, stage: str | None = None) -> tuple[ConcentrationYear, ...]:
    return concentration_series(read_facts(view.store, element, view.valid), stage)


def _mine(view: View) -> dict[int, ConcentrationYear]:
    return {line.year: line for line in _series(view, "TREO", "mine")}


def _default_lines(year: int) -> dict[str, float]:
    """Tonnes by country by the rule of ``series_ranks``, read without the package's reader."""
    chosen: dict[str, float] = {}
    rules = sorted(lines_of("series_ranks").values(), key=lambda rule: rule["country"] != "")
    for rule in rules:  # a rule for one country comes after, and wins
        if not int(rule["year_from"]) <= year <= int(rule["year_until"]):
            continue
        for line in lines_of("production").values():
            wanted = (rule["stage"], rule["material"], rule["series"], str(year), "reo")
            found = (line["stage"], line["material"], line["series"], line["year"], line["basis"])
            if wanted == found and rule["country"] in ("", line["country"]) and line["value"]:
                chosen[line["country"]] = float(line["value"])
    return chosen


@pytest.mark.parametrize("year", range(1992, 2026))
def test_each_year_is_the_default_series_of_the_plain_lines(view: View, year: int) -> None:
    line, plain = _mine(view)[year], _default_lines(year)
    total = sum(plain.values())
    by_hand = sum((100 * tonnes / total) ** 2 for tonnes in plain.values())
    assert line.hhi_countries == pytest.approx(by_hand)
    assert line.leader == max(plain, key=lambda place: plain[place]) == "CHN"
    assert line.countries == sum(tonnes > 0 for tonnes in plain.values())
    assert set(line.shares) == set(plain)


def test_the_golden_numbers_of_2010_and_2024(view: View) -> None:
    """Over the countries' lines alone: 9,653 in 2010 and 5,220 in 2024.

    2010 (BGS): 118,900 + 1,496 + 471 + 160 t = 121,027 t; (98.243)^2 + (1.236)^2 + ... = 9,653.
    2024 (USGS, MCS 2026): the countries add up to 383,000 t and give 5,220; the line "other
    countries" adds 1,000 t, and the printed world is 380,000 t, rounded, less than the lines.
    The shares are of all lines, 384,000 t: (383/384)^2 x 5,219.6 = 5,192.
    """
    years = _mine(view)
    assert round(years[2010].hhi or 0) == round(years[2010].hhi_countries or 0) == 9_653
    assert years[2010].share == pytest.approx(118_900 / 121_027)
    assert round(years[2024].hhi_countries or 0) == 5_220
    assert years[2024].hhi == pytest.approx((383 / 384) ** 2 * (years[2024].hhi_countries or 0))
    assert years[2024].share == pytest.approx(270_000 / 384_000)
    assert years[2024].denominator == "line sum"


def test_a_printed_world_total_is_the_denominator_where_it_is_larger(view: View) -> None:
    """USGS, 2025: 388,760 t in countries, 550 t in others, 390,000 t in the world."""
    line = _mine(view)[2025]
    assert line.denominator == "printed total"
    assert line.share == pytest.approx(270_000 / 390_000)
    assert line.rest == pytest.approx(1 - 388_760 / 390_000)


def test_chokepoints_and_the_series_say_the_same(view: View) -> None:
    newest = {line.stage: line for line in _newest(view, "Dy")}
    from monazite.findings.shares.concentration import stage_shares

    for stage in stage_shares(view.network("Dy")):
        if stage.share is not None:
            line = newest[stage.stage]
            assert (line.year, line.leader_label) == (stage.year, stage.leader)
            assert line.share == pytest.approx(stage.share)


def _newest(view: View, element: str) -> tuple[ConcentrationYear, ...]:
    return concentration_series(read_facts(view.store, element, view.valid), newest=True)


def test_years_before_1992_have_rows_and_no_index(view: View) -> None:
    """BGS 1985: USA 13,428 + 450 t and China 10,000 t in REO, seven countries in concentrate.

    46 + 18,735 + 4,000 + 9 + 5,808 + 1,124 + 663 + 158 + 3,953 + 200 t = 34,696 t, gross: the
    American share is 13,878 of something between 23,878 and 58,574 t.
    """
    years = _mine(view)
    assert min(years) == 1985
    for year in range(1985, 1992):
        line = years[year]
        assert (line.hhi, line.leader, line.share, line.top3) == (None, None, None, None)
        assert line.basis == "reo and gross-concentrate"
        assert line.note.startswith("Not comparable: ")
        assert len(line.rows) >= 14
        assert ("upper bound" in line.figure) == (
            year < 1988
        )  # American monazite: nominal capacity
    note = years[1985].note
    assert "United States 13,878 t, China 10,000 t in REO" in note
    assert "7 countries in gross weight of concentrate, 34,696 t together" in note
    assert "United States has between 24 % and 58 %" in note
    assert (round(100 * 13_878 / 58_574), round(100 * 13_878 / 23_878)) == (24, 58)


def test_a_share_that_a_source_prints_stands_beside_the_weights(view: View) -> None:
    line = _mine(view)[1990]
    assert "China 27 %" in line.note
    assert "production/chn-mine-rare-earths-1990-usgs-reprint" in line.rows


def test_breaks_are_marked_where_basis_or_series_change(view: View) -> None:
    years = _mine(view)
    broken = {year for year, line in years.items() if line.broken}
    assert broken == {1992, 2012, 2014, 2018, 2022, 2023, 2024}
    assert "reo and gross-concentrate to reo" in years[1992].broken
    assert "to wmd" in years[2018].broken
    assert years[2022].broken == "series: wmd to usgs-mcs-2024"


def test_the_jump_of_2018_is_the_series_and_no_event(view: View) -> None:
    """BGS goes on at 7,806 where the rule turns to World Mining Data, 4,632."""
    line = _mine(view)[2018]
    assert round(line.hhi or 0) == 4_632
    assert round(line.hhi_high or 0) == 7_806
    assert "bgs 7,806" in line.note


def test_only_percent_or_one_country_is_said(view: View) -> None:
    lines = {(line.rank, line.year): line for line in _series(view, "MREE", "magnet")}
    metal = _series(view, "TREO", "metal")
    assert all(line.note.startswith("Only records in percent. Only China") for line in metal)
    japan = next(line for line in lines.values() if line.year == 2017)
    assert japan.hhi is None
    assert japan.note == "Only records for Japan, and no world total is printed."


def test_a_share_smaller_than_the_rest_makes_no_leader(store: Store) -> None:
    """27 % of 1990 alone would not say who led."""
    from monazite.findings.shares.by_year import _of_year
    from monazite.network.shares import OutputFigure

    figure = OutputFigure(
        *("production/a", "CHN", False, "mine", 1, 1990, "print", "share", 3, "2011", 99, "m"),
        tonnes=(None, None, None),
        percent=(27.0, None, None),
    )
    facts = read_facts(store, "TREO", "1991-12-31")
    line = _of_year(facts, [figure], "mine", 1990)
    assert (line.leader, line.share, line.hhi) == (None, None, None)
    assert line.hhi_low == pytest.approx(729)
    assert line.hhi_high == pytest.approx(729 + 73**2)


@pytest.mark.parametrize("element", ["TREO", "MREE", "Dy", "Nd"])
def test_the_laws_of_an_index(view: View, element: str) -> None:
    for line in _series(view, element):
        assert line.rows, line
        if line.hhi is None:
            continue
        assert line.hhi_low is not None
        assert line.hhi_high is not None
        assert 0 < line.hhi_low <= line.hhi <= line.hhi_high <= 10_000.0001
        assert sum(line.shares.values()) + (line.rest or 0) == pytest.approx(1)
        if line.top3 is not None and line.share is not None:
            assert line.share <= line.top3 + 1e-9 <= 1 + 1e-6
            assert line.hhi >= (100 * line.share) ** 2 - 1e-6


def test_a_year_after_the_day_does_not_count(store: Store) -> None:
    lines = concentration_series(read_facts(store, "TREO", "2011-06-30"), "mine")
    assert max(line.year for line in lines) == 2010


def test_unknown_stage_and_stage_without_rows(view: View) -> None:
    facts = read_facts(view.store, "TREO", view.valid)
    with pytest.raises(UnknownNameError, match='no stage "mining"'):
        concentration_series(facts, "mining")
    with pytest.raises(NotKnownError, match="No record up to 2025 splits the stage use"):
        concentration_series(facts, "use")
