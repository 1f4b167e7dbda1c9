"""Materials: the grammar of grades, contents by hand from the rows, laws of bounds and grams."""

from __future__ import annotations

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.bom.bill import Bill, ElementContent
from monazite.bom.contents import (
    KINDS,
    MaterialContents,
    Materials,
    SharedBound,
    bounded,
    counted_in_parts,
    grams_of,
    most_together,
    share_below,
    together_note,
    totals,
)
from monazite.bom.exposure import known_materials
from monazite.bom.grades import GradeNames, folded, name_material, read_grade_names
from monazite.store.opening import open_store
from monazite.store.store import Store
from tests.bom.bills import example, line

SINTERED = "ndfeb-sintered-magnet"
GRADES = GradeNames(read_grade_names(open_store()))


@pytest.mark.parametrize(
    ("material", "grade", "found"),
    [
        ("NdFeB", "N35", f"{SINTERED}-n"),
        ("NdFeB", "N48M", f"{SINTERED}-m"),
        ("NdFeB", "40H", f"{SINTERED}-h"),
        ("Nd-Fe-B", "N42SH", f"{SINTERED}-sh"),
        ("", "N42-SH", f"{SINTERED}-sh"),
        ("", "38UH", f"{SINTERED}-uh"),
        ("", "N35EH", f"{SINTERED}-eh"),
        ("NdFeB", "30AH", f"{SINTERED}-ah"),
        ("NdFeB", "33TH", f"{SINTERED}-ah"),
        ("烧结钕铁硼", "42SH", f"{SINTERED}-sh"),
        ("NdFeB gesintert 20 x 10 x 5", "", SINTERED),
        ("Neodym-Magnet", "", "ndfeb-magnet"),
        ("NdFeB kunststoffgebunden", "", "ndfeb-bonded-magnet"),
        ("粘结钕铁硼", "", "ndfeb-bonded-magnet"),
        ("Sm2Co17", "", "sm2co17-magnet"),
        ("SmCo", "1:5", "smco5-magnet"),
        ("Samarium-Cobalt", "", "smco-magnet"),
        ("", "YXG-28H", "sm2co17-magnet"),
        ("", "BNP-8", "ndfeb-bonded-magnet"),
    ],
)
def test_what_is_sure(material: str, grade: str, found: str) -> None:
    named = name_material(material, grade, "", {}, GRADES)
    assert (named.state, named.id) == ("accepted", found)


@pytest.mark.parametrize(
    ("material", "grade", "description", "state"),
    [
        ("", "40H", "", "asked"),
        ("", "N38VH", "", "asked"),
        ("", "YX18", "", "asked"),
        ("", "30AH", "", "asked"),
        ("NdFeB / SmCo", "", "", "asked"),
        ("", "", "Rotor magnet", "asked"),
        ("Magnet", "", "", "asked"),
        ("", "", "Ferrite magnet", "other"),
        ("Steel", "40H", "", "other"),
        ("1.4301", "", "", "other"),
        ("Hartferrit", "Y30", "", "other"),
        ("Unobtainium", "", "", "unknown"),
        ("", "40", "", "unknown"),
        ("", "", "Bolt M8x40", "unknown"),
        *((said, "", "", "asked") for said in ("NdFeB N35/N42SH", "SmCo N42SH", "NdFeB-frei")),
        *((said, "", "", "asked") for said in ("ohne NdFeB", "Holder for NdFeB magnet")),
        *((said, "", "", "asked") for said in ("Ferrite N42SH", "Steel N42SH")),
    ],
)
def test_what_is_not_sure(material: str, grade: str, description: str, state: str) -> None:
    named = name_material(material, grade, description, {}, GRADES)
    assert (named.state, named.id) == (state, "")


def test_a_description_counts_only_where_nothing_else_stands() -> None:
    told = "Magnet 20x10x5 N45SH"
    assert name_material("", "", told, {}, GRADES).id == f"{SINTERED}-sh"
    assert name_material("Steel", "", told, {}, GRADES).state == "other"


def test_a_name_of_the_tables_is_taken_whole() -> None:
    names = {folded("Mischmetal"): "mischmetal"}
    assert name_material("MISCHMETAL", "", "", names, GRADES).id == "mischmetal"
    assert name_material("Mischmetal alloy", "", "", names, GRADES).state == "unknown"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        *(("Ferrit Y30", "ferrite"), ("Ferrite magnet", "ferrite"), ("铝镍钴", "alnico")),
        *(("Ferrite core 3C90", ""), ("4140H", ""), ("holder for ferrite magnet", "")),
    ],
)
def test_magnets_without_rare_earths_are_known_as_such(said: str, kind: str) -> None:
    named = name_material(said, "", "", {}, GRADES)
    assert (named.state, named.id, named.magnet_type) == ("other", "", kind)


def test_a_ferrite_with_lanthanum_is_told_apart() -> None:
    plain, held = (name_material(x, "", "", {}, GRADES) for x in ("Ferrit Y30", "La-Co Ferrit Y40"))
    assert "without rare earths" in plain.why
    assert "lanthanum" in held.why


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


def ranges(
    found: Materials, material: str, *stated: ElementContent
) -> dict[str, tuple[float, ...]]:
    contents = found.contents(material, by_grade=True, stated=stated)
    return {each.element: (each.low, each.high) for each in contents.elements}


@pytest.mark.parametrize("grade", BY_HAND)
def test_each_grade_by_hand(grade: str, materials: Materials) -> None:
    assert ranges(materials, f"ndfeb-sintered-magnet-{grade}") == BY_HAND[grade]


@pytest.mark.parametrize(
    ("material", "found"),
    [
        ("smco5-magnet", {"Sm": (36, 36)}),
        ("sm2co17-magnet", {"Sm": (23, 28)}),
        *((name, {}) for name in ("ndfeb-magnet", "ndfeb-bonded-magnet", "smco-magnet")),
    ],
)
def test_smco_by_hand_and_where_no_row_gives_a_content(
    material: str, found: dict[str, tuple[float, ...]], materials: Materials
) -> None:
    assert ranges(materials, material) == found


def test_elements_that_a_row_gives_together_are_bounded_together(materials: Materials) -> None:
    found = materials.contents("ndfeb-magnet-gbd-dy")  # Dy 0.5; Dy and Tb together below 0.6
    assert {x.element: (x.low, x.high) for x in found.elements} == {"Dy": (0, 0.6), "Tb": (0, 0.6)}
    assert [(sorted(x.elements), x.high) for x in found.bounds] == [(["Dy", "Tb"], 0.6)]


def test_what_the_bill_states_stands_before_all_rows(materials: Materials) -> None:
    stated = ElementContent("Dy", 1.9, 1.9, "tested")
    found = materials.contents("ndfeb-sintered-magnet-sh", by_grade=True, stated=[stated])
    assert [(x.element, x.low, x.high, x.evidence) for x in found.elements] == [
        ("Dy", 1.9, 1.9, "tested"),
        ("Nd", 20, pytest.approx(32.5 - 0.5 - 1.9), "family"),
        ("Pr", 0.5, 7, "family"),
    ]


def test_a_statement_that_contradicts_the_rows_stays_and_is_told(materials: Materials) -> None:
    stated = ElementContent("Dy", 40, 40, "declared")
    found = materials.contents("ndfeb-sintered-magnet-sh", stated=[stated])
    assert found.contradicts
    held = {each.element: (each.low, each.high) for each in found.elements}
    assert held == {"Dy": (40, 40), "Nd": (0, 0), "Pr": (0, 0)}


def test_every_content_of_a_grade_names_its_rows(materials: Materials) -> None:
    found = materials.contents("ndfeb-sintered-magnet-sh", by_grade=True)
    rows = {each.element: each.rows for each in found.elements}
    assert rows["Dy"] == ("assumptions/ndfeb-sintered-magnet-sh-dy-content-by-grade-dy",)
    assert all(row.startswith("compositions/ndfeb-sintered-magnet-") for row in rows["Nd"])
    assert len(rows["Nd"]) == 4
    (assumed,) = materials.assumptions(rows["Dy"])
    assert (assumed.low, assumed.high, assumed.reason) == (2, 4.5, "No grade table was found")


SHARES = st.tuples(st.floats(0, 40), st.floats(0, 40)).map(sorted)
ELEMENTS = st.lists(
    st.tuples(st.sampled_from(["Nd", "Pr", "Dy", "Tb"]), SHARES, st.sampled_from(KINDS)),
    unique_by=lambda each: each[0],
    max_size=4,
)


@given(ELEMENTS, st.floats(0, 100))
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


def test_grams_by_hand() -> None:
    # 48 magnets of 31.25 g are 1,500 g; 2 to 4.5 % of it are 30 to 67.5 g.
    (found,) = grams_of([ElementContent("Dy", 2, 4.5, "grade", ("a/b",))], 31.25, 48)
    assert (found.low, found.high, found.rows) == (30, 67.5, ("a/b",))


CONTENTS = st.builds(
    ElementContent,
    *(st.sampled_from(["Nd", "Dy"]), st.floats(0, 30), st.just(30.0), st.sampled_from(KINDS)),
)
HELD = st.builds(grams_of, st.lists(CONTENTS, max_size=3), st.floats(0, 1e6), st.integers(1, 99))


@given(st.lists(HELD, max_size=12), st.integers(0, 12))
def test_parts_add_up(lines: list[tuple[object, ...]], cut: int) -> None:
    whole = totals(lines)  # type: ignore[arg-type]
    parts = [*totals(lines[:cut]), *totals(lines[cut:])]  # type: ignore[arg-type]
    for each in whole:
        same = [one for one in parts if one.element == each.element]
        assert fsum(one.low for one in same) == pytest.approx(each.low)
        assert fsum(one.high for one in same) == pytest.approx(each.high)
        assert fsum(one.low for one in each.by_evidence) == pytest.approx(each.low)
        assert sum(one.lines for one in same) == each.lines


BILLS = st.lists(st.tuples(st.integers(-1, 20), st.integers(1, 5)), min_size=1, max_size=20)


@given(BILLS)
def test_pieces_below_all_tops_are_all_pieces(made: list[tuple[int, int]]) -> None:
    lines = tuple(
        line(str(place), count, above=(top,) if 0 <= top < place else ())
        for place, (top, count) in enumerate(made)
    )
    bill = Bill("b", "", lines)
    tops = [share_below(bill, place) for place, one in enumerate(lines) if not one.above]
    added = [fsum(each.get(place, 0) for each in tops) for place in range(len(lines))]
    assert added == pytest.approx([*bill.quantities])


def test_what_is_counted_in_its_parts_is_not_counted_twice() -> None:
    lines = (line("rotor"), line("yoke", above=(0,)), line("magnet", above=(1,)), line("bolt"))
    bill = Bill("b", "", lines)
    assert counted_in_parts(bill, [True, False, True, True]) == (True, True, False, False)


ND, PR = ElementContent("Nd", 20, 28, "family"), ElementContent("Pr", 0.5, 7, "family")
DY = ElementContent("Dy", 4, 6.5, "grade")
WHOLE = SharedBound(frozenset(), 32.5, ())
PAIR = SharedBound(frozenset({"Nd", "Pr"}), 29.0, ())


def test_joint_bounds_narrow_the_sum_of_what_each_may_hold() -> None:
    free = MaterialContents((ND, PR, DY))
    assert most_together(free) == 41.5
    assert most_together(MaterialContents((ND, PR, DY), (PAIR,))) == 35.5  # 29 and 6.5
    assert most_together(MaterialContents((ND, PR, DY), (PAIR, WHOLE))) == 32.5
    assert together_note([(free, 100.0)]) == ""
    told = together_note([(MaterialContents((ND, PR, DY), (WHOLE,)), 100.0)])
    assert told.startswith("All rare earths together: 24.5 to 32.5 g. ")
    stated = ElementContent("Nd", 30, 30, "tested"), ElementContent("Dy", 5, 5, "tested")
    assert most_together(MaterialContents(stated, (WHOLE,))) == 35  # what a bill states stands


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), min_size=1, max_size=5),
    st.floats(0, 60),
)
def test_it_lies_between_the_sums_of_the_ends(ends: list[tuple[float, float]], most: float) -> None:
    held = tuple(
        ElementContent(f"E{at}", min(pair), max(pair), "family") for at, pair in enumerate(ends)
    )
    found = most_together(MaterialContents(held, (SharedBound(frozenset(), most, ()),)))
    least, sums = fsum(each.low for each in held), fsum(each.high for each in held)
    assert least <= found <= max(least, min(sums, most)) * (1 + 1e-12)


def test_a_bill_says_what_its_lines_hold_together() -> None:
    found = example()
    (told,) = (note for note in found.notes if note.startswith("All rare earths together: "))
    # rows 7 and 8 by hand: 32.5 % of 748.8 g and of 1,022.4 g, and 6.55 g of Sm
    most = 0.325 * (48 * 15.6 + 48 * 21.3) + 6.552
    assert f"to {most:.3g} g" in told
    assert most < fsum(each.high for each in found.elements)
