"""The page to ask on: its questions as forms, its policy, and whatever the texts."""

from __future__ import annotations

import json
import re

from monazite.pages.asking.page import AskedField, PageQuestion, asking_html
from monazite.pages.drawing.policy import policy_of
from tests.pages.hostile import HOSTILE
from tests.pages.test_any_text import Shape


def question(text: str = "Who owns it?", name: str = "owners") -> PageQuestion:
    field = AskedField("entity", text, optional=False, about=text)
    return PageQuestion(name, text, text, text, text, (field,))


def page(text: str = "Who owns it?") -> str:
    return asking_html([question(text)], [question(text, "01")], {"mz": "https://a.org/ns#"})


def test_questions_are_listed_by_group_and_held_as_forms() -> None:
    html = asking_html(
        [
            PageQuestion("a", "First?", "ASK {}", "supply"),
            PageQuestion("b", "Second?", "ASK {}", "time"),
        ],
        [PageQuestion("01", "Third?", "ASK { ?a ?b ?c }")],
        {},
    )
    assert re.findall(r'<optgroup label="(\w+)">', html) == ["Supply", "Time"]
    [text] = re.findall(r'id="index">(.*?)</script>', html)
    held = json.loads(text)
    assert [*held["questions"]] == ["a", "b"]
    assert held["examples"] == {"01": "ASK { ?a ?b ?c }"}


def test_its_scripts_are_named_by_their_hash_and_ask_its_server() -> None:
    policy = policy_of(page())
    assert policy.count("sha256-") == 4
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy


def test_every_field_has_a_label() -> None:
    html = page()
    labelled = {*re.findall(r'<label for="([^"]+)"', html)}
    assert {"question", "example", "text"} <= labelled


def test_hostile_texts_are_text() -> None:
    tame = {*Shape(page()).found}
    for text in HOSTILE:
        html = page(text)
        assert {*Shape(html).found} == tame
        assert "</script><script>window" not in html
