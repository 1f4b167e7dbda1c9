"""The door and its workers: answers that are kept, places in turn, expected times, held files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monazite.core.errors import BusyError, QueryError, UnreadableError
from monazite.data.filters import Filters
from monazite.server.dispatcher import (
    CLIENT,
    CachedAnswers,
    Dispatcher,
    ExpectedTimes,
    FairQueue,
    TeamName,
)
from monazite.server.settings import Settings, held_files
from tests.loops import run_in_loop

if TYPE_CHECKING:
    from monazite.view.view import View


def test_the_same_is_expected_to_take_as_long_as_last() -> None:
    times = ExpectedTimes()
    for seconds in (5.0, 1.0):
        times.note(b"a", seconds)
    times.note(b"b", 4.0)
    assert [times.of(each) for each in (b"a", b"b", b"new")] == [1.0, 4.0, 2.5]


def test_what_was_done_longest_ago_is_forgotten() -> None:
    times = ExpectedTimes(most=2)
    for asked, seconds in ((b"a", 1.0), (b"b", 2.0), (b"a", 3.0), (b"c", 5.0)):
        times.note(asked, seconds)
    assert [times.of(each) for each in (b"a", b"c")] == [3.0, 5.0]
    assert times.of(b"b") == pytest.approx(4.0)  # as anything new


def running(test: Callable[[], Coroutine[None, None, None]]) -> None:
    run_in_loop(test, seconds=30)


class Work:
    """Work that counts how often it is done, and how often it is cut off."""

    def __init__(self, answer: bytes = b"answer", seconds: float = 0.0) -> None:
        self.done = self.cut = 0
        self._answer, self._seconds = answer, seconds

    async def __call__(self) -> bytes:
        self.done += 1
        try:
            await asyncio.sleep(self._seconds)
        except asyncio.CancelledError:
            self.cut += 1
            raise
        return self._answer


def test_what_was_answered_is_not_worked_out_again() -> None:
    async def test() -> None:
        kept, work = CachedAnswers(1000), Work()
        assert [await kept.ask("a", work) for _ in range(3)] == [b"answer"] * 3
        assert (work.done, kept.found, kept.size) == (1, 2, 7)

    running(test)


def test_who_asks_the_same_meanwhile_waits_for_the_same() -> None:
    async def test() -> None:
        kept, work = CachedAnswers(1000), Work(seconds=0.05)
        answers = await asyncio.gather(*(kept.ask("a", work) for _ in range(9)))
        assert (work.done, {*answers}) == (1, {b"answer"})

    running(test)


def test_work_goes_on_until_nobody_waits_for_it() -> None:
    async def test() -> None:
        kept, work = CachedAnswers(1000), Work(seconds=0.1)
        first, second = (asyncio.create_task(kept.ask("a", work)) for _ in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        assert await second == b"answer"
        assert work.cut == 0
        alone = asyncio.create_task(kept.ask("b", work))
        await asyncio.sleep(0.01)
        alone.cancel()
        await asyncio.sleep(0.01)
        assert (work.done, work.cut) == (2, 1)

    running(test)


def test_the_oldest_go_first_and_large_ones_are_not_kept() -> None:
    async def test() -> None:
        kept = CachedAnswers(80)
        for name in "abcdefghi":
            await kept.ask(name, Work(b"x" * 9))
            await kept.ask("a", Work(b"x" * 9))  # asked all the time
        assert kept.size <= 80
        early, late, known = Work(), Work(), Work()
        for name, work in (("b", early), ("i", late), ("a", known)):
            await kept.ask(name, work)
        assert (early.done, late.done, known.done) == (1, 0, 0)
        large = Work(b"x" * 20)
        await kept.ask("large", large)
        await kept.ask("large", large)
        assert large.done == 2

    running(test)


def test_errors_are_not_kept() -> None:
    async def fail() -> bytes:
        raise QueryError("no")

    async def test() -> None:
        kept = CachedAnswers(1000)
        with pytest.raises(QueryError):
            await kept.ask("a", fail)
        assert await kept.ask("a", Work()) == b"answer"

    running(test)


class Served:
    """Who had a place, in order."""

    def __init__(self, lane: FairQueue) -> None:
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
        served = Served(FairQueue(1, waiting=10, patience=10))
        await served.all_of("a1", "a2", "a3", "b1", "c1", "b2")
        assert served.order == ["a1", "b1", "c1", "a2", "b2", "a3"]
        assert (served.lane.free, served.lane.waiting) == (1, 0)

    running(test)


def test_short_work_passes_longer_work_of_its_line() -> None:
    async def test() -> None:
        served = Served(FairQueue(1, waiting=10, patience=10))
        await served.lane.take("first")
        asked = {"a-long": 9.0, "a-middle": 3.0, "a-short": 1.0, "b": 99.0}
        tasks = [asyncio.create_task(served.work(*each)) for each in asked.items()]
        await asyncio.sleep(0.01)
        served.lane.leave("first")
        await asyncio.gather(*tasks)
        assert served.order == ["a-short", "b", "a-middle", "a-long"]

    running(test)


def test_long_work_that_has_waited_is_passed_no_more() -> None:
    """It takes ten times as long: it does not wait a hundred times as long as what passes it."""

    async def test() -> None:
        served = Served(FairQueue(1, waiting=10, patience=10))
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
        served = Served(FairQueue(1, waiting=3, patience=10))
        await served.all_of("a1", "a2", "a3", "b1", "a4", "c1")
        assert served.order == ["a1", "b1", "c1"]
        assert sorted(served.refused) == ["a2", "a3", "a4"]

    running(test)


def test_who_has_waited_long_is_sent_away() -> None:
    async def test() -> None:
        lane = FairQueue(1, waiting=5, patience=0.05, retry=7)
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
        lane = FairQueue(1, waiting=5, patience=10)
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
        lane, at_work, most = FairQueue(2, waiting=50, patience=10), 0, 0

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
        lane = FairQueue(2, waiting=5, patience=10, each=1)
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
        lane = FairQueue(1, waiting=5, patience=10)
        await lane.take("a")
        waiting = asyncio.create_task(lane.take("b"))
        await asyncio.sleep(0)
        lane.close(BusyError("Closed.", 3))
        with pytest.raises(BusyError, match="Closed"):
            await waiting
        assert lane.waiting == 0

    running(test)


TEXT = "row,facility,event,date,source\nmine-1,bukit-merah,closed,1993-05-01,wise-406\n"


def test_a_folder_is_held_as_it_was(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    table = mine / "facility_events.csv"
    table.write_text(TEXT)
    (mine / "remarks.txt").write_text("not read")
    with held_files(mine) as held:
        assert held is not None
        table.unlink()
        assert held.name == "mine"
        assert (held / table.name).read_text() == TEXT
        assert sorted(each.name for each in held.iterdir()) == [
            "facility_events.csv",
            "remarks.txt",
        ]
    assert not held.exists()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be read"), held_files(tmp_path / "none"):
        pytest.fail("nothing is held")


class FakeTeam:
    """Workers that note what they were told, and number their answers."""

    def __init__(self) -> None:
        self.done: list[tuple[Mapping[str, object], float, str]] = []

    async def do(self, asked: Mapping[str, object], seconds: float, client: str) -> bytes:
        self.done.append((asked, seconds, client))
        return str(len(self.done)).encode()


def some_work(view: View, given: Mapping[str, object]) -> bytes:
    raise AssertionError("it is done in a worker")


@pytest.fixture
def door() -> Dispatcher:
    """A door before which no process stands."""
    made = Dispatcher(Settings(Path(), seconds=2.0, long_seconds=50.0))
    made.teams = {"quick": FakeTeam(), "long": FakeTeam(), "views": FakeTeam()}  # type: ignore[dict-item]
    return made


def test_the_same_work_is_done_once_unless_it_is_another_each_time(door: Dispatcher) -> None:
    async def test() -> None:
        assert [await door.ask(some_work, {"a": 1}) for _ in range(2)] == [b"1", b"1"]
        assert await door.ask(some_work, {"a": 2}) == b"2"
        assert await door.ask(some_work, {"a": 1}, filters=Filters(tier=1)) == b"3"
        again = [await door.ask(some_work, {"a": 1}, keep=False) for _ in range(2)]
        assert again == [b"4", b"5"]
        assert door.kept.found == 1

    running(test)


def test_long_work_has_a_team_and_a_time_of_its_own(door: Dispatcher) -> None:
    async def test() -> None:
        CLIENT.set("192.0.2.7")
        teams: tuple[TeamName, ...] = ("quick", "long", "views")
        for team in teams:
            await door.ask(some_work, {"of": team}, team=team)
            (told,) = door.teams[team].done  # type: ignore[attr-defined]
            assert told[1:] == (2.0 if team == "quick" else 50.0, "192.0.2.7")
            assert told[0]["name"] == "some_work"

    running(test)
