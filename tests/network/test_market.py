"""From where a market takes its magnets where no row prints the whole, worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.network.facts import Facts, read_facts
from monazite.network.facts_without import record
from monazite.network.magnet_sales import SalesRecord, to_records
from monazite.network.magnet_sourcing import to_purchases, why_unknown
from monazite.network.market import find_mix, why_no_mix
from monazite.network.trade import MarketMix
from monazite.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import line_of
from tests.network.sold_by_hand import ALONE, MONTHS, answer, made, share, weight


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_share_beside_the_tonnes_gives_the_whole(year: int) -> None:
    mix = to_purchases(None, [*MONTHS, share("CHN>KOR", year, 80)], [], "KOR", 2025)
    assert mix is not None
    assert mix.tonnes == pytest.approx(8_538 / 0.8)
    assert mix.shares == {"CHN": pytest.approx(0.8)}
    assert mix.rest == pytest.approx(0.2)
    assert f"imports of {year}" in mix.basis
    assert f"trade/CHN>KOR-{year}-percent" in mix.rows


def test_the_share_of_the_year_itself_counts_first() -> None:
    shares = [share("CHN>KOR", year, percent) for year, percent in ((2024, 50), (2025, 80))]
    mix = to_purchases(None, [*MONTHS, *shares], [], "KOR", 2025)
    assert mix is not None
    assert mix.shares["CHN"] == pytest.approx(0.8)
    assert "trade/CHN>KOR-2024-percent" not in mix.rows


def test_a_share_of_value_gives_no_tonnes_and_is_told_beside_the_one_of_weight() -> None:
    (value,) = to_records([answer("CHN>KOR", 2024, percent="60", value="true", row="row/trade/A")])
    assert to_purchases(None, [*MONTHS, value], [], "KOR", 2025) is None
    other = weight("WLD>KOR", 2024, 540)
    mix = to_purchases(None, [*MONTHS, value, other, share("CHN>KOR", 2024, 80)], [], "KOR", 2025)
    assert mix is not None
    assert mix.shares == {"CHN": pytest.approx(0.8)}
    assert mix.remarks[1:] == (
        "The share of CHN (80 %, 2024) is used as one of the weight of rare-earth magnets, "
        "which the record need not mean.",
        "Of the value of imports it is 60 % (trade/A).",
        "A record prints 540 t for the whole of 2024 (trade/WLD>KOR-2024), and is not used.",
    )
    assert not {"trade/A", "trade/WLD>KOR-2024"} & set(mix.rows)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "We found no weight"),
        ([share("CHN>JPN", 2025, 80)], "We found no weight"),
        ([weight("CHN>JPN", 2019, 9)], "are of 2019 (trade/CHN>JPN-2019); older"),
        ([weight("CHN>JPN", 2025, 9, "2025-09")], "single months only (trade/CHN>JPN-2025-09)"),
        ([ALONE], "from China (trade/CHN>JPN-2025), and not the rest. One seller's share"),
    ],
)
def test_a_mix_that_is_not_known_says_which_rows_there_are(
    rows: list[SalesRecord], said: str
) -> None:
    assert said in why_unknown(rows, "JPN", range(2025, 2020, -1), {"CHN": "China"})


@pytest.mark.parametrize("beside", [[], [share("CHN>JPN", 2023, 31)], [share("VNM>JPN", 2025, 9)]])
def test_one_seller_alone_says_nothing_of_the_rest(beside: list[SalesRecord]) -> None:
    assert to_purchases(None, [ALONE, *beside], [], "JPN", 2025) is None


def test_own_plants_are_a_seller_and_the_most_they_can_be() -> None:
    mix = to_purchases(None, [ALONE], [made("JPN", 2020, 12_000)], "JPN", 2025, {"JPN": "Japan"})
    assert mix is not None
    assert (mix.tonnes, mix.rest) == (16_000, 0)
    assert mix.shares == {"CHN": 0.25, "JPN": 0.75}
    assert mix.rows == ("production/JPN-2020-magnet", "trade/CHN>JPN-2025")
    assert any("Its own part (12,000 t) is the most it can be" in said for said in mix.remarks)
    assert any("What Japan takes from others than CHN is not known" in s for s in mix.remarks)


@pytest.mark.parametrize(
    ("shipped", "own", "bound"),
    [
        ([weight("JPN>WLD", 2020, 4_000)], 8_000, False),
        ([weight("JPN>WLD", 2020, 4_000), weight("JPN>USA", 2020, 500)], 8_000, False),
        ([weight("JPN>USA", 2020, 500), weight("JPN>DEU", 2020, 500)], 11_000, True),
        ([weight("JPN>WLD", 2024, 4_000)], 12_000, True),  # not of the year of the output
    ],
)
def test_what_it_ships_is_not_its_own(
    shipped: list[SalesRecord], own: float, *, bound: bool
) -> None:
    mix = to_purchases(None, [ALONE, *shipped], [made("JPN", 2020, 12_000)], "JPN", 2025)
    assert mix is not None
    assert mix.shares["JPN"] * mix.tonnes == pytest.approx(own)
    assert any("the most it can be" in said for said in mix.remarks) == bound


def test_a_country_that_ships_more_than_it_makes_is_not_known() -> None:
    rows = [ALONE, weight("JPN>WLD", 2020, 13_000)]
    assert to_purchases(None, rows, [made("JPN", 2020, 12_000)], "JPN", 2025) is None


def test_own_plants_stand_beside_what_rows_print_of_imports() -> None:
    printed = MarketMix(2025, {"CHN": 0.5, "DEU": 0.3}, 0.2, 1_000.0, "import value", ("trade/a",))
    assert to_purchases(printed, [], [], "JPN", 2025) == printed
    mix = to_purchases(printed, [], [made("JPN", 2024, 3_000)], "JPN", 2025)
    assert mix is not None
    assert mix.shares == {"CHN": 0.125, "DEU": 0.075, "JPN": 0.75}
    assert mix.rest == 0.05


@given(
    st.lists(st.floats(1, 1e5), min_size=1, max_size=4),
    st.one_of(st.none(), st.floats(1, 100)),
    st.one_of(st.none(), st.floats(1, 1e5)),
)
def test_a_mix_is_whole_and_adds_up_to_its_tonnes(
    sold: list[float], percent: float | None, own: float | None
) -> None:
    codes = ["CHN", "DEU", "FIN", "VNM"][: len(sold)]
    rows = [weight(f"{code}>JPN", 2025, tonnes) for code, tonnes in zip(codes, sold, strict=True)]
    rows += [share("CHN>JPN", 2025, percent)] if percent else []
    mix = to_purchases(None, rows, [made("JPN", 2024, own)] if own else [], "JPN", 2025)
    assert (mix is None) == (len(sold) == 1 and not percent and not own)
    if mix is not None:
        assert sum(mix.shares.values()) + mix.rest == pytest.approx(1)
        for code, tonnes in zip(codes, sold, strict=True):
            assert mix.shares[code] * mix.tonnes == pytest.approx(tonnes)


@pytest.fixture(scope="module")
def printed() -> View:
    """A view without the trade that is split by value: rows that print the mix speak alone."""
    return view_in_memory(without=("baci-2026-atlas",))


@pytest.fixture(scope="module")
def mix_of(printed: View) -> Callable[[str], MarketMix | None]:
    facts = read_facts(printed.store, "NdPr", printed.valid)
    return lambda market: find_mix(facts, market)


def test_japan_takes_its_own_and_chinas_magnets(
    mix_of: Callable[[str], MarketMix | None],
) -> None:
    mix = mix_of("JPN")
    assert mix is not None
    own, china = (line_of(row) for row in (mix.rows[0], mix.rows[1]))
    assert (own["value"], own["year"], china["value"], china["year"]) == (
        *("12400", "2020"),
        *("4877.6", "2025"),
    )
    assert mix.tonnes == pytest.approx(12_400 + 4_877.6)
    assert mix.shares == {
        "CHN": pytest.approx(0.2823, abs=1e-4),
        "JPN": pytest.approx(0.7177, abs=1e-4),
    }
    assert mix.remarks[-1] == "These records are of 2025, later than the year asked about, 2024."


def test_koreas_whole_follows_from_two_months_and_a_share(
    mix_of: Callable[[str], MarketMix | None],
) -> None:
    mix = mix_of("KOR")
    assert mix is not None
    assert mix.tonnes == pytest.approx((854 + 569) / 2 * 12 / 0.899)
    assert mix.year == 2025
    assert mix.shares == {"CHN": pytest.approx(0.899)}
    assert "mean of 2 months of 2025, times twelve" in mix.basis
    assert sorted(line_of(row).get("value") or "" for row in mix.rows) == ["", "569", "854"]


def test_vietnam_takes_chinas_magnets_and_a_share_of_the_worlds(
    mix_of: Callable[[str], MarketMix | None],
) -> None:
    mix = mix_of("VNM")
    assert mix is not None
    china = (235 + 340 + 456) / 3 * 12  # trade.csv: May, June and September of 2025
    own = 200_000 * 0.01  # production.csv: 1 percent of 2020; production_totals.csv: the world
    assert mix.tonnes == pytest.approx(china + own)  # 4,124 + 2,000
    assert (mix.year, mix.rest) == (2025, 0)
    assert mix.shares == {"CHN": pytest.approx(0.6734, abs=1e-4), "VNM": pytest.approx(own / 6_124)}
    told = [line_of(row) for row in mix.rows]
    assert sorted(each.get("value") or each.get("value_low") or "" for each in told) == [
        *("", "200000", "235", "340", "456")
    ]
    assert any("the most it can be" in said for said in mix.remarks)
    assert any("1 % of the world's 200,000 t (lower bound) of 2020" in said for said in mix.remarks)


def test_indias_whole_follows_from_two_months_and_a_share_of_its_fiscal_year(
    mix_of: Callable[[str], MarketMix | None],
) -> None:
    mix = mix_of("IND")
    assert mix is not None
    assert mix.tonnes == pytest.approx((150 + 418) / 2 * 12 / 0.888)  # 3,838 t
    assert mix.year == 2025
    assert mix.shares == {"CHN": pytest.approx(0.888)}
    assert "in imports of 2024-04 to 2025-03" in mix.basis
    assert sorted(line_of(row).get("value") or "" for row in mix.rows) == ["", "150", "418"]
    text = " ".join(mix.remarks)
    assert "run from 150 t to 418 t" in text
    assert "Of the value of imports it is 72.8 %" in text
    assert "A record prints 540 t for the whole of 2024-04 to 2025-03" in text
    assert mix.remarks[-1] == "These records are of 2025, later than the year asked about, 2024."


@pytest.mark.parametrize("market", ["DEU", "THA", "CHN", "ROW"])
def test_old_rows_or_china_alone_are_not_known(
    mix_of: Callable[[str], MarketMix | None], market: str
) -> None:
    assert mix_of(market) is None


def test_a_printed_whole_needs_no_remark(mix_of: Callable[[str], MarketMix | None]) -> None:
    mix = mix_of("USA")
    assert mix is not None
    assert (mix.year, mix.remarks) == (2024, ())
    assert "USA" not in mix.shares


def test_the_union_buys_what_its_customs_count_on_the_code_of_rare_earth_magnets(
    mix_of: Callable[[str], MarketMix | None],
) -> None:
    """Eurostat, 2025: 20,851.4 t from outside the Union, of it 19,537 from China."""
    mix = mix_of("EUE")
    assert mix is not None
    assert (mix.year, mix.tonnes) == (2025, 20_851.4)
    assert mix.shares["CHN"] == pytest.approx(19_537 / 20_851.4)
    assert mix.remarks == ("These records are of 2025, later than the year asked about, 2024.",)
    assert "EUE" not in mix.shares


def test_the_base_year_is_the_readers(printed: View) -> None:
    facts = read_facts(printed.store, "Dy", printed.valid)
    later = find_mix(facts, "KOR", 2025)
    assert later is not None
    assert not any("later than the base year" in said for said in later.remarks)


@pytest.fixture(scope="module")
def dysprosium(printed: View) -> Facts:
    return read_facts(printed.store, "Dy", printed.valid)


def test_without_its_rows_the_mix_is_not_known(dysprosium: Facts) -> None:
    october = record(dysprosium).less(["trade/chn-kor-8505.11-2025-10"])
    assert find_mix(october, "KOR") is None


@pytest.mark.parametrize(
    ("less", "market", "said"),
    [
        (["trade/chn-ind-8505.11-2025-05"], "IND", "Records give single months only"),
        (
            ["trade/chn-ind-8505.11-2024-04-2025-03-share-percent-2"],
            "IND",
            "from China (trade/chn-ind-8505.11-2025-05 +1), and not the rest",
        ),
        (
            ["production/vnm-magnet-rare-earth-magnet-2020-doe-2022"],
            "VNM",
            "from China (trade/chn-vnm-8505.11-2025-05 +2), and not the rest",
        ),
    ],
)
def test_what_vietnam_and_india_rest_on(
    dysprosium: Facts, less: list[str], market: str, said: str
) -> None:
    facts = record(dysprosium).less(less)
    assert find_mix(facts, market) is None
    assert said in why_no_mix(facts, market)


def test_magnets_of_all_kinds_give_no_mix(dysprosium: Facts) -> None:
    kept = ("trade/chn-ind-8505.11-2024-04-2025-03", "trade_totals/wld-ind-8505.11-2024-04-2025-03")
    rows = ["2025-05", "2025-07", "2024-04-2025-03-share-percent-2"]
    facts = record(dysprosium).less(f"trade/chn-ind-8505.11-{row}" for row in rows)
    assert all(line_of(row)["basis"] == "gross-weight" for row in kept)
    assert find_mix(facts, "IND") is None
    assert "Weights of all magnets" in why_no_mix(facts, "IND")
