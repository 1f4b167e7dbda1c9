"""The policy of a page: what it allows is named by its hash, the rest is forbidden."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from monazite.pages.drawing.policy import framing_policy, page_policy


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def rules(policy: str) -> dict[str, str]:
    return {name: said for name, _, said in (rule.partition(" ") for rule in policy.split("; "))}


def test_a_page_without_scripts_can_run_none() -> None:
    found = rules(page_policy("p{}"))
    assert found["default-src"] == "'none'"
    assert found["style-src"] == hashed("p{}")
    assert "script-src" not in found  # default-src is in its place
    assert "unsafe" not in page_policy("p{}", ["f()"])


def test_each_script_is_named() -> None:
    found = rules(page_policy("", ["f()", "g()"]))
    assert found["script-src"] == f"{hashed('f()')} {hashed('g()')}"
    assert found["connect-src"] == "'none'"


def test_what_a_framed_page_runs_is_allowed_by_both() -> None:
    inner = escape(page_policy("i{}", ["f()"]))
    page = f'<meta http-equiv="Content-Security-Policy" content="{inner}">'
    found = rules(framing_policy("o{}", page))
    assert found["style-src"].split() == [hashed("i{}"), hashed("o{}")]
    assert found["script-src"] == hashed("f()")
    assert "script-src" not in rules(framing_policy("o{}", ""))
