"""The page: one file, whole without scripts, its policy, its tables, whatever the texts."""

from __future__ import annotations

import json
import re

from monazite.pages.backbone.page import backbone_html
from monazite.safe_text import reveal
from tests.pages.backbones import hostile_backbone, small_backbone, unknown_backbone
from tests.pages.test_any_text import Shape

EVIDENCE = {
    "production/separation-CHN": {
        "text": "t",
        "sources": [
            {"publisher": "P", "title": "T", "published": "2025", "tier": 1, "url": "https://a.org"}
        ],
    }
}


def test_it_holds_headline_cards_sites_tables_and_sources() -> None:
    page = backbone_html(small_backbone(), evidence=EVIDENCE, view={"text": "View: all"})
    assert "<h1><bdi>The United States would lose all" in page
    assert page.count('<div class="tile') == 10
    assert "Mine, other countries: 7 sites on 24 Nov 2026" in page
    assert '<ul class="sites closed"><li><bdi>Old mine</bdi>' in page
    assert "perhaps" in page
    assert '<a href="https://a.org" rel="noopener noreferrer"' in page
    assert "Controls on seven elements" in page
    assert "<p>View: all</p>" in page
    assert "<iframe" not in page
    assert "<title>Dysprosium for the United States</title>" in page
    assert "<title>Mine</title>" in backbone_html(small_backbone(), title="Mine")


def test_all_sites_and_links_open_inside_under_a_policy_of_hashes() -> None:
    inner = '<meta http-equiv="Content-Security-Policy" content="style-src &#39;sha256-a&#39;; script-src &#39;sha256-b&#39;"></script>'  # noqa: E501 - one tag
    page = backbone_html(small_backbone(), network=inner)
    [held] = re.findall(r'id="network-page">(.*?)</script>', page)
    assert json.loads(held) == inner
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert "sha256-a" in policy
    assert "sha256-b" in policy
    assert policy.count("script-src ") == 1
    assert "unsafe" not in policy


def test_where_no_loss_is_known_it_says_what_is_missing_and_what_to_ask() -> None:
    page = backbone_html(unknown_backbone())
    for part in ("What is known", "What is missing", "What to ask for", "No assay gives"):
        assert part in page
    assert "<code>monazite concentration -e Sc</code>" in page


def test_hostile_texts_are_text() -> None:
    page = backbone_html(hostile_backbone(), view={"text": "x"})
    mild = backbone_html(hostile_backbone(tuple(f"x{at}" for at in range(13))), view={"text": "x"})
    found = Shape(page).found
    assert found["script",] == Shape(mild).found["script",] == 1
    assert not [
        each for each in found if {"onerror", "onfocus", "autofocus", "style"} & {*each[1:]}
    ]
    assert reveal(page) == page
    assert backbone_html(hostile_backbone()) == backbone_html(hostile_backbone())
