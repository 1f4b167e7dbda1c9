"""Published orders beside losses: what the chokepoints print, and sizes that tell ties apart."""

from __future__ import annotations

from functools import cache
from math import sqrt

import pytest

from monazite.findings.reproductions.orders import Order, OrderPlace
from monazite.findings.reproductions.published_orders import (
    _reason,
    part_lost,
    published_orders,
)
from monazite.triples.store import Store
from monazite.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import lines_of

DAY = "2026-11-24"


@cache
def _orders(store: Store) -> dict[str, Order]:
    return {order.market: order for order in published_orders(store, DAY)}


def weighted() -> list[dict[str, str]]:
    """The published losses over all scenarios together, as the table has them."""
    lines = lines_of("published_losses").values()
    return [line for line in lines if line["probability_weighted"] == "true"]


@pytest.mark.whole
def test_sizes_tell_apart_what_is_lost_whole(store: Store) -> None:
    found = _orders(store)["USA"]
    whole = {place.element: place for place in found.places if place.ours == 100}
    sizes = {row["material"]: float(row["value"]) for row in weighted()}
    for name, material in (("Lu", "lutetium"), ("Tb", "terbium"), ("Dy", "dysprosium")):
        assert whole[name].printed == sizes[material]
    assert whole["Lu"].printed > whole["Tb"].printed > whole["Dy"].printed > whole["Gd"].printed
    assert {whole[name].unit for name in ("Lu", "Tb", "Dy", "Gd")} == {"usd-million"}
    assert len({(place.our_first, place.our_last) for place in whole.values()}) == 1
    assert "only the published number tells them apart" in whole["Lu"].reason


def test_the_order_of_the_survey_by_hand(store: Store) -> None:
    """Eleven of fourteen are lost whole, neodymium, lanthanum and praseodymium are not."""
    found = _orders(store)["USA"]
    assert (found.numbers, found.pairs, found.kept, found.tied) == (14, 90, 18, 57)
    assert found.spearman == pytest.approx(10.5 / sqrt(227 * 115.5))
    assert found.kendall == pytest.approx((18 - 15) / sqrt(90 * 33))
    out = {place.element: place.out for place in found.places if place.is_out}
    assert out == {"Nd": 5, "La": 4, "Pr": 3}
    assert found.places[0].element == "Sm"
    assert (found.places[0].ours, found.places[0].reason[:24]) == (None, "We found no figures for ")


@pytest.mark.whole
def test_every_size_is_a_row_and_every_loss_that_of_the_chokepoints(view: View) -> None:
    found = _orders(view.store)["USA"]
    sizes = lines_of("published_losses")
    for place in found.places:
        row = sizes[place.printed_row]
        assert (float(row["value"]), row["unit"]) == (place.printed, place.unit)
        assert row["probability_weighted"] == "true"
    for name in ("Ce", "Nd"):
        line = next(
            each for each in view.chokepoints(name, "USA").chokepoints if each.id == "country/CHN"
        )
        (place,) = (each for each in found.places if each.element == name)
        assert place.ours == round(100 * (line.loss or 0))


def test_the_european_order_of_2017_is_not_that_of_losses(store: Store) -> None:
    found = _orders(store)["EUE"]
    out = {place.element for place in found.places if place.is_out}
    assert {"Ce", "La"} <= out
    assert (found.spearman or 0) < 0
    cerium = found.places[0]
    assert (cerium.element, cerium.first) == ("Ce", 1)
    assert "comes from elsewhere" in cerium.reason


def test_what_is_said_of_an_element() -> None:
    place = OrderPlace("Dy", 1.0, "t", 100.0, "%", "row/a", out=0)
    assert _reason(place, 0, "sizes") == ""
    assert _reason(place, 1, "sizes").startswith("100 % is lost, as with 1 other: only")
    out = OrderPlace("Dy", 1.0, "t", 96.0, "%", "row/a", out=3)
    assert _reason(out, 0, "sizes") == (
        "Stands lower here: 96 % is lost; the published number counts sizes."
    )


def test_a_view_without_the_sizes_has_no_order_of_them() -> None:
    store = view_in_memory(without=("table:published_losses", "table:criticality")).store
    assert published_orders(store, DAY) == ()
    lost, why = part_lost(store, "Sc", "USA", DAY)
    assert (lost, why.startswith("We found no assay")) == (None, True)
