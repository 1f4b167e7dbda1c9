"""``mcp`` and ``serve`` before they listen, and the transcript of ten questions."""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
import sys
from contextlib import closing
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from monazite.cli import page_commands as command
from monazite.server.assistants.server import AssistantServer
from tests.cli.conftest import Run
from tests.loops import run_in_loop
from tests.server.assistants.test_server import opened

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
LINES = (
    HELLO,
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {"name": "cuts", "arguments": {"element": "Dy", "market": "USA"}},
    },
)


def spoken(*lines: object, words: tuple[str, ...] = (), answers: int) -> list[dict[str, object]]:
    """What the command says to lines as they are, without a client that would mend anything."""
    with subprocess.Popen(
        [sys.executable, "-m", "monazite", "mcp", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in lines:
            process.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        process.stdin.flush()
        said = [json.loads(process.stdout.readline()) for _ in range(answers)]
        rest, told = process.communicate(timeout=30)
        assert (rest, process.returncode) == ("", 0)
        assert "Traceback" not in told
    return said


@pytest.mark.whole
def test_stdout_carries_the_protocol_alone(built: Path) -> None:
    hello, found = spoken(*LINES, answers=2)
    assert hello["result"]["serverInfo"]["name"] == "monazite"  # type: ignore[index]
    assert found["result"]["structuredContent"]["known"] is True  # type: ignore[index]


@pytest.mark.whole
def test_a_line_that_is_no_message_ends_nothing(built: Path) -> None:
    said = spoken(HELLO, "no json", '{"jsonrpc": "2.0"}', *LINES[1:], answers=2)
    assert said[-1]["id"] == 2


def test_without_the_package_the_sentence_says_how(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "monazite.server.assistants.server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert "pip install 'monazite[mcp]'" in run("mcp").assert_refused()


def test_without_its_extra_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "uvicorn" else name)
    said = run("serve").assert_refused()
    assert said == "To serve needs the packages uvicorn: pip install 'monazite[serve]'."


@pytest.mark.parametrize("host", ["0.0.0.0", "data.example", "::"])
def test_who_lets_others_in_says_by_which_name(host: str, run: Run) -> None:
    said = run("serve", "--host", host).assert_refused()
    assert said == f"Others can reach {host}; say by which name they do, with --allow-host NAME."


def test_a_port_that_is_taken_is_said(run: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        said = run("serve", "--port", str(port)).assert_refused()
    assert said.startswith(f"Nobody can listen at port {port} of 127.0.0.1: ")
    assert said.endswith("; name another with --port or --host.")


def test_others_are_let_in_with_a_warning(run: Run) -> None:
    """The address is nobody's: it warns, and then cannot listen there."""
    ended = run("serve", "--host", "192.0.2.1", "--allow-host", "data.example")
    warning, refused = ended.err.splitlines()
    assert warning.startswith("Warning: whoever reaches 192.0.2.1 may ask all that this server ")
    assert refused.startswith("Nobody can listen at port 8000 of 192.0.2.1: ")
    assert ended.code == 2


@pytest.mark.parametrize("origin", ["foo", "https://a.example/"])
def test_an_origin_that_no_browser_sends_is_refused(origin: str, run: Run) -> None:
    said = run("serve", "--allow-origin", origin).assert_refused()
    assert said.startswith(f"'{origin}' is not the origin of a page; write it as https://")


EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE = (EXAMPLES / "assistant.md").read_text(encoding="utf-8")


def _load() -> Any:
    spec = spec_from_file_location("ask_as_assistant", EXAMPLES / "ask_as_assistant.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = _load()
QUESTIONS = script.QUESTIONS


def shown_in(part: str) -> dict[str, Any]:
    found = re.findall(r"^\| `(/[^`]+)` \| (.+) \|$", part, re.MULTILINE)
    return {pointer: json.loads(value) for pointer, value in found}


def test_there_are_ten_questions_each_with_its_answer() -> None:
    parts = re.split(r"^\d+\. \*\*", PAGE, flags=re.MULTILINE)[1:]
    assert len(QUESTIONS) == len(parts) == 10
    for asked, part in zip(QUESTIONS, parts, strict=True):
        assert part.startswith(f"{asked.words}** `{asked.tool}`")
        assert {*shown_in(part)} == {*asked.shown}
        assert "- Range: " in part
        assert "- Data: release of " in part


@pytest.mark.whole
@pytest.mark.parametrize("place", range(10))
def test_the_numbers_are_those_of_the_command(place: int, built: Path, run: Run) -> None:
    asked = QUESTIONS[place]
    part = re.split(r"^\d+\. \*\*", PAGE, flags=re.MULTILINE)[place + 1]
    done = run(*shlex.split(asked.command), "-f", "json")
    if not asked.shown:
        assert "Known: no." in part
        assert done.code == 2
        assert re.search(r"- Not known: (.+)", part)[1] in done.err  # type: ignore[index]
        return
    told = json.loads(done.out)
    assert shown_in(part) == {each: script.at(told, each) for each in asked.shown}


@pytest.mark.whole
def test_the_page_is_what_the_script_writes(built: Path) -> None:
    async def whole() -> str:
        async with Client(AssistantServer(opened()).server) as client:
            return str(await script.ask(client))

    written = run_in_loop(whole, seconds=300)
    assert PAGE.partition(script.BEGIN)[0] + written == PAGE, (
        "run examples/ask_as_assistant.py examples/assistant.md"
    )
