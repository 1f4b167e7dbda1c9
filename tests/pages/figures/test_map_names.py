"""The names on the map: the largest sites first, none over another, none outside."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from monazite.pages.figures.map_names import FULL, site_names
from tests.pages.drawings import SVG
from tests.pages.figures.test_worldmap import SITE, drawn


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
