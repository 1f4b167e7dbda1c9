"""A part of a large answer that a model can read: pages of its lists, with what was left out."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import counted, in_brief, reveal, visible
from monazite.server.assistants.tools import USUAL

MOST_CHARACTERS = 24_000  # of the JSON of an answer: about six thousand words of a model
FEWEST = 3  # items that each list keeps where another can still be cut
_LONGEST_TEXT = 2_000
_INDEX = re.compile(r"(?<=/)\d+(?=/|$)")


@dataclass(frozen=True)
class Wanted:
    """Which part of an answer is wanted."""

    part: str = ""  # the JSON pointer of a list; empty for the main one
    offset: int = 0
    limit: int = USUAL


@dataclass(frozen=True)
class PartShown:
    """A list of which not all is given."""

    part: str  # its JSON pointer; ``*`` stands for each item of the list around it
    offset: int
    shown: int  # how many are given, of all such lists together
    of: int


def extract(
    content: Mapping[str, Any], wanted: Wanted, *, most: int = MOST_CHARACTERS
) -> tuple[dict[str, Any], list[PartShown]]:
    """Return a part of an answer that has no more than so many characters of JSON.

    The wanted list is cut to its page; then the longest lists are halved, the others first.
    """
    if wanted.part:
        check_offset(wanted.offset, _list_at(content, wanted.part))
    caps: dict[str, int] = {}
    while True:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        sizes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        cut = _cut(content, "", wanted, caps, counts)
        if len(json.dumps(cut, ensure_ascii=False)) <= most:
            break
        _measure(cut, "", sizes)
        if not _tighten(caps, sizes, _alike(wanted.part)):
            break
    left = [
        PartShown(part, first, shown, total)
        for part, (first, shown, total) in sorted(counts.items())
        if shown < total
    ]
    return cut, left


def _alike(part: str) -> str:
    """The place of a list and of those like it in the items beside."""
    return _INDEX.sub("*", part)


def check_offset(offset: int, items: Sequence[object]) -> None:
    """Refuse a page that begins after the end of a list."""
    if offset and offset >= len(items):
        raise UnknownNameError(f"The list has {counted(len(items), 'item')}; take a lower offset.")


def _list_at(content: Mapping[str, Any], part: str) -> Sequence[object]:
    found: Any = content
    for step in part.split("/")[1:]:
        if isinstance(found, Mapping) and step in found:
            found = found[step]
        elif isinstance(found, list | tuple) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            found = None
    if not isinstance(found, list | tuple):
        lists = [*_lists(content, "")]
        fix = did_you_mean(part, lists) or f"lists are {', '.join(lists) or 'none'}."
        raise UnknownNameError(f'The answer has no list "{in_brief(reveal(part), 60)}"; {fix}')
    return found


def _lists(content: Mapping[str, Any], part: str) -> Iterator[str]:
    """The lists that lie in no other list."""
    for name, held in content.items():
        if isinstance(held, Mapping):
            yield from _lists(held, f"{part}/{name}")
        elif isinstance(held, list | tuple):
            yield f"{part}/{name}"


def _cut(
    value: Any,  # noqa: ANN401 - whatever JSON holds
    part: str,
    wanted: Wanted,
    caps: Mapping[str, int],
    counts: dict[str, list[int]],
) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return in_brief(visible(value), _LONGEST_TEXT)
    if isinstance(value, Mapping):
        return {
            reveal(str(name)): _cut(held, f"{part}/{name}", wanted, caps, counts)
            for name, held in value.items()
        }
    if not isinstance(value, list | tuple):
        return value
    first, most = 0, caps.get(_alike(part), len(value))
    told = _alike(part)
    if part == wanted.part:
        told, first, most = part, wanted.offset, min(wanted.limit, caps.get(told, wanted.limit))
    elif wanted.part.startswith(f"{part}/"):  # of what lies around it, the one item on the way
        told, first, most = part, int(wanted.part[len(part) + 1 :].partition("/")[0]), 1
    kept = value[first : first + most]
    counts[told][0] = first
    counts[told][1] += len(kept)
    counts[told][2] += len(value)
    return [
        _cut(held, f"{part}/{first + place}", wanted, caps, counts)
        for place, held in enumerate(kept)
    ]


def _measure(value: Any, part: str, sizes: dict[str, list[int]]) -> None:  # noqa: ANN401
    """Note how much JSON the lists at a place come to, and how long the longest of them is."""
    if isinstance(value, Mapping | list):
        for name, held in value.items() if isinstance(value, Mapping) else enumerate(value):
            _measure(held, f"{part}/{name}", sizes)
    if isinstance(value, list):
        alike = _alike(part)
        sizes[alike][0] += len(json.dumps(value, ensure_ascii=False))
        sizes[alike][1] = max(sizes[alike][1], len(value))


def _tighten(caps: dict[str, int], sizes: Mapping[str, list[int]], part: str) -> bool:
    """Halve the longest list that may be cut; tell whether there was one."""
    for may, fewest in ((part, FEWEST), ("", 1), (part, 0)):
        longest = [
            (size, name, max(fewest, most // 2))
            for name, (size, most) in sizes.items()
            if name != may and max(fewest, most // 2) < min(most, caps.get(name, most))
        ]
        if longest:
            _, name, cap = max(longest)
            caps[name] = cap
            return True
    return False
