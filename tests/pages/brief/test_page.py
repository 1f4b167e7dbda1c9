"""The page of a brief: strict, safe against any text, whole in its links, and the same twice."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from monazite.errors import UnreadableError
from monazite.findings.brief.document import Brief
from monazite.pages.brief.house_style import HouseStyle
from monazite.pages.brief.page import Extras, brief_dict, brief_html, print_html
from monazite.pages.brief.seal import FORMAT, open_page, seal_page
from monazite.pages.brief.shown import shown_text
from monazite.pages.brief.verification import not_shown
from tests.pages.briefs import hostile_brief, pictures, small_brief


class _Page(HTMLParser):
    """What a page holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def policy(page: _Page) -> str:
    found = [x for x in page.all("meta") if x.get("http-equiv") == "Content-Security-Policy"]
    assert len(found) == 1
    return str(found[0]["content"])


@pytest.mark.parametrize("brief", [small_brief(), hostile_brief()], ids=["small", "hostile"])
def test_the_page_runs_nothing_and_loads_nothing(brief: Brief) -> None:
    page = _Page(brief_html(brief, Extras(pictures())))
    assert not page.all("script")
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
    for attributes in (*page.all("a"), *page.all("link"), *page.all("img")):
        address = str(attributes.get("href") or attributes.get("src"))
        assert re.match(r"#|data:|https?://", address), address
    assert "default-src 'none'" in policy(page)
    assert "unsafe" not in policy(page)


@pytest.mark.parametrize("brief", [small_brief(), hostile_brief()], ids=["small", "hostile"])
def test_every_anchor_leads_somewhere_and_no_id_stands_twice(brief: Brief) -> None:
    page = _Page(brief_html(brief, Extras(pictures())))
    ids = [str(attributes["id"]) for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    aims = {str(x["href"])[1:] for x in page.all("a") if str(x["href"]).startswith("#")}
    aims |= {str(x["aria-labelledby"]) for _, x in page.tags if x.get("aria-labelledby")}
    assert aims <= set(ids)
    assert {"source-1", "made"} <= aims


@pytest.mark.parametrize("brief", [small_brief(), hostile_brief()], ids=["small", "hostile"])
def test_the_page_shows_all_that_its_record_says(brief: Brief) -> None:
    page = seal_page(brief_html(brief, Extras(pictures())), {"format": FORMAT}, "")
    assert not_shown(brief_dict(brief), shown_text(open_page(page, "a page").page)) == []


def test_the_policy_names_the_style_and_what_the_network_may_run() -> None:
    graph = (
        '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; '
        "script-src &#39;sha256-A=&#39; &#39;sha256-B=&#39;; style-src &#39;sha256-C=&#39;; "
        'img-src data:"><script>1</script>'
    )
    text = brief_html(small_brief(), Extras(graph=graph))
    page = _Page(text)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    said = policy(page)
    assert f"style-src 'sha256-C=' 'sha256-{digest}'" in said
    assert "script-src 'sha256-A=' 'sha256-B='" in said
    (frame,) = page.all("iframe")
    assert frame["srcdoc"] == graph
    assert "allow-same-origin" not in str(frame["sandbox"])


def test_the_same_brief_gives_the_same_bytes() -> None:
    assert brief_html(small_brief(), Extras(pictures())) == brief_html(
        small_brief(), Extras(pictures())
    )


def test_footnotes_are_runs_that_lead_to_the_first_source() -> None:
    text = brief_html(small_brief())
    assert '<a href="#source-1" aria-label="sources 1 to 3">1–3</a>' in text
    assert '<a href="#source-3" aria-label="source 3">3</a>' in text


def test_an_address_that_is_none_is_text() -> None:
    text = brief_html(small_brief())
    assert 'href="javascript' not in text
    assert "javascript:alert(1)" in text


def test_paper_has_no_frame_and_plain_colours() -> None:
    text = print_html(small_brief(), Extras(pictures(), graph="<p>live</p>"))
    assert "<iframe" not in text
    assert "var(--paper)" in text
    assert "prefers-color-scheme:dark){:root{--paper" not in text


def test_a_house_changes_blocks_and_colours() -> None:
    house = HouseStyle(
        template='{% extends "default/brief.html" %}{% block foot %}<p>Ours</p>{% endblock %}',
        css="h1{color:#123456}",
        logo="data:image/png;base64,AA==",
    )
    text = brief_html(small_brief(), Extras(house=house))
    assert "<p>Ours</p>" in text
    assert "h1{color:#123456}</style>" in text
    assert 'class="logo" src="data:image/png;base64,AA=="' in text
    assert "CC BY 4.0" not in text


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ page.titel }}", "asks for what a brief has not"),
        ("{{ pge }}", "asks for what a brief has not"),
        ("{% for %}", "is no Jinja template, line 1"),
        ('{% include "/etc/passwd" %}', "is no Jinja template"),
        ("{{ page.__class__.__mro__ }}", "does what no template may"),
        ("{{ page.parts[0].pop('id') }}", "does what no template may"),
        ("{{ 1 / 0 }}", "fails: division by zero"),
        ("{{ page.title + 1 }}", "fails"),
    ],
)
def test_a_faulty_template_is_told_in_a_sentence(template: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said) as told:
        brief_html(small_brief(), Extras(house=HouseStyle(template=template)))
    assert "\n" not in str(told.value)


def test_a_template_cannot_leave_marks_unescaped() -> None:
    brief = replace(small_brief(), title="<b>bold</b>")
    text = brief_html(brief, Extras(house=HouseStyle(template="<p>{{ page.title }}</p>")))
    assert text == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"
