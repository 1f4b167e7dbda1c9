"""The bar of long work: for a reader at a terminal who has waited, and for nobody else."""

from __future__ import annotations

import io

import pytest

from monazite.cli import waiting
from monazite.cli.progress import CopyBar, ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("screen", "patience", "shown"),
    [(Terminal(), 0.0, True), (Terminal(), 60.0, False), (io.StringIO(), 0.0, False)],
    ids=["waits", "is quick", "nobody"],
)
def test_who_sees_a_bar(
    screen: io.StringIO, patience: float, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", patience)
    monkeypatch.setattr("sys.stderr", screen)
    with ProgressBar("Solving") as bar:
        bar(0.25)
        bar(0.5)
    text = screen.getvalue()
    assert ("Solving" in text) == ("100%" in text) == shown


def test_work_that_breaks_off_does_not_end_at_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    monkeypatch.setattr("sys.stderr", screen)
    bar = ProgressBar("Solving")
    bar(0.25)
    bar.__exit__(KeyError, KeyError(), None)
    assert "100%" not in screen.getvalue()


@pytest.mark.parametrize("screen", [Terminal(), io.StringIO()], ids=["terminal", "nobody"])
def test_a_copy_is_said_once_with_its_size_and_its_place(
    screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    monkeypatch.setattr("sys.stderr", screen)
    with CopyBar("http://localhost:7878/query", "/cache") as bar:
        for quads in (0, 200_000, 400_000):
            bar.read(quads, 400_000)
    text = screen.getvalue()
    said = "Copying 400,000 quads of http://localhost:7878/query to /cache, once: about 66 MB.\n"
    assert text.count(said) == 1
    assert ("Reading the store" in text) == screen.isatty()


def test_where_nothing_is_copied_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with CopyBar("http://localhost:7878/query", "/cache"):
        pass
    assert not screen.getvalue()
