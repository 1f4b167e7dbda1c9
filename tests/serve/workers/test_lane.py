"""A lane: places are given in turn, line by line, and who is too many is sent away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from monazite.errors import BusyError
from monazite.serve.workers.lane import Lane
from tests.loops import run_in_loop


def running(test: Callable[[], Coroutine[None, None, None]]) -> None:
    run_in_loop(test, seconds=30)


class Served:
    """Who had a place, in order."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.order: list[str] = []
        self.refused: list[str] = []

    async def work(self, name: str, seconds: float = 0.0) -> None:
        """Take a place as the client whose name begins with the same letter, and give it back."""
        try:
            await self.lane.take(name[0], seconds)
        except BusyError:
            self.refused.append(name)
            return
        self.order.append(name)
        await asyncio.sleep(0)
        self.lane.leave(name[0])

    async def all_of(self, *names: str) -> None:
        """Let all ask while one place is taken; then give it back."""
        await self.lane.take("first")
        tasks = [asyncio.create_task(self.work(name)) for name in names]
        await asyncio.sleep(0.01)
        self.lane.leave("first")
        await asyncio.gather(*tasks)


def test_clients_take_turns() -> None:
    async def test() -> None:
        served = Served(Lane(1, waiting=10, patience=10))
        await served.all_of("a1", "a2", "a3", "b1", "c1", "b2")
        assert served.order == ["a1", "b1", "c1", "a2", "b2", "a3"]
        assert (served.lane.free, served.lane.waiting) == (1, 0)

    running(test)


def test_short_work_passes_longer_work_of_its_line() -> None:
    async def test() -> None:
        served = Served(Lane(1, waiting=10, patience=10))
        await served.lane.take("first")
        asked = {"a-long": 9.0, "a-middle": 3.0, "a-short": 1.0, "b": 99.0}
        tasks = [asyncio.create_task(served.work(*each)) for each in asked.items()]
        await asyncio.sleep(0.01)
        served.lane.leave("first")
        await asyncio.gather(*tasks)
        assert served.order == [
            "a-short",
            "b",
            "a-middle",
            "a-long",
        ]

    running(test)


def test_long_work_that_has_waited_is_passed_no_more() -> None:
    """It takes ten times as long: it does not wait a hundred times as long as what passes it."""

    async def test() -> None:
        served = Served(Lane(1, waiting=10, patience=10))
        await served.lane.take("first")
        tasks = [asyncio.create_task(served.work("a-long", 0.1))]
        await asyncio.sleep(0.2)
        tasks.append(asyncio.create_task(served.work("a-short", 0.01)))
        await asyncio.sleep(0)
        served.lane.leave("first")
        await asyncio.gather(*tasks)
        assert served.order == ["a-long", "a-short"]

    running(test)


def test_who_asks_for_much_makes_room_for_others() -> None:
    async def test() -> None:
        served = Served(Lane(1, waiting=3, patience=10))
        await served.all_of("a1", "a2", "a3", "b1", "a4", "c1")
        assert served.order == ["a1", "b1", "c1"]
        assert sorted(served.refused) == ["a2", "a3", "a4"]

    running(test)


def test_who_has_waited_long_is_sent_away() -> None:
    async def test() -> None:
        lane = Lane(1, waiting=5, patience=0.05, retry=7)
        await lane.take("a")
        with pytest.raises(BusyError) as busy:
            await lane.take("b")
        assert busy.value.seconds == 7
        assert lane.waiting == 0
        lane.leave("a")
        await lane.take("b")
        assert lane.free == 0

    running(test)


def test_who_leaves_the_line_takes_no_place_along() -> None:
    async def test() -> None:
        lane = Lane(1, waiting=5, patience=10)
        await lane.take("a")
        waiting = asyncio.create_task(lane.take("b"))
        last = asyncio.create_task(lane.take("c"))
        await asyncio.sleep(0.01)
        lane.leave("a")  # its turn comes, and it is gone in the same moment
        waiting.cancel()
        await last
        assert waiting.cancelled()
        assert (lane.free, lane.waiting) == (0, 0)
        lane.leave("c")
        assert lane.free == 1

    running(test)


def test_no_more_work_at_the_same_time_than_there_are_places() -> None:
    async def test() -> None:
        lane, at_work, most = Lane(2, waiting=50, patience=10), 0, 0

        async def work(client: str) -> None:
            nonlocal at_work, most
            await lane.take(client)
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.001)
            at_work -= 1
            lane.leave(client)

        await asyncio.gather(*(work("abc"[each % 3]) for each in range(20)))
        assert most == 2

    running(test)


def test_no_client_has_all_places() -> None:
    """One place of two is for others, however much somebody asks."""

    async def test() -> None:
        lane = Lane(2, waiting=5, patience=10, each=1)
        await lane.take("a")
        more = asyncio.create_task(lane.take("a"))
        await asyncio.sleep(0)
        assert (lane.free, lane.waiting) == (1, 1)
        await lane.take("b")
        lane.leave("b")
        await asyncio.sleep(0)
        assert not more.done()
        lane.leave("a")
        await more
        assert (lane.free, lane.waiting) == (1, 0)

    running(test)


def test_who_waits_before_a_lane_that_closes_is_told() -> None:
    async def test() -> None:
        lane = Lane(1, waiting=5, patience=10)
        await lane.take("a")
        waiting = asyncio.create_task(lane.take("b"))
        await asyncio.sleep(0)
        lane.close(BusyError("Closed.", 3))
        with pytest.raises(BusyError, match="Closed"):
            await waiting
        assert lane.waiting == 0

    running(test)
