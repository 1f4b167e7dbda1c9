"""Templates: all are read, and what is not marked safe is escaped."""

from __future__ import annotations

import pytest

from monazite.pages.drawing import templates
from monazite.pages.drawing.templates import TEMPLATES, fill_template, page_style, template

NAMES = sorted(each.name for each in TEMPLATES.iterdir() if each.is_file())


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_the_line_ends_of_an_html_parser(name: str) -> None:
    assert template(name).strip()
    assert "\r" not in template(name)


def test_what_is_not_marked_safe_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "{% if a %}\n<p title='{{ a }}'>{{ a|loud }}</p>\n{% endif %}\n"
    monkeypatch.setattr(templates, "template", lambda _: text)
    filters = {"loud": str.upper}
    shown = fill_template("x", {"a": "<b>'"}, filters=filters, trimmed=True)
    assert shown == "<p title='&lt;b&gt;&#39;'>&lt;B&gt;&#39;</p>\n"
    assert fill_template("x", {"a": ""}, filters=filters) == ""
    assert fill_template("x", {"a": "b"}, filters=filters).startswith("\n<p")


@pytest.mark.parametrize("trimmed", [True, False])
def test_templates_take_in_the_head_that_they_share(
    monkeypatch: pytest.MonkeyPatch, *, trimmed: bool
) -> None:
    held = {
        "a.html": '{% set title = "A <" %}{% include "head.html" +%}\n</head>\n',
        "b.html": '{% set title = "B" %}{% set about = "C" %}{% include "head.html" +%}\n</head>\n',
        "head.html": template("head.html"),
    }
    monkeypatch.setattr(templates, "template", held.__getitem__)
    fields = {"page": {"policy": "default-src 'none'", "style": "a>b{}"}}
    plain, told = (
        templates._environment(trimmed=trimmed).get_template(name).render(**fields)
        for name in ("a.html", "b.html")
    )
    assert plain.startswith('<!doctype html>\n<html lang="en">\n<head>\n')
    assert "default-src &#39;none&#39;" in plain
    assert "<title>A &lt;</title>" in plain
    assert plain.endswith("<style>a>b{}</style>\n</head>")
    about = '<meta name="description" content="C">\n'
    assert told.replace(about, "").replace("B</", "A &lt;</") == plain


def test_a_style_has_both_themes_then_the_drawing_then_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(templates, "template", lambda name: f"/*{name}*/")
    style = page_style("a", "b", drawing=".d{}")
    assert "prefers-color-scheme:dark" in style.partition(".d{}")[0]
    assert style.endswith("/*a*//*b*/")
