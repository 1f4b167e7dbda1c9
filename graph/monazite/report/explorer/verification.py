"""Where an explorer says otherwise than the tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from monazite.core.formats import shorten, visible
from monazite.report.explorer.page import cut_up, unpacked

_BLOCK = re.compile(
    r'<script type="text/plain" id="explorer-([a-z0-9]+)">([A-Za-z0-9+/=]*)</script>'
)
_WIDE = 90
Places = Mapping[str, tuple[str, ...]]  # The pieces of each part of a page, by where it stands


def explorer_differences(then: str, now: str) -> Iterator[str]:
    """Say which parts of an explorer are not as it is drawn anew, and what each says."""
    yield from _differences(dict(_parts(then)), dict(_parts(now)))


def _parts(page: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The page around its blocks, and what each block holds, of one name the first."""
    blocks = _BLOCK.findall(page)
    yield "The page", tuple(cut_up(_BLOCK.sub("", page)))
    yield "Its blocks", tuple(name for name, _ in blocks)
    for name, text in blocks:
        try:
            yield from [*_held(name, unpacked(text))]
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            yield f"Block {name}", ("cannot be read",)


def _held(name: str, block: Any) -> Iterator[tuple[str, tuple[str, ...]]]:  # noqa: ANN401 - of a page
    if isinstance(block, list):
        yield f"Block {name}", tuple(json.dumps(line, ensure_ascii=False) for line in block)
        return
    pieces = [str(piece) for piece in block["pieces"]]
    for group, held in block.items():
        if group != "pieces":
            for key, numbers in held.items():
                yield f"{name}, {group}, {key}", tuple(_piece(pieces, x) for x in numbers)


def _piece(pieces: list[str], number: object) -> str:
    """The piece of a number, where a browser finds one too: it knows no place from the end."""
    if type(number) is not int or number < 0:
        raise ValueError("no number of a piece")
    return pieces[number]


def _differences(then: Places, now: Places) -> Iterator[str]:
    for place in dict.fromkeys((*then, *now)):
        if place not in now:
            yield f"{place}: the tables do not have it."
        elif place not in then:
            yield f"{place}: it is missing in the page."
        elif then[place] != now[place]:
            old, new = ([*_shown_pieces(each[place])] for each in (then, now))
            if old != new:
                pairs = zip([*old, "nothing"], [*new, "nothing"], strict=False)
                parting = next(((a, b) for a, b in pairs if a != b), ("nothing", "nothing"))
                was, has = (shorten(visible(each), _WIDE) for each in parting)
                yield f'{place}: the page says "{was}", the tables say "{has}".'


def _shown_pieces(pieces: Iterable[str]) -> Iterator[str]:
    """What a reader sees of pieces, and where links lead; style and script are no sentences."""
    runs = False
    for piece in pieces:
        if piece in {"<style>", "<script>"}:
            runs = True
        elif piece in {"</style>", "</script>"}:
            runs = False
        elif not runs and (not piece.startswith("<") or " href=" in piece):
            yield piece
