"""What of a need is covered: three projects by hand, and what has to hold of any."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.replacements.candidate_sites import ReplacementSite
from monazite.findings.replacements.coverage import cover, made_outside, odds_of
from monazite.findings.replacements.need import Growth, Need, ValueRange
from tests.findings.replacements.made import DAY, TOOK, plan_of, site_of, slips_of

SLIPS = slips_of(*TOOK)
YEARS = range(2026, 2036)
NEED = Need(
    {"separation": 100.0},
    {"separation": 400.0},
    {"separation": 900.0},
    "magnets",
    90.0,
    of_all=False,
)
OWN = {"separation": 500.0}


def flat(factor: float = 1.0) -> Growth:
    return Growth({year: ValueRange(factor, factor, factor) for year in YEARS}, (), "", ())


def covered(
    *sites: ReplacementSite, need: Need = NEED, growth: Growth | None = None
) -> dict[int, ValueRange]:
    found = cover(sites, SLIPS, {"separation": 40.0}, OWN, need, growth or flat(), DAY, YEARS)
    return {each.year: each.covered for each in found}


def test_the_odds_of_three_projects_by_hand() -> None:
    """Eight plans of the past: one each 0.4, 1.4, 2.4 and 3.4 years late, four never.

    A start in 2027 is 1 July 2027. On 31 December 2028 it is 1.5 years late: two of eight had
    begun, on 31 December 2030 all four. One of 2025 that has not begun by the end of 2026 has
    outwaited two, and by the end of 2028 the other two of six would have begun.
    """
    on_time, late, running = site_of(10), site_of(10, start="2025"), site_of(10, status="operating")
    assert odds(on_time, 2027) == pytest.approx(1 / 8)  # half a year late
    assert odds(on_time, 2028) == pytest.approx(2 / 8)
    assert odds(on_time, 2030) == pytest.approx(4 / 8)
    assert odds(late, 2026) == 0
    assert odds(late, 2028) == pytest.approx(2 / 6)
    assert odds(running, 2026) == 1
    assert odds_of(site_of(10, start=None), SLIPS, DAY, 2028) is None


def odds(site: ReplacementSite, year: int) -> float:
    found = odds_of(site, SLIPS, DAY, year)
    assert found is not None
    return found.value


def test_a_year_by_hand() -> None:
    """40 t of the base year, 20 t that run (10 at their least), 80 t planned at two in eight."""
    year = covered(site_of(20, status="ramping up", low=10), site_of(80))[2028]
    assert year.value == pytest.approx((40 + 20 + 80 * 2 / 8) / 400)
    assert year.low == pytest.approx((40 + 10) / 400)
    assert year.high == pytest.approx((40 + 20 + 80) / 400)


def test_a_promise_whose_day_has_passed_is_none() -> None:
    late = covered(site_of(80, start="2025"))
    odds_of_late = odds_of(site_of(80, start="2025"), SLIPS, DAY, 2028)
    assert odds_of_late is not None
    assert late[2028].high == pytest.approx((40 + 80 * odds_of_late.high) / 400)


def test_the_odds_are_those_of_the_first_date_that_was_given() -> None:
    site = replace(site_of(10, start="2027"), first=plan_of("2025"))
    assert odds(site, 2028) == odds(site_of(10, start="2025"), 2028)


def test_what_the_base_year_holds_does_not_count_twice() -> None:
    assert covered(site_of(80, status="operating", in_base=True)) == covered()


def test_the_stage_that_covers_least_decides() -> None:
    need = replace(NEED, market={"mine": 50.0, "separation": 100.0},
                   others={"mine": 80.0, "separation": 400.0})  # fmt: skip
    base = {"mine": 80.0, "separation": 40.0}
    [year] = cover([], SLIPS, base, {"mine": 0.0, **OWN}, need, flat(), DAY, [2028])
    assert year.least.stage == "separation"
    assert year.covered.value == pytest.approx(0.1)
    assert year.stages[1].first.value == pytest.approx(0.4)
    assert year.stages[1].with_country == pytest.approx((40 + 500) / 900)


SITES = st.lists(
    st.builds(
        site_of,
        st.integers(1, 300).map(float),
        status=st.sampled_from(("planned", "operating", "under construction")),
        start=st.sampled_from((None, "2020", "2026", "2027", "2030")),
    ),
    max_size=5,
)


@given(SITES, SITES)
def test_one_plant_more_never_covers_less(
    sites: list[ReplacementSite], more: list[ReplacementSite]
) -> None:
    fewer, all_of_them = covered(*sites), covered(*sites, *more)
    for year in YEARS:
        for end in ("low", "value", "high"):
            assert getattr(all_of_them[year], end) >= getattr(fewer[year], end) - 1e-12


@given(SITES, st.floats(1, 3))
def test_the_ends_enclose_and_a_larger_need_is_covered_less(
    sites: list[ReplacementSite], factor: float
) -> None:
    one, larger = covered(*sites), covered(*sites, growth=flat(factor))
    for year in YEARS:
        assert 0 <= one[year].low <= one[year].value <= one[year].high <= 1
        assert larger[year].value <= one[year].value + 1e-12
    assert [one[year].value for year in YEARS] == sorted(one[year].value for year in YEARS)


def test_what_is_made_outside_is_all_but_the_country() -> None:
    from monazite.findings.chain.element_chain import ElementChain

    parts = {("metal", "CHN"): 90.0, ("metal", "JPN"): 6.0, ("metal", "VNM"): 4.0}
    chain = ElementChain("Dy", {}, {}, {}, {}, {}, {}, parts, {})
    assert made_outside(chain, "CHN", ["metal", "magnet"]) == {"metal": 10.0, "magnet": 0.0}
    assert made_outside(chain, "JPN", ["metal"]) == {"metal": 94.0}
