"""What an explorer says otherwise than the tables is told."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from monazite.report.explorer.page import explorer_html, packed, unpacked
from monazite.report.explorer.verification import explorer_differences
from tests.report.explorers import parts
from tests.report.test_explorer import BLOCK


@cache
def drawn() -> str:
    return explorer_html(parts())


def differs(page: str) -> list[str]:
    """What is said of a page where the tables give the small explorer."""
    return [*explorer_differences(page, drawn())]


def changed(name: str, old: str, new: str) -> str:
    """The page with a piece of one of its blocks changed, in all views that have it."""
    found = dict(BLOCK.findall(drawn()))
    block: Any = unpacked(found[name])
    held = block if isinstance(block, list) else [block["pieces"]]
    assert any(old in piece for line in held for piece in line)
    for line in held:
        line[:] = [piece.replace(old, new) for piece in line]
    return drawn().replace(found[name], packed(block))


def test_an_untouched_page_differs_in_nothing() -> None:
    assert differs(drawn()) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("all", "Japan would lose half.", "Japan would lose nothing.", "all, views, Dy/JPN: "),
        ("1", "Not known.", "Known.", '1, views, Sc/USA: the page says "Known."'),
        ("cards", "Makes oxide", "Makes metal", "cards, cards, facility/Lovozero: "),
        ("cards", "https://a.org/18", "https://b.org", "cards, cards, source/paper: "),
        ("names", "MP Materials", "MP", "Block names: "),
    ],
)
def test_what_was_altered_in_a_block_is_told(name: str, old: str, new: str, said: str) -> None:
    assert any(sentence.startswith(said) for sentence in differs(changed(name, old, new)))


NO_BLOCKS: tuple[object, ...] = (
    [],
    {},
    {"pieces": 3},
    {"pieces": [], "views": {"a": [9]}},
    {"pieces": [], "views": 1},
)


@pytest.mark.parametrize("text", ["AAAA", *map(packed, NO_BLOCKS)])
def test_a_block_that_is_none_is_a_difference(text: str) -> None:
    [(name, old), *_] = BLOCK.findall(drawn())
    page = drawn().replace(f'id="explorer-{name}">{old}', f'id="explorer-{name}">{text}')
    assert differs(page)
