"""Rare-earth tonnes by value, by hand, and the same with other numbers inside their ranges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.network.magnet_prices import LEAST, MIDDLE, MOST, MagnetPrices, to_prices
from monazite.triples.records import QueryRecord
from tests.network.sold_by_hand import magnet_flow as flow

PRICES = MagnetPrices(
    sellers={"": (40.0, 50.0, 60.0), "CHN": (45.0, 50.0, 55.0)},
    levels={2022: (1.5, 1.5, 1.5), 2024: (1.0, 1.0, 1.0)},
    cheap=(2.0, 4.0, 6.0),
    share=(0.8, 0.9, 1.0),
    own_make=(0.0, 0.0, 1.0),
    rows={
        "": "a/others",
        "CHN": "a/chn",
        2022: "a/2022",
        2024: "a/2024",
        "cheap": "a/cheap",
        "share": "a/share",
        "own make": "a/own",
    },
)


def test_a_mixture_is_split_by_its_value() -> None:
    # 100 t at 27 dollars: 50 t at 50 and 50 t at 4 dollars.
    least, middle, most = PRICES.tonnes(flow("VNM>USA", 100, 27), 2024)
    assert middle == pytest.approx(50)
    assert least == pytest.approx((2_700 - 600) / (60 - 6))  # dear magnets, and dear others
    assert most == pytest.approx(2_700 / 40)  # cheap ones, and the value all theirs


def test_a_flow_dearer_than_its_sellers_magnets_is_all_of_them() -> None:
    assert PRICES.tonnes(flow("CHN>USA", 100, 70), 2024) == (100, 100, 100)


def test_a_flow_cheaper_than_other_magnets_holds_none() -> None:
    assert PRICES.tonnes(flow("CHN>IND", 100, 2), 2024)[:2] == (0, 0)


def test_without_a_weight_the_share_of_value_counts_at_the_prices_of_the_year() -> None:
    least, middle, most = PRICES.tonnes(flow("CHN>USA", None, usd=750_000), 2022)
    assert (least, middle, most) == pytest.approx((750 * 0.8 / 82.5, 750 * 0.9 / 75, 750 / 67.5))


WEIGHTS = st.floats(0.01, 1e6)


@given(WEIGHTS, st.floats(0.0, 500.0))
def test_rare_earth_magnets_weigh_no_more_than_the_goods(tonnes: float, price: float) -> None:
    least, middle, most = PRICES.tonnes(flow("VNM>USA", tonnes, price), 2024)
    assert 0 <= least <= middle <= most <= tonnes


def answer(kind: str, value: str, seller: str = "", subject: str = "x") -> QueryRecord:
    texts = {"property": kind, "seller": seller, "subject": subject, "unit": "usd-per-kg"}
    return QueryRecord(
        {**texts, "value": value, "low": value, "high": value, "row": "row/a/" + kind}
    )


def test_prices_that_are_not_whole_or_not_above_other_magnets_split_nothing() -> None:
    rows = [
        answer("magnet-unit-value", "40"),
        answer("magnet-price-level", "1", subject="2024"),
        answer("other-magnet-unit-value", "4"),
        answer("rare-earth-value-share", "0.9"),
        answer("sold-of-own-make", "0"),
    ]
    assert to_prices(rows) is not None
    for place in range(5):
        assert to_prices(rows[:place] + rows[place + 1 :]) is None
    assert to_prices([*rows[:2], answer("other-magnet-unit-value", "40"), *rows[3:]]) is None


RANGES = PRICES.ranges()


@st.composite
def drawn(draw: st.DrawFn) -> dict[str, float]:
    """A value inside its range for each row."""
    return {row: draw(st.floats(low, high)) for row, (low, _, high) in RANGES.items()}


def test_every_number_has_its_row_and_its_range() -> None:
    assert RANGES["a/chn"] == (45.0, 50.0, 55.0)
    assert RANGES["a/2022"] == (1.5, 1.5, 1.5)
    assert RANGES["a/cheap"] == PRICES.cheap
    assert RANGES["a/share"] == PRICES.share
    assert RANGES["a/own"] == PRICES.own_make
    assert len(RANGES) == 7


def test_a_number_that_is_moved_moves_all_that_its_seller_sells_and_nobody_elses() -> None:
    moved = PRICES.at({"a/chn": 46.0})
    for before in (flow("CHN>USA", 100, 27), flow("CHN>IND", 10, 30)):
        value, weight = (before.usd or 0.0) / 1000, before.tonnes or 0.0
        assert moved.tonnes(before, 2024)[MIDDLE] == pytest.approx((value - weight * 4) / (46 - 4))
    other = flow("VNM>USA", 100, 27)
    assert moved.tonnes(other, 2024) == PRICES.tonnes(other, 2024)


@given(drawn(), WEIGHTS, st.floats(0, 90), st.sampled_from(["CHN>USA", "VNM>USA"]), st.booleans())
def test_no_number_inside_its_range_leaves_the_range_of_the_tonnes(
    values: dict[str, float], tonnes: float, price: float, pair: str, weighed: bool
) -> None:
    goods = flow(pair, tonnes if weighed else None, usd=tonnes * price * 1000)
    least, _, most = PRICES.tonnes(goods, 2024)
    after = PRICES.at(values).tonnes(goods, 2024)
    assert (after[LEAST], after[MOST]) == (least, most)
    assert least * (1 - 1e-9) <= after[MIDDLE] <= most * (1 + 1e-9)


def test_rows_of_nothing_move_nothing() -> None:
    assert PRICES.at({"a/else": 7.0}) == PRICES
    assert PRICES.at({row: value for row, (_, value, _) in RANGES.items()}) == PRICES


def test_what_is_assumed_is_named_own_make_only_where_nobody_says_what_is_made() -> None:
    flows = [flow("CHN>USA", 1), flow("USA>DEU", 1)]
    made = {"a/chn", "a/others", "a/2024", "a/cheap", "a/share"}
    assert PRICES.assumed(flows, 2024, made=True) == made
    assert PRICES.assumed(flows, 2024, made=False) == made | {"a/own"}
