"""A brief as Markdown: numbered sources, and hostile text on its line."""

from __future__ import annotations

import re

from monazite.pages.brief.markdown import brief_markdown
from tests.pages.briefs import hostile_brief, small_brief


def test_markdown_numbers_every_source() -> None:
    text = brief_markdown(small_brief())
    assert "| China separation[^1] | 100 % |" in text
    assert [int(n) for n in re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)] == [1, 2, 3]
    assert "javascript" not in text.split("## Sources")[1]


def test_markdown_lets_no_tag_and_no_line_out_of_hostile_text() -> None:
    text = brief_markdown(hostile_brief())
    assert not re.search(r"<(?!https?://)", text)
    assert "\x00" not in text
    assert "\u202e" not in text
