"""The map: a mark for each site of the stage and on it, hollow where it does not run."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.plants.mapped_sites import MappedSite, MappedSites
from monazite.pages.drawing.plotting import Drawing
from monazite.pages.figures.figure import Figure
from monazite.pages.figures.worldmap import map_drawing
from tests.pages.drawings import middle, part

SITE = MappedSite(
    "weld", "Mt Weld", "mine", "Australia", -28.9, 122.5, "site", "operating", ("coordinates/a",)
)
LABELS = {"mine": "Mine", "separation": "Separation"}


def drawn(*sites: MappedSite, missing: tuple[tuple[str, str], ...] = ()) -> Drawing:
    return map_drawing(MappedSites(sites, missing), LABELS, "2026-11-24", 760)


def test_south_is_below_north_and_west_left_of_east() -> None:
    pass_ = replace(SITE, facility="pass", latitude=35.5, longitude=-115.5)
    figure = Figure("map", drawn(SITE, pass_))
    south, north = (middle(part(figure, f"map-spot-mine-{name}")) for name in ("weld", "pass"))
    assert south[0] > north[0]
    assert south[1] > north[1]


def test_sites_of_one_spot_stand_side_by_side() -> None:
    figure = Figure("map", drawn(SITE, replace(SITE, stage="separation")))
    mine, plant = (middle(part(figure, f"map-spot-{x}-weld")) for x in ("mine", "separation"))
    assert plant[0] - mine[0] > 3


def test_what_does_not_run_is_hollow() -> None:
    assert not replace(SITE, state="closed").runs
    runs, closed = drawn(SITE).svg(), drawn(replace(SITE, state="closed")).svg()
    assert runs != closed


def test_the_words_count_what_runs_and_what_has_no_place() -> None:
    closed = replace(SITE, facility="other", state="closed")
    drawing = drawn(SITE, closed, missing=(("nowhere", "Brazil"),))
    told = f"{drawing.title} {drawing.alt}"
    assert "Australia" in told
    assert "2026-11-24" in told or "2026" in told
    assert drawn(SITE).alt != drawing.alt


def test_a_map_of_nothing_is_drawn_all_the_same() -> None:
    assert "map-spot-" not in drawn().svg()
