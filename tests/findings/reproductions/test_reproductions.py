"""Printed numbers worked out again: by hand from plain lines, and the laws of the report."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest

from monazite.findings.reproductions.recomputed import (
    MEASURES,
    Recomputation,
    RecomputationInputs,
)
from monazite.findings.reproductions.reproductions import (
    Reproduction,
    Reproductions,
    _orders,
    find_reproductions,
)
from monazite.findings.shares.editions import edition_indices
from monazite.network.facts import read_facts
from monazite.shipped import ontology_folder
from monazite.triples.store import Store
from monazite.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import line_of, lines_of

DAY = "2026-11-24"


@cache
def _found(store: Store) -> Reproductions:
    return find_reproductions(store, DAY)


def _line(store: Store, row: str) -> Reproduction:
    return next(line for line in _found(store).lines if line.row == f"reproductions/{row}")


@pytest.mark.whole
def test_every_line_of_the_table_is_compared(store: Store) -> None:
    found = _found(store)
    assert {line.row for line in found.lines} == set(lines_of("reproductions"))
    assert found.left_out == ()
    for line in found.lines:
        assert line_of(line.printed_row), line
        assert all(line_of(row) for row in line.rows), line
        assert (line.ours is None) == (line.outcome == "not-known") == (not line.rows), line


@pytest.mark.whole
def test_every_number_comes_out_as_the_table_expects(store: Store) -> None:
    assert [(line.row, line.outcome) for line in _found(store).lines if _unlike(line)] == []
    assert _found(store).broken == ()


def _unlike(line: Reproduction) -> bool:
    return line.outcome != line.expected


def test_the_measures_are_those_of_the_scheme() -> None:
    text = (ontology_folder() / "schemes" / "reproduction-measure.ttl").read_text(encoding="utf-8")
    assert {f'"{name}"' for name in MEASURES} == {
        line.split()[1] for line in text.splitlines() if "skos:notation" in line
    }


def test_the_energy_agency_of_2024_and_2035_by_hand(store: Store) -> None:
    """Mined 45.787 of 75.099, refined 73.757 of 80.805 kt; 2035 without China 51.837 of 140.12."""
    assert _line(store, "share-mine-china-2024-iea").ours == pytest.approx(60.97, abs=0.01)
    assert _line(store, "share-refined-china-2024-iea").ours == pytest.approx(91.28, abs=0.01)
    mined = _line(store, "without-largest-mine-2035-iea")
    refined = _line(store, "without-largest-separation-2035-iea")
    assert (mined.printed, mined.printed_low, mined.printed_high) == (None, 35, 40)
    assert mined.ours == pytest.approx(100 * (108.6771 - 56.8396) / 140.12, abs=0.01)
    assert mined.difference == 0
    assert refined.ours == pytest.approx(100 * (114.5007 - 86.4447) / 140.12, abs=0.01)
    assert refined.difference == pytest.approx((refined.ours or 0) - 35)
    assert (refined.outcome, refined.reason) == ("differs", "denominator")


def test_china_in_2010_by_two_surveys(store: Store) -> None:
    line = _line(store, "share-mine-china-2010-gao")
    assert (line.printed, line.year, line.place) == (97, 2010, "CHN")
    assert line.ours == pytest.approx(100 * 118_900 / 121_027)
    assert (line.outcome, line.reason) == ("differs", "edition")


def test_american_reliance_of_2024_in_two_editions(store: Store) -> None:
    """8,120 + 96 t in and 4,300 t made: 65.6 %; 8,000 + 90 t in and 1,300 t made: 86.2 %."""
    newer = _line(store, "reliance-usa-2024-usgs-mcs-2026")
    older = _line(store, "reliance-usa-2024-usgs-mcs-2025")
    assert newer.ours == pytest.approx(100 * 8_216 / 12_516)
    assert older.ours == pytest.approx(100 * 8_090 / 9_390)
    assert (newer.printed, older.printed) == (53, 80)
    assert newer.rows == (
        "trade_totals/wld-usa-2805.30-2024",
        "trade_totals/wld-usa-2846-2024",
        "production/usa-separation-rare-earth-compounds-and-metals-2024-usgs-mcs-2026",
    )


def test_what_lies_beyond_a_bound_agrees_with_it(store: Store) -> None:
    """More than 95 percent, and 98.6; nearly 60, and 70."""
    over = _line(store, "reliance-usa-2021-usgs-mcs-2025")
    assert (over.figure, over.printed_low, over.tolerance) == ("lower bound", 95, 0.5)
    assert (over.ours or 0) > 98
    assert (over.difference, over.outcome) == (0, "reproduces")
    nearly = _line(store, "share-mine-china-2022-section-232")
    assert (nearly.figure, nearly.our_figure) == ("upper bound", "")
    assert nearly.difference == pytest.approx(10)
    assert nearly.outcome == "differs"
    ahead = _line(store, "three-largest-mine-2035-iea")
    assert (ahead.figure, ahead.our_figure) == ("forecast", "forecast")


def test_a_total_that_is_not_the_sum_of_its_lines(store: Store) -> None:
    line = _line(store, "total-mine-2022-wmd")
    by_hand = sum(
        float(row["value"])
        for row in lines_of("production").values()
        if (row["series"], row["stage"], row["year"]) == ("wmd", "mine", "2022")
    )
    assert line.ours == pytest.approx(by_hand)
    assert line.difference == pytest.approx(1_830)


def test_the_light_rare_earths_differ_by_europium(store: Store) -> None:
    """(5.4 + 5.7 + 4.6 + 4.8 + 4.5) / 5 is the printed 5.0; with europium's 3.4 it is 4.73."""
    line = _line(store, "eu-2017-light-mean")
    assert line.ours == pytest.approx((5.4 + 5.7 + 4.6 + 4.8 + 4.5 + 3.4) / 6)
    assert pytest.approx(5.0) == (5.4 + 5.7 + 4.6 + 4.8 + 4.5) / 5
    assert (line.outcome, line.reason) == ("differs", "grouping")


def test_the_european_order_of_sixteen_elements(store: Store) -> None:
    order = _found(store).orders[0]
    assert (order.numbers, order.pairs) == (16, 108)
    assert (order.kept, order.tied, order.market) == (108, 0, "")
    assert [place.element for place in order.places if place.is_out] == []


def test_supply_without_the_largest_over_what_it_does_not_need_itself(store: Store) -> None:
    """Mining leaves 51.8 kt, refining 28.1: 40 % of 140.1 less what China needs."""
    needs = {}
    for stage, left in (("mine", 108.6771 - 56.8396), ("separation", 114.5007 - 86.4447)):
        line = _line(store, f"without-largest-outside-{stage}-2035-iea")
        assert (line.ours, line.outcome, line.reason) == (None, "not-known", "inputs")
        needs[stage] = [round(100 * (1 - left / part / 140.12), 1) for part in (0.40, 0.35)]
        assert (f"{needs[stage][0]:g} percent" in line.note) == (stage == "mine")
    assert needs == {"mine": [7.5, -5.7], "separation": [49.9, 42.8]}


def test_the_demand_of_the_largest_supplier_is_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """20 of 60 + 20 are left; 100 are needed, 60 of them by the largest."""
    shares = {"CHN": SimpleNamespace(share=0.75), "AUS": SimpleNamespace(share=0.25)}
    split = SimpleNamespace(world_tonnes=80.0, shares=shares, rest=0.0, rows=("production/a",))
    inputs = RecomputationInputs(None)  # type: ignore[arg-type]
    needs = {"WLD": (100.0, "demand/w"), "CHN": (60.0, "demand/c")}
    asked = SimpleNamespace(demand=lambda stage, place, year, basis: needs.get(place))
    monkeypatch.setattr(RecomputationInputs, "split", lambda self, request: split)
    monkeypatch.setattr(RecomputationInputs, "inputs", lambda self, element: asked)
    request = Recomputation("mree", "mine", "iea-2025", "", 2035, "", "")
    world = MEASURES["without-largest"](inputs, request)
    outside = MEASURES["without-largest-outside"](inputs, request)
    assert world is not None
    assert outside is not None
    assert (world.value, outside.value) == (0.2, 0.5)
    assert outside.rows == ("production/a", "demand/w", "demand/c")
    del needs["CHN"]
    assert MEASURES["without-largest-outside"](inputs, request) is None


def test_an_order_counts_what_stands_the_other_way(store: Store) -> None:
    first = _line(store, "eu-2017-cerium")
    lines = [replace(first, printed=printed, ours=ours) for printed, ours in ((1, 5), (2, 4))]
    assert [(order.pairs, order.kept) for order in _orders(lines)] == [(1, 0)]
    assert _orders(lines[:1]) == ()


def test_what_no_longer_comes_out_is_broken(store: Store) -> None:
    line = _line(store, "three-largest-mine-2024-iea")
    assert not line.broken
    assert replace(line, outcome="differs").broken
    assert replace(line, outcome="not-known").broken
    assert not replace(line, expected="differs").broken


@pytest.mark.whole
def test_a_view_without_a_printed_number_does_not_compare_it() -> None:
    left = "production/chn-mine-rare-earths-2010-gao-2010"
    found = find_reproductions(view_in_memory(without=(left, "table:governance")).store, DAY)
    assert found.left_out == ("reproductions/share-mine-china-2010-gao",)
    weighted = {line.row: line for line in found.lines}[
        "reproductions/eu-2017-dysprosium-concentration"
    ]
    assert (weighted.ours, weighted.outcome) == (None, "not-known")


def test_the_index_of_an_edition_by_plain_lines(view: View) -> None:
    """Four editions on 2023, by their lines alone."""
    found = {
        line.series: line
        for line in edition_indices(read_facts(view.store, "TREO", view.valid))
        if line.year == 2023
    }
    assert set(found) == {"bgs", "usgs-mcs-2024", "usgs-mcs-2025", "wmd"}
    for series, line in found.items():
        tonnes = [
            float(row["value"])
            for row in lines_of("production").values()
            if (row["series"], row["stage"], row["year"], row["material"], row["basis"])
            == (series, "mine", "2023", "rare-earths", "reo")
            and row["value"]
        ]
        total = sum(tonnes)
        assert line.index == pytest.approx(sum((100 * each / total) ** 2 for each in tonnes))


def test_rounded_totals_and_those_of_the_year_before_by_hand(view: View) -> None:
    """2024 in the edition of 2025: lines over 390,000 t; 2025 over the 380,000."""
    found = {
        (line.series, line.year): line
        for line in edition_indices(read_facts(view.store, "TREO", view.valid))
    }
    old, new = found["usgs-mcs-2025", 2024], found["usgs-mcs-2026", 2025]
    tonnes = (270, 45, 31, 13, 13, 13, 2.9, 2.5, 2, 0.3, 0.13, 0.02)
    assert old.of_printed == pytest.approx(10_000 * sum(each**2 for each in tonnes) / 390**2)
    assert round(old.of_printed or 0) == 5_024
    later = (270, 51, 29, 22, 4.8, 2.9, 2.7, 2.6, 2, 1.5, 0.15, 0.11)
    squares = 10_000 * sum(each**2 for each in later)
    assert new.of_printed == pytest.approx(squares / 390**2)
    assert new.of_year_before == pytest.approx(squares / 380**2)
    assert [line.series for line in found.values() if line.year == 2025] == ["usgs-mcs-2026"]
    assert found["bgs", 2023].of_printed is None
