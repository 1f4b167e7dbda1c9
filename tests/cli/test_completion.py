"""What the Tab key offers, as a shell asks for it, and that nothing is opened for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monazite.parameters import events
from monazite.tables import FORMATS
from monazite.triples.queries import read_queries
from tests.cli.conftest import Run

NO_SHELL_ABOVE = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
"""A shell is named by the test: else the one is taken that the tests were started from, if any."""


@pytest.fixture
def tab(run_process: Run) -> Tab:
    return Tab(run_process)


class Tab:
    """Asks as the script of bash does."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __call__(self, words: str, **environ: str) -> list[str]:
        asked = {
            "_MONAZITE_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        }
        done = self._run(**asked, **environ)
        assert (done.code, done.err) == (0, "")
        return done.out.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("monazite choke", ["chokepoints"]),
        ("monazite chokepoints -e D", ["Dy", "DyTb"]),
        ("monazite balance --element Nd", ["Nd", "NdPr"]),
        ("monazite chokepoints -m US", ["USA"]),
        ("monazite policies --by EU", ["EUE"]),
        ("monazite brief --event ", sorted(events())),
        ("monazite parents lynas-m", ["lynas-malaysia", "lynas-malaysia-kuantan"]),
        ("monazite query facility-l", ["facility-life"]),
        ("monazite query owners -p ", ["date=", "entity="]),
        ("monazite claims -f ", sorted(FORMATS)),
    ],
)
def test_it_offers(words: str, offered: list[str], tab: Tab) -> None:
    assert tab(words) == offered


def test_every_question_is_offered(tab: Tab) -> None:
    assert tab("monazite query ") == sorted(read_queries())


def test_where_no_store_is_kept_none_is_built(tab: Tab, tmp_path: Path) -> None:
    empty = tmp_path / "cache"
    assert tab("monazite show mountain", MONAZITE_CACHE=str(empty)) == []
    assert not [*empty.glob("store-*")]


def test_the_engine_is_not_opened(built: Path) -> None:
    code = (
        "from monazite.triples import opening\n"
        "opening.ox = None\n"  # whoever opens the engine fails
        "from monazite.cli.completion import complete_id\n"
        "print(*complete_id('facility')('mountain-pass-r'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("mountain-pass-recycling\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_shown(shell: str, run_process: Run) -> None:
    done = run_process("--show-completion", shell, **NO_SHELL_ABOVE)
    assert (done.code, done.err) == (0, "")
    assert "_MONAZITE_COMPLETE" in done.out
    if path := shutil.which(shell):
        subprocess.run([path, "-n"], input=done.out, text=True, check=True)


def test_it_is_installed_in_the_home_of_the_reader(run_process: Run, tmp_path: Path) -> None:
    done = run_process("--install-completion", "bash", HOME=str(tmp_path), **NO_SHELL_ABOVE)
    assert done.code == 0
    assert (tmp_path / ".bash_completions" / "monazite.sh").exists()
