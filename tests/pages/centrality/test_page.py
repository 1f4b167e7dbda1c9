"""The page of a measured graph: one file, a strict policy, the picture and both tables."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from monazite.pages.centrality.page import centrality_html
from tests.conftest import view_in_memory
from tests.pages.elements import Reader
from tests.pages.hostile import HOSTILE
from tests.pages.measured import hostile_centrality, small_centrality


def test_the_policy_allows_the_one_style_and_nothing_else() -> None:
    page = centrality_html(small_centrality())
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(m["content"] for m in Reader(page).all("meta") if "http-equiv" in m)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script" not in policy


def test_nothing_in_it_reaches_out() -> None:
    reader = Reader(centrality_html(small_centrality()))
    assert {"script", "img", "iframe", "object"} & {tag for tag, _ in reader.elements} == set()
    assert [link["href"] for link in reader.all("link")] == ["data:,"]


def test_picture_sentences_and_tables_stand_on_it() -> None:
    found = small_centrality()
    page = centrality_html(found, "View: all rows")
    assert "<h1><bdi>Dysprosium for the United States: centrality of flows, 2024</bdi></h1>" in page
    assert page.count("<svg ") == 1
    assert page.count("<table>") == 2
    assert all(said in page for said in found.said)
    assert "View: all rows" in page


def test_each_kind_of_graph_says_what_its_links_are() -> None:
    assert "as wide as the tonnes they carry" in centrality_html(small_centrality())
    for kind, said in (
        ("firms", "as how many records say so"),
        ("policy", "how many are in force"),
    ):
        found = view_in_memory().centrality("Dy", "USA", kind=kind)
        page = centrality_html(found)
        assert said in page
        assert "stay in a country" not in page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    reader = Reader(centrality_html(hostile_centrality(text), text))
    assert not {"script", "img"} & {tag for tag, _ in reader.elements}
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on")]
