"""Parts of a year that stand while what they are made of does.

Whoever leaves out rows, or moves numbers, one after the other touches few of the parts that a year
is gathered from. What was made last is kept beside what it was made of, which is compared, never
guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Part = TypeVar("Part")
LAST = 3
"""How many parts of one name are kept: the one of the year as it is, and what doubts make of it."""


class KeptParts:
    """The last parts of each name, each with what it was made of.

    >>> parts, made = KeptParts(), []
    >>> for tonnes in (1.0, 1.0, 2.0, 1.0):
    ...     _ = parts.of("Dy", (tonnes,), lambda: made.append(tonnes) or tonnes)
    >>> made
    [1.0, 2.0]
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, list[tuple[tuple[object, ...], Any]]] = {}

    def of(self, name: Hashable, made_of: tuple[object, ...], make: Callable[[], Part]) -> Part:
        """Return a part; nobody may change it."""
        known = self._known.setdefault(name, [])
        for place, (of, _) in enumerate(known):
            if of == made_of:
                known.insert(0, known.pop(place))
                break
        else:
            known.insert(0, (made_of, make()))
            del known[LAST:]
        found: Part = known[0][1]
        return found
