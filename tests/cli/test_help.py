"""Help: a line to paste for each command, and nothing slow imported to print it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from monazite.cli.app import app
from monazite.shipped import ontology_folder
from tests.cli.conftest import Run
from tests.customs.records import made, to_parquet, write
from tests.imports.importing import EXAMPLES

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
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


PROMISED = {
    *(
        "alignments",
        "ask",
        "backtest",
        "balance",
        "brief",
        "centrality",
        "check",
        "chokepoints",
        "claims",
    ),
    *("concentration", "conflicts", "cuts", "diff", "doubt", "explore", "export", "exposure"),
    *("figure", "graph"),
    *(
        "contribute",
        "import",
        "info",
        "mcp",
        "new-table",
        "parents",
        "policies",
        "push",
        "query",
        "reference",
        "release",
        "replace",
        "reproduce",
        "scenario",
        "serve",
        "show",
        "timeline",
        "trade",
        "verify",
    ),
}
"""The commands that are there: one that goes breaks what others wrote."""
ANSWERED_ELSEWHERE = {"doubt", "explore", "mcp", "push", "serve"}
"""They work for a minute, or wait for somebody or for a store: ``test_doubt``, ``test_explore``,
``test_mcp``, ``test_push`` and ``test_serve`` ask them."""


def test_the_commands() -> None:
    new, gone = {*COMMANDS} - PROMISED, PROMISED - {*COMMANDS}
    assert not new, f"add to PROMISED, and to the changelog: {', '.join(sorted(new))}"
    assert not gone, f"the changelog is to say what takes its place: {', '.join(sorted(gone))}"


@pytest.mark.parametrize("command", COMMANDS)
def test_example_in_the_help_runs(command: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = run(command, "--help")
    assert shown.code == 0
    example = re.search(r"Example: monazite (.+)", shown.out)
    assert example, shown.out
    words = shlex.split(example[1])
    assert words[0] == command


@pytest.mark.parametrize("command", COMMANDS)
def test_pasted_example_is_understood(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name, *words = shlex.split(example_of(command))
    asked = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    assert asked.make_context(name, words).params


@pytest.mark.whole
@pytest.mark.parametrize("command", [each for each in COMMANDS if each not in ANSWERED_ELSEWHERE])
def test_pasted_example_answers(
    command: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = shlex.split(example_of(command))
    words = [word.replace("ontology/", f"{ontology_folder()}/") for word in words]
    monkeypatch.chdir(tmp_path)
    if command == "import":
        shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    if command == "contribute":
        (tmp_path / words[1]).mkdir()
        text = "id,name,source\nann,Ann Example,monazite-compilation\n"
        (tmp_path / words[1] / "persons.csv").write_text(text, encoding="utf-8")
    if command == "verify":
        run("brief", "-e", "Dy", "-m", "LAO", "-o", words[-1])
    if command == "trade":
        to_parquet(tmp_path / "records" / "a.parquet", write(tmp_path / "records.csv", made(30)))
    done = run(*words)
    assert done.code == 0, done
    for written in (word for word in words if word.endswith(".html")):
        assert (tmp_path / written).read_text(encoding="utf-8").startswith("<!doctype html>")


def example_of(command: str) -> str:
    told = typer.main.get_command(app).commands[command].help  # type: ignore[attr-defined]
    return str(re.search(r"Example: monazite (.+)", told)[1])  # type: ignore[index]


def test_help_imports_nothing_slow() -> None:
    asked = [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)]
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


def test_version(run: Run) -> None:
    from monazite import __version__

    assert run("--version").out == f"monazite {__version__}\n"


@pytest.mark.parametrize("words", [["bogus"], ["chokepoints", "--top", "0"], ["show"]])
def test_wrong_usage_says_how(words: list[str], run: Run) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: monazite")
    assert done.err.count("Error: ") == 1
