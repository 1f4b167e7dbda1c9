"""What a reconciliation says of an element, in words: what moved, what stays, what follows."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.findings.balance.adjustments import Reconciliation, reconciliation_of
from monazite.findings.reconciliation.columns import Moved
from monazite.findings.reconciliation.year import PoolRange, ReconciledYear
from tests.conftest import view_in_memory
from tests.findings.reconciliation.by_hand import year_of


@cache
def of(element: str) -> Reconciliation:
    found = view_in_memory().balance(element, year=2024).reconciliation
    assert found is not None
    return found


def test_numbers_are_told_in_words_and_the_farthest_first() -> None:
    moved = (
        Moved(("ore_bought", "A", "B"), 10.0, 5.0, 15.0, 11.0, ("baci/a-b",)),
        Moved(("recipe", "A", "Nd"), 0.3, 0.2, 0.4, 0.4),
        Moved(("mined", "A"), 10.0, 5.0, 15.0, 10.0),
        Moved(("oxide_printed", "A", "Dy+Tb"), 1.0, 0.0, 2.0, 2.0),
    )
    values: dict[tuple[str, ...], float] = {
        ("missing", "metal", "ROW", "Nd"): 3.0,
        ("surplus", "mine", "A", "Nd"): 0.2,
    }
    ranges = (PoolRange("metal", "A", 1.0, 1.0, 1.0),)
    year = ReconciledYear(year_of(), values, moved, ranges)
    found = reconciliation_of({"Nd": year}, {"A": "Aland"})
    told = [(each.name, each.text, each.unit) for each in found.moved]
    assert ("recipe[A,Nd]", "Nd in the magnets of Aland", "part") in told
    assert ("ore_bought[A,B]", "ore from Aland to B", "t REO") in told
    assert "mined[A]" not in {name for name, *_ in told}
    assert [each.name for each in found.implied] == ["recipe[A,Nd]"]
    (stays,) = found.unexplained
    assert (stays.stage, stays.pool, stays.missing, stays.surplus) == ("metal", "ROW", 3.0, 0.0)
    assert found.left() == {"metal": -3.0}
    assert found.pools == ranges


def test_numbers_of_other_elements_of_a_year_are_left_out() -> None:
    names = {each.name for each in of("Dy").moved}
    assert not [name for name in names if name.endswith((",Nd]", ",Tb]", ",Nd+Pr]"))]
    assert [name for name in names if name.startswith("ore_bought")]


@pytest.mark.parametrize("element", ["Dy", "NdPr", "Sm", "La"])
def test_every_number_has_words_and_lies_in_its_range(element: str) -> None:
    found = of(element)
    assert found.implied
    for each in (*found.moved, *found.implied):
        assert each.text
        assert "{" not in each.text
        wide = 1e-6 * max(1.0, each.high)
        assert each.low - wide <= each.found <= each.high + wide, each


def test_what_stays_is_what_the_table_of_stages_says() -> None:
    balance = view_in_memory().balance("NdPr", year=2024)
    left = of("NdPr").left()
    for closing in balance.closings:
        assert closing.reconciled == pytest.approx(left.get(closing.stage, 0.0), abs=1e-6) or (
            closing.reconciled is None
        )
