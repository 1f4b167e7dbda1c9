"""The items of an array of JSON, one at a time: a file of a million is never held whole."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

from monazite.errors import BadFileError

_BLOCK = 1 << 16
_LONGEST = 1 << 22
"""Characters of one item, and of what may stand before the array."""
_ARRAY = re.compile(r'"(?:data|bindings|dataset)"\s*:\s*\[|\A\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_FIX = "export it again, whole"


def json_items(text: io.TextIOBase) -> Iterator[tuple[int, object]]:
    """Yield the line on which an item ends, and the item.

    The array is that of ``data`` or ``bindings``, or the text itself. Where its first item is an
    object and its second an array (pages of the World Bank), the items of that one alone follow.

    >>> [item for _, item in json_items(io.StringIO('{"count": 2, "data": [{"a": 1}, {"a": 2}]}'))]
    [{'a': 1}, {'a': 2}]
    """
    held, line = _begin(text)
    decoder, count = json.JSONDecoder(), 0
    first: tuple[int, object] | None = None
    while True:
        held, line = _skip(text, held, line)
        if first is not None and held[:1] == "[" and isinstance(first[1], dict):
            first, held = None, held[1:]  # it spoke of pages, and the records follow
            continue
        if first is not None:
            yield first
        if held[:1] == "]":
            return
        item, held, passed = _take(decoder, text, held, line)
        line, count = line + passed, count + 1
        first = (line, item) if count == 1 else None
        if first is None:
            yield line, item


def _begin(text: io.TextIOBase) -> tuple[str, int]:
    """What stands behind the beginning of the array, and the line it is on."""
    held = ""
    while (found := _ARRAY.search(held)) is None:
        block = text.read(_BLOCK)
        held += block
        if not block or len(held) > _LONGEST:
            what = "no array of records is in the JSON"
            raise BadFileError(what, "export it as records: data, results or a list", 1)
    return held[found.end() :], held.count("\n", 0, found.end()) + 1


def _skip(text: io.TextIOBase, held: str, line: int) -> tuple[str, int]:
    """Pass over blanks and commas."""
    while True:
        found = _BETWEEN.match(held)
        end = found.end() if found else 0
        line += held.count("\n", 0, end)
        held = held[end:]
        if held:
            return held, line
        held = text.read(_BLOCK)
        if not held:
            raise BadFileError("the JSON ends within its array", _FIX, line)


def _take(
    decoder: json.JSONDecoder, text: io.TextIOBase, held: str, line: int
) -> tuple[object, str, int]:
    """Decode one item: it, what stands behind it, and the lines it takes."""
    while True:
        try:
            item, end = decoder.raw_decode(held)
        except (json.JSONDecodeError, RecursionError) as error:
            item, end = None, -1
            wrong = str(getattr(error, "msg", "it is too deep"))
        if 0 <= end < len(held):
            return item, held[end:], held.count("\n", 0, end)
        block = text.read(_BLOCK)
        if not block or len(held) > _LONGEST:
            what = f"broken JSON: {wrong}" if end < 0 else "the JSON ends within its array"
            raise BadFileError(what, _FIX, line)
        held += block


def json_lines(text: io.TextIOBase) -> Iterator[tuple[int, object]]:
    """Yield the number of each line that is not blank, and the JSON on it.

    >>> list(json_lines(io.StringIO('{"id": 1}')))
    [(1, {'id': 1})]
    """
    number = 0
    while line := text.readline(_LONGEST):
        number += 1
        if len(line) >= _LONGEST:
            what = f"the line has more than {_LONGEST:,} characters"
            raise BadFileError(what, "write one entity a line", number)
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            wrong = getattr(error, "msg", "it is too deep")
            raise BadFileError(f"broken JSON: {wrong}", "write one entity a line", number) from None
