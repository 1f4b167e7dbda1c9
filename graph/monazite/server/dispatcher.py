"""The dispatcher: each request's work passes here, done in a worker or found in the cache.

Short work always finds a worker, whatever else is asked. Few begin at the same time, the shortest
first. Work that goes on for a while makes room for what waits, and goes on beside it. A worker that
is killed is replaced at once. Clients take turns in the queue before a team, so that none starves
the others.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

from monazite.core.errors import BusyError, LimitError, UnreadableError
from monazite.core.formats import exact
from monazite.core.results import Struct
from monazite.data.filters import Filters
from monazite.server.settings import Settings
from monazite.server.worker import Worker

if TYPE_CHECKING:
    from monazite.view.view import View

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


class _Turn(Struct, eq=False):
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


BRIEF = 0.25  # seconds of a processor after which work lets others begin beside it
QUICK = 1.0  # such seconds after which work is no short work, and another worker takes its place
LONG = 5.0  # such seconds after which it leaves the processors to short work
_FIRST = 2  # workers that are there before anybody asks
_LOOK = 0.25  # seconds between two looks at work
_RETRY = 5  # seconds after which who finds no worker may come again


class _Stage(Enum):
    """How far work has come: it has a place of the lane, one beside it, or one of slow work."""

    BEGUN, GOING_ON, SLOW = range(3)


class Team:
    """Workers of one kind, and the lane before them."""

    def __init__(
        self,
        settings: Settings,
        places: int,
        patience: float,
        begin: int | None = None,
        slow: int | None = None,
    ) -> None:
        is_long = slow is None
        self._begin = min(places, begin or places)
        each = max(1, places - 1) if is_long else None
        self.lane = FairQueue(self._begin, settings.waiting, patience, 5 if is_long else 1, each)
        self.killed = 0
        self._settings, self._places, self._most_slow = settings, places, slow
        self._times = ExpectedTimes()
        self._ready: asyncio.LifoQueue[Worker | None] = asyncio.LifoQueue()  # the warmest first
        self._working: dict[Worker, _Stage] = {}
        self._meanwhile: set[asyncio.Task[None]] = set()
        self._starting = 0
        self._alive: set[Worker] = set()
        self._stops = False

    async def begin(self) -> None:
        """Start the first worker; others follow meanwhile, and when they are needed."""
        worker = await Worker.start(self._settings)
        self._alive.add(worker)
        self._ready.put_nowait(worker)
        self._keep_warm(_FIRST - 1)

    def stop(self) -> None:
        """Kill all workers, and tell who waits that the server stops."""
        self._stops = True
        self.lane.close(self._stopping)
        for each in self._alive:
            each.kill(self._stopping)

    async def close(self) -> None:
        """End all workers, and whatever they do."""
        for task in self._meanwhile:
            task.cancel()
        await asyncio.gather(*self._meanwhile, return_exceptions=True)
        await asyncio.gather(*(each.end() for each in self._alive))
        self._alive.clear()

    @property
    def numbers(self) -> set[int]:
        """The numbers of the processes that live."""
        return {each.number for each in self._alive}

    @property
    def working(self) -> int:
        """How many work."""
        return len(self._working)

    async def do(self, asked: Mapping[str, object], seconds: float, client: str) -> bytes:
        """Do some work, as soon as there is a worker."""
        line = json.dumps({**asked, "seconds": seconds}).encode()
        if self._stops:
            raise self._stopping
        await self.lane.take(client, min(self._times.of(line), BRIEF))
        worker = watching = None
        try:
            worker = await self._take_one()
            watching = asyncio.create_task(self._watch(worker, line, seconds, client))
            answer = await worker.work(line)
            self._times.note(line, worker.took)
            return answer
        finally:
            if worker is None or self._working[worker] is _Stage.BEGUN:
                self.lane.leave(client)
            if watching is not None:
                watching.cancel()
            if worker is not None:
                self._take_back(worker)

    async def _watch(self, worker: Worker, line: bytes, seconds: float, client: str) -> None:
        """Look at work until its time is over, and let others pass it meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(_LOOK, left) if self._most_slow is not None else left)
            if self._most_slow is not None:
                spent = worker.spent()
                self._times.note(line, spent)  # what is killed was long too
                self._judge(worker, spent, client)
        said = (
            f"The question took longer than {exact(seconds)} seconds and was stopped; ask for less."
        )
        worker.kill(LimitError(said))

    def _judge(self, worker: Worker, spent: float, client: str) -> None:
        """Give the place of what has worked for a while to others, or end it where none is left."""
        stage = self._working[worker]
        is_slow = spent >= QUICK and stage is not _Stage.SLOW
        has_room = self._count(_Stage.GOING_ON) < self._places - self._begin
        if is_slow and self._count(_Stage.SLOW) < (self._most_slow or 0):
            self._move(worker, _Stage.SLOW, client)
        elif spent >= BRIEF and stage is _Stage.BEGUN and has_room:
            self._move(worker, _Stage.GOING_ON, client)
        elif is_slow and self.lane.waiting and not has_room:
            said = "Too many long queries run now; come again later, or narrow the query."
            worker.kill(BusyError(said, 5))
        if spent >= LONG or (spent >= QUICK and self._working[worker] is not _Stage.SLOW):
            worker.step_back()  # and where it keeps the place of short work, at once

    def _move(self, worker: Worker, stage: _Stage, client: str) -> None:
        had_place = self._working[worker] is _Stage.BEGUN
        self._working[worker] = stage
        self._keep_warm()
        if had_place:
            self.lane.leave(client)

    def _count(self, stage: _Stage) -> int:
        return sum(each is stage for each in self._working.values())

    @property
    def _stopping(self) -> BusyError:
        return BusyError("The server stops.", _RETRY)

    async def _take_one(self) -> Worker:
        """Return a worker that has nothing to do; whoever has a place finds one in the end."""
        while True:
            if self._ready.empty():
                self._keep_warm()
            if self._stops:
                raise self._stopping
            worker = await self._ready.get()
            if worker is None:  # one did not start
                if self._stops:
                    raise self._stopping
                if self._ready.empty():
                    said = "The server cannot answer now; ask again in a while."
                    raise BusyError(said, _RETRY)
                continue
            if not worker.is_dead:
                self._working[worker] = _Stage.BEGUN
                return worker
            self._alive.discard(worker)  # somebody else killed it

    def _take_back(self, worker: Worker) -> None:
        """Let a worker rest; kill it where it still works, or has stepped back for good."""
        del self._working[worker]
        if worker.is_sound and (self._most_slow is None or not worker.stepped_back):
            self._ready.put_nowait(worker)
            return
        self.killed += not worker.is_sound
        worker.kill()

        async def bury() -> None:
            await worker.end()
            self._alive.discard(worker)

        self._do_meanwhile(bury())
        self._keep_warm()

    def _keep_warm(self, most: int = 1) -> None:
        """Start as many workers, if there is a place for each."""
        if self._stops:
            return
        short = len(self._working) - self._count(_Stage.SLOW)
        there = self._ready.qsize() + short + self._starting
        for _ in range(max(0, self._places - there))[:most]:
            self._starting += 1
            self._do_meanwhile(self._start())

    async def _start(self) -> None:
        try:
            worker = await Worker.start(self._settings)
        except UnreadableError:
            self._ready.put_nowait(None)
        else:
            if self._most_slow is None:
                worker.step_back()
            self._alive.add(worker)
            self._ready.put_nowait(worker)
        finally:
            self._starting -= 1

    def _do_meanwhile(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._meanwhile.add(task)
        task.add_done_callback(self._meanwhile.discard)


_SHARE = 8  # the part of all kept bytes that one answer may have: a large one sends away many


@dataclass
class _Flight:
    """Work that is being done, and how many wait for it."""

    work: asyncio.Task[bytes]
    waiting: int = 0


class CachedAnswers:
    """Answers by what was asked; those that were asked longest ago go first."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self.found = 0
        self._most = most
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._flights: dict[str, _Flight] = {}

    async def ask(self, key: str, work: Callable[[], Coroutine[None, None, bytes]]) -> bytes:
        """Return what was answered before, or work it out, once for all who ask meanwhile."""
        if not self._most:
            return await work()
        if key in self._answers:
            self.found += 1
            self._answers.move_to_end(key)
            return self._answers[key]
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(work()))
        flight.waiting += 1
        try:
            answer = await asyncio.shield(flight.work)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                flight.work.cancel()
                if self._flights.get(key) is flight:
                    del self._flights[key]
        self._keep(key, answer)
        return answer

    def _keep(self, key: str, answer: bytes) -> None:
        size = len(answer) + len(key)
        if key in self._answers or size > self._most // _SHARE:
            return
        self._answers[key] = answer
        self.size += size
        while self.size > self._most:
            gone, its_answer = self._answers.popitem(last=False)
            self.size -= len(its_answer) + len(gone)


Work: TypeAlias = "Callable[[View, Mapping[str, object]], bytes]"
"""A function at the top of a module: it takes a view and what was given, and runs in a worker. What
it raises as an error of Monazite is raised again before the door."""
TeamName: TypeAlias = Literal["quick", "long", "views"]
"""Who does some work: ``quick`` what takes a second; ``long`` what takes longer, as findings do;
``views`` those of the explorer. No team waits for another."""
CLIENT: ContextVar[str] = ContextVar("CLIENT", default="")


class Dispatcher:
    """Does the work of requests in processes that have limits."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        quick = settings.workers, settings.patience, settings.begin, settings.slow
        self.quick = Team(settings, *quick)
        long = settings.long_workers, settings.long_patience
        self.teams: Mapping[TeamName, Team] = {
            "quick": self.quick,
            "long": Team(settings, *long),
            "views": Team(settings, *long),
        }
        self.kept = CachedAnswers(settings.cached_bytes)

    async def __aenter__(self) -> Dispatcher:
        """Start the workers of short work."""
        await self.quick.begin()
        return self

    def stop(self) -> None:
        """Kill all workers: who waits for an answer is told that the server stops."""
        for team in self.teams.values():
            team.stop()

    async def __aexit__(self, *_: object) -> None:
        """End all workers."""
        for team in self.teams.values():
            await team.close()

    async def ask(
        self,
        work: Work,
        given: Mapping[str, object] | None = None,
        *,
        filters: Filters | None = None,
        team: TeamName = "quick",
        keep: bool = True,
    ) -> bytes:
        """Do some work on a view, in a worker; what was done before is not done again."""
        asked = {
            "module": work.__module__,
            "name": work.__qualname__,
            "filters": asdict(filters or self.settings.filters),
            "given": dict(given or {}),
        }
        is_long = team != "quick"
        seconds = self.settings.long_seconds if is_long else self.settings.seconds
        workers, client = self.teams[team], CLIENT.get()
        if not keep:
            return await workers.do(asked, seconds, client)
        key = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        return await self.kept.ask(key, lambda: workers.do(asked, seconds, client))
