"""What of a need is covered: by hand, by a published table, and what has to hold of any."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.replacement.candidates import ReplacementSite, Tonnage
from monazite.analysis.replacement.need import (
    Growth,
    Need,
    cover,
    growth_of,
    hangs_on,
    made_outside,
    missing_words,
    need_of,
    odds_of,
)
from monazite.analysis.replacement.slips import Delay, Plan, ProductLimit, Slips, ValueRange
from monazite.model.chain.chain import Chain, Product
from monazite.model.chain.element_chain import ElementChain
from monazite.model.network.facts import read_facts
from monazite.store.names import find_entity
from monazite.store.store import Store

DAY = "2026-12-31"
TOOK = (0.4, 1.4, 2.4, 3.4)
"""Years that half of eight plans were late; the others are awaited for longer than that."""


def slips_of(*late: float, awaited: int = 4) -> Slips:
    delays = [
        *(Delay(each, happened=True) for each in late),
        *[Delay(20, happened=False)] * awaited,
    ]
    return Slips((), {"": ProductLimit(tuple(delays))}, {})


def plan_of(printed: str, *, said: str = "2025-01-01", stage: str = "separation") -> Plan:
    return Plan(
        "plant", stage, stage, "", printed, f"{printed}-01-01", f"{printed}-12-31", said, "t/plan"
    )


def site_of(
    tonnes: float,
    *,
    stage: str = "separation",
    status: str = "planned",
    start: str | None = "2027",
    low: float | None = None,
    in_base: bool = False,
    facility: str = "plant",
) -> ReplacementSite:
    least = tonnes if low is None else low
    return ReplacementSite(
        facility=facility,
        label=facility.capitalize(),
        country="AUS",
        stage=stage,
        status=status,
        certainty="surely",
        in_base=in_base,
        tonnes=Tonnage(
            tonnes, least, tonnes, tonnes, "planned", False, (), "oxide", "capacity/made"
        ),
        plan=None if start is None else plan_of(start, stage=stage),
        first=None,
        since="",
        rows=("capacity/made",),
    )


REMISSION = (
    *((6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1)),
    *((17, 0), (19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)),
)
"""Weeks in remission of 21 patients under 6-mercaptopurine, and whether it ended: Freireich et al.,
Blood 21 (1963), 699-716, which every textbook on survival works out."""
PRINTED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
"""The part still in remission after so many weeks, as Kalbfleisch and Prentice (1980) print it."""
DELAYS = st.lists(
    st.builds(Delay, st.integers(-4, 12).map(float), st.booleans()), min_size=1, max_size=25
)


def test_the_published_table_comes_out() -> None:
    curve = ProductLimit(tuple(Delay(float(x), bool(y)) for x, y in REMISSION))
    for weeks, left in PRINTED.items():
        begun = curve.begun(weeks)
        assert begun is not None
        assert 1 - begun.value == pytest.approx(left, abs=0.0006)


def test_the_error_is_that_of_greenwood() -> None:
    # by hand at 7: S = 0.8067, log S = -0.2148, its variance 3/(21*18) + 1/(17*16) = 0.011613;
    # 1.6449 * 0.10776 / 0.21478 = 0.8253, and S to the power of exp(0.8253) and exp(-0.8253)
    curve = ProductLimit(tuple(Delay(float(x), bool(y)) for x, y in REMISSION))
    begun = curve.begun(7)
    assert begun is not None
    assert (1 - begun.high, 1 - begun.low) == pytest.approx((0.6125, 0.9102), abs=0.0005)


def test_where_nothing_began_the_most_is_that_of_the_binomial() -> None:
    begun = ProductLimit((Delay(5, False),) * 10).begun(3)
    assert begun is not None
    assert (begun.value, begun.low) == (0, 0)
    assert begun.high == pytest.approx(1 - 0.05 ** (1 / 10))
    assert ProductLimit((Delay(5, False),)).begun(9, after=6) is None
    assert ProductLimit(()).begun(0) is None


@given(DELAYS, st.floats(-5, 13), st.floats(0, 5), st.none() | st.floats(-5, 12))
def test_waiting_longer_is_never_less_likely(
    delays: list[Delay], by: float, more: float, after: float | None
) -> None:
    curve = ProductLimit(tuple(delays))
    one, other = curve.begun(by, after), curve.begun(by + more, after)
    if one is None or other is None:
        assert one is other
        return
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert other.value >= one.value - 1e-12


@given(DELAYS)
def test_without_a_wait_it_is_the_part_that_has_begun(delays: list[Delay]) -> None:
    begun = [Delay(each.years, happened=True) for each in delays]
    last = ProductLimit(tuple(begun)).begun(99)
    assert last is not None
    assert last.value == pytest.approx(1)
    half = ProductLimit(tuple(begun)).begun(sorted(x.years for x in begun)[len(begun) // 2])
    assert half is not None
    assert half.value >= 0.5


SLIPS = slips_of(*TOOK)
YEARS = range(2026, 2036)
NEED = Need({"separation": 100.0}, {"separation": 400.0}, {"separation": 900.0}, 90.0, of_all=False)
OWN = {"separation": 500.0}


def flat(factor: float = 1.0) -> Growth:
    return Growth({year: ValueRange(factor, factor, factor) for year in YEARS}, (), "", ())


def covered(
    *sites: ReplacementSite, need: Need = NEED, growth: Growth | None = None
) -> dict[int, ValueRange]:
    found = cover(sites, SLIPS, {"separation": 40.0}, OWN, need, growth or flat(), DAY, YEARS)
    return {each.year: each.covered for each in found}


def test_the_odds_of_three_projects_by_hand() -> None:
    """Eight plans of the past: one each 0.4, 1.4, 2.4 and 3.4 years late, four never."""
    on_time, late, running = site_of(10), site_of(10, start="2025"), site_of(10, status="operating")
    assert odds(on_time, 2027) == pytest.approx(1 / 8)  # half a year late
    assert odds(on_time, 2028) == pytest.approx(2 / 8)
    assert odds(on_time, 2030) == pytest.approx(4 / 8)
    assert odds(late, 2026) == 0
    assert odds(late, 2028) == pytest.approx(2 / 6)
    assert odds(running, 2026) == 1
    assert odds_of(site_of(10, start=None), SLIPS, DAY, 2028) is None
    given_first = replace(on_time, first=plan_of("2025"))
    assert odds(given_first, 2028) == odds(late, 2028)


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

    parts = {("metal", "CHN"): 90.0, ("metal", "JPN"): 6.0, ("metal", "VNM"): 4.0}
    chain = ElementChain("Dy", {}, {}, {}, {}, {}, {}, parts, {})
    assert made_outside(chain, "CHN", ["metal", "magnet"]) == {"metal": 10.0, "magnet": 0.0}
    assert made_outside(chain, "JPN", ["metal"]) == {"metal": 94.0}


def test_growth_is_that_of_the_published_scenarios(store: Store) -> None:
    """IEA, magnet rare earths in kt: 90.922 in 2024; 122.846, 131.569 and 146.773 in 2030."""
    growth = growth_of(read_facts(store, "Dy", "2026-11-24"), 2024, 2035)
    in_2030, in_2035 = growth.factors[2030], growth.factors[2035]
    assert in_2030.low == pytest.approx(122.846 / 90.922)
    assert in_2030.value == pytest.approx(131.569 / 90.922)
    assert in_2030.high == pytest.approx(146.773 / 90.922)
    assert in_2035.value == pytest.approx(148.881 / 90.922)
    assert growth.factors[2024].value == 1
    # between: one rate, 2 of 6 years
    assert growth.factors[2026].value == pytest.approx((131.569 / 90.922) ** (2 / 6))
    assert len(growth.scenarios) == 3
    none = growth_of(read_facts(store, "Y", "2026-11-24"), 2024, 2035)
    assert {x.value for x in none.factors.values()} == {1}
    assert (none.scenarios, none.rows) == ((), ())


def test_a_need_by_hand() -> None:
    """Made: 100 t in oxide, 90 t in metal. Used in magnets: 60 t, 30 in China, 6 in Spain."""
    made = {("separation", "CHN"): 80.0, ("separation", "MYS"): 20.0, ("metal", "CHN"): 90.0}
    chain = Chain(
        2024,
        {"Dy": ElementChain("Dy", made, {}, {}, {}, {}, {}, {}, {})},
        {"magnets": Product("magnets")},
        {("magnets", "CHN"): 6000.0},
        {("magnets", "Dy"): 0.01},
        {
            ("magnets", "CHN", "CHN"): 3000.0,
            ("magnets", "CHN", "ESP"): 600.0,
            ("magnets", "CHN", "ROW"): 2400.0,
        },
    )
    need = need_of(chain, "Dy", "ESP", "CHN", chain.main)
    assert need.taken == pytest.approx(6)
    assert need.market == pytest.approx({"separation": 10.0, "metal": 9.0, "magnet": 6.0})
    assert need.others == pytest.approx({"separation": 50.0, "metal": 45.0, "magnet": 30.0})
    world = need_of(chain, "Dy", "WLD", "CHN", chain.main)
    assert world.market == world.others
    assert not world.of_all
    unknown = replace(chain, sold={("magnets", "CHN", "CHN"): 6000.0})
    assert need_of(unknown, "Dy", "WLD", "CHN", chain.main).of_all


def test_what_outside_hung_on_the_country_is_said(store: Store) -> None:
    """Metal plants outside took 100 t of oxide, 75 of it Chinese; of 80 t mined 20 went there."""
    china = find_entity(store, "CHN", "Country")
    chain = ElementChain(
        "Dy",
        made={("mine", "MMR"): 20.0, ("mine", "AUS"): 60.0, ("mine", "CHN"): 50.0},
        taken={("separation", "JPN"): 100.0, ("separation", "CHN"): 900.0},
        flows={
            ("separation", "CHN", "JPN"): 75.0,
            ("mine", "MMR", "CHN"): 20.0,
            ("mine", "AUS", "MYS"): 60.0,
        },
        missing={},
        scrap={},
        home={},
        parts={},
        rows={},
    )
    assert [each.words for each in hangs_on(chain, china, 2024)] == [
        "Of the oxide that metal plants outside China worked on in 2024, 75 % came from there.",
        "Of the 80 t that was mined outside China in 2024, 25 % was separated there.",
    ]
    malaysia = find_entity(store, "MYS", "Country")
    assert [*hangs_on(chain, malaysia, 2024)][-1].words.startswith("Of the 130 t")


def test_stages_without_a_plant_and_plants_without_a_start_are_said(store: Store) -> None:
    china = find_entity(store, "CHN", "Country")
    sites = [site_of(5.0, facility="one"), site_of(5.0, facility="two", start=None)]
    told = [*missing_words("Dy", china, ["separation", "metal"], sites)]
    assert told == [
        "At metal we found no plant outside China that comes on top, with tonnes of Dy.",
        "No start is known of these, and they do not count: Two.",
    ]
