"""Parts of the world in their boxes: where points stand, and the land that is seen."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from monazite.pages.figures.map_view import REGIONS, land_paths, region_views, world_view
from monazite.pages.figures.projection import MIDDLE

EVERYWHERE = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for _, box in REGIONS]


def test_a_region_without_sites_is_not_drawn() -> None:
    assert region_views(1000, 400, ()) == []
    (europe,) = region_views(1000, 400, [*EVERYWHERE[1:2] * 2, EVERYWHERE[0]], 2)
    assert europe.name == "Europe"
    assert europe.place[2] <= 500


def test_the_middle_meridian_stands_in_the_middle_and_north_is_up() -> None:
    view = world_view(1000)
    assert view.at(MIDDLE, 10)[0] == pytest.approx(500, abs=0.01)
    assert view.at(MIDDLE, 50)[1] < view.at(MIDDLE, 10)[1]
    assert view.at(-60, 0)[0] < view.at(60, 0)[0]


def test_regions_stand_side_by_side_and_hold_their_own_middle() -> None:
    views = region_views(1000, 400, EVERYWHERE)
    assert [view.name for view in views] == [name for name, _ in REGIONS]
    for view, (_, (west, south, east, north)) in zip(views, REGIONS, strict=True):
        assert view.shows(view.at((west + east) / 2, (south + north) / 2))
        assert not view.shows(view.at(-150.0, -40.0))
    ends = [(view.place[0], view.place[0] + view.place[2]) for view in views]
    assert all(left[1] < right[0] for left, right in pairwise(ends))
    assert ends[-1][1] == pytest.approx(1000)


def test_a_region_draws_less_land_than_the_world() -> None:
    world, *_ = land_paths(world_view(1000))
    europe, borders = land_paths(region_views(1000, 400, EVERYWHERE)[1])
    assert 0 < europe.count("M") < world.count("M")
    assert re.fullmatch(r"(?:M[\d. L-]+Z)+", europe)
    assert borders.startswith("M")
