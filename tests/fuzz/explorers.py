"""Explorers from elsewhere that ``verify`` reads: refused, other, or the same only if they are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.errors import MonaziteError
from monazite.pages.brief.seal import open_page, seal_page
from monazite.pages.explorer.pieces import packed, unpacked
from tests.fuzz.edits import edited
from tests.fuzz.pages import JSON_VALUES, PAGE_PIECES
from tests.fuzz.target import Target, require
from tests.pages.test_explorer import BLOCK, blocks
from tests.pages.test_explorer_verification import OLDER, RECORD, compared, drawn

PIECES = (*PAGE_PIECES, *re.findall(r'<script type="text/plain" id="[^"]*">', drawn()))


def explorers(folder: Path) -> Target:
    """An explorer whose page, record or blocks were changed, sealed again or not."""
    del folder
    whole = seal_page(drawn(), RECORD, "")
    check_page(whole, same=True)
    return Target(st.one_of(changed(), edited([whole], PIECES)), check_page)


@st.composite
def changed(draw: DrawFn) -> str:
    """A page with another text or block, whose seal fits all the same."""
    page = drawn()
    if draw(st.booleans()):
        name, text = draw(st.sampled_from(BLOCK.findall(page)))
        other = draw(st.one_of(JSON_VALUES, altered(unpacked(text))))
        page = page.replace(f'"explorer-{name}">{text}', f'"explorer-{name}">{packed_any(other)}')
    if draw(st.booleans()):
        page = draw(edited([page], PIECES, most=2))
    return seal_page(page, {**RECORD, **draw(st.sampled_from(({}, OLDER)))}, "")


@st.composite
def altered(draw: DrawFn, block: Any) -> Any:
    """A block in which one thing is another."""
    copy = json.loads(json.dumps(block))
    places = [*range(len(copy))] if isinstance(copy, list) else sorted(copy)
    place = draw(st.sampled_from(places))
    held = copy[place]
    if isinstance(held, list) and held and draw(st.booleans()):
        held[draw(st.integers(0, len(held) - 1))] = draw(JSON_VALUES)
    else:
        copy[place] = draw(JSON_VALUES)
    return copy


def packed_any(block: Any) -> str:
    """Whatever JSON can hold, as a block; what it cannot, as none."""
    try:
        return packed(block)
    except UnicodeEncodeError:
        return ""


def check_page(text: str, *, same: bool = False) -> None:
    """A page is refused or compared; one that is called the same says the same to a browser."""
    try:
        opened = open_page(text, "page")
    except MonaziteError:
        require(not same, "the page itself is refused")
        return
    found = compared(text)
    require(found.same or not same, "the page itself is not called the same")
    if found.same:
        page = opened.page
        require(BLOCK.sub("", page) == BLOCK.sub("", drawn()), "another page is called the same")
        ours, others = (as_browser(each) for each in (drawn(), page))
        require(ours == others, "other blocks are called the same")


def as_browser(page: str) -> dict[str, Any]:
    """What a browser makes of the blocks: of two of one name it takes the first."""
    first = dict(reversed(BLOCK.findall(page)))
    found: dict[str, Any] = {}
    for name, block in ((name, unpacked(text)) for name, text in first.items()):
        found[name] = block if isinstance(block, list) else joined(block)
    require([*found][::-1] == [*blocks(drawn())], "the blocks are others")
    return found


def joined(block: Any) -> dict[str, Any]:
    """The markup of all that a block holds."""
    pieces = block["pieces"]
    return {
        f"{group} {key}": "".join(pieces[x] if x >= 0 else "" for x in numbers)
        for group, held in block.items()
        if group != "pieces"
        for key, numbers in held.items()
    }
