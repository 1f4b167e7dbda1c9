"""The README's blocks run, and print what it says they print.

A line ``...`` stands for any lines, ``...`` inside a line for any text. With
``MONAZITE_UPDATE_README=1`` the output of a block that no longer fits is pasted anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[1] / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UPDATE = os.environ.get("MONAZITE_UPDATE_README") == "1"


def blocks(language: str) -> list[str]:
    found = BLOCK.findall(README.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output pasted below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == "", f"a console block starts with '$ ': {parts[0]!r}"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def run_shell(command: str, folder: Path) -> str:
    """What a command prints, with the ``monazite`` of this very interpreter."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
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


def paste(command: str, pasted: str, printed: str) -> None:
    """Put an output in the place of the one below a command."""
    text = README.read_text(encoding="utf-8")
    old, new = f"$ {command}\n{pasted}", f"$ {command}\n{printed.rstrip()}\n"
    assert text.count(old) == 1
    README.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("place", range(len(blocks("console"))))
@pytest.mark.whole
def test_console_block_prints_what_it_says(place: int, tmp_path: Path) -> None:
    for command, pasted in steps(blocks("console")[place]):
        printed = run_shell(command, tmp_path)
        if UPDATE and not fits(pasted, printed):
            paste(command, pasted, printed)
            continue
        assert fits(pasted, printed), f"$ {command}\n{printed}"


@pytest.mark.parametrize("place", range(len(blocks("python"))))
@pytest.mark.whole
def test_python_block_runs(place: int, tmp_path: Path) -> None:
    words = [sys.executable, "-c", blocks("python")[place]]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_readme_shows_the_shell_and_python() -> None:
    assert blocks("console")
    assert blocks("python")


def test_readme_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", README.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (README.parent / link).exists()] == []


def test_the_two_commands_stand_where_the_checks_look_for_them() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith("python3 -m venv .venv && ")]) == 1
    assert len([line for line in lines if line.endswith(" -m pytest -n auto")]) == 1
