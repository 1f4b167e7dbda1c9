"""Run the command line in this process, which is fast, or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from monazite.cli import main
from monazite.store.opening import open_store
from tests.cli.contract import check_contract
from tests.sharing import without_building


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def prose(self) -> str:
        """What stands on stdout as one line: where its lines end says nothing."""
        return " ".join(self.out.split())

    def assert_refused(self) -> str:
        """One sentence on stderr, nothing on stdout, exit 2; return the sentence."""
        assert (self.code, self.out) == (2, ""), self
        assert self.err.count("\n") == 1, self.err
        assert self.err.endswith("\n")
        assert "Traceback" not in self.err
        return self.err.strip()


Run = Callable[..., Ended]


@pytest.fixture
def run(built: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the command line in this process."""

    def run_it(*words: str, stdin: str | bytes = "") -> Ended:
        capsysbinary.readouterr()
        code: object = 0
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["monazite", *words])
            sent = stdin.encode() if isinstance(stdin, str) else stdin
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent), "utf-8"))
            try:
                main()
            except SystemExit as stopped:
                code = stopped.code or 0
        assert isinstance(code, int)
        out, err = capsysbinary.readouterr()
        check_contract(words, out.decode())
        return Ended(code, out.decode(), without_building(err.decode()))

    return run_it


@pytest.fixture(scope="session")
def told_before() -> dict[tuple[str, ...], Ended]:
    """What commands that only read have told, by their words."""
    return {}


@pytest.fixture
def told(run: Run, told_before: dict[tuple[str, ...], Ended]) -> Run:
    """Run a command that only reads, once for all tests that look at what it tells."""

    def tell(*words: str) -> Ended:
        if words not in told_before:
            told_before[words] = run(*words)
        return told_before[words]

    return tell


@pytest.fixture
def on_cut(cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands ask a small cut of the tables: for what does not depend on the others."""
    for module in ("view.own_tables", "store.opening", "data.releases"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: cut)
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    open_store().wait()


@pytest.fixture
def run_process(built: Path, tmp_path: Path) -> Run:
    """Run the command line in a process of its own, in a folder of its own."""

    def run_it(*words: str, stdin: str = "", **environ: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "monazite", *words],
            cwd=tmp_path,
            env={**os.environ, **environ},
            input=stdin.encode(),
            capture_output=True,
            timeout=120,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_it
