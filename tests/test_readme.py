"""The blocks of the README and of the pages it leads to run, and print what they say they print.

A line ``...`` stands for any lines, ``...`` inside a line for any text. With
``MONAZITE_UPDATE_README=1`` the output of a block that no longer fits is pasted anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sharing import without_building
from tests.triples.remote.servers import missing

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "examples").glob("*.md")))
MOST_WORDS = 1_500
"""Words of the README at most: details stand on the pages it leads to."""
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDS = {"examples/virtuoso.md": "virtuoso-t"}
"""Programs that a page starts and that are no library."""
UPDATE = os.environ.get("MONAZITE_UPDATE_README") == "1"


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def places(language: str) -> list[tuple[str, int]]:
    """The blocks of all pages, by the page and the number on it."""
    return [
        (page.relative_to(ROOT).as_posix(), number)
        for page in PAGES
        for number in range(len(blocks(page, language)))
    ]


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output pasted below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == "", f"a console block starts with '$ ': {parts[0]!r}"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def with_commands() -> dict[str, str]:
    """The environment in which the commands of this Python are found."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path}


def run_shell(command: str, folder: Path) -> str:
    """What a command prints, with the ``monazite`` of this very interpreter."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=with_commands(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def fits(pasted: str, printed: str) -> bool:
    """Tell whether an output is what was pasted, but for blanks at line ends and ``...``."""
    lines = [line.rstrip() for line in pasted.rstrip().splitlines()]
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in lines
    )
    text = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, text) is not None


def test_dots_stand_for_any_text() -> None:
    assert fits("a\n...\nd ...\n", "a \nb\nc\nd e f\n")
    assert fits("a\n...\n", "a\n")
    assert not fits("a\n...\n", "b\nc\n")
    assert not fits("a\n", "a\nb\n")


def paste(page: Path, command: str, pasted: str, printed: str) -> None:
    """Put an output in the place of the one below a command."""
    text = page.read_text(encoding="utf-8")
    old, new = f"$ {command}\n{pasted}", f"$ {command}\n{printed.rstrip()}\n"
    assert text.count(old) == 1
    page.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("page", "number"), places("console"))
@pytest.mark.whole
def test_console_block_prints_what_it_says(page: str, number: int, tmp_path: Path) -> None:
    if page in NEEDS and shutil.which(NEEDS[page]) is None:
        missing(f"No {NEEDS[page]} is on PATH, which {page} starts.")
    for command, pasted in steps(blocks(ROOT / page, "console")[number]):
        printed = run_shell(command, tmp_path)
        if UPDATE and not fits(pasted, printed):
            paste(ROOT / page, command, pasted, printed)
            continue
        assert fits(pasted, printed), f"$ {command}\n{printed}"


@pytest.mark.whole
def test_the_walk_through_of_imports_prints_what_it_says(tmp_path: Path) -> None:
    """A country becomes a market, in the folder of its files and from block to block."""
    folder = shutil.copytree(ROOT / "examples" / "imports", tmp_path / "imports")
    page = ROOT / "examples" / "imports" / "README.md"
    for command, pasted in (step for block in blocks(page, "console") for step in steps(block)):
        printed = run_shell(command, folder)
        if UPDATE and not fits(pasted, printed):
            paste(page, command, pasted, printed)
            continue
        assert fits(pasted, printed), f"$ {command}\n{printed}"


@pytest.mark.parametrize(("page", "number"), places("python"))
@pytest.mark.whole
def test_python_block_runs(page: str, number: int, tmp_path: Path) -> None:
    words = [sys.executable, "-c", blocks(ROOT / page, "python")[number]]
    done = subprocess.run(
        words, cwd=tmp_path, env=with_commands(), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert without_building(done.stderr) == ""


def test_readme_shows_the_shell_and_python_and_so_does_the_tour() -> None:
    for page in (README, ROOT / "examples" / "tour.md"):
        assert blocks(page, "console")
        assert blocks(page, "python")


def test_readme_is_short_and_leads_to_every_page() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.split()) < MOST_WORDS
    told = {link.partition("#")[0] for link in links_of(README)}
    beside = {page.relative_to(ROOT).as_posix() for page in PAGES} - {"README.md"}
    assert beside - told == set()


def links_of(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [page.relative_to(ROOT).as_posix() for page in PAGES])
def test_links_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    local = [link.partition("#")[0] for link in links_of(ROOT / page) if "://" not in link]
    assert [link for link in local if link and not (folder / link).exists()] == []


def test_the_two_commands_stand_where_the_checks_look_for_them() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith("python3 -m venv .venv && ")]) == 1
    assert len([line for line in lines if line.endswith(" -m pytest -n auto")]) == 1
