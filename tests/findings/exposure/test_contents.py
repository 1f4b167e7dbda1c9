"""Contents: golden numbers worked out by hand from the rows, and laws of bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.bills.bill import StatedContent
from monazite.findings.exposure.contents import (
    KINDS,
    ElementContent,
    Materials,
    SharedBound,
    bounded,
)
from monazite.findings.exposure.exposure import known_materials
from monazite.triples.store import Store

BY_HAND = {
    # Rows of any sintered NdFeB: Nd 20 to 30, 20 to 25, 29 to 32, 29 to 32.5; Pr 0.5 to 7, 0.5
    # to 1; all rare earths 30 and 31, and at least the 32.5 that a row prints of Nd alone. Each
    # most is what 32.5 leaves beside the least of the others, each least that of the rows.
    "n": {"Dy": (0, 0.5), "Nd": (20, 32.0), "Pr": (0.5, 7)},
    "m": {"Dy": (0, 1.0), "Nd": (20, 32.0), "Pr": (0.5, 7)},
    "h": {"Dy": (0.5, 2.8), "Nd": (20, 31.5), "Pr": (0.5, 7)},
    "sh": {"Dy": (2, 4.5), "Nd": (20, 30.0), "Pr": (0.5, 7)},
    "uh": {"Dy": (4, 6.5), "Nd": (20, 28.0), "Pr": (0.5, 7)},
    "eh": {"Dy": (6, 8.5), "Nd": (20, 26.0), "Pr": (0.5, 6.5)},
    "ah": {"Dy": (8, 11.0), "Nd": (20, 24.0), "Pr": (0.5, 4.5)},
}


@pytest.fixture(scope="module")
def materials(store: Store) -> Materials:
    return known_materials(store)


def ranges(found: Materials, material: str, *stated: StatedContent) -> dict[str, tuple[float, ...]]:
    contents = found.contents(material, by_grade=True, stated=stated)
    return {each.element: (each.low, each.high) for each in contents.elements}


@pytest.mark.parametrize("grade", BY_HAND)
def test_each_grade_by_hand(grade: str, materials: Materials) -> None:
    assert ranges(materials, f"ndfeb-sintered-magnet-{grade}") == BY_HAND[grade]


def test_smco_by_hand(materials: Materials) -> None:
    assert ranges(materials, "smco5-magnet") == {"Sm": (36, 36)}
    assert ranges(materials, "sm2co17-magnet") == {"Sm": (23, 28)}


@pytest.mark.parametrize("material", ["ndfeb-magnet", "ndfeb-bonded-magnet", "smco-magnet"])
def test_where_no_row_gives_a_content_there_is_none(material: str, materials: Materials) -> None:
    assert materials.contents(material).elements == ()


def test_elements_that_a_row_gives_together_are_bounded_together(materials: Materials) -> None:
    found = materials.contents("ndfeb-magnet-gbd-dy")  # Dy 0.5; Dy and Tb together below 0.6
    assert {x.element: (x.low, x.high) for x in found.elements} == {"Dy": (0, 0.6), "Tb": (0, 0.6)}
    assert [(sorted(x.elements), x.high) for x in found.bounds] == [(["Dy", "Tb"], 0.6)]


def test_what_the_bill_states_stands_before_all_rows(materials: Materials) -> None:
    stated = StatedContent("Dy", 1.9, 1.9, "tested")
    found = materials.contents("ndfeb-sintered-magnet-sh", by_grade=True, stated=[stated])
    assert [(x.element, x.low, x.high, x.evidence) for x in found.elements] == [
        ("Dy", 1.9, 1.9, "tested"),
        ("Nd", 20, pytest.approx(32.5 - 0.5 - 1.9), "family"),
        ("Pr", 0.5, 7, "family"),
    ]


def test_a_statement_that_contradicts_the_rows_stays_and_is_told(materials: Materials) -> None:
    stated = StatedContent("Dy", 40, 40, "declared")
    found = materials.contents("ndfeb-sintered-magnet-sh", stated=[stated])
    assert found.contradicts
    assert ranges(materials, "ndfeb-sintered-magnet-sh", stated) == {
        "Dy": (40, 40),
        "Nd": (0, 0),
        "Pr": (0, 0),
    }


def test_every_content_of_a_grade_names_its_rows(materials: Materials) -> None:
    found = materials.contents("ndfeb-sintered-magnet-sh", by_grade=True)
    rows = {each.element: each.rows for each in found.elements}
    assert rows["Dy"] == ("assumptions/ndfeb-sintered-magnet-sh-dy-content-by-grade-dy",)
    assert all(row.startswith("compositions/ndfeb-sintered-magnet-") for row in rows["Nd"])
    assert len(rows["Nd"]) == 4
    (assumed,) = materials.assumptions(rows["Dy"])
    assert (assumed.low, assumed.high, assumed.reason) == (2, 4.5, "No grade table was found")


shares = st.tuples(st.floats(0, 40), st.floats(0, 40)).map(sorted)
elements = st.lists(
    st.tuples(st.sampled_from(["Nd", "Pr", "Dy", "Tb"]), shares, st.sampled_from(KINDS)),
    unique_by=lambda each: each[0],
    max_size=4,
)


@given(elements, st.floats(0, 100))
def test_bounds_only_narrow_and_change_no_statement(
    given_: list[tuple[str, list[float], str]], most: float
) -> None:
    before = {name: ElementContent(name, low, high, kind) for name, (low, high), kind in given_}
    found = bounded(before.values(), [SharedBound(frozenset(), most, ())])
    for each in found.elements:
        old = before[each.element]
        assert each.low <= each.high
        assert old.low >= each.low
        assert each.high <= max(old.high, each.low)
        if old.evidence not in {"grade", "family"}:
            assert each == old
    if not found.contradicts:
        assert sum(each.low for each in found.elements) <= most + 1e-9 or any(
            each.evidence not in {"grade", "family"} for each in found.elements
        )
