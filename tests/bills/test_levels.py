"""Levels of assembly, in the three ways that bills write them, and what cannot be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monazite.bills.bill import Bill, line, top_down
from monazite.bills.levels import BillPlaces, find_above, parts_too_heavy


def above(places: BillPlaces) -> tuple[list[tuple[int, ...]], list[str]]:
    told: list[str] = []
    found, _ = find_above(places, lambda row, field, what, _: told.append(f"{row} {field}: {what}"))
    return found, told


def of(
    positions: list[str],
    parts: list[str] | None = None,
    parents: list[str] | None = None,
    levels: list[str] | None = None,
) -> BillPlaces:
    count = len(positions)
    return BillPlaces([*range(2, count + 2)], positions, parts or [""] * count, parents, levels)


def test_points_of_positions() -> None:
    assert above(of(["1", "1.1", "1.1.1", "1.2", "2"])) == ([(), (0,), (1,), (0,), ()], [])


def test_a_column_of_levels_with_points_before_them() -> None:
    levels = ["0", ".1", "..2", "..2", ".1"]
    assert above(of([""] * 5, levels=levels)) == ([(), (0,), (1,), (1,), (0,)], [])


def test_parents_by_position_or_part_number() -> None:
    found = above(of(["10", "20", "30"], ["A", "B", "C"], ["", "10", "B"]))
    assert found == ([(), (0,), (1,)], [])


def test_an_assembly_that_is_used_twice_has_its_parts_in_both() -> None:
    found = above(of(["1", "2", "3"], ["A", "A", "C"], ["", "", "A"]))
    assert found == ([(), (), (0, 1)], [])


def test_circles_and_gaps_are_told() -> None:
    assert above(of(["1", "2", "3"], parents=["2", "1", "2"]))[1] == [
        "2 parent: the line is a part of itself, by the parents that lines name"
    ]
    assert above(of(["1", "1.2.1"]))[1] == [
        '3 position: position "1.2.1" has no line "1.2" above it'
    ]
    assert above(of(["", ""], levels=["0", "2"]))[1] == [
        "3 level: level 2 has nothing of level 1 above it"
    ]
    assert above(of(["", ""], levels=["0", "x"]))[1] == ['3 level: "x" is no level']
    assert above(of(["1", "2"], parents=["", "9"]))[1] == [
        '3 parent: no line has the position or part number "9" of its parent'
    ]
    assert above(of(["1", "1.1", "1.1"]))[1] == [
        '4 position: the position "1.1" stands in row 3 already'
    ]


def test_a_long_circle_is_told_once() -> None:
    count = 3_000
    parents = [str((place + 1) % count) for place in range(count)]
    assert len(above(of([*map(str, range(count))], parents=parents))[1]) == 1


def test_without_levels_all_lines_are_parts() -> None:
    found, how = find_above(of(["10", "20"]), lambda *_: None)
    assert (found, how) == ([(), ()], "No column gives levels: all lines are parts of one product.")


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_an_order_follows_what_lines_are_a_part_of(tops: list[int]) -> None:
    lines = [(each,) if each < place else () for place, each in enumerate(tops)]
    order, left = top_down(lines)
    assert not left
    assert sorted(order) == [*range(len(lines))]
    for place, each in enumerate(lines):
        assert all(order.index(one) < order.index(place) for one in each)


def test_parts_are_no_heavier_than_what_they_are_in() -> None:
    def told(mass: float | None, part: float | None) -> str:
        top, magnet = line("rotor", mass=mass), line("magnet", 48, mass=part, above=(0,))
        return parts_too_heavy(Bill("b.csv", "", (replace(top, row=2), magnet)))

    assert told(50, 31.25).startswith("Parts weigh more than what they are in: row 2. ")
    assert {told(1500, 31.25), told(1450, 31.25), told(None, 31.25), told(50, None)} == {""}
