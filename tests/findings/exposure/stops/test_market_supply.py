"""Who supplies a market, by parts made up, and the losses that the report gives for the largest."""

from __future__ import annotations

from monazite.findings.exposure.stops.market_supply import element_supply
from tests.conftest import view_in_memory


def test_the_largest_country_of_each_stage_with_its_loss() -> None:
    view = view_in_memory()
    report = view.chokepoints("Dy", "EUE")
    parts = {
        "magnet": {"CHN": 0.7, "JPN": 0.3},
        "mine": {"ROW": 0.5, "MMR": 0.3, "": 0.2},
    }
    found = element_supply(report, ["Dy"], parts, str.lower)
    assert [each.stage for each in found.stages] == ["mine", "magnet"]
    mine, magnet = found.stages
    # The rest of the world is no country that could stop, and what nobody accounts for is left out.
    assert (mine.largest, mine.failure) == ("mmr", "mine/MMR")
    assert dict(mine.shares) == {"row": 0.5, "mmr": 0.3}
    line = next(each for each in report.chokepoints if each.id == "magnet/CHN")
    assert (magnet.loss, magnet.low, magnet.high) == (line.loss, line.loss_low, line.loss_high)
    assert magnet.home_first == line.home_first
    assert not magnet.of_world


def test_shares_of_the_world_where_no_use_is_known() -> None:
    report = view_in_memory().chokepoints("Sm", "EUE")
    found = element_supply(report, ["Sm"], {}, str.lower)
    assert found.missing.startswith("We found no figures for who uses magnets with Samarium")
    assert {each.of_world for each in found.stages} == {True}
    separation = next(each for each in found.stages if each.stage == "separation")
    assert (separation.largest, separation.country, separation.loss) == ("China", "CHN", None)
