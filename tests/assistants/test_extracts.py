"""A part of an answer is small enough, and says what was left out of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monazite.assistants.extracts import PartShown, Wanted, extract
from monazite.errors import UnknownNameError

LONG: dict[str, Any] = {
    "lines": [
        {"id": number, "rows": [f"table/{each}" for each in range(30)]} for number in range(40)
    ],
    "assumptions": [f"assumption {number}" for number in range(200)],
    "title": "Dysprosium",
}


def test_what_is_small_is_given_whole() -> None:
    content = {"lines": [1, 2], "base": {"year": 2024, "share": None}}
    assert extract(content, Wanted("/lines")) == (content, [])


def test_a_page_says_what_comes_before_and_after() -> None:
    found, left = extract({"lines": [*range(10)]}, Wanted("/lines", 4, 3))
    assert found == {"lines": [4, 5, 6]}
    assert left == [PartShown("/lines", 4, 3, 10)]


def test_pages_together_are_the_whole_list() -> None:
    pages = [extract(LONG, Wanted("/assumptions", first, 50)) for first in range(0, 200, 50)]
    assert [each for page, _ in pages for each in page["assumptions"]] == LONG["assumptions"]


def test_what_is_too_long_is_cut_where_nobody_looks() -> None:
    found, left = extract(LONG, Wanted("/lines", 0, 10), most=3_000)
    assert len(json.dumps(found)) <= 3_000
    assert [line["id"] for line in found["lines"]] == [*range(10)], "the page that was wanted"
    parts = {each.part: each for each in left}
    assert parts["/lines"].of == 40
    assert parts["/lines/*/rows"].of == 300
    assert parts["/assumptions"].shown == len(found["assumptions"]) < 200


def test_a_list_in_a_line_is_paged_by_its_place() -> None:
    found, left = extract(LONG, Wanted("/lines/7/rows", 20, 5))
    assert [line["id"] for line in found["lines"]] == [7], "the one line on the way"
    assert found["lines"][0]["rows"] == [f"table/{each}" for each in range(20, 25)]
    assert PartShown("/lines", 7, 1, 40) in left
    assert PartShown("/lines/7/rows", 20, 5, 30) in left


@pytest.mark.parametrize("part", ["/line", "/title", "/lines/99/rows", "/lines/x", "lines"])
def test_a_list_that_is_not_there_is_refused(part: str) -> None:
    with pytest.raises(UnknownNameError, match="has no list"):
        extract(LONG, Wanted(part))


def test_text_shows_what_it_hides_and_is_not_endless() -> None:
    found, _ = extract({"label": "a\u202eb\U000e0041", "note": "x" * 9_000}, Wanted())
    assert found["label"] == "a\ufffdb\ufffd"
    assert len(found["note"]) == 1_999


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda held: st.lists(held, max_size=8) | st.dictionaries(st.text("abc/", max_size=3), held),
    max_leaves=60,
)


@given(st.dictionaries(st.sampled_from("abcdef"), JSON), st.integers(0, 400))
@example({"a": "\u202e"}, 0)  # shown otherwise, and not cut
def test_whatever_is_cut_the_whole_is_as_small_as_its_lists_allow(
    content: dict[str, Any], most: int
) -> None:
    whole, _ = extract(content, Wanted(), most=10**9)
    found, left = extract(content, Wanted(), most=most)
    assert {*found} == {*content}
    assert all(each.shown < each.of for each in left)
    if found == whole or len(json.dumps(found, ensure_ascii=False)) <= most:
        return
    assert left, "what is still too long has no items that could be left out"


def test_a_page_after_the_end_is_refused() -> None:
    content = {"lines": [1, 2, 3], "none": []}
    with pytest.raises(UnknownNameError, match="The list has 3 items; take a lower offset"):
        extract(content, Wanted("/lines", 3, 1))
    assert extract(content, Wanted("/none", 0, 1))[0]["none"] == []
