"""An explorer is the same, or what differs is told, whatever was altered in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from monazite.report.brief.seal import FORMAT, blank_page, open_page, seal_page
from monazite.report.brief.verification import BYTES, SENTENCES, Comparison, RecomputedBrief
from monazite.report.explorer.page import explorer_html, packed, unpacked
from monazite.report.explorer.verification import compare_explorer
from tests.report.explorers import parts
from tests.report.test_explorer import BLOCK

RECORD: dict[str, Any] = {
    "format": FORMAT,
    "version": "1",
    "code": "c",
    "made_with": {"python": "3.11"},
    "tables": "aaa",
}

OLDER = {"version": "0.9", "code": "b", "made_with": {"python": "3.10"}}


@cache
def drawn() -> str:
    return explorer_html(parts())


def compared(page: str, record: dict[str, Any] = RECORD) -> Comparison:
    """What is said of a page whose tables give the small explorer."""
    claimed = {**RECORD, **{name: record[name] for name in ("version", "code", "made_with")}}
    now = RecomputedBrief(
        content={},
        rows={},
        version="1",
        code="c",
        tables="aaa",
        made_with={"python": "3.11"},
        house=None,
        page=drawn(),
        blank=blank_page(drawn(), claimed, ""),
    )
    return compare_explorer(open_page(page, "page"), now, "5 views")


def changed(name: str, old: str, new: str) -> str:
    """The page with a piece of one of its blocks changed, in all views that have it."""
    found = dict(BLOCK.findall(drawn()))
    block: Any = unpacked(found[name])
    held = block if isinstance(block, list) else [block["pieces"]]
    assert any(old in piece for line in held for piece in line)
    for line in held:
        line[:] = [piece.replace(old, new) for piece in line]
    return drawn().replace(found[name], packed(block))


def test_untouched_it_is_the_same_byte_for_byte() -> None:
    found = compared(seal_page(drawn(), RECORD, ""))
    assert (found.same, found.compared) == (True, BYTES)
    assert found.sentences == ("Same, byte for byte: rendered anew from the tables, with 5 views.",)


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
    forged = compared(seal_page(changed(name, old, new), RECORD, ""))
    assert (forged.same, forged.compared) == (False, BYTES)
    assert any(sentence.startswith(said) for sentence in forged.sentences)
    assert forged.sentences[-1].startswith("Tables and code are the same")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The United States would lose all", "The United States would lose none"),
        ('"use strict";', '"use strict";fetch("x");'),
        ("<style>", "<style>p{display:none}"),
        ('id="explorer-1">', 'id="explorer-1">AAAA'),
        ('id="explorer-1">', 'id="explorer-2">'),
        ('class="backbone wide"', 'class="backbone"'),
    ],
)
def test_whatever_is_altered_around_the_blocks_is_not_the_same(old: str, new: str) -> None:
    assert old in drawn()
    page = drawn().replace(old, new)
    assert not compared(seal_page(page, RECORD, "")).same
    assert not compared(seal_page(page, {**RECORD, **OLDER}, "")).same


def test_a_broken_seal_is_told() -> None:
    page = seal_page(drawn(), RECORD, "").replace("Data: all.", "Data: some.")
    assert compared(page).sentences[0].startswith("The page was altered after it was written")


def test_of_other_versions_each_view_is_compared() -> None:
    found = compared(seal_page(drawn(), {**RECORD, **OLDER}, ""), {**RECORD, **OLDER})
    # rendered with the versions that it names it is the same page
    assert (found.same, found.compared) == (True, BYTES)
    other = {**RECORD, "tables": "bbb", **OLDER}
    found = compared(seal_page(drawn(), other, ""), RECORD)
    assert (found.same, found.compared) == (True, SENTENCES)
    assert found.sentences[0].startswith("Same in every number, sentence and link")
    assert "The tables are others: it was written from bbb, these are aaa." in found.sentences


def test_another_drawing_of_the_same_numbers_is_not_called_the_same() -> None:
    page = changed("all", 'class="flow', 'class="no flow')
    found = compared(seal_page(page, {**RECORD, **OLDER}, ""))
    assert not found.same
    assert found.sentences[0].startswith("Every number, sentence and link is the same, but")


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
    assert not compared(seal_page(page, RECORD, "")).same


def with_block(change: Callable[[Any], Any]) -> str:
    """The page with its first block changed."""
    [(name, text), *_] = BLOCK.findall(drawn())
    other = packed(change(unpacked(text)))
    return drawn().replace(f'id="explorer-{name}">{text}', f'id="explorer-{name}">{other}')


def evil(block: Any) -> Any:
    """A block in which each view is that of Japan."""
    views = dict.fromkeys(block["views"], block["views"]["Dy/JPN"])
    return {**block, "views": views}


def test_of_two_blocks_of_one_name_a_browser_takes_the_first() -> None:
    [(name, text), *_] = BLOCK.findall(drawn())
    begin = f'<script type="text/plain" id="explorer-{name}">'
    twice = f"{begin}{packed(evil(unpacked(text)))}</script>{begin}"
    page = drawn().replace(begin, twice)
    assert not compared(seal_page(page, {**RECORD, **OLDER}, "")).same


def backwards(block: Any) -> Any:
    """The same pieces by places from the end, where a browser finds none."""
    count = len(block["pieces"])
    views = {key: [x - count for x in numbers] for key, numbers in block["views"].items()}
    return {**block, "views": views}


def hidden(block: Any) -> Any:
    """Another view by the name, and the right one by a name that looks alike."""
    right = {f"{key} ": numbers for key, numbers in block["views"].items()}
    return {**block, "views": {**evil(block)["views"], **right}}


@pytest.mark.parametrize("change", [evil, backwards, hidden])
def test_a_block_that_a_browser_reads_otherwise_is_not_the_same(
    change: Callable[[Any], Any],
) -> None:
    page = with_block(change)
    assert not compared(seal_page(page, {**RECORD, **OLDER}, "")).same


def test_a_block_that_is_only_packed_otherwise_says_the_same() -> None:
    def turned(block: Any) -> Any:
        count = len(block["pieces"]) - 1
        groups = {
            group: {key: [count - x for x in numbers] for key, numbers in held.items()}
            for group, held in block.items()
            if group != "pieces"
        }
        return {"pieces": block["pieces"][::-1], **groups}

    assert compared(seal_page(with_block(turned), {**RECORD, **OLDER}, "")).same
    assert not compared(seal_page(with_block(turned), RECORD, "")).same
