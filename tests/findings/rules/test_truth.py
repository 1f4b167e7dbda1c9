"""Kleene's three values with their reasons, by his tables and by laws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.rules.truth import (
    DIFFERS,
    MISSING,
    NO,
    STATUS,
    STRADDLES,
    UNREAD,
    YES,
    Truth,
    all_of,
    any_of,
    negated,
    open_for,
    outcome_of,
    reasons_of,
)

OPEN_ONE = open_for(MISSING)
TRUTHS = st.sampled_from(
    [NO, YES, *map(open_for, (MISSING, STRADDLES, STATUS, UNREAD)), open_for(MISSING, UNREAD)]
)


def settled(truth: Truth) -> set[Truth]:
    """What a truth may turn out to be."""
    return {truth} if truth in (YES, NO) else {YES, NO}


def test_the_tables_of_three_values() -> None:
    # rows and columns: no, open, yes (Kleene 1952, section 64: strong and, or)
    three = (NO, OPEN_ONE, YES)
    assert [[all_of((a, b)) for b in three] for a in three] == [
        [NO, NO, NO],
        [NO, OPEN_ONE, OPEN_ONE],
        [NO, OPEN_ONE, YES],
    ]
    assert [[any_of((a, b)) for b in three] for a in three] == [
        [NO, OPEN_ONE, YES],
        [OPEN_ONE, OPEN_ONE, YES],
        [YES, YES, YES],
    ]
    assert [negated(each) for each in three] == [YES, OPEN_ONE, NO]


def test_of_nothing_all_hold_and_none_does() -> None:
    assert (all_of([]), any_of([])) == (YES, NO)


@given(st.lists(TRUTHS, max_size=5))
def test_what_is_open_could_turn_out_either_way(truths: list[Truth]) -> None:
    if all_of(truths) not in (YES, NO):
        assert NO not in truths
        assert any(len(settled(truth)) == 2 for truth in truths)
    if any_of(truths) not in (YES, NO):
        assert YES not in truths


@given(st.lists(TRUTHS, max_size=5))
def test_reasons_are_those_of_what_is_open(truths: list[Truth]) -> None:
    wanted = {reason for truth in truths if truth not in (YES, NO) for reason in reasons_of(truth)}
    for found in (all_of(truths), any_of(truths)):
        if found not in (YES, NO):
            assert set(reasons_of(found)) == wanted


@given(st.lists(TRUTHS, max_size=5))
def test_the_contrary_of_all_is_one_of_the_contraries(truths: list[Truth]) -> None:
    assert negated(all_of(truths)) == any_of(map(negated, truths))


def test_only_a_text_that_nobody_read_is_not_judged() -> None:
    assert outcome_of(open_for(UNREAD)) == "not judged"
    assert outcome_of(open_for(UNREAD, STATUS)) == "may"
    assert outcome_of(open_for(MISSING)) == "may"
    assert (outcome_of(YES), outcome_of(NO)) == ("caught", "not")


def test_a_layer_that_differs_keeps_its_own_outcome() -> None:
    assert outcome_of(NO | DIFFERS) == "not"
    assert outcome_of(YES | DIFFERS) == "caught"
    assert reasons_of(NO | DIFFERS) == ("guidance differs",)
