"""Markup as numbers of pieces, each piece once: a hundred drawings that are much alike take little.

A browser puts a drawing together again by looking its pieces up, and draws nothing itself.
"""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping

_PIECE = re.compile(r"<[^>]*>|[^<]+")
_LEVEL = 9


def cut_up(markup: str) -> list[str]:
    """Return the tags and texts of markup, one after the other.

    >>> cut_up("<b>1</b>")
    ['<b>', '1', '</b>']
    """
    found: list[str] = _PIECE.findall(markup)
    return found


class Pieces:
    """Texts and tags by their numbers.

    >>> pieces = Pieces()
    >>> pieces.cut("<b>1</b><b>2</b>")
    [0, 1, 2, 0, 3, 2]
    >>> pieces.joined([0, 3, 2])
    '<b>2</b>'
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        """All pieces, in the order of their numbers."""
        return list(self._numbers)

    def cut(self, markup: str) -> list[int]:
        """Return markup as the numbers of its pieces."""
        return [self._numbers.setdefault(piece, len(self._numbers)) for piece in cut_up(markup)]

    def joined(self, numbers: Iterable[int]) -> str:
        """Return the markup of some numbers."""
        texts = self.texts
        return "".join(texts[number] for number in numbers)


def block_of(markup: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """Return markup by group and name as one block of data, the pieces of all groups together.

    >>> block_of({"views": {"Dy/USA": "<p>1"}})
    {'pieces': ['<p>', '1'], 'views': {'Dy/USA': [0, 1]}}
    """
    pieces = Pieces()
    cut = {
        group: {name: pieces.cut(text) for name, text in held.items()}
        for group, held in markup.items()
    }
    return {"pieces": pieces.texts, **cut}


def packed(block: object) -> str:
    """Return data as text that a script block holds: JSON, compressed, in Base64.

    >>> unpacked(packed({"a": [1]}))
    {'a': [1]}
    """
    text = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
    return b64encode(gzip.compress(text.encode(), _LEVEL, mtime=0)).decode()


def unpacked(text: str, most: int = 1 << 28) -> object:
    """Return what :func:`packed` wrote."""
    from base64 import b64decode
    from zlib import MAX_WBITS, decompressobj, error

    try:
        reader = decompressobj(MAX_WBITS | 16)
        plain = reader.decompress(b64decode(text, validate=True), most)
    except error:
        raise ValueError("it is no compressed block") from None
    if reader.unconsumed_tail or not reader.eof or reader.unused_data:
        raise ValueError("it is not one whole block")
    return json.loads(plain)
