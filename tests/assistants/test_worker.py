"""The worker: what is given up is over, and the next question is answered all the same."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import anyio
import pytest

from monazite.assistants.worker import AssistantWorker
from monazite.errors import LimitError, UnknownNameError
from monazite.serve.settings import Settings
from tests.loops import run_in_loop

SHOW = {"tool": "parents", "arguments": {"name": "mountain-pass"}}
LONG = {"tool": "doubt", "arguments": {"element": "Dy"}}


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def opening(built: Path) -> Settings:
    from monazite.shipped import ontology_folder

    return Settings(ontology_folder(), seconds=300.0)


def run(work: Callable[[AssistantWorker], Awaitable[None]], opening: Settings) -> None:
    async def whole() -> None:
        worker = AssistantWorker(opening)
        try:
            await work(worker)
        finally:
            await worker.close()

    run_in_loop(whole)


def test_the_same_process_answers_again_and_of_another_view(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        first = json.loads(await worker.work("answer_tool", SHOW, {}))
        number = worker.number
        early = json.loads(await worker.work("answer_tool", SHOW, {"valid": "2010"}))
        assert (first["view"]["valid"], early["view"]["valid"]) == ("2026-11-24", "2010-12-31")
        assert first["answer"] != early["answer"]
        assert worker.number == number

    run(work, opening)


def test_what_is_given_up_really_stops(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        await worker.work("answer_tool", SHOW, {})
        number = worker.number
        assert number is not None
        with anyio.move_on_after(0.5) as given_up:
            await worker.work("answer_tool", LONG, {})
        assert given_up.cancelled_caught
        assert not is_alive(number)
        again = json.loads(await worker.work("answer_tool", SHOW, {}))
        assert again["answer"]["entity"] == "mountain-pass"

    run(work, opening)


@pytest.mark.whole
def test_what_takes_too_long_is_stopped_and_said(opening: Settings) -> None:
    from dataclasses import replace

    async def work(worker: AssistantWorker) -> None:
        with pytest.raises(LimitError) as stopped:
            await worker.work("answer_tool", LONG, {})
        assert str(stopped.value) == "The question was stopped after 1.5 seconds; narrow it."
        assert worker.number is None

    run(work, replace(opening, seconds=1.5))


def test_a_process_that_breaks_off_is_said_and_replaced(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        await worker.work("answer_tool", SHOW, {})
        assert worker.number is not None
        async with anyio.create_task_group() as both:
            both.start_soon(partial(refused, worker))
            await anyio.sleep(0.5)
            os.kill(worker.number, 9)
        assert json.loads(await worker.work("answer_tool", SHOW, {}))["known"]

    async def refused(worker: AssistantWorker) -> None:
        with pytest.raises(LimitError, match="nested too deeply, or takes too much memory"):
            await worker.work("answer_tool", LONG, {})

    run(work, opening)


def test_a_fault_of_ours_is_a_sentence_and_no_traceback(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        with pytest.raises(LimitError) as failed:
            await worker.work("answer_tool", {"tool": "nosuch", "arguments": {}}, {})
        assert str(failed.value).startswith("The question met a fault (KeyError)")
        with pytest.raises(UnknownNameError, match="nosuch"):
            await worker.work("quote_row", {"row": "capacity/nosuch"}, {})

    run(work, opening)


def test_questions_wait_for_each_other(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        answers: list[str] = []

        async def ask(name: str) -> None:
            task = {"tool": "parents", "arguments": {"name": name}}
            answers.append(
                json.loads(await worker.work("answer_tool", task, {}))["answer"]["entity"]
            )

        async with anyio.create_task_group() as all_at_once:
            for name in ("mountain-pass", "mp-materials", "mt-weld"):
                all_at_once.start_soon(ask, name)
        assert sorted(answers) == ["mountain-pass", "mp-materials", "mt-weld"]

    run(work, opening)


def test_the_process_ends_with_its_parent_and_has_no_network(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        await worker.work("answer_tool", SHOW, {})
        status = Path(f"/proc/{worker.number}/status").read_text(encoding="ascii")
        assert "Seccomp:\t2" in status, "the kernel refuses every socket"

    if not Path("/proc/self/status").exists():
        pytest.skip("This system tells nothing of its processes.")
    run(work, opening)
