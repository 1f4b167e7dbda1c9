"""Least change: by hand, and against the first solution and the balance of every pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.chain.base_year import read_base_year, year_of
from monazite.findings.events.event import NO_EVENT, Event
from monazite.findings.events.horizons import horizon_of
from monazite.findings.flow_model.study import Study
from monazite.findings.responses.rerouting import (
    ORE_STOCKPILE_COST,
    STOCKPILE_COST,
    Flow,
    Shift,
    find_shifts,
    flows_after,
    flows_of,
    held,
)
from monazite.network.facts import read_facts
from monazite.parameters import Contingency
from monazite.view import View
from tests.findings.small_chains import MAGNETS, STAGES, one_mine, study_of, two_sellers

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


parts = st.floats(0, 1)
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
    """What nobody takes, by the stage that makes it, in tonnes of the element."""
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
    """Metal and magnets go from A to B, whose metal plant stops, where new pairs may trade.

    A makes twice its metal, for four fifths of all magnets. Its own 2,000 t are under contract: the
    other 40 t of metal go to B, who makes 2,000 of its 3,000 t.
    """
    study = study_of(one_mine(), trade=2.0, plants=2.0)
    study.horizon = replace(study.horizon, new_pairs=1.0)
    found = changes(find_shifts(study, Event(output={("metal", "B"): 0.0})))
    assert ("magnet", "A", "B") not in found
    assert found["magnet", "B", ""] == pytest.approx((3000.0, 2000.0), abs=25)
    assert found["metal", "A", "B"] == pytest.approx((0.0, 40.0), abs=0.5)
    assert found["metal", "A", ""] == pytest.approx((40.0, 80.0))


def test_on_the_shipped_tables_what_is_served_is_served_again(view: View) -> None:
    facts = read_facts(view.store, "MREE", view.valid)
    base = read_base_year(facts, year_of(facts, None), "WLD", "the world")
    for name in ("immediate", "short-run", "medium-run", "free"):
        horizon, *_ = horizon_of(base.chemistry, name)
        chain = base.accounts().chain()
        study = Study(chain, horizon, base.elements.names, Contingency(horizon=name))
        assert find_shifts(study, NO_EVENT) == ()
        for place in (("mine", "MMR"), ("separation", "CHN"), ("metal", "CHN"), ("magnet", "CHN")):
            found = changes(find_shifts(study, Event(output={place: 0.0})))
            if (*place, "") in found:
                assert found[(*place, "")][1] == 0
