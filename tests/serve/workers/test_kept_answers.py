"""Answers in memory: what was asked is not asked again, and memory is bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from monazite.errors import QueryError
from monazite.serve.workers.kept_answers import KeptAnswers
from tests.loops import run_in_loop


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
        kept, work = KeptAnswers(1000), Work()
        assert [await kept.ask("a", work) for _ in range(3)] == [b"answer"] * 3
        assert (work.done, kept.found, kept.size) == (1, 2, 7)

    running(test)


def test_who_asks_the_same_meanwhile_waits_for_the_same() -> None:
    async def test() -> None:
        kept, work = KeptAnswers(1000), Work(seconds=0.05)
        answers = await asyncio.gather(*(kept.ask("a", work) for _ in range(9)))
        assert (work.done, {*answers}) == (1, {b"answer"})

    running(test)


def test_work_goes_on_until_nobody_waits_for_it() -> None:
    async def test() -> None:
        kept, work = KeptAnswers(1000), Work(seconds=0.1)
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
        kept = KeptAnswers(80)
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
        kept = KeptAnswers(1000)
        with pytest.raises(QueryError):
            await kept.ask("a", fail)
        assert await kept.ask("a", Work()) == b"answer"

    running(test)


def test_nothing_is_kept_where_nothing_may() -> None:
    async def test() -> None:
        kept, work = KeptAnswers(0), Work()
        assert [await kept.ask("a", work) for _ in range(2)] == [b"answer"] * 2
        assert work.done == 2

    running(test)
