"""The line of long work: at a terminal, after a second, and gone before anything else is said."""

from __future__ import annotations

import io
import time

import pytest

from monazite.cli import waiting
from monazite.cli.common import say
from monazite.cli.progress import ProgressBar
from monazite.cli.waiting import WaitingLine


class Screen(io.StringIO):
    """A terminal, or a pipe."""

    def __init__(self, *, terminal: bool = True) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def wait_for(screen: Screen, text: str) -> bool:
    """Whether a text comes, which it does in a hundredth of the time that is given."""
    end = time.monotonic() + 10
    while text not in screen.getvalue() and time.monotonic() < end:
        time.sleep(0.01)
    return text in screen.getvalue()


def visible(text: str) -> str:
    """What a terminal shows in its last line: what comes after a return stands over the rest."""
    *_, line = text.split("\n")
    shown = ""
    for part in line.split("\r"):
        shown = part + shown[len(part) :]
    return shown.rstrip()


def watch(monkeypatch: pytest.MonkeyPatch, *, terminal: bool = True) -> Screen:
    """A reader who is told after a hundredth of a second."""
    screen = Screen(terminal=terminal)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(waiting, "PATIENCE", 0.01)
    return screen


def test_it_says_how_long_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch)
    with WaitingLine():
        assert wait_for(screen, "Working, 0 s")
    assert visible(screen.getvalue()) == ""


def test_what_is_said_meanwhile_has_its_line_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch)
    with WaitingLine():
        assert wait_for(screen, "Working")
        say("The graph is in dy.html.")
        lines = screen.getvalue().split("\n")
    assert [visible(line) for line in lines[:-1]] == ["The graph is in dy.html."]


def test_a_bar_has_the_line_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch)
    with WaitingLine(), ProgressBar("Solving") as bar:
        time.sleep(0.02)
        bar(0.5)
        begun = screen.getvalue().rindex("Solving")
        time.sleep(0.1)
        assert "Working" not in screen.getvalue()[begun:]


def test_nobody_is_told_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch, terminal=False)
    with WaitingLine():
        time.sleep(0.1)
        say("Done.")
    assert screen.getvalue() == "Done.\n"
