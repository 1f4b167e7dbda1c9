"""Each example runs, in a folder of its own, and prints or writes something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import monazite

FOLDER = Path(__file__).resolve().parents[1] / "examples"
BUILT_ELSEWHERE = ("bills", "briefings", "explorer")
"""These take a quarter of a minute: what decides a change builds and verifies briefings in every
format, and tests here verify the explorer and the pages of bills."""
EXAMPLES = sorted(
    file.relative_to(FOLDER).as_posix()
    for file in FOLDER.rglob("*")
    if file.suffix in {".py", ".sh"} and file.parent.name not in BUILT_ELSEWHERE
)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.whole
def test_example_runs(name: str, tmp_path: Path) -> None:
    program = sys.executable if name.endswith(".py") else "sh"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [program, str(FOLDER / name)],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    written = [file for file in tmp_path.iterdir() if file.stat().st_size]
    assert done.stdout or written
    for file in written:  # what is kept beside the examples is what they write
        kept = FOLDER / file.name
        assert not kept.exists() or kept.read_bytes() == file.read_bytes()


@pytest.mark.whole
def test_the_explorer_is_what_the_tables_say() -> None:
    verdict = monazite.verify(FOLDER / "explorer" / "dysprosium.html")
    assert verdict.same, verdict.sentences


@pytest.mark.parametrize("bill", ["petrol-car.csv", "drive-unit.xlsx", "generator.csv"])
@pytest.mark.whole
def test_the_page_of_a_bill_is_what_the_program_writes(bill: str) -> None:
    file = FOLDER / "bills" / bill
    verdict = monazite.verify(file.with_suffix(".html"), bom=file)
    assert verdict.same, verdict.sentences


def test_the_examples() -> None:
    assert {"ask_with_rdflib.py", "measure_with_networkx.py", "read_report.sh"} <= set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_says_how_to_run_it(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert f" examples/{name}" in text
