"""The programme of a month: what is kept and ordered is worth less than what is used."""

from __future__ import annotations

import pytest

from monazite.findings.events.event import BASE_YEAR, Event, Horizon
from monazite.findings.scenarios.month_programme import KEPT, REFILL, MonthProgramme, MonthState
from tests.findings.sample import five_nodes
from tests.findings.scenarios.months import one_market
from tests.findings.small_chains import MAGNETS

COVER = {"mine": 1.0, "separation": 1.0, "metal": 1.0, "magnet": 1.0}


def programme() -> MonthProgramme:
    return MonthProgramme(one_market(), steps=10, cover=COVER)


def test_places_hold_a_normal_month_of_what_is_taken_and_sold() -> None:
    found = {place.stage: place for place in programme().places.values()}
    assert {stage: place.month for stage, place in found.items()} == pytest.approx(
        {"mine": 2.0, "separation": 2.0, "metal": 2.0, "magnet": 100.0}
    )
    assert {stage: place.target for stage, place in found.items()} == pytest.approx(
        {"mine": 2.0, "separation": 2.0, "metal": 2.0, "magnet": 100.0}
    )


def test_what_lies_serves_users_where_nothing_is_made() -> None:
    """No magnets are made, 100 t lie: a month of 1,200 t a year is served out of them."""
    found = programme()
    (row,) = (row for row, x in found.places.items() if x.stage == "magnet")
    found.now = MonthState(stock={row: 100.0})
    event = Event({("magnet", "A"): 0.0})
    assert found.serve(BASE_YEAR, event).amounts[MAGNETS, "B"] == pytest.approx(1200.0)
    found.now = MonthState(stock={row: 60.0})
    assert found.serve(BASE_YEAR, event).amounts[MAGNETS, "B"] == pytest.approx(720.0)


def test_users_are_served_before_their_stock_and_that_before_plants() -> None:
    """1,500 t can be made: 1,200 are used, 120 ordered for stock, the rest fills the plants'."""
    found = programme()
    (row,) = (row for row, x in found.places.items() if x.stage == "magnet")
    orders = (120.0 / found.order_steps,) * found.order_steps
    empty = dict.fromkeys(found.places, 0.0) | {each: 10.0 for each in found.places if each != row}
    found.now = MonthState(stock=empty, refill={(MAGNETS, "B"): orders})
    values = found.values(found.bounds(Horizon("more", 2.0, 1.25)))
    assert sum(values[x] for x in found.served[MAGNETS, "B"]) == pytest.approx(1200.0)
    assert sum(values[x] for x in found.refill[MAGNETS, "B"]) == pytest.approx(120.0)
    assert sum(values[x] for x in found.places[row].steps) == pytest.approx((1500 - 1320) / 12)


def test_no_product_is_worth_more_in_stock_than_in_use() -> None:
    """All elements of a magnet and the magnet itself, kept at their best step, against the last."""
    found = MonthProgramme(five_nodes(), steps=10, cover=COVER)
    last = min(found.columns.cost[x] for columns in found.served.values() for x in columns)
    elements = len(found.chain.element_chains)
    assert KEPT[0] * elements < last
    assert KEPT[0] < REFILL[1]
    assert REFILL[0] < last
    for place in found.places.values():
        worth = [found.columns.cost[x] for x in place.steps]
        assert worth == sorted(worth, reverse=True), "value falls with cover"
