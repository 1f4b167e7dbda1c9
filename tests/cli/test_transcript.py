"""The transcript of ten questions: its numbers are those that the commands print."""

from __future__ import annotations

import json
import re
import shlex
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from monazite.assistants.server import AssistantServer
from tests.assistants.test_server import opened
from tests.cli.conftest import Run
from tests.loops import run_in_loop
from tests.mirror import TESTS

EXAMPLES = TESTS.parent / "examples"
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
