"""Places for work, and who waits for one: clients take turns, so that none starves the others."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, OrderedDict
from dataclasses import dataclass

from monazite.core.errors import BusyError

_MOST = 4096  # works whose time is remembered


class ExpectedTimes:
    """Seconds of a processor by the hash of what was asked; the oldest are forgotten."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._times: OrderedDict[int, float] = OrderedDict()
        self._sum = 0.0

    def of(self, asked: bytes) -> float:
        """Return the seconds that the same took last; what others took, where nobody asked it."""
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


_SHORTEST = 0.01  # seconds that work is expected to take at least
_FAVOUR = 1.5
"""How much short work is favoured: at 0 who came first is the next, at 1 all wait in proportion to
how long they take."""


@dataclass(frozen=True, eq=False)
class _Turn:
    """Work that waits, since when, and how long it is expected to take."""

    place: asyncio.Future[None]
    since: float
    seconds: float

    def urgency(self, now: float) -> float:
        """How long it has waited, measured by how long it takes: nothing waits for ever.

        P. Brinch Hansen, An Analysis of Response Ratio Scheduling, 1971.
        """
        return (now - self.since) / math.pow(self.seconds, _FAVOUR)


class FairQueue:
    """Places for work; who finds none waits in the line of its client, and the lines take turns.

    In a line short work passes longer work, until that has waited for long. Where all places to
    wait are taken, who comes sends away the last of the longest line, or itself.
    """

    def __init__(
        self, places: int, waiting: int, patience: float, retry: int = 1, each: int | None = None
    ) -> None:
        self.free = places
        self._each = places if each is None else each
        self._held: Counter[str] = Counter()
        self._most, self._patience, self._retry = waiting, patience, retry
        self._lines: OrderedDict[str, list[_Turn]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._lines.values()))

    async def take(self, client: str, seconds: float = 0.0) -> None:
        """Take a place, or wait for one."""
        if self.free and self._held[client] < self._each:
            self._give(client)
            return
        if self.waiting >= self._most:
            self._send_one_away(client)
        loop = asyncio.get_running_loop()
        turn = _Turn(loop.create_future(), loop.time(), max(seconds, _SHORTEST))
        self._lines.setdefault(client, []).append(turn)
        place, has_place = turn.place, False
        try:
            await asyncio.wait({place}, timeout=self._patience)
            has_place = place.done() and place.exception() is None
        finally:
            if not has_place:
                self._step_out(client, turn)
        if not has_place:
            raise (place.done() and not place.cancelled() and place.exception()) or self._busy()

    def leave(self, client: str) -> None:
        """Give a place back: the next line has its turn, whose client may have one more."""
        self.free += 1
        self._held -= Counter((client,))  # drops who has none left
        for following in self._lines:
            if self._held[following] < self._each:
                self._call(following)
                return

    def _give(self, client: str) -> None:
        self.free -= 1
        self._held[client] += 1

    def _call(self, client: str) -> None:
        """Give a place to the next of a line, which stands behind the other lines then."""
        line = self._lines.pop(client)
        self._give(client)
        now = asyncio.get_running_loop().time()
        following = max(line, key=lambda each: each.urgency(now))
        line.remove(following)
        following.place.set_result(None)
        if line:
            self._lines[client] = line

    def close(self, error: BusyError) -> None:
        """Send away all who wait."""
        for line in self._lines.values():
            for turn in line:
                turn.place.set_exception(error)
        self._lines.clear()

    def _busy(self) -> BusyError:
        said = "The server has as much to do as it may; come again in a moment."
        return BusyError(said, self._retry)

    def _step_out(self, client: str, turn: _Turn) -> None:
        """Wait no longer; a place that came in the same moment goes to the next."""
        if turn.place.done():
            if turn.place.exception() is None:
                self.leave(client)
            return
        turn.place.cancel()
        line = self._lines[client]
        line.remove(turn)
        if not line:
            del self._lines[client]

    def _send_one_away(self, client: str) -> None:
        longest = max(self._lines, key=lambda each: len(self._lines[each]), default=client)
        if len(self._lines.get(longest, ())) <= len(self._lines.get(client, ())) + 1:
            raise self._busy()
        self._lines[longest].pop().place.set_exception(self._busy())
