"""Printed numbers and orders worked out again: by hand from plain lines, and their laws."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import sqrt
from types import SimpleNamespace

import pytest

from monazite.analysis.reproductions.reproductions import (
    MEASURES,
    Recomputation,
    find_reproductions,
)
from monazite.analysis.reproductions.result import (
    Order,
    OrderPlace,
    Reproduction,
    Reproductions,
    order_of,
    part_lost,
    published_orders,
)
from monazite.core.errors import MissingInputError
from monazite.core.package import ontology_folder
from monazite.store.store import Store
from monazite.view.view import View
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
    found = _found(store)
    assert [(line.row, line.outcome) for line in found.lines if line.outcome != line.expected] == []
    assert found.broken == ()
    assert replace(found.lines[0], outcome="none of these").broken


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


def test_the_demand_of_the_largest_supplier_is_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """20 of 60 + 20 are left; 100 are needed, 60 of them by the largest."""
    shares = {"CHN": SimpleNamespace(share=0.75), "AUS": SimpleNamespace(share=0.25)}
    split = SimpleNamespace(world_tonnes=80.0, shares=shares, rest=0.0, rows=("production/a",))
    needs = {"WLD": (100.0, "demand/w"), "CHN": (60.0, "demand/c")}
    asked = SimpleNamespace(demand=lambda stage, place, year, basis: needs.get(place))
    monkeypatch.setattr(Recomputation, "split", split)
    inputs_of = lambda _: asked  # noqa: E731
    request = Recomputation(inputs_of, "mree", "mine", "iea-2025", "", 2035, "", "")  # type: ignore[arg-type]
    world = MEASURES["without-largest"](request)
    outside = MEASURES["without-largest-outside"](request)
    assert (world.value, outside.value) == (0.2, 0.5)
    assert outside.rows == ("production/a", "demand/w", "demand/c")
    del needs["CHN"]
    with pytest.raises(MissingInputError):
        MEASURES["without-largest-outside"](request)


def published(store: Store) -> dict[str, Order]:
    return {order.market: order for order in _found(store).orders if order.market}


def test_the_order_of_the_survey_by_hand(store: Store) -> None:
    """Terbium and dysprosium are lost whole, neodymium and praseodymium nearly: ties of two."""
    found = published(store)["USA"]
    assert (found.numbers, found.pairs, found.kept, found.tied) == (4, 6, 4, 2)
    assert found.spearman == pytest.approx(4 / sqrt(5 * 4))
    assert found.kendall == pytest.approx(4 / sqrt(6 * 4))
    known = {place.element: place.ours for place in found.places if place.ours is not None}
    assert known == {"Tb": 100, "Dy": 100, "Nd": 94, "Pr": 94}
    first, second = found.places[:2]
    assert (first.element, first.reason[:35]) == ("Sm", "We found no figures for who uses ma")
    assert (second.element, second.reason[:38]) == ("Lu", "We found no figures for how much Lu is")


@pytest.mark.whole
def test_every_size_is_a_row_and_every_loss_that_of_the_chokepoints(view: View) -> None:
    found = published(view.store)["USA"]
    sizes = lines_of("published_losses")
    for place in found.places:
        row = sizes[place.printed_row]
        assert (float(row["value"]), row["unit"]) == (place.printed, place.unit)
        assert row["probability_weighted"] == "true"
    for name in ("Dy", "Nd"):
        line = next(
            each for each in view.chokepoints(name, "USA").chokepoints if each.id == "country/CHN"
        )
        (place,) = (each for each in found.places if each.element == name)
        assert place.ours == round(100 * (line.single or 0))


def test_the_european_order_of_2017_knows_no_loss_of_its_first(store: Store) -> None:
    found = published(store)["EUE"]
    assert [place.element for place in found.places if place.ours is not None] == [
        *("Dy", "Nd", "Tb", "Pr")
    ]
    cerium = found.places[0]
    assert (cerium.element, cerium.first, cerium.ours) == ("Ce", None, None)
    assert cerium.reason.startswith("We found no figures for how much Ce is used")


@pytest.mark.whole
def test_a_view_without_the_sizes_has_no_order_of_them() -> None:
    store = view_in_memory(without=("table:published_losses", "table:criticality")).store
    assert published_orders(store, DAY) == ()
    lost, why = part_lost(store, "Sc", "USA", DAY)
    assert (lost, why.startswith("We found no assay")) == (None, True)


def _places(**numbers: tuple[float, float | None]) -> list[OrderPlace]:
    return [
        OrderPlace(name, printed, "t", ours, "%", f"row/{name}", reason="brought along")
        for name, (printed, ours) in numbers.items()
    ]


def _order(**numbers: tuple[float, float | None]) -> Order:
    found = order_of(_places(**numbers), measure="part-lost", what="sizes", market="USA")
    assert found is not None
    return found


def test_an_element_inside_a_tie_is_not_out_of_place() -> None:
    found = _order(a=(5, 100), b=(4, 100), c=(3, 100), d=(2, 1), e=(1, 100), f=(0, None))
    out = {place.element: place.out for place in found.places}
    assert out == {"a": 0, "b": 0, "c": 0, "d": 1, "e": -1, "f": None}
    assert (found.numbers, found.pairs, found.kept, found.tied) == (5, 10, 3, 6)
    assert [place.is_out for place in found.places] == [False] * 6
    assert {place.reason for place in found.places} == {"brought along"}


def test_no_two_printed_numbers_no_order() -> None:
    assert order_of(_places(a=(3, 9), b=(3, 8)), measure="m", what="w") is None
    assert order_of([], measure="m", what="w") is None


def test_sizes_stay_where_nothing_of_ours_is_known() -> None:
    found = _order(a=(3, None), b=(2, None))
    assert (found.numbers, found.pairs, found.spearman, found.kendall) == (0, 0, None, None)
    assert [(place.element, place.printed, place.first) for place in found.places] == [
        *(("a", 3, None), ("b", 2, None))
    ]
