"""From where a market takes its magnets where rows print parts of it, worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.model.network.facts import Facts, read_facts, record
from monazite.model.network.magnet_sales import (
    SalesRecord,
    own_output,
    to_purchases,
    to_records,
    why_unknown,
    yearly,
)
from monazite.model.network.market import find_mix, why_no_mix
from monazite.model.network.trade import MarketMix
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import line_of
from tests.model.network.conftest import ALONE, MONTHS, answer, made, of_world, share, weight, world


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_share_beside_the_tonnes_gives_the_whole(year: int) -> None:
    mix = to_purchases(None, [*MONTHS, share("CHN>KOR", year, 80)], [], "KOR", 2025)
    assert mix is not None
    assert mix.tonnes == pytest.approx(8_538 / 0.8)
    assert mix.shares == {"CHN": pytest.approx(0.8)}
    assert mix.rest == pytest.approx(0.2)
    assert f"imports of {year}" in mix.basis
    assert f"trade/CHN>KOR-{year}-percent" in mix.rows


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
    sold = [ALONE, weight("JPN>WLD", 2020, 13_000)]  # more than it makes
    assert to_purchases(None, sold, [made("JPN", 2020, 12_000)], "JPN", 2025) is None


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


LATER = "These records are of 2025, later than the year asked about, 2024."


@pytest.mark.parametrize(
    ("market", "tonnes", "shares", "values", "said"),
    [
        # Its own magnets of 2020, and China's of 2025.
        (
            *("JPN", 12_400 + 4_877.6, {"CHN": 0.2823, "JPN": 0.7177}),
            *(["12400", "4877.6"], [LATER]),
        ),
        # Two months of 2025, times six, and China's share of all that is bought.
        (
            *("KOR", (854 + 569) / 2 * 12 / 0.899, {"CHN": 0.899}, ["", "569", "854"]),
            ["mean of 2 months of 2025, times twelve", LATER],
        ),
        # May, June and September of 2025, and 1 percent of the world's output of 2020.
        (
            *("VNM", (235 + 340 + 456) / 3 * 12 + 2_000, {"CHN": 0.6734, "VNM": 2_000 / 6_124}),
            ["", "200000", "235", "340", "456"],
            ["the most it can be", "1 % of the world's 200,000 t (lower bound) of 2020", LATER],
        ),
        # Two months of 2025, and a share of twelve months of two years.
        (
            *("IND", (150 + 418) / 2 * 12 / 0.888, {"CHN": 0.888}, ["", "150", "418"]),
            [
                *("run from 150 t to 418 t", "Of the value of imports it is 72.8 %", LATER),
                "A record prints 540 t for the whole of 2024-04 to 2025-03",
                "in imports of 2024-04 to 2025-03",
            ],
        ),
    ],
)
def test_what_rows_print_makes_a_whole(
    mix_of: Callable[[str], MarketMix | None],
    market: str,
    tonnes: float,
    shares: dict[str, float],
    values: list[str],
    said: list[str],
) -> None:
    mix = mix_of(market)
    assert mix is not None
    assert mix.year == 2025
    assert mix.tonnes == pytest.approx(tonnes)
    assert mix.shares == pytest.approx(shares, abs=1e-4)
    lines = map(line_of, mix.rows)
    assert {*values} <= {each.get("value") or each.get("value_low") or "" for each in lines}
    text = " ".join([mix.basis, *mix.remarks])
    assert [each for each in said if each not in text] == []


@pytest.mark.parametrize("market", ["DEU", "THA", "CHN", "ROW"])
def test_old_rows_or_china_alone_are_not_known(
    mix_of: Callable[[str], MarketMix | None], market: str
) -> None:
    assert mix_of(market) is None


def test_a_printed_whole_needs_no_remark(mix_of: Callable[[str], MarketMix | None]) -> None:
    """Eurostat, 2025: 20,851.4 t from outside the Union, of it 19,537 from China."""
    america, union = mix_of("USA"), mix_of("EUE")
    assert america is not None
    assert union is not None
    assert (america.year, america.remarks) == (2024, ())
    assert (union.year, union.tonnes, union.remarks) == (2025, 20_851.4, (LATER,))
    assert union.shares["CHN"] == pytest.approx(19_537 / 20_851.4)
    assert "USA" not in america.shares
    assert "EUE" not in union.shares


@pytest.fixture(scope="module")
def dysprosium(printed: View) -> Facts:
    return read_facts(printed.store, "Dy", printed.valid)


@pytest.mark.parametrize(
    ("row", "market", "said"),
    [
        ("trade/chn-kor-8505.11-2025-10", "KOR", "Records give single months only"),
        ("trade/chn-ind-8505.11-2025-05", "IND", "Records give single months only"),
        (
            "trade/chn-ind-8505.11-2024-04-2025-03-share-percent-2",
            *("IND", "from China (trade/chn-ind-8505.11-2025-05 +1), and not the rest"),
        ),
        (
            "production/vnm-magnet-rare-earth-magnet-2020-doe-2022",
            *("VNM", "from China (trade/chn-vnm-8505.11-2025-05 +2), and not the rest"),
        ),
    ],
)
def test_what_a_mix_rests_on(dysprosium: Facts, row: str, market: str, said: str) -> None:
    facts = record(dysprosium).less([row])
    assert find_mix(facts, market) is None
    assert said in why_no_mix(facts, market)


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


@pytest.mark.parametrize(
    ("months", "year"),
    [
        ("", 2025),
        ("2024-04/2025-03", 2024),  # nine months
        ("2024-07/2025-06", 2024),  # as many in both
        ("2024-08/2025-07", 2025),
        ("2024-01/2024-12", 2024),
    ],
)
def test_twelve_months_are_the_year_that_most_of_them_are_in(months: str, year: int) -> None:
    (found,) = to_records([answer("CHN>IND", 2025, months, tonnes="7")])
    assert (found.year, found.month) == (year, "")
    whole = not months or months == "2024-01/2024-12"
    assert found.when == (str(year) if whole else months.replace("/", " to "))
    part = yearly([found], "CHN", "IND", year)
    assert part is not None
    said = () if whole else (f"{found.span} from CHN stand for {year}.",)
    assert (part.tonnes, part.remarks) == (7, said)


@pytest.mark.parametrize(
    "months", ["2025-01/2025-09", "2024-04/2026-03", "2025-01/", "/2025-03", "2025-01-01/2025-12"]
)
def test_other_spans_are_no_year(months: str) -> None:
    assert to_records([answer("CHN>IND", 2025, months, tonnes="7")]) == []


def test_a_calendar_year_counts_before_twelve_months_of_two() -> None:
    span = answer("CHN>IND", 2025, "2024-04/2025-03", tonnes="7", row="row/trade/b")
    rows = to_records([span, answer("CHN>IND", 2024, tonnes="9")])
    part = yearly(rows, "CHN", "IND", 2024)
    assert part is not None
    assert (part.tonnes, part.rows, part.remarks) == (9, ("trade/a",), ())


def test_output_speaks_for_five_years_and_finished_magnets_only() -> None:
    old, blanks = made("JPN", 2019, 9), made("JPN", 2024, 9, "magnet-blank")
    rows = [old, blanks, made("JPN", 2026, 9), made("CHN", 2025, 9)]
    assert own_output(rows, "JPN", 2025) is None
    newest = own_output([made("JPN", 2020, 8), made("JPN", 2021, 9), old], "JPN", 2025)
    assert newest is not None
    assert (newest.tonnes, newest.year, newest.rows) == (9, 2021, ("production/JPN-2021-magnet",))


def test_a_share_of_the_worlds_output_stands_for_tonnes_that_no_row_prints() -> None:
    rows = [of_world("VNM", 2020, 1), world(2020, 200_000), world(2025, 345_000)]
    found = own_output(rows, "VNM", 2025, {"VNM": "Vietnam"})
    assert found is not None
    assert (found.tonnes, found.year) == (2_000, 2020)
    assert len(found.rows) == 2
    assert found.remarks == (
        "What Vietnam makes is worked out: 1 % of the world's 200,000 t of 2020. "
        "Plants opened since are not in it.",
    )
    assert own_output(rows[:1], "VNM", 2025) is None, "no tonnes of the world"
    assert own_output([rows[0], rows[2]], "VNM", 2025) is None, "nor of that year"
    assert own_output(rows, "VNM", 2026) is None, "too old"
    printed = own_output([*rows, made("VNM", 2021, 900)], "VNM", 2025)
    assert printed is not None
    assert (printed.tonnes, printed.remarks) == (900, ())
    mix = to_purchases(None, [weight("CHN>VNM", 2025, 3_000)], rows, "VNM", 2025)
    assert mix is not None
    assert mix.shares == {"CHN": 0.6, "VNM": 0.4}
