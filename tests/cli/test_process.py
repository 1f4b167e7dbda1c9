"""The command as a process: how it ends, what it says meanwhile, what it imports and completes."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monazite.cli import writing
from monazite.cli.app import commands
from monazite.cli.writing import ProgressBar, WaitingLine, say
from monazite.core.tables import FORMATS
from tests.cli.conftest import Run

END = """
import atexit, os, sys
from monazite import cli
def main():
    print("said", end="")
    atexit.register(os.write, 1, b" and done")
    sys.exit({code})
cli.main = main
cli.console()
"""


@pytest.mark.parametrize(("code", "ends"), [("None", 0), ("'no'", 1)])
def test_a_command_ends_with_its_code_and_says_all(code: str, ends: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", END.format(code=code)], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (ends, "said and done")


def test_a_command_waits_for_a_thread_that_still_runs() -> None:
    late = "threading.Thread(target=lambda: (time.sleep(0.3), os.write(1, b'!'))).start()"
    code = END.format(code=0).replace("    sys.exit", f"    {late}\n    sys.exit")
    code = f"import threading, time\n{code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, sorted(done.stdout)) == (0, sorted("said and done!"))


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="pipes end nobody here")
def test_only_a_process_of_its_own_ends_with_its_reader(run: Run) -> None:
    before = signal.getsignal(signal.SIGPIPE)
    assert run("--version").code == 0
    assert signal.getsignal(signal.SIGPIPE) == before == signal.SIG_IGN
    asked = "import signal; print(signal.getsignal(signal.SIGPIPE).name, end=' ')"
    code = END.format(code=0).replace("import atexit", f"{asked}\nimport atexit", 1)
    code = code.replace('print("said", end="")', asked.partition("; ")[2])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "SIG_IGN SIG_DFL  and done"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_what_cannot_be_said_is_not_a_good_end() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", END.format(code=0)],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": ""},  # what is held back comes at the end
        )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("What was found could not be written: No space left")
    assert done.stderr.count(b"\n") == 1


SLOW = (
    "networkx",
    "pyvis",
    "pyshacl",
    "shacl",
    "scipy",
    "rdflib",
    "pyoxigraph",
    "IPython",
    "openpyxl",
    "jinja2",
    "matplotlib",
    "mcp",
)


WITH_THEIR_FILE = {"check", "contribute", "import", "new-table", "query", "release", "verify"}
"""Commands whose parameters stand at a function, in the file that does the work."""


def test_help_imports_nothing_slow() -> None:
    light = [command for command in commands() if command not in WITH_THEIR_FILE]
    asked = [["--help"], ["--version"], *([command, "--help"] for command in light)]
    code = (
        "import sys; from monazite.cli import main\n"
        f"for words in {asked!r}:\n"
        "    sys.argv = ['monazite', *words]\n"
        "    try: main()\n"
        "    except SystemExit: pass\n"
        f"    print(words, sorted(set({SLOW!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.splitlines() == [f"{words} []" for words in asked]
    assert done.stdout.count("Usage: monazite") == len(asked) - 1  # all but the version


def test_a_lookup_imports_the_engine_and_nothing_slow(built: Path) -> None:
    code = (
        "import sys; from monazite.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print(sorted(set({SLOW!r}) & set(sys.modules)), file=sys.stderr)"
    )
    words = ["query", "facility-life", "-p", "facility=mountain-pass"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.stderr == "['pyoxigraph']\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="This system has no /dev/full.")
@pytest.mark.whole
def test_full_disk_behind_stdout(built: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "monazite", "show", "Dy"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "No space left on device; make room or name another place.\n"


@pytest.mark.parametrize(
    "words", [["--help"], ["query", "trade-between", "-f", "csv"]], ids=" ".join
)
@pytest.mark.whole
def test_a_reader_who_stops_reading_gets_no_traceback(words: list[str], built: Path) -> None:
    command = [sys.executable, "-m", "monazite", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        said = started.stderr.read().decode()
    assert said == ""


def test_a_cache_that_cannot_be_written(run_process: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_process("query", "facility-life", MONAZITE_CACHE=str(tmp_path / "file" / "cache"))
    assert (done.code, done.out) == (2, "")
    last = done.err.splitlines()[-1]
    assert last.startswith(f"The cache folder {tmp_path / 'file' / 'cache'} cannot be written")
    assert "--no-cache" in last
    assert "Traceback" not in done.err


NO_SHELL_ABOVE = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
"""A shell is named by the test: else the one is taken that the tests were started from, if any."""
Tab = Callable[..., list[str]]


@pytest.fixture
def tab(run_process: Run) -> Tab:
    """Ask as the script of bash does."""

    def ask(words: str, **environ: str) -> list[str]:
        place = str(len(words.split(" ")) - 1)
        asked = {"_MONAZITE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": place}
        done = run_process(**asked, **environ)
        assert (done.code, done.err) == (0, "")
        return done.out.split()

    return ask


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("monazite choke", ["chokepoints"]),
        ("monazite chokepoints -e D", ["Dy", "DyTb"]),
        ("monazite chokepoints -m US", ["USA"]),
        ("monazite parents lynas-m", ["lynas-malaysia", "lynas-malaysia-kuantan"]),
        ("monazite query facility-l", ["facility-life"]),
        ("monazite query owners -p ", ["date=", "entity="]),
        ("monazite claims -f ", sorted(FORMATS)),
    ],
)
def test_it_offers(words: str, offered: list[str], tab: Tab) -> None:
    assert tab(words) == offered


def test_where_no_store_is_kept_none_is_built(tab: Tab, tmp_path: Path) -> None:
    empty = tmp_path / "cache"
    assert tab("monazite show mountain", MONAZITE_CACHE=str(empty)) == []
    assert not [*empty.glob("store-*")]


@pytest.mark.whole
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_shown(shell: str, run_process: Run) -> None:
    done = run_process("--show-completion", shell, **NO_SHELL_ABOVE)
    assert (done.code, done.err) == (0, "")
    assert "_MONAZITE_COMPLETE" in done.out
    if path := shutil.which(shell):
        subprocess.run([path, "-n"], input=done.out, text=True, check=True)


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
    monkeypatch.setattr(writing, "PATIENCE", 0.01)
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


@pytest.mark.parametrize(
    ("terminal", "patience", "shown"),
    [(True, 0.0, True), (True, 60.0, False), (False, 0.0, False)],
    ids=["waits", "is quick", "nobody"],
)
def test_who_sees_a_bar(
    terminal: bool, patience: float, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(terminal=terminal)
    monkeypatch.setattr(writing, "PATIENCE", patience)
    monkeypatch.setattr("sys.stderr", screen)
    with ProgressBar("Solving") as bar:
        bar(0.25)
        bar(0.5)
    text = screen.getvalue()
    assert ("Solving" in text) == ("100%" in text) == shown
