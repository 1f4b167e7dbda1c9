"""The map: projection, parts of the world, marks by state and tonnes, names that have room."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from monazite.model.facilities.mapped_sites import MappedFlow, MappedSite, MappedSites
from monazite.report.drawing.plotting import DrawnFigure
from monazite.report.figures.figure import Figure
from monazite.report.figures.sites_map import (
    FULL,
    MIDDLE,
    REGIONS,
    SMALLEST,
    UNKNOWN,
    half_side,
    map_drawing,
    map_title,
    own_name,
    project,
    read_world,
    region_views,
    site_names,
    site_words,
    world_view,
)
from tests.report.drawings import SVG, across, middle, part

SITE = MappedSite(
    *("weld", "Mt Weld", "mine", "Australia", -28.9, 122.5, "site", "operating"),
    ("coordinates/a",),
    *(FULL, "60,000 t a year"),
)

LABELS = {"mine": "Mine", "separation": "Separation"}


def drawn(*sites: MappedSite, missing: tuple[tuple[str, str], ...] = ()) -> DrawnFigure:
    return map_drawing(MappedSites(sites, missing, "Dysprosium"), LABELS, "2026-11-24", 1096)


def texts(figure: DrawnFigure, look: str) -> list[str]:
    root = ElementTree.fromstring(figure.svg())
    return [x.text or "" for x in root.iter(f"{SVG}text") if look in x.get("class", "").split()]


def test_an_element_without_sites_has_no_empty_panels() -> None:
    assert drawn().svg().count('class="sea"') == 1
    assert texts(drawn(), "region") == []
    here = [replace(SITE, facility=f"s{n}", latitude=48.0, longitude=2.0 + n) for n in range(3)]
    assert texts(drawn(*here), "region") == ["Europe"]


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
    sites = MappedSites((SITE,), (), "Dysprosium", flows=(sold,), unplaced=3)
    with_flows = map_drawing(sites, LABELS, "2026-11-24", 1096)
    root = ElementTree.fromstring(with_flows.svg())
    (trade,) = (each for each in root.iter(f"{SVG}g") if each.get("class") == "trade")
    assert [title.text for title in trade.iter(f"{SVG}title")] == ["A to B, mine"]
    assert "Flows: 1 of 4" in " ".join(texts(with_flows, "note"))
    assert "A to B, mine" in with_flows.alt


def test_the_top_sites_are_named_and_no_name_covers_another() -> None:
    many = [
        replace(SITE, facility=f"s{n}", label=f"Site {n}", latitude=-28.9 + n / 50, tonnes=n + 1.0)
        for n in range(40)
    ]
    root = ElementTree.fromstring(drawn(*many).svg())
    names = [x for x in root.iter(f"{SVG}text") if x.get("class") == "name"]
    assert 1 <= len(names) <= 18
    assert names[0].text == "Site 39"
    lows = sorted(float(name.get("y", 0)) for name in names)
    assert len(set(lows)) == len(lows)


def test_a_name_has_more_lines_where_there_is_little_room_and_leaves_no_box() -> None:
    long = replace(SITE, label="Great Northern Lights of Boulder separation plant", tonnes=FULL)
    (wide,) = site_names([(long, (20.0, 50.0))], [], (0.0, 0.0, 400.0, 100.0), 5)
    (narrow,) = site_names([(long, (20.0, 50.0))], [], (0.0, 0.0, 130.0, 100.0), 5)
    lines = [re.findall("<text[^>]*>([^<]*)<", text) for text in (wide, narrow)]
    assert len(lines[0]) < len(lines[1])
    assert {" ".join(each) for each in lines} == {"Great Northern Lights of Boulder"}
    assert site_names([(long, (5.0, 5.0))], [], (0.0, 0.0, 20.0, 20.0), 5) == []
    everywhere = [(0.0, 0.0, 400.0, 100.0)]
    assert site_names([(long, (20.0, 50.0))], everywhere, (0.0, 0.0, 400.0, 100.0), 5) == []


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


def test_a_site_says_where_it_is_what_it_does_and_how_much() -> None:
    assert site_words(SITE, LABELS) == (
        "Mt Weld, Australia: Mine, operating, 60,000 t a year (point: site)"
    )
    assert "tonnes not known" in site_words(replace(SITE, measure=""), LABELS)


def test_no_site_of_an_element_is_said() -> None:
    none = MappedSites((), (), "Scandium", others=168)
    assert map_title(none, "2026-11-24") == (
        "No record places a mine or plant of scandium that runs in 2026"
    )
    told = map_drawing(none, LABELS, "2026-11-24", 1096).alt
    assert "168 other sites of rare earths: no record speaks of scandium there." in told


def test_the_title_counts_the_market_that_was_asked_for() -> None:
    sites = tuple(
        replace(SITE, facility=f"s{n}", country=land)
        for n, land in enumerate(("United States", "United States", "France", "Estonia"))
    )
    told = MappedSites(sites, (), "Dysprosium")
    whole = "4 of 4 mines and plants of dysprosium on the map are recorded as running in 2026, "
    day = "2026-11-24"
    assert map_title(told, day) == f"{whole}2 of them in the United States"
    union = replace(told, market="European Union", home=frozenset({"France", "Estonia", "Spain"}))
    assert map_title(union, day) == f"{whole}2 of them in the European Union"
    japan = replace(told, market="Japan", home=frozenset({"Japan"}))
    assert map_title(japan, day) == f"{whole}none of them in Japan"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Bayan Obo mine", "Bayan Obo"),
        ("Eneabba rare earths refinery", "Eneabba"),
        ("Rare Element Resources plant", "Rare Element Resources"),
        ("mine", "mine"),
        ("(a) plant", "(a) plant"),
    ],
)
def test_the_own_name(label: str, name: str) -> None:
    assert own_name(label).strip() in {name, "plant"}


def test_the_projection_keeps_areas() -> None:
    """A cell of a degree has, on the sphere of radius 1, the area that its sine gives."""
    from math import radians, sin

    for south in (-50.0, 0.0, 30.0, 70.0):
        ring = [(11.0, south), (12.0, south), (12.0, south + 1), (11.0, south + 1)]
        flat = [project(*each) for each in ring]
        area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*flat, flat[0]]))) / 2
        true = radians(1) * (sin(radians(south + 1)) - sin(radians(south)))
        assert area == pytest.approx(true, rel=1e-3)


def test_the_land_is_where_it_should_be() -> None:
    def inside(longitude: float, latitude: float) -> bool:
        odd = False
        for ring in read_world().land:
            for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
                if (y1 > latitude) != (y2 > latitude):
                    odd ^= longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
        return odd

    land = [(109.97, 41.78), (-115.5, 35.5), (122.5, -28.9), (178.5, 67.0), (185.0, 67.0)]
    assert all(inside(*place) for place in land)  # Bayan Obo, Mountain Pass, Mt Weld, Chukotka
    assert not any(inside(*place) for place in [(-30.0, 30.0), (-140.0, 0.0), (51.0, 42.0)])
