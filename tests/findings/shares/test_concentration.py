"""Concentration against textbooks, publishers and the plain lines of the tables."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.findings.shares.concentration import StageShares, hhi, hhi_range, stage_shares
from monazite.network.shares import Share, Split
from monazite.view import View
from tests.findings.chains import chain
from tests.golden.lines import lines_of


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


def test_china_mines_69_percent_of_all_rare_earths(view: View) -> None:
    """USGS, Mineral Commodity Summaries 2026: 270,000 t of 390,000 t in 2025."""
    found = _stages(view, "TREO")["mine"]
    assert (found.leader, found.year) == ("China", 2025)
    assert found.share == pytest.approx(270_000 / 390_000, abs=0.005)
    assert found.denominator in {"printed total", "line sum"}


def test_the_index_of_a_stage_is_the_one_worked_from_the_plain_lines(view: View) -> None:
    for stage in ("mine", "separation"):
        countries = {
            line["country"]: float(line["value"])
            for line in lines_of("production").values()
            if (line["stage"], line["material"], line["year"], line["series"])
            == (stage, "magnet-rare-earths", "2024", "iea-2025")
        }
        world = next(
            float(line["value"])
            for line in lines_of("production_totals").values()
            if (line["area"], line["stage"], line["material"], line["year"], line["unit"])
            == ("WLD", stage, "magnet-rare-earths", "2024", "kt")
        )
        by_hand = sum((100 * value / world) ** 2 for value in countries.values())
        found = _stages(view, "MREE")[stage]
        assert found.hhi == pytest.approx(by_hand)
        assert found.denominator == "printed total"  # its lines, with the rest, add up to it


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


def test_a_stage_without_rows_is_listed_as_not_known(view: View) -> None:
    alloy = _stages(view, "MREE")["alloy"]
    assert (alloy.leader, alloy.share, alloy.hhi, alloy.year, alloy.rows) == (
        None,
        None,
        None,
        None,
        (),
    )


def test_stages_stand_in_the_order_of_the_chain() -> None:
    network = chain({"mine": {"A": 0.6, "B": 0.4}, "separation": {"B": 1.0}, "use": {"B": 1.0}})
    found = stage_shares(network)
    assert [(s.stage, s.leader) for s in found] == [
        ("mine", "A"),
        ("separation", "B"),
        ("use", "B"),
    ]
    assert [s.hhi for s in found] == pytest.approx([5_200, 10_000, 10_000])
