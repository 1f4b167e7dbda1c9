"""Differences of basis, definition and year: rows on other terms do not contradict each other."""

from __future__ import annotations

import pytest

from monazite.findings.conflicts.differences_of_basis import differences_between
from monazite.findings.conflicts.readings import Reading
from monazite.rows.columns import read_schema
from monazite.rows.sameness import Sameness
from monazite.shipped import ontology_folder
from tests.findings.readings import reading, says


def between(sameness: Sameness, one: Reading, other: Reading) -> list[str]:
    return [kind for kind, _ in differences_between([one, other], sameness, years=2)]


BASIS = "https://w3id.org/monazite/scheme/basis/"


def test_rows_on_other_terms_differ_by_the_first_term(sameness: Sameness) -> None:
    one = reading("100", says("a", "A"), basis=(f"{BASIS}reo",))
    b = says("b", "B")
    reo, metal, price = f"{BASIS}reo", f"{BASIS}metal", f"{BASIS}price-europe"
    assert between(sameness, one, reading("50", b, basis=(metal,))) == ["basis"]
    assert between(sameness, one, reading("50", b, basis=(price,))) == []  # another dimension
    assert between(sameness, one, reading("50", b, basis=(reo,), defined=("planned",))) == [
        "definition"
    ]
    assert between(sameness, one, reading("50", b, basis=(reo,), period=("2022",))) == ["year"]
    assert between(sameness, one, reading("50", b, basis=(reo,), period=("2021",))) == []
    assert between(sameness, one, reading("50", b, basis=(reo,), period=("2023-05",))) == []
    assert between(sameness, one, reading("50", b, basis=(reo,), unit="cny")) == []


def test_a_series_is_no_disagreement(sameness: Sameness) -> None:
    """Nor are two series, where each speaks of the other's year itself."""
    a, b = says("a", "A"), says("b", "B")
    years = [reading("100", a), reading("50", a, period=("2023",))]
    assert list(differences_between(years, sameness, years=2)) == []
    both = [*years, reading("100", b), reading("50", b, period=("2023",))]
    assert list(differences_between(both, sameness, years=2)) == []


@pytest.fixture(scope="module")
def sameness() -> Sameness:
    return Sameness(read_schema(ontology_folder()), [])
