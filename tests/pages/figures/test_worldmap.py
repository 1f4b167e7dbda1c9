"""The map: a mark for each site, its state by shape and its tonnes by area, the top ones named."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from monazite.findings.plants.mapped_sites import MappedFlow, MappedSite, MappedSites
from monazite.pages.drawing.palette import DARK, LIGHT
from monazite.pages.figures.figure import Figure
from monazite.pages.figures.map_names import FULL, SMALLEST, UNKNOWN, half_side
from monazite.pages.figures.worldmap import MapFigure, map_drawing
from tests.pages.drawings import SVG, across, middle, part

SITE = MappedSite(
    *("weld", "Mt Weld", "mine", "Australia", -28.9, 122.5, "site", "operating"),
    ("coordinates/a",),
    *(FULL, "60,000 t a year"),
)
LABELS = {"mine": "Mine", "separation": "Separation"}


def drawn(*sites: MappedSite, missing: tuple[tuple[str, str], ...] = ()) -> MapFigure:
    return map_drawing(MappedSites(sites, missing, "Dysprosium"), LABELS, "2026-11-24", 1096)


def texts(figure: MapFigure, look: str) -> list[str]:
    root = ElementTree.fromstring(figure.svg())
    return [x.text or "" for x in root.iter(f"{SVG}text") if look in x.get("class", "").split()]


def test_an_element_without_sites_has_no_empty_panels() -> None:
    assert drawn().svg().count('class="sea"') == 1
    assert texts(drawn(), "region") == []
    here = [replace(SITE, facility=f"s{n}", latitude=48.0, longitude=2.0 + n) for n in range(3)]
    assert texts(drawn(*here), "region") == ["Europe"]


def test_names_are_whole() -> None:
    long = replace(SITE, label="Kvanefjeld Kuannersuit uranium and rare earth project")
    names = texts(drawn(long), "name")
    assert " ".join(names) == "Kvanefjeld Kuannersuit uranium"
    assert not any("\u2026" in name for name in names)


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


@pytest.mark.parametrize(
    ("state", "inside"),
    [
        ("operating", {"solid"}),
        ("partly operating", {"back", "hollow", "solid"}),
        ("planned", {"back", "hollow"}),
        ("under construction", {"back", "hollow"}),
        ("suspended", {"back", "hollow", "stripe"}),
        ("closed", {"back", "gone"}),
        ("not known", {"back", "dots"}),
    ],
)
def test_the_shape_tells_the_state(state: str, inside: set[str]) -> None:
    root = ElementTree.fromstring(drawn(replace(SITE, state=state)).svg())
    spot = next(each for each in root.iter() if each.get("id") == "map-spot-mine-weld")
    assert {each.get("class") for each in spot if each.tag != f"{SVG}title"} == inside


def test_only_the_name_of_a_closed_site_is_struck() -> None:
    assert texts(drawn(SITE), "name") == ["Mt Weld"]
    assert texts(drawn(SITE), "struck") == []
    assert texts(drawn(replace(SITE, state="closed")), "struck") == ["Mt Weld"]
    assert 'class="strike"' in drawn(replace(SITE, state="closed")).svg()


def test_area_follows_the_tonnes_and_a_size_that_is_not_known_is_fixed() -> None:
    quarter = replace(SITE, facility="quarter", latitude=-10.0, tonnes=FULL / 4)
    unknown = replace(SITE, facility="unknown", latitude=0.0, tonnes=None, measure="")
    figure = drawn(SITE, quarter, unknown)
    sides = [across(part(figure, f"map-spot-mine-{x}")) for x in ("weld", "quarter", "unknown")]
    assert sides[0] == pytest.approx(2 * sides[1], abs=0.1)
    assert sides[2] == pytest.approx(2 * UNKNOWN, abs=0.1)
    assert half_side(0.001) == SMALLEST
    assert "this small: size not known" in texts(figure, "key")
    assert "this small: size not known" not in texts(drawn(SITE), "key")


def test_flows_run_from_seller_to_buyer_only_where_asked_for() -> None:
    sold = MappedFlow("A", "B", (120.0, -20.0), (-100.0, 40.0), 0.25, "A to B, mine", ("baci/a",))
    assert 'class="trade"' not in drawn(SITE).svg()
    with_flows = replace(drawn(SITE), sites=replace(drawn(SITE).sites, flows=(sold,), unplaced=3))
    root = ElementTree.fromstring(with_flows.svg())
    (trade,) = (each for each in root.iter(f"{SVG}g") if each.get("class") == "trade")
    assert [title.text for title in trade.iter(f"{SVG}title")] == ["A to B, mine"]
    assert "Flows: 1 of 4" in " ".join(texts(with_flows, "note"))
    assert "A to B, mine" in with_flows.alt


def test_it_has_a_frame_and_a_dark_form() -> None:
    figure = replace(drawn(SITE), source="Sources: A survey. Release of 24 Nov 2026.")
    assert texts(figure, "credit") == ["Sources: A survey. Release of 24 Nov 2026."]
    assert " ".join(texts(figure, "headline")) == figure.title
    assert LIGHT["paper"] in figure.svg("light")
    assert DARK["paper"] in figure.svg("dark")
    assert "prefers-color-scheme:dark" in figure.svg()
    paper = tuple(int(DARK["paper"][place : place + 2], 16) for place in (1, 3, 5))
    assert figure.pixels(48, "dark").getpixel((2, 2)) == paper


def test_a_map_of_nothing_is_drawn_all_the_same() -> None:
    assert "map-spot-" not in drawn().svg()
