"""What findings work out for the questions and rules of the rooms below them, by name.

A rule of the triples may need what only a finding tells, such as whether an act is in force. The
rooms below import no finding, so the package enters here, once, where such things are found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

WorkedOut: TypeAlias = Callable[[Any, str], Iterable[Sequence[str]]]
"""Lines of short texts, of a store and a day."""
_ENTERED: list[Callable[[], Mapping[str, WorkedOut]]] = []


def enter(find: Callable[[], Mapping[str, WorkedOut]]) -> None:
    """Say how what is worked out is found; it is asked when first something is needed."""
    _ENTERED[:] = [find]


def worked_out(name: str) -> WorkedOut:
    """Return what works out something."""
    return _ENTERED[0]()[name]
