"""What plants under construction add: sites of 2024 by hand, the rules on made-up sites, events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import NotKnownError
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chain.base_year import chain_elements
from monazite.model.chain.chain import HEAVY_MAGNETS, Chain, Product
from monazite.model.chain.element_chain import ElementChain
from monazite.model.chain.site_capacity import Capacity, ChainElements
from monazite.model.chemistry import Amount, Chemistry, exactly, read_chemistry
from monazite.model.contingencies import under_construction as additions
from monazite.model.contingencies.failure_points import BASE_YEAR, Event
from monazite.model.contingencies.under_construction import (
    Addition,
    Additions,
    Opening,
    added_by,
    additions_of,
    opening_of,
)
from monazite.model.facilities.status import FacilityEvent, FacilityStatuses
from monazite.model.flow.programme import Programme
from monazite.model.network.facts import Facts, read_facts
from monazite.model.network.shares import REST
from monazite.store.store import Store
from tests.model.sample import element_chain_of

RELEASE = "2026-11-24"
STATES = {
    "construction-started": "under construction",
    "opened": "operating",
    "commissioned": "operating",
    "suspended": "suspended",
    "closed": "closed",
    "planned": "planned",
}


@pytest.fixture(scope="module")
def facts(store: Store) -> Facts:
    return read_facts(store, "Dy", RELEASE)


@pytest.fixture(scope="module")
def chemistry(facts: Facts) -> Chemistry:
    return read_chemistry(facts)


@pytest.fixture(scope="module")
def found(facts: Facts, chemistry: Chemistry) -> Additions:
    return additions_of(facts, chain_elements(facts), chemistry, 2024)


def test_the_sites_built_on_the_day_or_opened_since_2024(found: Additions) -> None:
    magnets: dict[str, float] = {}
    for each in found.found:
        if each.stage == MAGNET:
            magnets[each.site] = magnets.get(each.site, 0.0) + each.tonnes.value
    assert {site: round(tonnes, 6) for site, tonnes in magnets.items()} == {
        "cit-senai-itr": 100,
        "evac-sumter": 2000,
        "golden-dragon-baotou": 5000,
        "mp-independence": 1000,
        "neo-narva": 2000,
        "usar-stillwater": 1200,
    }
    assert {each.site for each in found.found if each.stage != MAGNET} == {
        *("caremag-lacq", "eneabba-refinery", "ucore-smc")
    }


def test_caremag_begun_in_march_2025_counts_from_then_on(
    store: Store, chemistry: Chemistry, found: Additions
) -> None:
    told = {x.what: x for x in found.found if x.site == "caremag-lacq"}
    # capacity.csv: 600 t of Dy and Tb oxides, 800 t of NdPr oxide, operations by late 2026
    oxides = told["Dy"].tonnes.value * 1.1477 + told["Tb"].tonnes.value * 1.1762
    assert oxides == pytest.approx(600, rel=1e-3)
    assert 800 / 1.2082 < told["NdPr"].tonnes.value < 800 / 1.1664
    assert {(x.stage, x.country, x.start) for x in told.values()} == {("separation", "FRA", "2026")}
    assert "facility_events/caremag-lacq-2025-03-17-construction-started" in told["Dy"].rows
    before = read_facts(store, "Dy", "2025-03-16")
    early = additions_of(before, chain_elements(before), chemistry, 2024)
    assert "caremag-lacq" not in {x.site for x in early.found}
    assert (
        "Caremag recycling and refining plant: Building began only after 2025-03-16, the day "
        "asked about (2025-03-17): it is left out."
    ) in early.remarks


Say = Callable[..., Additions]


def event(what: str, day: str, **more: str) -> FacilityEvent:
    return FacilityEvent(
        row=f"facility_events/{what}-{day}-{more.get('stage', '')}",
        facility="site",
        event=what,
        label=what,
        state=STATES[what],
        printed=day,
        earliest=day,
        latest=day,
        stage=more.get("stage", ""),
        part=more.get("part", ""),
        detail="",
        tier=1,
    )


def capacity(tonnes: float, day: str, kind: str = "nameplate", **more: object) -> Capacity:
    figure = Capacity(
        row=f"capacity/{kind}-{day}-{tonnes:.0f}",
        facility="site",
        country="AUS",
        stage=SEPARATION,
        step="separation",
        kind=kind,
        earliest=day,
        latest=day,
        tonnes=exactly(tonnes),
        basis="element",
        materials=(frozenset({"Dy"}),),
        families=frozenset({""}),
    )
    return replace(figure, **more)  # type: ignore[arg-type]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, facts: Facts, chemistry: Chemistry) -> Say:
    """What the rules say of one site with given events and capacities."""

    def of(events: list[FacilityEvent], figures: list[Capacity]) -> Additions:
        lives = FacilityStatuses({"site": ("Site", "Land")}, {"site": tuple(events)}, (), {}, {})
        monkeypatch.setattr("monazite.model.facilities.status.read_lives", lambda _: lives)
        monkeypatch.setattr(additions, "read_capacities", lambda _: figures)
        elements = ChainElements(
            ("Dy",), {"NdPr": ("Nd", "Pr"), "Dy": ("Dy",), "Tb": ("Tb",)}, "ndfeb-magnet"
        )
        return additions_of(facts, elements, chemistry, 2024)

    return of


BUILT, OPEN = event("construction-started", "2023-05-01"), event("opened", "2026-03-01")
RUNS = event("opened", "2015-01-01")


@pytest.mark.parametrize(
    ("events", "tonnes"),
    [
        ([BUILT, OPEN], 100),
        ([OPEN], 100),
        ([BUILT, event("planned", "2027-06-30")], 100),
        ([BUILT, event("planned", "2029-11-24")], 100),
        ([event("construction-started", "2025-02-01"), OPEN], 100),
        ([event("construction-started", "2026-11-24"), event("planned", "2028")], 100),
        ([event("construction-started", "2026-11-25"), event("planned", "2028")], None),
        ([BUILT, OPEN, event("suspended", "2026-08-01")], None),
        ([replace(BUILT, part="early works"), event("planned", "2027-06-30")], None),
        ([replace(BUILT, stage=METAL), replace(OPEN, stage=METAL)], None),
        ([RUNS], None),
        ([event("suspended", "2020-01-01"), event("opened", "2026-01-01")], None),
    ],
)
def test_which_sites_count(say: Say, events: list[FacilityEvent], tonnes: float | None) -> None:
    told = say(events, [capacity(100.0, "2026-01-01")]).found
    assert [x.tonnes.value for x in told] == ([] if tonnes is None else [tonnes])


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([BUILT], "Site: We found no date at which what is being built is to open"),
        (
            [BUILT, event("planned", "2029-11-25")],
            "Site: It is to open more than 3 years after 2026-11-24 (2029-11-25); it is left out.",
        ),
        (
            [BUILT, event("planned", "2028"), event("closed", "2025-06-01")],
            "Site: What was being built is left out: the plant is closed.",
        ),
        (
            [event("construction-started", "2026-12-01"), event("planned", "2028")],
            "Site: Building began only after 2026-11-24, the day asked about (2026-12-01)",
        ),
        ([event("planned", "2027-06-30")], "Planned, and we found no start of building: Site."),
    ],
)
def test_what_is_left_out_is_said_and_why(say: Say, events: list[FacilityEvent], why: str) -> None:
    said = say(events, [capacity(100.0, "2026-01-01", "planned")])
    assert not said.found
    assert len(said.remarks) == 1
    assert why in said.remarks[0]


def test_a_plan_for_the_last_day_of_three_years_is_named_and_a_later_one_is_not(say: Say) -> None:
    planned = [event("planned", "2027-06-30")]
    last, later = (capacity(100.0, day, "planned") for day in ("2029-11-24", "2029-11-25"))
    assert (bool(say(planned, [last]).remarks), say(planned, [later]).remarks) == (True, ())


def test_a_site_without_any_figure_is_named(say: Say) -> None:
    said = say([replace(BUILT, stage=SEPARATION), OPEN], [])
    assert said == Additions(
        (), ("Site: We found no figure of what its separation is to make: it is left out.",)
    )
    assert say([replace(BUILT, stage=SEPARATION, part="early works")], []) == Additions((), ())


def test_a_site_that_ran_adds_what_is_more_than_it_had(say: Say) -> None:
    before, after = capacity(60.0, "2020-01-01"), capacity(100.0, "2026-01-01")
    (one,) = say([RUNS, event("commissioned", "2025-09-01")], [before, after]).found
    assert one.tonnes == Amount(40.0, 40.0, 40.0)
    assert {before.row, after.row} & {*one.rows} == {after.row}
    assert not say([RUNS, event("commissioned", "2025-09-01")], [after]).found
    other = capacity(500.0, "2020-01-01", materials=(frozenset({"Nd", "Pr"}),))
    (new,) = say([RUNS, event("commissioned", "2025-09-01")], [other, after]).found
    assert (new.what, new.tonnes.value) == ("Dy", 100.0)


def test_a_nameplate_counts_before_plans_and_of_plans_the_least(say: Say) -> None:
    plans = [capacity(x, "2024-01-01", "planned") for x in (300.0, 200.0)]
    assert [x.tonnes.value for x in say([BUILT, OPEN], plans).found] == [200.0]
    plates = [capacity(90.0, "2023-01-01"), capacity(80.0, "2025-01-01")]
    assert [x.tonnes.value for x in say([BUILT, OPEN], [*plans, *plates]).found] == [80.0]


def test_heavy_rare_earths_are_separated_only_where_a_row_names_them(say: Say) -> None:
    everything = frozenset({"La", "Ce", "Nd", "Pr", "Dy", "Tb"})
    mixed = capacity(1000.0, "2026-01-01", materials=(everything,), basis="reo")
    assert [x.what for x in say([BUILT, OPEN], [mixed]).found] == ["NdPr"]
    ore = replace(mixed, stage=MINE, step="mine")
    assert [x.what for x in say([BUILT, OPEN], [ore]).found] == ["Dy", "NdPr", "Tb"]


def ore_abroad(element: str, tonnes: float) -> ElementChain:
    """Mined in Australia, all else in China."""
    made = {(MINE, "AUS"): tonnes, (SEPARATION, "CHN"): tonnes, (METAL, "CHN"): tonnes}
    taken = {(MINE, "CHN"): tonnes, (SEPARATION, "CHN"): tonnes, (METAL, "CHN"): tonnes}
    return element_chain_of(element, made, taken, {(MINE, "AUS", "CHN"): tonnes}, parts={})


CHAIN = Chain(
    year=2024,
    element_chains={"Dy": ore_abroad("Dy", 10.0), "NdPr": ore_abroad("NdPr", 100.0)},
    products={HEAVY_MAGNETS: Product(HEAVY_MAGNETS)},
    made={(HEAVY_MAGNETS, "CHN"): 300.0},
    recipe={(HEAVY_MAGNETS, "NdPr"): 1 / 3, (HEAVY_MAGNETS, "Dy"): 1 / 30},
    sold={(HEAVY_MAGNETS, "CHN", "CHN"): 300.0},
)


def addition(stage: str, country: str, what: str, tonnes: float, site: str = "site") -> Addition:
    amount = exactly(tonnes)
    return Addition(site, "Site", country, stage, what, amount, "planned", "2026", ())


def test_additions_go_to_the_pool_of_their_country() -> None:
    found = [
        addition(METAL, "CHN", "Dy", 4.0),
        addition(METAL, "CHN", "Dy", 6.0, "other"),
        addition(MAGNET, "CHN", HEAVY_MAGNETS, 30.0),
        addition(SEPARATION, "AUS", "Dy", 5.0),
        addition(MAGNET, "USA", HEAVY_MAGNETS, 7.0),
    ]
    assert added_by(found, CHAIN, 0.5) == {
        (METAL, "CHN", "Dy"): 5.0,
        (MAGNET, "CHN", HEAVY_MAGNETS): 15.0,
    }
    left_out = additions.without_base(found, CHAIN)
    assert len(left_out) == 2
    assert "5 t of Dy" in left_out[0]
    assert CHAIN.element_chains["Dy"].pool(MAGNET, "USA") == REST


def test_a_mine_rises_by_the_least_that_its_ore_allows() -> None:
    found = [addition(MINE, "AUS", "Dy", 1.0), addition(MINE, "AUS", "NdPr", 30.0)]
    assert added_by(found, CHAIN, 1.0) == {(MINE, "AUS", "*"): 0.1}


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_share_scales_what_is_added(one: float, other: float) -> None:
    found = [addition(MINE, "AUS", "Dy", 3.0), addition(METAL, "CHN", "Dy", 4.0)]
    whole = Counter(added_by(found, CHAIN, one)) + Counter(added_by(found, CHAIN, other))
    both = added_by(found, CHAIN, one + other)
    assert {key: whole[key] for key in both} == pytest.approx(both)


def test_an_outage_stops_what_is_added_there_too() -> None:
    programme = Programme(CHAIN)
    added = Event(added={(METAL, "CHN", "Dy"): 50.0})
    out = Event(output={(METAL, "CHN"): 0.0})
    assert programme.serve(BASE_YEAR, out.together_with(added)).of() == pytest.approx(0.0)
    half = Event(output={(METAL, "CHN"): 0.5})
    column = programme.outputs[METAL, "CHN", "Dy"]
    assert programme.bounds(BASE_YEAR, half.together_with(added)).upper[column] == pytest.approx(
        30.0
    )
    assert programme.serve(BASE_YEAR, half).of() == pytest.approx(150.0)


YEAR, DAY = 2024, "2026-11-24"


def opening(*events: FacilityEvent, day: str = DAY) -> Opening | None:
    lives = FacilityStatuses({"site": ("Site", "Land")}, {"site": events}, (), {}, {})
    return opening_of(lives, "site", "separation", YEAR, day)


BEGUN, RAN = event("construction-started", "2025-03-17"), event("opened", "2015-01-01")
PLAN = event("planned", "2026-12-31")


def test_building_counts_from_the_day_of_the_view() -> None:
    found = opening(BEGUN, PLAN)
    assert found == Opening("2026-12-31", ran=False, rows=tuple(sorted({BEGUN.row, PLAN.row})))
    assert opening(BEGUN, PLAN, day="2025-03-17") is not None
    with pytest.raises(
        NotKnownError, match=r"only after 2025-03-16, the day asked about \(2025-03-17\)"
    ):
        opening(BEGUN, PLAN, day="2025-03-16")
