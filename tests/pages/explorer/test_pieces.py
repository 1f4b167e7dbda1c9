"""Markup cut into pieces is, joined again, what it was; a block holds no more than it may."""

from __future__ import annotations

import gzip
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.pages.explorer.pieces import Pieces, block_of, packed, unpacked

MARKUP = st.text(alphabet="<>ab /=\"'&;\n", max_size=60)


@given(st.lists(MARKUP, max_size=4))
def test_what_is_cut_is_joined_again(texts: list[str]) -> None:
    # A lone < that is never closed is no markup of ours.
    closed = [text if text.rfind("<") <= text.rfind(">") else f"{text}>" for text in texts]
    pieces = Pieces()
    cut = [pieces.cut(text) for text in closed]
    assert [pieces.joined(numbers) for numbers in cut] == closed


def test_a_piece_that_is_there_twice_is_kept_once() -> None:
    block = block_of({"views": {"a": "<p>1</p>", "b": "<p>2</p>"}, "marks": {"a": "<p>1</p>"}})
    assert block["pieces"] == ["<p>", "1", "</p>", "2"]
    assert block["marks"] == {"a": [0, 1, 2]}


def test_a_block_is_the_same_bytes_and_is_read_back() -> None:
    assert packed({"名": ["</script>"]}) == packed({"名": ["</script>"]})
    assert unpacked(packed({"名": ["</script>"]})) == {"名": ["</script>"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no Base64",
        b64encode(b"no gzip").decode(),
        b64encode(gzip.compress(b"[1]", mtime=0) + b"more").decode(),
        b64encode(gzip.compress(b"[1]", mtime=0)[:-4]).decode(),
        b64encode(gzip.compress(b"no JSON", mtime=0)).decode(),
    ],
)
def test_what_is_no_block_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of three libraries
        unpacked(text)


def test_a_block_that_grows_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="not one whole block"):
        unpacked(packed(["a" * 5_000]), most=1_000)
