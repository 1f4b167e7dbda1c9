"""Templates: what is not marked safe is escaped, and a style has both themes."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from monazite.pages.drawing import templates
from monazite.pages.drawing.templates import TEMPLATES, fill_template, page_style, template


def test_a_template_has_the_line_ends_that_a_parser_makes() -> None:
    for each in TEMPLATES.iterdir():
        if each.name.endswith((".css", ".js", ".html", ".jinja")):
            assert "\r" not in template(each.name)


def test_fields_are_escaped_and_filters_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "template", lambda name: "<p>{{ text|twice }}</p>{{ more.x }}")
    filled = fill_template("any", {"text": "<b>", "more": {}}, filters={"twice": lambda t: t * 2})
    assert filled == "<p>&lt;b&gt;&lt;b&gt;</p>"
    with pytest.raises(UndefinedError):
        fill_template("any", {"text": ""}, filters={"twice": str})


def test_a_style_has_both_themes_and_its_own_rules() -> None:
    style = page_style(drawing=".arc{fill:none}")
    assert style.count(":root{") == 3  # light, dark, fonts
    assert ".arc{fill:none}" in style
