"""Items of JSON are read one at a time, whatever the blocks cut."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import BadFileError
from monazite.imports import json_items as module
from monazite.imports.json_items import json_items, json_lines

VALUES = st.one_of(st.text(max_size=9), st.integers(), st.none(), st.floats(allow_nan=False))
ITEMS = st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=3), max_size=6)


@given(ITEMS, st.integers(1, 9), st.sampled_from([None, 1]))
def test_whatever_the_blocks_cut(items: list[object], block: int, indent: int | None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        for text in (json.dumps(items, indent=indent), json.dumps({"data": items}, indent=indent)):
            assert [item for _, item in json_items(io.StringIO(text))] == items


def test_lines_are_counted() -> None:
    text = '{"n": 2,\n"data": [\n{"a": 1},\n\n{"a":\n2}\n]}'
    assert [line for line, _ in json_items(io.StringIO(text))] == [3, 6]


def test_nothing_is_held_whole() -> None:
    class Endless(io.StringIO):
        def read(self, size: int | None = -1) -> str:
            return '{"a": 1},' * 20_000

    found: Iterator[tuple[int, object]] = json_items(Endless("x"))
    with pytest.raises(BadFileError, match="no array"):
        next(found)


def test_lines() -> None:
    assert [line for line, _ in json_lines(io.StringIO("\n1\n\n2"))] == [2, 4]
    with pytest.raises(BadFileError, match="broken JSON"):
        list(json_lines(io.StringIO("{")))
