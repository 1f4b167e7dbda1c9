"""From where a market takes its magnets where no row prints the whole, worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.network.facts import Facts, read_facts
from monazite.network.market import find_mix
from monazite.network.purchases import Record, own_output, to_purchases, yearly
from monazite.network.revised import record
from monazite.network.shares import Figure
from monazite.network.trade import MarketMix
from monazite.view import View
from tests.golden.lines import line_of


def weight(pair: str, year: int, tonnes: float, month: str = "") -> Record:
    exporter, importer = pair.split(">")
    return Record(exporter, importer, year, month, tonnes, None, f"trade/{pair}-{month or year}")


def share(pair: str, year: int, percent: float) -> Record:
    exporter, importer = pair.split(">")
    return Record(exporter, importer, year, "", None, percent, f"trade/{pair}-{year}-percent")


def made(place: str, year: int, tonnes: float, basis: str = "magnet") -> Figure:
    return Figure(
        *(f"production/{place}-{year}-{basis}", place, False, "magnet", 1, year, "news", basis, 3),
        *(f"{year}", 99, "ndfeb-magnet", (tonnes, None, None), (None, None, None)),
    )


MONTHS = [weight("CHN>KOR", 2025, 854, "2025-09"), weight("CHN>KOR", 2025, 569, "2025-10")]
ALONE = weight("CHN>JPN", 2025, 4_000)


def test_two_months_stand_for_a_year_and_one_does_not() -> None:
    part = yearly(MONTHS, "CHN", "KOR", 2025, "China")
    assert part is not None
    assert part.tonnes == (854 + 569) / 2 * 12
    assert part.how == "China: mean of 2 months of 2025, times twelve"
    assert part.rows == ("trade/CHN>KOR-2025-09", "trade/CHN>KOR-2025-10")
    assert yearly(MONTHS[:1], "CHN", "KOR", 2025) is None
    same = [MONTHS[0], replace(MONTHS[0], row="trade/again")]
    assert yearly(same, "CHN", "KOR", 2025) is None, "two prints of one month are one month"
    apart = [MONTHS[0], weight("CHN>KOR", 2024, 500, "2024-10")]
    assert yearly(apart, "CHN", "KOR", 2025) is None, "months of two years are no year"


def test_a_row_of_the_year_counts_before_its_months_which_are_told() -> None:
    part = yearly([*MONTHS, weight("CHN>KOR", 2025, 7_000)], "CHN", "KOR", 2025)
    assert part is not None
    assert (part.tonnes, part.how) == (7_000, "")
    assert "would be 8,538 t" in part.remarks[0]
    assert len(part.rows) == 3


@given(st.lists(st.floats(1, 1e4), min_size=2, max_size=12))
def test_twelve_months_are_their_sum_and_fewer_lie_between_the_ends(months: list[float]) -> None:
    rows = [weight("CHN>KOR", 2025, t, f"2025-{i:02}") for i, t in enumerate(months, 1)]
    part = yearly(rows, "CHN", "KOR", 2025)
    assert part is not None
    assert min(months) * 12 * (1 - 1e-9) <= part.tonnes <= max(months) * 12 * (1 + 1e-9)
    if len(months) == 12:
        assert part.tonnes == pytest.approx(sum(months))


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


@pytest.mark.parametrize("beside", [[], [share("CHN>JPN", 2023, 31)], [share("VNM>JPN", 2025, 9)]])
def test_one_seller_alone_says_nothing_of_the_rest(beside: list[Record]) -> None:
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
def test_what_it_ships_is_not_its_own(shipped: list[Record], own: float, *, bound: bool) -> None:
    mix = to_purchases(None, [ALONE, *shipped], [made("JPN", 2020, 12_000)], "JPN", 2025)
    assert mix is not None
    assert mix.shares["JPN"] * mix.tonnes == pytest.approx(own)
    assert any("the most it can be" in said for said in mix.remarks) == bound


def test_a_country_that_ships_more_than_it_makes_is_not_known() -> None:
    rows = [ALONE, weight("JPN>WLD", 2020, 13_000)]
    assert to_purchases(None, rows, [made("JPN", 2020, 12_000)], "JPN", 2025) is None


def test_output_speaks_for_five_years_and_finished_magnets_only() -> None:
    old, blanks, later = (
        made("JPN", 2019, 9),
        made("JPN", 2024, 9, "magnet-blank"),
        made("JPN", 2026, 9),
    )
    assert own_output([old, blanks, later, made("CHN", 2025, 9)], "JPN", 2025) is None
    newest = made("JPN", 2021, 9)
    assert own_output([made("JPN", 2020, 9), newest, old], "JPN", 2025) == newest


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
def mix_of(view: View) -> Callable[[str], MarketMix | None]:
    facts = read_facts(view.store, "NdPr", view.valid)
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
    assert mix.remarks[-1] == "These rows are of 2025, later than the base year 2024."


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


@pytest.mark.parametrize("market", ["VNM", "IND", "DEU", "CHN", "ROW"])
def test_one_month_gross_weight_or_china_alone_is_not_known(
    mix_of: Callable[[str], MarketMix | None], market: str
) -> None:
    assert mix_of(market) is None


@pytest.mark.parametrize("market", ["USA", "EUE"])
def test_a_printed_whole_needs_no_remark(
    mix_of: Callable[[str], MarketMix | None], market: str
) -> None:
    mix = mix_of(market)
    assert mix is not None
    assert (mix.year, mix.remarks) == (2024, ())
    assert market not in mix.shares


def test_the_base_year_is_the_readers(view: View) -> None:
    facts = read_facts(view.store, "Dy", view.valid)
    later = find_mix(facts, "KOR", 2025)
    assert later is not None
    assert not any("later than the base year" in said for said in later.remarks)


@pytest.fixture(scope="module")
def dysprosium(view: View) -> Facts:
    return read_facts(view.store, "Dy", view.valid)


def test_without_its_rows_the_mix_is_not_known(dysprosium: Facts) -> None:
    october = record(dysprosium).less(["trade/chn-kor-8505.11-2025-10"])
    assert find_mix(october, "KOR") is None
