"""Help in panels: every command in one group, no summary cut, brackets as they are written."""

from __future__ import annotations

import re

import pytest
import typer.main

from monazite.cli.app import COMMANDS, GROUPS, app
from tests.cli.conftest import Run

FRAME = re.compile(r"[│╭╮╰╯─]+")


def words_of(text: str) -> str:
    return " ".join(FRAME.sub(" ", text).split())


def test_every_command_stands_below_its_group_with_its_whole_summary(run: Run) -> None:
    shown = words_of(run("--help").out)
    assert "..." not in shown.partition("COMMAND [ARGS]...")[2]
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    wanted = ""
    for group, names in GROUPS.items():
        wanted += f" {group}"
        for name in names:
            summary = " ".join(commands[name].help.split("\n\n")[0].split())
            wanted += f" {name} {summary}"
    assert wanted.strip() in shown
    assert len(COMMANDS) == len({*COMMANDS})


def test_the_help_ends_with_the_exit_codes(run: Run) -> None:
    last = run("--help").out.partition("Exit codes")[2]
    assert re.findall(r"^ +(\d)  \w", last, re.MULTILINE) == ["0", "1", "2"]


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_no_line_is_wider_than_the_terminal(
    width: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for words in (["--help"], ["brief", "--help"]):
        assert max(map(len, run(*words).out.splitlines())) <= int(width)


def test_brackets_are_no_markup(run: Run) -> None:
    assert "pip install 'monazite[brief]'" in words_of(run("brief", "--help").out)


def test_options_of_the_data_have_a_panel_of_their_own(run: Run) -> None:
    own, _, data = run("info", "--help").out.partition("Data used")
    for option in ("--valid", "--known", "--tier", "--without", "--data", "--no-cache"):
        assert option in data
        assert option not in own.partition("Options")[2]
