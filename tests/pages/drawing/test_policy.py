"""The policy of a page names its style and scripts by their hash and lets nothing else in."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from monazite.pages.drawing.policy import framing_policy, page_policy


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def rules(policy: str) -> dict[str, list[str]]:
    parts = [rule.split() for rule in policy.split("; ")]
    assert len({part[0] for part in parts}) == len(parts)
    return {name: allowed for name, *allowed in parts}


def test_a_page_without_scripts_can_run_none() -> None:
    found = rules(page_policy("p{}"))
    assert "script-src" not in found
    assert found["default-src"] == found["base-uri"] == found["form-action"] == ["'none'"]
    assert found["style-src"] == [hashed("p{}")]


def test_each_script_is_named_and_none_may_connect() -> None:
    found = rules(page_policy("p{}", ["f()", "镝()"]))
    assert found["script-src"] == [hashed("f()"), hashed("镝()")]
    assert found["connect-src"] == ["'none'"]
    assert "unsafe" not in page_policy("p{}", ["f()"])


def test_a_page_with_another_in_a_frame_allows_what_that_has() -> None:
    inner = page_policy("i{}", ["f()"])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(inner)}">'
    found = rules(framing_policy("o{}", meta))
    assert found["style-src"] == [hashed("i{}"), hashed("o{}")]
    assert found["script-src"] == [hashed("f()")]
    assert found["font-src"] == ["data:"]
    assert found["default-src"] == ["'none'"]


def test_without_a_frame_nothing_runs() -> None:
    found = rules(framing_policy("o{}", ""))
    assert "script-src" not in found
    assert found["font-src"] == ["data:"]
