"""What firms hold, order and use, by hand."""

from __future__ import annotations

import pytest

from monazite.findings.scenarios.firms import DAYS, FirmClass, MarketStock

CLASSES = (FirmClass(0.0, 0.5), FirmClass(2 * DAYS, 0.5))


def market(lead: int = 1) -> MarketStock:
    """100 t a month, 60 of them from abroad: half of the firms hold nothing, half two months."""
    return MarketStock(CLASSES, 100.0, [60.0], lead)


def test_what_is_ordered_in_a_normal_month_is_what_is_used() -> None:
    assert market().wanted(100.0, 40.0) == pytest.approx((100.0, 0.0, 1.0))


def test_half_of_what_comes_stops_half_of_who_holds_nothing() -> None:
    found = market()
    consumed = found.use(found.send(0.0, 40.0) - 50.0, 100.0)
    assert consumed.stopped == pytest.approx((0.5, 0.0))
    assert consumed.used == pytest.approx(25 + 50)
    assert found.held == pytest.approx([0.0, 75.0])


def test_a_market_that_lost_a_shipment_orders_it_again() -> None:
    """60 t did not leave: they are missing a month later, and are ordered beside the 100 t."""
    found = market()
    found.use(found.send(0.0, 40.0), 100.0)
    use, stock, filled = found.wanted(100.0, 40.0)
    assert (use, stock) == pytest.approx((100.0, 60.0))
    assert filled == pytest.approx(1 - 60 / 160)


def test_what_comes_beyond_normal_stocks_is_held_in_common_and_ordered_less() -> None:
    found = market()
    found.use(found.send(60.0, 40.0) + 30.0, 100.0)
    assert (found.common, found.stock) == pytest.approx((30.0, 130.0))
    assert found.wanted(100.0, 40.0)[0] == pytest.approx(70.0)
    assert found.use(found.send(30.0, 10.0), 100.0).used == pytest.approx(100.0)


def test_a_reserve_is_bought_kept_and_released() -> None:
    found = market(lead=0)
    found.build(20.0)
    assert found.wanted(100.0, 40.0)[:2] == pytest.approx((100.0, 20.0))
    found.use(found.send(80.0, 40.0), 100.0)
    assert found.reserve == pytest.approx(20.0)
    assert found.at_rest()
    assert found.use(0.0, 100.0).used == pytest.approx(50.0), "firms do not use it"
    found.release(20.0)
    assert found.reserve == 0
    assert found.use(0.0, 100.0).used == pytest.approx(70.0)
