"""What follows a failure: pairs, margins and least change, by hand and by laws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.mitigation.after_failure import (
    PERCENTAGE_POINT,
    JointFailures,
    MarginalValue,
    find_marginal_values,
    margin_table,
    pairs_in,
)
from monazite.analysis.mitigation.rerouting import (
    ORE_STOCKPILE_COST,
    STOCKPILE_COST,
    Flow,
    Shift,
    find_shifts,
    flows_after,
    flows_of,
    held,
    shift_table,
)
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.results import NotKnown
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import chain_elements, read_base_year, year_of
from monazite.model.contingencies.failure_points import NO_EVENT, Candidate, Event, candidates_of
from monazite.model.contingencies.under_construction import horizon_of
from monazite.model.flow.study import Study
from monazite.model.network.facts import read_facts
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import line_of
from tests.model.small_chains import MAGNETS, STAGES, candidate, one_mine, study_of, two_sellers
from tests.results import records_in

A, C = candidate("separation/A"), candidate("separation/C")


def names(pairs: JointFailures) -> list[tuple[str, str]]:
    return [(pair.one, pair.other) for pair in pairs.pairs]


def test_each_stands_in_for_the_other_until_both_fail() -> None:
    # with trade and plants of twice the base year C alone serves B, and so does A
    pairs = pairs_in(study_of(two_sellers(), trade=2.0, plants=2.0), [A, C])
    (pair,) = pairs.pairs
    assert (pair.one, pair.other) == ("separation/A", "separation/C")
    assert (pair.loss, pair.apart, pair.excess) == pytest.approx((1.0, 0.0, 1.0))
    assert pair.rows == (*A.rows, *C.rows)
    assert (pairs.things, pairs.screened, pairs.solved, pairs.superadditive) == (2, 1, 1, 1)


def test_a_pair_is_told_with_what_it_costs_together_and_apart() -> None:
    (table,) = pairs_in(study_of(two_sellers(), trade=2.0, plants=2.0), [A, C]).tables()
    (told,) = records_in(table)
    assert (told["one"], told["other"]) == ("separation/A", "separation/C")
    assert (told["loss"], told["apart"], told["excess, points"]) == ("100 %", "0 %", "100")
    assert "to each other: 1; 1 (100 %) of them" in table.remarks[0]


def test_losses_that_add_up_are_no_pair() -> None:
    halves = [replace(each, hits={each.id: 0.5}) for each in (A, C)]
    pairs = pairs_in(study_of(two_sellers()), halves)
    assert (pairs.pairs, pairs.screened, pairs.solved) == ((), 1, 1)
    whole = pairs_in(study_of(two_sellers()), [A, C])
    assert (whole.pairs, whole.screened, whole.solved) == ((), 1, 0)  # one alone loses everything


def test_a_stage_and_the_one_that_it_sells_to_are_screened_and_others_are_not() -> None:
    study = study_of(two_sellers(), trade=2.0, plants=2.0)
    mine, metal = candidate("mine/C"), candidate("metal/B")
    assert pairs_in(study, [A, metal]).screened == 1, "A sells its oxide to B"
    assert pairs_in(study, [mine, metal]).screened == 0, "two stages apart"
    assert pairs_in(study, [mine, A]).screened == 0, "C's ore stays in C"
    assert pairs_in(study, [mine, C]).screened == 1, "one country, one stage after the other"
    # what A's plant and C's mine make together is all that there is
    assert names(pairs_in(study, [A, C, mine])) == [("separation/A", "separation/C")]


def test_names_of_one_thing_and_parts_of_a_thing_are_no_pair() -> None:
    study = study_of(two_sellers(), trade=2.0, plants=2.0)
    site = candidate("separation/A", 0.8, "site", "separation/works")
    same = replace(site, id="separation/plant", thing="separation/A", hits={"separation/A": 1.0})
    firm = replace(
        candidate("separation/A", 0.8, "firm", "firm/x", mine_A=0.5),
        rows=(*site.rows, "capacity/z"),
    )
    country = candidate("separation/A", name="country/A", mine_A=1.0)
    assert pairs_in(study, [A, same]).things == 1
    for one, other in combinations([A, site, country], 2):
        assert pairs_in(study, [one, other]).screened == 0
    assert pairs_in(study, [site, firm]).screened == 0, "a site and the firm that runs it"
    assert pairs_in(study, [site, firm, C]).screened == 2


def test_a_part_stands_for_the_whole_where_it_does_as_much() -> None:
    study = study_of(two_sellers(), trade=2.0, plants=2.0)
    country = candidate("separation/A", name="country/A", mine_A=1.0)
    pairs = pairs_in(study, [country, A, C])
    assert names(pairs) == [("separation/A", "separation/C")]
    assert pairs.superadditive == 2


def test_what_has_no_throughput_in_the_base_year_is_no_thing() -> None:
    idle = candidate("separation/B")
    assert pairs_in(study_of(two_sellers(), trade=2.0, plants=2.0), [A, C, idle]).things == 2


def shipped(view: View, element: str, horizon: str) -> tuple[Study, list[Candidate]]:
    facts = read_facts(view.store, element, view.valid)
    base = read_base_year(facts, year_of(facts, None), "WLD", "the world")
    chain = base.accounts().chain()
    chosen, asked = horizon_of(base.chemistry, horizon, chain), Contingency(horizon=horizon)
    study = Study(chain, chosen, chain_elements(facts).names, asked)
    return study, candidates_of(view.network(element, "WLD"), "outage")


@pytest.mark.whole
def test_on_the_shipped_tables_no_pair_is_missed(view: View) -> None:
    """Trying every pair of countries at one stage finds those that are told, and no other."""
    study, candidates = shipped(view, "MREE", "medium-run")
    pairs = pairs_in(study, candidates)
    assert 0 < pairs.superadditive < pairs.screened
    stages = [each for each in candidates if each.kind == "country" and each.stage]
    told = {(pair.one, pair.other) for pair in pairs.pairs}
    for one, other in combinations(sorted(stages, key=lambda each: each.id), 2):
        if one.stage != other.stage:
            continue
        events = study.event_of(one), study.event_of(other)
        apart = min(1.0, sum(map(study.loss, events)))
        excess = study.loss(events[0].together_with(events[1])) - apart
        if excess >= 2 * PERCENTAGE_POINT:
            assert (one.id, other.id) in told
        elif excess < 0:
            assert (one.id, other.id) not in told
    for pair in pairs.pairs:
        assert pair.excess >= PERCENTAGE_POINT - 1e-9
        assert all(line_of(row) for row in pair.rows)


HALF = Event(output={("mine", "A"): 0.5})


def by_place(margins: tuple[MarginalValue, ...]) -> dict[tuple[str, str, str], MarginalValue]:
    return {(each.stage, each.pool, each.buyer): each for each in margins}


def test_a_tonne_of_ore_is_fifty_tonnes_of_magnets() -> None:
    (margin,) = find_marginal_values(study_of(one_mine()), HALF)
    assert (margin.stage, margin.pool, margin.what) == ("mine", "A", "ore")
    assert (margin.right, margin.left) == pytest.approx((50.0, 50.0))
    assert (margin.base, margin.step) == (100.0, 1.0)
    assert margin.unit == "t of magnets per t of Dy in ore"
    assert margin.market_right is None


def test_left_and_right_differ_where_something_else_binds_next() -> None:
    # half a tonne of ore is missing: of a tonne more half is of use, a tonne less is all missed
    found = find_marginal_values(study_of(one_mine()), Event(output={("mine", "A"): 0.995}))
    margin = by_place(found)["mine", "A", ""]
    assert (margin.right, margin.left) == pytest.approx((25.0, 50.0))


def test_a_border_that_binds_has_a_margin_and_nothing_is_taken_of_nothing() -> None:
    event = Event(sales={("separation", "A", "B", "*"): 0.0})
    found = by_place(find_marginal_values(study_of(one_mine()), event))
    border = found["separation", "A", "B"]
    assert border.right == pytest.approx(50.0)
    assert border.left is None
    assert border.unit == "t of magnets per t of Dy"
    assert ("mine", "A", "") not in found, "there is ore to spare"
    # A's own magnets are served in full: a tonne less of A's metal is missed, one more is not
    assert found["metal", "A", ""].right == 0
    assert found["metal", "A", ""].left == pytest.approx(50.0)


def test_a_market_gets_its_part_of_a_tonne_within_what_is_told() -> None:
    (margin,) = find_marginal_values(study_of(one_mine(), "B"), HALF)
    assert margin.right == pytest.approx(50.0), "the world's total"
    assert margin.resolution == pytest.approx(3000 / 2500), "two users share 5,000 steps"
    assert margin.market_right == pytest.approx(30.0, abs=margin.resolution)
    assert margin.market_left == pytest.approx(30.0, abs=margin.resolution)
    assert margin.market_unit == "t of magnets per t of Dy in ore"


def test_without_an_event_there_is_no_margin() -> None:
    with pytest.raises(NotKnownError, match="Everybody is served in full"):
        find_marginal_values(study_of(one_mine()), NO_EVENT)
    with pytest.raises(NotKnownError):
        find_marginal_values(
            study_of(two_sellers(), trade=2.0, plants=2.0), Event({("mine", "A"): 0.0})
        )


parts = st.floats(0, 1)


@given(
    st.dictionaries(st.tuples(st.sampled_from(STAGES), st.sampled_from("ABC")), parts, min_size=1),
    st.floats(1, 2),
)
def test_more_never_harms_less_never_helps_and_the_first_tonne_is_worth_most(
    output: dict[tuple[str, ...], float], trade: float
) -> None:
    study = study_of(two_sellers(), trade=trade, plants=1.2)
    event = Event(output=output)
    if study.costs_nothing(event):
        return
    found = find_marginal_values(study, event)
    assert [each.right for each in found] == sorted((each.right for each in found), reverse=True)
    for each in found:
        assert each.right >= -1e-6
        assert each.right <= 50 + 1e-6, "magnets hold a fiftieth"
        if each.left is not None:
            assert each.left >= each.right - 1e-6


def test_margins_tell_the_market_beside_the_world_only_where_one_is_asked() -> None:
    (world,) = records_in(margin_table(find_marginal_values(study_of(one_mine()), HALF)))
    assert (world["from"], world["to"], world["that year, t"]) == ("A", "made there", "100")
    assert (world["a tonne more"], world["a tonne less"]) == ("50", "50")
    assert "market: more" not in world
    (own,) = records_in(margin_table(find_marginal_values(study_of(one_mine(), "B"), HALF)))
    assert own["a tonne more"] == "50"
    assert float(own["market: more"]) == pytest.approx(30, abs=1.2)


Changes = dict[tuple[str, str, str], tuple[float, float]]


def changes(shifts: tuple[Shift, ...]) -> Changes:
    return {
        (each.stage, each.seller, each.buyer): (round(each.base, 3), round(each.after, 3))
        for each in shifts
    }


def test_where_half_of_a_metal_plant_stops_its_country_buys_half() -> None:
    event = Event(output={("metal", "B"): 0.5})
    assert changes(find_shifts(study_of(one_mine()), event)) == {
        ("mine", "A", ""): (100.0, 70.0),
        ("separation", "A", ""): (100.0, 70.0),
        ("separation", "A", "B"): (60.0, 30.0),
        ("metal", "B", ""): (60.0, 30.0),
        ("magnet", "B", ""): (3000.0, 1500.0),
    }


def test_where_a_border_closes_the_other_seller_takes_its_place() -> None:
    study = study_of(two_sellers(), trade=2.0, plants=2.0)
    found = find_shifts(study, Event(sales={("separation", "A", "B", "*"): 0.0}))
    assert changes(found) == {
        ("mine", "A", ""): (30.0, 0.0),
        ("mine", "C", ""): (30.0, 60.0),
        ("separation", "A", ""): (30.0, 0.0),
        ("separation", "C", ""): (30.0, 60.0),
        ("separation", "A", "B"): (30.0, 0.0),
        ("separation", "C", "B"): (30.0, 60.0),
    }
    assert [each.stage for each in found] == ["mine"] * 2 + ["separation"] * 4
    assert {each.what for each in found} == {"ore", "Dy"}


def test_nothing_happens_and_nothing_changes() -> None:
    """Not even where plants and trade could do more."""
    for chain in (one_mine(), two_sellers()):
        assert find_shifts(study_of(chain, trade=3.0, plants=3.0), NO_EVENT) == ()


events = st.builds(
    Event,
    st.dictionaries(st.tuples(st.sampled_from(STAGES), st.sampled_from("ABC")), parts, max_size=3),
    st.dictionaries(
        st.tuples(st.just("separation"), st.sampled_from("AC"), st.just("B"), st.just("*")),
        parts,
        max_size=2,
    ),
)


def piles(flows: Mapping[Flow, float]) -> dict[str, float]:
    found = dict.fromkeys(STAGES[:3], 0.0)
    for before, stage in pairwise(STAGES):
        for pool in "ABC":
            content = 0.02 if stage == "magnet" else 1.0
            has = sum(
                tonnes * ((to == pool or (not to and by == pool)) - (by == pool and to != ""))
                for (at, by, to, _), tonnes in flows.items()
                if at == before
            )
            takes = sum(
                tonnes * content
                for (at, by, to, _), tonnes in flows.items()
                if (at, by, to) == (stage, pool, "")
            )
            assert takes <= has + 1e-4
            found[before] += has - takes
    return found


@given(events, st.floats(1, 2), st.floats(1, 2))
def test_nothing_is_made_of_nothing_nothing_piles_up_and_what_is_served_is_kept(
    event: Event, trade: float, plants: float
) -> None:
    study = study_of(two_sellers(), trade=trade, plants=plants)
    after = flows_after(study, event)
    assert sum(piles(after).values()) == pytest.approx(0, abs=1e-3)
    served = study.programme(study.horizon).serve(study.horizon, event).of()
    assert after["magnet", "B", "", MAGNETS] == pytest.approx(served, abs=1e-2)


@given(events, st.floats(1, 2), st.floats(1, 2))
def test_no_more_changes_than_in_the_first_solution(
    event: Event, trade: float, plants: float
) -> None:
    """What piles up in the first one is a change as well: somebody has to keep it."""
    study = study_of(two_sellers(), trade=trade, plants=plants)
    programme = study.programme(study.horizon)
    values = programme.values(programme.bounds(study.horizon, event))
    flows = flows_of(programme)

    def changed(after: Mapping[Flow, float]) -> float:
        moved = sum(
            held(programme, flow[3]) * abs(after[flow] - tonnes * base)
            for flow, (_, tonnes, base) in flows.items()
        )
        piled = piles(after)
        return moved + ORE_STOCKPILE_COST * piled.pop("mine") + STOCKPILE_COST * sum(piled.values())

    first = {flow: tonnes * values[column] for flow, (column, tonnes, _) in flows.items()}
    assert changed(flows_after(study, event)) <= changed(first) + 0.01


def test_what_is_new_has_no_base() -> None:
    """Metal and magnets go from A to B, whose metal plant stops, where new pairs may trade."""
    study = study_of(one_mine(), trade=2.0, plants=2.0)
    study.horizon = replace(study.horizon, new_pairs=1.0)
    found = changes(find_shifts(study, Event(output={("metal", "B"): 0.0})))
    assert ("magnet", "A", "B") not in found
    assert found["magnet", "B", ""] == pytest.approx((3000.0, 2000.0), abs=25)
    assert found["metal", "A", "B"] == pytest.approx((0.0, 40.0), abs=0.5)
    assert found["metal", "A", ""] == pytest.approx((40.0, 80.0))


def test_shifts_tell_what_changes_and_that_it_is_not_unique_below() -> None:
    event = Event(output={("metal", "B"): 0.5})
    shifts = find_shifts(study_of(one_mine()), event)
    table = shift_table(shifts, "half of B's metal stops")
    told = {(each["stage"], each["from"], each["to"]): each for each in records_in(table)}
    border, mine = told["separation", "A", "B"], told["mine", "A", "made there"]
    for found, tonnes in ((border, ("60", "30", "-30")), (mine, ("100", "70", "-30"))):
        assert (found["that year, t"], found["after, t"], found["change, t"]) == tonnes
    assert "not unique" in table.remarks[1]
    nothing = shift_table(find_shifts(study_of(one_mine()), NO_EVENT))
    assert nothing.rows == []
    assert "Nothing changes" in nothing.remarks[0]


def test_what_cannot_be_asked_is_said() -> None:
    view = view_in_memory()
    with pytest.raises(UnknownNameError, match="did you mean"):
        view.after("China at separatio", "Sm", year=2024)
    unknown = view.after("China mining", "TREO")
    assert isinstance(unknown, NotKnown)
    assert unknown.why.startswith("The members of TREO")
