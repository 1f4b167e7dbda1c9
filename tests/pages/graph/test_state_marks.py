"""The marks of states: each another shape, inside its radius, hollow by the way it is drawn."""

from __future__ import annotations

import re

import pytest

from monazite.pages.backbone.cards import STATUSES
from monazite.pages.graph.state_marks import state_path

MARKS = [mark for mark, _ in STATUSES]


def rings(path: str) -> list[list[tuple[float, float]]]:
    found = []
    for ring in path.split("Z")[:-1]:
        numbers = [float(each) for each in re.findall(r"-?\d+\.\d+", ring)]
        found.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
    return found


def turn(ring: list[tuple[float, float]]) -> float:
    """Twice the area of a ring, negative where it runs the other way round."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in pairs)


def test_each_state_has_a_shape_of_its_own() -> None:
    assert len({state_path(mark, 6) for mark in MARKS}) == len(MARKS)


@pytest.mark.parametrize("mark", [mark for mark in MARKS if mark != "operating"])
def test_it_stays_inside_its_radius(mark: str) -> None:
    points = [point for ring in rings(state_path(mark, 6)) for point in ring]
    assert points
    assert max(max(abs(x), abs(y)) for x, y in points) <= 6.5


@pytest.mark.parametrize("mark", ["partly", "planned", "suspended", "closed"])
def test_a_hollow_mark_has_its_hole_the_other_way_round(mark: str) -> None:
    outer, hole, *inner = rings(state_path(mark, 6))
    assert turn(outer) > 0 > turn(hole)
    assert len(inner) == {"partly": 1, "planned": 0, "suspended": 3, "closed": 2}[mark]
    left = max(abs(x) for x, _ in hole)
    for ring in inner:
        assert max(max(abs(x), abs(y)) for x, y in ring) <= left + 1
