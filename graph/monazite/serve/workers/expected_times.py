"""How long work is expected to take: as long as the same work took before."""

from __future__ import annotations

from collections import OrderedDict

_MOST = 4096
"""Works whose time is remembered."""


class ExpectedTimes:
    """Seconds of a processor by what was asked; those that were asked longest ago are forgotten.

    What was asked is not kept, only a number that stands for it.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._times: OrderedDict[int, float] = OrderedDict()
        self._sum = 0.0

    def of(self, asked: bytes) -> float:
        """Return the seconds that the same took last; what others took, where nobody asked it.

        >>> times = ExpectedTimes()
        >>> times.note(b"long", 3.0)
        >>> times.note(b"short", 1.0)
        >>> times.of(b"long"), times.of(b"never asked")
        (3.0, 2.0)
        """
        mean = self._sum / len(self._times) if self._times else 0.0
        return self._times.get(hash(asked), mean)

    def note(self, asked: bytes, seconds: float) -> None:
        """Remember how long work took, or has taken so far."""
        key = hash(asked)
        self._sum += seconds - self._times.get(key, 0.0)
        self._times[key] = seconds
        self._times.move_to_end(key)
        if len(self._times) > self._most:
            self._sum -= self._times.popitem(last=False)[1]
