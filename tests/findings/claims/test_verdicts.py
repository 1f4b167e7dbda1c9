"""The verdict on a claim: for every set of relations, in any order."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.claims.verdicts import (
    PARTLY,
    RELATIONS,
    find_verdict,
)
from tests.findings.ruled import RULED

RELATION = st.sampled_from(RELATIONS)


def test_the_rule_for_every_set_of_relations() -> None:
    speaking = [name for name in RELATIONS if name != "bears-on"]
    for size in range(len(speaking) + 1):
        for chosen in combinations(speaking, size):
            assert find_verdict(chosen) == RULED[frozenset(chosen)]


@given(st.lists(RELATION))
def test_order_and_number_of_rows_do_not_matter(relations: list[str]) -> None:
    assert find_verdict(relations) == find_verdict(sorted(set(relations)))


@given(st.lists(RELATION))
def test_what_only_bears_on_a_claim_decides_nothing(relations: list[str]) -> None:
    assert find_verdict([*relations, "bears-on"]) == find_verdict(relations)


@given(st.lists(RELATION), RELATION)
def test_one_more_row_never_makes_a_disputed_claim_clear(relations: list[str], more: str) -> None:
    if find_verdict(relations) == PARTLY:
        assert find_verdict([*relations, more]) == PARTLY
