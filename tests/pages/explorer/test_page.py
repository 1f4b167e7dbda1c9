"""The page: whole without script, all other views in its blocks, its policy, whatever the texts."""

from __future__ import annotations

import json
import re
from typing import Any

from monazite.pages.explorer.page import explorer_html
from monazite.pages.explorer.pieces import unpacked
from monazite.safe_text import reveal
from tests.pages.explorers import hostile_parts, parts
from tests.pages.test_any_text import Shape

BLOCK = re.compile(r'<script type="text/plain" id="explorer-([a-z0-9]+)">([^<]*)</script>')


def blocks(page: str) -> dict[str, Any]:
    return {name: unpacked(text) for name, text in BLOCK.findall(page)}


def joined(block: Any, group: str, name: str) -> str:
    return "".join(block["pieces"][number] for number in block[group][name])


def test_the_first_view_is_in_the_page_and_the_others_in_its_blocks() -> None:
    page = explorer_html(parts())
    shown = BLOCK.sub("", page)
    assert "The United States would lose all of its heavy magnets" in shown
    assert "Japan would lose half" not in shown
    held = blocks(page)
    assert [*held] == ["all", "1", "cards", "names"]
    assert "Japan would lose half" in joined(held["all"], "views", "Dy/JPN")
    assert "not known" in joined(held["1"], "views", "Dy/USA")
    assert "Not known." in joined(held["1"], "views", "Sc/USA")
    assert "Lovozero" in joined(held["all"], "behind", "Sc/USA")
    assert "Lovozero mine" in joined(held["cards"], "cards", "facility/Lovozero")
    assert ["source/paper", "Notice 18", "A ministry"] in held["names"]


def test_the_first_view_is_the_same_in_the_page_and_in_its_block() -> None:
    page = explorer_html(parts())
    block = blocks(page)["all"]
    for group, name in (
        ("views", "Dy/USA"),
        ("behind", "Dy/USA"),
        ("marks", "Dy"),
        ("lanes", "Dy"),
    ):
        assert joined(block, group, name) in page


def test_the_script_knows_what_there_is() -> None:
    [text] = re.findall(r'id="explorer-index">(.*?)</script>', explorer_html(parts()))
    index = json.loads(text)
    assert index["views"] == {"Dy": ["USA", "JPN"], "Sc": ["USA"]}
    assert index["tiers"] == ["all", "1"]
    assert index["labels"]["USA"] == "the United States"


def test_its_policy_names_all_it_runs_by_hash_and_nothing_else() -> None:
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', explorer_html(parts()))
    assert policy.startswith("default-src &#39;none&#39;; script-src ")
    assert policy.count("sha256-") == 5
    assert "unsafe" not in policy


def test_the_same_parts_give_the_same_bytes() -> None:
    assert explorer_html(parts()) == explorer_html(parts())


def test_hostile_texts_are_text() -> None:
    page = explorer_html(hostile_parts())
    tame = explorer_html(parts())
    assert {*Shape(page).found} - {*Shape(tame).found} <= {
        ("tspan", "class", "dx"),
        ("br",),
        *(each for each in Shape(page).found if each[0] in {"path", "rect", "circle", "ul", "ol"}),
    }
    everything = page + json.dumps(blocks(page), ensure_ascii=False)
    assert reveal(everything) == everything
    markup = page + "".join(
        text for each in ("all", "cards") for text in blocks(page)[each]["pieces"]
    )
    assert "<img" not in markup
    assert "<script>window" not in markup
