"""What is spoken for, and where feed comes from: the shipped rows of known plants."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.plants.lives import read_lives
from monazite.findings.replacements.orders import Links
from monazite.triples.store import Store
from tests.findings.replacements.made import site_of

DAY = "2026-11-24"


@pytest.fixture(scope="module")
def links(store: Store) -> Links:
    return Links(store, read_lives(store), DAY, 0.8713)


def test_an_order_by_weight_takes_its_part_of_what_the_row_counts(links: Links) -> None:
    """Caremag is to make 600 t of Dy and Tb oxides a year; Iwatani takes 250 t of Dy oxide."""
    site = site_of(431.0, facility="caremag-lacq")
    site = replace(site, tonnes=replace(site.tonnes, printed=600.0))
    iwatani = next(
        x for x in links.orders(site, frozenset({"Dy"})) if x.customer.startswith("Iwatani")
    )
    assert iwatani.told == "250 t a year"
    assert iwatani.tonnes == pytest.approx(250 * 0.8713)


def test_an_order_by_percent_takes_that(links: Links) -> None:
    orders = links.orders(site_of(26.1, facility="src-saskatoon"), frozenset({"Dy"}))
    assert [(x.customer, x.told) for x in orders] == [("REalloys", "80 %")]
    assert orders[0].tonnes == pytest.approx(0.8 * 26.1)


def test_money_is_no_tonnes(links: Links) -> None:
    orders = links.orders(
        site_of(9.0, stage="magnet", facility="mp-independence"), frozenset({"Dy"})
    )
    apple = next(x for x in orders if x.customer == "Apple Inc.")
    assert (apple.told, apple.tonnes) == ("500,000,000 USD", None)


def test_magnets_that_are_sold_may_hold_the_element(links: Links) -> None:
    """All that 10X makes is sold, by the row of its buyer; General Motors buys of Sumter."""
    for facility, buyer in (("mp-10x", "Department"), ("evac-sumter", "General Motors")):
        orders = links.orders(site_of(9.0, stage="magnet", facility=facility), frozenset({"Dy"}))
        assert any(buyer in x.customer for x in orders), facility


def test_what_a_mine_sells_is_ore_or_carbonate_and_where_to_is_told(links: Links) -> None:
    orders = links.orders(
        site_of(66.0, stage="mine", facility="serra-verde-pela-ema"), frozenset({"Dy"})
    )
    assert {x.country for x in orders} >= {"CHN"}


def test_an_order_of_the_firm_stands_at_its_plant(links: Links) -> None:
    """Lynas sells heavy oxides to Japan; its plant at Kuantan makes them."""
    orders = links.orders(site_of(27.0, facility="lynas-malaysia-kuantan"), frozenset({"Dy"}))
    assert any(x.by.startswith("Lynas") for x in orders)


def test_feed_is_followed_to_its_country(links: Links) -> None:
    """Kuantan works on ore of Mount Weld, in Australia; nothing of it runs through China."""
    site = site_of(10.0, facility="lynas-malaysia-kuantan")
    feed = links.feed(site, "AUS")
    assert feed is not None
    assert feed.through
    assert not links.feed(site, "CHN").through  # type: ignore[union-attr]


def test_a_mine_has_its_own_ore_and_what_no_row_tells_is_not_known(links: Links) -> None:
    mine = links.feed(site_of(1.0, stage="mine", facility="mountain-pass"), "CHN")
    assert mine is not None
    assert mine.sellers == ()
    assert links.feed(site_of(1.0, facility="caremag-lacq"), "CHN") is None


def test_a_seller_s_firm_may_buy_in_the_country(links: Links) -> None:
    """Narva buys of the heavy line at Silmet, whose owner buys of its plant at Jiangyin, China."""
    feed = links.feed(site_of(9.0, stage="magnet", facility="neo-narva"), "CHN")
    assert feed is not None
    assert any("JAMR" in each for each in feed.through)
