"""Concentration against textbooks, publishers, plain lines of the tables, and its laws."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest

from monazite.analysis.concentration.by_year import (
    Concentration,
    ConcentrationYear,
    concentration_series,
)
from monazite.analysis.concentration.shares import (
    EditionIndex,
    StageShares,
    edition_indices,
    hhi,
    hhi_range,
    stage_shares,
)
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.model.network.facts import read_facts
from monazite.model.network.shares import OutputFigure, Share, Split
from monazite.store.store import Store
from monazite.view.view import View
from tests.golden.lines import lines_of
from tests.model.chains import chain
from tests.report.drawings import year as line_of_year
from tests.results import records_in


@pytest.mark.parametrize(
    ("shares", "index"),
    [
        ([1.0], 10_000),  # a monopoly
        ([0.5, 0.5], 5_000),
        ([0.1] * 10, 1_000),  # ten equal firms: 10,000 / n
        ([0.3, 0.3, 0.2, 0.2], 2_600),  # US Department of Justice, "Herfindahl-Hirschman Index"
        ([], 0),
    ],
)
def test_the_index_has_its_textbook_values(shares: list[float], index: float) -> None:
    assert hhi(shares) == pytest.approx(index)


def test_merging_two_suppliers_adds_twice_the_product_of_their_shares() -> None:
    apart, merged = hhi([0.5, 0.3, 0.2]), hhi([0.5, 0.5])
    assert merged - apart == pytest.approx(2 * 30 * 20)


@cache
def _stages(view: View, element: str) -> dict[str, StageShares]:
    return {stage.stage: stage for stage in stage_shares(view.network(element))}


def test_china_mines_61_percent_and_refines_91_percent_of_magnet_rare_earths(view: View) -> None:
    """IEA, Global Critical Minerals Outlook 2025: 61 % and 91 % in 2024."""
    stages = _stages(view, "MREE")
    for stage, percent in (("mine", 61), ("separation", 91)):
        found = stages[stage]
        assert (found.leader, found.year, round(100 * (found.share or 0))) == (
            "China",
            2024,
            percent,
        )


def test_what_no_row_splits_makes_the_index_a_lower_bound_that_is_said(view: View) -> None:
    metal = _stages(view, "MREE")["metal"]  # one row: China 94 %
    assert metal.hhi == pytest.approx(94**2)
    assert f"HHI lies between {94**2:,} and {94**2 + 6**2:,}" in metal.note


def test_the_index_has_the_range_of_the_rows_that_contradict_the_leader(view: View) -> None:
    """Magnets: China 85 % (newest row), 94 % by the IEA; "80 or more" contradicts neither."""
    found = _stages(view, "MREE")["magnet"]
    assert (found.share, found.share_low, found.share_high) == (0.85, 0.85, 0.94)
    assert found.hhi == found.hhi_low == pytest.approx(85**2)
    assert found.hhi_high == pytest.approx(94**2 + 6**2)
    assert found.range_rows == (
        "production/chn-magnet-rare-earth-magnet-2025-news",
        "production/chn-magnet-permanent-magnet-2024-web",
    )


@pytest.mark.parametrize("element", ["MREE", "Dy", "NdPr", "TREO"])
def test_a_range_holds_its_value_and_names_rows_that_print_its_ends(
    view: View, element: str
) -> None:
    for stage in _stages(view, element).values():
        if stage.share is None:
            assert (stage.share_low, stage.hhi_low, stage.range_rows) == (None, None, ())
            continue
        assert stage.share_low <= stage.share <= stage.share_high  # type: ignore[operator]
        assert stage.hhi_low <= stage.hhi <= stage.hhi_high <= 10_000.5  # type: ignore[operator]
        assert bool(stage.range_rows) == (stage.share_low < stage.share_high)  # type: ignore[operator]
        assert set(stage.range_rows) <= set(lines_of("production"))


def test_one_country_at_a_time_takes_the_share_that_rows_print() -> None:
    """A holds 60 or 80 %, B and C the rest in equal parts: worked by hand."""
    shares = {
        "A": Share(0.6, 0.6, 0.8, None, ("production/a",), low_row="", high_row="production/x"),
        "B": Share(0.2, 0.2, 0.2, None, ("production/b",)),
        "C": Share(0.2, 0.2, 0.2, None, ("production/c",)),
    }
    split = Split("mine", 2024, "reo", 1, "line sum", 100.0, shares, 0.0)
    low, high, rows = hhi_range(split)
    assert low == pytest.approx(60**2 + 2 * 20**2)
    assert high == pytest.approx(80**2 + 2 * 10**2)
    assert rows == ("production/x",)


def test_stages_stand_in_the_order_of_the_chain() -> None:
    network = chain({"mine": {"A": 0.6, "B": 0.4}, "separation": {"B": 1.0}, "use": {"B": 1.0}})
    found = stage_shares(network)
    assert [(s.stage, s.leader) for s in found] == [
        ("mine", "A"),
        ("separation", "B"),
        ("use", "B"),
    ]
    assert [s.hhi for s in found] == pytest.approx([5_200, 10_000, 10_000])


@cache
def _series(view: View, element: str, stage: str | None = None) -> tuple[ConcentrationYear, ...]:
    return concentration_series(read_facts(view.store, element, view.valid), stage)


def _mine(view: View) -> dict[int, ConcentrationYear]:
    return {line.year: line for line in _series(view, "TREO", "mine")}


def _default_lines(year: int) -> dict[str, float]:
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


def test_each_year_is_the_default_series_of_the_plain_lines(view: View) -> None:
    for year in range(1992, 2026, 3):
        line, plain = _mine(view)[year], _default_lines(year)
        total = sum(plain.values())
        by_hand = sum((100 * tonnes / total) ** 2 for tonnes in plain.values())
        assert line.hhi_countries == pytest.approx(by_hand)
        assert line.leader == max(plain, key=lambda place: plain[place]) == "CHN"
        assert line.countries == sum(tonnes > 0 for tonnes in plain.values())
        assert set(line.shares) == set(plain)


def test_the_golden_numbers_of_2010_and_2024(view: View) -> None:
    """Over the countries' lines alone: 9,653 in 2010 and 5,220 in 2024."""
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


def test_years_before_1992_have_rows_and_no_index(view: View) -> None:
    """BGS 1985: USA 13,428 + 450 t and China 10,000 t in REO, seven countries in concentrate."""
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


def test_breaks_are_marked_where_basis_or_series_change(view: View) -> None:
    years = _mine(view)
    broken = {year for year, line in years.items() if line.broken}
    assert broken == {1992, 2012, 2014, 2018, 2022, 2023, 2024}
    assert "reo and gross-concentrate to reo" in years[1992].broken
    assert "to wmd" in years[2018].broken
    assert years[2022].broken == "series: wmd to usgs-mcs-2024"


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


@pytest.mark.parametrize(("percent", "index"), [(27, None), (49, None), (50, 2500)])
def test_a_share_smaller_than_the_rest_makes_no_leader(percent: int, index: float | None) -> None:
    """27 % of 1990 alone would not say who led; 50 % would."""
    figure = replace(
        PLAIN, year=1990, material="m", basis="share", tonnes=NONE, percent=(percent, None, None)
    )
    facts = SimpleNamespace(
        stages=[("mine", "Mining")],
        own_figures=[figure],
        year=1990,
        country_labels={"CHN": "China"},
    )
    (line,) = concentration_series(facts, "mine")  # type: ignore[arg-type]
    assert (line.leader, line.hhi) == (None if index is None else "CHN", index)
    assert line.share_words("CHN") == f"{percent} %"
    assert line.hhi_low == pytest.approx(percent**2)
    assert line.hhi_high == pytest.approx(percent**2 + (100 - percent) ** 2)


def test_what_the_number_of_the_leader_is_stands_beside_its_share() -> None:
    line = line_of_year(
        leader="CHN", shares={"CHN": 0.6, "USA": 0.4}, figures={"CHN": "upper bound"}
    )
    assert line.leader_figure == "upper bound"
    assert "upper bound" in line.share_words("CHN")
    assert line.share_words("USA") == "40 %"


def test_a_year_after_the_day_does_not_count(store: Store) -> None:
    lines = concentration_series(read_facts(store, "TREO", "2011-06-30"), "mine")
    assert max(line.year for line in lines) == 2010


def test_unknown_stage_and_stage_without_rows(view: View) -> None:
    facts = read_facts(view.store, "TREO", view.valid)
    with pytest.raises(UnknownNameError, match='no stage "mining"'):
        concentration_series(facts, "mining")
    with pytest.raises(NotKnownError, match="No record up to 2025 splits the stage use"):
        concentration_series(facts, "use")


NONE = (None, None, None)
PLAIN = OutputFigure(
    "production/a", "CHN", False, "mine", 1, 2023, "old", "reo", 1, "2024", 1,
    "rare-earths", (0.0, None, None), (None, None, None),
)  # fmt: skip


def figures(series: str, year: int = 2023, **tonnes: float) -> list[OutputFigure]:
    return [
        replace(
            PLAIN, row=f"production/{place}-{series}-{year}", place=place, year=year,
            series=series, tonnes=(value, None, None),
        )
        for place, value in tonnes.items()
    ]  # fmt: skip


def found(*groups: list[OutputFigure]) -> tuple[EditionIndex, ...]:
    facts = SimpleNamespace(own_figures=[each for group in groups for each in group])
    return edition_indices(facts)  # type: ignore[arg-type]


OLD = figures("old", CHN=60.0, USA=30.0, AUS=10.0)
NEW = figures("new", CHN=80.0, USA=20.0, AUS=0.0, MMR=0.0)


def test_a_printed_total_that_is_larger_lowers_the_share_and_not_the_index() -> None:
    world = [replace(each, total=True) for each in figures("old", WLD=200.0)]
    old = found(OLD, world, NEW)[1]
    assert old.index == pytest.approx(4600)
    assert old.of_total == pytest.approx(4600 / 4)
    assert old.share == pytest.approx(0.3)


def test_totals_that_are_rounded_and_of_the_year_before_by_hand() -> None:
    """60, 30 and 10 of a total printed as 90, and of 80 the year before: 4,600 over the squares."""
    totals = [
        replace(each, total=True)
        for year, tonnes in ((2022, 80.0), (2023, 90.0))
        for each in figures("old", year=year, WLD=tonnes)
    ]
    (old,) = found(OLD, totals)
    assert (old.series, old.denominator) == ("old", "line sum")
    assert old.of_total == pytest.approx(4600)
    assert old.of_printed == pytest.approx(4600 / 0.9**2)
    assert old.of_year_before == pytest.approx(4600 / 0.8**2)
    assert [line.of_printed for line in found(OLD, NEW)] == [None, None]
    assert found(OLD, totals[1:]) == ()


def test_a_year_that_one_series_splits_is_left_out() -> None:
    assert [line.countries for line in found(OLD, NEW)] == [2, 3]
    assert found(OLD) == ()
    assert found(OLD, figures("new", CHN=80.0, USA=20.0)) == ()
    assert found(OLD, figures("new", year=2022, CHN=8.0, USA=1.0, AUS=1.0)) == ()


def test_another_stage_or_basis_is_no_edition() -> None:
    for given in ({"stage": "separation"}, {"basis": "oxide"}, {"rank": 2}):
        other = [replace(each, **given) for each in NEW]
        assert found(OLD, other) == ()


KNOWN = line_of_year(
    year=2019, rows=("production/a", "production/b"), hhi_low=4000.0, hhi_high=6000.0
)
UNKNOWN = line_of_year(
    year=2020, hhi=None, hhi_low=None, hhi_high=None, share=None, leader_label="", rows=(),
    note="Nobody prints it.", broken="series: a to b",
)  # fmt: skip


def cells(*, series: bool) -> list[dict[str, str]]:
    (table,) = Concentration("Dysprosium", series, (KNOWN, UNKNOWN)).tables()
    return records_in(table)


def test_ranges_first_rows_and_what_is_not_known() -> None:
    old, new = cells(series=False)
    assert (old["HHI"], old["range"], old["row"]) == ("5,000", "4,000 to 6,000", "production/a +1")
    assert (new["HHI"], new["range"], new["share"], new["leader"]) == ("not known",) * 4
    assert "break" not in old


def test_a_series_has_a_table_for_each_stage_and_material() -> None:
    other = line_of_year(stage="magnet", rank=2, shares={})
    tables = Concentration("Dysprosium", True, (KNOWN, UNKNOWN, other)).tables()
    assert [table.heading for table in tables] == [
        "Dysprosium: dysprosium at stage mine",
        "Dysprosium: shares not known at stage magnet",
    ]
    assert [row[tables[0].columns.index("break")] for row in tables[0].rows] == ["", "break"]
    assert tables[0].remarks == (
        "2020: Nobody prints it.",
        "2020 breaks the series; series: a to b.",
    )
