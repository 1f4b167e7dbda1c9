"""The command that an assistant starts: only the protocol on stdout, sentences on stderr."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

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


def test_a_wrong_view_is_refused_before_any_client(run: Run) -> None:
    assert "There is no tier 7" in run("mcp", "--tier", "7").assert_refused()


def test_without_the_package_the_sentence_says_how(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "monazite.assistants.server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert "pip install 'monazite[mcp]'" in run("mcp").assert_refused()
