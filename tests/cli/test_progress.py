"""The bar of long work: for a reader at a terminal who has waited, and for nobody else."""

from __future__ import annotations

import io

import pytest

from monazite.cli import waiting
from monazite.cli.progress import ProgressBar


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
