"""The page of a server: the same page as a file, with more to choose from and nothing in it yet."""

from __future__ import annotations

import json
import re
from html import unescape

from monazite.pages.drawing.policy import policy_of
from monazite.pages.explorer.live_page import ASKS, LiveIndex, live_html, waiting_html
from monazite.pages.explorer.page import explorer_html, part_markup
from tests.pages.explorers import parts
from tests.pages.hostile import HOSTILE
from tests.pages.test_any_text import Shape


def index(**more: object) -> LiveIndex:
    told = {
        "first": ("Dy", "USA"),
        "elements": {"Dy": "Dysprosium", "Sc": "Scandium"},
        "markets": {"JPN": "Japan", "USA": "United States"},
        "tiers": ["all", "1"],
        "horizons": {"short-run": "short run", "free": "free"},
        "day": "2026-11-24",
        "data": "Data: all.",
        **more,
    }
    return LiveIndex(**told)  # type: ignore[arg-type]


def test_the_first_view_is_that_of_a_file() -> None:
    held = parts()
    [dysprosium] = [each for each in held.tiers["all"] if each.element == "Dy"]
    file, served = explorer_html(held), live_html(index(), part_markup(dysprosium, "USA"))

    def view(page: str) -> str:
        return page.partition('<div id="view">')[2].partition('<details id="tools"')[0].strip()

    assert view(file) == view(served)
    assert "The United States would lose all" in view(served)


def test_while_nothing_is_worked_out_it_says_so() -> None:
    page = live_html(index())
    assert "This view is being worked out." in page
    assert "Dysprosium for the United States" in page
    [told] = re.findall(r'id="explorer-index">(.*?)</script>', page)
    assert json.loads(told)["drawn"] is False


def test_any_element_is_had_for_any_market_and_more_is_asked() -> None:
    [told] = re.findall(r'id="explorer-index">(.*?)</script>', live_html(index()))
    held = json.loads(told)
    assert held["views"] == {"Dy": ["JPN", "USA"], "Sc": ["JPN", "USA"]}
    page = live_html(index())
    for name in ASKS:
        assert f'id="{name}"' in page
        assert f'id="{name}"' not in explorer_html(parts())


def test_the_usual_horizon_is_no_choice_of_its_own() -> None:
    page = live_html(index())
    select = page.partition('<select id="horizon">')[2].partition("</select>")[0]
    assert re.findall(r'value="([^"]*)">([^<]*)<', select) == [("", "short run"), ("free", "free")]


def test_it_asks_its_server_and_the_file_asks_nobody() -> None:
    assert "connect-src 'self'" in policy_of(live_html(index()))
    assert "connect-src 'none'" in policy_of(explorer_html(parts()))


def test_hostile_labels_are_text() -> None:
    labels = {f"E{number}": text for number, text in enumerate(HOSTILE)}
    hostile = index(first=("E0", "E1"), elements=labels, markets=labels, data=HOSTILE[0])
    page = live_html(hostile)
    assert {*Shape(page).found} == {*Shape(live_html(index())).found}
    assert "<img" not in page.replace("<img ", "", page.count("img-src"))


def test_a_page_that_waits_asks_nobody() -> None:
    page = waiting_html(HOSTILE[1])
    assert "<img" not in page
    assert "connect-src 'none'" in policy_of(page)
    assert unescape(HOSTILE[1]) in unescape(page)
