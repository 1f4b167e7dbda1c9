"""Texts by their keys, in a file beside the store: who wants a few reads these alone.

The index says where the text of each key stands, with checksums of the texts and of itself.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from io import FileIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

_COLUMNS = 4  # numbers of an entry: hash of the key, where its text begins, its bytes, its checksum
_WORD = 8


class Packing:
    """Writes texts one after the other, and remembers where each stands."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._end = 0
        self._entries: list[tuple[int, int, int, int]] = []

    def write(self, key: str, text: bytes) -> int:
        """Write the text of a key, and return its length in bytes."""
        size = self._out.write(text)
        self._entries.append((_hash(key), self._end, size, crc32(text)))
        self._end += size
        return size

    def write_index(self, file: Path) -> None:
        """Write where each text stands: whole columns, the hashes in their order."""
        columns = zip(*sorted(self._entries), strict=True)
        content = array("Q", chain.from_iterable(columns)).tobytes()
        file.write_bytes(array("Q", [crc32(content)]).tobytes() + content)


class KeyedFile:
    """Texts that were packed, by their keys."""

    def __init__(self, texts: Path, index: Path) -> None:
        self._texts, self._index = texts, index

    def read(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the texts of some keys; a key that was not packed has none."""
        places = {key: place for key in keys if (place := self._place(key))}
        if not places:
            return {}
        with self._texts.open("rb", buffering=0) as opened:
            return {key: _read(opened, *place) for key, place in places.items()}

    @cached_property
    def _entries(self) -> memoryview:
        content = memoryview(self._index.read_bytes())
        entries = content[_WORD:]
        if content[:_WORD] != array("Q", [crc32(entries)]).tobytes():
            raise OSError(f"{self._index} is not what was written")
        return entries.cast("Q")

    def _place(self, key: str) -> tuple[int, int, int] | None:
        entries, wanted = self._entries, _hash(key)
        count = len(entries) // _COLUMNS
        place = bisect_left(entries, wanted, 0, count)
        if place == count or entries[place] != wanted:
            return None
        return entries[place + count], entries[place + 2 * count], entries[place + 3 * count]


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:_WORD], "big")


def _read(opened: FileIO, begin: int, length: int, checksum: int) -> bytes:
    opened.seek(begin)
    text = opened.read(length)
    if crc32(text) != checksum:
        raise OSError(f"{opened.name} is not what was written")
    return text
