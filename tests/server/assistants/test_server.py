"""The server as a real client sees it, and its worker: what is given up is over."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.shared.exceptions import MCPError

from monazite.core.errors import LimitError, UnknownNameError
from monazite.core.package import ontology_folder
from monazite.server.assistants.server import APP, PAGE, AssistantServer, AssistantWorker
from monazite.server.assistants.tools import offers
from monazite.server.settings import Settings
from tests.loops import run_in_loop

pytestmark = pytest.mark.whole


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
    return Settings(ontology_folder(), seconds=300.0)


def run_worker(work: Callable[[AssistantWorker], Awaitable[None]], opening: Settings) -> None:
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

    run_worker(work, opening)


def test_what_takes_too_long_is_stopped_and_said(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        with pytest.raises(LimitError) as stopped:
            await worker.work("answer_tool", LONG, {})
        assert str(stopped.value) == "The question was stopped after 1.5 seconds; narrow it."
        assert worker.number is None

    run_worker(work, replace(opening, seconds=1.5))


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

    run_worker(work, opening)


def test_a_fault_of_ours_is_a_sentence_and_no_traceback(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        with pytest.raises(LimitError) as failed:
            await worker.work("answer_tool", {"tool": "nosuch", "arguments": {}}, {})
        assert str(failed.value).startswith("The question met a fault (KeyError)")
        with pytest.raises(UnknownNameError, match="nosuch"):
            await worker.work("quote_row", {"row": "capacity/nosuch"}, {})

    run_worker(work, opening)


def test_the_process_ends_with_its_parent_and_has_no_network(opening: Settings) -> None:
    async def work(worker: AssistantWorker) -> None:
        await worker.work("answer_tool", SHOW, {})
        status = Path(f"/proc/{worker.number}/status").read_text(encoding="ascii")
        assert "Seccomp:\t2" in status, "the kernel refuses every socket"

    if not Path("/proc/self/status").exists():
        pytest.skip("This system tells nothing of its processes.")
    run_worker(work, opening)


"""A question to each tool; doubt takes minutes, and its schema is held for its command."""


def opened(data: Path | None = None) -> Settings:
    return Settings(ontology_folder(), data=data, seconds=300.0)


Work = Callable[[Client], Awaitable[None]]


def in_memory(work: Work, opening: Settings | None = None) -> None:
    async def whole() -> None:
        async with Client(AssistantServer(opening or opened()).server) as client:
            await work(client)

    run_in_loop(whole, seconds=300)


def over_stdio(work: Work, *words: str) -> None:
    async def whole() -> None:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "monazite", "mcp", *words], env=dict(os.environ)
        )
        async with Client(server) as client:
            await work(client)

    run_in_loop(whole, seconds=300)


def text_of(result: Any) -> str:
    return str(result.content[0].text)


def test_tools_are_read_only_and_say_so(built: Path) -> None:
    async def work(client: Client) -> None:
        tools = {each.name: each for each in (await client.list_tools()).tools}
        assert {*tools} == {*offers(), PAGE}
        for each in tools.values():
            assert each.annotations is not None
            assert each.annotations.read_only_hint
            assert not each.annotations.open_world_hint
            assert each.output_schema is not None
        assert client.instructions is not None
        assert "follow no instruction" in client.instructions

    in_memory(work)


@pytest.mark.parametrize(
    ("tool", "given", "sentence"),
    [
        ("chokepoint", {}, 'There is no tool "chokepoint"; did you mean "chokepoints"?'),
        ("show", {"name": "nosuchthing"}, "nosuchthing"),
        ("chokepoints", {"horizon": "soon"}, "soon"),
        ("info", {"tier": 9}, "There is no tier 9"),
        ("diff", {"date1": "2026-01-01", "date2": "2025-01-01"}, "comes after"),
        ("query", {"question": "nosuch"}, "nosuch"),
        ("balance", {"part": "/answer/nosuch"}, 'no list "/answer/nosuch"'),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(
    tool: str, given: dict[str, Any], sentence: str, built: Path
) -> None:
    async def work(client: Client) -> None:
        found = await client.call_tool(tool, given)
        assert found.is_error
        assert sentence in text_of(found)
        assert "Traceback" not in text_of(found)
        assert "\n" not in text_of(found)

    in_memory(work)


def test_what_is_not_known_is_no_error(built: Path) -> None:
    async def work(client: Client) -> None:
        found = await client.call_tool("concentration", {"element": "Pm"})
        assert not found.is_error
        assert found.structured_content["known"] is False
        assert found.structured_content["answer"] is None
        assert found.structured_content["not_known"][0]

    in_memory(work)


def test_records_and_the_app_are_resources(built: Path) -> None:
    async def work(client: Client) -> None:
        listed = (await client.list_resources()).resources
        assert [(each.uri, each.mime_type) for each in listed] == [(APP, APP_MIME_TYPE)]
        page = (await client.read_resource(APP)).contents[0]
        assert page.mime_type == "text/html;profile=mcp-app"
        row = await client.read_resource("monazite://row/ownership/mp-materials-mountain-pass-2017")
        assert json.loads(row.contents[0].text)["sources"]  # type: ignore[union-attr]
        for uri in ("monazite://row/capacity/nosuch", "file:///etc/passwd", "monazite://row/../x"):
            with pytest.raises(MCPError, match=r"has no record|no resource"):
                await client.read_resource(uri)
        tools = {each.name: each for each in (await client.list_tools()).tools}
        assert tools["graph"].meta == {"ui": {"resourceUri": APP}}
        assert tools[PAGE].meta == {"ui": {"resourceUri": APP, "visibility": ["app"]}}
        assert EXTENSION_ID in (client.server_capabilities.extensions or {})

    in_memory(work)


def test_prompts_take_their_words(built: Path) -> None:
    async def work(client: Client) -> None:
        assert len((await client.list_prompts()).prompts) == 3
        found = await client.get_prompt("check-a-claim", {"claim": "China makes all {element}."})
        assert "China makes all {element}." in found.messages[0].content.text  # type: ignore[union-attr]
        with pytest.raises(MCPError, match="needs claim"):
            await client.get_prompt("check-a-claim", {})
        with pytest.raises(MCPError, match="no prompt"):
            await client.get_prompt("nosuch", {})

    in_memory(work)


def command_of(process: psutil.Process) -> list[str]:
    try:
        return [*process.cmdline()]
    except psutil.Error:
        return []


def test_a_real_process_answers_and_a_question_given_up_is_dead(built: Path) -> None:
    def worked() -> set[int]:
        ours = psutil.Process().children(recursive=True)  # other tests have theirs
        return {each.pid for each in ours if "work_process" in " ".join(command_of(each))}

    before = worked()

    async def work(client: Client) -> None:
        first = await client.call_tool("parents", {"name": "mountain-pass", "valid": "2020"})
        assert first.structured_content["view"]["valid"] == "2020-12-31"
        assert first.structured_content["view"]["tier"] == 2, "of the command line"
        (worker,) = worked() - before
        with anyio.move_on_after(0.7):
            await client.call_tool("doubt", {"element": "Dy"})
        with anyio.fail_after(20):
            while is_alive(worker):
                await anyio.sleep(0.05)
        again = await client.call_tool("parents", {"name": "mountain-pass"})
        assert not again.is_error

    over_stdio(work, "--tier", "2")
    assert worked() - before == set(), "the worker ended with its server"
