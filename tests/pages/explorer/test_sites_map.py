"""The map: a mark for each site where it stands, told by its state, names where they have room."""

from __future__ import annotations

import re

from monazite.pages.explorer.sites_map import HIGH, WIDE, land_path, site_marks
from tests.pages.explorers import mapped

PLACE = re.compile(r'data-card="facility/([^"]*)" transform="translate\(([-\d.]+) ([-\d.]+)\)"')


def places(markup: str) -> dict[str, tuple[float, float]]:
    return {name: (float(x), float(y)) for name, x, y in PLACE.findall(markup)}


def test_sites_stand_where_they_lie() -> None:
    where = {"north": (60.0, 20.0), "south": (-30.0, 20.0), "east": (60.0, 120.0)}
    found = places(site_marks(mapped(name, "operating", at) for name, at in where.items()))
    assert found["north"][1] < found["south"][1]
    assert found["north"][0] < found["east"][0]
    assert all(-8 <= x <= WIDE and -8 <= y <= HIGH for x, y in found.values())


def test_sites_at_one_spot_stand_side_by_side() -> None:
    spot = (10.0, 10.0)
    found = places(site_marks([mapped(name, "operating", spot) for name in "abcdef"]))
    assert len({*found.values()}) == 6


def test_a_site_at_two_stages_has_the_mark_of_the_livelier_one() -> None:
    both = [mapped("a", "closed", (10.0, 10.0)), mapped("a", "operating", (10.0, 10.0))]
    markup = site_marks(both)
    assert markup.count('<g class="site"') == 1
    assert 'class="solid"' in markup
    assert "A, Land: operating" in markup


def test_a_name_is_written_only_where_it_hides_no_other() -> None:
    crowd = [mapped(f"n{number}", "operating", (10.0, 10.0), "A long name") for number in range(9)]
    assert 0 < site_marks(crowd).count('<text class="label') < 9


def test_land_is_one_path_within_the_map() -> None:
    numbers = [float(each) for each in re.findall(r"-?\d+", land_path())]
    assert land_path().startswith("M")
    assert max(numbers[1::2]) <= HIGH + 5
