"""Equal hashes have one solution; whatever a programme reads changes the hash."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.reconciliation.fingerprint import fingerprint
from monazite.findings.reconciliation.year import reconcile_year
from monazite.quantities.amount import Amount, exactly
from tests.findings.reconciliation.test_year import two_countries


def test_rows_behind_a_number_change_nothing_and_a_number_does() -> None:
    numbers = two_countries()
    (place, mined), *_ = numbers.mined.items()
    told = {**numbers.mined, place: replace(mined, rows=("production/other",))}
    assert fingerprint(replace(numbers, mined=told)) == fingerprint(numbers)
    wider = {**numbers.mined, place: replace(mined, high=mined.high + 1)}
    assert fingerprint(replace(numbers, mined=wider)) != fingerprint(numbers)


def test_every_assumption_but_a_horizon_changes_it() -> None:
    numbers = two_countries()
    chemistry = numbers.chemistry
    for key in chemistry.assumed:
        other = replace(chemistry, assumed={**chemistry.assumed, key: exactly(0.123)})
        same = fingerprint(replace(numbers, chemistry=other)) == fingerprint(numbers)
        assert same == (key[1] in {"immediate", "short-run", "medium-run", "free"}), key
    more = {**chemistry.assumed, ("horizon-trade", "short-run", ""): exactly(9.0)}
    moved = replace(numbers, chemistry=replace(chemistry, assumed=more))
    assert fingerprint(moved) == fingerprint(numbers)


@given(st.floats(0.5, 2.0))
def test_a_year_that_stands_is_what_would_be_solved_again(scale: float) -> None:
    numbers = two_countries()
    before = reconcile_year(numbers)
    mined = {
        place: Amount(scale * x.value, scale * x.low, scale * x.high)
        for place, x in numbers.mined.items()
    }
    asked = replace(numbers, mined=mined)
    assert reconcile_year(asked, before=before).values == reconcile_year(asked).values
