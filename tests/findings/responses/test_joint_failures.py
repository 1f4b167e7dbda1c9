"""Pairs: by hand, by trying all of them, and on the shipped tables."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from monazite.findings.chain.base_year import chain_elements, read_base_year, year_of
from monazite.findings.events.failure_points import Candidate, candidates_of
from monazite.findings.events.horizons import horizon_of
from monazite.findings.flow_model.study import Study
from monazite.findings.responses.joint_failure_tables import PERCENTAGE_POINT
from monazite.findings.responses.joint_failures import JointFailures, pairs_in
from monazite.network.facts import read_facts
from monazite.parameters import Contingency
from monazite.view import View
from tests.findings.small_chains import candidate, one_mine, study_of, two_sellers
from tests.golden.lines import line_of

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


def test_the_pairs_are_a_value() -> None:
    study = study_of(two_sellers(), trade=2.0, plants=2.0)
    pairs = pairs_in(study, [A, C])
    assert repr(pairs) == "<JointFailures 1 of 1 pairs cost more together than apart>"
    assert (len(pairs), list(pairs)) == (1, [*pairs.pairs])
    assert hash(pairs) == hash(pairs_in(study, [A, C]))
    assert {*pairs.row_keys} <= {*A.rows, *C.rows}
    assert len(pairs.to_dataframe()) == 1


def test_losses_that_add_up_are_no_pair() -> None:
    halves = [replace(each, hits={each.id: 0.5}) for each in (A, C)]
    pairs = pairs_in(study_of(two_sellers()), halves)
    assert (pairs.pairs, pairs.screened, pairs.solved) == ((), 1, 1)


def test_where_the_two_already_lose_everything_nothing_is_solved() -> None:
    pairs = pairs_in(study_of(two_sellers()), [A, C])
    assert (pairs.pairs, pairs.screened, pairs.solved) == ((), 1, 0)


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


def test_borders_are_pairs_too() -> None:
    study = study_of(two_sellers(), trade=2.0, plants=2.0)
    study.contingency = Contingency(event="embargo")
    pairs = pairs_in(study, [A, C, candidate("metal/B")])
    assert names(pairs) == [("separation/A", "separation/C")]
    assert pairs.things == 2, "B sells nothing abroad"


def test_one_mine_has_no_pair() -> None:
    things = [candidate(x) for x in ("mine/A", "separation/A", "metal/A", "metal/B")]
    assert pairs_in(study_of(one_mine()), things).pairs == ()


def shipped(view: View, element: str, horizon: str) -> tuple[Study, list[Candidate]]:
    facts = read_facts(view.store, element, view.valid)
    base = read_base_year(facts, year_of(facts, None), "WLD", "the world")
    chosen, *_ = horizon_of(base.chemistry, horizon)
    asked = Contingency(horizon=horizon)
    study = Study(base.accounts().chain(), chosen, chain_elements(facts).names, asked)
    return study, candidates_of(view.network(element, "WLD"), "outage")


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
